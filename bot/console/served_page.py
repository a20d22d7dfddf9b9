"""*Service done*: whom somebody served, recorded from the page, and the link as a code to be scanned from the screen.

The link is shown once. Sending the form again, by a second press or a reload, records nothing and shows no link.
"""

from collections.abc import Callable
from typing import Final, TypeVar

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from bot import served
from bot.access.secrets import new_token
from bot.clock import moment
from bot.console import pages
from bot.console.answers import Once
from bot.console.desk import Desk, nothing_here, number_of, still_working, visit_of
from bot.console.forms import posted
from bot.console.qr import drawn
from bot.console.sessions import Visit
from bot.rest.counter import stored
from bot.served import Done, record_served
from bot.services import NoSurvey
from storage.errors import NotFound
from storage.events import ServiceEvent
from storage.unit import Unit

ONCE: Final = "once"

T = TypeVar("T")


class ServedPage:
    """The routes of *Service done*."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._once = Once()

    async def record(self, request: Request) -> Response:
        """Record whom this staff member served, and show the link."""
        visit = visit_of(request)
        fields = await posted(request, visit.token)
        name, item = (" ".join(fields.get(field, "").split()) for field in ("name", "item"))
        name, item = name[: served.LONGEST_NAME], item[: served.LONGEST_ITEM]
        if not name:
            return RedirectResponse("/console?told=name_wanted", status_code=303)
        if not self._once.first(f"{visit.session.id}:{fields.get(ONCE, '')}"):
            return RedirectResponse("/console?told=recorded_before", status_code=303)
        counter = self._desk.counter
        now = counter.clock.now()

        def work(unit: Unit) -> Done | None:
            member = still_working(unit, visit.member)
            try:
                return record_served(unit, counter.house, now, name, by=member, item=item)
            except NoSurvey:
                return None

        made = await stored(counter.database.run(work))
        if made is None:
            return RedirectResponse("/console?told=no_survey", status_code=303)
        if made.due_at is not None:
            counter.planned(made.due_at)
        return self._handed_over(request, visit, made, item)

    async def undo(self, event_id: str, request: Request) -> Response:
        """Take it back, link and invitation with it, while nobody has opened the link."""
        house, now = self._desk.counter.house, self._desk.counter.clock.now()

        def undone(unit: Unit, event: ServiceEvent, actor: str) -> bool:
            return served.undo(unit, house, now, event, actor)

        return await self._changed(request, event_id, undone, "undone")

    async def same(self, event_id: str, earlier_id: str, request: Request) -> Response:
        """Say that whoever was served is the customer of an earlier service of today."""
        house, now, number = self._desk.counter.house, self._desk.counter.clock.now(), number_of(earlier_id)

        def joined(unit: Unit, event: ServiceEvent, actor: str) -> bool:
            earlier = _recorded(unit, number, house.brand)
            return served.same_customer(unit, house, now, event, earlier, actor)

        return await self._changed(request, event_id, joined, "same_customer")

    async def _changed(
        self, request: Request, event_id: str, change: Callable[[Unit, ServiceEvent, str], bool], told: str
    ) -> Response:
        """Change a service that this very staff member recorded; of another's there is none here."""
        visit = visit_of(request)
        await posted(request, visit.token)
        number, brand = number_of(event_id), self._desk.counter.house.brand

        def work(unit: Unit) -> bool:
            member = still_working(unit, visit.member)
            event = _recorded(unit, number, brand)
            if event.staff_member_id != member.id:
                nothing_here()
            return change(unit, event, f"staff:{member.id}")

        done = await stored(self._desk.counter.database.run(work))
        return RedirectResponse(f"/console?told={told if done else 'too_late'}", status_code=303)

    def _handed_over(self, request: Request, visit: Visit, made: Done, item: str) -> Response:
        house = self._desk.counter.house
        address = made.link.telegram or made.link.webchat(house.public_url)
        return pages.shown(
            self._desk.look(request, visit),
            "served.html",
            visit,
            person=made.customer.name or made.customer.reference,
            item=item,
            address=address,
            code=drawn(address),
            event=made.event.id,
            earlier=made.namesake[0].id if made.namesake is not None else None,
            earlier_at=self._clock(made.namesake[0].received_at) if made.namesake is not None else "",
        )

    def _clock(self, at: int) -> str:
        return f"{moment(at).astimezone(self._desk.zone):%H:%M}"


def fresh_mark() -> str:
    """Return what makes one form the same however often it is sent."""
    return new_token()


def _recorded(unit: Unit, event_id: int, brand: int) -> ServiceEvent:
    try:
        event = unit.service_events.get(event_id)
    except NotFound:
        nothing_here()
    return event if event.source == served.SOURCE and event.brand_id == brand else nothing_here()
