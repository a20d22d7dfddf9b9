"""The pages of working calendars: made, looked at, changed, renamed, and removed once nobody works by them.

GET  /console/team/calendars                 a form for a new one
POST /console/team/calendars                 looked at, then made
GET  /console/team/calendars/{key}           the next days, who works by it, and the form
POST /console/team/calendars/{key}           looked at, then kept; under another name, too
     /console/team/calendars/{key}/remove    asked once more, with where its people go
"""

import asyncio
from functools import cache
from typing import Any, Final
from zoneinfo import available_timezones

import msgspec
from babel.core import get_global
from fastapi import Request
from starlette.responses import RedirectResponse, Response

from bot import calendars, candidates
from bot.access.policy import Act
from bot.clock import moment
from bot.console import calendar_form, pages
from bot.console.calendar_form import Faults, Form, Unfit
from bot.console.calendar_view import Users, day_names, next_days, now_words, users_of, week_words
from bot.console.calendar_words import CALENDAR_WORDS
from bot.console.desk import Desk, nothing_here, reader_of, still_working, visit_of
from bot.console.forms import posted
from bot.console.sessions import Visit
from bot.console.wording import words
from bot.phrases import say
from bot.rest.counter import stored
from bot.turn import Turned
from conversations.phrases import Phrase
from recovery.calendars import Calendar
from recovery.written_calendars import WEEKDAYS
from storage.calendars import StoredCalendar
from storage.unit import Unit

ROOT: Final = "/console/team/calendars"
COPIES: Final = {"workdays": 5, "week": 7}
"""By the button, how many days of the week get the hours of Monday."""

MORE: Final = 12
"""Empty lines for whoever asks for more of them."""

UNFIT: Final = CALENDAR_WORDS["calendar_key_unfit"]
TAKEN: Final = CALENDAR_WORDS["calendar_key_taken"]

NONE: Final = "-"
"""What a form says for no calendar; none can be called so."""


