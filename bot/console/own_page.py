"""A staff member's own page: their language, how the pages look, where they are signed in."""

from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from bot.clock import moment
from bot.console import cookies, pages
from bot.console.desk import Desk, nothing_here, still_working, visit_of
from bot.console.forms import posted
from bot.console.sessions import LONGEST, Visit
from bot.console.wording import roles
from bot.outgoing import Outgoing, ShownMenu
from bot.phrases import LANGUAGES, NAMES, listed
from bot.rest.counter import stored
from bot.staff_talk import edits_surveys
from bot.turn import Turned, turned
from bot.wall_clock import wall_day
from storage.links import Session
from storage.unit import Unit

TOLD = ("language", "theme", "ended")


class OwnPage:
    """The routes of one's own page."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def show(self, request: Request) -> Response:
        """Show the page."""
        visit = visit_of(request)
        look = self._desk.look(request, visit)
        told = request.query_params.get("told", "")
        return pages.shown(
            look,
            "me.html",
            visit,
            told=f"told_{told}" if told in TOLD else None,
            roles=listed(roles(visit.member.roles, look.language), look.language),
            languages=[(tag, NAMES[tag]) for tag in LANGUAGES],
            themes=cookies.THEMES,
            sessions=[self._session(each, visit) for each in await self._desk.sessions.listing(visit.member)],
        )

    async def choose_language(self, request: Request) -> Response:
        """Speak another language with this staff member, here and in their chats."""
        visit = visit_of(request)
        language = (await posted(request, visit.token)).get("language", "")
        if language not in LANGUAGES:
            nothing_here()
        now = self._desk.counter.clock.now()

        def work(unit: Unit) -> Turned:
            still_working(unit, visit.member)
            unit.staff.set_language(visit.member.id, language)
            out = Outgoing(unit, now)
            edits = edits_surveys(visit.member)
            out.menus += [ShownMenu(each, language, edits) for each in unit.addresses.of_staff(visit.member.id)]
            return turned(out)

        self._desk.counter.hand_on(await stored(self._desk.counter.database.run(work)))
        return RedirectResponse("/console/me?told=language", status_code=303)

    async def choose_theme(self, request: Request) -> Response:
        """Look otherwise on this device."""
        theme = (await posted(request, visit_of(request).token)).get("theme", "")
        if theme not in cookies.THEMES:
            nothing_here()
        response = RedirectResponse("/console/me?told=theme", status_code=303)
        cookies.set_theme(response, theme, self._desk.https)
        return response

    def _session(self, session: Session, visit: Visit) -> dict[str, Any]:
        language = visit.member.language
        return {
            "id": session.id,
            "here": session.id == visit.session.id,
            "since": self._when(session.created_at, language),
            "until": self._when(session.created_at + LONGEST, language),
        }

    def _when(self, at: int, language: str) -> str:
        zone = self._desk.counter.house.zone
        return f"{wall_day(at, zone, language)} {moment(at).astimezone(ZoneInfo(zone)):%H:%M}"
