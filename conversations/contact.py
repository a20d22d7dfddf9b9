"""May we ask? One pure answer, with a reason that can be shown.

`may_we_ask` is put before everything we begin, and before relaying a person's words. It says `Allowed`, `NotNow`
with the moment to look again, `Withheld` for good, or `WaitingForLink`: nobody can be written to before they
opened their link. What holds for which kind (W withheld, N not now, – does not hold):

                     INVITATION  REMINDER  REASK  FOLLOW_UP  NOTICE  RELAY  ANSWER
    UNREACHABLE          W          W        W        W        W       W      W
    OPT_OUT              W          W        W        W        W       W²     –
    NO_CONSENT           W          W        W        W        –       –      –
    NOT_SAMPLED          W          –        –        –        –       –      –
    OPEN_CASE            W          W        –        –        –       –      –
    IN_CONVERSATION      W          –        –        N³       –       –      –
    COOLDOWN             W          –        –        –        –       –      –
    no address        waiting¹      W        W        W        W       W      W
    RECENT_MESSAGE       N          –        –        N        N       –      –
    QUIET_HOURS          N          N        N        N        N       N⁴     –

Rows are looked at from the top, so the reason that is stored is the most telling one.

1 `WaitingForLink`; for the other kinds a missing address is `UNREACHABLE`.
2 A person's word in the customer's own open case still goes through; without a case it does not.
3 Only while the customer is talking: a conversation they left an hour ago does not hold up a follow-up.
4 Not within an hour of the customer's last message: who has just spoken may be answered.

Consent that was refused always holds; consent never asked for holds where the rules require it.
"""

import enum
import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Final, assert_never
from zoneinfo import ZoneInfo

import msgspec

from conversations.phrases import phrase

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)
_DAY: Final = timedelta(days=1) // _MILLISECOND
_STILL_TALKING: Final = timedelta(hours=1) // _MILLISECOND


class Kind(enum.Enum):
    """What we are about to send."""

    INVITATION = "invitation"
    REMINDER = "reminder"
    REASK = "reask"
    """The open question once more, after taps may have been lost."""
    FOLLOW_UP = "follow_up"
    NOTICE = "notice"
    """A candid word about a case or a promise; asks nothing."""
    RELAY = "relay"
    """What a staff member wrote to the customer."""
    ANSWER = "answer"
    """A reply to what the customer just said."""


class Reason(enum.Enum):
    """Why we may not ask, or not yet: the most telling first. The values are stored."""

    UNREACHABLE = "unreachable"
    OPT_OUT = "opt_out"
    NO_CONSENT = "no_consent"
    NOT_SAMPLED = "not_sampled"
    OPEN_CASE = "open_case"
    IN_CONVERSATION = "in_conversation"
    COOLDOWN = "cooldown"
    RECENT_MESSAGE = "recent_message"
    QUIET_HOURS = "quiet_hours"

    @property
    def sentence(self) -> str:
        """The reason in English, which is also its key in the catalogues."""
        return _SENTENCES[self]


_SENTENCES: Final = {
    reason: said.sentence
    for reason, said in {
        Reason.UNREACHABLE: phrase("The customer cannot be reached on any channel."),
        Reason.OPT_OUT: phrase("The customer asked us not to write again."),
        Reason.NO_CONSENT: phrase("The customer has not agreed to be asked."),
        Reason.NOT_SAMPLED: phrase("The customer is not in the share of customers that this survey asks."),
        Reason.OPEN_CASE: phrase("The customer has an open case; it comes first."),
        Reason.IN_CONVERSATION: phrase("Another conversation with the customer is under way."),
        Reason.COOLDOWN: phrase("The customer was asked only recently."),
        Reason.RECENT_MESSAGE: phrase("The customer already got a message from us within the last day."),
        Reason.QUIET_HOURS: phrase("It is quiet hours where the customer is."),
    }.items()
}


