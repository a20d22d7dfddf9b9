"""Today: what needs a person now, in the order in which it does, and what is done from the page."""

import asyncio

import pytest

from bot.case_buttons import PUT_RIGHT, act_button
from bot.console.health import troubles
from bot.delivery_health import ChannelHealth, DeliveryHealth
from storage.unit import Unit
from tests.bot.console.office import Office
from tests.bot.turning import DAY

HOUR = 3600.0


async def page_of(office: Office, roles: str = "staff", language: str = "en") -> str:
    browser, _ = await office.at_work("Mei", roles, language)
    return (await browser.get("/console")).text


def in_order(page: str, *parts: str) -> bool:
    """Whether each part stands on the page, one after the other."""
    places = [page.find(part) for part in parts]
    return -1 not in places and places == sorted(places)


# --- What is shown -------------------------------------------------------------------------------------------------


async def test_an_empty_day_is_a_kind_one(office):
    """Nothing to do is good news, and looks like it."""
    page = await page_of(office, "staff,admin")

    assert "Nobody is waiting. Everybody is looked after." in page
    assert "Nothing to do by hand." in page
    assert "Everything runs as it should." in page


async def test_a_case_says_who_what_and_how_long(office):
    """Enough to decide whether to take it, and nothing to look up."""
    await office.unhappy("7", "2", "The <b>door</b> is scratched & the bell too.")
    office.world.clock.pass_by(3 * HOUR)
    page = await page_of(office)

    assert "Customer 7" in page
    assert "Rated 2 of 5" in page
    assert "The &lt;b&gt;door&lt;/b&gt; is scratched &amp; the bell too." in page
    assert "waiting for 3 hours" in page
    assert "Owner: nobody yet" in page


async def test_urgent_cases_come_first_then_the_longest_waiting(office):
    """Whoever waits longest is next, unless somebody is in distress."""
    await office.unhappy("1")
    office.world.clock.pass_by(HOUR)
    await office.unhappy("2")
    office.world.clock.pass_by(HOUR)
    await office.unhappy("3", words="I am going to call a lawyer, this is dangerous, somebody was injured")
    await office.world.run(lambda unit: unit.execute("UPDATE recovery_case SET urgent = 1 WHERE number = 3"))
    page = await page_of(office)

    assert in_order(page, "Urgent", "Customer 3", "Customer 1", "Customer 2")


async def test_a_case_that_is_resolved_waits_for_nobody(office):
    """It is the customer's turn; it stands among the follow-ups of its day."""
    await office.unhappy("1")
    await office.world.staff("Bo", "50")
    await office.world.receive(office.world.pressed("50", act_button(PUT_RIGHT, 1, "resolved", "en").press))
    before = await page_of(office)
    office.world.clock.pass_by(20 * HOUR)
    browser = (await office.at_work("Ada"))[0]
    after = (await browser.get("/console")).text

    assert "Nobody is waiting" in before
    assert "No follow-up is planned for today." in before
    assert "will be asked whether it was put right" in after


async def test_a_follow_up_that_was_planned_anew_stands_once(office):
    """A due row that is stale is still there; the case's state says which one counts."""
    await office.unhappy("1")
    office.world.clock.pass_by(13 * HOUR)
    await office.world.staff("Bo", "50")
    await office.world.receive(office.world.pressed("50", act_button(PUT_RIGHT, 1, "resolved", "en").press))
    page = await page_of(office)

    assert len(await office.rows("SELECT id FROM due WHERE kind = 'follow_up' AND state = 'pending'")) == 2
    assert "No follow-up is planned for today." in page


async def test_words_that_nobody_sorted_wait_to_be_read(office):
    """Nothing that a customer wrote goes unread, also when nobody looked at the chat."""
    await office.world.receive(office.world.wrote("7", "/start"))
    await office.world.receive(office.world.wrote("7", "5"))
    await office.world.receive(office.world.wrote("7", "/skip"))
    await office.world.receive(office.world.wrote("7", "Do you repair umbrellas as well?", name="Ana"))
    office.world.clock.pass_by(25 * HOUR)
    await office.world.fire_due()
    page = await page_of(office)

    assert "did not say what it is about" in page
    assert "Do you repair umbrellas as well?" in page


