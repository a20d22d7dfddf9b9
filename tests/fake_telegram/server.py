# ruff: noqa: ASYNC109 - a test says how long it waits
"""The fake Telegram: a Bot API over real HTTP on loopback, with a ledger, faults and people.

    async with FakeTelegram() as telegram:
        ana = telegram.person("Ana")
        telegram.script("sendMessage", chat=ana.id, then=[faults.Reset()])
        ...start the bot with telegram.base and telegram.token...
        await ana.says("/start")
        question = await ana.hears()
        await ana.taps("5")

What it promises: the ledger has a call before its answer leaves; a message is on the screen if and only if the
ledger calls it accepted; a refusal has Telegram's own words.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from tests.fake_telegram.calls import BotApi, refuse
from tests.fake_telegram.control import Control
from tests.fake_telegram.faults import AnyFault, Script
from tests.fake_telegram.groups import Broadcast, Group
from tests.fake_telegram.hooks import Callback, Hook
from tests.fake_telegram.ledger import Call, Ledger
from tests.fake_telegram.methods import Methods
from tests.fake_telegram.parameters import Json
from tests.fake_telegram.people import Person
from tests.fake_telegram.queries import Queries
from tests.fake_telegram.refusals import Refused
from tests.fake_telegram.stage import Stage
from tests.fake_telegram.updates import Updates
from tests.fake_telegram.webhook import Webhook, Webhooks
from tests.fake_telegram.wire import Line, Listener, Request
from tests.fake_telegram.world import Chat, Clock, Membership, World, wall_clock

TOKEN = "123456:TEST-TOKEN"


class FakeTelegram:
    """One Telegram with one bot. Use it with `async with`.

    `wall` gives seconds since 1970 for dates and expiry (default: the real clock); `webhook_pace` and
    `conflict_hold` make an impatient test quick: the factor on webhook retries, and the seconds a repeated 409
    is held back. `ledger_file` gets every call as a line of JSON at once.
    """

    def __init__(
        self,
        *,
        token: str = TOKEN,
        username: str = "makegood_bot",
        port: int = 0,
        ledger_file: Path | None = None,
        wall: Callable[[], float] = wall_clock,
        webhook_pace: float = 1.0,
        conflict_hold: float = 3.0,
    ) -> None:
        self.token = token
        self.clock = Clock(wall)
        self.world = World(self.clock, int(token.partition(":")[0]), "Makegood", username)
        self.ledger = Ledger(ledger_file)
        self.updates = Updates(self.clock, self._arrived)
        self.queries = Queries(self.world)
        self.people: dict[int, Person] = {}
        self.groups: dict[int, Group] = {}
        self.stage = Stage(self.world, self.updates, self.queries)
        methods = Methods(self.world, self.queries, self._left)
        self._api = BotApi(token, methods, self.updates, self.ledger, conflict_hold, self._later)
        self._webhooks = Webhooks(self.updates, self.clock, self._api.obey, webhook_pace, self._later)
        self._api.webhooks = self._webhooks
        self._listener = Listener(self._receive)
        self.broken_files = 0  # how many downloads to come are answered 404, as an address that expired is
        self._port = port
        self._tasks: set[asyncio.Task[None]] = set()
        self._control = Control(self)

    async def __aenter__(self) -> Self:
        await self._listener.open(self._port)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._api.poller.forget()
        self._listener.close()
        if self.webhook is not None:
            await self.webhook.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.ledger.close()
        await asyncio.sleep(0)  # lets the transports say goodbye

    @property
    def port(self) -> int:
        return self._listener.port

    @property
    def base(self) -> str:
        """The address to give the bot: its calls go to base + "/bot<token>/<method>"."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def webhook(self) -> Webhook | None:
        """The webhook that is set; its `pushes` say what was posted and how it was answered."""
        return self._webhooks.current

    @property
    def listening(self) -> bool:
        """A bot is waiting in getUpdates, or has set a webhook."""
        return self._api.poller.waits or self.webhook is not None

    # Who there is.

    def person(
        self,
        name: str,
        *,
        language_code: str | None = "en",
        username: str | None = None,
        user_id: int | None = None,
        started: bool = False,
    ) -> Person:
        """Somebody new. The bot can write to them once they have written, or at once when `started`."""
        user: Json = {"id": user_id or self.world.new_id(), "is_bot": False, "first_name": name}
        user |= {k: v for k, v in (("username", username), ("language_code", language_code)) if v is not None}
        chat = Chat(user["id"], "private", name, username or "", bot="member" if started else "absent")
        self.world.users[user["id"]] = user
        self.world.chats[chat.id] = chat
        person = self.people[chat.id] = Person(self.stage, user, chat)
        return person

    def group(
        self,
        title: str,
        members: Sequence[Person] = (),
        *,
        supergroup: bool = False,
        topics: bool = False,
        bot: Membership = "member",
        privacy: bool = True,
    ) -> Group:
        """A group (with topics always a supergroup) in which the bot already is, unless `bot` says otherwise."""
        large = supergroup or topics
        number = self.world.new_id() % 1_000_000_000
        chat = Chat(-1_000_000_000_000 - number if large else -number, "supergroup" if large else "group", title)
        chat.bot, chat.forum = bot, topics
        self.world.chats[chat.id] = chat
        group = self.groups[chat.id] = Group(self.stage, chat, members, privacy=privacy)
        return group

    def channel(self, title: str, *, username: str = "", bot: Membership = "administrator") -> Broadcast:
        chat = Chat(-1_000_000_000_000 - self.world.new_id() % 1_000_000_000, "channel", title, username, bot=bot)
        self.world.chats[chat.id] = chat
        return Broadcast(self.stage, chat)

    # What goes wrong.

    def script(
        self,
        method: str = "sendMessage",
        *,
        chat: int | None = None,
        containing: str = "",
        then: Sequence[AnyFault],
        times: int | None = 1,
    ) -> Script:
        """The next calls that fit get these faults, one each; the list `times` over, None for ever.

        `method` "*" fits any; `containing` is looked for in the call's text. `.applied` counts, `.cancel()` ends it.
        """
        return self._api.scripts.add(Script(method, chat, containing, then, times))

    def on_call(
        self,
        method: str,
        callback: Callback,
        predicate: Callable[[Call], bool] = lambda call: True,
        *,
        once: bool = False,
    ) -> Hook:
        """Call back when such a call was received and done, before its answer leaves. `.cancel()` ends it."""
        hook = Hook(method, predicate, callback, once=once)
        self._api.hooks.append(hook)
        return hook

    def refuse(self) -> None:
        """Refuse connections, and break the open ones, until `accept`."""
        self._listener.refuse()

    async def accept(self) -> None:
        await self._listener.accept()

    @contextlib.asynccontextmanager
    async def refusing(self) -> AsyncIterator[None]:
        """Refuse connections inside this block."""
        self.refuse()
        try:
            yield
        finally:
            await self.accept()

    def refuse_for(self, seconds: float) -> None:
        """Refuse connections for so long (real seconds)."""
        self.refuse()

        async def again() -> None:
            await asyncio.sleep(seconds)
            await self.accept()

        self._later(again())

    def clear_scripts(self) -> None:
        """Nothing goes wrong any more, except a 429's window that is still open."""
        self._api.scripts.clear()

    def revoke_token(self) -> None:
        """Answer 401 to everything from now on, as after a new token was made (reliability.md B12)."""
        self._api.revoked = True

    def restore_token(self) -> None:
        self._api.revoked = False

    def advance(self, seconds: float) -> None:
        """Let Telegram's clock go on: what expires meanwhile is gone."""
        self.clock.advance(seconds)

    def duplicate_next(self, updates: int = 1, *, copies: int = 2) -> None:
        """Each of the next `updates` updates comes `copies` times: in one batch, or in posts at once."""
        self.updates.duplicate_next(updates, copies=copies)

    def reorder(self, updates: int = 2) -> None:
        """The next `updates` updates wait for each other and come last first (reliability.md A11)."""
        self.updates.reorder(updates)

    def hold(self) -> None:
        """Keep what people do from now on from the bot until `release`."""
        self.updates.hold()

    def release(self, order: Literal["kept", "reversed"] | Sequence[int] = "kept") -> None:
        """Let the bot have what was held: as it came, reversed, or by the given positions."""
        self.updates.release(order)

    def push(self, update: Json, lane: str = "raw") -> None:
        """Give the bot this update as it is, with its own update_id, once more or for the first time (A9)."""
        self.updates.put_raw(update, lane)

    @property
    def next_update_id(self) -> int:
        return self.updates.next_update_id

    @next_update_id.setter
    def next_update_id(self, update_id: int) -> None:
        self.updates.next_update_id = update_id

    async def drained(self, timeout: float = 60.0) -> None:
        """Return when the bot has confirmed every update. Raises AssertionError after `timeout` real seconds."""
        deadline = asyncio.get_running_loop().time() + timeout
        while len(self.updates):
            if asyncio.get_running_loop().time() > deadline:
                raise AssertionError(f"{len(self.updates)} updates are unconfirmed after {timeout} s")
            await asyncio.sleep(0.005)

    async def until_listening(self, timeout: float = 60.0) -> None:
        """Return when a bot is waiting in getUpdates or has set a webhook."""
        deadline = asyncio.get_running_loop().time() + timeout
        while not self.listening:
            if asyncio.get_running_loop().time() > deadline:
                raise AssertionError(f"no bot is listening after {timeout} s")
            await asyncio.sleep(0.005)

    # Requests.

    def _receive(self, request: Request, line: Line) -> None:
        if request.path.startswith("/control/"):
            self._later(self._control.answer(request, line))
        elif request.path.startswith(f"/file/bot{self.token}/"):
            self._give_file(request.path, line)
        else:
            self._api.receive(request, line)

    def _give_file(self, path: str, line: Line) -> None:
        content = self.world.files.get(path.rpartition("/")[2])
        if content is None or self.broken_files:
            self.broken_files = max(0, self.broken_files - 1)
            refuse(line, Refused(404, "Not Found"))
        else:
            line.answer(200, content, "application/octet-stream")

    def _later(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        assert isinstance(task, asyncio.Task)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _arrived(self) -> None:
        if self.webhook is not None:
            self.webhook.feed()
        else:
            self._api.poller.wake()

    def _left(self, chat: Chat) -> None:
        self.stage.change_bot(chat, self.world.bot, "left")
