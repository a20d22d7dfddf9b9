"""The branch picture behind its address: which text it shows, in which language, and to whom."""

from typing import Any
from xml.etree import ElementTree

import pytest_asyncio

from bot.editing import drafts
from tests.bot.console.office import opened

PICTURE = "/console/surveys/after_delivery/branches.svg"


@pytest_asyncio.fixture
async def office(tmp_path):
    async with opened(tmp_path) as office:
        yield office


async def test_the_picture_is_an_image_in_the_readers_language(office):
    """It can stand in a page, in a paper, or be opened alone."""
    browser, _ = await office.at_work("Mei", "editor", "zh-Hant")
    answer = await browser.get(PICTURE)
    root = ElementTree.fromstring(answer.text)

    assert answer.headers["content-type"] == "image/svg+xml"
    assert root[0].text == "問卷的走向"
    assert "如果回答不高於2" in answer.text
    assert "您對這次" in answer.text


async def test_another_language_of_the_survey_can_be_asked_for(office):
    """The texts change, the words around them stay the reader's; a language that it has not is passed over."""
    browser, _ = await office.at_work("Mei", "editor")
    chinese = (await browser.get(f"{PICTURE}?language=zh-Hans")).text
    unknown = (await browser.get(f"{PICTURE}?language=xx")).text

    assert "您对这次" in chinese
    assert "if the answer is 2 or less" in chinese
    assert "Hello Ana!" in unknown


async def test_a_revision_and_a_version_have_their_own_picture(office):
    """What is published stays as it was while the draft goes on."""
    browser, _ = await office.at_work("Mei", "editor")

    def edit(unit: Any) -> int:
        row = drafts.opened(unit, 1, "after_delivery", "staff:1", 0).row
        drafts.saved(unit, 1, "after_delivery", row.revision, row.source.replace("<= 2", "== 1"), "staff:1", "", 1)
        return int(row.revision)

    first = await office.world.run(edit)

    assert "if the answer is 1" in (await browser.get(PICTURE)).text
    assert "if the answer is 2 or less" in (await browser.get(f"{PICTURE}?revision={first}")).text
    assert "if the answer is 2 or less" in (await browser.get(f"{PICTURE}?version=1")).text
    assert (await browser.get(f"{PICTURE}?version=9")).status_code == 404
    assert (await browser.get(f"{PICTURE}?revision=x")).status_code == 404


async def test_a_draft_that_cannot_be_read_has_a_kind_picture(office):
    """An empty image would look like a fault of ours."""
    browser, _ = await office.at_work("Mei", "editor")

    def edit(unit: Any) -> None:
        row = drafts.opened(unit, 1, "after_delivery", "staff:1", 0).row
        drafts.saved(unit, 1, "after_delivery", row.revision, "format = ", "staff:1", "", 1)

    await office.world.run(edit)
    answer = await browser.get(PICTURE)

    assert "cannot be read yet" in "".join(ElementTree.fromstring(answer.text).itertext())


async def test_who_edits_no_surveys_sees_no_picture(office):
    """As with everything about surveys."""
    browser, _ = await office.at_work("Bo", "staff")

    assert (await browser.get(PICTURE)).status_code in (403, 404)
