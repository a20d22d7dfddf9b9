"""Into the console and out of it: the page of a one-time link, its button, and the ways to sign out."""

import logging
import math
import re
from typing import Final

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from bot.channels.webchat.flood import Flood
from bot.console import cookies, pages
from bot.console.desk import Desk, nothing_here, number_of, visit_of
from bot.console.forms import posted
from bot.console.sessions import LinkRefused
from bot.web.problems import Problem

log = logging.getLogger("makegood.console")

GUESSES: Final = 5
"""Unknown links that one sender may try in an hour."""

_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{22}")


class Entrance:
    """The routes of signing in and out."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._guesses = Flood(desk.counter.clock.monotonic, posts=GUESSES, span=3600)

    async def look(self, token: str, request: Request) -> Response:
        """Show whom the link signs in; looking spends nothing."""
        found = await self._desk.sessions.peek(token) if _TOKEN.fullmatch(token) else LinkRefused("unknown")
        if isinstance(found, LinkRefused):
            return self._refused(found, request)
        return pages.sign_in(self._desk.look(request), token, found.name)

    async def sign_in(self, token: str, request: Request) -> Response:
        """Spend the link: the browser gets a fresh session, and the one it had ends."""
        if not _TOKEN.fullmatch(token):
            return self._refused(LinkRefused("unknown"), request)
        await posted(request, token)
        begun = await self._desk.sessions.begin(token, self._desk.session_of(request))
        if isinstance(begun, LinkRefused):
            return self._refused(begun, request)
        log.info("staff:%d signed in", begun.member.id)
        response = RedirectResponse("/console", status_code=303)
        cookies.set_session(response, begun.token, self._desk.https)
        return response

    async def sign_out(self, request: Request) -> Response:
        """End this session."""
        visit = visit_of(request)
        await posted(request, visit.token)
        await self._desk.sessions.end(visit.member, visit.session.id)
        return self._signed_out(request)

    async def sign_out_everywhere(self, request: Request) -> Response:
        """End all sessions of this staff member, and their links that were not used yet."""
        visit = visit_of(request)
        await posted(request, visit.token)
        await self._desk.sessions.end_everywhere(visit.member)
        log.info("staff:%d signed out everywhere", visit.member.id)
        return self._signed_out(request)

    async def end(self, session_id: str, request: Request) -> Response:
        """End another session of this staff member's; of anybody else's there is none here."""
        visit = visit_of(request)
        await posted(request, visit.token)
        if not await self._desk.sessions.end(visit.member, number_of(session_id)):
            nothing_here()
        if int(session_id) == visit.session.id:
            return self._signed_out(request)
        return RedirectResponse("/console/me?told=ended", status_code=303)

    def _signed_out(self, request: Request) -> Response:
        response = pages.said(self._desk.look(request, visit_of(request)), "signed_out")
        cookies.end_session(response, self._desk.https)
        return response

    def _refused(self, link: LinkRefused, request: Request) -> Response:
        """Say why a link signs nobody in. Who tries many that we never gave out gets no more answers for an hour."""
        guesser = request.client.host if request.client else ""
        if link.why == "unknown":
            log.warning("a sign-in link was tried that we never gave out")
            if wait := self._guesses.wait(guesser):
                raise Problem(429, "That were many unknown links.", retry_after=math.ceil(wait))
        return pages.refused(self._desk.look(request), link)
