"""The customers: each acts the moment the bot's next message is there, and knows what was acknowledged.

    /start ─> 5 buttons ─tap─> 11 buttons ─tap─> 7 buttons ─tap─> a text question ─types─> thanks, and the next comes

An answer is acknowledged when the next message shows. Only a *new* message counts as that, never an edit: the edit
that shows a choice comes after the next question, and a customer who took it for the next one would be ahead of
the bot.
"""

import random
import re
import time
from typing import Final

import msgspec

from tests.bench.telegram import Button, Pending, Shown, Telegram, now

RATINGS: Final = (("csat", 5), ("nps", 11), ("ces", 7))
COMMENT: Final = len(RATINGS)
THANKS: Final = COMMENT + 1
FIRST_CHAT: Final = 1_000_000


class Answer(msgspec.Struct, frozen=True):
    """What a customer said, as it must stand in the bot's database."""

    chat: int
    question: str
    value: str


class Customer:
    """One person: `step` counts the bot's messages so far, `last` is what they said and wait on."""

    __slots__ = ("acted_at", "chat", "last", "pending", "shown", "step")

    def __init__(self, chat: int) -> None:
        self.chat = chat
        self.step = 0
        self.last: Answer | None = None
        self.pending: Pending
        self.acted_at = 0.0
        self.shown = ""

    def waits_for(self, shown: Shown) -> bool:
        """Tell whether this is the message that comes next; one button more, such as Skip, is allowed."""
        buttons = len(shown.buttons)
        if shown.text == self.shown:
            return False
        if self.step < COMMENT:
            return buttons in (RATINGS[self.step][1], RATINGS[self.step][1] + 1)
        return buttons <= (self.step == COMMENT)


class Customers:
    """All of them.

    While `counting`, turns and waits are kept; while `open_doors`, who leaves is followed by another.
    """

    def __init__(self, telegram: Telegram, seed: int) -> None:
        self._telegram = telegram
        self._random = random.Random(seed)
        self._next_chat = FIRST_CHAT
        self.here: dict[int, Customer] = {}
        self.finished: set[int] = set()
        self.counting = False
        self.open_doors = True
        self.took: list[float] = []  # seconds from the hand-out of the update to the next message
        self.felt: list[float] = []  # seconds from the customer's act to the next message
        self.acknowledged: list[Answer] = []
        self.taps = 0
        self.edited = 0
        self.surprises: list[str] = []
        self._unedited: set[tuple[int, int]] = set()

    def come(self, count: int) -> None:
        """Let so many new customers press Start."""
        for _ in range(count):
            customer = Customer(self._next_chat)
            self._next_chat += 1
            self.here[customer.chat] = customer
            self._write(customer, "/start", ',"entities":[{"offset":0,"length":6,"type":"bot_command"}]')

    def heard(self, chat: int, shown: Shown) -> None:
        """Take a new message in, and act on it if it is the awaited one."""
        customer = self.here.get(chat)
        if customer is None or not customer.waits_for(shown):
            self.surprises.append(f"{customer and customer.step}: {shown.text[:80]!r}, {len(shown.buttons)} buttons")
            return
        if self.counting:
            at = now()
            self.took.append(at - customer.pending.handed_at)
            self.felt.append(at - customer.acted_at)
        if customer.last is not None:
            self.acknowledged.append(customer.last)
        customer.shown = shown.text
        customer.step += 1
        self._act(customer, shown)

    def saw_edit(self, chat: int, shown: Shown) -> None:
        """Take an edit in: of a tapped message, once, without buttons."""
        place = (chat, shown.message_id)
        if place in self._unedited and not shown.buttons:
            self._unedited.remove(place)
            self.edited += 1
        else:
            self.surprises.append(f"an edit: {shown.text[:80]!r}, {len(shown.buttons)} buttons")

    @property
    def all_shown(self) -> bool:
        """Whether each tapped message shows its choice."""
        return not self._unedited

    def _act(self, customer: Customer, shown: Shown) -> None:
        if customer.step <= COMMENT:
            question, values = RATINGS[customer.step - 1]
            place = self._random.randrange(values)
            customer.last = Answer(customer.chat, question, _figure(shown.buttons[place], place))
            self._tap(customer, shown, shown.buttons[place])
        elif customer.step == THANKS:
            text = f"The counter was friendly, note {self._random.randrange(10**9)}"
            customer.last = Answer(customer.chat, "comment", text)
            self._write(customer, text)
        else:
            del self.here[customer.chat]
            self.finished.add(customer.chat)
            if self.open_doors:
                self.come(1)

    def _tap(self, customer: Customer, shown: Shown, button: Button) -> None:
        self.taps += 1
        self._unedited.add((customer.chat, shown.message_id))
        press = msgspec.json.encode(button.callback_data)
        what = b'"callback_query":{"id":"%d%d","from":%b,"message":%b,"chat_instance":"7%d","data":%b}'
        chat = customer.chat
        self._post(customer, what % (chat, shown.message_id, _person(chat), shown.body, chat, press))

    def _write(self, customer: Customer, text: str, more: str = "") -> None:
        what = (
            b'"message":{"message_id":%d,"from":%b,"chat":{"id":%d,"type":"private","first_name":"Ana"},"date":%d,%b}'
        )
        words = f'"text":"{text}"{more}'.encode()
        chat = customer.chat
        self._post(customer, what % (self._telegram.new_message_id(), _person(chat), chat, int(time.time()), words))

    def _post(self, customer: Customer, what: bytes) -> None:
        customer.acted_at = now()
        customer.pending = self._telegram.post(what)


def _person(chat: int) -> bytes:
    return b'{"id":%d,"is_bot":false,"first_name":"Ana","username":"ana%d","language_code":"en"}' % (chat, chat)


def _figure(button: Button, place: int) -> str:
    """Return the figure on a button; where it has only words, its place counted from 0."""
    figure = re.search(r"\d+", button.text)
    return figure.group() if figure else str(place)
