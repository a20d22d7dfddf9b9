"""The telephone beside a survey: what it may be asked, by whom, and what it says."""

import re
from typing import Any

import pytest
import pytest_asyncio

from bot.access.csrf import HEADER
from bot.editing import drafts
from bot.rehearsing.playing import MOST_STEPS
from tests.bot.console.office import Browser, opened

TRY = "/console/surveys/after_delivery/try"
REHEARSE = "/console/surveys/after_delivery/rehearse"


@pytest_asyncio.fixture
async def office(tmp_path):
    async with opened(tmp_path) as office:
        yield office


@pytest_asyncio.fixture
async def editor(office):
    browser, _ = await office.at_work("Mei", "editor")
    return browser


async def rehearsed(browser: Browser, path: str = REHEARSE, **body: Any) -> Any:
    """What the telephone's page asks."""
    page = (await browser.get(TRY)).text
    [token] = re.findall(r'data-csrf="([0-9a-f]+)"', page)
    return await browser.http.post(path, json=body, headers={HEADER: token, "sec-fetch-site": "same-origin"})


def texts(answer: Any) -> list[str]:
    return [each["text"] for each in answer.json()["shown"]]


async def test_the_first_question_is_there_before_any_step(editor):
    """In the reader's language, to a usual customer, with all that the page needs to go on."""
    told = (await rehearsed(editor)).json()

    assert told["shown"][0]["text"].startswith("Hello Ana! How satisfied are you with the delivery of the lamp?")
    assert [each["tag"] for each in told["languages"]] == ["en", "zh-Hans", "zh-Hant"]
    assert [each["name"] for each in told["variables"]] == ["customer.name", "service.item"]
    assert told["begins_at"] > 0


async def test_every_kind_of_step_is_played(editor):
    """The whole story in one request, the follow-up included."""
    steps = [
        {"tap": "1:rehearsal.0:1", "label": "1", "question": "satisfaction"},
        {"say": "late"},
        {"photo": "see"},
        {"contact": "138 0013 8000"},
        {"back": True},
        {"language": "zh-Hans"},
        {"wait": 24},
        {"stop": True},
    ]
    answer = await rehearsed(editor, steps=steps, language="en")

    assert "The apology goes at once, a case is opened, and staff hear of it." in texts(answer)
    assert any("现在解决好了吗" in text for text in texts(answer))
    assert answer.json()["outcome"] == "stopped"


async def test_the_same_steps_show_the_same_from_the_same_moment(editor):
    """What was begun at ten stays begun at ten, also when the page asks again at noon."""
    first = (await rehearsed(editor, steps=[{"wait": 24}])).json()
    again = (await rehearsed(editor, steps=[{"wait": 24}], begins_at=first["begins_at"])).json()

    assert again == first


async def test_the_sample_customer_is_whom_one_likes(editor):
    """Nobody known, a very long name, or what was typed; an empty field is not known."""
    nobody = texts(await rehearsed(editor, sample="nothing"))[0]
    long = (await rehearsed(editor, sample="long")).json()
    typed = texts(await rehearsed(editor, facts={"customer.name": "<b>Bo</b>", "service.item": ""}))[0]

    assert nobody.startswith("How satisfied are you with the delivery?")
    assert len(long["variables"][0]["value"]) >= 120
    assert typed.startswith("Hello <b>Bo</b>! How satisfied are you with the delivery?")


async def test_a_draft_a_revision_and_a_version_are_played(office, editor):
    """The draft at hand, one that was, what is published, and a text that is not saved yet."""
    published = await office.world.run(lambda unit: unit.surveys.versions(1, "after_delivery")[0])
    changed = published.source.replace("How satisfied are you with the delivery", "How was it with the delivery")

    def edit(unit: Any) -> int:
        row = drafts.opened(unit, 1, "after_delivery", "staff:1", 0).row
        drafts.saved(unit, 1, "after_delivery", row.revision, changed, "staff:1", "", 1)
        return int(drafts.at_hand(unit, 1, "after_delivery").revision)

    revision = await office.world.run(edit)

    assert "How was it" in texts(await rehearsed(editor))[0]
    assert "How was it" in texts(await rehearsed(editor, revision=revision))[0]
    assert "How satisfied" in texts(await rehearsed(editor, revision=revision - 1))[0]
    assert "How satisfied" in texts(await rehearsed(editor, version=published.number))[0]
    assert "Hm?" in texts(await rehearsed(editor, source=changed.replace("How was it", "Hm? How was it")))[0]
    assert (await rehearsed(editor, version=99)).status_code == 404


async def test_a_broken_draft_says_what_is_wrong(editor):
    """The page stays alive while somebody types a bracket."""
    told = (await rehearsed(editor, source="format = ")).json()

    assert (told["shown"], told["trouble"]) == ([], ["The survey cannot be read yet: mend what is marked in it first."])


@pytest.mark.parametrize(
    "body",
    [
        {"steps": [{"wait": 24}] * (MOST_STEPS + 1)},
        {"steps": "all"},
        {"steps": [{"jump": 1}]},
        {"steps": [{"wait": -1}]},
        {"steps": [{"wait": 10**9}]},
        {"steps": [{"wait": True}]},
        {"steps": [{"say": "x" * 5000}]},
        {"steps": [{"tap": 5}]},
        {"sample": "hostile"},
        {"begins_at": 5},
        {"revision": "1"},
        {"facts": {"customer.name": 5}},
        {"facts": ["customer.name"]},
        {"language": 5},
    ],
)
async def test_what_is_no_rehearsal_is_refused(editor, body):
    """Whoever sends that is no page of ours."""
    assert (await rehearsed(editor, **body)).status_code == 422


async def test_only_the_page_itself_may_ask(office, editor):
    """A post from elsewhere, or by somebody who edits no surveys, finds nothing."""
    staff, _ = await office.at_work("Bo", "staff")

    assert (await editor.http.post(REHEARSE, json={}, headers={"sec-fetch-site": "same-origin"})).status_code == 403
    assert (await staff.get(TRY)).status_code in (403, 404)
    assert (await editor.get("/console/surveys/nothing/try")).status_code == 404


async def test_the_page_says_kindly_that_it_needs_a_script(editor):
    """Everything else of the console works without one."""
    page = (await editor.get(TRY)).text

    assert "please switch on JavaScript" in page
    assert "<script>" not in page
    assert " style=" not in page


async def test_the_follow_up_itself_is_rehearsed_with_its_case(editor):
    """Nobody asks for consent again, and a no opens the case again."""
    told = await rehearsed(
        editor, "/console/surveys/follow_up/rehearse", steps=[{"tap": "1:rehearsal.0:no", "label": "No"}]
    )

    assert "/privacy" not in texts(told)[0]
    assert any("the case is open again" in text for text in texts(told))
