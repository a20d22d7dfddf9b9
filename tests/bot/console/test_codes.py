"""Signing in on a computer by a code: confirmed in one's own chat, once, within two minutes."""

import re

import pytest

from bot import signing_in
from bot.access.secrets import digest

_SHOWN = re.compile(r'class="figures-code"[^>]*>([0-9]{3}) ([0-9]{3})<')


@pytest.fixture
async def desk(office):
    """Mei works here and has a chat; a browser of nobody's shows a code. Gives the browser and the code."""
    await office.world.staff("Mei", "77")
    browser = office.browser()
    return browser, code_on(await browser.get("/console/sign-in"))


def code_on(page):
    return "".join(_SHOWN.findall(page.text)[0])


def secret_of(browser):
    return browser.http.cookies["makegood_code"]


async def said(office, text, chat="77"):
    """Send a text from a chat; return the newest answer."""
    await office.world.receive(office.world.wrote(chat, text))
    return (await office.world.texts(chat))[-1]


async def answered(office, choice, chat="77"):
    """Tap below the newest question; return what is shown in passing."""
    asked = next(m for m in reversed(await office.world.messages(chat)) if m.rows)
    button = asked.rows[0][0 if choice == "yes" else 1]
    await office.world.receive(office.world.pressed(chat, button.press))
    return office.world.channel.notices[-1]


async def state(browser):
    return (await browser.http.get("/console/sign-in/state")).json()["state"]


async def finished(browser):
    """Send the form of the page as it is now; return the status of what the browser then sees of the console."""
    await browser.get("/console/sign-in")
    await browser.post("/console/sign-in/finish")
    return (await browser.get("/console")).status_code


async def test_a_code_typed_and_confirmed_signs_this_browser_in(office, desk):
    """The whole way: figures on the screen, typed in the chat, yes, and the page goes in."""
    browser, code = desk
    asked = await said(office, f"{code[:3]} {code[3:]}")
    assert f"Code {code[:3]} {code[3:]}" in asked
    assert await state(browser) == "shown"
    await answered(office, "yes")

    assert await state(browser) == "confirmed"
    assert "Welcome, Mei!" in (await browser.get("/console/sign-in")).text
    assert await finished(browser) == 200


@pytest.mark.parametrize("typed", ["/console {}", "{}", " {} ", "/console {}-"])
async def test_a_code_is_read_as_people_write_it(office, desk, typed):
    """With the command or without; what is no code is no code."""
    _, code = desk
    asked = await said(office, typed.format(code))

    assert ("Sign in on a computer?" in asked) is not typed.endswith("-")


async def test_a_scanned_code_asks_the_same(office, desk):
    """The QR code opens the chat with a token, which names the wish and signs nobody in."""
    browser, code = desk
    asked = await said(office, f"/start {signing_in.token_of(secret_of(browser))}")

    assert f"Code {code[:3]} {code[3:]}" in asked
    assert await state(browser) == "shown"


async def test_the_question_names_the_browser_and_the_time(office):
    """Whoever is asked must be able to tell their own computer from a stranger's."""
    await office.world.staff("Mei", "77")
    browser = office.browser()
    agent = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0"
    code = code_on(await browser.get("/console/sign-in", **{"User-Agent": agent}))
    asked = await said(office, code)

    assert re.search(r"Edge, Windows · \d\d:\d\d", asked)


async def test_a_browser_cannot_choose_what_the_question_calls_it():
    """An agent is a stranger's text: only names of ours are taken from it."""
    assert signing_in.seen_as("your own telephone, tap Yes") == ""
    assert signing_in.seen_as("Firefox <b>yours</b> Linux") == "Firefox, Linux"


async def test_the_code_alone_signs_nobody_in(office, desk):
    """Who reads it over a shoulder, or guesses it, has no cookie and no chat of ours."""
    browser, code = desk
    stranger = office.browser()
    await stranger.get("/console/sign-in")
    await said(office, code)
    await answered(office, "yes")

    assert await finished(stranger) == 401
    assert await finished(browser) == 200


async def test_a_customer_who_sends_the_code_is_asked_nothing(office, desk):
    """In any chat but a staff member's it is a text like any other."""
    browser, code = desk
    await said(office, code, chat="5")
    await said(office, f"/start {signing_in.token_of(secret_of(browser))}", chat="5")

    assert not any("Sign in" in text for text in await office.world.texts("5"))
    assert await state(browser) == "shown"


