"""The translations of a survey on a page: row by row, languages, and a table that goes to a translator and back."""

import csv
import io

import pytest

from tests.bot.console.office import Browser, Office
from tests.bot.console.test_survey_pages import VISIT, drafted, editor
from tests.bot.console.test_survey_settings import stands

PAGE = "/console/surveys/visit/translations"
SPEAKING = VISIT.replace('["en"]', '["en", "fr", "zh-Hans"]').replace(
    'text.en = "How was it?"', 'text.en = "How was it, {{ customer.name }}?"\ntext.fr = "C\'était comment ?"'
)


async def at_translations(office: Office, source: str = SPEAKING) -> tuple[Browser, str]:
    """An editor's browser on the translations of a draft, and the revision that they show."""
    browser = await editor(office)
    revision = await drafted(office, source)
    await browser.get(PAGE)
    return browser, str(revision)


async def asked(office: Office) -> dict[str, str]:
    """The first question's text in all languages."""
    text: dict[str, str] = (await stands(office))["question"][0]["text"]
    return text


async def test_each_text_stands_beside_its_translations(office):
    """What is missing is marked and counted, and so is a variable that a translation lost."""
    browser, _ = await at_translations(office)
    page = (await browser.get(PAGE)).text

    assert "How was it, {{ customer.name }}?" in page
    assert "The original also mentions: customer.name" in page
    assert page.count('class="cell missing"') == 1
    assert 'data-count="zh-Hans">1 missing' in page
    assert 'data-count="fr">✓' in page


async def test_only_one_language_and_only_what_is_missing(office):
    """The page is asked for by its address, so it works without a script."""
    browser, _ = await at_translations(office)
    french = (await browser.get(f"{PAGE}?to=fr")).text
    missing = (await browser.get(f"{PAGE}?to=fr&only=missing")).text

    assert ('lang="fr"' in french, 'name="said_zh-Hans"' in french) == (True, False)
    assert "Nothing is missing." in missing


async def test_a_row_is_kept_by_its_own_form(office):
    """And the page comes back to where one was."""
    browser, base = await at_translations(office)
    answer = await browser.post(
        PAGE, base=base, text="question.satisfaction.text", row="1", to="zh-Hans", **{"said_zh-Hans": "怎么样？"}
    )

    assert answer.headers["location"] == f"{PAGE}?to=zh-Hans#row-1"
    assert (await asked(office))["zh-Hans"] == "怎么样？"


async def test_an_emptied_field_takes_the_translation_away(office):
    """It is missing then, and says so; the original cannot be emptied here."""
    browser, base = await at_translations(office)
    await browser.post(PAGE, base=base, text="question.satisfaction.text", said_fr="", said_en="")

    assert await asked(office) == {"en": "How was it, {{ customer.name }}?"}


async def test_what_a_colleague_translated_meanwhile_is_not_overwritten(office):
    """Both are shown to whoever came second; another language is no quarrel."""
    browser, base = await at_translations(office)
    other = await editor(office, "Bo")
    row = {"base": base, "text": "question.satisfaction.text"}
    await other.post(PAGE, **row, said_fr="Ça s'est bien passé ?")
    await browser.post(PAGE, **row, said_fr="Alors ?")
    told = (await browser.get(PAGE)).text
    await browser.post(PAGE, **row, **{"said_zh-Hans": "怎么样？"})
    now = await asked(office)

    assert "Somebody else wrote meanwhile: “Ça s&#39;est bien passé ?”" in told
    assert (now["fr"], now["zh-Hans"]) == ("Ça s'est bien passé ?", "怎么样？")


async def test_a_text_that_is_gone_is_not_made_again(office):
    """Its question was removed by a colleague."""
    browser, base = await at_translations(office)
    await browser.post(PAGE, base=base, text="question.removed.text", said_fr="Perdu")

    assert "Nothing was different" in (await browser.get(PAGE)).text


