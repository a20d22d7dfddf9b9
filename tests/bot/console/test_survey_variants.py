"""The ways of asking that an experiment tries, written by plain forms: name, share, order, words."""

from typing import Any

import pytest

from conversations import toml
from conversations.checking import check
from tests.bot.console.office import ROLES, Browser, Office
from tests.bot.console.test_survey_pages import drafted, editor
from tests.experiments import SURVEY

KEY = "after_visit"
PAGE = f"/console/surveys/{KEY}/variants"
WITHOUT = "".join(
    line for line in SURVEY.partition("[[variant]]")[0].splitlines(keepends=True) if not line.startswith("experiment")
)


async def at_variants(office: Office, source: str = SURVEY) -> tuple[Browser, str]:
    """An editor before the form, with the revision that it is made of."""
    browser = await editor(office)
    return browser, str(await drafted(office, source, KEY))


async def stands(office: Office) -> dict[str, Any]:
    [[source]] = await office.rows(f"SELECT source FROM draft WHERE key = '{KEY}' ORDER BY id DESC LIMIT 1")
    return toml.loads(str(source))


async def shown(browser: Browser) -> str:
    return (await browser.get(PAGE)).text


async def test_an_experiment_is_begun_with_one_button_and_says_what_it_still_lacks(office):
    """Half of the customers, under a name that no version had; that nothing is other yet stands at the variant."""
    browser, _ = await at_variants(office, WITHOUT)
    before = await shown(browser)
    await browser.post(f"{PAGE}/add")
    table, page = await stands(office), await shown(browser)

    assert "Nothing is tried: everybody is asked the survey as it is written." in before
    assert (table["experiment"], table["variant"]) == ({"key": "experiment_1"}, [{"key": "b", "share": 0.5}])
    assert "The variant differs in nothing." in page
    assert "A: as written, 50 % of the customers" in page


async def test_words_share_and_name_are_kept_in_the_draft(office):
    """As the file has them, and in a form that publishing takes."""
    browser, _ = await at_variants(office, WITHOUT)
    await browser.post(f"{PAGE}/add")
    base = str((await office.rows("SELECT MAX(revision) FROM draft"))[0][0])
    fields = {"said.satisfaction.text.en": "And how was today?", "share": "30", "key": "Short words"}
    await browser.post(PAGE, base=base, number="0", variant="b", **fields)
    table = await stands(office)

    assert table["variant"] == [
        {"key": "short_words", "share": 0.3, "question": {"satisfaction": {"text": {"en": "And how was today?"}}}}
    ]
    assert "in other words" in await shown(browser)


async def test_a_question_is_asked_on_another_place_by_its_number(office):
    """Only those that change places stand in the file; on its own place again nothing does."""
    browser, base = await at_variants(office, WITHOUT)
    await browser.post(f"{PAGE}/add")
    keys = [question["key"] for question in (await stands(office))["question"]]
    await browser.post(PAGE, base=str(int(base) + 1), number="0", variant="b", **{f"at.{keys[1]}": "1"})
    moved = (await stands(office))["variant"][0]["order"]
    numbers = {f"at.{keys[1]}": "2", f"at.{keys[0]}": "2"}
    page = await shown(browser)
    await browser.post(PAGE, base=str(int(base) + 2), number="0", variant="b", **numbers)

    assert moved == [keys[1], keys[0]]
    assert "<summary>another order</summary>" in page
    assert f'name="at.{keys[1]}" value="1"' in page
    assert "order" not in (await stands(office))["variant"][0]


async def test_a_form_that_changes_nothing_keeps_nothing(office):
    """As a browser sends it back; a share of a third has more figures than the page shows."""
    browser, base = await at_variants(office, SURVEY.replace("share = 0.5", "share = 0.3333333"))
    page = await shown(browser)
    fields = {"key": "b", "share": "33.3333"}
    await browser.post(PAGE, base=base, number="0", variant="b", **fields)

    assert 'value="33.3333"' in page
    assert "Nothing was different" in await shown(browser)


async def test_what_is_wrong_stands_at_its_field(office):
    """The share at the share, a missing language at its text, a side that cannot be called so at its name."""
    broken = SURVEY.replace("share = 0.5", "share = 1.5").replace('key = "b"', 'key = "a"')
    browser, _ = await at_variants(office, broken)
    page = await shown(browser)
    share = page.partition('id="variant-0-share"')[2].partition("</ul>")[0]
    name = page.partition('id="variant-0-key"')[2].partition("</ul>")[0]

    assert "The variant does not say for which share of the customers it is." in share
    assert "is the survey as it is written." in name


async def test_a_mistake_of_a_variant_leads_from_the_page_of_the_survey_to_its_form(office):
    browser, _ = await at_variants(office, SURVEY.replace("share = 0.5", "share = 1.5"))

    assert f'href="{PAGE}#variant-0-share"' in (await browser.get(f"/console/surveys/{KEY}")).text


