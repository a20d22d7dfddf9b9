"""/report in the staff's chat: who may see it, what it says, and the picture that goes with it."""

import msgspec
import pytest

from bot.drawing import Picture
from tests.bot.turning import World


@pytest.fixture
async def world(tmp_path):
    world = await World.open(tmp_path / "makegood.db")
    await world.staff("Mo", "9", "supervisor")
    yield world
    await world.close()


async def answered(world: World, chat: str, *presses: str) -> None:
    """One customer begins the survey and taps, prompt by prompt."""
    await world.receive(world.wrote(chat, "/start"))
    for choice in presses:
        buttons = [b for m in await world.messages(chat) for row in m.rows for b in row]
        press = [b.press for b in buttons if b.press.endswith(f":{choice}")][-1]
        await world.receive(world.pressed(chat, press))


async def reported(world: World, words: str = "/report", chat: str = "9"):
    await world.receive(world.wrote(chat, words))
    return (await world.messages(chat))[-1]


async def test_a_report_says_each_figure_with_its_interval_and_its_count(world):
    """Twelve answers, ten of them fours and fives: what a supervisor reads on the telephone."""
    for chat in range(100, 112):
        await answered(world, str(chat), "2" if chat < 102 else "5")
    message = await reported(world)

    assert "Satisfied (CSAT): 83% (55% to 95%), answers: 12" in message.text
    assert "Answered: 100% (76% to 100%), asked: 12" in message.text
    assert "In brackets: where the true value most likely lies (95 %)." in message.text
    assert [button.label for row in message.rows for button in row] == [
        "7 days",
        "90 days",
        "Putting right",
        "What do these mean?",
    ]


async def test_too_few_answers_are_called_too_few(world):
    """Three happy customers are no 100 %."""
    for chat in range(100, 103):
        await answered(world, str(chat), "5")
    message = await reported(world)

    assert "Satisfied (CSAT): not enough yet, answers: 3 of at least 10" in message.text
    assert "%" not in message.text.partition("In brackets")[0]


async def test_a_picture_goes_with_it(world):
    """It is made when it is sent, from what the message says; its words are there for who cannot see it."""
    for chat in range(100, 112):
        await answered(world, str(chat), "5")
    message = await reported(world)
    [attachment] = message.attachments
    picture = msgspec.json.decode(attachment.of, type=Picture)

    assert (attachment.kind, attachment.made, attachment.alt) == ("photo", "figures", message.text)
    assert [row.value_text for row in picture.rows] == ["100%", "100%"]
    assert picture.title == "Corner Shop"


async def test_a_tap_shows_another_period(world):
    """A button counts for whoever may see figures; the period it names is the one that is shown."""
    await answered(world, "100", "5")
    world.clock.pass_by(40 * 86_400.0)
    await reported(world)
    await world.receive(world.pressed("9", "1:report:90"))
    wide = (await world.messages("9"))[-1]
    await world.receive(world.pressed("9", "1:report:7"))
    narrow = (await world.messages("9"))[-1]

    assert "asked: 1" in wide.text
    assert "Nobody was asked in these days." in narrow.text
    assert narrow.attachments == ()


async def test_what_the_figures_mean_is_told_in_the_chat(world):
    """The same sentences as in docs/figures.md."""
    await world.receive(world.pressed("9", "1:report:help"))

    assert "Satisfied (CSAT): the share of answers 4 and 5 of 5." in (await world.texts("9"))[-1]


@pytest.mark.parametrize("roles", ["staff", "editor"])
async def test_who_only_works_cases_or_surveys_sees_no_figures(world, roles):
    """Figures say something of colleagues, too."""
    await world.staff("Lin", "8", roles)
    refused = await reported(world, chat="8")
    await world.receive(world.pressed("8", "1:report:7"))

    assert refused.text.startswith("The figures are for supervisors")
    assert len(await world.texts("8")) == 1


async def test_a_report_is_in_the_language_of_whoever_asks(world):
    """A supervisor who reads Chinese gets Chinese words and a picture with Chinese labels."""
    await world.receive(world.wrote("9", "/language zh-Hans"))
    for chat in range(100, 112):
        await answered(world, str(chat), "5")
    message = await reported(world)

    assert "满意（CSAT）：100%（76%至100%），回答数：12" in message.text
    assert msgspec.json.decode(message.attachments[0].of, type=Picture).language == "zh-Hans"


async def test_putting_right_has_figures_of_its_own(world):
    """One tap below the report, and nothing of it in the scores."""
    buttons = [button.press for row in (await reported(world)).rows for button in row]
    await world.receive(world.pressed("9", "1:report:recovery"))

    assert "1:report:recovery" in buttons
    assert "No case was closed in these days." in (await world.texts("9"))[-1]
