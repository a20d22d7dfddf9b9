"""Every way by which somebody else's text comes in: what the core refuses is refused there, in the core's own words.

Nothing is filled in, nothing is published, and what was stored all the same (a half-written draft, a backup of
another installation) is only ever text.
"""

import asyncio
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot import publishing
from bot.backups.making import back_up
from bot.backups.restoring import restore
from bot.clock import Clock
from bot.config import Config
from bot.editing import drafts, versions
from bot.editing.bringing import read_file
from bot.publishing import EDITOR, digest_of
from bot.settings.sections import Storage
from conversations import importing, wording
from conversations.amending import Put
from conversations.checking import check
from conversations.facts import Facts
from conversations.importing import FORMATS
from conversations.problems import SurveyInvalid
from conversations.reading import draft as read_draft
from storage.database import Database
from storage.unit import Unit
from tests.bot.backups.conftest import config, shop, wish  # noqa: F401 - fixtures
from tests.bot.cli.conftest import makegood, place  # noqa: F401 - fixtures
from tests.bot.rest.conftest import clock, counter, operator  # noqa: F401 - fixtures
from tests.bot.surveying.conftest import eva  # noqa: F401 - a fixture
from tests.bot.turning import World
from tests.hostile.texts import KNOWN, QUESTIONS

HEAD = 'format = 1\nkey = "after_delivery"\ntouchpoint = "delivery"\nlanguages = ["en"]\n'
RATING = '[[question]]\nkey = "satisfaction"\nkind = "csat"\ntext.en = {text}\n'
WHY = '[[question]]\nkey = "reason"\nkind = "text"\ntext.en = "Why?"\n'

every = pytest.mark.parametrize("name", KNOWN)
"""One test for each of the twenty-three."""


def survey(text: str) -> str:
    """A survey that asks this text; JSON's texts are TOML's too."""
    return HEAD + RATING.format(text=json.dumps(text)) + WHY


def core(text: str) -> str:
    """What the core says of it, first."""
    return wording.check(text, QUESTIONS)[0].message


REVEALS = re.compile("root:|object at 0x|<class|subprocess|" + "A" * 40)
"""What a text shows that reached the system, an object, a class, or ran."""


def said_of(problems: Any) -> list[str]:
    return [problem.message for problem in problems]


# --- the editors' use case: chat, console and API save by it ---------------------------------------------------------


async def test_the_editor_keeps_it_as_text_and_publishes_nothing(eva):  # noqa: F811 - a fixture
    """A draft may be wrong while it is written; it is looked at, and never filled in."""

    def work(unit: Unit) -> dict[str, versions.Preview]:
        row, looked = drafts.opened(unit, 1, "after_delivery", "staff:1", 1).row, {}
        for name, text in KNOWN.items():
            edits = [Put(("question", 0, "text", "en"), text)]
            saved = drafts.amended(unit, 1, "after_delivery", row.revision, edits, "staff:1", "", 2)
            assert isinstance(saved, drafts.Saved)
            row = saved.row
            looked[name] = versions.previewed(unit, 1, "after_delivery")
            with pytest.raises(SurveyInvalid):
                versions.published(unit, 1, "after_delivery", row.revision, "staff:1", 3)
        return looked

    looked = await eva.world.run(work)

    assert [name for name, preview in looked.items() if not preview.refused] == []
    assert [name for name in KNOWN if core(KNOWN[name]) not in said_of(looked[name].problems)] == []
    assert await versions_of_delivery(eva.world) == 1


async def versions_of_delivery(world: World) -> int:
    return await world.count("SELECT COUNT(*) FROM survey_version WHERE key = 'after_delivery'")


# --- the chat ---------------------------------------------------------------------------------------------------------


