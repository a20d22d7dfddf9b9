"""The shop of the month: its settings, and the eight who work there."""

from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from bot.config import Config, load
from recovery import written_calendars
from recovery.written_calendars import WEEKDAYS
from storage.unit import Unit
from tests.month.people import CHANNEL
from tests.month.seeds import ZONE, Month

AT_ONCE: Final = 2_000
HOLIDAY: Final = "2026-03-19"
LOAD_LIMIT: Final = 400
"""In severities of open cases: more than a person could bear, but this is a bad month."""


SURVEY: Final = """format = 1
key = "visit"
touchpoint = "service"
languages = ["en"]
delay = "1h"
expires = "72h"
remind = []
follow_up = "24h"
unhappy = "satisfaction <= 2"
explain = "what_happened"
apology.en = "I am sorry, {{ customer.name }}. We want to put it right."
thanks.en = "Thank you, {{ customer.name }}."

[[question]]
key = "satisfaction"
kind = "csat"
text.en = "How satisfied are you with our service?"

[[question.branch]]
when = "satisfaction >= 3"
to = "end"

[[question]]
key = "what_happened"
kind = "text"
optional = true
text.en = "What happened?"
"""
"""One question, asked once: nobody is reminded, for a month of the whole town's silence would show nothing more."""


class Worker(NamedTuple):
    """Somebody who works there. `quick` is the share of messages that they look at soon, `ill` the first day of a
    week without them; who is careful says so with /off."""

    name: str
    roles: str = "staff"
    from_hour: int = 8
    to_hour: int = 17
    quick: float = 0.8
    ill: int | None = None
    says_so: bool = False

    @property
    def calendar(self) -> str:
        """Return the key of their working calendar."""
        return f"from_{self.from_hour}_to_{self.to_hour}"

    @property
    def hours(self) -> str:
        """Return their working calendar as it is stored: six days a week, and one holiday in the month."""
        week = dict.fromkeys(WEEKDAYS[:6], f"{self.from_hour:02}:00-{self.to_hour:02}:00")
        return written_calendars.save(written_calendars.read({"zone": ZONE, "week": week, "closed": [HOLIDAY]}))

    def works(self, weekday: int, hour: int) -> bool:
        """Return whether they are at work then, when they are not ill."""
        return weekday < 6 and self.from_hour <= hour < self.to_hour


WORKERS: Final = (
    Worker("Ana"),
    Worker("Bo", quick=0.9),
    Worker("Chen", from_hour=11, to_hour=20),
    Worker("Dora", quick=0.6),
    Worker("Emil", from_hour=11, to_hour=20, ill=9, says_so=True),
    Worker("Fatima", ill=16),
    Worker("Gao", roles="staff,supervisor", from_hour=9, to_hour=19),
    Worker("Hanna", roles="manager", from_hour=9, to_hour=18),
)


def settings(folder: Path) -> Config:
    """Return the settings of the month, which know nothing of the settings of whoever runs it."""
    chosen = {
        "business.name": "Corner Shop",
        "business.zone": ZONE,
        "telegram.token": "",
        "storage.folder": str(folder),
        "storage.synchronous": "NORMAL",
        "backup.every": "0s",
        "delivery.edit_delay": "0s",
        "business.currency": "EUR",
        "recovery.tells": "person",
        "surveys.folder": str(folder / "surveys"),
        "recovery.budget_per_month": "20000",
        "recovery.supervisor_up_to": "100",
        "recovery.two_above": "120",
        "log.level": "error",
    }
    file = folder / "config.toml"
    file.touch()
    (folder / "surveys").mkdir(exist_ok=True)
    (folder / "surveys" / "visit.toml").write_text(SURVEY, "utf-8")
    return load(
        file,
        folder=folder,
        settings=[f"{name}={value}" for name, value in chosen.items()],
        environ={},
        make_secrets=True,
    )


def take_on(unit: Unit, now: int) -> None:
    """Take everybody on, each with a telephone."""
    for worker in WORKERS:
        unit.calendars.put(1, worker.calendar, worker.hours, now)
    for number, worker in enumerate(WORKERS):
        member = unit.staff.add(1, worker.name, worker.roles, "en", now)
        unit.staff.change(
            msgspec.structs.replace(
                member, calendar=worker.calendar, per_case=2500, per_day=20_000, load_limit=LOAD_LIMIT
            )
        )
        unit.addresses.add(1, CHANNEL, f"s{number}", "staff", now, staff_member_id=member.id)


def customers(month: Month) -> list[range]:
    """Return the customers' numbers, so many at a time as one transaction takes."""
    return [range(first, min(first + AT_ONCE, month.customers)) for first in range(0, month.customers, AT_ONCE)]


def get_to_know(unit: Unit, numbers: range, now: int) -> None:
    """Keep customers with their telephones, as their links would have made them known."""
    for number in numbers:
        customer = unit.customers.ensure(1, f"c{number}", now, f"Customer {number}", "en")
        address = unit.addresses.add(1, CHANNEL, f"c{number}", "customer", now, customer_id=customer.id)
        unit.chat_customers.join(address.id, customer.id, now)
