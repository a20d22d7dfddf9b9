"""Who gets a case: one choice among the staff, with a reason for everybody.

Each candidate is held against what the case needs. Nobody who lacks the skill, is away, is full or is excluded ever
gets it. The rest is wished for, and given up in steps, one after the other, until somebody is found:

    fits           on duty, with the skill, the area and the language
    other_language on duty, with the skill and the area, but not the customer's language
    other_area     on duty, with the skill
    overloaded     on duty, with the skill, beyond their limit: only for what is urgent
    comes_first    whoever with the skill comes on duty first
    same_person    on duty, with the skill, though they had the case before it was reopened
    same_later     the same, when they come on duty
    team           nobody: the whole team is told

Within a step: who comes on duty first; who speaks the language, who works in the area; who knows the case; who has
the least for their limit, open and lately given together; who was given a case least recently; the lower id. So equals
share evenly, whoever is quick is not given more for it, and the same question always has the same answer.
"""

from collections.abc import Iterable
from typing import Final, Literal

import msgspec

from conversations.phrases import Phrase, phrase
from recovery.calendars import Calendar, opens_at

URGENT: Final = 4
"""The severity from which on a case does not wait for somebody with time. A case weighs as much as it is severe."""

Step = Literal["fits", "other_language", "other_area", "overloaded", "comes_first", "same_person", "same_later", "team"]
Lack = Literal["excluded", "skill", "away", "full", "before", "off_duty", "area", "language"]

_STEPS: Final[tuple[tuple[Step, frozenset[Lack]], ...]] = (
    ("fits", frozenset()),
    ("other_language", frozenset({"language"})),
    ("other_area", frozenset({"language", "area"})),
    ("overloaded", frozenset({"language", "area", "full"})),
    ("comes_first", frozenset({"language", "area", "off_duty"})),
    ("same_person", frozenset({"language", "area", "before"})),
    ("same_later", frozenset({"language", "area", "before", "off_duty"})),
)
"""What each step puts up with."""


class Needs(msgspec.Struct, frozen=True):
    """What a case needs; None for what does not matter.

    `severity` is from 1, slight, to 4, urgent. `another_person` wants somebody who did not have it before.
    """

    severity: int = 1
    skill: str | None = None
    area: str | None = None
    language: str | None = None
    another_person: bool = False
    excluded: frozenset[int] = frozenset()


class Candidate(msgspec.Struct, frozen=True):
    """A staff member as the choice sees them.

    `areas` empty works everywhere. `load` is the severity of their open cases added up, `limit` how much that may
    be, `given` the severity of what they were given lately, open or not: over a week, say. `present` is False from
    /off to /on; without a calendar that alone counts. `given_at` is when they were last given a case, `knows_it`
    whether they had this one before.
    """

    id: int
    name: str = ""
    skills: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    load: int = 0
    limit: int = 20
    given: int = 0
    present: bool = True
    calendar: Calendar | None = None
    given_at: int | None = None
    knows_it: bool = False


class Reason(msgspec.Struct, frozen=True):
    """Why a candidate was not chosen, or was. `at` is when they come on duty, where that matters."""

    candidate: int
    why: tuple[Phrase, ...]
    at: int | None = None


class Choice(msgspec.Struct, frozen=True):
    """Who gets the case, by which step, and a reason for each candidate, in their order.

    `candidate` is None when the team is told. `at` is when the chosen one comes on duty; None when they are.
    """

    candidate: int | None
    step: Step
    reasons: tuple[Reason, ...]
    at: int | None = None

    @property
    def words(self) -> Phrase:
        """What was done, in one sentence."""
        return _WORDS[self.step]


Rank = tuple[int, bool, bool, bool, float, int, int]


class _Held(msgspec.Struct, frozen=True):
    """A candidate held against the needs: what they lack, when they are at work, now or next, and their place.

    The lowest rank among those who fit is chosen.
    """

    one: Candidate
    lacks: frozenset[Lack]
    opens: int
    rank: Rank


_Turned = Literal["opens", "language", "area", "knows", "busy", "given", "turn"]
_TURNS: Final[tuple[_Turned, ...]] = ("opens", "language", "area", "knows", "busy", "given", "turn")
"""What each part of a rank is called when it is the one that decided."""


def choose(needs: Needs, candidates: Iterable[Candidate], now: int) -> Choice:
    """Return who gets a case at `now` (ms), and why; the team when there is nobody."""
    held = [_hold(needs, one, now) for one in candidates]
    for step, forgiven in _STEPS:
        if step == "overloaded" and needs.severity < URGENT:
            continue
        if fit := sorted((each for each in held if each.lacks <= forgiven), key=lambda each: each.rank):
            reasons = tuple(_reason(needs, each, fit, now) for each in held)
            return Choice(fit[0].one.id, step, reasons, fit[0].opens if fit[0].opens > now else None)
    return Choice(None, "team", tuple(_reason(needs, each, [], now) for each in held))


