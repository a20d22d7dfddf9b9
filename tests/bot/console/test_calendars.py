"""Working calendars in the console: looked at first, told at the field, never taken from under anybody."""

import re
from typing import Any

import msgspec
import pytest

from bot.console import calendar_form
from bot.phrases import say
from recovery import clocks, written_calendars
from tests.bot.console.office import Browser, Office

ROOT = "/console/team/calendars"
SHOP = {"key": "shop", "zone": "Europe/Berlin", "week_mon": "09:00-12:30, 13:30-18:00", "week_fri": "22:00-06:00"}
WHOLE = {f"week_{day}": "24h" for day in written_calendars.WEEKDAYS}


async def admin(office: Office) -> Browser:
    """An admin's browser, on the page of the team."""
    browser, _ = await office.at_work("Mei", "admin")
    await browser.get("/console/team")
    return browser


async def kept(office: Office, key: str = "shop") -> dict[str, Any]:
    """What is stored of a calendar that holds, as it is written."""
    [[written]] = await office.rows("SELECT written FROM calendar WHERE key = :key AND until_at IS NULL", key=key)
    found: dict[str, Any] = msgspec.json.decode(written)
    return found


async def made(office: Office, browser: Browser, **more: str) -> None:
    """The calendar of the shop, made on the page."""
    answer = await browser.post(ROOT, press="keep", **{**SHOP, **more})
    assert answer.headers["location"] == f"{ROOT}/{more.get('key', 'shop')}?told=kept"


def base_of(page: str) -> str:
    """The edition that a page's form was made of."""
    found = re.search(r'name="base" value="(\d+)"', page)
    assert found
    return found.group(1)


async def works_by(office: Office, name: str, key: str) -> None:
    await office.rows("UPDATE staff_member SET calendar = :key WHERE name = :name", name=name, key=key)


async def test_a_calendar_is_made_with_breaks_nights_and_days_of_its_own(office):
    """All that the command line can say, but for what a person cannot read."""
    browser = await admin(office)
    lines = {
        "day_0_first": "2026-12-24",
        "day_0_last": "2026-12-26",
        "day_0_hours": "",
        "day_1_first": "2026-12-31",
        "day_1_last": "",
        "day_1_hours": "09:00-12:00",
    }
    await made(office, browser, **lines)

    assert await kept(office) == {
        "zone": "Europe/Berlin",
        "week": {"mon": "09:00-12:30, 13:30-18:00", "fri": "22:00-06:00"},
        "closed": ["2026-12-24", "2026-12-25", "2026-12-26"],
        "special": {"2026-12-31": "09:00-12:00"},
        "version": 1,
    }
    assert await office.rows("SELECT actor, what FROM history WHERE subject = 'calendar:shop'") == [
        ("staff:1", "CalendarKept")
    ]


@pytest.mark.parametrize("press", ["look", "workdays", "week", "lines", "holidays", ""])
async def test_nothing_holds_before_it_is_saved(office, press):
    """Every other button only shows what would be; so does a finger that slips onto the return key."""
    browser = await admin(office)
    page = await browser.post(ROOT, press=press, country="DE", years="2026", **SHOP)

    assert page.status_code == 200
    assert await office.rows("SELECT * FROM calendar") == []


async def test_what_was_typed_is_shown_as_the_days_that_come(office):
    """A person sees a break and a night as hours, not as a notation."""
    browser = await admin(office)
    page = (await browser.post(ROOT, press="look", **SHOP)).text

    assert "It is not saved yet." in page
    hours = re.findall(r'class="stretch">([^<]*)<', page)
    assert hours[:3] == ["09:00–12:30", "13:30–18:00", "22:00–06:00 the next day"]
    assert "Hours in an ordinary week: 16" in page


