"""A survey brought from elsewhere: a file, what was read of it, and the draft that is begun with it."""

import asyncio
from typing import Any, Final

import msgspec
from fastapi import Request
from starlette.responses import Response

from bot.console.desk import visit_of
from bot.console.form_files import posted_with_file
from bot.console.forms import posted
from bot.console.sessions import Visit
from bot.console.survey_beginning import free_key, renamed
from bot.console.survey_bringing import NAMES, ORIGINS, Standing, Waiting, keep, standing
from bot.console.survey_desk import SurveyDesk
from bot.console.survey_words import differing, language_name, questions_of, told, who
from bot.editing.bringing import Read, read_file
from bot.phrases import say
from bot.wall_clock import wall_moment
from storage.unit import Unit

MOST_PARTS: Final = 200


class SurveyBringPage:
    """The routes of bringing one in."""

    def __init__(self, desk: SurveyDesk) -> None:
        self._desk = desk
        self._waiting = Waiting()

    async def show(self, request: Request) -> Response:
        """Show where a file is chosen."""
        visit = visit_of(request)
        self._waiting.forget(visit.session.id)
        return await self._shown(request, visit, None)

    async def read(self, request: Request) -> Response:
        """Show what a file becomes, before anything is kept; `part` alone reads another part of the same file."""
        visit = visit_of(request)
        fields, file = await posted_with_file(request, visit.token)
        waiting = self._waiting.of(visit.session.id)
        origin = fields.get("origin", "") if fields.get("origin", "") in ORIGINS else ""
        part = fields.get("part") or None
        if file is None and part is not None and waiting is not None:
            file, origin = waiting[0], waiting[1].origin
        if file is None or not file.content:
            self._desk.say(visit, "told_no_file", warning=True)
            return self._desk.back("bring-in")
        found = await asyncio.to_thread(read_file, file.name, file.content, origin, part)  # a large file takes seconds
        self._waiting.keep(visit.session.id, file, found)
        return await self._shown(request, visit, found)

    async def begin(self, request: Request) -> Response:
        """Begin the draft with what was read: anew, in place of the one being written, or under a key of its own."""
        visit = visit_of(request)
        fields = await posted(request, visit.token)
        waiting = self._waiting.of(visit.session.id)
        if waiting is None or not waiting[1].source:
            self._desk.say(visit, "told_bring_again", warning=True)
            return self._desk.back("bring-in")
        revision = int(fields["revision"]) if fields.get("revision", "").isdecimal() else 0
        found, brand = waiting[1], self._desk.house.brand
        beside = fields.get("how") == "beside"

        def work(unit: Unit, actor: str, now: int) -> Read | None:
            taken = found
            if beside:
                key = free_key(unit, brand, found.key)
                taken = msgspec.structs.replace(found, key=key, source=renamed(found.source, key))
            kept = keep(unit, brand, taken, 0 if beside else revision, actor, now)
            return taken if kept else None

        taken = await self._desk.write(visit, work)
        if taken is None:
            self._desk.say(visit, "told_brought_meanwhile", warning=True)
            return await self._shown(request, visit, found)
        self._waiting.forget(visit.session.id)
        self._desk.say(visit, "told_brought", key=taken.key)
        return self._desk.back(taken.key)

    async def _shown(self, request: Request, visit: Visit, found: Read | None) -> Response:
        language, house = visit.member.language, self._desk.house

        def work(unit: Unit) -> tuple[Standing, str]:
            stands = standing(unit, house.brand, found) if found is not None and found.source else Standing()
            return stands, who(unit, stands.draft_by, language) if stands.revision else ""

        stands, name = await self._desk.read(work)
        context: dict[str, Any] = {"found": found, "origins": [(each, NAMES[each]) for each in ORIGINS]}
        if found is not None:
            context |= _report(found, language)
            context |= {
                "stands": stands,
                "draft_by": name,
                "draft_at": wall_moment(stands.draft_at, house.zone, language) if stands.revision else "",
                "differences": differing(stands.differences, language, questions_of(found.survey)),
            }
        return self._desk.shown(request, visit, "survey_bring.html", **context)


def _report(found: Read, language: str) -> dict[str, Any]:
    asked = [each for each in found.survey.questions if each.kind != "statement"] if found.survey else []
    return {
        "refused": say(found.refused, language) if found.refused is not None else "",
        "groups": [(say(each.what, language), say(each.why, language), each.places) for each in found.groups],
        "assumed": [say(each, language) for each in found.assumed],
        "problems": told(found.problems, language),
        "file_parts": found.parts[:MOST_PARTS],
        "count": len(asked),
        "spoken": [language_name(tag) for tag in found.survey.languages] if found.survey else [],
        "named": NAMES.get(found.origin, ""),
    }
