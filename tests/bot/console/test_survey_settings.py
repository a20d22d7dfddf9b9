"""The settings of a survey on a page: a form without a script, edits for the script, two people at once."""

import tomllib
from typing import Any

import pytest

from bot.console.survey_conditions import joined, picked
from conversations.reading import read
from tests.bot.console.office import Browser, Office
from tests.bot.console.test_survey_pages import VISIT, drafted, editor

PAGE = "/console/surveys/visit/settings"
SPEAKING = VISIT.replace('["en"]', '["en", "zh-Hans"]').replace(
    'text.en = "How was it?"', 'text.en = "How was it?"\ntext.zh-Hans = "怎么样？"'
)


async def at_settings(office: Office, source: str = VISIT) -> tuple[Browser, str]:
    """An editor's browser on the settings of a draft, and the revision that it shows."""
    browser = await editor(office)
    revision = await drafted(office, source)
    await browser.get(PAGE)
    return browser, str(revision)


async def stands(office: Office) -> dict[str, Any]:
    """The tables of the draft as it stands."""
    [[source]] = await office.rows("SELECT source FROM draft WHERE key = 'visit' ORDER BY revision DESC LIMIT 1")
    return tomllib.loads(source)


async def test_a_form_without_a_script_keeps_what_was_changed_and_nothing_else(office):
    """Spans as a number and a unit, the share in per cent; what was not touched is not written into the file."""
    browser, base = await at_settings(office, "# Ours.\n" + VISIT)
    answer = await browser.post(
        PAGE,
        base=base, has_delay="1", delay_n="90", delay_u="m", has_share="1", share="50",
        has_remind="1", remind_1_n="24", remind_1_u="h", remind_2_n="2", remind_2_u="d",
        has_expires="1", expires_n="72", expires_u="h", has_consent="1", consent="line",
    )  # fmt: skip
    table = await stands(office)

    assert answer.headers["location"] == PAGE
    assert (table["delay"], table["share"], table["remind"]) == ("90m", 0.5, ["24h", "2d"])
    assert {"expires", "consent", "anonymous"} & set(table) == set()
    assert "It is saved in the draft." in (await browser.get(PAGE)).text


async def test_nothing_new_makes_no_revision(office):
    """To look at settings and to press the button begins no draft."""
    browser = await editor(office)
    page = "/console/surveys/after_delivery/settings"
    await browser.get(page)
    await browser.post(page, base="0", has_delay="1", delay_n="2", delay_u="h")

    assert await office.rows("SELECT id FROM draft") == []
    assert "Nothing was different" in (await browser.get(page)).text


async def test_the_first_change_begins_the_draft(office):
    """From what is published, comments and all."""
    browser = await editor(office)
    page = "/console/surveys/after_delivery/settings"
    await browser.get(page)
    await browser.post(page, base="0", has_delay="1", delay_n="5", delay_u="h")
    [[source]] = await office.rows("SELECT source FROM draft ORDER BY revision DESC LIMIT 1")

    assert source.startswith("# After a delivery.")
    assert 'delay = "5h"' in source


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"has_delay": "1", "delay_n": "soon"}, "Please write a whole number."),
        ({"has_remind": "1", "remind_1_n": "-1"}, "Please write a whole number."),
        ({"has_share": "1", "share": "half"}, "Please write a number from 0 to 100."),
        ({"has_share": "1", "share": "101"}, "Please write a number from 0 to 100."),
    ],
)
async def test_what_is_no_value_is_told_at_its_field_and_nothing_is_saved(office, fields, told):
    """What was typed stands there still, also in the fields that were right."""
    browser, base = await at_settings(office)
    answer = await browser.post(PAGE, base=base, has_touchpoint="1", touchpoint="counter", **fields)

    assert told in answer.text
    assert 'value="counter"' in answer.text
    assert next(value for name, value in fields.items() if not name.startswith("has_")) in answer.text
    assert (await stands(office))["touchpoint"] == "visit"


async def test_a_value_out_of_bounds_is_kept_in_the_draft_and_told_at_its_field(office):
    """A draft may be wrong while it is written; what is wrong says how to mend it."""
    browser, base = await at_settings(office)
    await browser.post(PAGE, base=base, has_delay="1", delay_n="99999", delay_u="d")
    page = (await browser.get(PAGE)).text
    at_field = page.split('data-wrong="delay"')[1].split("</ul>")[0]

    assert (await stands(office))["delay"] == "99999d"
    assert "90d" in at_field


async def test_two_who_change_different_settings_both_keep_theirs(office):
    """The second form was made before the first was sent."""
    browser, base = await at_settings(office)
    other = await editor(office, "Bo")
    await other.post(PAGE, base=base, has_delay="1", delay_n="3", delay_u="h")
    await browser.post(PAGE, base=base, has_delay="1", delay_n="0", delay_u="m", has_touchpoint="1", touchpoint="till")
    table = await stands(office)

    assert (table["delay"], table["touchpoint"]) == ("3h", "till")


