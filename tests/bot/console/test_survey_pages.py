"""The console's pages about surveys: begun, brought from elsewhere, published, gone back to, put aside, exported."""

import json

import pytest

from bot.editing import drafts
from conversations.reading import read
from tests.bot.console.office import ROLES, Browser, Office
from tests.conversations.importing.test_xlsform import cells, workbook

VISIT = """format = 1
key = "visit"
touchpoint = "visit"
languages = ["en"]
unhappy = "satisfaction <= 2"

[[question]]
key = "satisfaction"
kind = "csat"
text.en = "How was it?"
"""
LISTED = "/console/surveys"
PAGE = "/console/surveys/visit"
BRING = "/console/surveys/bring-in"


async def editor(office: Office, name: str = "Mei", language: str = "en") -> Browser:
    """An editor's browser, on the list of surveys."""
    browser, _ = await office.at_work(name, "editor", language)
    await browser.get(LISTED)
    return browser


async def drafted(office: Office, source: str = VISIT, key: str = "visit") -> int:
    """A draft of that text; return its revision."""
    now = office.world.clock.now()

    def work(unit) -> int:
        standing = unit.drafts.newest(1, key)
        if standing is None:
            made = drafts.begun(unit, 1, key, source, "operator", "", now)
        else:
            made = drafts.saved(unit, 1, key, standing.revision, source, "operator", "", now)
        assert isinstance(made, drafts.Saved)
        return made.row.revision

    return await office.world.run(work)


async def published(office: Office, browser: Browser, source: str = VISIT) -> None:
    """One more version of the survey, published on its page."""
    revision = await drafted(office, source)
    await browser.get(PAGE)
    await browser.post(f"{PAGE}/publish", revision=str(revision))


async def versions(office: Office) -> list[tuple[int, bool]]:
    """The numbers of the survey's versions, each with whether it is asked with."""
    rows = await office.rows("SELECT number, retired_at FROM survey_version WHERE key = 'visit' ORDER BY number")
    return [(number, retired is None) for number, retired in rows]


async def asked(office: Office) -> str:
    """The text of the first question that customers are asked with now."""
    [[source]] = await office.rows("SELECT source FROM survey_version WHERE key = 'visit' AND retired_at IS NULL")
    return read(source).questions[0].text["en"]


# --- the list -------------------------------------------------------------------------------------------------------


async def test_the_list_shows_how_each_survey_stands(office):
    """Published, being written with what is missing, and the touchpoint that nobody is asked about."""
    browser = await editor(office)
    await drafted(office, VISIT.replace('["en"]', '["en", "fr"]'))
    now = office.world.clock.now()
    await office.world.run(lambda unit: unit.places.add(1, "till", "Till", "till", "t" * 22, now))
    page = (await browser.get(LISTED)).text

    assert "After a delivery" in page
    assert "Version 1, shipped with makegood" in page
    assert "Français" in page
    assert "1 missing" in page
    assert "<strong>till</strong>" in page
    assert "a place belongs to it" in page


async def test_the_figures_of_the_last_days_stand_beside_a_survey(office):
    """Who answered a survey is counted on its line."""
    browser = await editor(office)
    await office.unhappy("7")
    page = (await browser.get(LISTED)).text

    assert "Responses in 30 days: 1" in page


@pytest.mark.parametrize("role", ROLES)
async def test_only_editors_find_the_surveys(office, role):
    """The way there stands above the pages of who may go it, and nobody else's address opens it."""
    browser, _ = await office.at_work("Ana", role)
    here = (await browser.get("/console")).text
    status = (await browser.get(LISTED)).status_code

    assert ('href="/console/surveys"' in here, status) == ((True, 200) if role == "editor" else (False, 404))


# --- begun ----------------------------------------------------------------------------------------------------------


