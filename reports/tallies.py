"""What one conversation and one case add to the figures: a small vector of counts.

The turn writes the difference between the vectors before and after it, in its own transaction, so the figures are
live and exact whatever happens to an answer later: changed, taken back, given late. Rebuilding adds up the same
vectors. `makegood verify` counts the rows without them, and compares.

    invited                       1 for each invitation that was sent
    complete, partial, break_off  1 under how the response stands, as if the conversation ended now; none is the rest
    rating     question, value    1 for each rating that stands
    case_opened                   1 for each case
    case_closed        outcome    1 for each case that is closed

A conversation that ended in none of the known ways (it was somebody else's) counts nothing at all. An anonymous one
counts nothing as long as it can be told whose it is: its invitation and its response are counted apart, when several
are let out together (`bot.anonymous_release`).
"""

from collections.abc import Mapping
from typing import Final

from conversations.asking import outcome_of
from conversations.state import Asking, Closed, Given, State
from conversations.surveys import RATINGS, Survey

Key = tuple[str, str, str]
"""Question, measure, value; empty where it has none."""

Counts = Mapping[Key, int]

INVITED: Final = "invited"
RATING: Final = "rating"
OPENED: Final = "case_opened"
CLOSED: Final = "case_closed"

RESPONSES: Final = ("complete", "partial", "break_off", "none")
"""How a response may stand. Of `none` there is no count: it is what remains of the invited."""

NOTHING: Final[Counts] = {}

_INVITED: Final[Key] = ("", INVITED, "")


def of_conversation(survey: Survey, state: State | None) -> Counts:
    """Return what a conversation counts as it stands; nothing before it began (None)."""
    if not isinstance(state, (Asking, Closed)) or state.anonymous:
        return NOTHING
    counts = _ratings(survey, state.answers) if state.answers else {}
    response = _response_of(survey, state, rated=bool(counts))
    if response is None:
        return NOTHING
    counts[_INVITED] = 1
    if response != "none":
        counts["", response, ""] = 1
    return counts


def _ratings(survey: Survey, answers: Mapping[str, Given]) -> dict[Key, int]:
    counts = {}
    for question in survey.questions:
        if question.kind in RATINGS:
            given = answers.get(question.key)
            if given is not None and given.number is not None:
                counts[question.key, RATING, str(given.number)] = 1
    return counts


def _response_of(survey: Survey, state: Asking | Closed, *, rated: bool) -> str | None:
    """Return how the response stands as if it ended now; None for a conversation that does not count.

    Whoever asks us to stop has given what they had answered by then, which may be enough to count: in the words of
    AAPOR's Standard Definitions a refusal or break-off (2.1), or a partial response (1.2).
    """
    if isinstance(state, Closed) and state.outcome != "stopped":
        return state.outcome if state.outcome in RESPONSES else None
    if not state.answers:  # the two short ways of what the rule says, for they are taken in every turn
        return "none"
    return "partial" if rated else outcome_of(state, survey)


def of_released(survey: Survey, state: State) -> Counts:
    """Return what a response counts that was let out without its customer; its invitation is counted apart."""
    return {key: count for key, count in of_conversation(survey, state).items() if key != _INVITED}


def of_invitations(count: int) -> Counts:
    """Return what invitations count by themselves, whatever was answered to them."""
    return {_INVITED: count} if count else NOTHING


def difference(before: Counts, after: Counts) -> dict[Key, int]:
    """Return what must be added to get from one vector to the other, in a fixed order; empty when they are equal."""
    changes = dict(after)
    for key, count in before.items():
        changes[key] = changes.get(key, 0) - count
    return {key: changes[key] for key in sorted(changes) if changes[key]}


def of_case_opened() -> Counts:
    """Return what a case counts on the day on which it is opened."""
    return {("", OPENED, ""): 1}


def of_case_closed(outcome: str) -> Counts:
    """Return what a case counts on the day on which it is closed."""
    return {("", CLOSED, outcome): 1}
