"""/v1/surveys: versions and drafts of surveys, for other programs and for the command line.

A draft is TOML, and is saved against the revision that it was made from: `If-Match: "REVISION"`. What is wrong with a
survey is told with the place in its file, in the language that the request asks for.
"""

import asyncio
import re
from collections.abc import Callable, Iterable
from typing import Any, Final, TypeVar

import msgspec
from fastapi import Request

from bot.access.gate import principal_of
from bot.clock import iso
from bot.editing import drafts, versions
from bot.editing.checked import ahead, checked
from bot.editing.versions import Preview
from bot.phrases import language_for, say
from bot.rest.counter import Counter, body_of, parameters_of, stored, unfit
from bot.rest.fields import Fields
from bot.turn import Turned
from bot.web.problems import Problem
from conversations.answering_time import expected_seconds
from conversations.differences import Difference, differences
from conversations.problems import Problem as SurveyProblem
from conversations.problems import SurveyInvalid
from conversations.reading import LARGEST_FILE
from conversations.reading import draft as read_draft
from conversations.surveys import Survey
from storage.drafts import DraftRow
from storage.errors import NotFound
from storage.surveys import SurveyVersion
from storage.unit import Unit

T = TypeVar("T")

SURVEYS: Final = "surveys"
"""The kind of thing that open pages of the console show anew."""

PUBLISHING: Final = ("SurveyPublished", "SurveyRolledBack")
"""What history says of a version by an editor."""

TOML: Final = ("application/toml", "text/plain")
_KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,31}")
_REVISION: Final = re.compile(r'(?:W/)?"([0-9]{1,9})"')


class SurveyFault(msgspec.Struct, frozen=True):
    """One thing wrong with a survey, as a refusal names it: the path in its file, and the line from 1."""

    pointer: str
    detail: str
    line: int
    message: str
    mend: str
    severity: str


# --- looking ----------------------------------------------------------------------------------------------------------


async def listing(counter: Counter) -> dict[str, Any]:
    """Return every survey there is: asked, put aside, or only being written."""
    return {"surveys": await stored(counter.database.read(lambda unit: listed(unit, counter.house.brand)))}


def listed(unit: Unit, brand: int) -> list[dict[str, Any]]:
    """Return the surveys of a brand, by key."""
    newest = {row.key: row for row in unit.surveys.newest(brand)}
    open_ = {row.key: row for row in unit.drafts.open(brand)}
    return [_line(key, newest.get(key), open_.get(key)) for key in sorted({*newest, *open_})]


def _line(key: str, version: SurveyVersion | None, draft: DraftRow | None) -> dict[str, Any]:
    source = version.source if version is not None else draft.source if draft is not None else ""
    survey = read_draft(source).survey
    return {
        "key": key,
        "state": _state(version),
        "version": version.number if version is not None else None,
        "published_at": iso(version.published_at) if version is not None else None,
        "draft": draft.revision if draft is not None else None,
        "touchpoint": survey.touchpoint if survey is not None else "",
        "title": survey.title if survey is not None else {},
        "languages": list(survey.languages) if survey is not None else [],
        "questions": sum(each.kind != "statement" for each in survey.questions) if survey is not None else 0,
    }


def _state(version: SurveyVersion | None) -> str:
    if version is None:
        return "draft"
    return "published" if version.retired_at is None else "retired"


async def look(counter: Counter, key: str, request: Request) -> dict[str, Any]:
    """Return a survey with its versions, its draft and the source of one version. Raises Problem 404."""
    given = parameters_of(request, ("version",))
    number = given.read("version", lambda said: int(said) if re.fullmatch("[0-9]{1,9}", said) else None, "a number")
    given.check()
    language = _language(request)
    return await stored(counter.database.read(lambda unit: seen(unit, counter.house.brand, key, number, language)))