async def test_a_call_shows_the_number(office):
    """Whoever has the telephone in hand need not look it up."""
    await office.unhappy("7")
    now = office.world.clock.now()

    def work(unit: Unit) -> None:
        unit.execute("UPDATE customer SET phone = '+49 30 1234567'")
        unit.tasks.add(1, "telephone", "t", now, case_id=1)

    await office.world.run(work)
    page = await page_of(office)

    assert 'href="tel:+49301234567"' in page
    assert "+49 30 1234567" in page


@pytest.mark.parametrize(
    ("language", "said"), [("zh-Hans", "等待处理"), ("zh-Hant", "等待處理"), ("en", "Waiting for")]
)
async def test_today_speaks_the_staff_members_language(office, language, said):
    """Whatever the browser prefers: it is their own choice, kept with them."""
    page = await page_of(office, "staff", language)

    assert f'<html lang="{language}"' in page
    assert said in page


# --- What is done from it ------------------------------------------------------------------------------------------


async def test_taking_a_case_is_the_same_as_in_the_chat(office):
    """One machine: the case is theirs, the history says so, and what colleagues read in the chat changes."""
    await office.world.staff("Bo", "50")
    await office.unhappy("7")
    browser, mei = await office.at_work("Mei")
    answer = await browser.post("/console/cases/1/take")
    page = (await browser.get(answer.headers["location"])).text

    assert "It is yours. Thank you!" in page
    assert "Yours" in page
    assert await office.rows("SELECT owner_id, stage FROM recovery_case") == [(mei.id, "taken")]
    assert ("Took", f"staff:{mei.id}") in await office.rows("SELECT what, actor FROM history WHERE subject = 'case:1'")
    edits = [row for row in await office.world.rows("50") if row.edits is not None]
    assert "Taken by Mei." in edits[-1].payload


async def test_of_many_who_take_a_case_one_has_it_and_the_others_are_told_who(office):
    """F2: two people at once is the ordinary case of a busy morning."""
    await office.unhappy("7")
    people = [await office.at_work(f"Person {number}") for number in range(6)]
    answers = await asyncio.gather(*(browser.post("/console/cases/1/take") for browser, _ in people))
    pages = [
        (await browser.get(answer.headers["location"])).text
        for (browser, _), answer in zip(people, answers, strict=True)
    ]
    [[owner]] = await office.rows("SELECT name FROM staff_member WHERE id = (SELECT owner_id FROM recovery_case)")

    assert sum("It is yours. Thank you!" in page for page in pages) == 1
    assert sum(f"{owner} has it already." in page for page in pages) == 5
    assert await office.rows("SELECT COUNT(*) FROM history WHERE what = 'Took'") == [(1,)]


async def test_taking_twice_changes_nothing(office):
    """F1: a double click, or the page of a minute ago."""
    await office.unhappy("7")
    browser, _ = await office.at_work("Mei")
    await browser.post("/console/cases/1/take")
    answer = await browser.post("/console/cases/1/take")

    assert "It is yours already." in (await browser.get(answer.headers["location"])).text


async def test_a_task_is_done_once_and_by_whom_is_kept(office):
    """It leaves the list for everybody; who presses an old page is told."""
    await office.unhappy("7")
    now = office.world.clock.now()
    await office.world.run(lambda unit: unit.tasks.add(1, "telephone", "t", now, case_id=1))
    mei, member = await office.at_work("Mei")
    bo, _ = await office.at_work("Bo")
    first, second = await mei.post("/console/tasks/1/done"), await bo.post("/console/tasks/1/done")
    pages = [(await each.get(to.headers["location"])).text for each, to in ((mei, first), (bo, second))]

    assert ("Done. Thank you!" in pages[0], "That was done already." in pages[1]) == (True, True)
    assert "Please telephone" not in pages[1]
    assert await office.rows("SELECT actor FROM history WHERE what = 'TaskDone'") == [(f"staff:{member.id}",)]


@pytest.mark.parametrize("told", ["<script>alert(1)</script>", "signed_out", "somebody_elses", "taken%00", ""])
async def test_an_address_brings_no_words_onto_the_page(office, told):
    """A link from elsewhere must not make the console say anything."""
    browser, _ = await office.at_work("Mei")
    page = (await browser.get(f"/console?told={told}&case=1")).text

    assert 'class="told" role="status" tabindex' not in page


