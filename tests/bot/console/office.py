"""A console to test against: real rows, real delivery, real HTTP on loopback, and browsers that keep their cookies."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from bot.access.policy import Role
from bot.console.desk import Desk
from bot.console.live import Hub
from bot.console.routes import console_door, console_router
from bot.console.sessions import StaffSessions
from bot.links import SIGN_IN, SIGN_IN_LASTS, make_link
from bot.media_folder import MediaFolder
from bot.rest.counter import Counter
from bot.rest.routes import rest_router
from bot.settings.sections import Config
from bot.web.app import create_app
from bot.webfiles import WebFiles
from bot.weblog import WebLog
from storage.staff import StaffMember
from storage.unit import Unit
from tests.bot.channels.webchat.world import listening
from tests.bot.turning import World

PUBLIC = "https://care.example"
_CSRF = re.compile(r'name="csrf" value="([0-9a-f]{32})"')


class Browser:
    """One browser: it keeps cookies, sends its origin, and posts the forms of the page it is on."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http
        self.csrf = ""

    async def get(self, path: str, **headers: str) -> httpx.Response:
        answer = await self.http.get(path, headers={"Accept": "text/html", **headers})
        found = _CSRF.search(answer.text)
        self.csrf = found.group(1) if found else self.csrf
        return answer

    async def post(self, path: str, **fields: str) -> httpx.Response:
        return await self.http.post(path, data={"csrf": self.csrf, **fields}, headers={"Accept": "text/html"})

    async def sign_in(self, token: str) -> httpx.Response:
        """Open a link and press its button, then go where it leads."""
        await self.get(f"/console/sign-in/{token}")
        answer = await self.post(f"/console/sign-in/{token}")
        if answer.status_code == 303:
            await self.get("/console/me")  # the page with the most forms
        return answer

    @property
    def session(self) -> str | None:
        return self.http.cookies.get("makegood_console")


class Office:
    """The console over an installation."""

    def __init__(self, world: World, base: str) -> None:
        self.world = world
        self.base = base
        self._browsers: list[httpx.AsyncClient] = []

    def browser(self) -> Browser:
        http = httpx.AsyncClient(
            base_url=self.base,
            headers={"Origin": self.base},
            timeout=20,
            trust_env=False,
            verify=False,  # plain HTTP; to read all authorities of the world takes most of a test
        )
        self._browsers.append(http)
        return Browser(http)

    async def hire(self, name: str, roles: str = "staff", language: str = "en") -> StaffMember:
        now = self.world.clock.now()
        return await self.world.run(lambda unit: unit.staff.add(1, name, roles, language, now))

    async def link(self, member: StaffMember) -> str:
        """A fresh sign-in link's token."""

        def work(unit: Unit) -> str:
            now = self.world.clock.now()
            return make_link(unit, 1, SIGN_IN, now, staff_member_id=member.id, lasts=SIGN_IN_LASTS).token

        return await self.world.run(work)

    async def at_work(self, name: str, roles: str = "staff", language: str = "en") -> tuple[Browser, StaffMember]:
        """Somebody just hired and signed in."""
        member = await self.hire(name, roles, language)
        browser = self.browser()
        await browser.sign_in(await self.link(member))
        return browser, member

    async def unhappy(self, chat: str, rating: str = "1", words: str = "It broke at once.") -> None:
        """A newcomer who rates the shop and says why: it opens a case."""
        await self.world.receive(self.world.wrote(chat, "/start", name=f"Customer {chat}"))
        await self.world.receive(self.world.wrote(chat, rating))
        await self.world.receive(self.world.wrote(chat, words))

    async def rows(self, sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
        return await self.world.run(lambda unit: unit.all(sql, parameters))

    async def close(self) -> None:
        for http in self._browsers:
            await http.aclose()


def console_of(world: World, *, https: bool = False) -> Any:
    """The app with the console and the API in it, and no door but the console's."""
    counter = Counter(world.database, world.house, world.clock, Config(), hand_on=world.turns.hand_on)
    sessions = StaffSessions(world.database, world.clock)
    folder = MediaFolder(world.folder)
    files = WebFiles(world.database, WebLog(world.database, world.clock), folder, world.clock, 1_000_000)
    desk = Desk(counter, sessions, world.delivery.health, lambda _: "Corner Shop", https, files, folder)
    hub = Hub(world.streams)
    world.turns.after_each(hub.heard)
    return create_app(
        [console_router(desk, hub), rest_router(counter)], doors=[console_door(sessions, https)], https=https
    )


@asynccontextmanager
async def opened(path: Path, *, https: bool = False, **house: Any) -> AsyncIterator[Office]:
    """An office with nobody in it."""
    world = await World.open(path / "makegood.db", **{"public_url": PUBLIC, **house})
    world.folder = path / "media"
    try:
        async with listening(console_of(world, https=https)) as serving:
            office = Office(world, f"http://127.0.0.1:{serving.port}")
            try:
                yield office
            finally:
                await office.close()
                world.streams.close()
    finally:
        await world.close()


ROLES = (Role.STAFF, Role.SUPERVISOR, Role.MANAGER, Role.EDITOR, Role.ADMIN)