async def test_a_language_comes_with_what_is_to_be_translated(office):
    """The ends of a scale that makegood brings are written into the file, or everybody would lose them."""
    browser, _ = await at_translations(office, VISIT)
    answer = await browser.post(f"{PAGE}/languages", add="fr")
    table = await stands(office)
    page = (await browser.get(answer.headers["location"])).text

    assert table["languages"] == ["en", "fr"]
    assert table["question"][0]["low"] == {"en": "very dissatisfied"}
    assert "3 missing" in page


@pytest.mark.parametrize("tag", ["", "klingon", "EN", "en", "e" * 40])
async def test_what_is_no_new_language_is_not_added(office, tag):
    """Or is there already."""
    browser, _ = await at_translations(office)
    await browser.post(f"{PAGE}/languages", add=tag)

    assert (await stands(office))["languages"] == ["en", "fr", "zh-Hans"]


async def test_a_language_goes_with_all_its_texts(office):
    """It says beforehand how many; the default stays."""
    browser, _ = await at_translations(office)
    page = (await browser.get(PAGE)).text
    await browser.post(f"{PAGE}/languages", remove="fr")
    table = await stands(office)
    await browser.post(f"{PAGE}/languages", remove="en")

    assert "1 texts in Français leave the draft with it." in page
    assert (table["languages"], list(table["question"][0]["text"])) == (["en", "zh-Hans"], ["en"])
    assert (await stands(office))["languages"] == ["en", "zh-Hans"]


async def sent(browser: Browser, content: str) -> str:
    """The report of a table that came back."""
    answer = await browser.http.post(
        f"{PAGE}/import", data={"csrf": browser.csrf}, files={"file": ("texts.csv", content.encode(), "text/csv")}
    )
    assert answer.status_code == 200
    return answer.text


async def test_a_table_goes_to_a_translator_and_comes_back(office):
    """Shown first, kept then; what was left empty stays missing."""
    browser, base = await at_translations(office)
    table = (await browser.get(f"{PAGE}/export")).text
    rows = list(csv.reader(io.StringIO(table.removeprefix("\ufeff"))))
    back = table.replace(",C'était comment ?,", ',"Alors, {{ customer.name }} ?",怎么样？')
    page = await sent(browser, back)
    before = await asked(office)
    await browser.post(f"{PAGE}/keep", base=base, table=back)
    now = await asked(office)

    assert rows[0] == ["text", "en", "fr", "zh-Hans"]
    assert "Texts that change: 2." in page
    assert "zh-Hans" not in before
    assert (now["fr"], now["zh-Hans"]) == ("Alors, {{ customer.name }} ?", "怎么样？")


async def test_a_table_made_of_an_older_text_says_so(office):
    """A translation of what nobody says any more is looked at before it is kept."""
    browser, _ = await at_translations(office)
    page = await sent(browser, "text;en;fr\nquestion.satisfaction.text;Another question;Une autre question\n")

    assert "The original was changed since the table was made." in page


async def test_a_table_is_compared_anew_when_the_draft_changed(office):
    """Nothing is kept that was not shown."""
    browser, base = await at_translations(office)
    content = "text,fr\nquestion.satisfaction.text,Alors ?\n"
    await sent(browser, content)
    await drafted(office, SPEAKING.replace("C'était comment ?", "Meanwhile ?"))
    page = (await browser.post(f"{PAGE}/keep", base=base, table=content)).text

    assert "Somebody changed it while you looked" in page
    assert "Meanwhile ?" in page
    assert (await asked(office))["fr"] == "Meanwhile ?"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("a,b\n1,2", "The first line names the columns"),
        ("text,de\nquestion.satisfaction.text,Wie?", "The survey does not speak de"),
        ("text,fr\nquestion.gone.text,Perdu", "There is no text question.gone.text"),
        ("text,fr\nquestion.satisfaction.text,C'était comment ?", "nothing that is not in the draft already"),
    ],
)
async def test_what_a_table_says_wrongly_is_named(office, content, told):
    """And what is right in it can be kept all the same."""
    browser, _ = await at_translations(office)

    assert told in (await sent(browser, content)).replace("&#39;", "'")
