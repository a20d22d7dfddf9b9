"""One installation under test: its folder, its lives, its Telegram, and the comparison of the two ledgers.

What the database says was answered, sent and fired is compared with what people did and what Telegram got. The
rules are the product's promises: no answer lost or doubled, no message sent again once its result is recorded, at
most two copies of any message and one of what we begin ourselves.
"""

import asyncio
import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from functools import partial
from pathlib import Path
from typing import Any, Final

import msgspec

from bot.channels.messages import Message
from bot.config import Config, load
from storage.database import Database
from storage.outbox import OutboxRow
from storage.unit import Unit
from tests import laid
from tests.crash.child import PASSED, RECORDED, Life
from tests.crash.nursery import Child, Nursery
from tests.fake_telegram import Call, FakeTelegram, Person
from tests.figures import counted, kept
from tests.waiting import LIMIT

FAST: Final = (
    "delivery.overall_per_s=100000",
    "delivery.chat_per_s=100000",
    "delivery.chat_burst=1000",
    "delivery.group_per_min=100000",
    "delivery.edit_delay=0s",
)
ALWAYS_AWAKE: Final = ("contact.quiet_from=03:00", "contact.quiet_until=03:00")
DAY: Final = 24 * 3_600_000
SURVEY: Final = """
format = 1
key = "visit"
touchpoint = "service"
languages = ["en"]
expires = "72h"
remind = []
follow_up = "24h"
unhappy = "satisfaction <= 2"
explain = "what_happened"
apology.en = "I am sorry, {{ customer.name }}. We want to put it right."
thanks.en = "Thank you, {{ customer.name }}. That was all."

[[question]]
key = "satisfaction"
kind = "csat"
text.en = "How was your visit?"

[[question.branch]]
when = "satisfaction <= 2"
to = "what_happened"

[[question]]
key = "ease"
kind = "nps"
text.en = "Would you tell others of us?"

[[question]]
key = "words"
kind = "text"
text.en = "What should we know?"

[[question.branch]]
to = "end"

[[question]]
key = "what_happened"
kind = "text"
text.en = "What happened?"
"""
STAFF: Final = 900_000_001
LINKED: Final = re.compile(r"https?://\S+(?:start=|/c/)([A-Za-z0-9_-]{16,})")
"""A personal link in a message, and its token."""

Key = tuple[int, str]
"""What makes two sends copies of one message: chat, words and the prompt that its buttons carry."""


