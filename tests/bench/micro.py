"""What one turn costs, part by part and without a network, so that the cost of a change is seen.

turn, committed   updates stored, turns taken and group-committed as the program does it: 50 chats, durable
turn, bare        the same turns one after the other in one transaction: no commits, no waiting
engine.advance    the pure machine alone: one tap on a survey's question
rating            understanding one typed rating
parse             one button press out of a batch of 100, as Telegram writes it
"""

import asyncio
import itertools
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from bot import tallying
from bot.arrivals import Arrivals
from bot.channels.telegram import parse
from bot.channels.updates import AnyUpdate, Pressed, Written, stored
from bot.clock import Clock
from bot.config import load
from bot.house import House
from bot.outgoing import message_of
from bot.publishing import publish, wanted
from bot.settings.houses import house_of
from bot.turn import Turned, take
from conversations.engine import advance, begin
from conversations.events import Tapped
from conversations.facts import NOTHING_KNOWN
from conversations.state import Asking
from conversations.understanding import Scale, rating
from storage.database import Database
from storage.unit import Unit
from tests.bench.telegram import now

CHATS: Final = 50
TYPED: Final = ("5", "４", "三星", "4 out of 5", "⭐⭐⭐⭐", "very satisfied", "不满意", "the heating never worked")
COMMENT: Final = "The counter was friendly, thank you all"


class Chat:
    """A customer who answers whatever the last turn said to them, survey after survey."""

    def __init__(self, name: str, clock: Clock) -> None:
        self._name = name
        self._clock = clock
        self._count = 0
        self._said: Turned | None = None

    def next_update(self) -> AnyUpdate:
        """Return what they do now: /start, a tap on the first button, or words."""
        self._count += 1
        ref, at = str(self._count), self._clock.now()
        rows = self._said.rows if self._said else []
        question = next((message_of(row) for row in rows if row.purpose == "question"), None)
        if question is not None and sum(map(len, question.rows)) > 1:
            button = question.rows[0][0]
            return Pressed(
                channel="telegram", ident=f"tap:{self._name}:{ref}", chat=self._name, user=self._name, sent_at=at,
                press=button.press, ref=ref, query=ref,
            )  # fmt: skip
        text = "/start" if question is None else COMMENT
        return Written(
            channel="telegram", ident=f"text:{self._name}:{ref}", chat=self._name, user=self._name, sent_at=at,
            text=text, ref=ref, name="Ana", language="en",
        )  # fmt: skip

    def hear(self, said: Turned) -> None:
        """Keep what the turn said."""
        self._said = said


class Turns:
    """The turns of so many chats on one database."""

    def __init__(self, database: Database, house: House, clock: Clock, chats: int) -> None:
        self._database = database
        self._house = house
        self._clock = clock
        self._arrivals = Arrivals(database, clock)
        self._chats = {str(number): Chat(str(number), clock) for number in range(1, chats + 1)}

    async def committed(self) -> int:
        """Let every chat act once; return the number of turns."""
        arrived: list[tuple[int, AnyUpdate]] = []
        self._arrivals.hear(arrived.extend)
        await self._arrivals.receive([chat.next_update() for chat in self._chats.values()])
        await asyncio.gather(*(self._turn(inbox_id, update) for inbox_id, update in arrived))
        return len(arrived)

    async def _turn(self, inbox_id: int, update: AnyUpdate) -> None:
        house, at = self._house, self._clock.now()
        chat = f"{update.channel}:{update.chat}"
        done = await self._database.run(lambda unit: take(inbox_id, update, unit, house, at), chat=chat)
        self._chats[update.chat].hear(done)

    async def bare(self) -> int:
        """Let every chat go through a whole survey in one unit of work; return the number of turns."""
        return await self._database.run(self._survey_each)

    def _survey_each(self, unit: Unit) -> int:
        count = 0
        for chat, _ in itertools.product(self._chats.values(), range(5)):
            update, at = chat.next_update(), self._clock.now()
            text = stored(update)
            inbox_id = unit.inbox.add(1, update.channel, update.ident, update.update_id, update.chat, text, at)
            assert inbox_id is not None
            chat.hear(take(inbox_id, update, unit, self._house, at))
            count += 1
        return count


async def _turns(seconds: float) -> list[tuple[str, float]]:
    clock, config = Clock(), load(settings=["telegram.start_survey=pulse"], environ={})
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        rates = []
        for name in ("committed", "bare"):
            database = await Database.open(Path(folder) / f"{name}.db")
            try:
                await database.run(lambda unit: publish(unit, 1, wanted(config), clock.now()))
                house = house_of(config)
                if not await tallying.prepare(database, house):
                    await tallying.count(database, house)
                turns = Turns(database, house, clock, CHATS)
                step = turns.committed if name == "committed" else turns.bare
                await step()
                count, began = 0, now()
                while now() - began < seconds:
                    count += await step()
                rates.append((f"turn, {name}", count / (now() - began)))
            finally:
                await database.close()
    return rates


def _advance_once() -> Callable[[], object]:
    from conversations.reading import read

    source = (Path(__file__).parents[2] / "conversations/library/pulse.toml").read_text(encoding="utf-8")
    survey = read(source, "pulse.toml")
    state = begin(survey, "seed", "en", NOTHING_KNOWN, 0).state
    assert isinstance(state, Asking)
    tap = Tapped(state.prompt(), "4")
    return lambda: advance(survey, state, tap, 1)


def _rating_once() -> Callable[[], object]:
    scale, texts = Scale(1, 5, stars=True, words=True), itertools.cycle(TYPED)
    return lambda: rating(next(texts), scale)


def _parse_batch() -> Callable[[], object]:
    user = {"id": 7, "is_bot": False, "first_name": "Ana", "language_code": "en"}
    message = {
        "message_id": 9,
        "from": {"id": 1, "is_bot": True, "first_name": "Bench"},
        "chat": {"id": 7, "type": "private", "first_name": "Ana"},
        "date": 1_790_000_000,
        "text": "How likely are you to recommend us?",
        "reply_markup": {
            "inline_keyboard": [[{"text": str(n), "callback_data": f"1:seed.1:{n}"} for n in range(11)]],
        },
    }
    query = {"id": "1", "from": user, "message": message, "chat_instance": "77", "data": "1:seed.1:9"}
    updates = [{"update_id": number, "callback_query": {**query, "id": str(number)}} for number in range(1, 101)]
    body = msgspec.json.encode({"ok": True, "result": updates})
    return lambda: parse.batch(body, 0)


def _rate(once: Callable[[], object], seconds: float) -> float:
    count, began = 0, now()
    while now() - began < seconds:
        for _ in range(100):
            once()
        count += 100
    return count / (now() - began)


def main(seconds: float) -> int:
    """Print how many of each go into a second, and how long one takes."""
    share = max(0.2, seconds / 5)
    figures = [
        *asyncio.run(_turns(share)),
        ("engine.advance", _rate(_advance_once(), share)),
        ("rating", _rate(_rating_once(), share)),
        ("parse", 100 * _rate(_parse_batch(), share)),
    ]
    for name, rate in figures:
        print(f"{name:<16} {rate:>12,.0f} /s {1e6 / rate:>10,.1f} µs")
    return 0
