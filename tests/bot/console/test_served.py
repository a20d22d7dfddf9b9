"""*Service done*: whom somebody served, recorded from the page; its link is shown once, to be scanned."""

import re

from tests.bot.console.office import Browser, Office

ONCE = re.compile(r'name="once" value="([^"]+)"')
LINK = re.compile(r'href="https://care\.example/c/([A-Za-z0-9_-]{22})"')


async def once(browser: Browser) -> str:
    """The mark of the form on today's page."""
    found = ONCE.search((await browser.get("/console")).text)
    assert found is not None
    return found.group(1)


async def recorded(browser: Browser, name: str = "Ana", item: str = "") -> str:
    return (await browser.post("/console/served", name=name, item=item, once=await once(browser))).text


async def events(office: Office) -> int:
    [[count]] = await office.rows("SELECT COUNT(*) FROM service_event WHERE cancelled = 0")
    return int(count)


async def test_a_name_is_enough_for_a_link_and_its_code(office):
    """Two taps at the counter: the customer scans, and is asked in their own chat."""
    browser, mei = await office.at_work("Mei")
    page = await recorded(browser, "Ana", "a new battery")
    found = LINK.search(page)

    assert found is not None
    assert '<svg viewBox="0 0' in page
    assert "QR code of the personal link of Ana" in page
    assert await office.rows("SELECT staff_member_id FROM service_event") == [(mei.id,)]
    await office.world.receive(office.world.wrote("7", f"/start {found.group(1)}"))
    assert await office.rows("SELECT name FROM customer WHERE id = (SELECT customer_id FROM address)") == [("Ana",)]


async def test_the_form_sent_again_shows_no_link_and_records_nothing(office):
    """A reload of the page, or a trembling finger: what was given out is not given out again."""
    browser, _ = await office.at_work("Mei")
    mark = await once(browser)
    await browser.post("/console/served", name="Ana", once=mark)
    again = await browser.post("/console/served", name="Ana", once=mark)
    page = (await browser.get(again.headers["location"])).text

    assert (again.status_code, await events(office)) == (303, 1)
    assert "a link is shown only once" in page
    assert LINK.search(page) is None


async def test_a_service_can_be_taken_back(office):
    """The wrong name was typed: the link is dead before anybody has opened it."""
    browser, _ = await office.at_work("Mei")
    found = LINK.search(await recorded(browser))
    assert found is not None
    answer = await browser.post("/console/served/1/undo")
    again = await browser.post("/console/served/1/undo")
    await office.world.receive(office.world.wrote("7", f"/start {found.group(1)}"))

    assert answer.headers["location"] == "/console?told=undone"
    assert again.headers["location"] == "/console?told=too_late"
    assert (await events(office), await office.rows("SELECT claimed_at FROM link WHERE purpose = 'customer'")) == (
        0,
        [(None,)],
    )


async def test_a_namesake_of_today_may_be_the_same_customer(office):
    """Ana came back in the afternoon: one history, and not two."""
    browser, _ = await office.at_work("Mei")
    await recorded(browser)
    page = await recorded(browser)
    answer = await browser.post("/console/served/2/same/1")

    assert "was recorded today at" in page
    assert answer.headers["location"] == "/console?told=same_customer"
    assert await office.rows("SELECT COUNT(DISTINCT customer_id) FROM service_event") == [(1,)]


async def test_nobody_changes_what_a_colleague_recorded(office):
    """G9: another's service is nothing here, whatever number is tried."""
    mei, _ = await office.at_work("Mei")
    await recorded(mei)
    await recorded(mei)
    bo, _ = await office.at_work("Bo", "staff,manager,admin")
    tried = [
        await bo.post(f"/console/served/{path}") for path in ("1/undo", "2/same/1", "99/undo", "x/undo", "1/same/x")
    ]

    assert {answer.status_code for answer in tried} == {404}
    assert await events(office) == 2


async def test_without_a_name_nobody_was_served(office):
    """Blanks are no name."""
    browser, _ = await office.at_work("Mei")
    answer = await browser.post("/console/served", name="   ", once=await once(browser))

    assert (answer.headers["location"], await events(office)) == ("/console?told=name_wanted", 0)


async def test_where_nothing_is_asked_nobody_is_recorded(office):
    """A link that leads to no question would only confuse; the admin can mend it."""
    await office.rows("UPDATE survey_version SET retired_at = 1 WHERE touchpoint = 'service'")
    browser, _ = await office.at_work("Mei")
    answer = await browser.post("/console/served", name="Ana", once=await once(browser))

    assert (answer.headers["location"], await events(office)) == ("/console?told=no_survey", 0)


async def test_an_editor_has_no_such_button(office):
    """Surveys are theirs, customers are not."""
    browser, _ = await office.at_work("Eva", "editor")

    assert "Service done" not in (await browser.get("/console")).text
