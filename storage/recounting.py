"""Counting by hand: every figure again from the rows of invitations, answers and cases themselves.

It shares no step with what keeps the figures (`reports.tallies`, the turn, the counting anew), so that both agreeing
says something. It walks through everything that there ever was: for a copy of the database, not for the one in use.
"""

import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from storage.rows import Parameters

Rows = Callable[[str, Parameters], Iterator[Any]]
"""Execute one statement with `:name` parameters, and yield its rows."""


_RATINGS: Final = ("csat", "nps", "ces", "stars", "matrix")


class Counted(NamedTuple):
    """What is counted: the columns of a rollup but its count."""

    day: int
    touchpoint: str
    survey: str
    question: str
    measure: str
    value: str


class Recount:
    """One count through everything. `steps` says how many rows it will pass, `passed` is called with each thousand."""

    def __init__(self, rows: Rows, brand: int, zone: str, passed: Callable[[int], None] = lambda _: None) -> None:
        self._rows = rows
        self._brand = brand
        self._zone = ZoneInfo(zone)
        self._passed = passed
        self._count = 0
        self._sums: Counter[Counted] = Counter()

    def steps(self) -> int:
        """Return how many rows there are to count."""
        sql = """
            SELECT (SELECT COUNT(*) FROM invitation WHERE brand_id = :brand AND state = 'sent')
                 + (SELECT COUNT(*) FROM recovery_case WHERE brand_id = :brand)
        """
        return int(next(self._rows(sql, {"brand": self._brand}))[0])

    def count(self) -> dict[Counted, int]:
        """Return every count that is not nothing."""
        self._count_responses()
        self._count_asked_anonymously()
        self._count_cases()
        return {counted: count for counted, count in self._sums.items() if count}

    def _day(self, at: int) -> int:
        return (datetime.fromtimestamp(at / 1000, self._zone).date() - date(1970, 1, 1)).days

    def _step(self) -> None:
        self._count += 1
        if self._count % 1000 == 0:
            self._passed(1000)

    def _count_responses(self) -> None:
        with_rating = self._surveys_with_a_rating()
        sql = """
            SELECT conversation.id, conversation.opened_at, conversation.outcome, conversation.closed_at IS NOT NULL,
                   survey_version.id, survey_version.touchpoint, survey_version.key, 1
            FROM invitation
            JOIN conversation ON conversation.id = invitation.conversation_id
            JOIN survey_version ON survey_version.id = conversation.survey_version_id
            WHERE invitation.brand_id = :brand AND invitation.state = 'sent' AND conversation.purpose = 'survey'
              AND conversation.anonymous = 0
            UNION ALL
            SELECT conversation.id, conversation.opened_at, conversation.outcome, conversation.closed_at IS NOT NULL,
                   survey_version.id, survey_version.touchpoint, survey_version.key, 0
            FROM conversation JOIN survey_version ON survey_version.id = conversation.survey_version_id
            WHERE conversation.brand_id = :brand AND conversation.anonymous = 3
            ORDER BY 1
        """
        answers = _Ahead(self._answers())
        for talk, opened_at, outcome, over, version, touchpoint, survey, invited in self._rows(
            sql, {"brand": self._brand}
        ):
            given = answers.of(talk)
            self._step()
            if over and outcome not in ("complete", "partial", "break_off", "none", "stopped"):
                continue
            day = self._day(opened_at)
            if not over or outcome == "stopped":
                outcome = _as_if_it_ended(given, has_rating=version in with_rating)
            self._sums[Counted(day, touchpoint, survey, "", "invited", "")] += invited
            if outcome != "none":
                self._sums[Counted(day, touchpoint, survey, "", outcome, "")] += 1
            for question, kind, number, _ in given:
                if kind in _RATINGS and number is not None:
                    self._sums[Counted(day, touchpoint, survey, question, "rating", str(number))] += 1

    def _count_asked_anonymously(self) -> None:
        """Count the invitations whose responses, if there are any, were let out without their customers."""
        sql = """
            SELECT conversation.closed_at, survey_version.touchpoint, survey_version.key
            FROM conversation JOIN survey_version ON survey_version.id = conversation.survey_version_id
            WHERE conversation.brand_id = :brand AND conversation.anonymous = 2
        """
        for counted_at, touchpoint, survey in self._rows(sql, {"brand": self._brand}):
            self._step()
            self._sums[Counted(self._day(counted_at), touchpoint, survey, "", "invited", "")] += 1

    def _answers(self) -> Iterator[Any]:
        """Yield the answers that stand, by conversation."""
        return self._rows(
            """
            SELECT answer.conversation_id, answer.question, answer.kind, answer.number, answer.skipped
            FROM answer JOIN conversation ON conversation.id = answer.conversation_id
            WHERE answer.current = 1 AND answer.role = 'answer' AND conversation.brand_id = :brand
            ORDER BY answer.conversation_id, answer.id
            """,
            {"brand": self._brand},
        )

    def _surveys_with_a_rating(self) -> set[int]:
        """Return the versions with a rating among those that anybody was asked: most of a library never is."""
        sql = """
            SELECT id, source FROM survey_version
            WHERE brand_id = :brand AND id IN (SELECT survey_version_id FROM conversation WHERE purpose = 'survey')
        """
        found = set()
        for version, source in self._rows(sql, {"brand": self._brand}):
            questions = tomllib.loads(source).get("question", [])
            if any(question["kind"] in _RATINGS for question in questions):
                found.add(version)
        return found

    def _count_cases(self) -> None:
        sql = """
            SELECT COALESCE(touchpoint, ''), outcome, opened_at, closed_at FROM recovery_case WHERE brand_id = :brand
        """
        for touchpoint, outcome, opened_at, closed_at in self._rows(sql, {"brand": self._brand}):
            self._step()
            self._sums[Counted(self._day(opened_at), touchpoint, "", "", "case_opened", "")] += 1
            if closed_at is not None:
                closed = Counted(self._day(closed_at), touchpoint, "", "", "case_closed", outcome or "")
                self._sums[closed] += 1


def _as_if_it_ended(given: list[tuple[str, str, int | None, int]], *, has_rating: bool) -> str:
    said = [kind for _, kind, _, skipped in given if not skipped]
    rated = any(kind in _RATINGS for kind in said)
    if rated or (said and not has_rating):
        return "partial"
    return "break_off" if given else "none"


class _Ahead:
    """Rows in the order of their first column, taken group by group beside other rows in the same order."""

    def __init__(self, rows: Iterator[Any]) -> None:
        self._rows = rows
        self._next = next(rows, None)

    def of(self, ident: int) -> list[Any]:
        """Return the rows of a group without their first column; groups that nobody asked for are passed over."""
        group = []
        while self._next is not None and self._next[0] <= ident:
            if self._next[0] == ident:
                group.append(self._next[1:])
            self._next = next(self._rows, None)
        return group