async def test_a_survey_begins_with_a_question_that_can_be_asked_at_once(office):
    """A key is made from the name; each of our languages has its sentences, and nothing is wrong with it."""
    browser = await editor(office)
    answer = await browser.post(LISTED, name="After the visit", speaks_en="1", **{"speaks_zh-Hans": "1"}, once="a")
    [[source]] = await office.rows("SELECT source FROM draft")
    survey = read(source)

    assert answer.headers["location"] == f"{LISTED}/after_the_visit/edit"
    assert (survey.key, survey.touchpoint, survey.languages) == ("after_the_visit",) * 2 + (("en", "zh-Hans"),)
    assert survey.title["en"] == "After the visit"


async def test_a_name_without_letters_that_keys_have_gets_a_key_all_the_same(office):
    """A Chinese name spells none; a second one of the kind gets the next number."""
    browser = await editor(office)
    for once in ("a", "b"):
        await browser.post(LISTED, name="到店之后", **{"speaks_zh-Hans": "1"}, once=once)

    assert await office.rows("SELECT key FROM draft ORDER BY key") == [("survey",), ("survey_2",)]


async def test_a_copy_has_a_key_and_a_name_of_its_own(office):
    """Of a survey that we ship; its questions, languages and comments are those of the original."""
    browser = await editor(office)
    await browser.post(LISTED, name="Our delivery", copy="after_delivery", touchpoint="parcel", once="a")
    [[key, source]] = await office.rows("SELECT key, source FROM draft")
    survey = read(source)

    assert (key, survey.key, survey.touchpoint, survey.title["zh-Hans"]) == (
        "our_delivery", "our_delivery", "parcel", "Our delivery",
    )  # fmt: skip
    assert source.startswith("# After a delivery.")
    assert len(survey.questions) == 3


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"name": ""}, "Please give it a name"),
        ({"name": "A", "key": "No Key"}, "A key has small letters"),
        ({"name": "A", "key": "after_delivery"}, "There is a survey with the key"),
        ({"name": "A", "touchpoint": "ÜBER"}, "A touchpoint has small letters"),
        ({"name": "A", "more_languages": "klingon!"}, "is no language tag"),
        ({"name": "A", "speaks_en": ""}, "at least one language"),
        ({"name": "A", "copy": "gone"}, "not there any more"),
    ],
)
async def test_what_does_not_fit_is_told_above_the_form(office, fields, told):
    """What was typed is still there, and nothing was begun."""
    browser = await editor(office)
    page = (await browser.post(LISTED, **{"speaks_en": "1", "once": "a", **fields})).text

    assert told in page
    assert f'name="name" required maxlength="100" value="{fields["name"]}"' in page
    assert await office.rows("SELECT id FROM draft") == []


async def test_a_second_press_begins_no_second_survey(office):
    """The form carries a mark that counts once."""
    browser = await editor(office)
    for _ in range(2):
        await browser.post(LISTED, name="Twice", speaks_en="1", once="same")

    assert await office.rows("SELECT COUNT(*) FROM draft") == [(1,)]


# --- published, gone back to, put aside -----------------------------------------------------------------------------


async def test_what_publishing_changes_is_said_before_it_is_done(office):
    """In the reader's words: what differs, what cannot be compared any more, whose place it takes."""
    browser = await editor(office)
    await published(office, browser)
    other = VISIT.replace("How was it?", "How was your visit?").replace('kind = "csat"', 'kind = "nps"')
    await drafted(office, other.replace('touchpoint = "visit"', 'touchpoint = "delivery"'))
    page = (await browser.get(PAGE)).text

    assert "<del" in page
    assert "How was your visit?" in page
    assert "Answers of two kinds do not compare" in page
    assert "before and after cannot be compared: " in page
    assert "customers are asked with “After a delivery” now" in page


async def test_conditions_and_switches_are_said_in_words(office):
    """Nobody has to read our file to know what they publish."""
    browser = await editor(office)
    await published(office, browser)
    more = 'anonymous = true\nconsent = "step"\nunhappy = "satisfaction <= 3"'
    branch = '\n[[question.branch]]\nwhen = "satisfaction >= 4"\nto = "end"\n'
    await drafted(office, VISIT.replace('unhappy = "satisfaction <= 2"', more) + branch)
    page = (await browser.get(PAGE)).text

    assert '<del dir="auto">satisfaction is 2 or less</del>' in page
    assert '<ins dir="auto">satisfaction is 3 or less</ins>' in page
    assert '<ins dir="auto">if the answer is 4 or more → end</ins>' in page
    assert '<del dir="auto">no</del>' in page
    assert '<ins dir="auto">A question of its own before the first</ins>' in page


