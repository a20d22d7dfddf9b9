"""The page that staff look at all day, what is done from it, and the part of it that brings itself up to date."""

from typing import Any

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from bot import call_tasks, casework, offers, offers_asking, offers_flow, staff_today, telephoning
from bot.access.policy import Act
from bot.console import pages
from bot.console.answers import Answers
from bot.console.cases import case_seen
from bot.console.desk import Desk, nothing_here, number_of, reader_of, still_working, visit_of
from bot.console.figures import FigureBlock, figures_for
from bot.console.forms import posted
from bot.console.health import Trouble, troubles
from bot.console.lead import lead_for
from bot.console.page_talk import PageOutgoing, PageTalk, Said, press
from bot.console.served_page import fresh_mark
from bot.console.sessions import Visit
from bot.console.today import Reader, today_for
from bot.console.wording import words
from bot.outgoing import Outgoing
from bot.rest.counter import stored
from bot.scene import Scene
from bot.staff_talk import principal_of
from bot.turn import Turned, turned
from recovery import cases
from storage.cases import Case
from storage.errors import NotFound
from storage.staff import StaffMember
from storage.tasks import Task
from storage.unit import Unit

TOLD = (
    "taken",
    "yours_already",
    "closed",
    "done",
    "done_before",
    "name_wanted",
    "recorded_before",
    "no_survey",
    "undone",
    "same_customer",
    "too_late",
)


