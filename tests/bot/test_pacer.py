"""The pace: no limit is ever passed, the urgent overtake, and order within one urgency stays."""

import math
from bisect import bisect_left
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pacer import UNLIMITED, Pace, Pacer

GROUP = "-100200"
PACE = Pace()

arrivals = st.lists(
    st.tuples(
        st.floats(0, 30, allow_nan=False),  # when it becomes ready
        st.sampled_from(["7", "8", "9", GROUP, *(str(chat) for chat in range(10, 60))]),
        st.sampled_from(["message", "message", "message", "edit"]),
        st.integers(1, 5),
    ),
    min_size=1,
    max_size=250,
)


def run(pacer: Pacer[Any], ready: list[Any]) -> list[tuple[float, Any]]:
    """Let everything in `ready` go as soon as the pacer lets it; return what went, as (moment, arrival)."""
    ready = sorted(ready, key=lambda arrival: arrival[0])
    went: list[tuple[float, Any]] = []
    now, taken = 0.0, 0
    while len(went) < len(ready):
        while taken < len(ready) and ready[taken][0] <= now:
            pacer.offer(ready[taken], *ready[taken][1:])
            taken += 1
        while (arrival := pacer.take(now)) is not None:
            went.append((now, arrival))
        opens_at = pacer.opens_at()
        coming = ready[taken][0] if taken < len(ready) else math.inf
        assert len(went) == len(ready) or now < min(math.inf if opens_at is None else opens_at, coming), "no hot loop"
        now = min(math.inf if opens_at is None else opens_at, coming)
    return went


def opens(pacer: Pacer[Any]) -> float:
    """Return when something may go, for a pacer in which something waits."""
    opens_at = pacer.opens_at()
    assert opens_at is not None
    return opens_at


def most_within(moments: list[float], span: float) -> int:
    """Return the largest number of `moments` in any window of `span` seconds."""
    return max((bisect_left(moments, at + span) - place for place, at in enumerate(moments)), default=0)


@given(arrivals)
def test_no_limit_is_ever_passed(ready):
    """Telegram refuses above 30 a second, 1 a second in a chat after a short burst, 20 a minute in a group."""
    went = run(Pacer[Any](PACE, 0.0), ready)

    assert most_within([at for at, _ in went], 1.0) <= 30
    for chat in {arrival[1] for arrival in ready}:
        messages = [at for at, arrival in went if arrival[1] == chat and arrival[2] == "message"]
        assert all(most_within(messages, span) <= 3 + span for span in (1, 2, 5, 10))
    assert most_within([at for at, arrival in went if arrival[1] == GROUP], 60) <= 20


@given(arrivals)
def test_everything_goes_once(ready):
    """A pacer delays; it neither drops nor repeats."""
    went = run(Pacer[Any](PACE, 0.0), ready)

    assert sorted(arrival for _, arrival in went) == sorted(ready)


@given(arrivals)
def test_the_more_urgent_goes_first_among_those_that_may(ready):
    """Whoever has just spoken does not wait behind a broadcast: each in a chat of its own, only urgency decides."""
    pacer: Pacer[Any] = Pacer(PACE, 0.0)
    for place, (_, _, _, priority) in enumerate(ready):
        pacer.offer((priority, place), f"chat{place}", "message", priority)
    went: list[Any] = []
    now = 0.0
    while (opens_at := pacer.opens_at()) is not None:
        now = max(now, opens_at)
        went.append(pacer.take(now))

    assert went == sorted(went)


def test_a_reply_overtakes_a_broadcast_of_thousands():
    """At 25 a second a broadcast of 5,000 lasts over three minutes; an answer goes within a tenth of a second."""
    pacer: Pacer[Any] = Pacer(PACE, 0.0)
    for customer in range(5_000):
        pacer.offer("invitation", str(customer), "message", 4)
    now = 0.0
    while now < 10:
        now = opens(pacer)
        pacer.take(now)
    pacer.offer("reply", "ana", "message", 1)

    opens_at = opens(pacer)
    assert (pacer.take(opens_at), opens_at - now < 0.1) == ("reply", True)


def test_a_chat_that_waits_holds_up_nobody_else():
    """One chatty conversation costs only itself."""
    pacer: Pacer[Any] = Pacer(PACE, 0.0)
    for word in range(6):
        pacer.offer(("ana", word), "ana", "message", 1)
    pacer.offer(("ben", 0), "ben", "message", 1)

    went = []
    while opens(pacer) < 0.9:
        went.append(pacer.take(opens(pacer)))
    assert went == [("ana", 0), ("ana", 1), ("ana", 2), ("ben", 0)]