async def test_a_draft_goes_out_as_it_was_looked_at(office):
    """Published is the revision of the page; the shelf hears of it, and the page says who did it."""
    browser = await editor(office)
    await published(office, browser)
    await office.world.run(lambda unit: office.world.house.shelf.published(unit, 1, "visit"))
    await published(office, browser, VISIT.replace("How was it?", "And today?"))
    _, survey = await office.world.run(lambda unit: office.world.house.shelf.published(unit, 1, "visit"))
    page = (await browser.get(PAGE)).text

    assert survey.questions[0].text["en"] == "And today?"
    assert await versions(office) == [(1, False), (2, True)]
    assert "Version 2 is published" in page
    assert "published on 2 Mar 2026 by Mei" in page
    assert await office.rows("SELECT id FROM draft WHERE ended_at IS NULL") == []


async def test_a_draft_that_somebody_changed_meanwhile_is_shown_and_not_published(office):
    """Nobody sends out words that they have not seen."""
    browser = await editor(office)
    looked = await drafted(office)
    await drafted(office, VISIT.replace("How was it?", "Something rude"))
    await browser.get(PAGE)
    answer = await browser.post(f"{PAGE}/publish", revision=str(looked))
    page = (await browser.get(answer.headers["location"])).text

    assert await versions(office) == []
    assert "Somebody changed it while you looked" in page
    assert "What was changed meanwhile" in page
    assert "Something rude" in page


async def test_a_draft_with_a_mistake_says_so_and_is_not_published(office):
    """The button is off, and whoever presses it all the same hears why."""
    browser = await editor(office)
    revision = await drafted(office, VISIT.replace('kind = "csat"', 'kind = "cat"'))
    page = (await browser.get(PAGE)).text
    answer = await browser.post(f"{PAGE}/publish", revision=str(revision))
    told = (await browser.get(answer.headers["location"])).text

    assert "disabled" in page
    assert "First mend what is marked above." in page
    assert "It was not published:" in told
    assert await versions(office) == []


async def test_a_second_press_publishes_nothing_more(office):
    """The draft is gone with the first."""
    browser = await editor(office)
    revision = await drafted(office)
    await browser.get(PAGE)
    for _ in range(2):
        await browser.post(f"{PAGE}/publish", revision=str(revision))

    assert await versions(office) == [(1, True)]
    assert "That was done already." in (await browser.get(PAGE)).text


async def test_one_press_goes_back_and_one_takes_that_back(office):
    """Back to any version, as a version of its own; what it changed is said with it."""
    browser = await editor(office)
    for words in ("One?", "Two?", "Three?"):
        await published(office, browser, VISIT.replace("How was it?", words))
    await browser.get(PAGE)
    await browser.post(f"{PAGE}/rollback", number="1", standing="3")
    first = (await asked(office), (await browser.get(PAGE)).text)
    await browser.post(f"{PAGE}/rollback", number="3", standing="4")

    assert first[0] == "One?"
    assert "Customers are asked with what version 1 said, from now on as version 4." in first[1]
    assert '<input type="hidden" name="number" value="3">' in first[1]
    assert (await asked(office), len(await versions(office))) == ("Three?", 5)
    assert "gone back to on 2 Mar 2026 by Mei" in (await browser.get(PAGE)).text


async def test_going_back_twice_or_from_an_old_page_does_nothing(office):
    """A second press, or a colleague who published meanwhile: what stands is shown instead."""
    browser = await editor(office)
    for words in ("One?", "Two?"):
        await published(office, browser, VISIT.replace("How was it?", words))
    await browser.get(PAGE)
    for _ in range(2):
        await browser.post(f"{PAGE}/rollback", number="1", standing="2")

    assert await versions(office) == [(1, False), (2, False), (3, True)]
    assert "Somebody changed it while you looked" in (await browser.get(PAGE)).text


