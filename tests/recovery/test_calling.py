"""Claims about ringing customers up: how often, and when again."""

from datetime import UTC, date, datetime

import pytest

from recovery import calling
from recovery.calendars import Calendar, Hours, office
from recovery.calling import GiveUp, RingAgain, Told


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


TUESDAY = at("2026-03-03 11:00")


def test_who_was_reached_is_not_rung_again():
    """However often nobody had answered before."""
    assert calling.after("reached", 2, office("UTC"), TUESDAY) == Told()


@pytest.mark.parametrize(
    ("now", "again"),
    [
        ("2026-03-03 11:00", "2026-03-04 09:00"),
        ("2026-03-03 08:00", "2026-03-04 09:00"),
        ("2026-03-06 17:59", "2026-03-09 09:00"),
    ],
)
def test_a_call_that_nobody_answered_comes_again_on_the_next_working_day(now, again):
    """A second call an hour later pesters, and meets the same empty room; Friday's next one is Monday."""
    assert calling.after("no_answer", 0, office("UTC"), at(now)) == RingAgain(at(again))


def test_the_third_call_is_the_last():
    """Two further tries: whoever never picks up does not wish to."""
    outcomes = [calling.after("no_answer", tries, office("UTC"), TUESDAY) for tries in range(3)]

    assert [type(each) for each in outcomes] == [RingAgain, RingAgain, GiveUp]


def test_a_stranger_is_rung_once():
    """The number is somebody else's: they did nothing to be rung again."""
    assert calling.after("wrong_number", 0, office("UTC"), TUESDAY) == GiveUp()


def test_the_day_is_the_one_on_the_wall_there():
    """At 23:30 UTC it is tomorrow in Shanghai already, so the next working day is the day after."""
    late = at("2026-03-03 23:30")

    assert calling.next_day(office("Asia/Shanghai"), late) == at("2026-03-05 01:00")


def test_a_calendar_that_never_opens_holds_nothing_up():
    """A closed shop with one call left to make still hears of it a day later."""
    shut = Calendar("UTC", ((), (), (), (), (), (), ()), special={date(2026, 3, 1): (Hours(0, 60),)})

    assert calling.next_day(shut, TUESDAY) == TUESDAY + 86_400_000