def seen(unit: Unit, brand: int, key: str, number: int | None, language: str) -> dict[str, Any]:
    """Return a survey: its line, every version, and the source of the numbered one, else of the newest."""
    rows, draft = unit.surveys.versions(brand, key), unit.drafts.newest(brand, key)
    if not rows and draft is None:
        raise Problem(404, f"There is no survey {key[:32]!r}.")
    shown = next((row for row in rows if number in (None, row.number)), None)
    if number is not None and shown is None:
        raise Problem(404, f"The survey {key!r} has no version {number}.")
    survey = read_draft(shown.source).survey if shown is not None else None
    return {
        **_line(key, rows[0] if rows else None, draft),
        "versions": versions_told(unit, rows, language),
        "source": shown.source if shown is not None else None,
        "expected_seconds": expected_seconds(survey) if survey is not None else None,
        "draft": draft.revision if draft is not None else None,
        "draft_source": draft.source if draft is not None else None,
        "draft_by": who(unit, draft.actor) if draft is not None else None,
        "draft_at": iso(draft.at) if draft is not None else None,
        "draft_of": draft.based_on if draft is not None else None,
    }


def versions_told(unit: Unit, rows: list[SurveyVersion], language: str) -> list[dict[str, Any]]:
    """Return versions, the newest first, each with what it changed against the one before."""
    lines = unit.history.of(f"survey:{rows[0].key}") if rows else []
    actors = {line.detail: line.actor for line in lines if line.what.startswith(PUBLISHING)}
    surveys = [read_draft(row.source).survey for row in rows]
    return [
        {
            "number": row.number,
            "published_at": iso(row.published_at),
            "retired_at": iso(row.retired_at),
            "by": who(unit, actors.get(str(row.number), row.origin)),
            "changed": _told(_between(before, after), language),
        }
        for row, after, before in zip(rows, surveys, [*surveys[1:], None], strict=False)
    ]


def who(unit: Unit, actor: str) -> str:
    """Return who did something: a staff member's name, else what did it, as operator, key:NAME, library, folder."""
    kind, _, ident = actor.partition(":")
    if kind == "staff" and ident.isdecimal():
        try:
            return unit.staff.get(int(ident)).name
        except NotFound:
            return actor
    return actor


def between(unit: Unit, brand: int, key: str, before: int | None, after: int | None, language: str) -> dict[str, Any]:
    """Return what differs between two versions. Raises Problem 404.

    Without `after` it is the draft, and where none is written the version that is asked with; without `before` it is
    the version before that, of a draft the one that is asked with.
    """
    rows, draft = {row.number: row for row in unit.surveys.versions(brand, key)}, unit.drafts.newest(brand, key)
    if not rows and draft is None:
        raise Problem(404, f"There is no survey {key[:32]!r}.")
    for number in (before, after):
        if number is not None and number not in rows:
            known = ", ".join(map(str, sorted(rows)))
            raise Problem(404, f"The survey {key!r} has no version {number}; it has {known}.")
    newest = max(rows, default=0)
    if after is None and (draft is None or before is not None):
        after = newest
    if before is None:
        before = newest if after is None else max((number for number in rows if number < after), default=after)
    new = draft.source if after is None and draft is not None else rows[after or newest].source
    old = rows[before].source if before in rows else new
    found = _between(read_draft(old).survey, read_draft(new).survey)
    return {"before": before, "after": after, "differences": _told(found, language)}


# --- drafts -----------------------------------------------------------------------------------------------------------


async def keep(counter: Counter, key: str, request: Request) -> tuple[int, dict[str, Any]]:
    """Save the draft of a survey, or begin one. Raises Problem 404, 412, 413, 415, 422 and 428."""
    if not _KEY.fullmatch(key):
        raise Problem(404, "A survey's key has small letters, figures and _, a letter first, 32 at most.")
    source = await source_of(request)
    base = _base(request)
    actor, now, brand, language = await _who(request), counter.clock.now(), counter.house.brand, _language(request)

    def work(unit: Unit) -> drafts.Saved:
        if base is None and "if-none-match" not in request.headers and unit.drafts.newest(brand, key) is not None:
            raise Problem(428, 'Say which revision you changed: If-Match: "REVISION".', type="say-the-revision")
        if base is None:
            done = drafts.begun(unit, brand, key, source, actor, "", now)
        else:
            done = drafts.saved(unit, brand, key, base, source, actor, "", now)
        if isinstance(done, drafts.Behind):
            raise _behind(unit, done, language)
        return done

    done = await _done(counter, key, work)
    told = {"key": key, "revision": done.row.revision, "problems": problems_told(done.problems, language)}
    return (201 if base is None else 200), told


