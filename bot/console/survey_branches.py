"""The branch picture of a survey, by itself or inside a page.

GET /console/surveys/{key}/branches.svg   `?revision=7` or `?version=3`, else the draft; `?language=zh-Hans`
"""

import asyncio
from typing import Final

from fastapi import Request
from starlette.responses import Response

from bot.branches.drawing import drawn
from bot.console.desk import Desk, number_of, visit_of
from bot.console.survey_json import looked_at
from bot.console.survey_phone import source_of
from bot.console.survey_phone_json import Asked
from bot.phrases import say
from bot.rehearsing.playing import UNREADABLE
from bot.rest.counter import stored

EMPTY: Final = '<svg xmlns="http://www.w3.org/2000/svg" class="branches" viewBox="0 0 364 40">{title}</svg>\n'


class SurveyBranches:
    """The route of the picture."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def show(self, key: str, request: Request) -> Response:
        """Return the picture, in the language asked for where the survey has it."""
        language, asked = visit_of(request).member.language, request.query_params
        counter = self._desk.counter
        brand, revision, version = counter.house.brand, asked.get("revision"), asked.get("version")
        wanted = Asked(
            revision=None if revision is None else number_of(revision),
            version=None if version is None else number_of(version),
        )
        source = await stored(counter.database.read(lambda unit: source_of(unit, brand, key, wanted)))
        picture = await asyncio.to_thread(_picture, source, key, asked.get("language", ""), language)
        return Response(picture, media_type="image/svg+xml")


def _picture(source: str, key: str, language: str, reader: str) -> str:
    """Return the picture of a text. Slow: it is read and checked, so that what is wrong is marked."""
    found = looked_at(source, f"{key}.toml")
    if found.survey is None:
        words = say(UNREADABLE, reader)
        return EMPTY.format(title=f'<text x="8" y="24" font-size="14" fill="currentColor">{words}</text>')
    spoken = next((tag for tag in (language, reader) if tag in found.survey.languages), "")
    errors = [mistake for mistake in found.mistakes if mistake.severity == "error"]
    return drawn(found.survey, spoken or next(iter(found.survey.languages), reader), reader, errors)
