"""What is wrong with the installation, in plain words and with what to do: for who looks after it."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Final

import msgspec

from bot.console.wording import TROUBLE, age
from bot.delivery_health import DeliveryHealth
from bot.phrases import say
from conversations.phrases import Phrase
from storage.today import Counted
from storage.unit import Unit

WEEK: Final = timedelta(days=7) // timedelta(milliseconds=1)
LATE_BY: Final = timedelta(minutes=10) // timedelta(milliseconds=1)
"""A due row that is later than this is overdue; less is the ordinary course of a busy minute."""

STUCK_AFTER: Final = timedelta(minutes=5) // timedelta(milliseconds=1)
NAMES: Final = {"telegram": "Telegram"}


class Trouble(msgspec.Struct, frozen=True):
    """One thing that is wrong: what, and what to do. `why` is the newest reason as the log has it, or empty."""

    what: str
    mend: str
    why: str = ""


def troubles(brand: int, now: int, language: str, health: DeliveryHealth) -> Callable[[Unit], list[Trouble]]:
    """Return the work that finds all that is wrong, the gravest first; `health` is what the running delivery says."""

    def work(unit: Unit) -> list[Trouble]:
        return [
            *_running(health, language),
            *_stuck(unit, brand, now, language, health),
            *_counted(unit, brand, now, language),
        ]

    return work


def _running(health: DeliveryHealth, language: str) -> Iterator[Trouble]:
    if not health.storing:
        yield _trouble("storage", language)
    for channel in health.channels:
        if channel.state != "closed":
            yield _trouble(channel.state, language, channel.why, name=NAMES.get(channel.name, channel.name))


def _stuck(unit: Unit, brand: int, now: int, language: str, health: DeliveryHealth) -> Iterator[Trouble]:
    """Yield that messages wait, unless it was said already why they do."""
    oldest = unit.today.oldest_unsent(brand, now)
    if oldest is not None and now - oldest > STUCK_AFTER and not health.stopped and not health.circuit:
        yield _trouble("stuck", language, age=age(timedelta(milliseconds=now - oldest), language))


def _counted(unit: Unit, brand: int, now: int, language: str) -> Iterator[Trouble]:
    since = now - WEEK
    found: tuple[tuple[str, Counted], ...] = (
        ("overdue", unit.today.overdue(brand, now - LATE_BY)),
        ("parked", unit.today.set_aside(brand, "parked", since)),
        ("late", unit.today.set_aside(brand, "late", since)),
        ("unknown", unit.today.lost_messages(brand, "unknown", since)),
        ("dead", unit.today.lost_messages(brand, "dead", since)),
        ("buried", unit.today.unread_updates(brand, since)),
        ("notifications", unit.today.parked_notifications(brand)),
    )
    for kind, each in found:
        if each.count:
            yield _trouble(kind, language, each.why, count=each.count)


def _trouble(kind: str, language: str, why: str | None = None, **places: str | int | Phrase) -> Trouble:
    what, mend = TROUBLE[kind]
    return Trouble(say(Phrase(what.sentence, places), language), say(mend, language), why or "")