def _hold(needs: Needs, one: Candidate, now: int) -> _Held:
    opens = now if one.calendar is None else opens_at(one.calendar, now)
    crowded = one.load + needs.severity > one.limit and (one.load > 0 or one.limit <= 0)
    lacking: dict[Lack, bool] = {
        "excluded": one.id in needs.excluded,
        "skill": needs.skill is not None and needs.skill not in one.skills,
        "away": not one.present or opens is None,
        "full": crowded,
        "before": needs.another_person and one.knows_it,
        "off_duty": opens != now,
        "area": needs.area is not None and bool(one.areas) and needs.area not in one.areas,
        "language": needs.language is not None and needs.language not in one.languages,
    }
    at = now if opens is None else opens
    wished = (lacking["language"], lacking["area"], not one.knows_it)
    busy = (one.load + one.given) / max(one.limit, 1)
    rank = (at, *wished, busy, one.given_at or 0, one.id)
    return _Held(one, frozenset(lack for lack, is_so in lacking.items() if is_so), at, rank)


# --- in words -------------------------------------------------------------------------------------------------------

_WORDS: Final[dict[Step, Phrase]] = {
    "fits": phrase("Somebody who fits is at work."),
    "other_language": phrase("Nobody who fits and is at work speaks the customer's language."),
    "other_area": phrase("Nobody with the skill is at work in this area, so somebody from elsewhere has it."),
    "overloaded": phrase("It is urgent, and everybody who could have it has enough to do already."),
    "comes_first": phrase("Nobody who could have it is at work, so it waits for whoever comes first."),
    "same_person": phrase("There is nobody else, so whoever had it before has it again."),
    "same_later": phrase("There is nobody else, so it waits for whoever had it before."),
    "team": phrase("There is nobody who could have it, so the whole team is told."),
}


def _reason(needs: Needs, each: _Held, fit: list[_Held], now: int) -> Reason:
    """Return why somebody was chosen or not. `fit` are those whom the choice was among, the chosen one first."""
    lacks = tuple(_lack(needs, each.one, lack) for lack in _LACKS if lack in each.lacks)
    why = lacks
    if fit and each is fit[0]:
        why = (_chosen(each, fit), *lacks)
    elif any(each is one for one in fit):
        why = (*lacks, _passed_over(each, fit[0]))
    return Reason(each.one.id, why, each.opens if each.opens > now else None)


_LACKS: Final[tuple[Lack, ...]] = ("excluded", "skill", "away", "full", "before", "off_duty", "area", "language")


def _lack(needs: Needs, one: Candidate, lack: Lack) -> Phrase:
    match lack:
        case "excluded":
            return phrase("Is not to have this case.")
        case "skill":
            return phrase("Does not have the skill: {skill}.", skill=needs.skill or "")
        case "away":
            return phrase("Is away until further notice.")
        case "full":
            return phrase("Has enough to do: {load} of {limit}.", load=one.load, limit=one.limit)
        case "before":
            return phrase("Had this case before; somebody else is to look at it.")
        case "off_duty":
            return phrase("Is not at work now.")
        case "area":
            return phrase("Does not work in this area: {area}.", area=needs.area or "")
        case "language":
            return phrase("Does not speak the customer's language.")


def _decided(one: _Held, other: _Held) -> _Turned:
    """Return what the choice between two turned on: the first part in which their ranks differ."""
    return next((_TURNS[n] for n in range(len(_TURNS)) if one.rank[n] != other.rank[n]), "turn")


def _chosen(best: _Held, fit: list[_Held]) -> Phrase:
    if len(fit) == 1:
        return phrase("Chosen: nobody else could have it.")
    match _decided(best, fit[1]):
        case "opens":
            return phrase("Chosen: is at work first.")
        case "language":
            return phrase("Chosen: speaks the customer's language.")
        case "area":
            return phrase("Chosen: works in the area.")
        case "knows":
            return phrase("Chosen: knows the case already.")
        case "busy":
            load, given = best.one.load, best.one.given
            return phrase("Chosen: has the least to do, {load} now and {given} lately.", load=load, given=given)
        case "given":
            return phrase("Chosen: has waited longest for a case.")
        case "turn":
            return phrase("Chosen: first in order among equals.")


def _passed_over(each: _Held, best: _Held) -> Phrase:
    match _decided(each, best):
        case "opens":
            return phrase("Is at work later than {name}.", name=best.one.name)
        case "language" | "area":
            return phrase("{name} fits better.", name=best.one.name)
        case "knows":
            return phrase("{name} knows the case already.", name=best.one.name)
        case "busy":
            more = phrase("{load} now and {given} lately", load=each.one.load, given=each.one.given)
            return phrase("Has more to do than {name}: {load}.", name=best.one.name, load=more)
        case "given":
            return phrase("Was given a case more recently than {name}.", name=best.one.name)
        case "turn":
            return phrase("Would do as well; {name} comes first in order.", name=best.one.name)