def _behind(unit: Unit, behind: drafts.Behind, language: str) -> Problem:
    row = behind.newest.row
    return Problem(
        412,
        f"Revision {row.revision} was saved by {who(unit, row.actor)}: nothing was changed.",
        type="draft-changed",
        revision=row.revision,
        by=who(unit, row.actor),
        changed=_told(behind.changed, language),
    )


async def throw_away(counter: Counter, key: str) -> dict[str, Any]:
    """End the draft of a survey; what is published stays. Raises Problem 404."""
    now, brand = counter.clock.now(), counter.house.brand
    if not await _done(counter, key, lambda unit: drafts.thrown_away(unit, brand, key, now)):
        raise _no_draft(key)
    return {"key": key}


async def check(counter: Counter, key: str, request: Request) -> dict[str, Any]:
    """Return what publishing the draft would do, or a survey file that is sent along. Raises Problem 404."""
    source = await source_of(request) if await request.body() else None
    brand, language = counter.house.brand, _language(request)

    if source is not None:
        await asyncio.to_thread(checked, source, f"{key}.toml")
    else:
        await stored(ahead(counter.database, brand, key))

    def work(unit: Unit) -> tuple[Preview, str]:
        if source is not None:
            return versions.previewed_source(unit, brand, key, source), source
        row = unit.drafts.newest(brand, key)
        return versions.previewed(unit, brand, key), row.source if row is not None else ""

    try:
        preview, looked_at = await stored(counter.database.read(work))
    except drafts.NoDraft:
        raise _no_draft(key)
    survey = read_draft(looked_at).survey
    return {
        "key": key,
        "revision": preview.revision or None,
        "refused": preview.refused,
        "problems": problems_told(preview.problems, language),
        "differences": _told(preview.differences, language),
        "behind": preview.behind,
        "replaces": list(preview.replaces),
        "expected_seconds": expected_seconds(survey) if survey is not None else None,
    }


# --- versions ---------------------------------------------------------------------------------------------------------


async def publish(counter: Counter, key: str, request: Request) -> dict[str, Any]:
    """Publish the draft as it stood at a revision. Raises Problem 404, 409 and 422."""
    revision = await _number(request, "revision")
    actor, now, brand, language = await _who(request), counter.clock.now(), counter.house.brand, _language(request)
    await stored(ahead(counter.database, brand, key))
    try:
        done = await _done(counter, key, lambda unit: versions.published(unit, brand, key, revision, actor, now))
    except versions.Changed:
        raise Problem(409, "The draft was saved again since that revision: look again.", type="draft-changed")
    except SurveyInvalid as invalid:
        raise _refused(invalid, language)
    return _published(done, language)


async def roll_back(counter: Counter, key: str, request: Request) -> dict[str, Any]:
    """Publish an earlier version anew. Raises Problem 404 and 422."""
    number = await _number(request, "number")
    actor, now, brand, language = await _who(request), counter.clock.now(), counter.house.brand, _language(request)
    await stored(ahead(counter.database, brand, key, number))
    try:
        done = await _done(counter, key, lambda unit: versions.rolled_back(unit, brand, key, number, actor, now))
    except versions.NoSuchVersion:
        raise Problem(404, f"The survey {key[:32]!r} has no version {number}.")
    except SurveyInvalid as invalid:
        raise _refused(invalid, language)
    return _published(done, language)


