"""From counts to figures: what a touchpoint, a survey or a period comes to, ready to be shown anywhere."""

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from conversations.surveys import RATINGS, Survey
from reports import rates, tallies
from reports.scores import FEWEST, Figure, Score, score


class Count(msgspec.Struct, frozen=True):
    """One count, as it is kept: see `reports.tallies`."""

    touchpoint: str
    survey: str
    question: str
    measure: str
    value: str
    count: int


class Asked(msgspec.Struct, frozen=True):
    """One rating question with its score. `matrix` is the key of the matrix of which it is a row."""

    survey: str
    question: str
    score: Score
    matrix: str = ""


class Summary(msgspec.Struct, frozen=True):
    """What some counts come to. `scores` begin with the headline: the survey's first rating question."""

    invited: int
    complete: int
    partial: int
    break_off: int
    response: Figure
    completion: Figure
    cases_opened: int
    cases_closed: dict[str, int]
    recovery: Figure
    scores: tuple[Asked, ...]

    @property
    def none(self) -> int:
        """Return how many were asked and said nothing."""
        return self.invited - self.complete - self.partial - self.break_off


def summary(counts: Iterable[Count], surveys: Mapping[str, Survey], fewest: int = FEWEST) -> Summary:
    """Return what the counts come to. `surveys` by key say of which kind and scale a question is.

    Their order is that of the scores, so the one whose first question is the headline comes first.
    """
    responses = dict.fromkeys((tallies.INVITED, *tallies.RESPONSES), 0)
    closed: dict[str, int] = {}
    opened = 0
    ratings: dict[tuple[str, str], dict[int, int]] = {}
    for each in counts:
        if each.measure in responses:
            responses[each.measure] += each.count
        elif each.measure == tallies.RATING:
            of = ratings.setdefault((each.survey, each.question), {})
            of[int(each.value)] = of.get(int(each.value), 0) + each.count
        elif each.measure == tallies.CLOSED:
            closed[each.value] = closed.get(each.value, 0) + each.count
        elif each.measure == tallies.OPENED:
            opened += each.count
    complete, partial, break_off = (responses[each] for each in ("complete", "partial", "break_off"))
    return Summary(
        invited=responses[tallies.INVITED],
        complete=complete,
        partial=partial,
        break_off=break_off,
        response=rates.response(complete, partial, responses[tallies.INVITED], fewest),
        completion=rates.completion(complete, partial, break_off, fewest),
        cases_opened=opened,
        cases_closed={outcome: closed[outcome] for outcome in sorted(closed) if closed[outcome]},
        recovery=rates.recovery(closed, fewest),
        scores=tuple(_scores(ratings, surveys, fewest)),
    )


def _scores(
    ratings: Mapping[tuple[str, str], Mapping[int, int]], surveys: Mapping[str, Survey], fewest: int
) -> Iterable[Asked]:
    """Yield the score of each rating question that was answered, in the order of the surveys and of each survey."""
    for key, survey in surveys.items():
        for question in survey.questions:
            given = ratings.get((key, question.key))
            if given is None or question.kind not in RATINGS or question.scale is None:
                continue
            made = score(question.kind, given, question.scale.low, question.scale.high, fewest)
            if made.headline.count:
                yield Asked(key, question.key, made, question.row.matrix if question.row else "")


NOTHING: Final = summary((), {})
