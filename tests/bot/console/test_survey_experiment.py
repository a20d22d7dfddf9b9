"""The console's page of an experiment: what its sides show, and its end."""

import pytest

from tests.bot.console.office import ROLES, Office
from tests.bot.console.test_survey_pages import drafted, editor
from tests.experiments import SURVEY

KEY = "after_visit"
PAGE = f"/console/surveys/{KEY}"
TRIED = f"{PAGE}/experiment"
WITHOUT = SURVEY.partition("[[variant]]")[0].replace("experiment.", "# ")


async def begun(office: Office, source: str = SURVEY):
    """An editor who published an experiment."""
    browser = await editor(office)
    revision = await drafted(office, source, KEY)
    await browser.get(PAGE)
    await browser.post(f"{PAGE}/publish", revision=str(revision))
    return browser


async def test_the_page_of_a_survey_says_that_it_is_tried_and_leads_on(office):
    """Who looks at the survey learns of it; a survey that is asked in one way says nothing of it."""
    browser = await begun(office)
    page = (await browser.get(PAGE)).text

    assert f'href="{TRIED}"' in page
    assert "Too few answers to say: 0 of about 200 from each side." in page
    assert "/experiment" not in (await browser.get("/console/surveys/after_delivery")).text


async def test_an_experiment_shows_its_sides_with_what_is_other_on_each(office):
    """The words and the order of the variant; a line for each measure."""
    browser = await begun(office)
    page = (await browser.get(TRIED)).text

    assert "And how was today&#39;s visit?" in page or "And how was today's visit?" in page
    assert "A: as written, 50% of the customers, 0 asked" in page
    assert "B: 50% of the customers, 0 asked" in page
    for measure in ("Satisfied (CSAT)", "Would recommend us (NPS)", "Finished"):
        assert measure in page
    assert "You may look at this every day" in page


async def test_keeping_a_side_writes_a_draft_and_shows_it(office):
    """The next page is the survey's, with the draft to be looked at; nothing is published yet."""
    browser = await begun(office)
    await browser.get(TRIED)
    page = await browser.post(f"{TRIED}/keep", side="b")

    told = (await browser.get(PAGE)).text if page.status_code == 303 else page.text
    assert "This draft has side B as the survey." in told
    assert "Experiment ended" in told
    [[source]] = await office.rows("SELECT source FROM draft WHERE key = 'after_visit' ORDER BY id DESC LIMIT 1")
    assert "variant" not in source
    assert await office.rows("SELECT number FROM survey_version WHERE key = 'after_visit'") == [(1,)]


async def test_a_draft_that_is_being_written_is_not_lost(office):
    """The buttons are not there, and whoever pressed them a moment too late changes nothing."""
    browser = await begun(office)
    await browser.get(TRIED)
    revision = await drafted(office, SURVEY.replace("today's", "this"), KEY)
    await browser.post(f"{TRIED}/keep", side="b")
    page = (await browser.get(TRIED)).text

    assert "A draft is being written" in page
    assert "Keep B" not in page
    assert await office.rows("SELECT MAX(revision) FROM draft WHERE key = 'after_visit'") == [(revision,)]


async def test_a_side_that_is_not_there_changes_nothing(office):
    """A page of last week, an address that somebody made up."""
    browser = await begun(office)
    await browser.get(TRIED)
    await browser.post(f"{TRIED}/keep", side="z")

    assert "This experiment does not run any more." in (await browser.get(TRIED)).text
    assert (await browser.get("/console/surveys/after_delivery/experiment")).status_code == 404


async def test_what_is_over_can_be_read_and_not_ended_again(office):
    """The figures stay; the buttons go."""
    browser = await begun(office)
    revision = await drafted(office, WITHOUT, KEY)
    await browser.get(PAGE)
    await browser.post(f"{PAGE}/publish", revision=str(revision))
    page = (await browser.get(TRIED)).text

    assert "The experiment is over" in page
    assert "Keep A" not in page


async def test_a_customers_history_says_on_which_side_they_were_asked(office):
    """Whoever reads an answer knows what was asked."""
    await begun(office)
    world = office.world
    await world.run(lambda unit: unit.places.add(1, "till", "Till", "visit", "p_till-000000000000", 1))
    await world.receive(world.wrote("7", "/start p_till-000000000000"))
    rows = [row for message in await world.messages("7") for row in message.rows]
    await world.receive(world.pressed("7", rows[0][4].press))
    [[customer, side]] = await office.rows("SELECT customer_id, variant FROM conversation WHERE variant IS NOT NULL")
    browser, _ = await office.at_work("Bo", "manager")

    assert f"Answered: visit ({side.upper()})" in (await browser.get(f"/console/customers/{customer}")).text


@pytest.mark.parametrize("role", ROLES)
async def test_only_editors_see_it(office, role):
    """Like everything about surveys."""
    await begun(office)
    browser, _ = await office.at_work("Ana", role)

    assert (await browser.get(TRIED)).status_code == (200 if role == "editor" else 404)
