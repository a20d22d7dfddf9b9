"""What Telegram's failures do to each class of message, through the real bot: the delivery protocol's own table.

Every fault of `reliability.md` §0.3 strikes a question, a follow-up, an escalation and an edit once, each in a chat
of its own; ledger and outbox must then read as §3.2 has it. The bot lives in the test's process, on a clock whose
patience a test can shorten.
"""

import asyncio
from datetime import timedelta
from functools import partial

import pytest

from bot.app import App
from bot.channels.messages import Message
from bot.channels.telegram.channel import Telegram
from bot.clock import Clock
from bot.config import load
from bot.outgoing import Outgoing
from storage.outbox import OutboxRow
from storage.unit import Unit
from tests.crash.installation import FAST
from tests.fake_telegram import FakeTelegram, Person, faults
from tests.waiting import LIMIT

DOUBTFUL = {
    "reset": (faults.Reset(), 1),
    "hang up": (faults.HangUp(), 1),
    "truncated": (faults.Truncate(), 1),
    "no JSON": (faults.NotJson(), 1),
    "ok false": (faults.OkFalse(), 1),
    "too slow": (faults.Silence(), 1),
    "500, done": (faults.internal_error(accepted=True), 1),
    "500, not done": (faults.internal_error(), 0),
    "502": (faults.BadGateway(), 0),
}
"""Faults that prove nothing, and how many messages reached the chat all the same."""

REFUSED = {
    "blocked": faults.blocked(),
    "deactivated": faults.deactivated(),
    "no such chat": faults.chat_not_found(),
    "empty text": faults.Refuse(code=400, description="Bad Request: message text is empty"),
}
KINDS = {"A": "reply", "B": "follow_up", "C": "escalation", "E": "edit"}


class Leaping(Clock):
    """The machine's clock, and spans that a test lets pass at once."""

    def __init__(self) -> None:
        super().__init__()
        self._leapt = timedelta()

    def now(self) -> int:
        return super().now() + self._leapt // timedelta(milliseconds=1)

    def monotonic(self) -> float:
        return super().monotonic() + self._leapt.total_seconds()

    def leap(self, seconds: float) -> None:
        """Let so many seconds pass."""
        span = timedelta(seconds=seconds)
        self._leapt += span
        for wake in self._shifted:
            wake(span)


class Struck:
    """A message that a fault will meet, in a chat of its own."""

    def __init__(self, fault: str, class_: str, person: Person) -> None:
        self.fault = fault
        self.class_ = class_
        self.person = person
        self.row: OutboxRow | None = None

    def write(self, unit: Unit, now: int) -> list[OutboxRow]:
        """Write it as a turn would, below what an edit changes."""
        chat = str(self.person.id)
        customer = unit.customers.ensure(1, chat, now)
        address = unit.addresses.add(1, "telegram", chat, "customer", now, customer_id=customer.id)
        out = Outgoing(unit, now)
        if self.class_ == "E":
            before = out.post(address, Message("before"), "reply")
            assert before is not None
            out.edit(address, before, Message("after"))
        else:
            out.post(address, Message("words"), KINDS[self.class_])
        self.row = out.rows[-1]
        return out.rows


class Trial:
    """A bot, its Telegram, and what is struck."""

    def __init__(self, app: App, telegram: FakeTelegram, clock: Leaping) -> None:
        self.app = app
        self.telegram = telegram
        self.clock = clock

    async def strike(self, fault: str, scripted: faults.AnyFault | None) -> list[Struck]:
        """Queue a message of each class for chats in which this fault waits."""
        struck = [Struck(fault, class_, self.telegram.person(f"{fault} {class_}", started=True)) for class_ in KINDS]
        for each in struck:
            if scripted is not None:
                method = "editMessageText" if each.class_ == "E" else "sendMessage"
                self.telegram.script(method, chat=each.person.id, then=[scripted])
            rows = await self.app.database.run(partial(each.write, now=self.clock.now()))
            self.app.delivery.offer(rows)
        return struck

    async def landed(self) -> None:
        """Return when no call is in the air and delivery waits for time alone, also a moment later."""
        delivery, calm = self.app.delivery, 0
        async with asyncio.timeout(LIMIT):
            while calm < 4:
                await asyncio.sleep(0.005)
                rests = delivery._waiter is not None and not delivery._woken and not len(delivery._calls)
                calm = calm + 1 if rests else 0

    async def be_patient(self) -> None:
        """Let every wait of the protocol pass: edits and staff soon, then the thirty seconds of a question."""
        for seconds in (5, 31, 31):
            await self.landed()
            self.clock.leap(seconds)
        await self.landed()

    async def row(self, struck: Struck) -> OutboxRow:
        """Return how the row stands."""
        assert struck.row is not None
        row = await self.app.database.read(lambda unit: unit.outbox.get(struck.row.id if struck.row else 0))
        assert row is not None
        return row

    def arrived(self, struck: Struck) -> list[str]:
        """What reached the chat, of the message alone."""
        calls = self.telegram.ledger.calls(chat=struck.person.id, outcome="accepted")
        method = "editMessageText" if struck.class_ == "E" else "sendMessage"
        return [call.text for call in calls if call.method == method and call.text != "before"]