async def test_the_language_follows_into_the_chat(office):
    """One person has one language: the menu of their chat changes as well."""
    await office.world.staff("Bo", "50")
    member = await office.world.run(lambda unit: unit.staff.by_name(1, "Bo"))
    heard: list[object] = []
    office.world.turns.after_each(heard.append)
    browser = office.browser()
    await browser.sign_in(await office.link(member))
    await browser.post("/console/me/language", language="zh-Hant")
    page = (await browser.get("/console")).text

    assert 'lang="zh-Hant"' in page
    assert [(address.chat, tag) for done in heard for address, tag, _ in done.menus] == [("50", "zh-Hant")]  # type: ignore[attr-defined]  # a Turned


async def test_the_look_is_kept_in_this_browser(office):
    """Light or dark belongs to a device and its room, not to a person."""
    browser, _ = await office.at_work("Mei")
    answer = await browser.post("/console/me/theme", theme="dark")
    page = (await browser.get("/console")).text

    assert 'data-theme="dark"' in page
    assert {"HttpOnly", "SameSite=strict"} <= set(answer.headers["set-cookie"].split("; "))
    assert (await browser.post("/console/me/theme", theme="pink")).status_code == 404


# --- How it runs ---------------------------------------------------------------------------------------------------


async def told(office: Office, health: DeliveryHealth) -> list[str]:
    now = office.world.clock.now()
    return [each.what for each in await office.world.database.read(troubles(1, now, "en", health))]


def delivering(state: str = "closed", *, storing: bool = True) -> DeliveryHealth:
    channel = ChannelHealth(name="telegram", state=state, why="Unauthorized", asked_to_wait=0)  # type: ignore[arg-type]  # a word of it
    return DeliveryHealth(
        queued=0, oldest_queued_age=None, unknown=0, dead=0, in_air=0, storing=storing, channels=(channel,)
    )


async def test_what_is_wrong_is_said_with_what_to_do(office):
    """The admin reads it before a customer does."""
    await office.unhappy("7")
    now = office.world.clock.now()

    def work(unit: Unit) -> None:
        unit.execute("UPDATE outbox SET state = 'unknown' WHERE id = 1")
        unit.execute("UPDATE outbox SET state = 'dead', error = 'REJECTED: chat not found' WHERE id = 2")
        unit.execute("UPDATE due SET state = 'parked', why = 'KeyError'")
        unit.due.add(1, "climb", 1, "late one", now - DAY)
        unit.inbox.add_dead(1, "telegram", "x", "7", "{}", "unreadable", now)

    await office.world.run(work)
    page = await page_of(office, "admin")

    for sentence in (
        "Messages of the last 7 days that may not have arrived: 1",
        "Messages of the last 7 days that could not be delivered: 1",
        "REJECTED: chat not found",
        "failed again and again and were set aside: ",
        "Planned things that are overdue: 1",
        "came in and could not be understood: 1",
    ):
        assert sentence in page


async def test_a_channel_that_sends_nothing_is_the_first_thing_said(office):
    """Everything else follows from it; that messages wait is then no second trouble."""
    now = office.world.clock.now()
    await office.world.staff("Bo", "50")
    await office.world.run(
        lambda unit: unit.execute(
            """
            INSERT INTO outbox (brand_id, channel, address_id, chat, class, priority, purpose, payload, queued_at)
            VALUES (1, 'elsewhere', 1, '50', 'A', 1, 'reply', '{}', :at)
            """,
            {"at": now - DAY},
        )
    )

    assert await told(office, delivering("stopped")) == ["Telegram refuses our credentials, so nothing is sent there."]
    assert await told(office, delivering()) == ["Messages wait unsent; the oldest for 1 day."]
    assert (await told(office, delivering(storing=False)))[0] == "Nothing can be stored at the moment."


async def test_old_trouble_is_not_told_for_ever(office):
    """A page that always warns is not read."""
    await office.unhappy("7")
    await office.world.run(lambda unit: unit.execute("UPDATE outbox SET state = 'dead' WHERE id = 1"))
    office.world.clock.pass_by(8 * 24 * HOUR)
    await office.world.fire_due()

    assert "Messages of the last 7 days that could not be delivered: 1" not in await told(office, delivering())
