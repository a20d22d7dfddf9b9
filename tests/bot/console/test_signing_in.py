"""Into the console and out of it: links that are spent once, sessions that end, and nobody who gets in between."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.requests import Request

from bot.access.secrets import digest, new_token
from bot.channels.messages import NotDelivered
from bot.console.routes import console_door
from bot.console.sessions import StaffSessions
from bot.links import make_link
from storage.outbox import OutboxRow
from tests.bot.console.office import PUBLIC, Office, opened
from tests.bot.delivering import Post
from tests.waiting import until, until_so

MINUTE = 60.0
HOUR = 3600.0


async def begun(office: Office, name: str = "Bo", roles: str = "staff") -> tuple[str, int]:
    """A fresh link and the id of whom it signs in."""
    member = await office.hire(name, roles)
    return await office.link(member), member.id


# --- The link ------------------------------------------------------------------------------------------------------


async def test_looking_at_a_link_spends_nothing(office):
    """Chats fetch a link to show a preview of it; the person comes afterwards."""
    token, _ = await begun(office)
    previews = [await office.browser().get(f"/console/sign-in/{token}") for _ in range(2)]
    browser = office.browser()
    answer = await browser.sign_in(token)

    assert [(each.status_code, "set-cookie" in each.headers) for each in previews] == [(200, False)] * 2
    assert (answer.status_code, answer.headers["location"]) == (303, "/console")
    assert (await browser.get("/console")).status_code == 200


async def test_the_page_of_a_link_says_whom_it_signs_in(office):
    """Somebody who opens a colleague's link sees that before anything happens."""
    token, _ = await begun(office, "Mei")
    page = await office.browser().get(f"/console/sign-in/{token}")

    assert "sign in as Mei" in page.text


async def test_a_link_signs_in_once(office):
    """ASVS 7.2: who finds it later in a chat or a history finds nothing."""
    token, _ = await begun(office)
    other = office.browser()
    await other.get(f"/console/sign-in/{token}")
    await office.browser().sign_in(token)
    again = await other.post(f"/console/sign-in/{token}")
    page = await other.get(f"/console/sign-in/{token}")

    assert (page.status_code, again.status_code, other.session) == (410, 410, None)
    assert "/console in your own chat" in page.text


async def test_two_presses_of_one_button_begin_one_session(office):
    """A double click, or a thief and the owner at the same moment: one of them is in."""
    token, _ = await begun(office)
    browsers = [office.browser() for _ in range(8)]
    for browser in browsers:
        await browser.get(f"/console/sign-in/{token}")
    answers = await asyncio.gather(*(browser.post(f"/console/sign-in/{token}") for browser in browsers))

    assert sorted(answer.status_code for answer in answers) == [303] + [410] * 7
    assert len(await office.rows("SELECT id FROM session")) == 1


async def test_a_link_is_good_for_fifteen_minutes(office):
    """What lies about longer is found by others."""
    token, _ = await begun(office)
    office.world.clock.pass_by(15 * MINUTE)
    page = await office.browser().get(f"/console/sign-in/{token}")

    assert (page.status_code, "has expired" in page.text) == (410, True)


async def test_links_of_other_purposes_sign_nobody_in(office):
    """An invitation binds a chat, a customer's link a customer; neither opens the console."""
    member = await office.hire("Bo")
    now = office.world.clock.now()

    def work(unit):
        ana = unit.customers.ensure(1, "ana", now)
        return [
            make_link(unit, 1, "staff", now, staff_member_id=member.id).token,
            make_link(unit, 1, "customer", now, customer_id=ana.id).token,
        ]

    answers = [await office.browser().sign_in(token) for token in await office.world.run(work)]

    assert [answer.status_code for answer in answers] == [403, 403]  # their pages have no form to post
    assert await office.rows("SELECT id FROM session") == []


