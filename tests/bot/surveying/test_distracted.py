"""Somebody who edits a survey while they do three other things: old buttons, nonsense, a novel, the wrong chat."""

import pytest

from bot.outgoing import message_of
from tests.bot.surveying.chatting import Editor
from tests.bot.turning import World


async def opened(eva: Editor) -> str:
    return await eva.says("/surveys after_delivery")


async def drafts_of(eva: Editor) -> list[object]:
    return await eva.world.run(lambda unit: list(unit.drafts.open(1)))


async def test_a_tap_on_an_older_message_shows_how_it_stands_now(eva: Editor):
    """The button said *Remove*; what stands at that place now may be something else."""
    await opened(eva)
    [(row, message)] = [(row, message) for row, message in await eva.screen() if "[1]" not in message.text]
    old = message.rows[0][0].press
    await opened(eva)
    await eva.presses(old, row)
    shown = await eva.sees()

    assert eva.notices[-1] == "This is how it looked earlier. Below is how it stands now."
    assert shown.startswith("After a delivery")
    assert (await eva.screen())[0][1].text == "After a delivery (after_delivery) ↓"


async def test_a_second_tap_before_the_first_was_seen_does_nothing(eva: Editor):
    """Two taps on *Up* are one: the second one was meant for what was there."""
    await opened(eva)
    await eva.taps("3")
    row, message = (await eva.screen())[-1]
    press = next(button.press for buttons in message.rows for button in buttons if button.label == "↑ Up")
    await eva.presses(press, row)
    await eva.presses(press, row)

    assert eva.notices[-1] == "Just a moment: that has changed already."
    assert "Question 2 of 3 · what_happened" in await eva.sees()
    assert len(await eva.screen()) == 1


async def test_the_same_tap_delivered_twice_counts_once(eva: Editor):
    await opened(eva)
    row, message = (await eva.screen())[-1]
    press = message.rows[0][2].press
    tap = eva.world.pressed(eva.chat, press)
    await eva.world.receive(tap)
    await eva.world.receive(tap)

    assert row.id
    assert len(await eva.screen()) == 2


FORGED = "1:s: 1:s:zz 1:s:1. 1:s:1.q.99 1:s:1.nosuch.3 1:s:ÿ.q.1 1:st:0.0.0"


@pytest.mark.parametrize("forged", FORGED.split())
async def test_forged_taps_break_nothing(eva: Editor, forged: str):
    await opened(eva)
    row, _ = (await eva.screen())[-1]
    await eva.presses(forged, row)

    assert await drafts_of(eva) == []
    assert eva.notices


ACTS = (
    "q.7 qu.0 qd.9 qs.1.9 qr.9.y a.nokind.0 a.csat.99 w.9.text.en w.0.options7.en w.s.x p.0 p.1.99 pr.0.0 b.9 b.0.9"
    " bq.9.9 bc.0.9.le bv.0.0.xx.1 bv.1.1.in.99 bw.0.99 bl.0.7.end s.nothing s.expires.99 g.xx gr.xx gf.xx vr.99 vr.x"
    " nc.99 l.99 m.xx~9 k wd.0.text y.xx pp d.y z zr db r.y x"
)


@pytest.mark.parametrize("act", ACTS.split())
async def test_an_act_that_fits_nothing_shows_something_sensible(eva: Editor, act: str):
    """Whatever was there when the button was drawn may be gone; a turn never falls over it."""
    await opened(eva)
    row, message = (await eva.screen())[-1]
    view = message.rows[0][0].press.split(":")[2].partition(".")[0]
    await eva.presses(f"1:s:{view}.{act}", row)
    buried = await eva.world.count("SELECT COUNT(*) FROM inbox WHERE state = 'dead' OR attempts > 1")

    assert buried == 0
    assert "[" in await eva.sees()


async def test_a_text_of_five_thousand_characters_is_asked_for_again(eva: Editor):
    await opened(eva)
    await eva.taps("3", "Words", "Question text", "简体中文")
    told = await eva.says("长" * 5_000)

    assert "That has 5000 characters" in told or "characters, and" in told
    assert await drafts_of(eva) == []
    assert all(len(message.text) <= 4_096 for _, message in await eva.screen())


