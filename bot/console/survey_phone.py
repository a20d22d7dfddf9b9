"""The telephone beside a survey: the draft, or a version, as a customer gets it. Nothing of it is stored.

GET  /console/surveys/{key}/try        the telephone on a page of its own; `?version=3` for what was published
POST /console/surveys/{key}/rehearse   what is seen after these steps, played from the beginning

A survey is read in a thread: a unit of work here only fetches its text.
"""

import asyncio
from datetime import datetime, time
from typing import Any, Final, NamedTuple

import msgspec
from fastapi import Request
from starlette.responses import Response

from bot.access.csrf import carries_token, from_our_page
from bot.clock import moment
from bot.console import pages, survey_phone_json
from bot.console.desk import Desk, nothing_here, number_of, visit_of
from bot.console.survey_phone_json import Asked, Setting
from bot.editing import drafts
from bot.editing.drafts import NothingPublished
from bot.house import FOLLOW_UP_SURVEY
from bot.rest.counter import body_of, stored
from bot.web.problems import Problem
from conversations.surveys import Survey, said_in
from storage.errors import NotFound
from storage.unit import Unit

BEGINS: Final = time(10)
"""When a rehearsal begins by the clock on the business's wall: a good hour, and no quiet one."""


class Text(NamedTuple):
    """A survey's text as it is played, and what follows a case up."""

    source: str
    follow_up: Survey | None


class SurveyPhone:
    """The routes of the telephone."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def show(self, key: str, request: Request) -> Response:
        """Show the telephone alone."""
        visit, version = visit_of(request), request.query_params.get("version")
        wanted = Asked(version=None if version is None else number_of(version))
        text = await self._text(key, wanted)
        survey = await asyncio.to_thread(survey_phone_json.survey_of, text.source)
        titles, language = (survey.title if survey is not None else {}), visit.member.language
        return pages.shown(
            self._desk.look(request, visit),
            "survey_try.html",
            visit,
            key=key,
            version=wanted.version,
            title=said_in(titles, language, next(iter(titles))) if titles else key,
        )

    async def rehearse(self, key: str, request: Request) -> Response:
        """Play the survey from its beginning; the same steps to the same text always show the same."""
        visit = visit_of(request)
        if not from_our_page(request.headers) or not carries_token(request.headers, visit.token):
            raise Problem(403, "This did not come from our page. Load it again.")
        house, now = self._desk.counter.house, self._desk.counter.clock.now()
        wanted = survey_phone_json.asked(await body_of(request), now)
        if not wanted.begins_at:
            wanted = msgspec.structs.replace(wanted, begins_at=self._morning(now))
        text = await self._text(key, wanted)
        setting = Setting(house.business, house.rules, house.zone, text.follow_up)
        language = visit.member.language
        return _json(await asyncio.to_thread(survey_phone_json.told, text.source, wanted, setting, language))

    def _morning(self, now: int) -> int:
        """Return ten o'clock of this day, where the business is, in ms."""
        zone = self._desk.zone
        today = moment(now).astimezone(zone).date()
        return int(datetime.combine(today, BEGINS, zone).timestamp()) * 1000

    async def _text(self, key: str, wanted: Asked) -> Text:
        counter = self._desk.counter
        brand, shelf = counter.house.brand, counter.house.shelf

        def work(unit: Unit) -> Text:
            try:
                follow_up = shelf.published(unit, brand, FOLLOW_UP_SURVEY)[1]
            except NotFound:
                follow_up = None
            return Text(source_of(unit, brand, key, wanted), follow_up)

        return await stored(counter.database.read(work))


def source_of(unit: Unit, brand: int, key: str, wanted: Asked) -> str:
    """Return the text to play. Answers that there is nothing for a survey, revision or version that is not there."""
    try:
        standing = drafts.at_hand(unit, brand, key).source
    except NothingPublished:
        nothing_here()
    if wanted.source is not None:
        return wanted.source
    if wanted.version is not None:
        versions = {each.number: each.source for each in unit.surveys.versions(brand, key)}
        return versions.get(wanted.version) or nothing_here()
    if wanted.revision is not None:
        return drafts.text_of(unit, brand, key, wanted.revision) or nothing_here()
    return standing


def _json(told: dict[str, Any]) -> Response:
    return Response(msgspec.json.encode(told), media_type="application/json")
