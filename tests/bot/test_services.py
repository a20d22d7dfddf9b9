"""Service events in any order: the newest fact of a service decides, and no customer is asked twice about it."""

from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from bot.config import Config
from bot.house import House
from bot.publishing import library, publish
from bot.services import NewServiceEvent, NoSurvey, Served, ServiceEventClash, record
from bot.settings.houses import house_of
from storage.events import Invitation
from storage.unit import Unit
from tests import laid

NOW = 1_772_445_600_000
HOUR = 3_600_000


def fact(event_id: str, at: int = 0, version: int | None = None, **more: Any) -> NewServiceEvent:
    """A delivery of order 17 to Ana, `at` hours after it began; by default not cancelled."""
    known: dict[str, Any] = {
        "source": "shop",
        "event_id": event_id,
        "digest": f"digest of {event_id}",
        "type": "order.delivered",
        "touchpoint": "delivery",
        "cancelled": False,
        "subject": "order-17",
        "customer": Served("c-9", "Ana"),
        "service": {"item": event_id},
        "occurred_at": NOW + at * HOUR,
        "version": version,
    }
    return NewServiceEvent(**{**known, **more})


def cancelled(event_id: str, at: int = 0, version: int | None = None) -> NewServiceEvent:
    return fact(event_id, at, version, type="order.cancelled", touchpoint="", cancelled=True)


@pytest.fixture
async def database(tmp_path: Path):
    database = await laid.opened(tmp_path / "services.db")
    await database.run(lambda unit: publish(unit, 1, library(), NOW))
    yield database
    await database.close()


@pytest.fixture
def house() -> House:
    return house_of(Config())


def open_invitations(unit: Unit) -> list[Invitation]:
    customer = unit.customers.by_reference(1, "c-9")
    return unit.invitations.waiting_of(customer.id) if customer else []


def standing(unit: Unit) -> tuple[list[str], list[str]]:
    """What will be asked about (the item of the event behind each open invitation), and which events still count."""
    asked = [
        unit.service_events.get(invitation.service_event_id or 0).event_id for invitation in open_invitations(unit)
    ]
    counting = unit.all("SELECT event_id FROM service_event WHERE superseded_at IS NULL ORDER BY event_id")
    return asked, [row[0] for row in counting]


STORIES = {
    "by_time": (
        [fact("ordered", 0), fact("delivered", 1), cancelled("taken back", 2), fact("delivered again", 3)],
        ["delivered again"],
    ),
    "cancelled_last": (
        [fact("ordered", 0), fact("delivered", 1), fact("corrected", 2), cancelled("taken back", 3)],
        [],
    ),
    "by_version": (
        [fact("v1", 3, 1), fact("v2", 2, 2), cancelled("v3", 1, 3), fact("v4", 0, 4)],
        ["v4"],
    ),
    "at_the_same_moment": (
        [fact("a"), fact("b"), cancelled("c"), fact("d")],
        [],
    ),
}


@pytest.mark.parametrize("story", STORIES)
async def test_the_order_of_arrival_does_not_matter(database, house, story):
    """Queues, retries and imports shuffle events; the customer sees one truth."""
    events, asked = STORIES[story]
    ends = set()
    for number, order in enumerate(permutations(events)):
        # each order is a service of its own, told to a fresh customer
        def work(unit: Unit, order=order, number=number) -> tuple[tuple[str, ...], tuple[str, ...]]:
            for event in order:
                known = Served(f"c-{story}-{number}", "Ana")
                told = fact(
                    f"{number}/{event.event_id}", 0, event.version, subject=f"order-{number}", customer=known,
                    cancelled=event.cancelled, touchpoint=event.touchpoint, occurred_at=event.occurred_at,
                )  # fmt: skip
                record(told, unit, house, NOW)
            return _end(unit, f"c-{story}-{number}", f"order-{number}", number)

        ends.add(await database.run(work))

    assert len(ends) == 1
    [(open_ones, _)] = ends
    assert list(open_ones) == asked