async def test_a_survey_is_put_aside_and_asked_with_again(office):
    """Retired, and taken up again with its last version."""
    browser = await editor(office)
    await published(office, browser)
    await browser.get(PAGE)
    await browser.post(f"{PAGE}/retire", standing="1")
    retired = (await browser.get(PAGE)).text
    await browser.post(f"{PAGE}/retire", standing="0")
    await browser.post(f"{PAGE}/rollback", number="1", standing="0")

    assert "Retired: nobody is asked with it" in retired
    assert "Ask with 1 again" in retired
    assert await versions(office) == [(1, False), (2, True)]


async def test_what_makegood_needs_is_never_put_aside(office):
    """Without it no unhappy customer would be asked after."""
    browser = await editor(office)
    page = (await browser.get(f"{LISTED}/follow_up")).text
    await browser.post(f"{LISTED}/follow_up/retire", standing="1")

    assert "makegood itself asks with this survey" in page
    assert await office.rows("SELECT retired_at FROM survey_version WHERE key = 'follow_up'") == [(None,)]


async def test_a_draft_thrown_away_comes_back_with_its_steps(office):
    """Thrown away by mistake: nothing is lost, and undo still goes back before it."""
    browser = await editor(office)
    await published(office, browser)
    await drafted(office, VISIT.replace("How was it?", "One?"))
    revision = await drafted(office, VISIT.replace("How was it?", "Two?"))
    await browser.get(PAGE)
    answer = await browser.post(f"{PAGE}/throw-away", revision=str(revision))
    gone = (await browser.get(answer.headers["location"])).text
    await browser.post(f"{PAGE}/bring-back")
    now = office.world.clock.now()
    back = await office.world.run(lambda unit: drafts.opened(unit, 1, "visit", "operator", now))
    undone = await office.world.run(lambda unit: drafts.undone(unit, 1, "visit", "operator", now))

    assert "The draft is thrown away." in gone
    assert "Bring it back" in gone
    assert (back.survey.questions[0].text["en"], undone.survey.questions[0].text["en"]) == ("Two?", "One?")


async def test_a_survey_thrown_away_before_it_was_published_is_found_again(office):
    """It stands in the list, for otherwise nobody knew its address."""
    browser = await editor(office)
    revision = await drafted(office)
    await browser.get(PAGE)
    answer = await browser.post(f"{PAGE}/throw-away", revision=str(revision))
    page = (await browser.get(answer.headers["location"])).text
    await browser.post(f"{PAGE}/bring-back")

    assert answer.headers["location"] == LISTED
    assert "Thrown away before they were published" in page
    assert "Thrown away before they were published" not in (await browser.get(LISTED)).text
    assert await office.rows("SELECT ended_at FROM draft") == [(None,)]


@pytest.mark.parametrize("source", ["key = ", 'format = 1\nkey = "visit"', "format = 2", "languages = 3\nquestion = 4"])
async def test_a_draft_that_says_nothing_yet_is_shown_all_the_same(office, source):
    """Half a file is no mistake of the page: list, survey, settings and translations say what is wrong."""
    browser = await editor(office)
    await published(office, browser)
    await drafted(office, source)
    for path in (LISTED, PAGE, f"{PAGE}?from=1&to=draft", f"{PAGE}/settings", f"{PAGE}/translations"):
        assert (await browser.get(path)).status_code == 200
    assert "To be mended:" in (await browser.get(PAGE)).text


async def test_a_draft_is_thrown_away_as_it_was_looked_at(office):
    """What a colleague wrote since is shown first; and a second press finds nothing."""
    browser = await editor(office)
    looked = await drafted(office)
    newest = await drafted(office, VISIT.replace("How was it?", "Better words"))
    await browser.get(PAGE)
    first = await browser.post(f"{PAGE}/throw-away", revision=str(looked))
    shown = (await browser.get(first.headers["location"])).text
    await browser.post(f"{PAGE}/throw-away", revision=str(newest))
    second = await browser.post(f"{PAGE}/throw-away", revision=str(newest))

    assert "Better words" in shown
    assert second.status_code == 303
    assert "That was done already." in (await browser.get(PAGE)).text