async def test_a_sign_in_link_makes_no_chat_a_staff_members(office):
    """Its finder would read every case for good; it opens the console for a moment, and nothing else."""
    token, _ = await begun(office)
    await office.world.receive(office.world.wrote("99", f"/start {token}"))

    assert await office.rows("SELECT id FROM address WHERE staff_member_id IS NOT NULL") == []
    assert await office.rows("SELECT id FROM link WHERE claimed_at IS NOT NULL") == []
    assert "I don't know this link" in (await office.world.texts("99"))[0]


async def test_many_unknown_links_are_not_answered(office):
    """G10: guessing is hopeless with 128 bits, and is told so after five tries; a good link opens all the same."""
    guesser = office.browser()
    answers = [(await guesser.get(f"/console/sign-in/{new_token()}")).status_code for _ in range(7)]
    token, _ = await begun(office)

    assert answers == [404] * 5 + [429] * 2
    assert (await guesser.sign_in(token)).status_code == 303


async def test_an_address_that_holds_no_token_is_an_unknown_link(office):
    """A part of it got lost on the way: a kind page, and no error."""
    page = await office.browser().get("/console/sign-in/short", **{"Accept-Language": "zh-TW"})

    assert (page.status_code, "這個連結無法辨識" in page.text) == (404, True)


# --- That it was meant ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
async def test_another_site_signs_nobody_in(office, headers):
    """Login CSRF: a page elsewhere could sign a victim in as somebody else and read along."""
    token, _ = await begun(office)
    browser = office.browser()
    await browser.get(f"/console/sign-in/{token}")
    answer = await browser.http.post(f"/console/sign-in/{token}", data={"csrf": browser.csrf}, headers=headers)

    assert (answer.status_code, browser.session) == (403, None)
    assert await office.rows("SELECT id FROM link WHERE claimed_at IS NOT NULL") == []


@pytest.mark.parametrize("path", ["/console/me/theme", "/console/sign-out", "/console/cases/1/take"])
async def test_a_post_needs_both_proofs(office, path):
    """G10: the browser's word for where it comes from, and the token that only our page has."""
    browser, _ = await office.at_work("Bo")
    foreign = {"Origin": "https://evil.example"}
    answers = [
        await browser.http.post(path, data={"csrf": browser.csrf, "theme": "dark"}, headers=foreign),
        await browser.http.post(path, data={"theme": "dark"}),
        await browser.http.post(path, data={"csrf": "0" * 32, "theme": "dark"}),
        await browser.http.post(path, json={"csrf": browser.csrf, "theme": "dark"}),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403, 415]
    assert (await browser.get("/console")).status_code == 200


async def test_one_sessions_proof_is_not_anothers(office):
    """Who has the console open cannot make a colleague's browser do anything."""
    bo, _ = await office.at_work("Bo")
    mei, _ = await office.at_work("Mei")
    bo.csrf = mei.csrf

    assert (await bo.post("/console/sign-out")).status_code == 403


# --- The session ---------------------------------------------------------------------------------------------------


async def test_the_cookie_is_for_the_browser_alone(office):
    """ASVS 3.3: no script reads it, no other site sends it, no other page gets it."""
    token, _ = await begun(office)
    cookie = (await office.browser().sign_in(token)).headers["set-cookie"]

    assert cookie.startswith("makegood_console=")
    assert {"HttpOnly", "SameSite=strict", "Path=/console"} <= set(cookie.split("; "))


