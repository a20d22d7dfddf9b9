"""What needs a person now, on both databases: the right rows, in the right order, from indexes of what is open."""

import sqlite3

import pytest

from storage import schema
from storage.rows import Rows
from storage.today import NONE, Counted, Today

NOON = 1_772_452_800_000
HOUR = 3_600_000


def a_case(unit, reference, *, at=NOON, urgent=False, stage="open", owner=None, closed=None):
    """A customer's case; return its id."""
    customer = unit.customers.ensure(1, reference, at, name=f"Name of {reference}")
    address = unit.addresses.add(1, "telegram", reference, "customer", at, customer_id=customer.id)
    case = unit.cases.open(1, customer.id, address.id, "unhappy", "{}", "open", at, urgent=urgent, rating=1)
    if stage != "open" or owner:
        unit.cases.save(case.id, 1, state="{}", stage=stage, owner_id=owner, urgent=urgent, closed_at=closed)
    return case.id


def test_urgent_cases_come_first_then_the_oldest(unit):
    """Also where the list is cut off: the most pressing ones are never the ones left out."""
    for reference, at, urgent in (("b", NOON + 2, False), ("a", NOON + 3, False), ("c", NOON + 9, True)):
        a_case(unit, reference, at=at, urgent=urgent)

    assert [each.customer for each in unit.today.waiting(1, 10)] == ["Name of c", "Name of b", "Name of a"]
    assert [each.customer for each in unit.today.waiting(1, 1)] == ["Name of c"]
    assert unit.today.count_waiting(1) == 3


def test_only_what_waits_for_an_act_of_staff_is_listed(unit):
    """Resolved ones wait for the customer, closed ones for nobody."""
    bo = unit.staff.add(1, "Bo", "staff", "en", NOON)
    a_case(unit, "taken", stage="taken", owner=bo.id)
    a_case(unit, "resolved", stage="resolved", owner=bo.id)
    a_case(unit, "closed", stage="closed", owner=bo.id, closed=NOON + 1)

    [case] = unit.today.waiting(1, 10)
    assert (case.customer, case.owner, case.words) == ("Name of taken", "Bo", None)
    assert unit.today.count_waiting(1) == 1


def test_a_case_shows_what_the_customer_said_last(unit):
    """Not what staff answered, and not what was said first."""
    case = a_case(unit, "ana")
    for author, text in (("customer", "first"), ("customer", "then this"), ("staff", "We are on it.")):
        unit.case_messages.add(case, author, text, NOON)

    assert unit.today.waiting(1, 10)[0].words == "then this"


def test_a_task_finds_its_customer_through_its_case_or_by_itself(unit):
    """Some tasks are about a case, some about a customer, some about neither."""
    case = a_case(unit, "ana")
    eva = unit.customers.ensure(1, "eva", NOON, name="Eva")
    unit.tasks.add(1, "telephone", "a", NOON, case_id=case)
    unit.tasks.add(1, "unsorted", "b", NOON + 1, customer_id=eva.id)
    done = unit.tasks.add(1, "telephone", "c", NOON + 2)
    unit.tasks.done(done, NOON + 3)
    unit.tasks.add(1, "other", "d", NOON + 4)

    assert [(each.kind, each.customer, each.number) for each in unit.today.tasks(1, 10)] == [
        ("telephone", "Name of ana", 1),
        ("unsorted", "Eva", None),
        ("other", None, None),
    ]


def test_follow_ups_of_open_cases_until_a_moment(unit):
    """Those of tomorrow, of closed cases and of other kinds are somebody else's list."""
    soon, later = a_case(unit, "soon"), a_case(unit, "later")
    closed = a_case(unit, "closed", stage="closed", closed=NOON)
    for case, at in ((later, NOON + 30 * HOUR), (soon, NOON + HOUR), (closed, NOON + HOUR)):
        unit.due.add(1, "follow_up", case, f"follow_up:{case}", at)
    unit.due.add(1, "climb", soon, "climb", NOON + HOUR)

    assert [each.customer for each in unit.today.follow_ups(1, NOON + 24 * HOUR, 10)] == ["Name of soon"]


def test_trouble_is_counted_with_its_newest_reason(unit):
    """And what is older than asked for is left alone."""
    for number, at in enumerate((NOON - HOUR, NOON, NOON + 1)):
        unit.inbox.add_dead(1, "telegram", f"x{number}", "7", "{}", f"reason {number}", at)
    parked = unit.due.add(1, "climb", 1, "climb", NOON)
    unit.due.add(1, "climb", 1, "waiting", NOON)
    unit.execute("UPDATE due SET state = 'parked', why = 'KeyError' WHERE dedupe_key = 'climb'")

    assert parked is not False
    assert unit.today.unread_updates(1, NOON) == Counted(2, "reason 2")
    assert unit.today.set_aside(1, "parked", NOON) == Counted(1, "KeyError")
    assert unit.today.set_aside(1, "late", NOON) == NONE
    assert unit.today.overdue(1, NOON + HOUR) == Counted(1, "climb")
    assert unit.today.overdue(1, NOON) == NONE
    assert unit.today.lost_messages(1, "dead", 0) == NONE
    assert unit.today.parked_notifications(1) == NONE
    assert unit.today.oldest_unsent(1, NOON) is None


@pytest.mark.parametrize(
    "ask",
    [
        lambda today: today.waiting(1, 50),
        lambda today: today.count_waiting(1),
        lambda today: today.count_due(1, NOON, NOON + HOUR),
        lambda today: today.follow_ups(1, NOON, 50),
        lambda today: today.tasks(1, 50),
        lambda today: today.lost_messages(1, "dead", NOON),
        lambda today: today.unread_updates(1, NOON),
        lambda today: today.set_aside(1, "parked", NOON),
        lambda today: today.oldest_unsent(1, NOON),
        lambda today: today.overdue(1, NOON),
        lambda today: today.parked_notifications(1),
    ],
)
def test_no_question_reads_a_whole_table(ask):
    """The page is asked every half minute by everybody: it must cost the same after years of answers."""
    connection = sqlite3.connect(":memory:")
    for statement in schema.sqlite_statements():
        connection.execute(statement)
    plans: list[str] = []

    def execute(sql: str, parameters: object = ()) -> Rows:
        plans.extend(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", parameters))  # type: ignore[arg-type]  # named ones
        return connection.execute(sql, parameters)  # type: ignore[arg-type]  # likewise

    ask(Today(execute, None))  # type: ignore[arg-type]  # it inserts nothing
    connection.close()
    whole = [plan for plan in plans if plan.startswith("SCAN") and "INDEX" not in plan]

    assert [plan for plan in whole if plan not in ("SCAN standing", "SCAN found")] == []
    assert not any("sqlite_autoindex" in plan and "case_clock" not in plan for plan in plans)  # that one is by its case