async def test_two_versions_are_compared(office):
    """Any two of them, and the draft with any."""
    browser = await editor(office)
    for words in ("One?", "Two?"):
        await published(office, browser, VISIT.replace("How was it?", words))
    page = (await browser.get(f"{PAGE}?from=2&to=1")).text

    assert "From 2 to 1" in page


@pytest.mark.parametrize(
    ("which", "words"), [("", "Draft?"), ("?version=draft", "Draft?"), ("?version=1", "One?"), ("?version=2", "Two?")]
)
async def test_every_edition_is_exported_as_its_file(office, which, words):
    """As it was written, comments and all."""
    browser = await editor(office)
    for each in ("One?", "Two?"):
        await published(office, browser, "# Ours.\n" + VISIT.replace("How was it?", each))
    await drafted(office, "# Ours.\n" + VISIT.replace("How was it?", "Draft?"))
    answer = await browser.get(f"{PAGE}/export{which}")

    assert answer.text == "# Ours.\n" + VISIT.replace("How was it?", words)
    assert "attachment" in answer.headers["content-disposition"]


async def test_without_its_proof_no_form_does_anything(office):
    """CSRF: a form of another page, or of another session, is refused and changes nothing."""
    browser = await editor(office)
    await published(office, browser)
    revision = await drafted(office, VISIT.replace("How was it?", "Two?"))
    for path in ("publish", "rollback", "retire", "throw-away", "bring-back"):
        for headers in ({"Origin": "https://elsewhere.example"}, {}):
            fields = {"csrf": "0" * 32, "revision": str(revision), "number": "1", "standing": "1"}
            answer = await browser.http.post(f"{PAGE}/{path}", data=fields, headers=headers)
            assert answer.status_code == 403

    assert await versions(office) == [(1, True)]


async def test_a_survey_that_nobody_knows_is_nothing(office):
    """Whatever stands in the address."""
    browser = await editor(office)
    for key in ("unknown", "Ünknown", "1", "x" * 300):
        assert (await browser.get(f"{LISTED}/{key}")).status_code == 404
        assert (await browser.post(f"{LISTED}/{key}/publish", revision="1")).status_code == 404


# --- brought from elsewhere -----------------------------------------------------------------------------------------


async def brought(browser: Browser, name: str, content: bytes, **fields: str) -> str:
    """The report of a file, as the page shows it."""
    await browser.get(BRING)
    files = {"file": (name, content, "application/octet-stream")}
    answer = await browser.http.post(BRING, data={"csrf": browser.csrf, **fields}, files=files)
    assert answer.status_code == 200
    return answer.text


def of_surveyjs() -> bytes:
    """A definition of another program, with something that has no place here."""
    elements = [
        {"type": "rating", "name": "visit", "title": "How was it?", "rateMax": 5},
        {"type": "image", "name": "logo", "imageLink": "https://shop.example/logo.png"},
    ]
    return json.dumps({"title": "Visit", "pages": [{"elements": elements}]}).encode()


async def test_a_file_of_ours_begins_a_draft_after_it_was_looked_at(office):
    """First its report, and nothing is kept; then the draft."""
    browser = await editor(office)
    page = await brought(browser, "visit.toml", b"# Ours.\n" + VISIT.encode())
    assert await office.rows("SELECT id FROM draft") == []
    answer = await browser.post(f"{BRING}/begin", revision="0")

    assert "It is a survey of makegood and is taken as it is." in page
    assert answer.headers["location"] == PAGE
    assert await office.rows("SELECT key, source FROM draft") == [("visit", "# Ours.\n" + VISIT)]


async def test_a_definition_of_another_program_says_what_changes(office):
    """What is not as it was, why, and where; then it is a draft like any other."""
    browser = await editor(office)
    page = await brought(browser, "visit.json", of_surveyjs())
    await browser.post(f"{BRING}/begin", revision="0")

    assert "It becomes a survey, with the changes named below." in page
    assert "SurveyJS" in page
    assert "logo" in page
    assert len(await office.rows("SELECT id FROM draft")) == 1