async def test_what_is_no_share_is_said_and_the_rest_is_kept(office):
    """Nobody types their words twice for a slip elsewhere."""
    browser, base = await at_variants(office)
    fields = {"share": "half", "said.satisfaction.text.en": "And now?"}
    await browser.post(PAGE, base=base, number="0", variant="b", **fields)
    table = await stands(office)

    assert table["variant"][0]["question"]["satisfaction"]["text"]["en"] == "And now?"
    assert table["variant"][0]["share"] == 0.5
    assert "Please write a number from 0 to 100." in await shown(browser)


async def test_what_a_colleague_wrote_meanwhile_stays_and_the_rest_is_kept(office):
    """Theirs and yours are shown, also where they took a variant before yours away."""
    browser, base = await at_variants(office)
    other = await editor(office, "Bo")
    await other.post(PAGE, base=base, number="0", variant="b", **{"said.satisfaction.text.en": "Theirs?"})
    mine = {"said.satisfaction.text.en": "Mine?", "share": "20"}
    await browser.post(PAGE, base=base, number="0", variant="b", **mine)
    told, variant = await shown(browser), (await stands(office))["variant"][0]
    await other.post(f"{PAGE}/remove", number="0", variant="b")
    await browser.post(PAGE, base=base, number="0", variant="b", **mine)

    assert "Somebody else wrote meanwhile: “Theirs?”" in told
    assert (variant["question"]["satisfaction"]["text"]["en"], variant["share"]) == ("Theirs?", 0.2)
    assert "That variant is not in the draft any more." in await shown(browser)


async def test_the_experiment_goes_with_its_last_variant(office):
    browser, _ = await at_variants(office)
    await browser.post(f"{PAGE}/add")
    two = await stands(office)
    await browser.post(f"{PAGE}/remove", number="1", variant="c")
    await browser.post(f"{PAGE}/remove", number="0", variant="b")
    table = await stands(office)

    assert [each["share"] for each in two["variant"]] == [0.5, 0.25]
    assert "variant" not in table
    assert "experiment" not in table


async def test_three_variants_are_the_most(office):
    browser, _ = await at_variants(office)
    for _ in range(4):
        await browser.post(f"{PAGE}/add")

    assert len((await stands(office))["variant"]) == 3
    assert "Three are the most" in await shown(browser)


async def test_name_and_answers_of_the_experiment_are_kept(office):
    browser, base = await at_variants(office)
    await browser.post(f"{PAGE}/name", base=base, key="Autumn words", answers="300")

    assert (await stands(office))["experiment"] == {"key": "autumn_words", "answers": 300}


async def test_a_matrix_is_worded_by_its_introduction_its_ends_and_its_rows(office):
    """As the file names them; publishing has nothing to say against it."""
    matrix = (
        '\n[[question]]\nkey = "sides"\nkind = "matrix"\ntext.en = "Please rate:"\ntext.zh-Hans = "请评分："\n'
        "rows = [\n"
        '    { key = "staff", text.en = "The staff were kind.", text.zh-Hans = "员工友好。" },\n'
        '    { key = "room", text.en = "The room was clean.", text.zh-Hans = "房间干净。" },\n]\n'
    )
    at = SURVEY.index("[[variant]]")
    browser, base = await at_variants(office, SURVEY[:at] + matrix.lstrip("\n") + "\n" + SURVEY[at:])
    page = await shown(browser)
    fields = {
        f"said.{key}.text.{tag}": words
        for key, tag, words in (
            ("sides", "en", "And the rest:"),
            ("sides", "zh-Hans", "其他："),
            ("sides_staff", "en", "Kind staff."),
            ("sides_staff", "zh-Hans", "友好。"),
        )
    }
    await browser.post(PAGE, base=base, number="0", variant="b", **fields)
    [[source]] = await office.rows("SELECT source FROM draft ORDER BY id DESC LIMIT 1")

    assert 'name="said.sides.low.en"' in page
    assert 'name="said.sides_room.text.en"' in page
    assert [problem.message for problem in check(str(source)) if problem.severity == "error"] == []


async def test_a_draft_that_cannot_be_read_is_mended_as_text_first(office):
    browser, _ = await at_variants(office, "[")

    assert "Please mend its text first." in await shown(browser)


@pytest.mark.parametrize("role", [role for role in ROLES if role != "editor"])
async def test_only_an_editor_writes_what_is_tried(office, role):
    await at_variants(office)
    browser, _ = await office.at_work("Zoe", role)

    assert (await browser.get(PAGE)).status_code == 404
    assert (await browser.post(f"{PAGE}/add")).status_code == 404
