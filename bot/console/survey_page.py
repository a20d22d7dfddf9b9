"""One survey: how it stands, and the whole life of its versions: published, gone back to, put aside, taken up again."""

from collections.abc import Callable
from typing import TypeVar

from fastapi import Request
from starlette.responses import Response

from bot.console.desk import nothing_here, visit_of
from bot.console.forms import posted
from bot.console.sessions import Visit
from bot.console.survey_desk import ROOT, Note, SurveyDesk
from bot.console.survey_standing import DRAFT, Looked, standing_of
from bot.console.survey_words import differing, questions_of
from bot.console.wording import words
from bot.editing import drafts, versions
from bot.editing.drafts import NoDraft, NothingPublished
from bot.editing.versions import Changed, Needed, NoSuchVersion, Published
from bot.phrases import say
from conversations.problems import SurveyInvalid
from conversations.reading import draft as read_draft
from storage.surveys import SurveyVersion
from storage.unit import Unit

T = TypeVar("T")

REFUSALS = (NoDraft, NothingPublished, NoSuchVersion, Changed, Needed, SurveyInvalid)


class SurveyPage:
    """The routes of one survey."""

    def __init__(self, desk: SurveyDesk) -> None:
        self._desk = desk

    async def show(self, key: str, request: Request) -> Response:
        """Show how it stands."""
        visit, asked = visit_of(request), request.query_params
        seen = asked.get("seen", "")
        looked = Looked(
            asked.get("from", ""),
            asked.get("to", ""),
            bool(asked.get("all")),
            int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 10 else None,
        )
        await self._desk.check_first(key)
        view = await self._desk.read(standing_of(self._desk.house, key, visit.member.language, looked))
        if view is None:
            nothing_here()
        return self._desk.shown(request, visit, "survey.html", view=view, key=key)

    async def publish(self, key: str, request: Request) -> Response:
        """Ask with the draft from now on, if it still is the one that was looked at."""
        visit, fields = visit_of(request), await posted(request, visit_of(request).token)
        revision, brand = _number(fields.get("revision", "")), self._desk.house.brand

        def work(unit: Unit, actor: str, now: int) -> Published:
            self._desk.known(unit, key)
            return versions.published(unit, brand, key, revision, actor, now)

        await self._desk.check_first(key)
        done = await self._done(visit, work)
        if isinstance(done, Published):
            self._desk.say(visit, "told_published", number=done.version.number)
        elif isinstance(done, Changed):
            return self._desk.back(f"{key}?seen={revision}")
        return self._desk.back(key)

    async def roll_back(self, key: str, request: Request) -> Response:
        """Ask with an earlier version again; what that changes is said, and one press takes it back."""
        visit, fields = visit_of(request), await posted(request, visit_of(request).token)
        number, brand = _number(fields.get("number", "")), self._desk.house.brand

        def work(unit: Unit, actor: str, now: int) -> tuple[Published, SurveyVersion | None]:
            self._desk.known(unit, key)
            before = self._still(unit, key, fields)
            return versions.rolled_back(unit, brand, key, number, actor, now), before

        await self._desk.check_first(key, number)
        done = await self._done(visit, work)
        if isinstance(done, tuple):
            self._tell_rolled_back(visit, key, number, *done)
        return self._desk.back(key)

    async def retire(self, key: str, request: Request) -> Response:
        """Ask nobody with it any more."""
        visit, fields = visit_of(request), await posted(request, visit_of(request).token)
        brand = self._desk.house.brand

        def work(unit: Unit, actor: str, now: int) -> SurveyVersion:
            self._desk.known(unit, key)
            self._still(unit, key, fields)
            return versions.retired(unit, brand, key, actor, now)

        done = await self._done(visit, work)
        if isinstance(done, SurveyVersion):
            self._tell(visit, key, "told_retired", "rollback", {"number": str(done.number), "standing": "0"})
        return self._desk.back(key)

    async def throw_away(self, key: str, request: Request) -> Response:
        """End the draft; it can be brought back."""
        visit, fields = visit_of(request), await posted(request, visit_of(request).token)
        revision, brand = _number(fields.get("revision", "")), self._desk.house.brand

        def work(unit: Unit, _actor: str, now: int) -> bool:
            self._desk.known(unit, key)
            standing = unit.drafts.newest(brand, key)
            if standing is None:
                raise NoDraft(key)
            if standing.revision != revision:
                raise Changed
            drafts.thrown_away(unit, brand, key, now)
            return bool(unit.surveys.versions(brand, key))

        done = await self._done(visit, work)
        if isinstance(done, bool):
            self._tell(visit, key, "told_thrown", "bring-back", {}, label="bring_back")
            return self._desk.back(key if done else "")
        return self._desk.back(f"{key}?seen={revision}" if isinstance(done, Changed) else key)

    async def bring_back(self, key: str, request: Request) -> Response:
        """Go on with the draft that was thrown away."""
        visit = visit_of(request)
        await posted(request, visit.token)
        brand = self._desk.house.brand

        def work(unit: Unit, _actor: str, _now: int) -> bool:
            self._desk.known(unit, key)
            return drafts.brought_back(unit, brand, key) is not None

        done = await self._desk.write(visit, work)
        self._desk.say(visit, "told_back" if done else "told_not_back", warning=not done)
        return self._desk.back(key)

    async def export(self, key: str, request: Request) -> Response:
        """Give the file of a version, or of the draft; without saying which, of the draft, else of the newest."""
        visit_of(request)
        wanted, brand = request.query_params.get("version", ""), self._desk.house.brand

        def work(unit: Unit) -> tuple[str, str] | None:
            draft = unit.drafts.newest(brand, key)
            if draft is not None and wanted in ("", DRAFT):
                return f"{key}-draft", draft.source
            rows = unit.surveys.versions(brand, key)
            row = next((each for each in rows if wanted in ("", str(each.number))), None)
            return (f"{key}-{row.number}", row.source) if row is not None else None

        found = await self._desk.read(work)
        if found is None:
            nothing_here()
        return Response(
            found[1].encode("utf-8", "replace"),
            media_type="application/toml",
            headers={"Content-Disposition": f'attachment; filename="{found[0]}.toml"', "Cache-Control": "no-store"},
        )

    # -- what came of it

    async def _done(self, visit: Visit, work: Callable[[Unit, str, int], T]) -> T | Exception:
        """Do it; what refuses it is told, changes nothing, and is returned."""
        try:
            return await self._desk.write(visit, work)
        except REFUSALS as error:
            self._refuse(visit, error)
            return error

    def _refuse(self, visit: Visit, error: Exception) -> None:
        match error:
            case Changed():
                self._desk.say(visit, "told_changed_meanwhile", warning=True)
            case Needed():
                self._desk.say(visit, "told_needed", warning=True)
            case SurveyInvalid(problems=problems):
                first, language = problems[0], visit.member.language
                wrong = f"{say(first.said, language)} {say(first.to_mend, language)}"
                self._desk.say(visit, "told_refused", warning=True, wrong=wrong)
            case NoSuchVersion():
                self._desk.say(visit, "told_no_version", warning=True)
            case _:
                self._desk.say(visit, "told_done_already", warning=True)

    def _still(self, unit: Unit, key: str, fields: dict[str, str]) -> SurveyVersion | None:
        """Return the version that is asked with. Raises Changed when it is not the one that was looked at."""
        asked = unit.surveys.by_key(self._desk.house.brand, key)
        if fields.get("standing") != str(asked.number if asked is not None else 0):
            raise Changed
        return asked

    def _tell_rolled_back(
        self, visit: Visit, key: str, number: int, done: Published, before: SurveyVersion | None
    ) -> None:
        language, now = visit.member.language, done.version.number
        if before is not None and before.id == done.version.id:
            self._desk.say(visit, "told_same_version", number=now)
            return
        questions = questions_of(read_draft(done.version.source).survey)
        more = differing(done.differences, language, questions)
        text = words("told_rolled_back", language, number=number, now=now)
        if before is None:
            undo, fields = "retire", {"standing": str(now)}
        else:
            undo, fields = "rollback", {"standing": str(now), "number": str(before.number)}
        note = Note(text, more=more, label=words("take_back", language), action=f"{ROOT}/{key}/{undo}", fields=fields)
        self._desk.note(visit, note)

    def _tell(
        self, visit: Visit, key: str, sentence: str, undo: str, fields: dict[str, str], label: str = "take_back"
    ) -> None:
        language = visit.member.language
        action = f"{ROOT}/{key}/{undo}"
        self._desk.note(
            visit, Note(words(sentence, language), label=words(label, language), action=action, fields=fields)
        )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