@pytest.mark.parametrize(
    ("typed", "field", "told"),
    [
        ({"week_tue": "9 to 5"}, "week_tue", "Write hours as 09:00-12:00"),
        ({"week_tue": "09:00-12:00, 11:00-13:00"}, "week_tue", "Let one end before the next begins."),
        ({"zone": "Mars/X"}, "zone", "Use a name such as Europe/Berlin"),
        ({"week_mon": "", "week_fri": ""}, "week", "Give at least one day hours."),
        ({"key": "Our shop"}, "key", "small letters, figures"),
        ({"day_0_first": "", "day_0_last": "", "day_0_hours": "09:00-10:00"}, "day_0", "Choose the day"),
        ({"day_0_first": "2026-13-01", "day_0_last": "", "day_0_hours": ""}, "day_0", "Write a day as 2026-12-24."),
        ({"day_0_first": "2026-05-02", "day_0_last": "2026-05-01", "day_0_hours": ""}, "day_0", "before the first"),
        ({"day_0_first": "2026-05-02", "day_0_last": "2028-05-01", "day_0_hours": ""}, "day_0", "a year at most"),
        ({"day_0_first": "2026-05-02", "day_0_last": "2026-05-04", "day_0_hours": "x"}, "day_0", "Write hours as"),
    ],
)
async def test_what_does_not_fit_is_told_at_its_field(office, typed, field, told):
    """With how to mend it; what was typed stays, and nothing is kept."""
    browser = await admin(office)
    page = (await browser.post(ROOT, press="keep", **{**SHOP, **typed})).text
    found = re.search(rf'id="{field}-wrong">([^<]*)<', page)

    assert found is not None
    assert told in found.group(1)
    assert all(value.lower() in page.lower() for value in typed.values())
    assert await office.rows("SELECT * FROM calendar") == []


async def test_a_day_in_two_lines_is_told_at_the_second(office):
    """Which of the two would hold nobody could guess."""
    browser = await admin(office)
    lines = {f"day_{n}_{part}": "" for n in (0, 1) for part in ("last", "hours")}
    page = (
        await browser.post(ROOT, press="keep", **SHOP, **lines, day_0_first="2026-05-01", day_1_first="2026-05-01")
    ).text

    assert "2026-05-01 stands in two lines." in page.split('id="day_1-wrong"')[1]


async def test_monday_is_copied_to_other_days(office):
    """Five times the same hours need not be typed five times."""
    browser = await admin(office)
    page = (await browser.post(ROOT, press="workdays", **{**SHOP, "week_sat": "10:00-14:00"})).text

    assert page.count('value="09:00-12:30, 13:30-18:00"') == 5
    assert 'value="10:00-14:00"' in page


async def test_public_holidays_are_filled_into_the_lines(office):
    """As the law has them; they hold when the page is saved, like everything else on it."""
    browser = await admin(office)
    page = (await browser.post(ROOT, press="holidays", country="de-by", years="2026", **SHOP)).text
    wrong = (await browser.post(ROOT, press="holidays", country="Bavaria", years="2026", **SHOP)).text
    years = (await browser.post(ROOT, press="holidays", country="DE", years="26", **SHOP)).text

    assert 'value="2026-01-06"' in page
    assert re.search(r'value="2026-12-25"[^§]*?value="2026-12-26"', page)
    assert "Bavaria” is no country" in wrong
    assert "are no years" in years


async def test_days_that_are_over_are_out_of_the_way_and_kept(office):
    """A calendar of many years is changed like one of this year, and loses none of its days."""
    browser = await admin(office)
    await made(office, browser, day_0_first="2020-05-01", day_0_last="", day_0_hours="", **WHOLE)
    page = (await browser.get(f"{ROOT}/shop")).text
    over, _, coming = page.partition("</details>")

    assert ("Lines that are over: 1" in over, 'name="day_0_first" value="2020-05-01"' in over) == (True, True)
    assert 'name="day_1_first" value=""' in coming


async def test_a_day_that_stands_in_a_file_twice_is_one_line(office):
    """What the command line wrote is read with the special day before the closed one, as clocks do."""
    written = {"zone": "UTC", "week": {"mon": "24h"}, "closed": ["2026-10-03", "2026-10-04"]}
    calendar = written_calendars.read({**written, "special": {"2026-10-03": "10:00-14:00"}})

    assert list(calendar_form.lines_of(calendar)) == [
        calendar_form.Line("2026-10-03", "", "10:00-14:00"),
        calendar_form.Line("2026-10-04", "", ""),
    ]


