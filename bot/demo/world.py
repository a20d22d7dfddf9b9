"""The demo's world: a shop, its customer, its staff, and a clock that can leap.

Everything in it is the real thing: SQLite in a temporary folder, the real engine, the real web chat over real
HTTP. Only business time is the demo's own: it begins on a working day at ten, and a day can pass at once.
"""

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec

from bot.app import App
from bot.clock import Clock, DemoClock
from bot.config import Config, load
from bot.house import FOLLOW_UP_SURVEY
from bot.links import SIGN_IN, SIGN_IN_LASTS, MadeLink, make_link
from bot.phrases import language_for, say
from conversations.phrases import Phrase, phrase
from storage.errors import NotFound
from storage.unit import Unit

RATE: Final = 4.0
"""Business time runs so much faster: a chat looks lived in, and nothing that waits minutes bores anybody."""

FIRST_HOUR: Final = 10
KEY_NAME: Final = "demo"

EMPTY: Final[Mapping[str, str]] = {}
ROLES: Final = "staff,manager,editor,admin"
"""A small shop: one person does all of it, and so the console shows all of it."""

SHOP: Final = phrase("The Corner Shop")
CUSTOMER: Final = phrase("Ana")
STAFF: Final = phrase("Bo")
ITEM: Final = phrase("your desk lamp")

STEPS: Final[tuple[tuple[str, Phrase], ...]] = (
    ("asked", phrase("An order was delivered, and the customer was asked")),
    ("rated", phrase("The customer answered")),
    ("case", phrase("An unhappy answer: an apology went out at once, and staff know")),
    ("taken", phrase("Staff took the case")),
    ("wrote", phrase("Staff wrote to the customer")),
    ("resolved", phrase("Staff put it right")),
    ("followed_up", phrase("The next day the customer was asked whether it worked")),
    ("closed", phrase("The customer said how it ended")),
)


def working_day(real: int) -> int:
    """Return, in ms, ten in the morning UTC of the first working day from that moment on."""
    day = datetime.fromtimestamp(real / 1000, UTC).replace(hour=FIRST_HOUR, minute=0, second=0, microsecond=0)
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return int(day.timestamp()) * 1000


RECOVERY: Final[Mapping[str, str]] = {
    "business.currency": "EUR",
    "recovery.tells": "person",
    "recovery.budget_per_month": "1000",
}
"""What the story of recovery sets besides: there is something to give, and one person is told at a time."""


def configured(folder: Path, port: int, language: str = "en", more: Mapping[str, str] = EMPTY) -> Config:
    """Return the demo's settings, which know nothing of the settings of whoever runs it."""
    file = folder / "config.toml"
    key = secrets.token_urlsafe(24)
    file.write_text(f'[api.keys]\n{KEY_NAME} = "{key}"\n', "utf-8")
    chosen = {
        "business.name": say(SHOP, language),
        "business.language": language,
        "web.port": str(port),
        "telegram.token": "",
        "storage.folder": str(folder),
        "backup.every": "0s",
        **more,
    }
    settings = [f"{name}={value}" for name, value in chosen.items()]
    return load(file, folder=folder, settings=settings, environ={}, make_secrets=True)


class Cast(msgspec.Struct, frozen=True):
    """Who plays: the customer's reference and link, the staff member's name and link."""

    reference: str
    customer_token: str
    staff: str
    staff_token: str
    language: str


class World:
    """The bot at work in the demo, and what a visitor can do to it."""

    def __init__(self, folder: Path, port: int, language: str = "en", more: Mapping[str, str] = EMPTY) -> None:
        real = Clock().real()
        self.clock = DemoClock(working_day(real), RATE)
        self.app = App(configured(folder, port, language, more), self.clock)
        self._count = 0

    @property
    def key(self) -> str:
        """Return the key with which the shop's own system sends its events."""
        return self.app.config.api.keys[KEY_NAME]

    async def cast(self, language: str) -> Cast:
        """Begin the story anew: a new customer and a new staff member, each with a link; the last ones leave."""
        self._count += 1
        number, tag = self._count, language_for(language)
        reference, name = f"demo-{number}", say(STAFF, tag)
        now = self.clock.now()

        def work(unit: Unit) -> Cast:
            for member in unit.staff.listing(1):
                unit.staff.remove(member.id, now)
            customer = unit.customers.ensure(1, reference, now, say(CUSTOMER, tag), tag)
            member = unit.staff.add(1, f"{name}" if number == 1 else f"{name} {number}", ROLES, tag, now)
            mine = make_link(unit, 1, "customer", now, customer_id=customer.id)
            theirs = make_link(unit, 1, "staff", now, staff_member_id=member.id)
            return Cast(reference, mine.token, member.name, theirs.token, tag)

        return await self.app.database.run(work)

    async def sign_in_link(self, cast: Cast) -> MadeLink:
        """Make a link with which the visitor signs in to the console as the staff member of a story."""
        now = self.clock.now()

        def work(unit: Unit) -> MadeLink:
            member = unit.staff.by_name(1, cast.staff)
            if member is None:
                raise NotFound("staff_member", cast.staff)
            return make_link(unit, 1, SIGN_IN, now, staff_member_id=member.id, lasts=SIGN_IN_LASTS)

        return await self.app.database.run(work)

    def delivered(self, cast: Cast, number: int) -> dict[str, object]:
        """Return the CloudEvent that the shop's system sends when an order was delivered."""
        return {
            "specversion": "1.0",
            "id": f"{cast.reference}-{number}",
            "source": "corner-shop",
            "type": "order.delivered",
            "subject": f"order-{cast.reference}-{number}",
            "data": {
                "customer": {"id": cast.reference},
                "service": {"item": say(ITEM, cast.language)},
            },
        }

    def let_pass(self, span: timedelta) -> None:
        """Let business time leap; what became due fires at once."""
        self.clock.shift(span)

    async def standing(self, reference: str) -> dict[str, bool]:
        """Return which steps of the story have happened to a customer."""

        def work(unit: Unit) -> dict[str, bool]:
            customer = unit.customers.by_reference(1, reference)
            if customer is None:
                return dict.fromkeys((step for step, _ in STEPS), False)
            talks = unit.conversations.of_customer(customer.id, 50)
            case = unit.cases.newest_of(customer.id)
            wrote = case is not None and any(said.author == "staff" for said in unit.case_messages.of(case.id))
            return {
                "asked": bool(talks),
                "rated": any(unit.answers.of(talk.id) for talk in talks),
                "case": case is not None,
                "taken": case is not None and case.owner_id is not None,
                "wrote": wrote,
                "resolved": case is not None and case.stage in ("resolved", "settled", "closed"),
                "followed_up": any(talk.purpose == FOLLOW_UP_SURVEY for talk in talks),
                "closed": case is not None and case.outcome is not None,
            }

        return await self.app.database.read(work)
