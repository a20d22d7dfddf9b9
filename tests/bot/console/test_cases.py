"""Cases in the console: found, read, and worked by the very acts of the chat; two at once, twice the same, and none."""

import re

import pytest

from tests.bot.channels.webchat.test_files import PNG
from tests.bot.console.office import Office


async def three(office: Office) -> None:
    """Three cases, the second closed."""
    for chat, words in (("1", "It broke at once."), ("2", "The heating was cold."), ("3", "灯坏了。")):
        await office.unhappy(chat, words=words)
    await office.rows(
        "UPDATE recovery_case SET stage = 'closed', closed_at = 1, outcome = 'recovered' WHERE number = 2"
    )


def shown(page) -> set[str]:
    """Which of the three cases a list shows."""
    return {number for number in "123" if f'href="/console/cases/{number}"' in page.text}


async def act(browser, number: int, press: str):
    """Press a button of a case and follow to its page."""
    await browser.get(f"/console/cases/{number}")
    answer = await browser.post(f"/console/cases/{number}/act", press=press)
    return await browser.get(answer.headers["location"])


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", {"1", "3"}),
        ("stage=all", {"1", "2", "3"}),
        ("stage=closed", {"2"}),
        ("outcome=recovered", {"2"}),
        ("outcome=unreachable", set()),
        ("q=3", {"3"}),
        ("q=BROKE+at", {"1"}),
        ("q=%E7%81%AF%E5%9D%8F", {"3"}),
        ("q=heating&stage=all", {"2"}),
        ("q=customer+1", {"1"}),
        ("q=%25", set()),
        ("q=_", set()),
        ("mine=1", set()),
        ("overdue=1", set()),
        ("days=7", {"1", "3"}),
        ("severity=4", set()),
        ("stage=nonsense&team=x&days=5&before=-1", {"1", "3"}),
    ],
)
async def test_a_list_shows_what_is_asked_for(office, asked, found):
    """By state, whose, outcome, period, number, name, or words said; what makes no sense asks for nothing."""
    await three(office)
    browser, _ = await office.at_work("Mei")

    assert shown(await browser.get(f"/console/cases?{asked}")) == found


async def test_overdue_cases_are_found_as_time_goes_by(office):
    """The clock decides at the moment of looking, whether or not anything fired."""
    await three(office)
    browser, _ = await office.at_work("Mei")
    office.world.clock.pass_by(3 * 3600)

    assert shown(await browser.get("/console/cases?overdue=1")) == {"1", "3"}


async def test_a_long_list_goes_on_where_it_ended(office):
    """Page by page from the newest, none twice and none left out, although another comes meanwhile."""
    for chat in range(30):
        await office.unhappy(str(100 + chat))
    browser, _ = await office.at_work("Mei")
    first = (await browser.get("/console/cases")).text
    await office.unhappy("999")
    following = first.split('href="/console/cases?before=')[1].split('"')[0]
    second = (await browser.get(f"/console/cases?before={following}")).text
    on = [{number for number in range(1, 32) if f'href="/console/cases/{number}"' in page} for page in (first, second)]

    assert on == [set(range(6, 31)), set(range(1, 6))]


async def test_a_case_shows_its_whole_story(office):
    """What the customer said, what was done and by whom, what is owed next."""
    await three(office)
    browser, _ = await office.at_work("Mei")
    await act(browser, 1, "1:k1:take")
    page = (await browser.get("/console/cases/1")).text

    assert "It broke at once." in page
    assert "Mei took the case." in page
    assert "Taken by Mei." in page
    assert "It is put right" in page


async def test_a_button_does_what_it_does_in_the_chat(office):
    """Taken, put right: the same state, the same follow-up, and colleagues read it in their chats."""
    await office.world.staff("Bo", "88")
    await office.unhappy("1")
    browser, mei = await office.at_work("Mei")
    assert "It is yours. Thank you!" in (await act(browser, 1, "1:k1:take")).text
    page = (await act(browser, 1, "1:k1:resolved")).text

    assert "Case 1 is put right" in page
    assert await office.rows("SELECT stage, owner_id FROM recovery_case") == [("resolved", mei.id)]
    assert await office.rows("SELECT COUNT(*) FROM due WHERE kind = 'follow_up' AND state = 'pending'") == [(1,)]