def test_a_refused_chat_gets_nothing_until_the_wait_is_over():
    """429 names a time: a call before it lengthens it. Edits are calls too."""
    pacer: Pacer[Any] = Pacer(PACE, 0.0)
    pacer.refused("ana", 7.5, now=0.0)
    pacer.offer("question", "ana", "message", 1)
    pacer.offer("edit", "ana", "edit", 1)
    pacer.offer("reply", "ben", "message", 1)

    assert [pacer.take(1.0), pacer.take(7.4)] == ["reply", None]
    assert {pacer.take(7.5), pacer.take(7.6)} == {"question", "edit"}


def test_three_refusals_in_ten_seconds_hold_everything():
    """Refused in three chats at once, it is not the chats."""
    pacer: Pacer[Any] = Pacer(PACE, 0.0)
    for at, chat in ((0.0, "ana"), (4.0, "ben"), (9.0, "cid")):
        pacer.refused(chat, 20.0, now=at)
    pacer.offer("reply", "dan", "message", 1)

    assert (pacer.take(19.9), pacer.take(20.0)) == (None, "reply")


def test_three_refusals_far_apart_hold_only_their_chats():
    """One chat in trouble now and then is no reason to stop the others."""
    pacer: Pacer[Any] = Pacer(PACE, 0.0)
    for at in (0.0, 6.0, 12.0):
        pacer.refused("ana", 60.0, now=at)
    pacer.offer("reply", "dan", "message", 1)

    assert pacer.take(12.0) == "reply"


def test_an_edit_takes_nothing_of_its_private_chat():
    """Showing the choice after a tap must not make the next question wait."""
    pacer: Pacer[Any] = Pacer(PACE, 0.0)
    for edit in range(10):
        pacer.offer(edit, "ana", "edit", 1)
        assert pacer.take(1.0 + edit) == edit
    pacer.offer("question", "ana", "message", 1)

    assert pacer.take(11.0) == "question"


def test_a_restart_keeps_the_pace_of_a_group():
    """Telegram counts per bot, not per process."""
    pacer: Pacer[Any] = Pacer(PACE, 100.0)
    for sent in range(18):
        pacer.remember(GROUP, 60.0 + sent)
    pacer.offer("escalation", GROUP, "message", 2)

    assert (pacer.take(119.9), pacer.take(120.0)) == (None, "escalation")


def test_a_restart_keeps_the_pace_overall():
    """What the process before us sent in its last second counts too."""
    pacer: Pacer[Any] = Pacer(PACE, 100.0)
    for customer in range(100):
        pacer.offer(customer, str(customer), "message", 4)
    went = run_until(pacer, 100.0, 101.0)

    assert len(went) <= 26


def run_until(pacer: Pacer[Any], now: float, end: float) -> list[Any]:
    went: list[Any] = []
    while now <= end:
        while (item := pacer.take(now)) is not None:
            went.append(item)
        now = opens(pacer)
    return went


def test_withdrawn_items_are_never_taken_nor_counted():
    """A cancelled message costs no token."""
    pacer: Pacer[Any] = Pacer(PACE, 0.0)
    for ticket in [pacer.offer(each, "ana", "message", 1) for each in range(50)]:
        pacer.withdraw(ticket)
    pacer.offer("reply", "ana", "message", 5)

    assert pacer.take(0.0) == "reply"
    assert pacer.opens_at() is None


def test_chats_of_long_ago_are_forgotten():
    """A hundred thousand customers in a year must not all stay in memory."""
    pacer: Pacer[Any] = Pacer(Pace(overall_per_s=1000), 0.0)
    for second in range(300):
        pacer.offer(second, str(second), "message", 1)
        pacer.take(float(second))

    assert len(pacer._chats) < 70


def test_unlimited_lets_everything_go_at_once():
    """Our own web chat needs no pace."""
    pacer: Pacer[Any] = Pacer(UNLIMITED, 0.0)
    for each in range(1000):
        pacer.offer(each, "w1", "message", 1)

    assert [pacer.take(0.0) for _ in range(1000)] == list(range(1000))


@pytest.mark.parametrize("wrong", [{"overall_per_s": 0}, {"chat_burst": -1}, {"group_per_min": 0}])
def test_a_limit_of_nothing_is_refused(wrong):
    """It would silence the bot for ever without a word."""
    with pytest.raises(ValueError, match="above 0"):
        Pace(**wrong)


def test_an_album_counts_as_its_number_of_messages():
    """It goes whole, and what follows waits for all of it: Telegram counts each picture."""
    pacer: Pacer[str] = Pacer(Pace(), 0.0)
    pacer.offer("album", "7", "message", 1, weight=5)
    pacer.offer("words", "7", "message", 1)
    pacer.offer("album in a group", "-7", "message", 1, weight=18)
    pacer.offer("words in a group", "-7", "message", 1)
    taken: dict[str, float] = {}
    for moment in range(900):
        while (item := pacer.take(moment / 10)) is not None:
            taken[item] = moment / 10

    assert taken["words"] - taken["album"] >= 3
    assert taken["words in a group"] - taken["album in a group"] >= 60