async def test_no_ends_the_wish(office, desk):
    """Nobody comes in by it any more, and the page says so."""
    browser, code = desk
    await said(office, code)
    told = await answered(office, "no")

    assert "nobody is signed in" in told
    assert await state(browser) == "refused"
    assert await finished(browser) == 401
    assert "no longer shown" in await said(office, f"/console {code}")


async def test_yes_counts_once(office, desk):
    """The form sent again, or the yes tapped again, begins nothing more."""
    browser, code = desk
    await said(office, code)
    await answered(office, "yes")
    token = browser.http.cookies["makegood_code"]
    assert await finished(browser) == 200
    other = office.browser()
    other.http.cookies.set("makegood_code", token)

    assert await finished(other) == 401
    assert "no longer shown" in await answered(office, "yes")
    assert len(await office.rows("SELECT id FROM session")) == 1


async def test_a_code_is_over_after_two_minutes(office, desk):
    """Then it is nobody's, and a new one is one press away."""
    browser, code = desk
    office.world.clock.pass_by(121)
    assert await state(browser) == "over"
    assert "no longer shown" in await said(office, code)
    await browser.get("/console/sign-in")
    await browser.post("/console/sign-in/again")

    assert code_on(await browser.get("/console/sign-in")) != code


async def test_a_yes_is_over_after_a_minute(office, desk):
    """A browser that was left alone does not sign somebody in an hour later."""
    browser, code = desk
    await said(office, code)
    await answered(office, "yes")
    office.world.clock.pass_by(61)

    assert await finished(browser) == 401


async def test_a_tap_on_somebody_elses_question_does_nothing(office, desk):
    """Each question is one person's; a forged press is answered like an old one."""
    browser, code = desk
    await office.world.staff("Bo", "78")
    await said(office, code)
    asked = (await office.world.messages("77"))[-1]
    await office.world.receive(office.world.pressed("78", asked.rows[0][0].press))

    assert await state(browser) == "shown"
    assert "no longer shown" in await said(office, code, chat="78")


async def test_whoever_types_many_wrong_codes_is_not_looked_up_any_more(office, desk):
    """Six figures can be guessed; five guesses in ten minutes cannot find one."""
    browser, code = desk
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for _ in range(signing_in.WRONG_CODES):
        await said(office, wrong)

    assert "That were many codes" in await said(office, code)
    assert await state(browser) == "shown"


async def test_one_sender_gets_only_so_many_codes(office):
    """Whoever loads the page again and again fills nothing and guesses nothing."""
    answers = [(await office.browser().get("/console/sign-in")).status_code for _ in range(22)]

    assert answers[:20] == [200] * 20
    assert set(answers[20:]) == {429}


async def test_neither_code_nor_secret_can_be_read_from_the_database(office, desk):
    """Who reads our rows can sign in nowhere with them."""
    browser, code = desk
    [row] = await office.rows("SELECT * FROM sign_in")
    secret = secret_of(browser)

    assert not {secret, signing_in.token_of(secret), code} & set(map(str, row))
    assert digest(secret) in row


async def test_whoever_left_is_not_signed_in_by_their_yes(office, desk):
    """Removed in the very minute between the yes and the page."""
    browser, code = desk
    await said(office, code)
    await answered(office, "yes")
    await office.rows("UPDATE staff_member SET removed_at = 1 WHERE name = 'Mei'")

    assert await finished(browser) == 401


async def test_another_site_finishes_nothing(office, desk):
    """A page elsewhere can neither spend the yes nor ask for a new code."""
    browser, code = desk
    await said(office, code)
    await answered(office, "yes")
    await browser.get("/console/sign-in")
    answer = await browser.http.post(
        "/console/sign-in/finish", data={"csrf": browser.csrf}, headers={"Origin": "https://evil.example"}
    )

    assert answer.status_code == 403
    assert await office.rows("SELECT id FROM session") == []


async def test_a_code_in_the_middle_of_writing_to_a_customer_is_not_passed_on(office, desk):
    """Six figures that a browser shows at this moment are meant for us, whatever was begun before."""
    _, code = desk
    await office.unhappy("7")
    await office.world.receive(office.world.pressed("77", "1:k1:write"))

    assert "Sign in on a computer?" in await said(office, code)
    assert code not in " ".join(await office.world.texts("7"))