@pytest.mark.parametrize(
    "fields",
    [
        {"zone": "UTC", "week": {"sun": "24h", "fri": "22:00-06:00"}},
        {"zone": "Asia/Shanghai", "week": {"mon": "09:00-12:00, 13:00-18:00"}, "closed": ["2026-02-17", "2026-02-18"]},
        {
            "zone": "UTC",
            "week": {"mon": "00:00-24:00"},
            "special": {"2026-12-24": "09:00-12:00", "2026-12-25": "closed"},
        },
    ],
)
def test_a_form_reads_back_as_the_calendar_it_was_made_of(fields):
    """Whoever opens a page and saves it changes nothing."""
    calendar = written_calendars.read(fields)
    again = calendar_form.read(calendar_form.of_calendar("shop", calendar, 1), 1_772_452_800_000)
    days = [*calendar.closed, *calendar.special]

    assert (again.zone, again.week, [again.on(day) for day in days]) == (
        calendar.zone,
        calendar.week,
        [calendar.on(day) for day in days],
    )


async def test_a_change_is_a_new_edition_and_clocks_go_on_by_it(office):
    """A clock that does not hear of it would call people on their day off."""
    browser = await admin(office)
    await made(office, browser, **WHOLE)
    await office.hire("Bo")
    await works_by(office, "Bo", "shop")
    await office.unhappy("7")
    state = "SELECT state FROM case_clock ORDER BY id"
    before = {clocks.load(row).calendar for (row,) in await office.rows(state)}
    base = base_of((await browser.get(f"{ROOT}/shop")).text)
    answer = await browser.post(f"{ROOT}/shop", press="keep", base=base, **{**SHOP, **WHOLE, "week_sun": ""})
    after = {clocks.load(row).calendar for (row,) in await office.rows(state)}

    assert answer.status_code == 303
    assert (before, after) == ({"1"}, {"2"})


async def test_a_new_name_takes_its_people_along(office):
    """Nobody is without hours for a name, and no clock notices."""
    browser = await admin(office)
    await made(office, browser)
    await office.hire("Bo")
    await works_by(office, "Bo", "shop")
    base = base_of((await browser.get(f"{ROOT}/shop")).text)
    answer = await browser.post(f"{ROOT}/shop", press="keep", base=base, **{**SHOP, "key": "early"})

    assert answer.headers["location"] == f"{ROOT}/early?told=kept"
    assert await office.rows("SELECT calendar FROM staff_member WHERE name = 'Bo'") == [("early",)]
    assert await office.rows("SELECT id, key, until_at FROM calendar") == [(1, "early", None)]
    assert (await browser.get(f"{ROOT}/shop")).status_code == 404


async def test_a_name_that_is_taken_is_told_at_its_field(office):
    """Neither a new calendar nor a renamed one covers up another."""
    browser = await admin(office)
    await made(office, browser)
    await made(office, browser, key="late")
    base = base_of((await browser.get(f"{ROOT}/late")).text)
    again = await browser.post(ROOT, press="keep", **SHOP)
    renamed = await browser.post(f"{ROOT}/late", press="keep", base=base, **SHOP)

    for page in (again, renamed):
        assert "There is a working calendar of that name." in page.text.split('id="key-wrong"')[1]
    assert await office.rows("SELECT key FROM calendar WHERE until_at IS NULL ORDER BY key") == [("late",), ("shop",)]


async def test_two_who_change_it_at_once_lose_nothing(office):
    """The second is told, sees what holds, and saves again if theirs is to hold."""
    browser = await admin(office)
    await made(office, browser)
    base = base_of((await browser.get(f"{ROOT}/shop")).text)
    await browser.post(f"{ROOT}/shop", press="keep", base=base, **{**SHOP, "week_sat": "10:00-14:00"})
    late = (await browser.post(f"{ROOT}/shop", press="keep", base=base, **{**SHOP, "week_sun": "08:00-10:00"})).text

    assert "Somebody else saved this calendar meanwhile" in late
    assert "08:00-10:00" in late
    assert (await kept(office))["week"]["sat"] == "10:00-14:00"
    await browser.post(f"{ROOT}/shop", press="keep", base=base_of(late), **{**SHOP, "week_sun": "08:00-10:00"})
    assert (await kept(office))["week"]["sun"] == "08:00-10:00"