async def test_over_tls_the_cookie_is_bound_to_the_host(tmp_path):
    """ASVS 3.3.1: the prefix makes browsers refuse one that another host or a plain page tries to set."""
    async with opened(tmp_path, https=True) as office:
        token, _ = await begun(office)
        answer = await office.browser().sign_in(token)
        cookie = answer.headers["set-cookie"]

    assert cookie.startswith("__Host-makegood=")
    assert {"HttpOnly", "SameSite=strict", "Path=/", "Secure"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    assert "strict-transport-security" in answer.headers


async def test_a_session_is_never_one_that_the_browser_brought(office):
    """ASVS 7.2.4: whoever planted a session in a browser does not get in when its owner does."""
    token, _ = await begun(office)
    planted = new_token()
    browser = office.browser()
    browser.http.cookies.set("makegood_console", planted, path="/console")
    answer = await browser.sign_in(token)

    assert planted not in answer.headers["set-cookie"]
    assert await office.rows("SELECT id FROM session WHERE digest = :d", d=digest(planted)) == []


async def test_signing_in_again_ends_the_session_before(office):
    """ASVS 7.2.4: one browser has one session; the one it had is good for nobody any more."""
    browser, member = await office.at_work("Bo")
    before = browser.session
    await browser.sign_in(await office.link(member))
    thief = office.browser()
    thief.http.cookies.set("makegood_console", str(before), path="/console")

    assert browser.session != before
    assert (await thief.get("/console")).status_code == 401


async def test_neither_link_nor_session_can_be_read_from_the_database(office):
    """Only digests are kept: a stolen copy signs nobody in."""
    token, _ = await begun(office)
    browser = office.browser()
    await browser.sign_in(token)
    [[file]] = await office.rows("SELECT file FROM pragma_database_list WHERE name = 'main'")
    content = b"".join(each.read_bytes() for each in Path(str(file)).parent.glob("makegood.db*"))

    assert token.encode() not in content
    assert str(browser.session).encode() not in content


async def test_a_session_ends_twelve_hours_after_the_last_visit(office):
    """A telephone left on a table is no open door the next day."""
    browser, _ = await office.at_work("Bo")
    office.world.clock.pass_by(11.9 * HOUR)
    first = (await browser.get("/console")).status_code
    office.world.clock.pass_by(11.9 * HOUR)
    second = (await browser.get("/console")).status_code
    office.world.clock.pass_by(12.1 * HOUR)

    assert (first, second, (await browser.get("/console")).status_code) == (200, 200, 401)


async def test_a_page_that_refreshes_itself_is_no_visit(office):
    """It asks every half minute: if that counted, nobody would ever be idle."""
    browser, _ = await office.at_work("Bo")
    for _ in range(13):
        office.world.clock.pass_by(HOUR)
        answer = await browser.get("/console/now")

    assert answer.status_code == 401


async def test_no_session_lasts_longer_than_seven_days(office):
    """ASVS 7.3.2: however often somebody comes."""
    browser, _ = await office.at_work("Bo")
    found = []
    for _ in range(15):
        found.append((await browser.get("/console")).status_code)
        office.world.clock.pass_by(timedelta(hours=11.9).total_seconds())

    assert found == [200] * 15
    assert (await browser.get("/console")).status_code == 401


async def test_signing_out_ends_the_session_for_good(office):
    """ASVS 7.4.1: the cookie is taken back, and would open nothing if it were kept."""
    browser, _ = await office.at_work("Bo")
    kept = browser.session
    answer = await browser.post("/console/sign-out")
    thief = office.browser()
    thief.http.cookies.set("makegood_console", str(kept), path="/console")

    assert ("You are signed out" in answer.text, browser.session) == (True, None)
    assert (await thief.get("/console")).status_code == 401


async def test_signing_out_everywhere_ends_every_session_and_link(office):
    """ASVS 7.4.3: after a lost telephone one press is enough. A colleague's session stays."""
    browser, member = await office.at_work("Bo")
    lost, colleague = office.browser(), (await office.at_work("Mei"))[0]
    await lost.sign_in(await office.link(member))
    waiting = await office.link(member)
    await browser.post("/console/sign-out-everywhere")

    assert [(await each.get("/console")).status_code for each in (browser, lost, colleague)] == [401, 401, 200]
    assert (await office.browser().get(f"/console/sign-in/{waiting}")).status_code == 410


async def test_one_other_session_can_be_ended(office):
    """The own page lists where one is signed in; each can be let go by itself."""
    browser, member = await office.at_work("Bo")
    other = office.browser()
    await other.sign_in(await office.link(member))
    [[newest]] = await office.rows("SELECT MAX(id) FROM session")
    answer = await browser.post(f"/console/me/sessions/{newest}/end")

    assert (answer.status_code, (await other.get("/console")).status_code) == (303, 401)
    assert (await browser.get("/console")).status_code == 200


async def test_nobody_ends_a_colleagues_session(office):
    """G9: of somebody else's session there is nothing here, whatever number is tried."""
    mei, _ = await office.at_work("Mei")
    bo, _ = await office.at_work("Bo", "staff,admin")
    answers = [await bo.post(f"/console/me/sessions/{each}/end") for each in ("1", "999", "-1", "9" * 30, "x")]

    assert {answer.status_code for answer in answers} == {404}
    assert (await mei.get("/console")).status_code == 200


# --- Who no longer may ---------------------------------------------------------------------------------------------


async def test_whoever_leaves_is_signed_out_in_the_same_moment(office):
    """F7, ASVS 7.4.2: sessions and links end in the transaction that removes them."""
    browser, member = await office.at_work("Bo")
    waiting = await office.link(member)
    now = office.world.clock.now()
    await office.world.run(lambda unit: unit.staff.remove(member.id, now))

    assert await office.rows("SELECT id FROM session WHERE ended_at IS NULL") == []
    assert (await browser.get("/console")).status_code == 401
    assert (await office.browser().get(f"/console/sign-in/{waiting}")).status_code == 410


async def test_a_changed_role_counts_at_the_next_request(office):
    """F7, ASVS 8.3.2: no session remembers rights that its owner has lost."""
    await office.unhappy("7")
    browser, member = await office.at_work("Bo")
    before = await browser.get("/console")
    await office.world.run(
        lambda unit: unit.execute("UPDATE staff_member SET roles = 'editor' WHERE id = :id", {"id": member.id})
    )
    after = await browser.get("/console")
    taken = await browser.post("/console/cases/1/take")

    assert ("Customer 7" in before.text, "Customer 7" in after.text) == (True, False)
    assert taken.status_code == 404


async def test_the_consoles_cookie_means_nothing_to_the_api(office):
    """No page could use it there: only its own addresses look at it."""
    browser, _ = await office.at_work("Bo", "admin")
    door = console_door(StaffSessions(office.world.database, office.world.clock), https=False)

    async def known(path: str) -> bool:
        scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "server": ("x", 1)}
        headers = [(b"cookie", f"makegood_console={browser.session}".encode()), (b"host", b"x")]
        return await door(Request({**scope, "headers": headers})) is not None

    assert [await known(path) for path in ("/console", "/console/me", "/v1/staff", "/consoles", "/")] == [
        True,
        True,
        False,
        False,
        False,
    ]


