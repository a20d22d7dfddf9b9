"""The list of surveys, and how one begins there: blank, or as a copy."""

from typing import Any

from fastapi import Request
from starlette.responses import Response

from bot.console.desk import visit_of
from bot.console.forms import posted
from bot.console.sessions import Visit
from bot.console.survey_beginning import Wanted, begin, wanted_of
from bot.console.survey_desk import SurveyDesk
from bot.console.survey_lines import surveys_for
from bot.phrases import LANGUAGES, NAMES, say


class SurveysPage:
    """The routes of the list."""

    def __init__(self, desk: SurveyDesk) -> None:
        self._desk = desk

    async def listing(self, request: Request) -> Response:
        """Show every survey: asked with, being written, put aside; and touchpoints without one."""
        visit = visit_of(request)
        return await self._listing(request, visit, Wanted(languages=(visit.member.language,)))

    async def begin(self, request: Request) -> Response:
        """Begin a survey; what does not fit is told above the form, which keeps what was typed."""
        visit = visit_of(request)
        fields = await posted(request, visit.token)
        wanted = wanted_of(fields)
        if not self._desk.once.first(f"{visit.session.id}:{fields.get('once', '')}"):
            self._desk.say(visit, "told_begun_before", warning=True)
            return self._desk.back()
        brand = self._desk.house.brand
        begun = await self._desk.write(visit, lambda unit, actor, now: begin(unit, brand, wanted, actor, now))
        if not begun.key:
            mistakes = tuple(say(each, visit.member.language) for each in begun.mistakes)
            return await self._listing(request, visit, wanted, mistakes, fields.get("more_languages", "")[:80])
        return self._desk.back(begun.key, "edit")

    async def _listing(
        self, request: Request, visit: Visit, wanted: Wanted, mistakes: tuple[str, ...] = (), more: str = ""
    ) -> Response:
        now = self._desk.desk.counter.clock.now()
        found = await self._desk.read(surveys_for(self._desk.house, now, visit.member.language))
        context: dict[str, Any] = {
            "list": found,
            "wanted": wanted,
            "mistakes": mistakes,
            "more_languages": more,
            "languages": [(tag, NAMES[tag]) for tag in LANGUAGES],
        }
        return self._desk.shown(request, visit, "surveys.html", **context)