async def test_what_came_of_an_act_is_said_once(office):
    """Loading the page again does not say again that something was done just now."""
    await office.unhappy("1")
    browser, _ = await office.at_work("Mei")
    await act(browser, 1, "1:k1:take")

    assert "It is yours." not in (await browser.get("/console/cases/1")).text


async def test_of_two_who_take_a_case_the_second_is_told_who_has_it(office):
    """Both pages showed the button."""
    await office.unhappy("1")
    mei, _ = await office.at_work("Mei")
    bo, _ = await office.at_work("Bo")
    await mei.get("/console/cases/1")
    await bo.get("/console/cases/1")
    await mei.post("/console/cases/1/act", press="1:k1:take")
    await bo.post("/console/cases/1/act", press="1:k1:take")

    assert "Mei has it already." in (await bo.get("/console/cases/1")).text


async def test_words_go_to_the_customer_once(office):
    """Under the writer's name, and a form that is sent twice is one message."""
    await office.unhappy("1")
    browser, _ = await office.at_work("Mei")
    await browser.get("/console/cases/1")
    for _ in range(2):
        answer = await browser.post("/console/cases/1/say", text="I am on my way.", what="write", once="a")

    assert [text for text in await office.world.texts("1") if "on my way" in text] == [
        "Mei · Corner Shop:\nI am on my way."
    ]
    assert "Passed on to" in (await browser.get(answer.headers["location"])).text
    assert await office.rows("SELECT COUNT(*) FROM case_message WHERE author = 'staff'") == [(1,)]


async def test_an_act_that_wants_words_gets_them_on_the_page(office):
    """A note is asked for in a form; nothing that is typed in the chat meanwhile goes there."""
    await office.unhappy("1")
    browser, mei = await office.at_work("Mei")
    page = (await act(browser, 1, "1:k1:note")).text
    assert 'name="what" value="note"' in page
    assert await office.rows("SELECT composing_case_id FROM staff_member WHERE id = :id", id=mei.id) == [(None,)]
    await browser.post("/console/cases/1/say", text="Ring the bell twice.", what="note", once="b")

    assert "Ring the bell twice." in (await browser.get("/console/cases/1")).text
    assert not any("bell" in text for text in await office.world.texts("1"))


async def test_an_act_that_asks_whom_offers_the_names(office):
    """Handing over: the colleagues are buttons on the page, and one press hands it over."""
    await office.unhappy("1")
    bo = await office.hire("Bo")
    browser, _ = await office.at_work("Mei")
    await act(browser, 1, "1:k1:take")
    page = (await act(browser, 1, "1:k1:hand")).text
    [offered] = re.findall(rf'value="(1:k1:hand:{bo.id}[^"]*)"', page)

    assert "is with Bo now" in (await act(browser, 1, offered)).text


@pytest.mark.parametrize("press", ["", "nonsense", "1:k99:take", "1:k1:nothing", "2:k1:take", "1:k1:take" * 9])
async def test_a_button_that_never_was_does_nothing(office, press):
    """G9: whatever a form carries, nothing happens and nothing breaks."""
    await office.unhappy("1")
    browser, _ = await office.at_work("Mei")
    await browser.get("/console/cases/1")
    answer = await browser.post("/console/cases/1/act", press=press)

    assert answer.status_code in (303, 404)
    assert await office.rows("SELECT owner_id FROM recovery_case") == [(None,)]


async def test_nothing_is_sent_when_nothing_was_written(office):
    """An empty form tells so, and no customer gets an empty message."""
    await office.unhappy("1")
    browser, _ = await office.at_work("Mei")
    await browser.get("/console/cases/1")
    answer = await browser.post("/console/cases/1/say", text="  ", what="write", once="a")

    assert answer.headers["location"] == "/console/cases/1?told=empty"