async def test_sent_in_the_chat_it_is_shown_as_it_is_and_not_published(eva):  # noqa: F811 - a fixture
    """Whoever holds an editor's telephone."""
    for name, text in KNOWN.items():
        await eva.says("/surveys after_delivery")
        await eva.taps("3", "Words", "Question text", "English")
        await eva.says(text)
        await eva.says("/surveys after_delivery")
        offered = await eva.taps("Publish …")
        assert "[Publish now]" not in offered, name
    shown = [message.text for _, message in await eva.screen()]

    assert await versions_of_delivery(eva.world) == 1
    assert [text for text in shown if REVEALS.search(text)] == []
    assert max(map(len, shown)) <= 4096


@every
def test_sent_as_a_file_in_the_chat_it_becomes_a_draft_at_most(name):
    """A file from a stranger, passed on by an editor."""
    brought = read_file("survey.toml", survey(KNOWN[name]).encode())

    assert brought.source in ("", survey(KNOWN[name]))
    assert core(KNOWN[name]) in said_of(check(survey(KNOWN[name])))


# --- files ------------------------------------------------------------------------------------------------------------


def test_a_file_is_refused_by_the_check_and_cannot_be_rehearsed_or_published(place, makegood):  # noqa: F811 - a fixture
    """The first things that are done with somebody else's survey."""
    for name, text in KNOWN.items():
        (place / "theirs.toml").write_text(survey(text), "utf-8")
        told = makegood("survey", "check", "theirs.toml", "--language", "en")
        tried = makegood("survey", "rehearse", "theirs.toml")
        assert (told.code, core(text) in told.out, tried.code) == (1, True, 2), name
    assert makegood("survey", "publish", "theirs.toml", "--yes").code == 2


async def test_makegood_does_not_start_with_it_in_its_folder(eva, tmp_path):  # noqa: F811 - a fixture
    """A folder that others may write to is as good as the chat."""
    (tmp_path / "surveys").mkdir()
    for name, text in KNOWN.items():
        (tmp_path / "surveys" / "theirs.toml").write_text(survey(text), "utf-8")
        found = publishing.own(tmp_path / "surveys")
        with pytest.raises(SurveyInvalid) as refused:
            await eva.world.run(lambda unit, found=found: publishing.publish(unit, 1, found, 5))
        assert core(text) in said_of(refused.value.problems), name
    assert await eva.world.count("SELECT COUNT(*) FROM survey_version WHERE origin = 'folder'") == 0


# --- importing --------------------------------------------------------------------------------------------------------

WHOLE = Path(__file__).parents[1] / "conversations" / "importing" / "whole"


def _everywhere(value: Any, text: str) -> Any:
    """A definition with the text in place of everything that people would read there."""
    match value:
        case dict():
            return {key: _everywhere(inner, text) for key, inner in value.items()}
        case list():
            return [_everywhere(inner, text) for inner in value]
        case str() if " " in value:
            return text
    return value


@every
@pytest.mark.parametrize("source", FORMATS)
def test_a_foreign_definition_brings_words_and_no_templates(source, name):
    """What another program calls a text is a text here; where it is more than that, it is not taken over."""
    whole = json.loads((WHOLE / f"{source}.json").read_text("utf-8"))
    content = json.dumps(_everywhere(whole, KNOWN[name])).encode()
    try:
        made = importing.read("theirs.json", content, source)
    except importing.NotReadable:
        return
    if made.survey is None:
        return
    assert [problem for problem in check(made.toml) if problem.severity == "error"] == []
    for question in made.survey.questions:
        for text in question.text.values():
            said = wording.render(text, Facts({"name": "Ana"}), {})
            assert len(said) <= 8 * len(KNOWN[name]) + 200
            assert not REVEALS.search(said)


# --- the API ----------------------------------------------------------------------------------------------------------


