"""When somebody's work here ends, nobody they looked after is forgotten."""

from recovery import cases
from storage.unit import Unit


def _case_of_ben(unit: Unit) -> int:
    """Let Ben have a case, beside Cleo, who has a chat."""
    ben = unit.staff.by_name(1, "Ben")
    cleo = unit.staff.by_name(1, "Cleo")
    assert ben is not None
    assert cleo is not None
    unit.addresses.add(1, "webchat", "w-cleo", "staff", 1, staff_member_id=cleo.id)
    ana = unit.customers.ensure(1, "c-1", 1, "Ana")
    address = unit.addresses.add(1, "webchat", "w-ana", "customer", 1, customer_id=ana.id)
    taken = cases.Case(stage="taken", owner=ben.id)
    case = unit.cases.open(1, ana.id, address.id, "unhappy", cases.save(taken), "taken", 1)
    unit.cases.save(case.id, 1, state=cases.save(taken), stage="taken", owner_id=ben.id, urgent=False)
    return case.id


async def test_the_open_cases_of_who_leaves_go_back_to_the_others(operator, counter):
    """F7: effective at once, and told, because a case that nobody has is a customer who waits."""
    for name in ("Ben", "Cleo"):
        await operator.post("/v1/staff/invitations", json={"name": name})
    case_id = await counter.database.run(_case_of_ben)

    told = (await operator.delete("/v1/staff/Ben")).json()
    case = await counter.database.read(lambda unit: unit.cases.get(case_id))
    queued = await counter.database.read(lambda unit: unit.outbox.unsent(10))

    assert told["open_cases"] == [case.number]
    assert (case.stage, case.owner_id) == ("open", None)
    assert ["no longer works here" in row.payload for row in queued] == [True]