class Rules(msgspec.Struct, frozen=True):
    """The contact rules of an installation. Quiet hours are wall time; equal ends mean there are none."""

    cooldown: timedelta = timedelta(days=14)
    quiet_from: time = time(21)
    quiet_until: time = time(9)
    consent_required: bool = False
    one_proactive_per: timedelta = timedelta(hours=24)


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the customer. Moments are milliseconds UTC, None when there was none.

    `zone` is an IANA name: the customer's, else the business's. `consented` is None when never asked.
    `last_asked_at` counts over all surveys; `last_proactive_at` is the last invitation, follow-up or notice;
    `last_spoke_at` the customer's last message or tap. `sampled` comes from the function of that name.
    """

    opted_out: bool
    consented: bool | None
    last_asked_at: int | None
    last_proactive_at: int | None
    zone: str
    has_open_case: bool
    in_conversation: bool
    reachable: bool
    has_address: bool
    sampled: bool
    last_spoke_at: int | None = None


class Allowed(msgspec.Struct, frozen=True, tag="allowed"):
    """Send it."""


class NotNow(msgspec.Struct, frozen=True, tag="not_now"):
    """Ask again at `until`, which lies outside quiet hours."""

    until: int
    reason: Reason


class Withheld(msgspec.Struct, frozen=True, tag="withheld"):
    """Do not send it at all; keep the reason."""

    reason: Reason


class WaitingForLink(msgspec.Struct, frozen=True, tag="waiting_for_link"):
    """The customer has not opened a link yet; it goes out when they do. Not withheld."""


Verdict = Allowed | NotNow | Withheld | WaitingForLink

_BEGUN: Final = frozenset({Reason.OPT_OUT, Reason.QUIET_HOURS})
_HOLDING: Final[Mapping[Kind, frozenset[Reason]]] = {
    Kind.INVITATION: frozenset(Reason),
    Kind.REMINDER: _BEGUN | {Reason.NO_CONSENT, Reason.OPEN_CASE, Reason.UNREACHABLE},
    Kind.REASK: _BEGUN | {Reason.NO_CONSENT, Reason.UNREACHABLE},
    Kind.FOLLOW_UP: _BEGUN | {Reason.NO_CONSENT, Reason.IN_CONVERSATION, Reason.RECENT_MESSAGE, Reason.UNREACHABLE},
    Kind.NOTICE: _BEGUN | {Reason.RECENT_MESSAGE, Reason.UNREACHABLE},
    Kind.RELAY: _BEGUN | {Reason.UNREACHABLE},
    Kind.ANSWER: frozenset({Reason.UNREACHABLE}),
}


def may_we_ask(kind: Kind, facts: Facts, rules: Rules, now: int) -> Verdict:
    """Return whether a message of this kind may go to the customer at `now` (ms UTC), by the table above.

    Raises ValueError naming the zone when there is no such zone.
    """
    for reason in Reason:  # in the order of the table
        if reason in _HOLDING[kind] and _refuses(reason, kind, facts, rules, now):
            return Withheld(reason)
    if not facts.has_address:
        return WaitingForLink() if kind is Kind.INVITATION else Withheld(Reason.UNREACHABLE)
    return _when(kind, facts, rules, now)


def _when(kind: Kind, facts: Facts, rules: Rules, now: int) -> Verdict:
    holding = _HOLDING[kind]
    if Reason.IN_CONVERSATION in holding and facts.in_conversation and _talking(facts, now):
        return NotNow(waking(_talk_ends(facts), facts.zone, rules), Reason.IN_CONVERSATION)
    if Reason.RECENT_MESSAGE in holding and (free_at := _free_at(facts, rules)) > now:
        return NotNow(waking(free_at, facts.zone, rules), Reason.RECENT_MESSAGE)
    if Reason.QUIET_HOURS in holding and not (kind is Kind.RELAY and _talking(facts, now)):
        until = waking(now, facts.zone, rules)
        return NotNow(until, Reason.QUIET_HOURS) if until > now else Allowed()
    return Allowed()


def _refuses(reason: Reason, kind: Kind, facts: Facts, rules: Rules, now: int) -> bool:
    """Return whether this reason speaks against it for good; the last two only put it off."""
    match reason:
        case Reason.UNREACHABLE:
            return not facts.reachable
        case Reason.OPT_OUT:
            return facts.opted_out and not (kind is Kind.RELAY and facts.has_open_case)
        case Reason.NO_CONSENT:
            return facts.consented is False or (rules.consent_required and facts.consented is None)
        case Reason.NOT_SAMPLED:
            return not facts.sampled
        case Reason.OPEN_CASE:
            return facts.has_open_case
        case Reason.IN_CONVERSATION:
            return kind is Kind.INVITATION and facts.in_conversation
        case Reason.COOLDOWN:
            return facts.last_asked_at is not None and now < facts.last_asked_at + rules.cooldown // _MILLISECOND
        case Reason.RECENT_MESSAGE | Reason.QUIET_HOURS:
            return False
        case _:
            assert_never(reason)


def _talking(facts: Facts, now: int) -> bool:
    return facts.last_spoke_at is not None and now < _talk_ends(facts)


def _talk_ends(facts: Facts) -> int:
    return (facts.last_spoke_at or 0) + _STILL_TALKING


def _free_at(facts: Facts, rules: Rules) -> int:
    """Return the first moment at which another message of ours is not too many."""
    if facts.last_proactive_at is None:
        return 0
    return facts.last_proactive_at + rules.one_proactive_per // _MILLISECOND


def sampled(seed: str, share: float) -> bool:
    """Return whether this seed falls into the share (0 to 1): always the same for the same seed.

    Whoever is in a share is in every larger one. Raises ValueError when the share is not from 0 to 1.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"a sampling share lies between 0 and 1, not {share}")
    drawn = int.from_bytes(hashlib.blake2b(seed.encode("utf-8", "surrogatepass"), digest_size=6).digest())
    return drawn < share * 2**48


