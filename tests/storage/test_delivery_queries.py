"""What delivery asks of storage at its start and for its health, on both databases."""

from typing import Any

import pytest

from storage.addresses import Address
from storage.outbox import End, OutboxNew, OutboxRow, Standing
from storage.unit import Unit

NOON = 1_772_452_800_000
MINUTE = 60_000


@pytest.fixture
def address(unit):
    """The address of a customer's chat."""
    return unit.addresses.add(1, "telegram", "7", "customer", NOON)


def queue(unit: Unit, address: Address, queued_at: int = NOON, **changes: Any) -> OutboxRow:
    """Queue a message and return its row."""
    row = unit.outbox.add(
        OutboxNew(1, "telegram", address.id, address.chat, "A", 1, "question", "{}", queued_at, **changes)
    )
    assert row is not None
    return row


def end(unit: Unit, row: OutboxRow, state: End) -> None:
    """Let a message be tried once and end so."""
    fence = unit.outbox.mark_sending([row.id], NOON)[row.id]
    unit.outbox.finish(row.id, fence, state, "so it ended")


def test_an_empty_outbox_stands_at_nothing(unit):
    """No age is unknown, not zero."""
    assert unit.outbox.standing() == Standing(queued=0, oldest_queued_at=None, unknown=0, dead=0)


def test_the_outbox_stands_as_its_rows_do(unit, address):
    """What waits, since when, and what somebody must look at."""
    ends: list[End] = ["unknown", "dead", "dead", "cancelled"]
    for state in ends:
        end(unit, queue(unit, address), state)
    queue(unit, address, NOON + MINUTE)
    queue(unit, address, NOON + 2 * MINUTE)

    assert unit.outbox.standing() == Standing(queued=2, oldest_queued_at=NOON + MINUTE, unknown=1, dead=2)


def test_what_was_sent_lately_is_known_without_its_edits(unit, address):
    """The pace of a chat goes on over a restart; an edit is no message."""
    rows = [queue(unit, address) for _ in range(3)]
    for minute, row in enumerate(rows):
        unit.outbox.sent(row.id, unit.outbox.mark_sending([row.id], NOON)[row.id], f"r{minute}", NOON + minute * MINUTE)
    unit.outbox.sent_edit(queue(unit, address, edits=rows[0].id).id, NOON + 3 * MINUTE)

    assert [tuple(row) for row in unit.outbox.sent_since(NOON + MINUTE, 100)] == [
        ("telegram", "7", NOON + MINUTE),
        ("telegram", "7", NOON + 2 * MINUTE),
    ]


@pytest.mark.parametrize(("prompt", "found"), [("s4.1", True), ("s4.11", False), ("s4", False), ("t4.1", False)])
def test_a_press_is_found_by_its_whole_prompt(unit, prompt, found):
    """It proves that the message with this prompt arrived, and no other."""
    unit.inbox.add(1, "telegram", "p1", 1, "7", '{"is":"pressed","chat":"7","press":"1:s4.1:5","ref":"3"}', NOON)

    assert unit.inbox.pressed("telegram", prompt) is found


def test_a_press_on_another_channel_proves_nothing(unit):
    """Each channel carries its own messages."""
    unit.inbox.add(1, "webchat", "p1", 1, "7", '{"is":"pressed","press":"1:s4.1:5"}', NOON)

    assert not unit.inbox.pressed("telegram", "s4.1")
