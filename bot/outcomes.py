"""What a try to send proves, and what follows: the rules of delivery as one pure function.

A try that did not simply succeed either proves that nothing reached the chat, and is made again, or proves
nothing, and then the class of the message decides whether a second copy or a loss is the smaller harm:

    A  question, reply        once more after 30 s without a sign of it   loss would stall the person
    B  what we begin          never again                                 a copy would pester
    C  escalation to staff    once more, "may be a repeat"                loss would leave a case alone
    D  notice with a code     once more, the same                         the code works once
    E  edit                   freely                                      changing twice is changing once

A sign is an answer or a press that carries this message's prompt: then it arrived.
"""

from collections.abc import Mapping
from datetime import timedelta
from random import Random
from typing import Final, Literal

import msgspec

from bot.channels.messages import NotDelivered

SendClass = Literal["A", "B", "C", "D", "E"]

BUDGET: Final[Mapping[str, timedelta]] = {
    "A": timedelta(hours=24),
    "B": timedelta(days=7),  # the longest that anything of the class is still wanted; most rows expire sooner
    "C": timedelta(hours=72),
    "D": timedelta(hours=72),
    "E": timedelta(hours=24),
}
"""How long after it was queued a message that surely did not arrive is still tried."""

REPEAT_AFTER: Final[Mapping[str, timedelta]] = {
    "A": timedelta(seconds=30),
    "C": timedelta(seconds=3),
    "D": timedelta(seconds=3),
}
"""How long a possible copy waits, for a sign of the first or for the channel to recover. No class B here: never."""

MOST_COPIES: Final = 2
LONGEST_WAIT: Final = 300.0
LONGEST_DOUBLING: Final = 16
STOPPED_WAIT: Final = 60.0


class Again(msgspec.Struct, frozen=True):
    """It surely did not arrive: queue it again, `wait` seconds from now; `counted` when it was a real attempt."""

    wait: float
    counted: bool = True
    whole_chat: bool = False  # the channel asked it for everything in this chat
    moved_to: str | None = None
    whole_channel: bool = False  # nothing can be sent on this channel now


class Repeat(msgspec.Struct, frozen=True):
    """It may have arrived: leave it `sending`, look for a sign, send one more copy after `wait` seconds."""

    wait: float


class Over(msgspec.Struct, frozen=True):
    """Nothing follows."""

    state: Literal["sent", "unknown", "dead"]
    chat_gone: bool = False


Ruling = Again | Repeat | Over


class Try(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one try: `tries` includes it, `copies` too; `age_ms` since the message was queued."""

    send_class: str
    tries: int
    copies: int
    age_ms: int
    seen: bool  # an answer or a press carried its prompt


def after(attempt: Try, failure: NotDelivered, random: Random) -> Ruling:
    """Return what follows a try that raised `failure`."""
    match failure.reason:
        case "AMBIGUOUS":
            return after_doubt(attempt, random)
        case "REJECTED":
            return Over("dead")
        case "UNREACHABLE":
            return Over("dead", chat_gone=True)
        case "MOVED" if failure.moved_to is None:
            return Over("dead")
        case "STOPPED":  # says nothing about the message: kept however long it takes to mend
            return Again(STOPPED_WAIT, counted=False, whole_channel=True)
        case _ if attempt.age_ms >= BUDGET[attempt.send_class] / timedelta(milliseconds=1):
            return Over("dead")
        case "MOVED":
            return Again(0.0, moved_to=failure.moved_to)
        case "NOT_SENT" if failure.retry_after is not None:
            wait = failure.retry_after if failure.ours else failure.retry_after + random.random()
            return Again(wait, counted=False, whole_chat=not failure.ours)
        case "NOT_SENT":
            return Again(jitter(attempt.tries, random))


def after_doubt(attempt: Try, random: Random) -> Ruling:
    """Return what follows a try of which nobody knows whether it arrived; also one cut off by our own death."""
    if attempt.send_class == "E":
        return Again(jitter(attempt.tries, random))
    if attempt.seen:
        return Over("sent")
    repeat_after = REPEAT_AFTER.get(attempt.send_class)
    if repeat_after is None or attempt.copies >= MOST_COPIES:
        return Over("unknown")
    return Repeat(repeat_after.total_seconds())


def jitter(tries: int, random: Random) -> float:
    """Return a wait in seconds before the next try: full jitter, up to 2 s, 4 s, … 5 minutes."""
    return random.uniform(0.0, min(LONGEST_WAIT, 2.0 ** min(tries, LONGEST_DOUBLING)))
