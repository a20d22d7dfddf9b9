"""What every route of the console works with."""

from collections.abc import Awaitable, Callable
from typing import NoReturn
from zoneinfo import ZoneInfo

import msgspec
from fastapi import Request

from bot.console.cookies import session_of
from bot.console.pages import Look
from bot.console.sessions import StaffSessions, Visit
from bot.console.today import Reader
from bot.delivery_health import DeliveryHealth
from bot.media_folder import MediaFolder
from bot.rest.counter import Counter
from bot.staff_talk import principal_of
from bot.web.problems import Problem
from bot.webfiles import WebFiles
from storage.errors import NotFound
from storage.staff import StaffMember
from storage.unit import Unit


class Desk(msgspec.Struct, frozen=True):
    """Where the console is served from. `business` names the business in a language; `https` says that TLS is used.

    `files` takes what staff send along, `folder` has what was sent; None where nobody sends files.
    """

    counter: Counter
    sessions: StaffSessions
    health: Callable[[], Awaitable[DeliveryHealth]]
    business: Callable[[str], str]
    https: bool
    files: WebFiles | None = None
    folder: MediaFolder | None = None

    @property
    def zone(self) -> ZoneInfo:
        """Return the business's time zone, in which pages show times."""
        return ZoneInfo(self.counter.house.zone)

    def look(self, request: Request, visit: Visit | None = None) -> Look:
        """Return how a page is shown to whoever asks."""
        look = Look.of(request, "", visit)
        return msgspec.structs.replace(look, business=self.business(look.language))

    def session_of(self, request: Request) -> str | None:
        """Return the session token that a request carries."""
        return session_of(request, self.https)


def visit_of(request: Request) -> Visit:
    """Return the visit that the console's door found; only behind a rule that nobody else passes."""
    visit: Visit = request.state.visit
    return visit


def reader_of(visit: Visit) -> Reader:
    """Return who looks, as the policy sees them."""
    return Reader(visit.member, principal_of(visit.member))


def still_working(unit: Unit, member: StaffMember) -> StaffMember:
    """Return the staff member as they are now; somebody removed since the request began does nothing any more."""
    now = unit.staff.get(member.id)
    return now if now.removed_at is None else nothing_here()


def member_of(unit: Unit, desk: Desk, member_id: int) -> StaffMember:
    """Return somebody who works here; of anybody else there is nothing."""
    try:
        member = unit.staff.get(member_id)
    except NotFound:
        nothing_here()
    here = member.removed_at is None and member.brand_id == desk.counter.house.brand
    return member if here else nothing_here()


def nothing_here() -> NoReturn:
    """Answer that there is no such thing: the same for what does not exist and for what is somebody else's."""
    raise Problem(404, "There is no such thing here.")


def number_of(text: str) -> int:
    """Return a number from an address. Raises Problem for what is none of ours."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else nothing_here()