class CalendarPage:
    """The routes of working calendars."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def new(self, request: Request) -> Response:
        """Show the form of a calendar that there is not yet."""
        zone = self._desk.counter.house.zone
        return await self._shown(request, visit_of(request), None, Form(zone=zone, country=_country(zone)))

    async def make(self, request: Request) -> Response:
        """Make a calendar; before that, do what the other buttons say."""
        return await self._pressed(request, None)

    async def show(self, key: str, request: Request) -> Response:
        """Show a calendar: to be read, and to whoever may, to be changed."""
        return await self._shown(request, visit_of(request), key)

    async def keep(self, key: str, request: Request) -> Response:
        """Let what was typed hold from now on; before that, do what the other buttons say."""
        return await self._pressed(request, key)

    async def ask_remove(self, key: str, request: Request) -> Response:
        """Ask once more, and where whoever works by it is to go."""
        return await self._asked(request, visit_of(request), key)

    async def remove(self, key: str, request: Request) -> Response:
        """Move whoever works by a calendar, and end it; without saying where to, nothing is done."""
        visit = visit_of(request)
        to = (await posted(request, visit.token)).get("to", "")
        now, house = self._desk.counter.clock.now(), self._desk.counter.house

        def work(unit: Unit) -> list[Turned]:
            actor = f"staff:{still_working(unit, visit.member).id}"
            done = []
            if to and unit.calendars.users(house.brand, key):
                done.append(calendars.move(unit, house, key, None if to == NONE else to, actor, now))
            return [*done, calendars.end(unit, house, key, actor, now)]

        try:
            done = await stored(self._desk.counter.database.run(work))
        except calendars.InUse:
            return await self._asked(request, visit, key, wanting=True)
        except calendars.NoSuchCalendar:
            nothing_here()
        for each in done:
            self._desk.counter.hand_on(each)
        return RedirectResponse("/console/team?told=calendar_removed", 303)

    # -- what the buttons of the form do

    async def _pressed(self, request: Request, key: str | None) -> Response:
        visit = visit_of(request)
        fields = await posted(request, visit.token, calendar_form.FIELDS)
        form, press = calendar_form.typed(fields), fields.get("press", "")
        if press in COPIES:
            return await self._shown(request, visit, key, calendar_form.as_on_monday(form, COPIES[press]))
        if press == "lines":
            return await self._shown(request, visit, key, form, empty=MORE)
        now = self._desk.counter.clock.now()
        try:
            calendar = calendar_form.read(form, now)
            if press == "holidays":
                filled = await asyncio.to_thread(calendars.with_holidays, calendar, form.country, form.years, now)
                form = msgspec.structs.replace(form, lines=tuple(calendar_form.lines_of(filled)))
                return await self._shown(request, visit, key, form, typed=filled)
        except Unfit as error:
            return await self._shown(request, visit, key, form, error.faults)
        except calendars.NotUnderstood as error:
            return await self._shown(request, visit, key, form, {error.field: (error.said,)})
        if press != "keep":
            return await self._shown(request, visit, key, form, typed=calendar)
        return await self._kept(request, visit, key, form, calendar)

    async def _kept(self, request: Request, visit: Visit, key: str | None, form: Form, calendar: Calendar) -> Response:
        now, house = self._desk.counter.clock.now(), self._desk.counter.house

        def work(unit: Unit) -> Turned:
            actor = f"staff:{still_working(unit, visit.member).id}"
            standing = unit.calendars.by_key(house.brand, form.key if key is None else key)
            if key is None and standing is not None:
                raise calendars.KeyTaken(form.key)
            if key is not None and (standing is None or standing.id != form.base):
                raise calendars.Overtaken(standing) if standing is not None else calendars.NoSuchCalendar(key)
            if key is not None and key != form.key:
                calendars.rename(unit, house, key, form.key, actor, now)
            return calendars.keep(unit, house, form.key, calendar, actor, now)[1]

        try:
            self._desk.counter.hand_on(await stored(self._desk.counter.database.run(work)))
        except calendars.KeyUnfit:
            return await self._shown(request, visit, key, form, {"key": (UNFIT,)})
        except calendars.KeyTaken:
            return await self._shown(request, visit, key, form, {"key": (TAKEN,)})
        except calendars.Overtaken as error:
            form = msgspec.structs.replace(form, base=error.standing.id)
            return await self._shown(request, visit, key, form, overtaken=True)
        except calendars.NoSuchCalendar:
            nothing_here()
        return RedirectResponse(f"{ROOT}/{form.key}?told=kept", 303)

    # -- the pages

    async def _shown(
        self,
        request: Request,
        visit: Visit,
        key: str | None,
        form: Form | None = None,
        faults: Faults | None = None,
        *,
        typed: Calendar | None = None,
        overtaken: bool = False,
        empty: int = calendar_form.EMPTY,
    ) -> Response:
        counter, language = self._desk.counter, visit.member.language
        now = counter.clock.now()
        standing, users = await self._standing(key)
        holds = None if standing is None else candidates.calendar_of(standing.written)
        if form is None and holds is not None and standing is not None:
            form = calendar_form.of_calendar(standing.key, holds, standing.id)
            form = msgspec.structs.replace(form, country=_country(holds.zone))
        shown = typed or holds
        return pages.shown(
            self._desk.look(request, visit),
            "calendar.html",
            visit,
            key=key,
            root=ROOT,
            form=form,
            past=calendar_form.past(form, moment(now).date()) if form is not None and not faults else 0,
            faults={name: _sentences(said, language) for name, said in (faults or {}).items()},
            keeps=reader_of(visit).may(Act.KEEP_TEAMS),
            told=words("told_calendar_kept", language) if request.query_params.get("told") == "kept" else None,
            overtaken=overtaken,
            zone=shown.zone if shown is not None else "",
            typed=typed is not None,
            days=next_days(shown, now, language) if shown is not None else (),
            week=week_words(shown, language) if shown is not None else "",
            at_work=now_words(shown, now, language) if shown is not None else "",
            users=users,
            weekdays=list(zip(WEEKDAYS, day_names(language), strict=True)),
            empty=range(len(form.lines if form else ()), len(form.lines if form else ()) + empty),
            most=calendar_form.MOST_LINES,
            zones=await asyncio.to_thread(_zones),
        )

    async def _standing(self, key: str | None) -> tuple[StoredCalendar | None, Users]:
        """Return the edition that holds and who works by it; of a key that there is not there is nothing."""
        if key is None:
            return None, Users()
        brand = self._desk.counter.house.brand

        def work(unit: Unit) -> tuple[StoredCalendar | None, Users]:
            return unit.calendars.by_key(brand, key), users_of(unit, brand, key)

        standing, users = await stored(self._desk.counter.database.read(work))
        return (standing, users) if standing is not None else nothing_here()

    async def _asked(self, request: Request, visit: Visit, key: str, *, wanting: bool = False) -> Response:
        brand = self._desk.counter.house.brand

        def work(unit: Unit) -> dict[str, Any]:
            others = [each.key for each in unit.calendars.listing(brand)]
            if key not in others:
                nothing_here()
            return {"users": users_of(unit, brand, key), "others": [each for each in others if each != key]}

        known = await stored(self._desk.counter.database.read(work))
        look = self._desk.look(request, visit)
        return pages.shown(look, "calendar_remove.html", visit, key=key, root=ROOT, wanting=wanting, none=NONE, **known)


def _sentences(said: tuple[Phrase, ...], language: str) -> str:
    between = "" if language.startswith("zh") else " "
    return between.join(say(each, language) for each in said)


@cache
def _zones() -> tuple[str, ...]:
    """Return the time zones that a field offers: those named for a place, and UTC."""
    return ("UTC", *sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/")))


def _country(zone: str) -> str:
    """Return the country of a time zone, as public holidays want it; empty where that is not known."""
    territory: str = get_global("zone_territories").get(zone, "")
    return territory if len(territory) == 2 else ""
