"""A shop that sends service events: real HTTP on loopback, a real database file."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from bot.access.gate import Door
from bot.access.keys import KeyRing
from bot.channels.updates import Written
from bot.clock import Clock, moment
from bot.config import Config
from bot.operator import _Server, operator_app
from bot.publishing import library, publish
from bot.rest.callers import key_door, operator_door, signature_door
from bot.rest.counter import Counter
from bot.rest.routes import rest_router
from bot.settings.houses import house_of
from bot.settings.sections import Api, Business, Web
from bot.turn import take
from bot.web.app import create_app
from storage.unit import Unit
from tests import laid

KEY = "Zq8vN2xLr5TbY1wKc7Hd0PfG"
NEXT_KEY = "Wm3kJ9sDf6GhQ2zXv8Bn4CtY"
SIGNING = "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA="
NEXT_SIGNING = "whsec_ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8="

CONFIG = Config(
    business=Business(name="The Lamp Shop"),
    web=Web(public_url="https://ask.example.com"),
    api=Api(keys={"shop": KEY, "shop_next": NEXT_KEY}, signing_secrets={"shop": SIGNING, "shop_next": NEXT_SIGNING}),
)


class StandingClock(Clock):
    """Business time that moves only when told."""

    def __init__(self, at: int) -> None:
        super().__init__()
        self.at = at

    def now(self) -> int:
        return self.at


class Shop:
    """The API as served, and its rows."""

    def __init__(self, client: httpx.AsyncClient, counter: Counter, port: int) -> None:
        self.client = client
        self.counter = counter
        self.port = port
        self.planned: list[int] = []
        self._said = 0

    async def post(self, event: Any, *, key: str = KEY, path: str = "/v1/events", **headers: str) -> httpx.Response:
        """Post JSON with a key."""
        headers = {"authorization": f"Bearer {key}", **{name.replace("_", "-"): said for name, said in headers.items()}}
        return await self.client.post(path, json=event, headers=headers)

    async def count(self, table: str) -> int:
        """How many rows a table has."""
        row = await self.counter.database.read(lambda unit: unit.one(f"SELECT COUNT(*) FROM {table}"))
        assert row is not None
        return int(row[0])

    async def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What a query finds."""
        return await self.counter.database.read(lambda unit: unit.all(sql))

    async def get(self, path: str, *, key: str = KEY, **parameters: Any) -> httpx.Response:
        """Ask with a key."""
        headers = {"authorization": f"Bearer {key}"}
        return await self.client.get(path, params=parameters or None, headers=headers)

    async def put(self, path: str, body: Any, *, key: str = KEY) -> httpx.Response:
        """Put JSON with a key."""
        return await self.client.put(path, json=body, headers={"authorization": f"Bearer {key}"})

    async def opens_link(self, customer: str, chat: str = "71") -> None:
        """A customer opens a personal link in Telegram: what waited for it begins."""
        made = (await self.post({}, path=f"/v1/customers/{customer}/links")).json()
        await self.says(f"/start {made['webchat'].rpartition('/')[2]}", chat)

    async def says(self, text: str, chat: str = "71") -> None:
        """A customer writes, and the turn of it is taken."""
        self._said += 1
        ident, now = f"said-{self._said}", self.counter.clock.now()
        update = Written(channel="telegram", chat=chat, user=chat, ident=ident, sent_at=now, text=text, ref=ident)

        def work(unit: Unit) -> None:
            inbox_id = unit.inbox.add(1, "telegram", ident, None, chat, "{}", now)
            assert inbox_id is not None
            take(inbox_id, update, unit, self.counter.house, now)

        await self.run(work)

    async def run(self, work: Callable[[Unit], Any]) -> Any:
        """Run a work of the database."""
        return await self.counter.database.run(work)


def event_at(now: int, /, **changes: Any) -> dict[str, Any]:
    """A delivery to Ana, as the shop's system tells it."""
    event = {
        "specversion": "1.0",
        "id": "evt-1",
        "source": "https://shop.example",
        "type": "com.example.order.delivered",
        "subject": "order-17",
        "time": moment(now).isoformat(),
        "data": {
            "customer": {"id": "c-9", "name": "Ana", "language": "en", "zone": "Europe/Berlin", "tier": "gold"},
            "service": {"item": "a lamp", "price": 12.5},
        },
    }
    return {**event, **changes}


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock(1_772_445_600_000)  # 2026-03-02 10:00 UTC, a Monday


@pytest.fixture
def event(clock) -> Callable[..., dict[str, Any]]:
    return lambda **changes: event_at(clock.now(), **changes)


@pytest.fixture
async def counter(tmp_path: Path, clock) -> AsyncIterator[Counter]:
    database = await laid.opened(tmp_path / "shop.db")
    await database.run(lambda unit: publish(unit, 1, library(), clock.now()))
    yield Counter(database, house_of(CONFIG), clock, CONFIG)
    await database.close()


@pytest.fixture
async def shop(counter) -> AsyncIterator[Shop]:
    planned: list[int] = []
    keys = KeyRing(CONFIG.api.keys, counter.database, counter.clock)
    counter = Counter(counter.database, counter.house, counter.clock, CONFIG, planned.append, keys=keys)
    doors: list[Door] = [operator_door, key_door(keys), signature_door(CONFIG.api)]
    app = create_app([rest_router(counter)], doors=doors)
    options: dict[str, Any] = {"ws": "none", "lifespan": "off", "log_config": None, "access_log": False}
    server = _Server(uvicorn.Config(app, host="127.0.0.1", port=0, http="httptools", **options))
    task = asyncio.create_task(server.serve())
    await server.opened.wait()
    port = server.servers[0].sockets[0].getsockname()[1]
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=20, verify=False) as client:
        shop = Shop(client, counter, port)
        shop.planned = planned
        yield shop
    server.should_exit = True
    await task


@pytest.fixture
async def operator(counter):
    """A client that speaks as the operator does, in process."""
    import httpx

    from bot.rest.callers import OperatorOnly

    transport = httpx.ASGITransport(OperatorOnly(operator_app(counter)))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client
