"""Claims about when a notification is tried again, and when it is given up."""

from datetime import timedelta
from random import Random

from bot.notifying.retrying import LONGEST_ASKED, SPREAD, WAITS, Failed, wait_after

FAILED = Failed("status 503")


def test_it_is_tried_for_about_three_days():
    """A receiver that is down from Friday evening to Monday morning misses nothing."""
    spans = [wait_after(attempts, FAILED, Random(7)) for attempts in range(1, len(WAITS) + 1)]

    assert timedelta(days=2.5) < sum(filter(None, spans), timedelta()) < timedelta(days=4)
    assert wait_after(len(WAITS) + 1, FAILED, Random(7)) is None


def test_waits_grow_and_are_spread():
    """What failed together must not come back together."""
    waits = [{wait_after(attempts, FAILED, Random(seed)) for seed in range(50)} for attempts in (1, 2, 3, 4)]

    assert all(len(each) > 40 for each in waits)
    for written, found in zip(WAITS, waits, strict=False):
        assert all(written * (1 - SPREAD) <= wait <= written * (1 + SPREAD) for wait in found if wait)


def test_a_receiver_may_ask_for_more_time_but_not_for_ever():
    """A year in a header is a mistake; a shorter wait than ours is no reason to hurry."""
    random = Random(7)

    assert wait_after(1, Failed("status 429", 600.0), random) == timedelta(minutes=10)
    assert wait_after(1, Failed("status 429", 1e9), random) == LONGEST_ASKED
    assert (wait_after(4, Failed("status 429", 1.0), random) or timedelta()) > timedelta(hours=1)
