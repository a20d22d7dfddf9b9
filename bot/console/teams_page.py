"""The pages of teams: made, changed, renamed, and removed with a word about what becomes of their people and cases.

GET  /console/team/teams               a form for a new one
POST /console/team/teams               it is made
GET  /console/team/teams/{id}          what is said of one, who is in it, and the form
POST /console/team/teams/{id}          it is changed
POST /console/team/teams/{id}/people   somebody comes into it, or leaves it
     /console/team/teams/{id}/remove   asked once more, then done
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from bot import teams
from bot.calendars import NoSuchCalendar
from bot.console import pages
from bot.console.desk import Desk, member_of, nothing_here, number_of, still_working, visit_of
from bot.console.forms import posted
from bot.console.sessions import Visit
from bot.console.wording import words
from bot.rest.counter import stored
from bot.rest.staff import changed
from bot.rest.teams import AMOUNTS, amount_told, read
from bot.turn import NOTHING, Turned
from bot.web.problems import Problem
from storage.errors import NotFound
from storage.teams import Team
from storage.unit import Unit

ROOT: Final = "/console/team/teams"

REFUSED: Final[Mapping[type[Exception], tuple[str, str]]] = {
    teams.NameUnfit: ("name", "told_name_unfit"),
    teams.NameTaken: ("name", "team_name_taken"),
    teams.NameWasTaken: ("name", "team_name_was"),
    NoSuchCalendar: ("calendar", "team_calendar_gone"),
}
"""By the refusal, the field at which it is told, and the sentence."""


class Typed(NamedTuple):
    """A form that could not be kept, as it was typed, with the sentences at its fields."""

    fields: Mapping[str, str]
    faults: Mapping[str, str]


class TeamsPage:
    """The routes of teams."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def new(self, request: Request) -> Response:
        """Show the form of a team that there is not yet."""
        return await self._shown(request, visit_of(request), None)

    async def make(self, request: Request) -> Response:
        """Make a team."""

        def making(unit: Unit, changes: dict[str, Any], actor: str, now: int) -> tuple[Team, Turned]:
            name = changes.pop("name")
            return teams.make(unit, self._desk.counter.house, name, changes, actor, now)

        return await self._kept(request, None, making, "team_made")

    async def show(self, team_id: str, request: Request) -> Response:
        """Show what is said of a team, to be changed."""
        return await self._shown(request, visit_of(request), number_of(team_id))

    async def change(self, team_id: str, request: Request) -> Response:
        """Change it; what does not fit is told at its field."""
        wanted = number_of(team_id)

        def changing(unit: Unit, changes: dict[str, Any], actor: str, now: int) -> tuple[Team, Turned]:
            return teams.change(unit, self._desk.counter.house, self._team(unit, wanted), changes, actor, now)

        return await self._kept(request, wanted, changing, "team_changed")

    async def people(self, team_id: str, request: Request) -> Response:
        """Let somebody come into the team, or work for the whole business again."""
        visit, wanted = visit_of(request), number_of(team_id)
        fields = await posted(request, visit.token)
        whom, comes = number_of(fields.get("person", "")), "leaves" not in fields
        if whom == visit.member.id:
            return RedirectResponse("/console/team?told=yourself", 303)
        counter = self._desk.counter
        now = counter.clock.now()

        def work(unit: Unit) -> Turned:
            actor = f"staff:{still_working(unit, visit.member).id}"
            team, member = self._team(unit, wanted), member_of(unit, self._desk, whom)
            if comes is (member.team_id == team.id):
                return NOTHING
            return changed(unit, counter, member, {"team": team.name if comes else ""}, {}, actor, now)[1]

        counter.hand_on(await stored(counter.database.run(work)))
        return RedirectResponse(f"{ROOT}/{wanted}?told=changed", 303)

    async def ask_remove(self, team_id: str, request: Request) -> Response:
        """Ask once more, and say whom and what that concerns."""
        visit, wanted = visit_of(request), number_of(team_id)
        team, left = await stored(self._desk.counter.database.read(lambda unit: self._concerned(unit, wanted)))
        return pages.shown(self._desk.look(request, visit), "team_remove.html", visit, team=team, left=left, root=ROOT)

    async def remove(self, team_id: str, request: Request) -> Response:
        """End a team."""
        visit, wanted = visit_of(request), number_of(team_id)
        await posted(request, visit.token)
        counter = self._desk.counter
        now = counter.clock.now()

        def work(unit: Unit) -> Turned:
            actor = f"staff:{still_working(unit, visit.member).id}"
            return teams.end(unit, counter.house, self._team(unit, wanted), actor, now)[1]

        counter.hand_on(await stored(counter.database.run(work)))
        return RedirectResponse("/console/team?told=team_removed", 303)

    async def _kept(
        self,
        request: Request,
        wanted: int | None,
        keeping: Callable[[Unit, dict[str, Any], str, int], tuple[Team, Turned]],
        told: str,
    ) -> Response:
        visit, counter = visit_of(request), self._desk.counter
        fields = await posted(request, visit.token)
        now = counter.clock.now()
        body = _body(fields, with_money=bool(counter.house.currency))

        def work(unit: Unit) -> tuple[Team, Turned]:
            return keeping(unit, dict(changes), f"staff:{still_working(unit, visit.member).id}", now)

        try:
            changes = {**read(body, counter), "name": " ".join(fields.get("name", "").split())}
            _, done = await stored(counter.database.run(work))
        except (teams.TeamError, NoSuchCalendar) as error:
            return await self._shown(request, visit, wanted, Typed(fields, _told(*REFUSED[type(error)], visit)))
        except Problem as problem:
            if problem.status_code != 422:
                raise
            places = (str(fault.pointer).removeprefix("/") for fault in problem.more.get("errors", ()))
            faults = {place: words("fault_amount", visit.member.language) for place in places}
            return await self._shown(request, visit, wanted, Typed(fields, faults))
        counter.hand_on(done)
        return RedirectResponse(f"/console/team?told={told}", 303)

    async def _shown(self, request: Request, visit: Visit, wanted: int | None, typed: Typed | None = None) -> Response:
        counter = self._desk.counter
        brand, currency = counter.house.brand, counter.house.currency

        def work(unit: Unit) -> dict[str, Any]:
            team, left = (None, None) if wanted is None else self._concerned(unit, wanted)
            names = {each.id: each.name for each in unit.teams.listing(brand)}
            others = [each for each in unit.staff.listing(brand) if team is not None and each.team_id != team.id]
            return {
                "team": team,
                "left": left,
                "others": [(each.id, each.name, names.get(each.team_id or 0, "")) for each in others],
                "calendars": [each.key for each in unit.calendars.listing(brand)],
            }

        known = await stored(counter.database.read(work))
        fields = _fields(known["team"], currency) | (dict(typed.fields) if typed is not None else {})
        return pages.shown(
            self._desk.look(request, visit),
            "team_edit.html",
            visit,
            root=ROOT,
            told=words("told_changed", visit.member.language) if request.query_params.get("told") else None,
            fields=fields,
            faults={} if typed is None else typed.faults,
            currency=currency,
            **known,
        )

    def _concerned(self, unit: Unit, wanted: int) -> tuple[Team, teams.Concerned]:
        team = self._team(unit, wanted)
        return team, teams.concerned(unit, team)

    def _team(self, unit: Unit, wanted: int) -> Team:
        """Return a team that there is; of any other there is nothing."""
        try:
            team = unit.teams.get(wanted)
        except NotFound:
            nothing_here()
        here = team.removed_at is None and team.brand_id == self._desk.counter.house.brand
        return team if here else nothing_here()


def _told(field: str, sentence: str, visit: Visit) -> Mapping[str, str]:
    return {field: words(sentence, visit.member.language)}


def _body(fields: Mapping[str, str], *, with_money: bool) -> dict[str, Any]:
    """Return a form as the body that a change of a team has."""
    named = ("calendar", *AMOUNTS) if with_money else ("calendar",)
    return {field: fields.get(field, "").strip() for field in named}


def _fields(team: Team | None, currency: str) -> dict[str, str]:
    """Return what stands in the form of a team."""
    if team is None:
        return dict.fromkeys(("name", "calendar", *AMOUNTS), "")
    amounts = {field: amount_told(getattr(team, field), currency) or "" for field in AMOUNTS}
    return {"name": team.name, "calendar": team.calendar or "", **amounts}
