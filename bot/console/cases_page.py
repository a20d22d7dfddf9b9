"""The pages of cases: the list, a case, and every act on it, which is the chat's own act."""

from collections.abc import Callable
from typing import Final

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from bot import offers
from bot.access.policy import Act
from bot.console import pages
from bot.console.answers import Answers, Once
from bot.console.case_view import view_of
from bot.console.cases import ENDINGS, PERIODS, asked_of, case_seen, page_of_cases
from bot.console.desk import Desk, nothing_here, number_of, reader_of, still_working, visit_of
from bot.console.forms import posted
from bot.console.page_talk import PageOutgoing, PageTalk, Said, give, press
from bot.console.served_page import fresh_mark
from bot.console.sessions import Visit
from bot.console.today import Reader
from bot.console.wording import ending, words
from bot.rest.counter import stored
from bot.scene import Scene
from bot.staff_talk import principal_of
from bot.staff_writing import WRITE
from bot.turn import Turned, turned
from storage.case_lists import STAGES
from storage.cases import Case
from storage.unit import Unit

LONGEST: Final = 4_000
TOLD: Final = ("empty", "sent_before", "no_such_act")


class CasesPage:
    """The routes of cases. `answers` says on the next page what came of an act."""

    def __init__(self, desk: Desk, answers: Answers) -> None:
        self._desk = desk
        self._answers = answers
        self._once = Once()

    async def listing(self, request: Request) -> Response:
        """Show the list."""
        visit = visit_of(request)
        asked = asked_of(request.query_params)
        reader, counter = reader_of(visit), self._desk.counter
        page = await stored(counter.database.read(page_of_cases(reader, counter.house, counter.clock.now(), asked)))
        return pages.shown(
            self._desk.look(request, visit),
            "cases.html",
            visit,
            asked=asked,
            page=page,
            stages=STAGES,
            periods=PERIODS,
            endings=ENDINGS,
            ending=lambda name: ending(name, visit.member.language),
        )

    async def show(self, number: str, request: Request) -> Response:
        """Show a case, and above it what came of the last act."""
        visit, counter = visit_of(request), self._desk.counter
        view = await stored(
            counter.database.read(view_of(reader_of(visit), counter.house, counter.clock.now(), number_of(number)))
        )
        if view is None:
            nothing_here()
        by_itself = "x-refresh" in request.headers
        said = None if by_itself else self._answers.take(visit.session.id)
        told = request.query_params.get("told", "")
        return pages.shown(
            self._desk.look(request, visit),
            "case.html",
            visit,
            view=view,
            case=view.case,
            said=said,
            told=words(f"told_{told}", visit.member.language) if told in TOLD and said is None else None,
            once=fresh_mark(),
            takes_files=self._desk.files is not None,
        )

    async def act(self, number: str, request: Request) -> Response:
        """Do what a button below the case does in the chat."""
        visit = visit_of(request)
        fields = await posted(request, visit.token)
        data = fields.get("press", "")
        if not 0 < len(data) <= 64:
            nothing_here()
        await self._done(visit, number_of(number), lambda talk, _case: press(talk, data))
        return self._back(number)

    async def say(self, number: str, request: Request) -> Response:
        """Give words, and files, to what they are for: the customer, a note, what was asked."""
        visit = visit_of(request)
        fields = await posted(request, visit.token)
        what, text = fields.get("what", WRITE), fields.get("text", "").strip()[:LONGEST]
        media = await self._files(visit, fields)
        if not text and not media:
            return self._back(number, "empty")
        if not self._once.first(f"{visit.session.id}:{fields.get('once', '')}"):
            return self._back(number, "sent_before")

        def work(talk: PageTalk, case: Case) -> None:
            lasts = talk.now + talk.house.media_lasts
            talk.unit.media.sent(media, case.customer_id, lasts)
            give(talk, case, what, text, media)

        await self._done(visit, number_of(number), work, act=Act.WRITE_TO_CUSTOMER)
        return self._back(number)

    async def withdraw(self, number: str, offer_id: str, request: Request) -> Response:
        """Withdraw an offer of one's own."""
        visit = visit_of(request)
        await posted(request, visit.token)
        wanted = number_of(offer_id)

        def work(talk: PageTalk, case: Case) -> None:
            if all(row.id != wanted for row in talk.unit.offers.of_case(case.id)):
                nothing_here()
            talk.say(offers.withdraw(talk.scene, wanted, talk.member).said)

        await self._done(visit, number_of(number), work, act=Act.MAKE_OFFERS)
        return self._back(number)

    async def _files(self, visit: Visit, fields: dict[str, str]) -> tuple[int, ...]:
        """Return the files that came up for this text: only those of this very person."""
        given = [int(each) for each in fields.get("files", "").split(",") if each.isdecimal() and len(each) < 16]
        if not given or self._desk.files is None:
            return ()
        own = await self._desk.files.own(f"console:{visit.member.id}", given[:10])
        return tuple(file.id for file in own)

    async def _done(
        self, visit: Visit, number: int, work: Callable[[PageTalk, Case], None], act: Act = Act.SEE_CASE
    ) -> None:
        """Do something to a case in one turn, and keep what came of it for the next page."""
        counter = self._desk.counter
        house, now = counter.house, counter.clock.now()

        def turn(unit: Unit) -> tuple[Said | None, Turned]:
            member = still_working(unit, visit.member)
            case = case_seen(unit, house.brand, number, Reader(member, principal_of(member)))
            page = PageOutgoing(unit, now)
            talk = PageTalk(member, Scene(unit, house, page, now), page)
            if case is None or not talk.may(act, case):
                nothing_here()
            work(talk, case)
            page.touched.add("cases")
            return talk.said(), turned(page)

        said, done = await stored(counter.database.run(turn))
        counter.hand_on(done)
        self._answers.put(visit.session.id, said)

    def _back(self, number: str, told: str = "") -> Response:
        return RedirectResponse(f"/console/cases/{number_of(number)}" + (f"?told={told}" if told else ""), 303)
