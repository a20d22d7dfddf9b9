"""Claims about when we may begin something with a customer, and about quiet hours in every zone."""

import zoneinfo
from datetime import UTC, datetime, time, timedelta
from functools import partial

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from conversations.contact import (
    Allowed,
    Facts,
    Kind,
    NotNow,
    Reason,
    Rules,
    Verdict,
    WaitingForLink,
    Withheld,
    may_we_ask,
    sampled,
    waking,
)

HOUR = 3_600_000
DAY = 24 * HOUR


def moment(text: str) -> int:
    """Return the milliseconds of a moment written in ISO 8601; UTC unless it says otherwise."""
    at = datetime.fromisoformat(text)
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * 1000)


def wall(at: int, zone: str) -> datetime:
    return datetime.fromtimestamp(at // 1000, zoneinfo.ZoneInfo(zone)) + timedelta(milliseconds=at % 1000)


NOON = moment("2026-03-02T12:00")
NIGHT = moment("2026-03-02T23:00")
MORNING = moment("2026-03-03T09:00")
RULES = Rules()

facts = partial(
    Facts,
    opted_out=False,
    consented=None,
    last_asked_at=None,
    last_proactive_at=None,
    zone="UTC",
    has_open_case=False,
    in_conversation=False,
    reachable=True,
    has_address=True,
    sampled=True,
)

WE_BEGIN = (Kind.INVITATION, Kind.REMINDER, Kind.REASK, Kind.FOLLOW_UP, Kind.NOTICE)


@pytest.mark.parametrize("kind", Kind)
def test_with_nothing_against_it_everything_may_go_by_day(kind):
    """Silence needs a reason."""
    assert may_we_ask(kind, facts(), RULES, NOON) == Allowed()


@pytest.mark.parametrize("kind", Kind)
def test_nothing_goes_to_an_unreachable_customer(kind):
    """Not even an answer: it would only fail."""
    assert may_we_ask(kind, facts(reachable=False), RULES, NOON) == Withheld(Reason.UNREACHABLE)


@pytest.mark.parametrize("kind", WE_BEGIN)
def test_an_opt_out_stops_all_that_we_begin(kind):
    """Never again is never again, also for a follow-up."""
    assert may_we_ask(kind, facts(opted_out=True), RULES, NOON) == Withheld(Reason.OPT_OUT)


def test_an_opted_out_customer_who_speaks_is_answered():
    """They asked not to be written to; they did not ask to be ignored."""
    assert may_we_ask(Kind.ANSWER, facts(opted_out=True), RULES, NOON) == Allowed()


def test_a_relay_to_an_opted_out_customer_needs_an_open_case():
    """In their own case a person's word is what they wait for; without one it is begun by us."""
    assert may_we_ask(Kind.RELAY, facts(opted_out=True, has_open_case=True), RULES, NOON) == Allowed()
    assert may_we_ask(Kind.RELAY, facts(opted_out=True), RULES, NOON) == Withheld(Reason.OPT_OUT)


@pytest.mark.parametrize("kind", [Kind.INVITATION, Kind.REMINDER, Kind.REASK, Kind.FOLLOW_UP])
def test_refused_consent_holds_and_missing_consent_where_it_is_required(kind):
    """By default consent is a line in the first question, so its absence stops nothing."""
    strict = Rules(consent_required=True)

    assert may_we_ask(kind, facts(consented=False), RULES, NOON) == Withheld(Reason.NO_CONSENT)
    assert may_we_ask(kind, facts(consented=None), strict, NOON) == Withheld(Reason.NO_CONSENT)
    assert may_we_ask(kind, facts(consented=True), strict, NOON) == Allowed()


@pytest.mark.parametrize(
    ("against", "reason"),
    [
        ({"sampled": False}, Reason.NOT_SAMPLED),
        ({"has_open_case": True}, Reason.OPEN_CASE),
        ({"in_conversation": True}, Reason.IN_CONVERSATION),
        ({"last_asked_at": NOON - 14 * DAY + 1}, Reason.COOLDOWN),
    ],
)
def test_an_invitation_is_withheld_with_its_reason(against, reason):
    """It is stored so, and stays in the denominator of every rate."""
    assert may_we_ask(Kind.INVITATION, facts(**against), RULES, NOON) == Withheld(reason)


def test_the_cooldown_ends_to_the_millisecond():
    """Fourteen days are fourteen days."""
    assert may_we_ask(Kind.INVITATION, facts(last_asked_at=NOON - 14 * DAY), RULES, NOON) == Allowed()


def test_a_follow_up_is_exempt_from_cooldown_and_open_case():
    """It belongs to the very case that is open, and to the survey that was just answered."""
    assert may_we_ask(Kind.FOLLOW_UP, facts(last_asked_at=NOON - DAY, has_open_case=True), RULES, NOON) == Allowed()


def test_a_reminder_does_not_count_as_asking_anew_but_waits_behind_a_case():
    """Its invitation went out yesterday by the nature of it; a case opened since comes first."""
    assert may_we_ask(Kind.REMINDER, facts(last_asked_at=NOON - DAY, in_conversation=True), RULES, NOON) == Allowed()
    assert may_we_ask(Kind.REMINDER, facts(has_open_case=True), RULES, NOON) == Withheld(Reason.OPEN_CASE)


@pytest.mark.parametrize("kind", [*WE_BEGIN, Kind.RELAY])
def test_what_we_begin_waits_for_the_morning(kind):
    """Nobody is woken by us."""
    assert may_we_ask(kind, facts(), RULES, NIGHT) == NotNow(MORNING, Reason.QUIET_HOURS)


def test_an_answer_is_exempt_from_quiet_hours_cooldown_and_open_case():
    """Who writes at night is awake."""
    burdened = facts(
        last_asked_at=NIGHT, last_proactive_at=NIGHT, has_open_case=True, in_conversation=True, sampled=False
    )

    assert may_we_ask(Kind.ANSWER, burdened, RULES, NIGHT) == Allowed()


def test_a_relay_goes_at_night_while_the_customer_is_talking():
    """After an hour of silence they may be asleep."""
    assert may_we_ask(Kind.RELAY, facts(last_spoke_at=NIGHT - HOUR + 1), RULES, NIGHT) == Allowed()
    assert may_we_ask(Kind.RELAY, facts(last_spoke_at=NIGHT - HOUR), RULES, NIGHT) == NotNow(
        MORNING, Reason.QUIET_HOURS
    )


@pytest.mark.parametrize("kind", [Kind.INVITATION, Kind.FOLLOW_UP, Kind.NOTICE])
def test_one_message_of_ours_a_day(kind):
    """Against each other; the moment to look again is outside quiet hours."""
    at_ten = moment("2026-03-02T10:00")
    late = moment("2026-03-01T22:00")

    assert may_we_ask(kind, facts(last_proactive_at=at_ten), RULES, NOON) == NotNow(at_ten + DAY, Reason.RECENT_MESSAGE)
    assert may_we_ask(kind, facts(last_proactive_at=late), RULES, NOON) == NotNow(MORNING, Reason.RECENT_MESSAGE)


@pytest.mark.parametrize("kind", [Kind.REMINDER, Kind.REASK, Kind.RELAY])
def test_reminders_and_relays_are_not_counted_against_other_messages(kind):
    """A reminder belongs to its invitation, a relay to the customer's own case."""
    assert may_we_ask(kind, facts(last_proactive_at=NOON - HOUR), RULES, NOON) == Allowed()


def test_a_follow_up_does_not_break_into_a_talk_but_outlives_one_left_open():
    """A conversation abandoned yesterday would else hold the follow-up back for good."""
    talking = facts(in_conversation=True, last_spoke_at=NOON - 1)

    assert may_we_ask(Kind.FOLLOW_UP, talking, RULES, NOON) == NotNow(NOON - 1 + HOUR, Reason.IN_CONVERSATION)
    assert may_we_ask(Kind.FOLLOW_UP, facts(in_conversation=True, last_spoke_at=NOON - DAY), RULES, NOON) == Allowed()


def test_an_invitation_without_an_address_waits_for_the_link_and_is_not_withheld():
    """A bot cannot write first; the invitation goes out when the customer comes."""
    assert may_we_ask(Kind.INVITATION, facts(has_address=False), RULES, NIGHT) == WaitingForLink()
    assert may_we_ask(Kind.FOLLOW_UP, facts(has_address=False), RULES, NOON) == Withheld(Reason.UNREACHABLE)


def test_a_link_is_not_handed_out_to_whom_we_may_not_ask():
    """The permanent refusals come first."""
    assert may_we_ask(Kind.INVITATION, facts(has_address=False, opted_out=True), RULES, NOON) == Withheld(
        Reason.OPT_OUT
    )


def test_the_most_telling_reason_is_given():
    """Of many reasons the one that will not pass by waiting is stored."""
    everything = facts(
        opted_out=True,
        consented=False,
        sampled=False,
        has_open_case=True,
        in_conversation=True,
        last_asked_at=NIGHT,
        last_proactive_at=NIGHT,
    )

    assert may_we_ask(Kind.INVITATION, everything, RULES, NIGHT) == Withheld(Reason.OPT_OUT)


@given(
    st.sampled_from(Kind),
    st.builds(
        facts,
        opted_out=st.booleans(),
        consented=st.none() | st.booleans(),
        last_asked_at=st.none() | st.integers(NOON - 20 * DAY, NOON + DAY),
        last_proactive_at=st.none() | st.integers(NOON - 2 * DAY, NOON + DAY),
        last_spoke_at=st.none() | st.integers(NOON - 2 * DAY, NOON),
        zone=st.sampled_from(["UTC", "Asia/Shanghai", "America/New_York", "Australia/Lord_Howe"]),
        has_open_case=st.booleans(),
        in_conversation=st.booleans(),
        reachable=st.booleans(),
        has_address=st.booleans(),
        sampled=st.booleans(),
    ),
    st.integers(NOON, NOON + 2 * DAY),
)
def test_waiting_as_told_ends_and_never_ends_in_the_night(kind, known, now):
    """Not now means later, outside quiet hours, and not for ever."""
    first = verdict = may_we_ask(kind, known, RULES, now)
    for _ in range(3):
        if not isinstance(verdict, NotNow):
            break
        assert verdict.until > now
        assert waking(verdict.until, known.zone, RULES) == verdict.until
        now = verdict.until
        verdict = may_we_ask(kind, known, RULES, now)

    assert not isinstance(verdict, NotNow)
    assert msgspec.json.decode(msgspec.json.encode(first), type=Verdict) == first


@pytest.mark.parametrize("reason", Reason)
def test_each_reason_is_a_sentence(reason):
    """It is shown to people, in their language."""
    assert reason.sentence.endswith(".")


@given(st.text(), st.floats(0, 1), st.floats(0, 1))
def test_who_is_in_a_share_is_in_each_larger_one(seed, share, other):
    """Raising the share asks more people, and not other ones; the same seed is always decided alike."""
    smaller, larger = sorted((share, other))

    assert sampled(seed, larger) or not sampled(seed, smaller)
    assert sampled(seed, 1)
    assert not sampled(seed, 0)


def test_a_share_is_about_that_share():
    """A quarter of ten thousand, within three parts in a hundred."""
    assert 2200 < sum(sampled(f"event-{n}", 0.25) for n in range(10_000)) < 2800


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_a_share_outside_zero_to_one_is_refused(share):
    """25 is most likely meant as a percentage, and would ask everybody."""
    with pytest.raises(ValueError, match="between 0 and 1"):
        sampled("event", share)


ZONES = sorted(zoneinfo.available_timezones())
SPAN = st.integers(moment("2026-01-01"), moment("2029-01-01"))


def quiet(at: int, zone: str, rules: Rules) -> bool:
    """Say it as the settings do: from … until …, perhaps across midnight."""
    clock, since, until = wall(at, zone).time(), rules.quiet_from, rules.quiet_until
    return since <= clock < until if since <= until else clock >= since or clock < until


def lawful(now: int, zone: str, rules: Rules) -> None:
    at = waking(now, zone, rules)

    assert at >= now
    assert not quiet(at, zone, rules)
    assert waking(at, zone, rules) == at
    assert at == now or quiet(at - 1, zone, rules)
    assert at - now <= DAY + 3 * HOUR


@pytest.mark.parametrize("zone", ZONES)
def test_in_every_zone_whatever_waits_goes_out_by_day(zone):
    """Each sixth hour of three years is too slow; each change of a clock and its neighbourhood is not."""
    for at in [*changes(zone), moment("2026-07-01"), moment("2027-12-31T23:59:59")]:
        for now in range(at - 30 * HOUR, at + 12 * HOUR, 7 * HOUR + 1):
            lawful(now, zone, RULES)


def changes(zone: str) -> list[int]:
    """Return the days of 2026 to 2028 at which this zone's clock is changed."""
    place = zoneinfo.ZoneInfo(zone)
    days = [moment("2026-01-01") + n * DAY for n in range(3 * 366)]
    offsets = [datetime.fromtimestamp(day // 1000, place).utcoffset() for day in days]
    return [day for day, before, after in zip(days, offsets, offsets[1:], strict=False) if before != after]


@given(SPAN, st.sampled_from(ZONES), st.times(), st.times())
@example(moment("2026-03-28T23:30"), "Europe/Berlin", time(21), time(2, 30))
def test_no_quiet_hours_are_ever_broken(now, zone, since, until):
    """For any hours, down to the microsecond; where the hours are no hours at all, nothing waits."""
    since, until = (edge.replace(microsecond=edge.microsecond // 1000 * 1000) for edge in (since, until))
    if since == until:
        assert waking(now, zone, Rules(quiet_from=since, quiet_until=until)) == now
    else:
        lawful(now, zone, Rules(quiet_from=since, quiet_until=until))


@pytest.mark.parametrize(
    ("zone", "until", "now", "then"),
    [
        ("Europe/Berlin", time(2, 30), "2026-03-29T00:00+01:00", "2026-03-29T03:00+02:00"),
        ("Europe/Berlin", time(2, 30), "2026-10-25T00:00+02:00", "2026-10-25T02:30+02:00"),
        ("Europe/Berlin", time(9), "2026-03-28T22:00+01:00", "2026-03-29T09:00+02:00"),
        ("Europe/Berlin", time(9), "2026-10-24T22:00+02:00", "2026-10-25T09:00+01:00"),
        ("America/New_York", time(2, 15), "2026-03-08T00:00-05:00", "2026-03-08T03:00-04:00"),
        ("America/New_York", time(1, 30), "2026-11-01T00:10-04:00", "2026-11-01T01:30-04:00"),
        ("Asia/Shanghai", time(9), "2026-03-02T21:00+08:00", "2026-03-03T09:00+08:00"),
        ("Australia/Lord_Howe", time(2, 15), "2026-10-04T01:00+10:30", "2026-10-04T02:30+11:00"),
        ("Australia/Lord_Howe", time(1, 45), "2026-04-05T01:00+11:00", "2026-04-05T01:45+11:00"),
        ("America/Havana", time(0, 30), "2026-03-07T23:00-05:00", "2026-03-08T01:00-04:00"),
        ("Pacific/Apia", time(9), "2011-12-29T22:00-10:00", "2011-12-31T09:00+14:00"),
    ],
)
def test_where_the_clock_is_changed_it_is_the_first_valid_instant(zone, until, now, then):
    """In the gap the first instant after it, in the fold the first of the two (D3)."""
    assert waking(moment(now), zone, Rules(quiet_until=until)) == moment(then)


def test_the_second_time_round_waits_for_the_second_end():
    """At 02:10 the clock says night, whichever 02:10 it is."""
    rules = Rules(quiet_until=time(2, 30))

    assert waking(moment("2026-10-25T02:10+01:00"), "Europe/Berlin", rules) == moment("2026-10-25T02:30+01:00")


def test_the_edges_of_quiet_hours():
    """From 21:00 sharp it is quiet, from 09:00 sharp it is not."""
    nine = moment("2026-03-02T21:00")

    assert waking(nine - 1, "UTC", RULES) == nine - 1
    assert waking(nine, "UTC", RULES) == MORNING
    assert waking(MORNING - 1, "UTC", RULES) == MORNING


def test_equal_ends_mean_no_quiet_hours():
    """Else a careless setting would silence us for good."""
    assert waking(NIGHT, "UTC", Rules(quiet_from=time(0), quiet_until=time(0))) == NIGHT


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "America", "../etc/passwd", "a\0b", "x" * 300, "tzdata.zi"])
def test_an_unknown_zone_is_named(zone):
    """The caller falls back to the business's zone, and can say why (D4)."""
    with pytest.raises(ValueError, match="there is no time zone"):
        waking(NOON, zone, RULES)
