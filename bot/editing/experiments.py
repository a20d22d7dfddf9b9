"""Ending an experiment: one side becomes the survey, in a draft that somebody still looks at and publishes.

The file keeps its comments and its order, but for what the side changes. Conversations under way stay on their sides,
and the figures of the experiment stay to be read.
"""

from collections.abc import Iterator

from bot.editing.drafts import Behind, NothingPublished, Saved, begun
from conversations.amending import Drop, Edit, Move, Put, amended
from conversations.experiments import AS_WRITTEN, in_order, shares, tables
from conversations.problems import KeyPath
from conversations.reading import read
from conversations.surveys import Survey, Variant, Wording
from storage.unit import Unit


class NoSuchSide(Exception):
    """The published survey is not tried in that way. `sides` are those that it has, none without an experiment."""

    def __init__(self, key: str, side: str, sides: tuple[str, ...]) -> None:
        super().__init__(f"{key!r} has no side {side!r}")
        self.key = key
        self.side = side
        self.sides = sides


def kept(unit: Unit, brand: int, key: str, side: str, actor: str, now: int) -> Saved | Behind:
    """Begin a draft in which one side is the survey, and nothing is tried any more.

    A draft that is being written stays as it is, and is shown. Raises NothingPublished and NoSuchSide.
    """
    version = unit.surveys.by_key(brand, key)
    if version is None:
        raise NothingPublished(key)
    survey = read(version.source, f"{key}.toml")
    sides = tuple(shares(survey))
    if side not in sides:
        raise NoSuchSide(key, side, sides)
    source = amended(version.source, tuple(ending(survey, side)))
    return begun(unit, brand, key, source, actor, f"experiment:{side}", now)


def ending(survey: Survey, side: str) -> Iterator[Edit]:
    """Yield what is to be changed in a survey's file so that one side of its experiment is all there is."""
    variants = survey.experiment.variants if survey.experiment else ()
    if side != AS_WRITTEN:
        [variant] = [one for one in variants if one.key == side]
        yield from _words(survey, variant)
        yield from _moves(list(tables(survey.questions)), variant.order)
    yield Drop(("experiment",))
    yield Drop(("variant",))


def _words(survey: Survey, variant: Variant) -> Iterator[Edit]:
    for n, (key, rows) in enumerate(tables(survey.questions).items()):
        yield from _worded(("question", n), variant.wordings.get(key))
        if rows[0].row is not None:
            for m, row in enumerate(rows):
                yield from _worded(("question", n, "rows", m), variant.wordings.get(row.key))


def _worded(path: KeyPath, wording: Wording | None) -> Iterator[Edit]:
    if wording is None:
        return
    for name, texts in (("text", wording.text), ("low", wording.low_end), ("high", wording.high_end)):
        for language, text in (texts or {}).items():
            yield Put((*path, name, language), text)


def _moves(keys: list[str], order: tuple[str, ...]) -> Iterator[Edit]:
    """Yield moves after which the questions named by `order` stand in it, on the places they had together."""
    for place, key in enumerate(in_order(keys, order)):
        at = keys.index(key)
        if at != place:
            yield Move(("question",), at, place)
            keys.insert(place, keys.pop(at))