async def test_a_calendar_that_nobody_works_by_is_removed_after_a_question(office):
    """The question says what that means; looking at it removes nothing."""
    browser = await admin(office)
    await made(office, browser)
    asked = (await browser.get(f"{ROOT}/shop/remove")).text
    answer = await browser.post(f"{ROOT}/shop/remove")

    assert "Nobody works by it." in asked
    assert answer.headers["location"] == "/console/team?told=calendar_removed"
    assert await office.rows("SELECT key FROM calendar WHERE until_at IS NULL") == []
    assert "The working calendar is removed." in (await browser.get(answer.headers["location"])).text


async def test_whoever_works_by_it_is_named_and_moved_first(office):
    """Nobody has no hours from one moment to the next without anybody having said so."""
    browser = await admin(office)
    await made(office, browser)
    await made(office, browser, key="late")
    await office.hire("Bo")
    now = office.world.clock.now()
    await office.world.run(lambda unit: unit.teams.add(1, "North", now))
    await works_by(office, "Bo", "shop")
    await office.rows("UPDATE team SET calendar = 'shop'")
    asked = (await browser.get(f"{ROOT}/shop/remove")).text
    refused = (await browser.post(f"{ROOT}/shop/remove")).text
    assert ("Bo" in asked, "Team North" in asked, "Nothing was removed" in refused) == (True, True, True)
    assert (await browser.post(f"{ROOT}/shop/remove", to="nowhere")).status_code == 404
    await browser.post(f"{ROOT}/shop/remove", to="late")

    assert await office.rows("SELECT calendar FROM staff_member WHERE name = 'Bo'") == [("late",)]
    assert await office.rows("SELECT calendar FROM team") == [("late",)]
    await browser.post(f"{ROOT}/late/remove", to="-")
    assert await office.rows("SELECT calendar FROM team") == [(None,)]
    assert await office.rows("SELECT key FROM calendar WHERE until_at IS NULL") == []


@pytest.mark.parametrize("role", ["supervisor", "manager"])
async def test_whoever_leads_reads_it_and_changes_nothing(office, role):
    """They plan by the hours; who keeps them is the admins' to say."""
    browser = await admin(office)
    await made(office, browser)
    lead, _ = await office.at_work("Sue", role)
    page = (await lead.get(f"{ROOT}/shop")).text
    await lead.get("/console/me")

    assert ("The next two weeks" in page, "week_mon" in page) == (True, False)
    assert (await lead.post(f"{ROOT}/shop", press="keep", base="1", **SHOP)).status_code == 404
    assert (await lead.post(f"{ROOT}/shop/remove")).status_code == 404


async def test_a_key_that_is_nobodys_is_nothing(office):
    """Also where it was there once."""
    browser = await admin(office)
    await made(office, browser)
    base = base_of((await browser.get(f"{ROOT}/shop")).text)
    await browser.post(f"{ROOT}/shop/remove")
    answers = [
        await browser.get(f"{ROOT}/shop"),
        await browser.get(f"{ROOT}/shop/remove"),
        await browser.post(f"{ROOT}/shop", press="keep", base=base, **SHOP),
        await browser.post(f"{ROOT}/shop/remove"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 4


async def test_more_days_than_fit_on_a_page_are_not_cut_off(office):
    """Saving a form with some of them would lose the others."""
    browser = await admin(office)
    special = {f"{2030 + n // 300}-{n % 12 + 1:02}-{n // 12 % 25 + 1:02}": f"09:00-1{n % 7}:00" for n in range(600)}
    text = written_calendars.save(written_calendars.read({"zone": "UTC", "week": {"mon": "24h"}, "special": special}))
    await office.world.run(lambda unit: unit.calendars.put(1, "shop", text, 1))
    page = (await browser.get(f"{ROOT}/shop")).text

    assert ("makegood calendar set" in page, "week_mon" in page) == (True, False)


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant"])
def test_what_is_wrong_is_said_in_the_readers_language(language):
    """Also the sentences that the calendar itself has for it."""
    form = calendar_form.Form("shop", "Mars/X", ("9 to 5",) * 7, (calendar_form.Line("", "", "x"),))
    with pytest.raises(calendar_form.Unfit) as refused:
        calendar_form.read(form, 1)

    for said in (each for at_field in refused.value.faults.values() for each in at_field):
        assert not re.search(r"[a-z]{3,} [a-z]{3,}", say(said, language).replace("9 to 5", ""))
