"""The pages of the team: who works here, invitations with their codes, what each knows and may give, farewells."""

from typing import Any, Final

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from bot.access.policy import Act, Role
from bot.console import pages, people_file
from bot.console.desk import Desk, member_of, number_of, reader_of, still_working, visit_of
from bot.console.forms import posted
from bot.console.qr import drawn
from bot.console.sessions import Visit
from bot.console.team import view_of
from bot.console.wording import faults_told, roles, words
from bot.links import MadeLink
from bot.phrases import LANGUAGES, NAMES, listed, say
from bot.rest.counter import stored
from bot.rest.staff import ROLES, changed, changes_in, invited, removed
from bot.rest.teams import amount_told
from bot.turn import Turned
from bot.wall_clock import wall_day
from bot.web.problems import Problem
from storage.staff import StaffMember
from storage.unit import Unit

LISTS: Final = ("skills", "areas", "speaks")
AMOUNTS: Final = ("per_case", "per_day")
TOLD: Final = ("changed", "team_made", "team_changed", "team_removed", "calendar_removed", "yourself", "name_unfit")


class TeamPage:
    """The routes of the team."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def show(self, request: Request) -> Response:
        """Show the team."""
        visit, counter = visit_of(request), self._desk.counter
        reader = reader_of(visit)
        view = await stored(counter.database.read(view_of(reader, counter.house, counter.clock.now())))
        told, count = request.query_params.get("told", ""), request.query_params.get("count", "")
        said = words(f"told_{told}", visit.member.language) if told in TOLD else None
        if told == "removed" and count.isdecimal():
            said = words("told_removed", visit.member.language, count=count[:6])
        return pages.shown(
            self._desk.look(request, visit),
            "team.html",
            visit,
            view=view,
            keeps=reader.may(Act.KEEP_TEAMS),
            told=said,
            **self._choices(visit),
        )

    async def invite(self, request: Request) -> Response:
        """Take somebody on and show their invitation, once."""
        visit = visit_of(request)
        fields = await posted(request, visit.token)
        name = " ".join(fields.get("name", "").split())
        chosen = [role for role in ROLES if fields.get(f"role_{role}")] or [Role.STAFF]
        language = fields.get("language", "")
        if not people_file.NAME.fullmatch(name) or language not in LANGUAGES:
            return RedirectResponse("/console/team?told=name_unfit", 303)
        counter = self._desk.counter
        now = counter.clock.now()

        def work(unit: Unit) -> tuple[StaffMember, MadeLink]:
            actor = f"staff:{still_working(unit, visit.member).id}"
            return invited(unit, counter, name, language, [str(role) for role in chosen], actor, now)

        made = await stored(counter.database.run(work))
        return self._handed(request, visit, [made])

    async def person(self, member_id: str, request: Request) -> Response:
        """Show what is said of somebody, to be changed."""
        visit = visit_of(request)
        return await self._person(request, visit, number_of(member_id), ())

    async def change(self, member_id: str, request: Request) -> Response:
        """Change it; what does not fit is told on the same page."""
        visit = visit_of(request)
        fields, wanted = await posted(request, visit.token), number_of(member_id)
        if wanted == visit.member.id:
            return RedirectResponse("/console/team?told=yourself", 303)
        counter = self._desk.counter
        now, body = counter.clock.now(), _body(fields, with_money=bool(counter.house.currency))
        try:
            changes = changes_in(body, counter)

            def work(unit: Unit) -> Turned:
                actor = f"staff:{still_working(unit, visit.member).id}"
                return changed(unit, counter, member_of(unit, self._desk, wanted), body, changes, actor, now)[1]

            counter.hand_on(await stored(counter.database.run(work)))
        except Problem as problem:
            if problem.status_code != 422:
                raise
            return await self._person(
                request, visit, wanted, faults_told(problem.more.get("errors", ()), visit.member.language)
            )
        return RedirectResponse("/console/team?told=changed", 303)

    async def invite_again(self, member_id: str, request: Request) -> Response:
        """Make somebody's invitation anew; the one before is dead."""
        visit = visit_of(request)
        await posted(request, visit.token)
        counter, wanted = self._desk.counter, number_of(member_id)
        now = counter.clock.now()

        def work(unit: Unit) -> tuple[StaffMember, MadeLink]:
            actor = f"staff:{still_working(unit, visit.member).id}"
            member = member_of(unit, self._desk, wanted)
            return invited(unit, counter, member.name, member.language, member.roles.split(","), actor, now)

        return self._handed(request, visit, [await stored(counter.database.run(work))])

    async def ask_remove(self, member_id: str, request: Request) -> Response:
        """Ask once more before somebody leaves, and say how many cases that concerns."""
        visit, wanted = visit_of(request), number_of(member_id)
        counter = self._desk.counter

        def work(unit: Unit) -> tuple[StaffMember, int]:
            member = member_of(unit, self._desk, wanted)
            [[count]] = unit.all(
                """
                SELECT COUNT(*) FROM recovery_case
                WHERE COALESCE(owner_id, assignee_id) = :id AND closed_at IS NULL AND brand_id = :brand
                """,
                {"id": member.id, "brand": counter.house.brand},
            )
            return member, int(count)

        member, count = await stored(counter.database.read(work))
        return pages.shown(self._desk.look(request, visit), "remove.html", visit, person=member, count=count)

    async def remove(self, member_id: str, request: Request) -> Response:
        """End somebody's work here: signed out at once, their cases given to others."""
        visit, wanted = visit_of(request), number_of(member_id)
        await posted(request, visit.token)
        if wanted == visit.member.id:
            return RedirectResponse("/console/team?told=yourself", 303)
        counter = self._desk.counter
        now = counter.clock.now()

        def work(unit: Unit) -> tuple[int, Turned]:
            actor = f"staff:{still_working(unit, visit.member).id}"
            left, done = removed(unit, counter, member_of(unit, self._desk, wanted), actor, now)
            return len(left), done

        count, done = await stored(counter.database.run(work))
        counter.hand_on(done)
        return RedirectResponse(f"/console/team?told=removed&count={count}", 303)

    # -- many at once

    async def table(self, request: Request) -> Response:
        """Show where a table of people is pasted."""
        visit = visit_of(request)
        return self._table(request, visit, "", None)

    async def try_table(self, request: Request) -> Response:
        """Show what would be taken in, with every mistake; or take it in and show the invitations, to be printed."""
        visit = visit_of(request)
        fields = await posted(request, visit.token)
        text = fields.get("table", "")
        counter = self._desk.counter
        now, brand = counter.clock.now(), counter.house.brand

        def work(unit: Unit) -> tuple[people_file.Table, list[tuple[StaffMember, MadeLink]], list[Turned]]:
            actor = f"staff:{still_working(unit, visit.member).id}"
            read = people_file.read(text, _known(unit, brand))
            if not read.good or not fields.get("go"):
                return read, [], []
            made, done = [], []
            for line in read.lines:
                chosen = people_file.several(line.said.get("roles", "")) or ["staff"]
                language = line.said.get("language") or counter.config.staff.language
                ordered = [str(role) for role in ROLES if role in chosen]
                member, link = invited(unit, counter, line.name, language, ordered, actor, now)
                if body := people_file.body_of(line):
                    member, turned = changed(unit, counter, member, body, changes_in(body, counter), actor, now)
                    done.append(turned)
                made.append((member, link))
            return read, made, done

        read, made, done = await stored(counter.database.run(work))
        for each in done:
            counter.hand_on(each)
        return self._handed(request, visit, made) if made else self._table(request, visit, text, read)

    def _table(self, request: Request, visit: Visit, text: str, read: people_file.Table | None) -> Response:
        return pages.shown(
            self._desk.look(request, visit),
            "people.html",
            visit,
            text=text,
            read=read,
            phrase_said=lambda each: say(each, visit.member.language),
            columns=people_file.COLUMNS,
            example=people_file.EXAMPLE,
        )

    def _handed(self, request: Request, visit: Visit, made: list[tuple[StaffMember, MadeLink]]) -> Response:
        """Show invitations, each once: as an address and as a code, on one sheet to be printed and cut."""
        house, language = self._desk.counter.house, visit.member.language
        cards = [
            {
                "name": member.name,
                "roles": listed(roles(member.roles, member.language), member.language),
                "language": member.language,
                "address": (address := link.telegram or link.webchat(house.public_url)),
                "code": drawn(address),
                "until": wall_day(link.expires_at, house.zone, language),
            }
            for member, link in made
        ]
        return pages.shown(self._desk.look(request, visit), "invitations.html", visit, cards=cards)

    async def _person(self, request: Request, visit: Visit, wanted: int, faults: tuple[str, ...]) -> Response:
        counter = self._desk.counter
        brand, currency = counter.house.brand, counter.house.currency

        def work(unit: Unit) -> dict[str, Any]:
            member = member_of(unit, self._desk, wanted)
            return {
                "person": member,
                "teams": unit.teams.listing(brand),
                "calendars": [each.key for each in unit.calendars.listing(brand)],
                "amounts": {field: amount_told(getattr(member, field), currency) or "" for field in AMOUNTS},
                "bound": bool(unit.addresses.of_staff(member.id)),
            }

        known = await stored(counter.database.read(work))
        return pages.shown(
            self._desk.look(request, visit),
            "person.html",
            visit,
            faults=faults,
            currency=currency,
            own=wanted == visit.member.id,
            **self._choices(visit),
            **known,
        )

    def _choices(self, visit: Visit) -> dict[str, Any]:
        names = [(str(role), roles(role, visit.member.language)[0]) for role in ROLES]
        return {"all_roles": names, "languages": [(tag, NAMES[tag]) for tag in LANGUAGES]}


def _body(fields: dict[str, str], *, with_money: bool) -> dict[str, Any]:
    """Return a form as the body that a change of a staff member has."""
    limit = fields.get("load_limit", "").strip()
    body: dict[str, Any] = {field: people_file.several(fields.get(field, "").replace(",", " ")) for field in LISTS}
    body |= {
        "roles": [str(role) for role in ROLES if fields.get(f"role_{role}")],
        "team": fields.get("team", ""),
        "calendar": fields.get("calendar", ""),
        "load_limit": int(limit) if limit.isascii() and limit.isdecimal() and len(limit) < 7 else 0,
    }
    if with_money:
        body |= {field: fields.get(field, "").strip() for field in AMOUNTS}
    return body


def _known(unit: Unit, brand: int) -> people_file.Known:
    return people_file.Known(
        {member.name for member in unit.staff.listing(brand)},
        {team.name for team in unit.teams.listing(brand)},
        {each.key for each in unit.calendars.listing(brand)},
    )
