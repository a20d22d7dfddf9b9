"""Claims about the staff's commands around cases: lists, stories, handing over, notes, the day of a team."""

import pytest
from msgspec.structs import replace

from bot.outgoing import message_of
from storage.outbox import OutboxRow
from tests.bot.turning import World

ANA, BEN, EVA = "1", "2", "3"
BO, CY, SUE = "11", "12", "13"


@pytest.fixture
async def world(tmp_path):
    world = await World.open(tmp_path / "makegood.db")
    await world.staff("Bo", BO)
    await world.staff("Cy", CY)
    await world.staff("Sue", SUE, "supervisor")
    yield world
    await world.close()


async def unhappy(world: World, chat: str, words: str = "The heating never worked") -> None:
    """Let a customer rate 1 and say why: a case each."""
    await world.receive(world.wrote(chat, "/start"))
    await world.receive(world.pressed(chat, f"1:seed{world.seeds}.0:1"))
    await world.receive(world.wrote(chat, words))


async def arrived(world: World, row: OutboxRow) -> str:
    """Return the channel's id of a message, once it was sent."""
    for _ in range(10_000):
        found = await world.run(lambda unit: unit.outbox.get(row.id))
        if found is not None and found.channel_ref is not None:
            return found.channel_ref
    raise AssertionError("it was not sent")


async def last(world: World, chat: str) -> str:
    return (await world.texts(chat))[-1]


async def presses(world: World, chat: str) -> list[str]:
    return [button.press for row in (await world.messages(chat))[-1].rows for button in row]


async def case_of(world: World, number: int = 1):
    return await world.run(lambda unit: unit.cases.by_number(1, number))


async def test_ones_own_cases_come_first_in_the_list(world):
    """Whoever opens the list wants to know what is theirs before what is anybody's."""
    await unhappy(world, ANA)
    await unhappy(world, BEN)
    await world.receive(world.pressed(CY, "1:k1:take"), world.pressed(BO, "1:k2:take"))
    await world.receive(world.wrote(BO, "/cases"))

    listed = await last(world, BO)
    assert listed.startswith("Open: 2. Shown: 1 to 2")
    assert listed.index("★ Case 2") < listed.index("Case 1")
    assert await presses(world, BO) == ["1:k2:open", "1:k1:open"]


async def test_a_long_list_has_pages_in_the_same_message(world):
    """A hundred messages would bury what they are about."""
    for number in range(12):
        await unhappy(world, str(100 + number))
    await world.receive(world.wrote(SUE, "/cases"))
    assert (await presses(world, SUE))[-1] == "1:cases:10"

    before = len(await world.messages(SUE))
    [shown] = [row for row in await world.rows(SUE) if row.edits is None][-1:]
    await world.receive(replace(world.pressed(SUE, "1:cases:10"), ref=await arrived(world, shown)))

    newest = (await world.rows(SUE))[-1]
    assert "Shown: 11 to 12" in newest.payload
    assert newest.edits == shown.id
    assert len(await world.messages(SUE)) == before


async def test_a_story_tells_what_was_said_by_whom(world):
    """Whoever takes over must not ask the customer for what they have said already."""
    await unhappy(world, ANA)
    await world.receive(world.pressed(BO, "1:k1:take"))
    await world.receive(world.pressed(BO, "1:k1:write"))
    await world.receive(world.wrote(BO, "I am on my way"))
    await world.receive(world.wrote(BO, "/note 1 Second time this month"))
    await world.receive(world.wrote(CY, "/case 1"))

    story = await last(world, CY)
    for words in ("The heating never worked", "Bo took the case.", "Bo: I am on my way", "Bo (note): Second time"):
        assert words in story


