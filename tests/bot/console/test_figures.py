"""Figures on Today: what was answered, how sure it is, and a calm word where it is too little to go by."""

import re

from bot import tallying
from bot.console.figures import WIDTH, FigureBlock, figures_for
from tests.bot.console.office import Office
from tests.bot.turning import DAY

REACH = re.compile(r'<rect class="reach" x="([\d.]+)" y="2" width="([\d.]+)"')


async def rated(office: Office, *ratings: int) -> None:
    """Customers who rate the shop, one each; what is counted is whole from the start, as in a fresh installation."""
    if not await tallying.prepare(office.world.database, office.world.house):
        await tallying.count(office.world.database, office.world.house)
    before = len(await office.rows("SELECT id FROM customer"))
    for number, rating in enumerate(ratings, before):
        chat = f"{1000 + number}"
        for text in ("/start", str(rating), "/skip"):
            await office.world.receive(office.world.wrote(chat, text))


async def blocks(office: Office, language: str = "en") -> tuple[FigureBlock, ...]:
    """The figures of seven and of thirty days."""
    work = figures_for(office.world.house, office.world.clock.now(), language)
    return await office.world.database.read(work)


async def test_a_figure_has_its_count_its_interval_and_its_bar(office):
    """A share without them would be believed more than it deserves."""
    await rated(office, *([5] * 9), *([1] * 3))
    week, month = await blocks(office)
    line = week.lines[0]

    assert (week.days, month.days, week.whole) == (7, 30, True)
    assert (line.value, line.told) == ("75%", "47% to 91% · answers: 12")
    assert line.bar is not None
    assert 0 <= line.bar.low < line.bar.at < line.bar.high <= WIDTH


async def test_a_few_answers_are_no_figure(office):
    """Three of three satisfied is an anecdote; the page says so, and draws nothing."""
    await rated(office, 5, 5, 5)
    line = (await blocks(office))[0].lines[0]

    assert (line.value, line.told, line.bar) == ("–", "not enough yet, answers: 3 of at least 10", None)


async def test_what_moved_more_than_chance_would_is_said(office):
    """A clear fall is worth a word; a wobble is not."""
    await rated(office, *([5] * 30))
    office.world.clock.pass_by(8 * DAY / 1000)
    await rated(office, *([1] * 30))
    week, month = await blocks(office)

    assert week.lines[0].moved == "clearly down from 100%"
    assert month.lines[0].moved == ""


async def test_managers_see_the_figures_and_case_workers_do_not(office):
    """Scores may decide on somebody's bonus: who sees them is a right of its own."""
    await rated(office, *([5] * 9), *([1] * 3))
    manager, _ = await office.at_work("Mei", "manager")
    worker, _ = await office.at_work("Bo", "staff")
    page = (await manager.get("/console")).text

    assert len(REACH.findall(page)) == 4  # satisfaction and response rate, of a week and of a month
    assert "75%" in page
    assert 'id="figures"' not in (await worker.get("/console")).text


async def test_the_bar_needs_no_style_of_its_own(office):
    """The policy refuses inline styles; places and widths are attributes."""
    await rated(office, *([4] * 12))
    browser, _ = await office.at_work("Mei", "manager")

    assert "style=" not in (await browser.get("/console")).text