@pytest.fixture
async def trial(tmp_path, monkeypatch):
    """A started bot whose calls to Telegram give up after half a second."""
    monkeypatch.setattr(Telegram._call, "__defaults__", (0.5,))
    async with FakeTelegram() as telegram:
        clock = Leaping()
        settings = [f"telegram.token={telegram.token}", f"telegram.api_base={telegram.base}", *FAST]
        app = App(load(None, folder=tmp_path, settings=settings, environ={}), clock)
        await app.start()
        try:
            await telegram.until_listening()
            yield Trial(app, telegram, clock)
        finally:
            await app.stop()


async def test_each_class_meets_doubt_as_its_rule_says(trial):
    """B3: a question and an escalation once more, a follow-up never, an edit until it is done."""
    struck = [each for name, (fault, _) in DOUBTFUL.items() for each in await trial.strike(name, fault)]
    await trial.be_patient()

    seen, expected = {}, {}
    for each in struck:
        reached = DOUBTFUL[each.fault][1]
        row = await trial.row(each)
        seen[each.fault, each.class_] = (row.state, row.copies, trial.arrived(each))
        expected[each.fault, each.class_] = {
            "A": ("sent", 2, ["words"] * (reached + 1)),
            "B": ("unknown", 1, ["words"] * reached),
            "C": ("sent", 2, ["words"] * reached + ["(may be a repeat) words"]),
            "E": ("sent", 0, ["after"]),  # made again, it is "not modified", which is as good
        }[each.class_]
    assert seen == expected


async def test_what_is_refused_for_good_is_not_tried_again(trial):
    """B5, B6: one call, one end; a chat that takes nothing is written down as such."""
    for name, fault in REFUSED.items():
        struck = await trial.strike(name, fault)
        await trial.be_patient()
        for each in struck:
            assert ((await trial.row(each)).state, trial.arrived(each)) == ("dead", []), (each.fault, each.class_)


async def test_what_surely_did_not_arrive_comes_once(trial):
    """B4: nobody listens for a while; then each message arrives, once, and counts as one copy."""
    async with trial.telegram.refusing():
        struck = await trial.strike("refused connection", None)
        await trial.landed()
        assert [(await trial.row(each)).state for each in struck] == ["queued"] * len(struck)
    for _ in range(4):
        trial.clock.leap(300)
        await trial.landed()
    for each in struck:
        row = await trial.row(each)
        assert (row.state, len(trial.arrived(each))) == ("sent", 1), each.class_
        assert row.copies == (0 if each.class_ == "E" else 1)


async def test_a_chat_that_asks_for_patience_gets_it(trial):
    """B1: nothing inside the window, nothing lost, nothing counted as a copy; other chats go on."""
    struck = await trial.strike("429", faults.TooMany(retry_after=1))
    for each in struck:
        method = "editMessageText" if each.class_ == "E" else "sendMessage"
        await trial.telegram.ledger.wait(method, each.person.id, times=2)
    await trial.landed()
    assert [(await trial.row(each)).state for each in struck] == ["sent"] * len(struck)
    assert trial.telegram.ledger.inside_windows() == []
    assert [len(trial.arrived(each)) for each in struck] == [1] * len(struck)