async def test_a_customers_words_are_words(office):
    """G2: what somebody writes is never part of the page's own code."""
    await office.unhappy("1", words="<script>alert(1)</script><img src=x onerror=alert(1)>")
    browser, _ = await office.at_work("Mei")

    for path in ("/console/cases", "/console/cases/1"):
        page = (await browser.get(path)).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page


async def team_of(office, *names):
    """Teams of these names; the only case is the first one's."""
    now = office.world.clock.now()
    ids = [(await office.world.run(lambda unit, name=name: unit.teams.add(1, name, now))).id for name in names]
    await office.rows("UPDATE recovery_case SET team_id = :team", team=ids[0])
    return ids


@pytest.mark.parametrize(
    ("roles", "team", "seen"),
    [
        ("staff", 0, True),
        ("staff", 1, False),
        ("supervisor", 1, False),
        ("staff", None, True),
        ("manager", 1, True),
        ("staff,manager", 1, True),
    ],
)
async def test_a_case_is_seen_by_its_team(office, roles, team, seen):
    """G4: own team, whoever works for the whole business, and managers; for others there is no such case."""
    await office.unhappy("1")
    teams = await team_of(office, "North", "South")
    browser, mei = await office.at_work("Mei", roles)
    await office.rows(
        "UPDATE staff_member SET team_id = :team WHERE id = :id", team=None if team is None else teams[team], id=mei.id
    )
    expected = 200 if seen else 404

    assert (shown(await browser.get("/console/cases")) == {"1"}) is seen
    assert (shown(await browser.get("/console/cases?q=broke")) == {"1"}) is seen
    assert (await browser.get("/console/cases/1")).status_code == expected
    assert (await browser.get("/console/customers/1")).status_code == expected
    await browser.get("/console/me")
    assert (await browser.post("/console/cases/1/act", press="1:k1:take")).status_code == (303 if seen else 404)
    assert (await browser.post("/console/cases/1/say", text="Hello", once="x")).status_code == (303 if seen else 404)


async def test_files_go_along_and_are_seen_by_whoever_sees_the_case(office):
    """A picture goes up, goes to the customer with its words, and stands in the story; for others there is none."""
    await office.unhappy("1")
    browser, _ = await office.at_work("Mei")
    await browser.get("/console/cases/1")
    kept = await browser.http.post("/console/files?name=a.png", content=PNG, headers={"X-CSRF-Token": browser.csrf})
    media = kept.json()["id"]
    await browser.post("/console/cases/1/say", text="Like this?", files=f"{media}", once="a")
    [sent] = [m for m in await office.world.messages("1") if "Like this?" in m.text]
    shown = await browser.get(f"/console/files/{media}")
    await office.rows("UPDATE media SET state = 'kept' WHERE state = 'unsent'")
    editor, _ = await office.at_work("Ed", "editor")

    assert [file.media for file in sent.attachments] == [media]
    assert (shown.status_code, shown.content) == (200, PNG)
    assert "sandbox" in shown.headers["content-security-policy"]
    assert f"/console/files/{media}" in (await browser.get("/console/cases/1")).text
    assert (await editor.get(f"/console/files/{media}")).status_code == 404


async def test_a_colleagues_file_goes_along_with_nothing(office):
    """Numbers can be guessed: only what one brought oneself is sent."""
    await office.unhappy("1")
    bo, _ = await office.at_work("Bo")
    await bo.get("/console/cases/1")
    kept = await bo.http.post("/console/files?name=a.png", content=PNG, headers={"X-CSRF-Token": bo.csrf})
    mei, _ = await office.at_work("Mei")
    await mei.get("/console/cases/1")
    await mei.post("/console/cases/1/say", text="Hello", files=f"{kept.json()['id']}", once="a")
    [sent] = [m for m in await office.world.messages("1") if m.text.endswith("Hello")]

    assert sent.attachments == ()
    assert (await mei.get(f"/console/files/{kept.json()['id']}")).status_code == 404