async def test_the_api_tells_where_it_is_and_publishes_nothing(operator):  # noqa: F811 - a fixture
    """A key may be stolen; what it may then do is change words."""
    path, headers = "/v1/surveys/after_delivery", {"content-type": "application/toml"}
    for name, text in KNOWN.items():
        kept = await operator.put(f"{path}/draft", content=survey(text), headers=headers)
        looked = await operator.post(f"{path}/check")
        out = await operator.post(f"{path}/publish", json={"revision": kept.json()["revision"]})
        await operator.delete(f"{path}/draft")
        [error, *_] = out.json()["errors"]
        assert (kept.status_code, out.status_code, looked.json()["refused"]) == (201, 422, True), name
        assert (error["pointer"], error["message"]) == ("/question/0/text/en", core(text)), name
    assert (await operator.get(path)).json()["version"] == 1


# --- restoring --------------------------------------------------------------------------------------------------------


def _laid_in(unit: Unit) -> None:
    """Every one of them published, as no makegood would; in texts, and as conditions."""
    for n, text in enumerate(KNOWN.values()):
        condition = json.dumps(text.strip("{} ")[:400])
        source = survey(text).replace('"after_delivery"', f'"theirs_{n}"').replace('"delivery"', f'"moment_{n}"')
        source += f'[[question.branch]]\nwhen = {condition}\nto = "end"\n'
        source = source.replace("languages", f"unhappy = {condition}\nthanks.en = {json.dumps(text)}\nlanguages", 1)
        unit.surveys.publish(1, f"theirs_{n}", source, digest_of(source), f"moment_{n}", EDITOR, 1)
        unit.drafts.add(1, f"theirs_{n}", 1, source, "staff:1", "", 1, based_on=1)


async def test_a_restored_backup_asks_in_plain_words_and_runs_nothing(shop, wish, tmp_path):  # noqa: F811 - a fixture
    """A backup is somebody's word for what was published; each conversation goes on to its thanks all the same."""
    await shop.run(_laid_in)
    made = await asyncio.to_thread(back_up, wish, Clock())
    there = Config(storage=Storage(folder=tmp_path / "new"))
    await asyncio.to_thread(restore, made.path, there, Clock(), replace=False)
    said: dict[int, list[str]] = {}
    for n in range(len(KNOWN)):
        said[n] = await _asked_and_answered(there.database, n)

    for n, texts in said.items():
        assert len(texts) >= 2, n  # the question and the thanks, at least
        assert len("".join(texts)) < 20_000
        for text in texts:
            assert not REVEALS.search(text)
            assert "{{" not in text
            assert "{%" not in text


async def _asked_and_answered(database: Path, n: int) -> list[str]:
    """What a customer reads who is asked with one of them and answers."""
    world = World(await Database.open(database), start_survey=f"theirs_{n}")
    await world.begin()
    chat = f"9{n}"
    for step, words in enumerate(("/start", "1", "It was late.")):
        await world.receive(world.wrote(chat, words, ident=f"theirs-{n}-{step}"))
    texts = await world.run(lambda unit: [text for (text,) in unit.all(_TEXTS, {"chat": chat})])
    await world.close()
    return [json.loads(text)["text"] for text in texts]


_TEXTS = "SELECT payload FROM outbox WHERE chat = :chat ORDER BY id"


async def test_a_restored_draft_is_looked_at_and_refused(shop, wish, tmp_path):  # noqa: F811 - a fixture
    """The console opens it to show what is wrong."""
    await shop.run(_laid_in)
    made = await asyncio.to_thread(back_up, wish, Clock())
    there = Config(storage=Storage(folder=tmp_path / "new"))
    await asyncio.to_thread(restore, made.path, there, Clock(), replace=False)
    database = await Database.open(there.database)
    looked: Callable[[Unit], list[bool]] = lambda unit: [  # noqa: E731 - a type for the work
        versions.previewed(unit, 1, f"theirs_{n}").refused for n in range(len(KNOWN))
    ]
    refused = await database.run(looked)
    await database.close()

    assert refused == [True] * len(KNOWN)
    assert read_draft(survey("{{ 7 * 7 }}")).survey is not None