class TodayPage:
    """The routes of Today."""

    def __init__(self, desk: Desk, answers: Answers) -> None:
        self._desk = desk
        self._answers = answers

    async def show(self, request: Request) -> Response:
        """Show the page."""
        visit = visit_of(request)
        said = self._answers.take(visit.session.id)
        told = None if said is not None else await self._told(request, visit)
        once = fresh_mark() if reader_of(visit).may(Act.RECORD_SERVICE) else None
        look, now = self._desk.look(request, visit), await self._now(visit)
        return pages.shown(look, "today.html", visit, told=told, said=said, once=once, **now)

    async def now(self, request: Request) -> Response:
        """Return the part of the page that changes, for the page's script."""
        visit = visit_of(request)
        return pages.shown(self._desk.look(request, visit), "now.html", visit, **await self._now(visit))

    async def take(self, number: str, request: Request) -> Response:
        """Take a case as its button in the chat does: one has it, the next is told who."""
        visit = visit_of(request)
        await posted(request, visit.token)
        wanted, now = number_of(number), self._desk.counter.clock.now()
        house = self._desk.counter.house

        def work(unit: Unit) -> tuple[str, Turned]:
            member = still_working(unit, visit.member)
            case = case_seen(unit, house.brand, wanted, Reader(member, principal_of(member))) or nothing_here()
            out = Outgoing(unit, now)
            scene = Scene(unit, house, out, now)
            _, decision = casework.tell(scene, case, cases.Took(member.id), f"staff:{member.id}")
            refused = next((effect.why for effect in decision.effects if isinstance(effect, cases.Refuse)), None)
            return refused or "taken", turned(out)

        told, done = await stored(self._desk.counter.database.run(work))
        self._desk.counter.hand_on(done)
        return RedirectResponse(f"/console?told={told}&case={wanted}", status_code=303)

    async def finish(self, task_id: str, request: Request) -> Response:
        """Record that a task is done, once, and by whom."""
        visit = visit_of(request)
        await posted(request, visit.token)
        wanted, now = number_of(task_id), self._desk.counter.clock.now()
        house = self._desk.counter.house
        brand = house.brand

        def work(unit: Unit) -> tuple[str, Turned]:
            member, out = still_working(unit, visit.member), Outgoing(unit, now)
            try:
                task = unit.tasks.get(wanted)
            except NotFound:
                nothing_here()
            if task.brand_id != brand or not _sees(unit, task, member):
                nothing_here()
            if task.done_at is not None:
                return "done_before", turned(out)
            if task.kind == call_tasks.TELEPHONE:  # they were reached, and nobody said what they said: a case asks on
                telephoning.record(Scene(unit, house, out, now), task, member, None, None, "")
            if task.kind == offers_flow.CARRY_OUT:
                scene = Scene(unit, house, out, now)
                offers.carried_out(scene, offers_flow.offer_of(task.dedupe_key), member)
                return "done", turned(out)
            unit.tasks.done(task.id, now)
            subject = f"case:{task.case_id}" if task.case_id is not None else f"customer:{task.customer_id}"
            unit.history.add(brand, subject, f"staff:{member.id}", "TaskDone", task.kind, now)
            return "done", turned(out)

        told, done = await stored(self._desk.counter.database.run(work))
        self._desk.counter.hand_on(done)
        return RedirectResponse(f"/console?told={told}", status_code=303)

    async def call(self, request: Request) -> Response:
        """Say what came of a call."""
        return await self._act(request, call_tasks.PROMPT)

    async def decide(self, request: Request) -> Response:
        """Agree to somebody's offer, or turn it down."""
        return await self._act(request, offers_asking.APPROVE_PROMPT)

    async def hand_on(self, request: Request) -> Response:
        """Hand on what somebody has."""
        return await self._act(request, staff_today.TODAY_PROMPT)

    async def _act(self, request: Request, prompt: str) -> Response:
        """Do what a button of that prompt does in the chat."""
        visit = visit_of(request)
        data = (await posted(request, visit.token)).get("press", "")
        if not data.startswith(f"1:{prompt}:") or len(data) > 64:
            nothing_here()
        counter = self._desk.counter
        house, now = counter.house, counter.clock.now()

        def work(unit: Unit) -> tuple[Said | None, Turned]:
            member, page = still_working(unit, visit.member), PageOutgoing(unit, now)
            talk = PageTalk(member, Scene(unit, house, page, now), page)
            if not _may_press(talk, prompt, data):
                nothing_here()
            press(talk, data)
            page.touched |= {"cases", "tasks"}
            return talk.said(), turned(page)

        said, done = await stored(counter.database.run(work))
        counter.hand_on(done)
        self._answers.put(visit.session.id, said)
        return RedirectResponse("/console", status_code=303)

    async def _now(self, visit: Visit) -> dict[str, Any]:
        reader, counter = reader_of(visit), self._desk.counter
        now = counter.clock.now()
        today = await stored(counter.database.read(today_for(reader, counter.house, now)))
        return {
            "today": today,
            "lead": await stored(counter.database.read(lead_for(reader, counter.house, now))),
            "figures": await self._figures(reader, now),
            "troubles": await self._troubles(reader, now),
        }

    async def _figures(self, reader: Reader, now: int) -> tuple[FigureBlock, ...] | None:
        if not reader.may(Act.SEE_FIGURES):
            return None
        house, language = self._desk.counter.house, reader.member.language
        return await stored(self._desk.counter.database.read(figures_for(house, now, language)))

    async def _troubles(self, reader: Reader, now: int) -> list[Trouble] | None:
        if not reader.may(Act.READ_HEALTH):
            return None
        health = await stored(self._desk.health())
        brand, language = self._desk.counter.house.brand, reader.member.language
        return await stored(self._desk.counter.database.read(troubles(brand, now, language, health)))

    async def _told(self, request: Request, visit: Visit) -> str | None:
        """Return what was just done, said from a name of ours and from the rows: an address brings no words along."""
        told, language = request.query_params.get("told", ""), visit.member.language
        if told in TOLD:
            return words(f"told_{told}", language)
        if told == "somebody_elses" and reader_of(visit).may(Act.SEE_CASE):
            return await self._told_owner(request.query_params.get("case", ""), language)
        return None

    async def _told_owner(self, number: str, language: str) -> str | None:
        brand, wanted = self._desk.counter.house.brand, int(number) if number.isdecimal() and len(number) < 19 else 0

        def work(unit: Unit) -> str | None:
            case: Case | None = unit.cases.by_number(brand, wanted)
            return unit.staff.get(case.owner_id).name if case is not None and case.owner_id is not None else None

        name = await stored(self._desk.counter.database.read(work))
        return None if name is None else words("told_somebody_elses", language, name=name)


def _sees(unit: Unit, task: Task, member: StaffMember) -> bool:
    """Return whether a task is this staff member's business: of a case that they see, or of none."""
    team = Reader(member, principal_of(member)).team
    return task.case_id is None or team is None or unit.cases.get(task.case_id).team_id in (None, team)


def _may_press(talk: PageTalk, prompt: str, data: str) -> bool:
    """Return whether a call that a button is about is theirs to see; all else is asked by what the button does."""
    if prompt != call_tasks.PROMPT:
        return True
    number = data.split(":")[2]
    try:
        task = talk.unit.tasks.get(int(number) if number.isascii() and number.isdecimal() and len(number) < 13 else 0)
    except NotFound:
        return False
    return task.brand_id == talk.house.brand and _sees(talk.unit, task, talk.member)