async def test_a_note_never_reaches_the_customer(world):
    """It is written for colleagues, and reads like that."""
    await unhappy(world, ANA)
    before = len(await world.messages(ANA))
    await world.receive(world.wrote(BO, "/note 1 Careful, a difficult one"))
    await world.receive(world.pressed(BO, "1:k1:note"))
    await world.receive(world.wrote(BO, "And a second note"))

    assert len(await world.messages(ANA)) == before
    assert [one.author for one in await world.run(lambda unit: unit.case_messages.of(1))][-2:] == ["note", "note"]


async def test_a_note_that_was_asked_for_stays_one_whatever_it_replies_to(world):
    """Who pressed Note and then replied to the case by habit would else have written to the customer."""
    await unhappy(world, ANA)
    before = len(await world.messages(ANA))
    [first] = [row for row in await world.rows(BO) if row.purpose == "escalation"]
    await world.receive(world.pressed(BO, "1:k1:note"))
    ref = await arrived(world, first)
    await world.receive(world.wrote(BO, "Not for her eyes", reply_to=ref))

    assert len(await world.messages(ANA)) == before


async def test_a_case_is_handed_to_a_colleague_and_both_hear_of_it(world):
    """Neither may believe that the other has it."""
    await unhappy(world, ANA)
    await world.receive(world.pressed(BO, "1:k1:take"))
    await world.receive(world.wrote(SUE, "/hand 1 cy"))

    assert (await case_of(world)).owner_id == (await world.run(lambda unit: unit.staff.by_name(1, "Cy"))).id
    assert await last(world, SUE) == "Case 1 is with Cy now."
    assert "Sue handed case 1 to Cy. You need not go on with it." in await world.texts(BO)
    assert any("This case is yours now." in text for text in await world.texts(CY))


async def test_an_unknown_name_offers_those_who_work_here(world):
    """Nobody knows every colleague's name by heart as the computer spells it."""
    await unhappy(world, ANA)
    await world.receive(world.pressed(BO, "1:k1:take"))
    await world.receive(world.wrote(BO, "/hand 1 Zoe"))

    assert "I know nobody called Zoe here" in await last(world, BO)
    cy = await world.run(lambda unit: unit.staff.by_name(1, "Cy"))
    bo = await world.run(lambda unit: unit.staff.by_name(1, "Bo"))
    assert f"1:k1:hand:{cy.id}:{bo.id}" in await presses(world, BO)
    await world.receive(world.pressed(BO, f"1:k1:hand:{cy.id}:{bo.id}"))
    assert (await case_of(world)).owner_id == cy.id


async def test_a_good_story_is_kept_and_read_by_who_leads(world):
    """Stories that nobody tells on are lost with whoever lived them."""
    await unhappy(world, ANA)
    await world.receive(world.wrote(BO, "/wow 1 Bo drove the part over himself"))
    await world.receive(world.wrote(SUE, "/wow"))

    assert "Bo drove the part over himself" in await last(world, SUE)


async def test_today_is_for_who_leads(world):
    """What colleagues have to do is not everybody's business."""
    await world.receive(world.wrote(BO, "/today"))

    assert await last(world, BO) == "This is for supervisors and managers. /mine shows what is with you."


async def test_all_that_somebody_has_is_handed_on_after_a_yes_and_taken_back(world):
    """Somebody falls ill at eight in the morning, and at nine they are there after all."""
    await unhappy(world, ANA)
    await unhappy(world, BEN)
    await world.receive(world.pressed(BO, "1:k1:take"))
    await world.receive(world.pressed(BO, "1:k2:take"))
    bo, cy = await world.run(lambda unit: (unit.staff.by_name(1, "Bo").id, unit.staff.by_name(1, "Cy").id))
    await world.receive(world.wrote(SUE, "/today"))
    assert "Bo: cases 2" in await last(world, SUE)
    assert f"1:today:from.{bo}" in await presses(world, SUE)

    await world.receive(world.pressed(SUE, f"1:today:from.{bo}"))
    await world.receive(world.pressed(SUE, f"1:today:to.{bo}.{cy}"))
    assert await last(world, SUE) == "Hand 2 cases of Bo to Cy?"
    await world.receive(world.pressed(SUE, f"1:today:yes.{bo}.{cy}"))
    assert {(await case_of(world, number)).owner_id for number in (1, 2)} == {cy}

    [undo] = await presses(world, SUE)
    await world.receive(world.pressed(SUE, undo))
    assert {(await case_of(world, number)).owner_id for number in (1, 2)} == {bo}


