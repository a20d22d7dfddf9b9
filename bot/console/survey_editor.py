"""The editor of a survey: its page, and the draft behind it.

GET  /console/surveys/{key}/edit        the page
GET  /console/surveys/{key}/draft       the draft as it stands, with what is wrong with it; 204 for `?seen=` its own
POST /console/surveys/{key}/draft       edits or a whole text, against the revision that they were made from;
                                        409 with the newest when somebody else saved first
POST /console/surveys/{key}/draft/undo  one step back, and `/redo` one on

Reading and checking a file and changing it takes up to a third of a second, so it is done in threads: a unit of work
here only reads and writes rows.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from fastapi import Request
from starlette.responses import Response

from bot.access.csrf import carries_token, from_our_page
from bot.access.policy import Act, allowed
from bot.console import pages, survey_json
from bot.console.desk import Desk, nothing_here, still_working, visit_of
from bot.console.sessions import Visit
from bot.console.survey_editor_words import page_words, said
from bot.console.survey_json import Held
from bot.console.survey_words import language_name, who
from bot.editing import drafts
from bot.editing.drafts import Late, NoDraft, NothingPublished
from bot.outgoing import SURVEYS
from bot.phrases import LANGUAGES
from bot.rest.counter import body_of, stored
from bot.staff_talk import principal_of
from bot.turn import NOTHING
from bot.web.problems import Problem
from conversations.surveys import said_in
from storage.drafts import DraftRow
from storage.unit import Unit

Step = Callable[[Unit, int, str, str, int], DraftRow | None]


class Overtaken(msgspec.Struct, frozen=True):
    """A save that came too late: what stands now, and the text that it was made from."""

    held: Held
    made_from: str | None


class SurveyEditor:
    """The routes of the editor."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def show(self, key: str, request: Request) -> Response:
        """Show the editor; looking begins no draft."""
        visit = visit_of(request)
        language = visit.member.language
        held = await self._held(key, language)
        found = await asyncio.to_thread(survey_json.looked_at, held.row.source, f"{key}.toml")
        titles = found.survey.title if found.survey is not None else {}
        tags = dict.fromkeys((*LANGUAGES, *(found.survey.languages if found.survey is not None else ())))
        return pages.shown(
            self._desk.look(request, visit),
            "survey_edit.html",
            visit,
            key=key,
            title=said_in(titles, language, next(iter(titles))) if titles else key,
            said=lambda name: said(name, language),
            words=page_words(language) | {"tags": {tag: language_name(tag) for tag in tags}},
            publishes=allowed(principal_of(visit.member), Act.PUBLISH_SURVEYS),
        )

    async def draft(self, key: str, request: Request) -> Response:
        """Return the draft, or nothing to somebody who has seen it."""
        language = visit_of(request).member.language
        held = await self._held(key, language)
        if request.query_params.get("seen") == str(held.row.revision):
            return Response(status_code=204)
        return _json(await asyncio.to_thread(survey_json.told, held, language))

    async def save(self, key: str, request: Request) -> Response:
        """Keep what an editor made of a revision, or say what somebody else made of it meanwhile."""
        visit, body = await self._posted(request)
        wanted = survey_json.asked(body)
        source = await self._written(key, wanted, visit.member.language)

        def work(unit: Unit, brand: int, actor: str, now: int) -> DraftRow | Late:
            if source is None:
                return Late(_at_hand(unit, brand, key), None)
            return drafts.kept(unit, brand, key, wanted.base, source, actor, wanted.what, now)

        return await self._changed(key, visit, wanted.base, work)

    async def undo(self, key: str, request: Request) -> Response:
        """Go back one step; at the first there is none, and nothing changes."""
        return await self._stepped(key, request, drafts.stepped_back)

    async def redo(self, key: str, request: Request) -> Response:
        """Take back an undo."""
        return await self._stepped(key, request, drafts.stepped_on)

    async def _stepped(self, key: str, request: Request, step: Step) -> Response:
        visit, body = await self._posted(request)
        base = survey_json.base_of(body)

        def work(unit: Unit, brand: int, actor: str, now: int) -> DraftRow | Late:
            standing = drafts.at_hand(unit, brand, key)
            if standing.revision != base:
                return Late(standing, drafts.text_of(unit, brand, key, base))
            taken = step(unit, brand, key, actor, now) if base != drafts.NOT_BEGUN else None
            return taken or standing

        return await self._changed(key, visit, base, work)

    async def _changed(
        self, key: str, visit: Visit, base: int, work: Callable[[Unit, int, str, int], DraftRow | Late]
    ) -> Response:
        counter, language = self._desk.counter, visit.member.language
        now, brand = counter.clock.now(), counter.house.brand

        def changing(unit: Unit) -> Held | Overtaken:
            actor = f"staff:{still_working(unit, visit.member).id}"
            try:
                done = work(unit, brand, actor, now)
            except NoDraft:  # published or thrown away meanwhile: what stands is what is published
                done = Late(_at_hand(unit, brand, key), drafts.text_of(unit, brand, key, base))
            except NothingPublished:
                nothing_here()
            if isinstance(done, Late):
                return Overtaken(_held(unit, done.newest, language), done.made_from)
            return _held(unit, done, language)

        done = await stored(counter.database.run(changing))
        if isinstance(done, Overtaken):
            return _json(await asyncio.to_thread(survey_json.behind, done.held, done.made_from, language), 409)
        if done.row.revision != base:
            counter.hand_on(NOTHING._replace(touched=frozenset({SURVEYS})))
        return _json(await asyncio.to_thread(survey_json.told, done, language))

    async def _written(self, key: str, wanted: survey_json.Asked, language: str) -> str | None:
        """Return the text that a save makes of the revision that it was made from, None when that is not there."""
        counter = self._desk.counter
        brand = counter.house.brand
        made_from = await stored(counter.database.read(lambda unit: drafts.text_of(unit, brand, key, wanted.base)))
        if made_from is None:
            return None
        return await asyncio.to_thread(survey_json.written, made_from, wanted, language)

    async def _held(self, key: str, language: str) -> Held:
        counter = self._desk.counter
        brand = counter.house.brand
        return await stored(counter.database.read(lambda unit: _held(unit, _at_hand(unit, brand, key), language)))

    async def _posted(self, request: Request) -> tuple[Visit, Mapping[str, Any]]:
        visit = visit_of(request)
        if not from_our_page(request.headers) or not carries_token(request.headers, visit.token):
            raise Problem(403, "This did not come from our page. Load it again.")
        return visit, await body_of(request)


def _held(unit: Unit, row: DraftRow, language: str) -> Held:
    versions = unit.surveys.versions(row.brand_id, row.key)
    by = who(unit, row.actor, language) if row.actor else ""
    return Held(row, drafts.steps_of(unit, row.brand_id, row.key), by, tuple(each.source for each in versions))


def _at_hand(unit: Unit, brand: int, key: str) -> DraftRow:
    try:
        return drafts.at_hand(unit, brand, key)
    except NothingPublished:
        nothing_here()


def _json(told: Mapping[str, Any], status: int = 200) -> Response:
    return Response(msgspec.json.encode(told), status_code=status, media_type="application/json")
