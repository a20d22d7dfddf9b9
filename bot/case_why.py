"""Why a case was given to whom it was given: each choice with a reason for everybody, in words and by the clock."""

from typing import Final, NamedTuple

from bot import candidates
from bot.phrases import language_for, say
from bot.wall_clock import wall_time
from conversations.phrases import Phrase, phrase
from storage.assignments import Assignment
from storage.cases import Case
from storage.unit import Unit

OURS: Final = "makegood"
NOBODY_ANSWERED: Final = phrase("Nobody had answered, so it moved on to another person.")


class Reasoned(NamedTuple):
    """Somebody who could have had the case, and why they got it or did not."""

    name: str
    chosen: bool
    why: str


class GivenTo(NamedTuple):
    """One giving of a case: when, to whom (empty: the whole team), by whom, how, and what was said of everybody."""

    at: int
    name: str
    by: str
    how: str
    everybody: tuple[Reasoned, ...]


def why(unit: Unit, case: Case, zone: str, language: str) -> list[GivenTo]:
    """Return how a case came to whoever has it, first to last."""
    return [_given(unit, line, zone, language) for line in unit.assignments.of(case.id)]


def _given(unit: Unit, line: Assignment, zone: str, language: str) -> GivenTo:
    name = "" if line.staff_member_id is None else unit.staff.get(line.staff_member_id).name
    by = _by(unit, line.actor, language)
    if not line.choice:
        how = phrase("Handed over by {name}.", name=by) if line.actor != OURS else NOBODY_ANSWERED
        return GivenTo(line.at, name, by, say(how, language), ())
    choice = candidates.read(line.choice)
    everybody = tuple(
        Reasoned(
            unit.staff.get(reason.candidate).name,
            reason.candidate == choice.candidate,
            _between(language).join(_sentences(reason.why, reason.at, zone, language)),
        )
        for reason in choice.reasons
    )
    return GivenTo(line.at, name, by, say(choice.words, language), everybody)


def _between(language: str) -> str:
    """Return what stands between two sentences in that language."""
    return "" if language_for(language).startswith("zh") else " "


def _sentences(why: tuple[Phrase, ...], at: int | None, zone: str, language: str) -> list[str]:
    said = [say(each, language) for each in why]
    if at is not None:
        said.append(say(phrase("At work from {when}.", when=wall_time(at, zone, language)), language))
    return said


def _by(unit: Unit, actor: str, language: str) -> str:
    if actor.startswith("staff:"):
        return unit.staff.get(int(actor.partition(":")[2])).name
    return say(phrase("the operator"), language) if actor == "operator" else OURS