async def retire(counter: Counter, key: str, request: Request) -> dict[str, Any]:
    """Ask nobody with a survey any more. Raises Problem 404 and 409."""
    actor, now, brand = await _who(request), counter.clock.now(), counter.house.brand
    try:
        version = await _done(counter, key, lambda unit: versions.retired(unit, brand, key, actor, now))
    except versions.Needed:
        raise Problem(409, "makegood asks with this survey itself; it cannot be retired.", type="survey-needed")
    return {"key": key, "number": version.number}


def _published(done: versions.Published, language: str) -> dict[str, Any]:
    return {
        "key": done.version.key,
        "number": done.version.number,
        "published_at": iso(done.version.published_at),
        "differences": _told(done.differences, language),
    }


# --- what they have in common -----------------------------------------------------------------------------------------


async def _done(counter: Counter, key: str, work: Callable[[Unit], T]) -> T:
    """Do something to a survey and let everybody hear of it, also who asks customers with it."""
    try:
        done = await stored(counter.database.run(work))
    except drafts.NoDraft:
        raise _no_draft(key)
    except drafts.NothingPublished:
        raise Problem(404, f"No survey {key[:32]!r} is published.")
    counter.house.shelf.forget_published()
    counter.hand_on(Turned([], [], [], touched=frozenset({SURVEYS}), published=True))
    return done


def _no_draft(key: str) -> Problem:
    return Problem(404, f"No draft of {key[:32]!r} is being written.", type="no-draft")


def _refused(invalid: SurveyInvalid, language: str) -> Problem:
    faults = tuple(_fault(problem, language) for problem in invalid.problems)
    return Problem(422, "The survey cannot be used as it stands.", type="survey-refused", errors=faults)


def problems_told(found: Iterable[SurveyProblem], language: str) -> list[SurveyFault]:
    """Return what is wrong with a survey, each with its path and line."""
    return [_fault(problem, language) for problem in found]


def _fault(problem: SurveyProblem, language: str) -> SurveyFault:
    message, mend = say(problem.said, language), say(problem.to_mend, language)
    pointer = "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in problem.path)
    return SurveyFault(pointer, f"{message} {mend}", problem.line, message, mend, problem.severity)


def _told(found: Iterable[Difference], language: str) -> list[dict[str, Any]]:
    return [
        {
            "what": say(each.what, language),
            "question": each.question,
            "before": each.before,
            "after": each.after,
            "breaks": say(each.breaks, language) if each.breaks is not None else None,
        }
        for each in found
    ]


def _between(before: Survey | None, after: Survey | None) -> tuple[Difference, ...]:
    return differences(before, after) if before is not None and after is not None else ()


async def source_of(request: Request) -> str:
    """Return the survey file that is sent as the body. Raises Problem 413, 415 and 422."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in TOML:
        raise Problem(415, f"Send the survey file as {TOML[0]}.")
    body = await request.body()
    if len(body) > LARGEST_FILE:
        raise Problem(413, f"A survey file has at most {LARGEST_FILE // 1024} KB.")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Problem(422, "The survey file is not in UTF-8.", type="does-not-fit")


def _base(request: Request) -> int | None:
    """Return the revision that a draft was made from, None where one is to be begun."""
    said = request.headers.get("if-match")
    if said is None:
        return None
    found = _REVISION.fullmatch(said.strip())
    if found is None:
        raise Problem(422, 'If-Match names one revision, in quotes: If-Match: "7".', type="does-not-fit")
    return int(found[1])


async def _number(request: Request, field: str) -> int:
    fields = Fields(await body_of(request), (field,))
    number = fields.required(
        field, lambda given: given if type(given) is int and 0 < given < 10**9 else None, "must be a whole number"
    )
    if number is None or fields.faults:
        raise unfit(fields.faults)
    return number


async def _who(request: Request) -> str:
    return (await principal_of(request)).name


def _language(request: Request) -> str:
    return language_for(request.headers.get("accept-language", "").partition(",")[0].partition(";")[0].strip())
