"""The page on which the ways of asking are written that an experiment tries.

GET  /console/surveys/{key}/variants          the variants of the draft
POST /console/surveys/{key}/variants          what the form of one of them says otherwise
POST /console/surveys/{key}/variants/name     what the experiment is called, and how many answers are planned
POST /console/surveys/{key}/variants/add      one more, and `/remove` one less

Everything is kept in the draft; what an experiment shows stands on a page of its own.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from bot.console import survey_json
from bot.console.desk import visit_of
from bot.console.forms import posted
from bot.console.sessions import Visit
from bot.console.survey_desk import ROOT, SurveyDesk
from bot.console.survey_saving import Kept, Wish, at_hand, change, keep, table_of
from bot.console.survey_variants import FIELDS, added, experiment_wishes, number_of, removed, view, wishes
from bot.editing import drafts
from bot.figure_words import titled
from bot.phrases import say
from conversations.amending import Edit
from conversations.phrases import Phrase
from conversations.reading import draft as read_draft
from storage.drafts import DraftRow
from storage.unit import Unit

PAGE = "variants"


class SurveyVariantsPage:
    """The routes of the variants."""

    def __init__(self, desk: SurveyDesk) -> None:
        self._desk = desk

    async def show(self, key: str, request: Request) -> Response:
        """Show what is tried in the draft, or in what is published; looking begins no draft."""
        visit = visit_of(request)
        brand, language = self._desk.house.brand, visit.member.language

        def work(unit: Unit) -> tuple[DraftRow, bool]:
            return at_hand(unit, brand, key), any(
                "[[variant]]" in version.source for version in unit.surveys.versions(brand, key)
            )

        row, tried = await self._desk.read(work)
        looked = await asyncio.to_thread(survey_json.looked_at, row.source, f"{key}.toml")
        shown = view(row.revision, looked.table, looked.survey, looked.mistakes, language)
        titles = looked.survey.title if looked.survey is not None else {}
        context = {"key": key, "title": titled(key, titles, language), "view": shown, "tried": tried}
        return self._desk.shown(request, visit, "survey_variants.html", **context)

    async def save(self, key: str, request: Request) -> Response:
        """Keep what the form of one variant says otherwise than its page did."""
        visit = visit_of(request)
        form = await posted(request, visit.token, FIELDS)
        was, base, brand = _number(form.get("number", "")), _number(form.get("base", "")), self._desk.house.brand
        seen = table_of(await self._seen(key, base)) or {}

        def work(unit: Unit, actor: str, now: int) -> tuple[Kept | None, tuple[Phrase, ...]]:
            standing = at_hand(unit, brand, key)
            number = number_of(table_of(standing.source) or {}, form.get("variant", ""), was)
            if number is None:
                return None, ()
            survey = read_draft(standing.source, f"{key}.toml").survey
            wanted, faults = wishes(form, seen, survey, was, number)
            return _kept(unit, brand, key, wanted, actor, now), faults

        kept, faults = await self._desk.write(visit, work)
        self._tell(visit, kept, faults)
        return self._back(key, f"variant-{was}")

    async def name(self, key: str, request: Request) -> Response:
        """Keep what the experiment is called and how many answers are planned."""
        visit = visit_of(request)
        form = await posted(request, visit.token)
        brand = self._desk.house.brand
        seen = table_of(await self._seen(key, _number(form.get("base", "")))) or {}
        wanted = experiment_wishes(form, seen)

        def work(unit: Unit, actor: str, now: int) -> Kept:
            return _kept(unit, brand, key, wanted, actor, now)

        self._tell(visit, await self._desk.write(visit, work), ())
        return self._back(key)

    async def add(self, key: str, request: Request) -> Response:
        """Try one more way of asking: it differs in nothing yet."""
        visit = visit_of(request)
        await posted(request, visit.token)
        brand = self._desk.house.brand

        def work(unit: Unit, actor: str, now: int) -> bool:
            standing = at_hand(unit, brand, key)
            sources = [version.source for version in unit.surveys.versions(brand, key)]
            edits = added(table_of(standing.source) or {}, sources)
            return change(unit, standing, edits, actor, "variant added", now)

        done = await self._desk.write(visit, work)
        self._desk.say(visit, "told_variant_added" if done else "told_nothing_new", warning=not done)
        return self._back(key)

    async def remove(self, key: str, request: Request) -> Response:
        """Try a way of asking no more."""
        visit = visit_of(request)
        form = await posted(request, visit.token)
        brand = self._desk.house.brand

        def work(unit: Unit, actor: str, now: int) -> bool:
            standing = at_hand(unit, brand, key)
            table = table_of(standing.source) or {}
            number = number_of(table, form.get("variant", ""), _number(form.get("number", "")))
            edits: list[Edit] = removed(table, number) if number is not None else []
            return change(unit, standing, edits, actor, "variant removed", now)

        done = await self._desk.write(visit, work)
        self._desk.say(visit, "told_variant_removed" if done else "told_nothing_new", warning=not done)
        return self._back(key)

    async def _seen(self, key: str, base: int) -> str:
        """Return the file that a form was made of."""
        brand = self._desk.house.brand

        def work(unit: Unit) -> str:
            standing = at_hand(unit, brand, key)
            return drafts.text_of(unit, brand, key, base) or standing.source

        return await self._desk.read(work)

    def _tell(self, visit: Visit, kept: Kept | None, faults: tuple[Phrase, ...]) -> None:
        """Let the next page say what became of it; what could not be kept comes first."""
        if kept is None:
            self._desk.say(visit, "told_variant_gone", warning=True)
        elif kept.torn:
            first = kept.torn[0]
            places: Mapping[str, Any] = {"theirs": str(first.theirs or "–"), "yours": str(first.wanted or "–")}
            self._desk.say(visit, "told_torn", warning=True, **places)
        elif kept.refused is not None or faults:
            why = kept.refused or faults[0]
            self._desk.say(visit, "told_not_kept", warning=True, why=say(why, visit.member.language))
        else:
            self._desk.say(visit, "told_kept" if kept.changed else "told_nothing_new")

    def _back(self, key: str, at: str = "") -> Response:
        return RedirectResponse(f"{ROOT}/{key}/{PAGE}" + (f"#{at}" if at else ""), 303)


def _kept(unit: Unit, brand: int, key: str, wanted: list[Wish], actor: str, now: int) -> Kept:
    """Keep what nobody else changed meanwhile, and say what somebody did: a form holds too much to lose all of it."""
    kept = keep(unit, brand, key, wanted, actor, "variant", now)
    if not kept.torn:
        return kept
    torn = {each.path for each in kept.torn}
    rest = keep(unit, brand, key, [wish for wish in wanted if wish.path not in torn], actor, "variant", now)
    return Kept(rest.revision, rest.changed, kept.torn, rest.refused)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
