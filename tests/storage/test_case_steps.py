"""Claims about what is kept of a case's steps, and about a customer who has no chat."""

import pytest

from storage.unit import Unit

NOON = 1_772_452_800_000


@pytest.fixture
def case(unit: Unit):
    customer = unit.customers.ensure(1, "7", NOON)
    return unit.cases.open(
        1, customer.id, unit.addresses.nowhere(1, customer.id, NOON).id, "told_staff", "{}", "open", NOON
    )


def test_steps_are_read_in_the_order_of_their_making(unit, case):
    """What stands follows from all that happened, in its order."""
    asked = unit.case_steps.add(case.id, "repair", "asked", "staff:1", NOON, message_id=3)
    unit.case_steps.add(case.id, "repair", "confirmed", "customer", NOON, evidence="a new screen")

    assert [(row.how, row.case_message_id, row.evidence) for row in unit.case_steps.of(case.id)] == [
        ("asked", 3, ""),
        ("confirmed", None, "a new screen"),
    ]
    found = unit.case_steps.get(asked)
    assert found is not None
    assert found.how == "asked"
    assert unit.case_steps.get(999) is None


def test_the_steps_of_a_joined_case_are_read_in_the_other(unit, case):
    """It goes on there, with all that was done."""
    unit.case_steps.add(case.id, "apology", "done", "makegood", NOON)
    unit.cases.save(case.id, 1, state="{}", stage="closed", owner_id=None, urgent=False, closed_at=NOON)
    other = unit.cases.open(1, case.customer_id, case.address_id, "complaint", "{}", "open", NOON)
    unit.case_steps.move(case.id, other.id)

    assert unit.case_steps.of(case.id) == []
    assert [row.step for row in unit.case_steps.of(other.id)] == ["apology"]


def test_who_has_no_chat_stands_nowhere_once(unit, case):
    """It is found by nobody who looks for a chat, and it is one row however often it is asked for."""
    again = unit.addresses.nowhere(1, case.customer_id, NOON + 5)

    assert again.id == case.address_id
    assert again.unreachable_at == NOON
    assert unit.addresses.of_customer(case.customer_id) == []
    assert unit.addresses.any_of_customer(case.customer_id) is None


def test_a_settled_case_is_not_closed_and_not_open_for_its_customer(unit, case):
    """One customer has one case that is not closed; a settled one is no reason to treat them as unhappy."""
    unit.cases.save(case.id, 1, state="{}", stage="settled", owner_id=None, urgent=False, outcome="recovered")
    standing = unit.cases.unclosed_of(case.customer_id)

    assert unit.cases.open_of(case.customer_id) is None
    assert standing is not None
    assert standing.id == case.id


def test_a_weight_is_written_beside_the_state(unit, case):
    """It makes no revision: whoever works the case meanwhile loses nothing."""
    weighed = unit.cases.weigh(case.id, 4, "billing")

    assert (weighed.severity, weighed.skill, weighed.revision) == (4, "billing", case.revision)
