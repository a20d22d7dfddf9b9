"""Staff signed in to the console: a one-time link is spent, a session begins, lasts, and ends.

    link: once, 15 minutes ── the button's POST ──> session: 12 hours from the last visit, 7 days at most
    code: a yes in the chat ── that browser's POST ──> the same (`bot.signing_in`)

Both tokens are 128 random bits, kept as digests. A session's time is the machine's own, whatever a demo's clock
says. Who a session belongs to is read again at every request: a removed staff member has none, a changed role counts
at once.
"""

from datetime import timedelta
from typing import Final, Literal

import msgspec

from bot.access.secrets import digest, new_token
from bot.clock import Clock
from bot.links import SIGN_IN
from bot.rest.counter import stored
from storage.database import Database
from storage.errors import NotFound
from storage.links import Link, Session
from storage.staff import StaffMember
from storage.unit import Unit

KIND: Final = "console"
_MS: Final = timedelta(milliseconds=1)
IDLE: Final = timedelta(hours=12) // _MS
LONGEST: Final = timedelta(days=7) // _MS
STEP: Final = timedelta(minutes=5) // _MS
"""A visit is written down when it lets the session last so much longer; each one would be a write a page."""


class LinkRefused(msgspec.Struct, frozen=True):
    """A link that signs nobody in, and why."""

    why: Literal["unknown", "used", "expired"]


class Visit(msgspec.Struct, frozen=True):
    """One request of somebody signed in. `token` is the session's own, for the proofs that its pages carry."""

    session: Session
    member: StaffMember
    token: str


class StaffSessions:
    """The console's sessions of one brand."""

    def __init__(self, database: Database, clock: Clock, brand: int = 1) -> None:
        self._database = database
        self._clock = clock
        self._brand = brand

    async def peek(self, token: str) -> StaffMember | LinkRefused:
        """Return whom a link would sign in. Looking spends nothing: previews of links look, too."""
        now = self._clock.now()
        return await stored(self._database.read(lambda unit: self._usable(unit, token, now)))

    async def begin(self, token: str, former: str | None) -> Visit | LinkRefused:
        """Spend a link and begin a session under a fresh token; the browser's `former` session ends with it."""
        now, real, fresh = self._clock.now(), self._clock.real(), new_token()

        def work(unit: Unit) -> Visit | LinkRefused:
            member = self._usable(unit, token, now)
            if isinstance(member, LinkRefused):
                return member
            unit.links.claim(self._brand, digest(token), f"{KIND}:{member.id}", now)
            return self._begun(unit, member, fresh, former, now, real)

        return await stored(self._database.run(work))

    async def begin_by_code(self, secret: str, former: str | None) -> Visit | None:
        """Spend the yes that was said to this browser's code and begin a session. None: there is none to spend."""
        now, real, fresh = self._clock.now(), self._clock.real(), new_token()

        def work(unit: Unit) -> Visit | None:
            wish = unit.sign_ins.use(self._brand, digest(secret), now)
            member = _working(unit, wish.staff_member_id) if wish is not None else None
            return None if member is None else self._begun(unit, member, fresh, former, now, real)

        return await stored(self._database.run(work))

    async def visit(self, token: str, *, prolongs: bool) -> Visit | None:
        """Return who comes with this session, None when it is over. `prolongs`: a person came, and no timer."""
        real = self._clock.real()

        def work(unit: Unit) -> Visit | None:
            session = self._session(unit, token, real)
            member = _working(unit, session.staff_member_id) if session is not None else None
            return Visit(session, member, token) if session is not None and member is not None else None

        found = await stored(self._database.read(work))
        if found is not None and prolongs:
            await self._prolong(found.session, real)
        return found

    async def _prolong(self, session: Session, real: int) -> None:
        until = min(real + IDLE, session.created_at + LONGEST)
        if until - session.expires_at >= STEP:
            await stored(self._database.run(lambda unit: unit.sessions.prolong(session.id, until)))

    async def listing(self, member: StaffMember) -> list[Session]:
        """Return the sessions that a staff member has open, newest first."""
        real = self._clock.real()
        return await stored(self._database.read(lambda unit: unit.sessions.good_of_staff(member.id, KIND, real)))

    async def end(self, member: StaffMember, session_id: int) -> bool:
        """End one of their sessions. False: they have none of that id, whoever else may."""
        now, real = self._clock.now(), self._clock.real()

        def work(unit: Unit) -> bool:
            if all(each.id != session_id for each in unit.sessions.good_of_staff(member.id, KIND, real)):
                return False
            unit.sessions.end(session_id, real)
            self._note(unit, member.id, "SignedOut", now)
            return True

        return await stored(self._database.run(work))

    async def end_everywhere(self, member: StaffMember) -> None:
        """End all their sessions, and the links that could begin one."""
        now, real = self._clock.now(), self._clock.real()

        def work(unit: Unit) -> None:
            for session in unit.sessions.good_of_staff(member.id, KIND, real):
                unit.sessions.end(session.id, real)
            unit.links.withdraw(member.id, now, SIGN_IN)
            unit.sign_ins.withdraw(member.id)
            self._note(unit, member.id, "SignedOutEverywhere", now)

        await stored(self._database.run(work))

    def _begun(self, unit: Unit, member: StaffMember, fresh: str, former: str | None, now: int, real: int) -> Visit:
        """Begin a session under a fresh token; the one that this browser had before ends."""
        before = self._session(unit, former, real)
        if before is not None:
            unit.sessions.end(before.id, real)
        session = unit.sessions.add(self._brand, digest(fresh), KIND, real, real + IDLE, staff_member_id=member.id)
        self._note(unit, member.id, "SignedIn", now)
        return Visit(session, member, fresh)

    def _usable(self, unit: Unit, token: str, now: int) -> StaffMember | LinkRefused:
        """Return whom the link signs in at `now`; another purpose's link is as unknown as none."""
        link: Link | None = unit.links.look(self._brand, digest(token))
        if link is None or link.purpose != SIGN_IN:
            return LinkRefused("unknown")
        if link.claimed_at is not None:
            return LinkRefused("used")
        member = _working(unit, link.staff_member_id)
        return member if member is not None and link.expires_at > now else LinkRefused("expired")

    def _session(self, unit: Unit, token: str | None, real: int) -> Session | None:
        session = unit.sessions.by_digest(self._brand, digest(token), real) if token else None
        return session if session is not None and session.kind == KIND else None

    def _note(self, unit: Unit, staff_member_id: int, what: str, now: int) -> None:
        who = f"staff:{staff_member_id}"
        unit.history.add(self._brand, who, who, what, "", now)


def _working(unit: Unit, staff_member_id: int | None) -> StaffMember | None:
    """Return the staff member if they work here."""
    if staff_member_id is None:
        return None
    try:
        member = unit.staff.get(staff_member_id)
    except NotFound:
        return None
    return member if member.removed_at is None else None
