"""The settings of a survey on a page: a plain form, which a script saves field by field."""

import asyncio
from collections.abc import Mapping
from typing import Any

import msgspec
from fastapi import Request
from starlette.responses import Response

from bot.console import survey_json
from bot.console.desk import visit_of
from bot.console.forms import posted
from bot.console.sessions import Visit
from bot.console.survey_desk import SurveyDesk
from bot.console.survey_lines import RECENT
from bot.console.survey_saving import Kept, Wish, at_hand, edit_of, keep, table_of
from bot.console.survey_settings import FIELDS, UNITS, fault_words, unit_name, view, wishes
from bot.editing import drafts
from bot.figure_words import titled
from bot.phrases import say
from conversations.amending import CannotAmend, Put, amended
from storage.drafts import DraftRow
from storage.unit import Unit


class SurveySettingsPage:
    """The routes of the settings."""

    def __init__(self, desk: SurveyDesk) -> None:
        self._desk = desk

    async def show(self, key: str, request: Request) -> Response:
        """Show the settings of the draft, or of what is published; looking begins no draft."""
        return await self._shown(request, visit_of(request), key)

    async def save(self, key: str, request: Request) -> Response:
        """Keep what a form says otherwise than its page did; to a script say which edits that is."""
        visit = visit_of(request)
        form = await posted(request, visit.token, FIELDS)
        seen = await self._seen(key, form.get("base", ""))
        wanted, faults = wishes(form, seen, form.get("only", ""))
        if "application/json" in request.headers.get("accept", ""):
            return _edits(wanted, fault_words(faults, visit.member.language))
        if faults:
            return await self._shown(request, visit, key, form=form, faults=faults)
        brand = self._desk.house.brand

        def work(unit: Unit, actor: str, now: int) -> Kept:
            return keep(unit, brand, key, wanted, actor, "settings", now)

        kept = await self._desk.write(visit, work) if wanted else Kept(0)
        if kept.torn:
            return await self._shown(request, visit, key, form=form, kept=kept)
        if kept.refused is not None:
            self._desk.say(visit, "told_not_kept", warning=True, why=say(kept.refused, visit.member.language))
        else:
            self._desk.say(visit, "told_kept" if kept.changed else "told_nothing_new")
        return self._desk.back(key, "settings")

    async def _seen(self, key: str, base: str) -> Mapping[str, Any]:
        """Return the file that the form was made of, as tables."""
        brand = self._desk.house.brand
        revision = int(base) if base.isascii() and base.isdecimal() and len(base) < 10 else 0

        def work(unit: Unit) -> str:
            standing = at_hand(unit, brand, key)
            return drafts.text_of(unit, brand, key, revision) or standing.source

        return table_of(await self._desk.read(work)) or {}

    async def _shown(
        self,
        request: Request,
        visit: Visit,
        key: str,
        *,
        form: Mapping[str, str] | None = None,
        faults: Mapping[str, Any] | None = None,
        kept: Kept | None = None,
    ) -> Response:
        language, brand = visit.member.language, self._desk.house.brand

        def work(unit: Unit) -> tuple[DraftRow, list[str]]:
            known = {*unit.service_events.touchpoints(brand, RECENT), *_published(unit, brand)}
            return at_hand(unit, brand, key), sorted(known)

        row, touchpoints = await self._desk.read(work)
        source = row.source if form is None else _with(row.source, form, faults or {})
        looked = await asyncio.to_thread(survey_json.looked_at, source, f"{key}.toml")
        shown = view(row.revision, looked.table, looked.survey, looked.mistakes, language)
        titles = looked.survey.title if looked.survey is not None else {}
        theirs = {".".join(map(str, each.path)): str(each.theirs) for each in kept.torn} if kept is not None else {}
        return self._desk.shown(
            request,
            visit,
            "survey_settings.html",
            key=key,
            title=titled(key, titles, language),
            view=shown,
            units=[(unit, unit_name(unit, language)) for unit in UNITS],
            faults=fault_words(faults or {}, language),
            typed=form or {},
            theirs=theirs,
            touchpoints=touchpoints,
        )


def _published(unit: Unit, brand: int) -> list[str]:
    return [each.touchpoint for each in unit.surveys.published(brand)]


def _with(source: str, form: Mapping[str, str], faults: Mapping[str, Any]) -> str:
    """Return the file as it would be with what was typed, so that nobody types it twice; faults are shown as typed."""
    wanted, _ = wishes(form, table_of(source) or {})
    edits = [edit_of(wish) for wish in wanted if ".".join(map(str, wish.path)) not in faults]
    try:
        return amended(source, edits)
    except CannotAmend:
        return source


def _edits(wanted: list[Wish], faults: Mapping[str, str]) -> Response:
    """Return edits as the page's script saves them."""
    edits = []
    for wish in wanted:
        edit = edit_of(wish)
        edits.append({"put": edit.path, "value": edit.value} if isinstance(edit, Put) else {"drop": edit.path})
    return Response(msgspec.json.encode({"edits": edits, "faults": faults}), media_type="application/json")