async def test_a_survey_of_many_long_questions_still_fits_a_message(eva: Editor):
    """An edit cannot become two messages."""
    await eva.says("/surveys")
    await eva.taps("＋ New survey", "Blank")
    await eva.says("Long")
    for number in range(45):
        await eva.taps("＋ Question" if number == 0 else "＋ Question after it", "own words")
        await eva.says(f"Question number {number}, " + "which says a great deal about itself " * 3)
    tree = await eva.taps("‹ The survey")

    assert len(tree.encode("utf-16-le")) // 2 < 4_700  # with its buttons
    assert "The rest is too long for a chat" in tree


async def test_words_that_nobody_asked_for_change_nothing(eva: Editor):
    await opened(eva)
    told = await eva.says("I think it is fine")

    assert told == "I did not ask for words just now, so nothing was changed. /surveys shows the surveys."


async def test_words_that_come_too_late_change_nothing(eva: Editor):
    """The telephone rang for an hour; by then the next text may be about anything."""
    await opened(eva)
    await eva.taps("3", "Words", "Question text", "English")
    eva.world.clock.pass_by(3_601)
    told = await eva.says("What went wrong?")

    assert "I asked for that more than an hour ago" in told
    assert await drafts_of(eva) == []


async def test_cancel_ends_the_asking(eva: Editor):
    await opened(eva)
    await eva.taps("3", "Words", "Question text", "English")
    tree = await eva.says("/cancel")
    told = await eva.says("What went wrong?")

    assert tree.startswith("All right, nothing was changed.\n\nAfter a delivery")
    assert "I did not ask for words just now" in told


async def test_another_command_between_loses_nothing(eva: Editor):
    await opened(eva)
    await eva.taps("3", "Words", "Question text", "English")
    await eva.says("/help")
    shown = await eva.says("What went wrong?")

    assert "English: What went wrong?" in shown


async def test_a_restart_between_asking_and_sending_loses_nothing(eva: Editor, tmp_path):
    """Where somebody is stands in the database alone: a house that has just started goes on with it."""
    await opened(eva)
    await eva.taps("3", "Words", "Question text", "English")
    eva.world.house = eva.world.made_house()
    shown = await eva.says("What went wrong?")

    assert "English: What went wrong?" in shown


async def test_in_the_group_it_says_where_to_come(tmp_path):
    world = await World.open(tmp_path / "group.db")
    eva = await Editor.hired(world)

    def group(unit):
        unit.addresses.add(1, "telegram", "-100", "group", world.clock.now())

    await world.run(group)
    await world.receive(world.wrote("-100", "/surveys", user="70", group=True))
    [told] = await world.texts("-100")
    await world.close()

    assert eva.chat == "70"
    assert told == "Send /surveys in your own chat with me: here it would disturb everybody."


async def test_who_is_no_editor_is_told_whom_to_ask(eva: Editor):
    bo = await Editor.hired(eva.world, "Bo", "72", "staff")

    assert await bo.says("/surveys") == "Surveys are changed by whoever has the role of editor. Ask an admin for it."
    assert "/surveys" not in await bo.says("/help")
    assert "/surveys – see them as a tree" in await eva.says("/help")


async def test_who_lost_the_role_changes_nothing_any_more(eva: Editor):
    """The question was asked while they still might."""
    await opened(eva)
    await eva.taps("3", "Words", "Question text", "English")
    await eva.world.run(lambda unit: unit.execute("UPDATE staff_member SET roles = 'staff'"))
    told = await eva.says("What went wrong?")
    row, message = (await eva.screen())[0]
    await eva.presses(message.rows[0][0].press if message.rows else "1:s:1.o", row)

    assert "Surveys are changed by whoever has the role of editor." in told
    assert await drafts_of(eva) == []


async def test_every_button_fits_telegram(eva: Editor):
    """64 bytes of callback data; a label that nobody can read helps nobody."""
    await opened(eva)
    await eva.taps(
        "2", "Words", "‹ Question 2", "Branches", "＋ Branch", "2. What could have gone better?", "was chosen"
    )
    rows = await eva.world.rows(eva.chat)
    presses = [button.press for row in rows for buttons in message_of(row).rows for button in buttons]

    assert max(len(press.encode()) for press in presses) <= 64