# --- What every answer says ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/console", "/console/me", "/console/now", "/console/nothing"])
async def test_nobody_may_frame_keep_or_script_the_console(office, path):
    """G10, ASVS 3.4: a page in a frame would have its buttons pressed by whoever lies over it."""
    browser, _ = await office.at_work("Bo")
    for answer in (await browser.get(path), await office.browser().get(path)):
        policy = answer.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["cache-control"] == "no-store"


async def test_a_page_names_no_style_or_script_inside_itself(office):
    """The policy would refuse it, and the page would look broken."""
    browser, _ = await office.at_work("Bo", "staff,supervisor,manager,editor,admin")
    await office.unhappy("7")
    pages = [(await browser.get(path)).text for path in ("/console", "/console/me")]

    assert [part for page in pages for part in ("style=", "<style", "onclick", "<script>") if part in page] == []


async def test_who_is_not_signed_in_is_told_how(office):
    """A bookmark the next morning must not look like an error."""
    page = await office.browser().get("/console", **{"Accept-Language": "zh-CN"})

    assert (page.status_code, "/console" in page.text, 'lang="zh-Hans"' in page.text) == (401, True, True)


async def test_signing_in_and_out_is_in_the_history(office):
    """ASVS 16.3: who was here and when can be told afterwards, without any token."""
    browser, member = await office.at_work("Bo")
    await browser.post("/console/sign-out")
    told = await office.rows(
        "SELECT what, detail FROM history WHERE subject = :who ORDER BY id", who=f"staff:{member.id}"
    )

    assert told == [("SignedIn", ""), ("SignedOut", "")]