async def test_two_who_change_the_same_setting_see_both(office):
    """Nothing is saved over the other's; a second press keeps one's own."""
    browser, base = await at_settings(office)
    other = await editor(office, "Bo")
    await other.post(PAGE, base=base, has_delay="1", delay_n="3", delay_u="h")
    answer = await browser.post(PAGE, base=base, has_delay="1", delay_n="9", delay_u="h")
    first = (await stands(office))["delay"]
    now = answer.text.split('name="base" value="')[1].split('"')[0]
    await browser.post(PAGE, base=now, has_delay="1", delay_n="9", delay_u="h")

    assert "Somebody else wrote meanwhile: 3h" in answer.text
    assert 'name="delay_n" id="delay" inputmode="numeric" pattern="[0-9]*" maxlength="5" value="9"' in answer.text
    assert (first, (await stands(office))["delay"]) == ("3h", "9h")


async def test_the_script_is_told_which_edits_a_field_means(office):
    """One setting at a time; the server keeps nothing, for the script saves with the page's other edits."""
    browser, base = await at_settings(office)
    fields = {"csrf": browser.csrf, "base": base, "has_delay": "1", "delay_n": "1", "delay_u": "d", "only": "delay"}
    answer = await browser.http.post(
        PAGE, data={**fields, "has_share": "1", "share": "5"}, headers={"Accept": "application/json"}
    )

    assert answer.json() == {"edits": [{"put": ["delay"], "value": "1d"}], "faults": {}}
    assert "delay" not in await stands(office)


async def test_texts_are_kept_by_language_and_taken_away_when_empty(office):
    """Thank-you and apology in each language of the survey; sentences of ours are offered."""
    browser, base = await at_settings(office, SPEAKING)
    page = (await browser.get(PAGE)).text
    said = {"thanks.en": "Thank you!", "thanks.zh-Hans": "谢谢您！"}
    await browser.post(PAGE, base=base, has_thanks="1", **said)
    first = (await stands(office))["thanks"]
    base = (await browser.get(PAGE)).text.split('name="base" value="')[1].split('"')[0]
    await browser.post(PAGE, base=base, has_thanks="1", **dict.fromkeys(said, ""))

    assert "Sentences that makegood ships" in page
    assert first == {"en": "Thank you!", "zh-Hans": "谢谢您！"}
    assert "thanks" not in await stands(office)


async def test_who_is_unhappy_is_picked_from_lists_or_typed(office):
    """A question with a comparison and an answer each, all or one of them; or a condition in its own words."""
    browser, base = await at_settings(office)
    picks = {"unhappy_1": "satisfaction <= 1", "unhappy_2": "satisfaction >= 5", "unhappy_join": "or"}
    await browser.post(PAGE, base=base, has_unhappy="1", unhappy_how="picked", **picks)
    first = (await stands(office))["unhappy"]
    page = (await browser.get(PAGE)).text
    base = page.split('name="base" value="')[1].split('"')[0]
    typed = 'satisfaction <= 2 and customer.tier == "gold"'
    await browser.post(PAGE, base=base, has_unhappy="1", unhappy_how="typed", unhappy=typed, **picks)

    assert first == "satisfaction <= 1 or satisfaction >= 5"
    assert 'value="satisfaction &gt;= 5" selected' in page
    assert (await stands(office))["unhappy"] == typed


@pytest.mark.parametrize(
    ("condition", "parts", "fits"),
    [
        ("", (), True),
        ("satisfaction  <= 2", ("satisfaction <= 2",), True),
        ("satisfaction <= 2 or satisfaction >= 5", ("satisfaction <= 2", "satisfaction >= 5"), True),
        ("satisfaction <= 2 or satisfaction >= 5 and satisfaction >= 4", (), False),
        ("(satisfaction <= 2)", (), False),
        ('customer.tier == "gold"', (), False),
    ],
)
def test_a_condition_of_lists_is_shown_as_lists_again(condition, parts, fits):
    """Any other stays as it was typed, and is not bent into lists."""
    found = picked(condition, read(VISIT))

    assert (found.parts, found.fits) == (parts, fits)
    if fits:
        assert joined(list(found.parts), found.join) == " ".join(condition.split())


async def test_anonymity_says_truthfully_what_it_means(office):
    """Before anybody ticks it: no case, no follow-up, unless the customer says yes."""
    browser, base = await at_settings(office)
    page = (await browser.get(PAGE)).text
    await browser.post(PAGE, base=base, has_anonymous="1", anonymous="1")

    assert "Nothing leads from a response back to its customer" in page
    assert (await stands(office))["anonymous"] is True


async def test_a_draft_that_is_no_toml_leads_to_its_text(office):
    """Fields would lie about it."""
    browser, _ = await at_settings(office, "key = ")
    page = (await browser.get(PAGE)).text

    assert "The draft cannot be read at the moment." in page
    assert "<textarea" not in page
