"""The variants of a survey as forms: the name of the experiment, and for each variant its share, words and order.

A field that is left empty is asked as the survey has it. The order is shown as a place for each question; in the file
stand only those that change places among themselves.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from bot.console.survey_conditions import shortened
from bot.console.survey_saving import Wish, value_at
from bot.console.survey_settings import NotThis, share_of
from bot.console.survey_words import Told, language_name, place_of, told
from bot.experiment_words import name as side_name
from conversations.amending import Drop, Edit, Insert, Put
from conversations.experiments import AS_WRITTEN, in_order, order_to, tables
from conversations.phrases import Phrase
from conversations.problems import KeyPath, Problem
from conversations.surveys import RATINGS, Question, Survey, Texts
from conversations.translating import languages_of
from conversations.trying import ANSWERS, MOST_VARIANTS

FIELDS: Final = 4_000
"""Of one form: a place and its words in each language for fifty questions, rows and ends among them."""

LONGEST: Final = 4_000
"""Characters of one text."""

_SIDES: Final = "bcdefgh"


class WordField(msgspec.Struct, frozen=True):
    """A text in one language: what the survey says, and what the variant says instead, empty for the same."""

    name: str
    place: str
    tag: str
    language: str
    original: str
    said: str
    problems: tuple[Told, ...]


class Worded(msgspec.Struct, frozen=True):
    """A text of a question: of the question itself (`what` is `text`), of an end of its scale, of a row."""

    what: str
    called: str
    fields: tuple[WordField, ...]


class AskedLine(msgspec.Struct, frozen=True):
    """A question as a variant has it: on which place, from 1, and in which words."""

    key: str
    called: str
    at: int
    words: tuple[Worded, ...]

    @property
    def differs(self) -> bool:
        """Return whether the variant says something of its own here, or something is wrong."""
        return any(field.said or field.problems for each in self.words for field in each.fields)


class VariantForm(msgspec.Struct, frozen=True, kw_only=True):
    """A variant, ready to be changed. `problems` are by field; what has none is under an empty name."""

    number: int
    key: str
    called: str
    percent: str
    asked: tuple[AskedLine, ...]
    reordered: bool
    problems: Mapping[str, tuple[Told, ...]]


class VariantsView(msgspec.Struct, frozen=True, kw_only=True):
    """All that is tried, ready to be changed. `readable` is false while the draft is no survey that can be read."""

    revision: int
    readable: bool
    key: str
    answers: Any
    as_written: str
    variants: tuple[VariantForm, ...]
    full: bool
    problems: Mapping[str, tuple[Told, ...]]


def view(
    revision: int,
    table: Mapping[str, Any] | None,
    survey: Survey | None,
    problems: tuple[Problem, ...],
    language: str,
) -> VariantsView:
    """Return what is tried in a draft, for a page."""
    table = table or {}
    variants, asked = _variants(table), tables(survey.questions) if survey is not None else {}
    own = [each for each in problems if each.path[:1] == ("experiment",) or each.path == ("variant",)]
    forms = tuple(_form(n, one, asked, languages_of(table), problems, language) for n, one in enumerate(variants))
    return VariantsView(
        revision=revision,
        readable=survey is not None,
        key=str(value_at(table, ("experiment", "key")) or ""),
        answers=value_at(table, ("experiment", "answers")) or ANSWERS,
        as_written=f"{100 * (1 - sum(_share(one) for one in variants)):g}",
        variants=forms,
        full=len(variants) >= MOST_VARIANTS,
        problems=_by_field(own, {"experiment-key", "experiment-answers"}, language),
    )


def _variants(table: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    written = table.get("variant")
    return [one for one in written if isinstance(one, Mapping)] if isinstance(written, list) else []


def _share(variant: Mapping[str, Any]) -> float:
    written = variant.get("share")
    return float(written) if isinstance(written, int | float) and 0 <= written <= 1 else 0.0


def _percent(variant: Mapping[str, Any]) -> str:
    return f"{100 * _share(variant):g}" if "share" in variant else ""


def _form(
    n: int,
    variant: Mapping[str, Any],
    asked: Mapping[str, tuple[Question, ...]],
    tags: tuple[str, ...],
    problems: tuple[Problem, ...],
    language: str,
) -> VariantForm:
    places = {key: at for at, key in enumerate(_order(list(asked), variant), 1)}
    mine = [each for each in problems if each.path[:2] == ("variant", n)]
    lines = tuple(
        AskedLine(
            key, _called(key, rows[0], language), places[key], _words(n, key, rows, variant, tags, mine, language)
        )
        for key, rows in asked.items()
    )
    fields = {field.place for line in lines for each in line.words for field in each.fields}
    key = str(variant.get("key", ""))
    rest = [each for each in mine if place_of(each.path) not in fields]
    return VariantForm(
        number=n,
        key=key,
        called=side_name(key) or "?",
        percent=_percent(variant),
        asked=lines,
        reordered=list(places) != list(asked),
        problems=_by_field(rest, {f"variant-{n}-{name}" for name in ("key", "share", "order")}, language),
    )


def _called(key: str, first: Question, language: str) -> str:
    """Return a question as one recognises it; a matrix by what is said before its rows."""
    row = first.row
    return shortened(first if row is None else replace(first, key=key, text=row.introduction), language)


def _order(keys: list[str], variant: Mapping[str, Any]) -> list[str]:
    written = variant.get("order")
    known = [key for key in dict.fromkeys(written) if key in keys] if isinstance(written, list) else []
    return in_order(keys, known)


def _words(
    n: int,
    key: str,
    rows: tuple[Question, ...],
    variant: Mapping[str, Any],
    tags: tuple[str, ...],
    problems: Sequence[Problem],
    language: str,
) -> tuple[Worded, ...]:
    found = []
    for of, what, called, original in _texts(key, rows):
        fields = []
        for tag in tags:
            path: KeyPath = ("variant", n, "question", of, what, tag)
            said = value_at(variant, path[2:])
            wrong = told((each for each in problems if each.path in (path, path[:-1])), language)
            shown = said if isinstance(said, str) else ""
            name = f"said.{of}.{what}.{tag}"
            fields.append(WordField(name, place_of(path), tag, language_name(tag), original.get(tag, ""), shown, wrong))
        found.append(Worded(what, called, tuple(fields)))
    return tuple(found)


def _texts(key: str, rows: tuple[Question, ...]) -> Iterator[tuple[str, str, str, Texts]]:
    """Yield each text of a question that may differ: whose it is, which, what it is called, what the survey says."""
    first = rows[0]
    yield key, "text", "", first.row.introduction if first.row is not None else first.text
    if first.kind in RATINGS:
        yield key, "low", "", first.low_end or {}
        yield key, "high", "", first.high_end or {}
    for row in rows if first.row is not None else ():
        yield row.key, "text", row.key.removeprefix(f"{key}_"), row.text


def _by_field(problems: Iterable[Problem], fields: set[str], language: str) -> dict[str, tuple[Told, ...]]:
    found: dict[str, list[Problem]] = {}
    for each in problems:
        place = place_of(each.path)
        found.setdefault(place if place in fields else "", []).append(each)
    return {place: told(those, language) for place, those in found.items()}


# --- what a form wants ----------------------------------------------------------------------------------------------


def number_of(table: Mapping[str, Any], key: str, otherwise: int) -> int | None:
    """Return where the variant of a key stands, from 0; one without a key of its own stands where it stood."""
    keys = [one.get("key") for one in _variants(table)]
    if otherwise < len(keys) and keys[otherwise] == key:
        return otherwise
    return keys.index(key) if key in keys else None


def wishes(
    form: Mapping[str, str], seen: Mapping[str, Any], survey: Survey | None, was: int, now: int
) -> tuple[list[Wish], tuple[Phrase, ...]]:
    """Return what a variant's form wants otherwise than its page showed, and what is no value.

    `was` is the variant's number on the page, `now` in the draft as it stands.
    """
    variants = _variants(seen)
    variant = variants[was] if was < len(variants) else {}
    found = [*_own(form, variant), *_said(form, variant)]
    faults: tuple[Phrase, ...] = ()
    try:
        if (typed := form.get("share", "").strip()) not in ("", _percent(variant)):
            found.append((("share",), share_of(typed)))
    except NotThis as fault:
        faults = (fault.said,)
    order = _wanted_order(form, list(tables(survey.questions)) if survey is not None else [], variant)
    if order is not None:
        found.append((("order",), list(order) or None))
    return [Wish(("variant", now, *path), value_at(variant, path), value) for path, value in found], faults


def _own(form: Mapping[str, str], variant: Mapping[str, Any]) -> Iterator[tuple[KeyPath, Any]]:
    key = "_".join(form.get("key", "").lower().split())
    if key and key != variant.get("key"):
        yield ("key",), key


def _said(form: Mapping[str, str], variant: Mapping[str, Any]) -> Iterator[tuple[KeyPath, Any]]:
    for name, typed in form.items():
        parts = name.split(".")
        if len(parts) != 4 or parts[0] != "said" or parts[2] not in ("text", "low", "high"):
            continue
        path: KeyPath = ("question", *parts[1:])
        words = typed.replace("\r\n", "\n").strip()[:LONGEST]
        if words != (value_at(variant, path) or ""):
            yield path, words


def _wanted_order(form: Mapping[str, str], keys: list[str], variant: Mapping[str, Any]) -> tuple[str, ...] | None:
    """Return the order that the places of a form come to, None when they are as its page showed them."""
    shown = _order(keys, variant)
    typed = {key: form.get(f"at.{key}", "") for key in keys}
    moved = {
        key: int(at)
        for key, at in typed.items()
        if at.isascii() and at.isdecimal() and len(at) < 4 and int(at) != shown.index(key) + 1
    }
    return order_to(keys, _placed(shown, moved)) if moved else None


def _placed(shown: list[str], moved: Mapping[str, int]) -> list[str]:
    """Return the keys with those that were moved on their places, or the nearest free; the others close up."""
    wanted = [key for key in shown if key not in moved]
    for key in sorted(moved, key=lambda key: (moved[key], shown.index(key))):
        wanted.insert(max(0, min(len(wanted), moved[key] - 1)), key)
    return wanted


def experiment_wishes(form: Mapping[str, str], seen: Mapping[str, Any]) -> list[Wish]:
    """Return what the form of the experiment itself wants otherwise than its page showed."""
    key, answers = "_".join(form.get("key", "").lower().split()), form.get("answers", "").strip()
    wanted: list[tuple[KeyPath, Any]] = [(("experiment", "key"), key)] if key else []
    if answers.isascii() and answers.isdecimal() and len(answers) < 8:
        wanted.append((("experiment", "answers"), int(answers)))
    return [
        Wish(path, before, value)
        for path, value in wanted
        if value != ((before := value_at(seen, path)) or (ANSWERS if path[-1] == "answers" else None))
    ]


def added(table: Mapping[str, Any], published: Iterable[str]) -> list[Edit]:
    """Return the edits that try one more way; none when there are as many as can be.

    It takes half of what is asked as written. The first one begins an experiment, with a name that no version had:
    with an earlier one's, everybody would be asked on the side that they were on then.
    """
    variants = _variants(table)
    if len(variants) >= MOST_VARIANTS:
        return []
    taken = {AS_WRITTEN, *(one.get("key") for one in variants)}
    key = next(letter for letter in _SIDES if letter not in taken)
    left = max(0.0, 1 - sum(_share(one) for one in variants))
    edits: list[Edit] = [Insert(("variant",), len(variants), {"key": key, "share": round(left / 2, 2) or 0.01})]
    if not value_at(table, ("experiment", "key")):
        known = "\n".join(published)
        name = next(name for n in range(1, 1_000_000) if (name := f"experiment_{n}") not in known)
        edits.insert(0, Put(("experiment", "key"), name))
    return edits


def removed(table: Mapping[str, Any], number: int) -> list[Edit]:
    """Return the edits that try a way no more; with the last one the experiment is over."""
    edits: list[Edit] = [Drop(("variant", number))]
    if len(_variants(table)) == 1 and "experiment" in table:
        edits.append(Drop(("experiment",)))
    return edits