async def test_a_workbook_comes_through_whole(office):
    """A file is bytes: no line end in it is touched on the way."""
    browser = await editor(office)
    sheet = cells(("type", "name", "label"), ("text", "why", "Why?"), ("integer", "n", "How many?"))
    page = await brought(browser, "form.xlsx", workbook(sheet))

    assert "XLSForm" in page
    assert "/bring-in/begin" in page


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.toml", b"key = ", "The file is no TOML"),
        ("a.toml", b"\xff\xfe\xff", "The file is not in UTF-8"),
        ("a.json", b"{", "The file is no JSON"),
        ("a.json", b'{"weather": 1}', "The file is no definition of"),
        ("a.toml", b"x" * 300_000, "The file is larger than 256 KB"),
    ],
)
async def test_what_cannot_be_read_says_why(office, name, content, told):
    """And offers no button."""
    browser = await editor(office)
    page = await brought(browser, name, content)

    assert told in page
    assert "/bring-in/begin" not in page


async def test_a_file_of_several_parts_offers_them(office):
    """One import makes one survey; another part is read from the file that was brought already."""
    browser = await editor(office)
    question = {"id": "q1", "type": "rating", "headline": {"default": "How was it?"}, "scale": "number", "range": 5}
    both = json.dumps([{"name": name, "questions": [question]} for name in ("Visit", "Repair")]).encode()
    page = await brought(browser, "both.json", both)
    other = (await browser.post(BRING, part="Repair")).text

    assert '<option value="Repair">' in page
    assert '<option value="Repair" selected>' in other


async def test_a_draft_being_written_is_not_overwritten_unasked(office):
    """Its differences are shown, and either answer is kept: in its place, or under a key of its own."""
    browser = await editor(office)
    revision = await drafted(office)
    page = await brought(browser, "visit.toml", VISIT.replace("How was it?", "From the file?").encode())
    await browser.post(f"{BRING}/begin", how="beside")
    await brought(browser, "visit.toml", VISIT.replace("How was it?", "From the file?").encode())
    await browser.post(f"{BRING}/begin", revision=str(revision))
    rows = await office.rows("SELECT key, source FROM draft ORDER BY id")

    assert "A draft of visit is being written already, last by the operator" in page
    assert "From the file?" in page
    assert [key for key, _ in rows] == ["visit", "visit_2", "visit"]
    assert read(rows[1][1]).key == "visit_2"
    assert read(rows[2][1]).questions[0].text["en"] == "From the file?"


async def test_a_draft_begun_meanwhile_is_shown_before_anything_is_replaced(office):
    """Two people at once: whoever comes second is asked."""
    browser = await editor(office)
    await brought(browser, "visit.toml", VISIT.replace("How was it?", "Mine?").encode())
    await drafted(office)
    page = (await browser.post(f"{BRING}/begin", revision="0")).text

    assert "A draft of this survey was begun or changed meanwhile" in page
    assert await office.rows("SELECT COUNT(*) FROM draft") == [(1,)]


async def test_a_file_that_is_not_kept_any_more_is_asked_for_again(office):
    """After a restart, or when the form is sent twice."""
    browser = await editor(office)
    await brought(browser, "visit.toml", VISIT.encode())
    for _ in range(2):
        answer = await browser.post(f"{BRING}/begin", revision="0")

    assert answer.headers["location"] == BRING
    assert await office.rows("SELECT COUNT(*) FROM draft") == [(1,)]


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
async def test_the_pages_speak_the_readers_language(office, language):
    """Nothing of a page stays in English for whoever reads Chinese, and no place stays unfilled."""
    browser = await editor(office, language=language)
    await published(office, browser)
    await drafted(office, VISIT.replace("How was it?", "Two?"))
    for path in (LISTED, PAGE, BRING):
        page = (await browser.get(path)).text
        assert f'lang="{language}"' in page
        assert ("Publish" in page or "Bring one" in page) is (language == "en")