@pytest.mark.parametrize("command", ["/case", "/case x", "/case 99", "/hand", "/note", "/hand 99 Cy"])
async def test_a_command_that_names_no_case_says_how_it_is_written(world, command):
    """Silence would leave its sender guessing."""
    await world.receive(world.wrote(BO, command))

    assert "/cases" in await last(world, BO) or "Which case?" in await last(world, BO)


async def test_what_a_customer_told_staff_becomes_a_case(world):
    """Most of the unhappy who say something say it to a person, not to a bot."""
    await world.receive(world.wrote(ANA, "/start"))
    await world.receive(world.wrote(BO, "/case new Ana, the heating is cold"))

    case = await case_of(world)
    assert case.closed_at is None
    assert "the heating is cold" in await last(world, BO)


async def test_a_case_for_nobody_known_is_not_opened(world):
    """A case whose customer nobody knows could never be followed up."""
    await world.receive(world.wrote(BO, "/case new Zoe, the heating is cold"))

    assert "I know no customer called Zoe" in await last(world, BO)
    assert await world.count("SELECT COUNT(*) FROM recovery_case") == 0


async def test_of_two_who_hand_a_case_on_the_first_wins(world):
    """The second is told who has it now, and may look again."""
    await unhappy(world, ANA)
    await world.receive(world.pressed(BO, "1:k1:take"))
    bo, cy, sue = await world.run(lambda unit: [unit.staff.by_name(1, name).id for name in ("Bo", "Cy", "Sue")])
    await world.receive(world.pressed(BO, f"1:k1:hand:{cy}:{bo}"), world.pressed(SUE, f"1:k1:hand:{sue}:{bo}"))

    assert (await case_of(world)).owner_id in (cy, sue)
    assert any("has it now. Please look again." in (text or "") for text in world.channel.notices)


async def test_of_two_who_put_it_right_the_second_is_told_who_was_first(world):
    """Nobody wonders whether their tap counted."""
    await unhappy(world, ANA)
    await world.receive(world.pressed(BO, "1:k1:take"))
    await world.receive(world.pressed(BO, "1:k1:resolved"), world.pressed(CY, "1:k1:resolved"))

    assert "Bo marked it as put right already." in world.channel.notices or (
        "Cy marked it as put right already." in world.channel.notices
    )


async def test_a_reply_to_what_is_not_the_customers_goes_to_nobody(world):
    """Only the case itself and the customer's words are answered to the customer; anything else would be a trap."""
    await unhappy(world, ANA)
    await world.receive(world.wrote(BO, "/note 1 For us"))
    [noted] = [row for row in await world.rows(BO) if "Noted in case 1" in row.payload]
    before = len(await world.messages(ANA))
    await world.receive(world.wrote(BO, "Thanks", reply_to=await arrived(world, noted)))

    assert len(await world.messages(ANA)) == before
    assert (await last(world, BO)).startswith("This went to nobody.")


async def test_a_case_of_many_words_is_told_whole_and_stays_editable(world):
    """Telegram takes 4,096 units: the words come in parts, and the last part, with the buttons, follows the case."""
    await unhappy(world, ANA)
    await world.receive(world.wrote(ANA, "/complain"))
    await world.receive(world.wrote(ANA, "It was cold. " * 300))
    await world.receive(world.pressed(BO, "1:k1:take"))
    await world.receive(world.wrote(BO, "/case 1"))

    rows = await world.rows(BO)
    assert all(len(message_of(row).text.encode("utf-16-le")) <= 2 * 4096 for row in rows)
    assert any("Taken by Bo." in message_of(row).text for row in rows if row.edits is not None)
