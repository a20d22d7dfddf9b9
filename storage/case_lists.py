"""Lists of cases as a page shows them: filtered, searched, a page at a time from the newest.

Each page walks the cases backwards from where the last one ended, so a page costs the same however many cases there
are. `team` narrows to what one team may see: its own cases and those of nobody's team.
"""

import msgspec

from storage.rows import Row, Table

STAGES = ("standing", "open", "taken", "resolved", "settled", "closed", "all")
DONE = '%"stage":"done"%'


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What a list is to show. None and empty ask for nothing; `standing` are all that are not closed.

    `seen_by` is the team of whoever looks, None for who sees all; `with_staff` whose cases; `since` when they were
    opened at the earliest, in ms; `words` a number, a name, a reference, or words said in the case.
    """

    brand: int
    seen_by: int | None = None
    stage: str = "standing"
    with_staff: int | None = None
    team: int | None = None
    overdue_at: int | None = None
    severity: int | None = None
    outcome: str | None = None
    since: int | None = None
    words: str = ""


class ListedCase(Row, frozen=True):
    """A case in a list. `due_at` is when its next clock runs out; `words` what its customer said last."""

    id: int
    number: int
    customer: str
    touchpoint: str | None
    survey_version_id: int | None
    cause: str
    rating: int | None
    rating_question: str | None
    urgent: int
    severity: int
    stage: str
    outcome: str | None
    owner_id: int | None
    owner: str | None
    assignee_id: int | None
    assignee: str | None
    team: str | None
    opened_at: int
    closed_at: int | None
    due_at: int | None
    late: int
    words: str | None


class CaseLists(Table):
    """Reading lists of cases."""

    __slots__ = ()

    def page(self, wanted: Wanted, now: int, before: int | None, limit: int) -> list[ListedCase]:
        """Return the newest cases that fit, opened before the case with the id `before`, at most `limit`."""
        rows = self._execute(
            """
            SELECT found.id, found.number, COALESCE(customer.name, customer.reference), found.touchpoint,
                   conversation.survey_version_id, found.cause, found.rating, found.rating_question, found.urgent,
                   found.severity, found.stage, found.outcome, found.owner_id, owner.name, found.assignee_id,
                   assignee.name, team.name, found.opened_at, found.closed_at,
                   (SELECT MIN(due_at) FROM case_clock WHERE case_clock.case_id = found.id),
                   (SELECT COUNT(*) FROM case_clock
                    WHERE case_clock.case_id = found.id AND case_clock.state NOT LIKE :done
                      AND (case_clock.standing = 'breached' OR case_clock.due_at <= :now)),
                   (SELECT case_message.text FROM case_message
                    WHERE case_message.case_id = found.id AND case_message.author = 'customer'
                    ORDER BY case_message.id DESC LIMIT 1)
            FROM (
                SELECT recovery_case.* FROM recovery_case
                JOIN customer ON customer.id = recovery_case.customer_id
                WHERE recovery_case.brand_id + 0 = :brand
                  AND (CAST(:before AS BIGINT) IS NULL OR recovery_case.id < CAST(:before AS BIGINT))
                  AND (CAST(:seen_by AS BIGINT) IS NULL OR recovery_case.team_id IS NULL
                       OR recovery_case.team_id = CAST(:seen_by AS BIGINT))
                  AND (:stage = 'all' OR recovery_case.stage = :stage
                       OR (:stage = 'standing' AND recovery_case.closed_at IS NULL))
                  AND (CAST(:with_staff AS BIGINT) IS NULL
                       OR COALESCE(recovery_case.owner_id, recovery_case.assignee_id) = CAST(:with_staff AS BIGINT))
                  AND (CAST(:team AS BIGINT) IS NULL OR recovery_case.team_id = CAST(:team AS BIGINT))
                  AND (CAST(:severity AS BIGINT) IS NULL OR recovery_case.severity >= CAST(:severity AS BIGINT))
                  AND (CAST(:outcome AS TEXT) IS NULL OR recovery_case.outcome = CAST(:outcome AS TEXT))
                  AND (CAST(:since AS BIGINT) IS NULL OR recovery_case.opened_at >= CAST(:since AS BIGINT))
                  AND (CAST(:overdue_at AS BIGINT) IS NULL
                       OR (recovery_case.stage IN ('open', 'taken') AND EXISTS (
                           SELECT 1 FROM case_clock
                           WHERE case_clock.case_id = recovery_case.id AND case_clock.state NOT LIKE :done
                             AND (case_clock.standing = 'breached'
                                  OR case_clock.due_at <= CAST(:overdue_at AS BIGINT)))))
                  AND (CAST(:words AS TEXT) IS NULL OR recovery_case.number = CAST(:number AS BIGINT)
                       OR LOWER(customer.name) LIKE CAST(:words AS TEXT) ESCAPE '!'
                       OR LOWER(customer.reference) LIKE CAST(:words AS TEXT) ESCAPE '!'
                       OR recovery_case.id IN (
                           SELECT case_message.case_id FROM case_message
                           WHERE LOWER(case_message.text) LIKE CAST(:words AS TEXT) ESCAPE '!'))
                ORDER BY recovery_case.id DESC LIMIT :limit
            ) AS found
            JOIN customer ON customer.id = found.customer_id
            LEFT JOIN conversation ON conversation.id = found.conversation_id
            LEFT JOIN staff_member AS owner ON owner.id = found.owner_id
            LEFT JOIN staff_member AS assignee ON assignee.id = found.assignee_id
            LEFT JOIN team ON team.id = found.team_id
            ORDER BY found.id DESC
            """,
            {
                "brand": wanted.brand,
                "before": before,
                "seen_by": wanted.seen_by,
                "stage": wanted.stage,
                "with_staff": wanted.with_staff,
                "team": wanted.team,
                "severity": wanted.severity,
                "outcome": wanted.outcome,
                "since": wanted.since,
                "overdue_at": wanted.overdue_at,
                "words": within(wanted.words),
                "number": int(wanted.words) if wanted.words.isascii() and wanted.words.isdecimal() else None,
                "now": now,
                "done": DONE,
                "limit": limit,
            },
        ).fetchall()
        return [ListedCase(*row) for row in rows]


def within(words: str) -> str | None:
    """Return the pattern that finds a text with these words in it, whatever their case; None for no words."""
    flat = " ".join(words.lower().split())
    if not flat:
        return None
    for sign in "!%_":
        flat = flat.replace(sign, f"!{sign}")
    return f"%{flat}%"