class Installation:
    """A data folder, the Telegram it talks to, and the lives of its bot one after the other."""

    def __init__(
        self, folder: Path, nursery: Nursery | None, telegram: FakeTelegram, *settings: str, since: int = 0
    ) -> None:
        self.folder = folder
        self._since = since  # what was written before is not compared: another Telegram got it
        self.telegram = telegram
        self.forgets = False  # messages are removed from the outbox when their conversation is over
        self.ahead = 0
        self.deaths = 0
        self.in_doubt = 0
        self._nursery = nursery
        self.notes = folder.parent / f"{folder.name}-notes"
        self.notes.mkdir(parents=True, exist_ok=True)
        surveys = folder.parent / f"{folder.name}-surveys"
        surveys.mkdir(parents=True, exist_ok=True)
        (surveys / "visit.toml").write_text(SURVEY, encoding="utf-8")
        self._settings = [
            f"telegram.token={telegram.token}",
            f"telegram.api_base={telegram.base}",
            "telegram.start_survey=visit",
            "business.name=Corner Shop",
            f"surveys.folder={surveys}",
            "web.port=0",
            "backup.every=0s",
            *ALWAYS_AWAKE,
            *(settings or FAST),
        ]

    @property
    def database(self) -> Path:
        """The file of the database."""
        return self.folder / "makegood.db"

    async def employ(self, name: str = "Lin", roles: str = "staff", user: int = STAFF) -> Person:
        """Take on a staff member whose chat is bound already."""
        self.folder.mkdir(parents=True, exist_ok=True)
        database = await laid.opened(self.database)
        try:

            def work(unit: Unit) -> None:
                member = unit.staff.add(1, name, roles, "en", 1)
                unit.addresses.add(1, "telegram", str(user), "staff", 1, staff_member_id=member.id)

            await database.run(work)
        finally:
            await database.close()
        return self.known_staff(name, user)

    def known_staff(self, name: str = "Lin", user: int = STAFF) -> Person:
        """Return the staff member who was taken on before, in front of their telephone."""
        return self.telegram.person(name, user_id=user, started=True)

    def config(self) -> Config:
        """Return the settings that every life here begins with."""
        return load(None, folder=self.folder, settings=self._settings, environ={})

    async def begin(self, boundary: str = "", nth: int = 1, *, poison: str = "", without: str = "") -> Child:
        """Begin a life of the bot."""
        life = Life(
            folder=str(self.folder),
            notes=str(self.notes),
            settings=self._settings,
            boundary=boundary,
            nth=nth,
            ahead=self.ahead,
            poison=poison,
            without=without,
        )
        assert self._nursery is not None, "nobody lives here"
        return await self._nursery.begin(life)

    def died(self) -> int:
        """Note a death; return how many messages Telegram had taken whose result was not recorded."""
        self.deaths += 1
        recorded = {ref for _, ref in self._recorded()}
        doubtful = [call for call in self.telegram.ledger.sent() if str(call.message_id) not in recorded]
        self.in_doubt += len(doubtful)
        return len(doubtful)

    def let_a_day_pass(self) -> None:
        """The next life begins a day, and an hour, later."""
        self.ahead += DAY + DAY // 24

    def passed(self) -> Counter[str]:
        """How often the last life, which ended in good order, passed each boundary."""
        return Counter(msgspec.json.decode((self.notes / PASSED).read_bytes(), type=dict[str, int]))

    def read(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Return rows of the database, while the bot runs or afterwards. It only looks: `mode=ro`."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=LIMIT)) as connection:
            return connection.execute(sql, values).fetchall()

    def outbox(self) -> list[OutboxRow]:
        """Return the rows of the outbox."""
        return [OutboxRow(*row) for row in self.read("SELECT * FROM outbox WHERE id > ? ORDER BY id", self._since)]

    async def settled(self, patience: float = LIMIT) -> None:
        """Return when everything that came in was taken and everything to be sent has its end."""
        unsettled = """
            SELECT 'inbox', id, state, update_json FROM inbox WHERE state = 'new'
            UNION ALL SELECT 'outbox', id, state, payload FROM outbox WHERE state IN ('queued', 'sending')
        """
        rows: list[tuple[Any, ...]] = []
        loop = asyncio.get_running_loop()
        until = loop.time() + patience
        while loop.time() < until:
            if self.database.exists() and not len(self.telegram.updates):
                rows = self.read(unsettled)
                if not rows:
                    return
            await asyncio.sleep(0.02)
        raise AssertionError(f"not settled after {patience} s: {rows}, unconfirmed: {len(self.telegram.updates)}")

    # -- the comparison

    async def verify(self) -> int:
        """Hold the ledgers against each other; return how many messages were copied."""
        assert self.read("PRAGMA integrity_check") == [("ok",)]
        assert self.read("PRAGMA foreign_key_check") == []
        assert self.read("SELECT id FROM inbox WHERE state = 'new'") == []
        assert self.read("SELECT id, state FROM outbox WHERE state IN ('queued', 'sending')") == []
        async with self._opened() as database:
            await self._verify_chains(database)
            await self._verify_figures(database)
        self._verify_recorded()
        copies = self._verify_copies()
        assert copies <= self.in_doubt, f"{copies} messages were copied, and {self.in_doubt} in doubt at a death"
        return copies

    async def verify_figures(self) -> None:
        """The figures are what the rows add up to: a turn that died left both or neither."""
        async with self._opened() as database:
            await self._verify_figures(database)

    @asynccontextmanager
    async def _opened(self) -> AsyncIterator[Database]:
        database = await Database.open(self.database)
        try:
            yield database
        finally:
            await database.close()

    async def _verify_chains(self, database: Database) -> None:
        for (talk,) in self.read("SELECT id FROM conversation"):
            assert await database.read(partial(_verified, talk)), f"the chain of conversation {talk}"

    async def _verify_figures(self, database: Database) -> None:
        standing = await database.read(lambda unit: unit.rollups.standing(1))
        assert standing is not None
        assert standing.whole, "the figures were not counted to the end"
        assert await database.read(kept) == await database.read(partial(counted, zone=standing.zone))

    def _verify_recorded(self) -> None:
        """Nothing is sent again once its result is committed, whatever the row says later."""
        rows = {row.id: row for row in self.outbox()}
        written = Counter(_key_of(row) for row in rows.values() if row.edits is None)
        sends: dict[Key, list[int]] = defaultdict(list)
        for call in self.telegram.ledger.sent():
            sends[_key(call)].append(call.message_id or 0)
        for outbox_id, ref in self._recorded():
            if self.forgets and outbox_id not in rows:
                continue
            row = rows[outbox_id]
            same = sends[_key_of(row)]
            assert (row.state, row.channel_ref) == ("sent", ref), row
            assert int(ref) in same, f"recorded as {ref}, and Telegram never took it: {row}"
            if written[_key_of(row)] == 1:
                assert max(same) == int(ref), f"sent again after it was recorded as sent: {row}"

    def _recorded(self) -> list[tuple[int, str]]:
        """The results that a life of the bot saw committed: outbox row and Telegram's id of the message."""
        lines = (self.notes / RECORDED).read_bytes().splitlines()
        return msgspec.json.decode(b"[" + b",".join(lines) + b"]", type=list[tuple[int, str]])

    def _verify_copies(self) -> int:
        """Each message reached its chat as often as its row and its class allow; return the copies too many."""
        written = Counter(_key_of(row) for row in self.outbox() if row.edits is None)
        arrived = Counter(_key(call) for call in self.telegram.ledger.sent())
        if self.forgets:
            assert all(count <= 2 for count in arrived.values()), arrived
            return sum(count - 1 for count in arrived.values())
        assert arrived.keys() <= written.keys(), f"sent, and nobody decided it: {arrived.keys() - written.keys()}"
        may: Counter[Key] = Counter()
        for row in self.outbox():
            if row.edits is not None:
                continue
            most = 1 if row.class_ == "B" else 2
            assert row.copies <= most, f"{row.copies} copies of class {row.class_}: {row}"
            may[_key_of(row)] += row.copies
            if row.state == "sent":
                assert arrived[_key_of(row)] >= 1, f"called sent, and Telegram never got it: {row}"
        for key, count in arrived.items():
            assert count <= may[key], f"{count} copies, and {may[key]} were allowed: {key}"
        return sum(max(0, count - written[key]) for key, count in arrived.items())

    # -- what people said, as the database has it

    def answers(self, person: Person) -> list[str]:
        """Everything that was kept of what a person answered, in order, words as they were said."""
        rows = self.read(
            """
            SELECT answer.raw FROM answer JOIN conversation ON conversation.id = answer.conversation_id
            JOIN address ON address.id = conversation.address_id WHERE address.chat = ? ORDER BY answer.id
            """,
            str(person.id),
        )
        return [row[0] for row in rows]

    def purposes(self, person: Person) -> Counter[str]:
        """How many messages of each purpose were decided for a person, edits apart."""
        return Counter(row.purpose for row in self.outbox() if row.chat == str(person.id) and row.edits is None)


def _verified(talk: int, unit: Unit) -> bool:
    return unit.answers.verify(talk)


def _key(call: Call) -> Key:
    if LINKED.search(call.text):
        return (call.chat or 0, "…")  # our row has forgotten the link, and with it all its words
    prompt = next((press.rpartition(":")[0] for press in call.presses), "")
    return (call.chat or 0, call.text.removeprefix("(may be a repeat) ") + prompt)


def _key_of(row: OutboxRow) -> Key:
    message = msgspec.json.decode(row.payload, type=Message)
    prompt = next((button.press.rpartition(":")[0] for each in message.rows for button in each), "")
    return (int(row.chat), message.text + prompt)
