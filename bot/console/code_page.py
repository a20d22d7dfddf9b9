"""The sign-in page of a computer: six figures and a QR code, confirmed in the staff member's own chat.

    shown ── yes in the chat ──> confirmed ── the page sends its form ──> a session
      ├── no in the chat ─────> refused   ┐
      └── two minutes ────────> over      ┴── New code ──> shown

What the page shows comes from a secret that only this browser holds, in a cookie. The page asks every second or two
how it stands; without a script it loads itself anew.
"""

import logging
import math
from typing import Any, Final

from fastapi import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from bot import signing_in
from bot.access.csrf import csrf_token
from bot.access.secrets import digest, new_token
from bot.channels.webchat.flood import Flood
from bot.console import cookies, pages
from bot.console.desk import Desk
from bot.console.forms import posted
from bot.console.qr import drawn
from bot.links import USERNAME
from bot.rest.counter import stored
from bot.web.problems import Problem
from storage.errors import NotFound
from storage.sign_ins import SignIn
from storage.unit import Unit

log = logging.getLogger("makegood.console")

CODES: Final = 20
"""Codes that one sender may ask for in ten minutes."""

MOST: Final = 300
"""Browsers that may show a code at one moment: beyond that a guessed code would hit one too easily."""

PATH: Final = "/console/sign-in"


class CodePage:
    """The routes of signing in by code."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._asked = Flood(desk.counter.clock.monotonic, posts=CODES, span=600)

    async def show(self, request: Request) -> Response:
        """Show the code, or what became of it."""
        if getattr(request.state, "visit", None) is not None:
            return RedirectResponse("/console", status_code=303)
        secret = cookies.code_of(request, self._desk.https)
        if secret is None:
            return await self._fresh(request)
        wish, who, username = await self._stands(secret)
        state = _state(wish)
        return self._page(request, secret, state, who, username)

    async def again(self, request: Request) -> Response:
        """Show a new code in place of one that is over."""
        secret = cookies.code_of(request, self._desk.https)
        response = RedirectResponse(PATH, status_code=303)
        if secret is not None:  # else the page shows a new one anyway
            await posted(request, secret)
            cookies.set_code(response, await self._begun(request), self._desk.https)
        return response

    async def state(self, request: Request) -> Response:
        """Say how this browser's code stands, for the page's script."""
        secret = cookies.code_of(request, self._desk.https)
        wish = (await self._stands(secret))[0] if secret is not None else None
        return JSONResponse({"state": _state(wish)}, headers={"Cache-Control": "no-store"})

    async def finish(self, request: Request) -> Response:
        """Spend the yes: this browser, and no other, gets a session."""
        secret = cookies.code_of(request, self._desk.https)
        if secret is None:
            return RedirectResponse(PATH, status_code=303)
        await posted(request, secret)
        begun = await self._desk.sessions.begin_by_code(secret, self._desk.session_of(request))
        if begun is None:
            return RedirectResponse(PATH, status_code=303)
        log.info("staff:%d signed in by code", begun.member.id)
        response = RedirectResponse("/console", status_code=303)
        cookies.set_session(response, begun.token, self._desk.https)
        cookies.end_code(response, self._desk.https)
        return response

    async def _fresh(self, request: Request) -> Response:
        secret = await self._begun(request)
        username = (await self._stands(secret))[2]
        response = self._page(request, secret, "shown", "", username)
        cookies.set_code(response, secret, self._desk.https)
        return response

    async def _begun(self, request: Request) -> str:
        """Keep a new wish of this browser and return its secret. Raises Problem for who asks too often."""
        if wait := self._asked.wait(request.client.host if request.client else ""):
            raise Problem(429, "That were many codes.", retry_after=math.ceil(wait))
        house, now = self._desk.counter.house, self._desk.counter.clock.now()
        agent = signing_in.seen_as(request.headers.get("user-agent", ""))

        def work(unit: Unit) -> str | None:
            while unit.sign_ins.count(house.brand, now) < MOST:
                secret = new_token()
                token = signing_in.token_of(secret)
                mark = signing_in.code_mark(signing_in.code_of(token))
                until = now + signing_in.LASTS
                if unit.sign_ins.begin(house.brand, digest(secret), mark, digest(token), agent, now, until):
                    return secret
            return None

        secret = await stored(self._desk.counter.database.run(work))
        if secret is None:
            raise Problem(429, "Many computers are signing in.", retry_after=60)
        return secret

    async def _stands(self, secret: str) -> tuple[SignIn | None, str, str | None]:
        """Return the browser's wish, who said yes to it, and the bot's name on Telegram."""
        brand, now = self._desk.counter.house.brand, self._desk.counter.clock.now()

        def work(unit: Unit) -> tuple[SignIn | None, str, str | None]:
            wish = unit.sign_ins.by_browser(brand, digest(secret), now)
            return wish, _name(unit, wish), unit.facts.get(brand, USERNAME)

        return await stored(self._desk.counter.database.read(work))

    def _page(self, request: Request, secret: str, state: str, who: str, username: str | None) -> Response:
        token = signing_in.token_of(secret)
        address = f"https://t.me/{username}?start={token}" if username else None
        code = signing_in.spaced(signing_in.code_of(token))
        more: dict[str, Any] = {"qr": drawn(address) if address and state == "shown" else None, "address": address}
        return pages.of_code(
            self._desk.look(request), csrf=csrf_token(secret), state=state, code=code, person=who, **more
        )


def _state(wish: SignIn | None) -> str:
    if wish is None or wish.used_at is not None:
        return "over"
    return {None: "shown", "yes": "confirmed"}.get(wish.answer, "refused")


def _name(unit: Unit, wish: SignIn | None) -> str:
    if wish is None or wish.staff_member_id is None or wish.answer != "yes":
        return ""
    try:
        return unit.staff.get(wish.staff_member_id).name
    except NotFound:
        return ""
