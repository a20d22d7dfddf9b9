"""Notifications, on both databases: decided once, sent by one process, never lost between two of its lives."""

from typing import Any

import pytest

from storage.notifications import NotificationNew, WayStanding

NOON = 1_772_452_800_000


def new(key: str = "case.opened:1", way: str = "webhook:crm", **more: Any) -> NotificationNew:
    usual: dict[str, Any] = {
        "brand_id": 1,
        "type": "case.opened",
        "ident": f"msg_{key}",
        "payload": "{}",
        "queued_at": NOON,
    }
    return NotificationNew(**{**usual, "way": way, "dedupe_key": f"{key}:{way}", **more})


def test_the_same_thing_is_told_once_a_way(unit):
    """A turn that is taken again after a crash tells nothing twice."""
    first = unit.notifications.add(new())

    assert unit.notifications.add(new()) is None
    assert unit.notifications.add(new(way="mail", target="ana@example.com")) not in (None, first)
    assert unit.notifications.by_key(1, "case.opened:1:webhook:crm") == unit.notifications.get(first)


def test_each_way_has_its_own_queue_the_longest_waiting_first(unit):
    """What is put off lets the others pass, and another way's rows are not looked at."""
    late, early, other = (unit.notifications.add(new(key, way)) for key, way in (("a", "w"), ("b", "w"), ("c", "v")))
    unit.notifications.mark_sending(late)
    unit.notifications.put_off(late, NOON + 5, "status 503")

    assert [row.id for row in unit.notifications.ready("w", NOON, 10)] == [early]
    assert [row.id for row in unit.notifications.ready("w", NOON + 5, 10)] == [early, late]
    assert [row.id for row in unit.notifications.ready("w", NOON + 5, 1)] == [early]
    assert [row.id for row in unit.notifications.ready("v", NOON, 10)] == [other]
    assert (unit.notifications.next_at("w"), unit.notifications.next_at("nobody")) == (0, None)


def test_a_mark_is_given_once(unit):
    """Only who holds the mark may send, and a result counts only under it."""
    row = unit.notifications.add(new())

    assert unit.notifications.sent(row, NOON, blank=False) is False
    assert [unit.notifications.mark_sending(row) for _ in range(2)] == [True, False]
    assert unit.notifications.get(row).attempts == 1
    assert [unit.notifications.sent(row, NOON, blank=False) for _ in range(2)] == [True, False]
    assert unit.notifications.put_off(row, NOON, "late word") is False
    assert unit.notifications.get(row).state == "sent"


def test_a_link_is_forgotten_once_it_was_sent(unit):
    """Who reads the database later opens no chat with what is left there."""
    kept, blank, gone = (unit.notifications.add(new(key, payload="secret")) for key in "abc")
    for row in (kept, blank):
        unit.notifications.mark_sending(row)
        unit.notifications.sent(row, NOON, blank=row == blank)
    unit.notifications.cancel(gone, "seen meanwhile")

    assert [unit.notifications.get(row).payload for row in (kept, blank, gone)] == ["secret", "", ""]
    assert unit.notifications.get(gone).state == "cancelled"


def test_what_a_process_that_died_was_sending_is_sent_again(unit):
    """At least once: the receiver knows the repeat by its id, which stays."""
    row = unit.notifications.add(new())
    unit.notifications.mark_sending(row)
    ident = unit.notifications.get(row).ident

    assert unit.notifications.release() == 1
    assert [(each.id, each.ident, each.attempts) for each in unit.notifications.ready("webhook:crm", NOON, 5)] == [
        (row, ident, 1)
    ]


def test_what_was_given_up_is_shown_and_comes_back_on_request(unit):
    """A receiver that was down for a week gets all of it then, with all the patience of a first time."""
    rows = [unit.notifications.add(new(key, way)) for key, way in (("a", "w"), ("b", "w"), ("c", "v"))]
    for row in rows:
        unit.notifications.mark_sending(row)
        unit.notifications.park(row, "status 410")

    assert [row.id for row in unit.notifications.parked(10)] == rows[::-1]
    assert unit.notifications.standing() == [WayStanding("v", 0, None, 1), WayStanding("w", 0, None, 2)]
    assert unit.notifications.again(1, notification_id=rows[0]) == 1
    assert unit.notifications.again(1, way="w") == 1
    assert unit.notifications.again(2) == 0
    assert unit.notifications.standing() == [WayStanding("v", 0, None, 1), WayStanding("w", 2, NOON, 0)]
    assert unit.notifications.get(rows[0]).attempts == 0


def test_a_way_that_is_gone_gives_up_what_waits_for_it(unit):
    """It would be tried by nobody, and seen by nobody."""
    row = unit.notifications.add(new())

    assert unit.notifications.ways_waiting() == ["webhook:crm"]
    assert unit.notifications.park_way("webhook:crm", "gone") == 1
    assert unit.notifications.ways_waiting() == []
    assert (unit.notifications.get(row).state, unit.notifications.get(row).error) == ("parked", "gone")


@pytest.mark.parametrize(("state", "left"), [("sent", 0), ("cancelled", 0), ("parked", 1), ("queued", 1)])
def test_only_what_has_ended_is_tidied_away(unit, state, left):
    """What still waits, for a receiver or for a person, stays however old it is."""
    row = unit.notifications.add(new())
    if state == "cancelled":
        unit.notifications.cancel(row, "why")
    elif state != "queued":
        unit.notifications.mark_sending(row)
        unit.notifications.sent(row, NOON, blank=True) if state == "sent" else unit.notifications.park(row, "why")

    assert unit.notifications.prune(NOON, 10) == 0
    assert unit.notifications.prune(NOON + 1, 10) == 1 - left