def waking(now: int, zone: str, rules: Rules) -> int:
    """Return the first millisecond, `now` or later, outside quiet hours by the wall clock of that zone.

    Quiet hours may cross midnight. Where their end falls into the gap of a clock set forward, it is the first
    instant after the gap; where the clock shows it twice, it is the first. Only the wall clock counts.
    Raises ValueError naming the zone when there is no such zone.
    """
    place = _place(zone)
    while (left := _quiet_left(now, place, rules)) > 0:
        now = _forward(now, left, place)
    return now


def _quiet_left(at: int, place: ZoneInfo, rules: Rules) -> int:
    """Return how long (ms on the wall clock) quiet hours still last; 0 outside of them."""
    wall = _since_midnight(_local(at, place).time())
    opens, closes = _since_midnight(rules.quiet_until), _since_midnight(rules.quiet_from)
    if (wall - closes) % _DAY >= (opens - closes) % _DAY:
        return 0
    return (opens - wall) % _DAY


def _since_midnight(wall: time) -> int:
    return (
        timedelta(hours=wall.hour, minutes=wall.minute, seconds=wall.second, microseconds=wall.microsecond)
        // _MILLISECOND
    )


def _forward(at: int, span: int, place: ZoneInfo) -> int:
    """Return the instant that much later, or the first at which the clock is changed if that is sooner."""
    before = _local(at, place).utcoffset()
    if _local(at + span, place).utcoffset() == before:
        return at + span
    same, changed = at, at + span
    while changed - same > 1:
        middle = (same + changed) // 2
        if _local(middle, place).utcoffset() == before:
            same = middle
        else:
            changed = middle
    return changed


def _local(at: int, place: ZoneInfo) -> datetime:
    return (_EPOCH + timedelta(milliseconds=at)).astimezone(place)


def _place(zone: str) -> ZoneInfo:
    try:
        return ZoneInfo(zone)
    except (LookupError, ValueError, OSError):  # unknown, malformed, a folder of zones
        raise ValueError(f"there is no time zone {zone!r}; use an IANA name such as Europe/Berlin") from None