# --- The link in the chat ------------------------------------------------------------------------------------------


async def sent(office: Office, chat: str) -> list[Post]:
    """What reached a chat, once everything written for it is recorded as sent."""

    async def all_sent() -> bool:
        return all(row.state == "sent" for row in await office.world.rows(chat))

    await until(all_sent)
    return [post for post in office.world.channel.ledger if post.chat == chat]


async def test_a_staff_member_gets_a_link_in_their_own_chat(office):
    """It comes where only they read; the address is what browsers open."""
    await office.world.staff("Bo", "50")
    await office.world.receive(office.world.wrote("50", "/console"))
    [post] = await sent(office, "50")
    token = post.text.rpartition("/")[2]

    assert post.text.splitlines()[1] == f"{PUBLIC}/console/sign-in/{token}"
    assert (await office.browser().sign_in(token)).status_code == 303


async def test_the_link_is_forgotten_once_it_was_sent(office):
    """Who reads our rows within those fifteen minutes must not find a way in."""
    await office.world.staff("Bo", "50")
    await office.world.receive(office.world.wrote("50", "/console"))
    await sent(office, "50")
    [row] = await office.world.rows("50")

    assert (row.state, "sign-in" in row.payload, row.payload) == ("sent", False, '{"text":"…"}')


async def test_the_link_is_kept_as_long_as_it_may_have_to_be_sent_again(office):
    """A process that dies while it sends must be able to send it in its next life."""
    await office.world.staff("Bo", "50")
    office.world.channel.open.clear()
    await office.world.receive(office.world.wrote("50", "/console"))
    await until_so(lambda: office.world.channel.ledger)
    [row] = await office.world.rows("50")
    office.world.channel.open.set()
    await sent(office, "50")

    assert (row.state, "/console/sign-in/" in row.payload) == ("sending", True)


async def test_the_link_of_a_message_that_never_arrived_is_forgotten_too(office):
    """The chat blocked us: nothing will be sent again, so nothing is kept."""
    await office.world.staff("Bo", "50")
    office.world.channel.open.clear()
    await office.world.receive(office.world.wrote("50", "/console"))
    await until_so(lambda: office.world.channel.ledger)
    [post] = office.world.channel.ledger
    office.world.channel.always[post.text] = NotDelivered("UNREACHABLE", "bot was blocked by the user")
    office.world.channel.open.set()

    async def given_up() -> list[OutboxRow]:
        return [row for row in await office.world.rows("50") if row.state not in ("queued", "sending")]

    lost = await until(given_up)

    assert ("/console/sign-in/" in lost[0].payload, lost[0].state) == (False, "dead")


async def test_in_a_group_no_link_is_given(office):
    """Everybody there would read it."""
    await office.world.staff("Bo", "50", "supervisor")
    group = {"user": "50", "group": True}
    await office.world.receive(office.world.wrote("-1", "/group", **group))
    await office.world.receive(office.world.wrote("-1", "/console", **group))

    assert await office.rows("SELECT id FROM link") == []
    assert "in your own chat" in (await office.world.texts("-1"))[-1]


async def test_a_customers_console_is_only_words(office):
    """G9: the same answer as to any other text."""
    await office.world.receive(office.world.wrote("7", "/console"))

    assert await office.rows("SELECT id FROM link") == []


async def test_a_link_that_opens_only_here_says_so(tmp_path):
    """On a telephone 127.0.0.1 is the telephone."""
    async with opened(tmp_path, public_url="http://127.0.0.1:8765") as office:
        await office.world.staff("Bo", "50")
        await office.world.receive(office.world.wrote("50", "/console"))
        [text] = [post.text for post in await sent(office, "50")]

    assert "only on the computer" in text
