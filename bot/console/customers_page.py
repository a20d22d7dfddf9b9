"""The pages of customers: found, read, and given a personal link to scan from the screen."""

from fastapi import Request
from starlette.responses import Response

from bot.clock import moment
from bot.console import pages
from bot.console.cases import sees
from bot.console.customers import page_of_customers, view_of
from bot.console.desk import Desk, nothing_here, number_of, reader_of, still_working, visit_of
from bot.console.forms import posted
from bot.console.qr import drawn
from bot.console.today import Reader
from bot.links import MadeLink, make_link
from bot.rest.counter import stored
from bot.staff_talk import principal_of
from bot.wall_clock import wall_day
from storage.customers import Customer
from storage.unit import Unit


class CustomersPage:
    """The routes of customers."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def listing(self, request: Request) -> Response:
        """Show the list, or who is searched for."""
        visit = visit_of(request)
        q = " ".join(request.query_params.get("q", "").replace("\0", "").split())[:80]
        before = request.query_params.get("before", "")
        start = int(before) if before.isascii() and before.isdecimal() and len(before) < 16 else None
        work = page_of_customers(reader_of(visit), self._desk.counter.house, q, start)
        page = await stored(self._desk.counter.database.read(work))
        return pages.shown(self._desk.look(request, visit), "customers.html", visit, page=page, q=q)

    async def show(self, customer_id: str, request: Request) -> Response:
        """Show a customer's history."""
        visit = visit_of(request)
        work = view_of(reader_of(visit), self._desk.counter.house, number_of(customer_id))
        view = await stored(self._desk.counter.database.read(work))
        if view is None:
            nothing_here()
        return pages.shown(self._desk.look(request, visit), "customer.html", visit, view=view)

    async def link(self, customer_id: str, request: Request) -> Response:
        """Make a personal link, and show it once, as words and as a code."""
        visit = visit_of(request)
        await posted(request, visit.token)
        wanted, house, now = number_of(customer_id), self._desk.counter.house, self._desk.counter.clock.now()

        def work(unit: Unit) -> tuple[Customer, MadeLink]:
            member = still_working(unit, visit.member)
            if not unit.customer_pages.may_see(house.brand, wanted, sees(Reader(member, principal_of(member)))):
                nothing_here()
            unit.history.add(house.brand, f"customer:{wanted}", f"staff:{member.id}", "LinkShown", "", now)
            return unit.customers.get(wanted), make_link(unit, house.brand, "customer", now, customer_id=wanted)

        customer, made = await stored(self._desk.counter.database.run(work))
        address = made.telegram or made.webchat(house.public_url)
        language = visit.member.language
        return pages.shown(
            self._desk.look(request, visit),
            "customer_link.html",
            visit,
            person=customer.name or customer.reference,
            customer=customer,
            address=address,
            code=drawn(address),
            until=f"{wall_day(made.expires_at, house.zone, language)}"
            f" {moment(made.expires_at).astimezone(self._desk.zone):%H:%M}",
        )
