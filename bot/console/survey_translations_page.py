"""The translations of a survey on a page: row by row, languages added and removed, a table for a translator."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from bot.console import survey_json
from bot.console.desk import nothing_here, visit_of
from bot.console.form_files import posted_with_file
from bot.console.forms import posted
from bot.console.sessions import Visit
from bot.console.survey_desk import ROOT, Note, SurveyDesk
from bot.console.survey_saving import Kept, at_hand, change, keep, table_of
from bot.console.survey_translations import sent_wishes, view, wishes
from bot.console.survey_words import language_name
from bot.console.wording import words
from bot.editing import drafts
from bot.figure_words import titled
from bot.phrases import say
from conversations.amending import Edit
from conversations.languages import added, removed
from conversations.translating import TAG, Sent, languages_of, read_table, texts_of
from conversations.translating import table_of as csv_of
from storage.unit import Unit

MOST_LANGUAGES: Final = 20
LARGEST_TABLE: Final = 700_000
"""Bytes of a translator's table."""


class SurveyTranslationsPage:
    """The routes of the translations."""

    def __init__(self, desk: SurveyDesk) -> None:
        self._desk = desk

    async def show(self, key: str, request: Request) -> Response:
        """Show them side by side; `to` is one language, `only=missing` what is missing."""
        return await self._shown(request, visit_of(request), key)

    async def save(self, key: str, request: Request) -> Response:
        """Keep one row, as its form says it."""
        visit = visit_of(request)
        form = await posted(request, visit.token)
        brand, ident = self._desk.house.brand, form.get("text", "")

        def work(unit: Unit, actor: str, now: int) -> Kept:
            standing = at_hand(unit, brand, key)
            made_from = drafts.text_of(unit, brand, key, _number(form.get("base", "")))
            table = table_of(standing.source) or {}
            seen = table_of(made_from) if made_from is not None else None
            wanted = wishes(table, seen or table, ident, form)
            return keep(unit, brand, key, wanted, actor, "translated", now) if wanted else Kept(standing.revision)

        kept = await self._desk.write(visit, work)
        if kept.torn:
            first = kept.torn[0]
            self._desk.say(visit, "told_torn", warning=True, theirs=str(first.theirs or "–"), yours=str(first.wanted))
        elif kept.refused is not None:
            self._desk.say(visit, "told_not_kept", warning=True, why=say(kept.refused, visit.member.language))
        else:
            self._desk.say(visit, "told_kept" if kept.changed else "told_nothing_new")
        return self._back(key, form)

    async def languages(self, key: str, request: Request) -> Response:
        """Let the survey speak one more language, or one less."""
        visit = visit_of(request)
        form = await posted(request, visit.token)
        tag, gone, brand = form.get("add", "").strip(), form.get("remove", ""), self._desk.house.brand
        if not gone and not TAG.fullmatch(tag):
            self._desk.say(visit, "told_no_tag", warning=True)
            return self._back(key, {})

        def work(unit: Unit, actor: str, now: int) -> bool:
            standing = at_hand(unit, brand, key)
            table = table_of(standing.source) or {}
            tags = languages_of(table)
            edits: list[Edit] = removed(table, gone) if gone in tags[1:] else []  # the default language stays
            if not gone and tags and len(tags) < MOST_LANGUAGES:
                edits = added(table, tag)
            return change(unit, standing, edits, actor, "languages", now)

        done = await self._desk.write(visit, work)
        name = language_name(gone or tag)
        sentence = "told_nothing_new" if not done else "told_language_removed" if gone else "told_language_added"
        self._desk.say(visit, sentence, warning=not done, **({"language": name} if done else {}))
        return self._back(key, {} if gone else {"to": tag})

    async def export(self, key: str, request: Request) -> Response:
        """Give all texts as a table for a translator."""
        visit_of(request)
        brand = self._desk.house.brand
        row = await self._desk.read(lambda unit: at_hand(unit, brand, key))
        table = table_of(row.source)
        if table is None:
            nothing_here()
        return Response(
            csv_of(texts_of(table), languages_of(table)).encode("utf-8", "replace"),
            media_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{key}-texts.csv"', "Cache-Control": "no-store"},
        )

    async def read(self, key: str, request: Request) -> Response:
        """Show what a translator's table changes, before anything is kept."""
        visit = visit_of(request)
        form, file = await posted_with_file(request, visit.token)
        content = form.get("table", "")
        if file is not None:
            try:
                content = file.content[:LARGEST_TABLE].decode("utf-8-sig")
            except UnicodeDecodeError:
                self._desk.say(visit, "told_no_utf8", warning=True)
                return self._back(key, {})
        if not content.strip():
            self._desk.say(visit, "told_no_file", warning=True)
            return self._back(key, {})
        return await self._shown(request, visit, key, content=content)

    async def keep(self, key: str, request: Request) -> Response:
        """Keep what the table changes, if the draft still is the one that it was compared with."""
        visit = visit_of(request)
        form = await posted(request, visit.token)
        content, brand = form.get("table", ""), self._desk.house.brand

        def work(unit: Unit, actor: str, now: int) -> Kept | None:
            standing = at_hand(unit, brand, key)
            if standing.revision != _number(form.get("base", "")):
                return None
            table = table_of(standing.source) or {}
            sent = read_table(content, texts_of(table), languages_of(table))
            return keep(unit, brand, key, sent_wishes(sent), actor, "translated", now)

        kept = await self._desk.write(visit, work)
        if kept is None:
            self._desk.say(visit, "told_changed_meanwhile", warning=True)
            return await self._shown(request, visit, key, content=content)
        if kept.refused is not None:
            self._desk.say(visit, "told_not_kept", warning=True, why=say(kept.refused, visit.member.language))
        else:
            self._desk.note(visit, Note(words("told_texts_kept", visit.member.language, count=kept.changed)))
        return self._back(key, {})

    async def _shown(self, request: Request, visit: Visit, key: str, *, content: str | None = None) -> Response:
        language, brand = visit.member.language, self._desk.house.brand
        row = await self._desk.read(lambda unit: at_hand(unit, brand, key))
        looked = await asyncio.to_thread(survey_json.looked_at, row.source, f"{key}.toml")
        asked = request.query_params
        table = looked.table or {}
        context: dict[str, Any] = {"sent": None}
        if content is not None:
            sent = await asyncio.to_thread(read_table, content, texts_of(table), languages_of(table))
            context = _report(sent, content, language)
        shown = view(
            row.revision,
            looked.table,
            looked.mistakes,
            language,
            asked.get("to", ""),
            only_missing=asked.get("only") == "missing",
        )
        titles = looked.survey.title if looked.survey is not None else {}
        return self._desk.shown(
            request,
            visit,
            "survey_translations.html",
            key=key,
            title=titled(key, titles, language),
            view=shown,
            to=asked.get("to", "") if asked.get("to", "") in shown.shown and len(shown.columns) > 1 else "",
            **context,
        )

    def _back(self, key: str, form: Mapping[str, str]) -> Response:
        """Lead back to the same part of the page."""
        asked = {name: form[name] for name in ("to", "only") if form.get(name)}
        row = form.get("row", "")
        where = f"{ROOT}/{key}/translations" + (f"?{urlencode(asked)}" if asked else "")
        return RedirectResponse(where + (f"#row-{row}" if row.isdecimal() else ""), 303)


def _report(sent: Sent, content: str, language: str) -> dict[str, Any]:
    return {
        "sent": sent,
        "content": content,
        "mistakes": [say(each, language) for each in sent.mistakes],
        "sent_lines": [
            {
                "called": say(each.text.called, language),
                "question": each.text.question or "",
                "language": language_name(each.tag),
                "tag": each.tag,
                "before": each.before,
                "after": each.after,
                "stale": each.stale,
            }
            for each in sent.changes
        ],
    }


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
