"""What the pages about surveys share: who acts, what the next page says of it, and that open pages hear of it."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

import msgspec
from fastapi import Request
from starlette.responses import RedirectResponse, Response

from bot.console import pages
from bot.console.answers import Once
from bot.console.desk import Desk, nothing_here, still_working
from bot.console.served_page import fresh_mark
from bot.console.sessions import Visit
from bot.console.wording import words
from bot.editing import drafts
from bot.editing.checked import ahead
from bot.house import House
from bot.rest.counter import stored
from bot.turn import Turned
from storage.unit import Unit

T = TypeVar("T")

SURVEYS: Final = "surveys"
"""The kind of thing that open pages show anew when a draft or a version changed."""

ROOT: Final = "/console/surveys"
_MOST: Final = 2_000


class Note(msgspec.Struct, frozen=True):
    """What the next page says of an act. A `label` is that of a button that takes it back, posted to `action`."""

    text: str
    warning: bool = False
    more: tuple[Any, ...] = ()
    label: str = ""
    action: str = ""
    fields: dict[str, str] = {}


class SurveyDesk:
    """The desk for pages about surveys. Notes live as long as this process: nothing is lost with one."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.once = Once()
        self._notes: dict[int, Note] = {}

    @property
    def house(self) -> House:
        """Return the brand that the console is for."""
        return self.desk.counter.house

    async def read(self, work: Callable[[Unit], T]) -> T:
        """Read in one go."""
        return await stored(self.desk.counter.database.read(work))

    async def write(self, visit: Visit, work: Callable[[Unit, str, int], T]) -> T:
        """Change something in one unit, as `staff:ID` at this moment, and let open pages know once it is committed."""
        now = self.desk.counter.clock.now()

        def turn(unit: Unit) -> T:
            return work(unit, f"staff:{still_working(unit, visit.member).id}", now)

        done = await stored(self.desk.counter.database.run(turn))
        self.house.shelf.forget_published()
        self.desk.counter.hand_on(Turned([], [], [], touched=frozenset({SURVEYS})))
        return done

    async def check_first(self, key: str, version: int | None = None) -> None:
        """Check a draft or a version beside the database's thread, before a unit of work needs to know."""
        await stored(ahead(self.desk.counter.database, self.house.brand, key, version))

    def say(self, visit: Visit, sentence: str, /, *, warning: bool = False, **places: str | int) -> None:
        """Let the next page of this session say one of the console's sentences."""
        self.note(visit, Note(words(sentence, visit.member.language, **places), warning))

    def note(self, visit: Visit, note: Note) -> None:
        """Let the next page of this session say it."""
        self._notes.pop(visit.session.id, None)
        self._notes[visit.session.id] = note
        if len(self._notes) > _MOST:
            del self._notes[next(iter(self._notes))]

    def shown(self, request: Request, visit: Visit, template: str, /, **context: Any) -> Response:
        """Return a page, with what is to be said above it, once; a page that asks for itself anew leaves that alone."""
        said = None if "x-refresh" in request.headers else self._notes.pop(visit.session.id, None)
        return pages.shown(self.desk.look(request, visit), template, visit, said=said, once=fresh_mark(), **context)

    def known(self, unit: Unit, key: str) -> None:
        """Answer that there is nothing unless a survey of that key is written or was published."""
        brand = self.house.brand
        there = unit.drafts.newest(brand, key) is not None or bool(unit.surveys.versions(brand, key))
        if not there and drafts.thrown(unit, brand, key) is None:
            nothing_here()

    def back(self, key: str = "", page: str = "") -> Response:
        """Lead on to a page about a survey, or to the list."""
        return RedirectResponse("/".join(part for part in (ROOT, key, page) if part), 303)