def _end(unit: Unit, reference: str, subject: str, number: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    customer = unit.customers.by_reference(1, reference)
    assert customer is not None
    invitations = unit.invitations.waiting_of(customer.id)
    asked = [unit.service_events.get(each.service_event_id or 0).event_id for each in invitations]
    counting = [each.event_id for each in unit.service_events.of_subject(1, "shop", subject) if not each.superseded_at]
    return tuple(name.removeprefix(f"{number}/") for name in asked), tuple(
        name.removeprefix(f"{number}/") for name in counting
    )


async def test_an_older_event_changes_nothing_but_is_kept(database, house):
    """It arrived, so it must be found; it is out of date, so nothing follows from it."""

    def work(unit: Unit) -> str:
        record(fact("new", 2), unit, house, NOW)
        return record(fact("old", 1, customer=Served("c-9", "Old Name")), unit, house, NOW).status

    assert await database.run(work) == "superseded"
    assert await database.read(standing) == (["new"], ["new"])
    assert await database.read(lambda unit: unit.customers.by_reference(1, "c-9").name) == "Ana"


async def test_a_cancelled_service_is_not_asked_about(database, house):
    """Asking how a delivery went that never came is worse than silence."""

    def work(unit: Unit) -> tuple[str, str | None, list[Invitation]]:
        planned = record(fact("delivered", 0), unit, house, NOW).invitation
        assert planned is not None
        status = record(cancelled("taken back", 1), unit, house, NOW + 1).status
        return status, unit.invitations.get(planned.id).reason, open_invitations(unit)

    assert await database.run(work) == ("cancelled", "service_cancelled", [])


@pytest.mark.parametrize("state", ["sent", "withheld"])
async def test_what_was_decided_is_not_decided_again(database, house, state):
    """A corrected event after the question went out must not ask a second time."""

    def work(unit: Unit) -> tuple[str, str]:
        first = record(fact("delivered", 0), unit, house, NOW).invitation
        assert first is not None
        unit.invitations.decide(first.id, state, None, NOW)
        again = record(fact("corrected", 1), unit, house, NOW)
        assert again.invitation is not None
        return again.status, again.invitation.state

    assert await database.run(work) == ("accepted", state)
    assert await database.read(open_invitations) == []


async def test_another_service_of_the_same_customer_has_its_own_invitation(database, house):
    """Whether both are asked about is for the contact rules to say."""

    def work(unit: Unit) -> int:
        record(fact("first"), unit, house, NOW)
        record(fact("second", subject="order-18"), unit, house, NOW)
        return len(open_invitations(unit))

    assert await database.run(work) == 2


async def test_the_invitation_is_due_after_the_surveys_delay_and_never_in_the_past(database, house):
    """An event that comes late is asked about later, not at once in the night."""

    def work(unit: Unit) -> int | None:
        return record(fact("delivered", -100), unit, house, NOW).due_at

    assert await database.run(work) == NOW + 2 * HOUR


async def test_facts_that_are_not_said_stay(database, house):
    """A system that knows only the id must not wipe out the name another one told."""

    def work(unit: Unit) -> object:
        record(fact("a", customer=Served("c-9", "Ana", "zh-Hant", "Asia/Taipei", {"tier": "gold"})), unit, house, NOW)
        record(fact("b", 1, subject="order-18", customer=Served("c-9")), unit, house, NOW)
        return unit.one("SELECT name, language, zone, more FROM customer")

    assert await database.run(work) == ("Ana", "zh-Hant", "Asia/Taipei", '{"tier":"gold"}')


async def test_another_body_under_the_same_id_is_a_clash(database, house):
    """What is stored stands."""
    await database.run(lambda unit: record(fact("a"), unit, house, NOW))

    with pytest.raises(ServiceEventClash):
        await database.run(lambda unit: record(fact("a", digest="other"), unit, house, NOW))


async def test_a_touchpoint_without_a_survey_is_refused_with_the_known_ones(database, house):
    """The sender's type is known and leads nowhere: that is the operator's to mend."""
    with pytest.raises(NoSurvey) as refused:
        await database.run(lambda unit: record(fact("a", touchpoint="haircut"), unit, house, NOW))

    assert "delivery" in refused.value.known


async def test_a_cancellation_needs_no_survey_and_may_come_first(database, house):
    """Nothing is asked because of it, now or when the older event arrives."""

    def work(unit: Unit) -> tuple[str, str]:
        first = record(cancelled("taken back", 5), unit, house, NOW)
        second = record(fact("delivered", 1), unit, house, NOW)
        return first.status, second.status

    assert await database.run(work) == ("cancelled", "superseded")
    assert await database.read(open_invitations) == []
