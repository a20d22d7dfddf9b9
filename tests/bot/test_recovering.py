"""Claims about a case in the turn: weighed, led through its steps, settled and closed, however often anybody taps."""

from pathlib import Path
from typing import Any

import pytest

from bot import casework
from bot.case_steps import steps_of
from bot.consequences import Fates
from bot.links import make_link
from bot.outgoing import Outgoing
from bot.playbooks import Shelved
from bot.scene import Scene
from storage.cases import Case
from storage.unit import Unit
from tests.bot.turning import World

ANA, EVE, BO, CY = "101", "102", "201", "202"
HOUR = 3_600


@pytest.fixture
async def world(tmp_path: Path):
    made = await World.open(tmp_path / "makegood.db")
    await made.staff("Bo", BO)
    yield made
    await made.close()


async def complains(world: World, words: str = "The parcel was open", chat: str = ANA) -> None:
    await world.receive(world.wrote(chat, "/complain"))
    await world.receive(world.wrote(chat, words))


async def case(world: World, number: int = 1) -> Case:
    found = await world.run(lambda unit: unit.cases.by_number(1, number))
    assert found is not None
    return found


async def steps(world: World, number: int = 1) -> list[tuple[str, str, str]]:
    the_case = await case(world, number)
    rows = await world.run(lambda unit: steps_of(unit, the_case))
    return [(row.step, row.how, row.actor) for row in rows if row.step != "draft"]


async def tap(world: World, chat: str, press: str, **more: Any) -> None:
    await world.receive(world.pressed(chat, press, **more))


async def prompt(world: World, chat: str = ANA) -> str:
    """The prompt of the newest question that staff put to a customer."""
    return [row.prompt or "" for row in await world.rows(chat) if row.purpose == "restatement"][-1]


async def restated(world: World) -> None:
    await complains(world)
    await tap(world, BO, "1:k1:restate")
    await world.receive(world.wrote(BO, "The parcel was open"))


async def settled(world: World) -> None:
    """A case that its customer says is put right, and whose cause nobody named."""
    await complains(world)
    await tap(world, BO, "1:k1:resolved")
    world.clock.pass_by(25 * HOUR)
    await world.fire_due()
    [yes] = [button.press for row in (await world.messages(ANA))[-1].rows for button in row if button.label == "Yes"]
    await tap(world, ANA, yes)
    [five] = [button.press for row in (await world.messages(ANA))[-1].rows for button in row if button.label == "5"]
    await tap(world, ANA, five)
    assert (await case(world)).stage == "settled"


# --- how severe -------------------------------------------------------------------------------------------------------


async def test_a_case_is_weighed_by_the_words_that_open_it(world):
    """Whoever gets it is chosen by that, in the same turn."""
    await complains(world, "You charged me twice, I am furious!")

    opened = await case(world)
    assert (opened.severity, opened.skill, opened.plan) == (3, "billing", "short")


async def test_more_words_make_it_graver_until_somebody_takes_it(world):
    """Then they see for themselves, and nothing changes under their hands but danger."""
    await complains(world)
    await world.receive(world.wrote(ANA, "and nobody answers, this is unacceptable"))
    graver = (await case(world)).severity
    await world.receive(world.wrote(ANA, "thank you all the same"))
    stays = (await case(world)).severity
    await tap(world, BO, "1:k1:take")
    await world.receive(world.wrote(ANA, "i need it by tomorrow"))
    taken = (await case(world)).severity
    await world.receive(world.wrote(ANA, "smoke comes out of it"))

    assert (graver, stays, taken, (await case(world)).severity) == (3, 3, 3, 4)


async def test_a_skill_that_shows_later_finds_its_person(world):
    """The reason comes after the rating, and with it who should see to it."""
    await world.staff("Cy", CY)
    await world.run(lambda unit: unit.execute("UPDATE staff_member SET skills = 'billing' WHERE name = 'Cy'"))
    await complains(world, "hm")
    await world.receive(world.wrote(ANA, "the invoice is wrong"))

    given = (await case(world)).assignee_id
    assert given is not None
    assert (await world.run(lambda unit: unit.staff.get(given))).name == "Cy"


# --- settled ----------------------------------------------------------------------------------------------------------


async def test_a_settled_case_is_over_for_its_customer(world):
    """They are asked again and served as anybody else."""
    await settled(world)
    customer = (await case(world)).customer_id

    assert await world.run(lambda unit: unit.cases.open_of(customer)) is None
    assert (await case(world)).closed_at is None
    place = await world.run(lambda unit: unit.conversations.place(1, "telegram", ANA))
    assert place is not None
    assert place.case_id is None


async def test_the_cause_is_a_task_until_somebody_names_it(world):
    """Nothing closes by being forgotten, and naming it ends the task with the case."""
    await settled(world)
    open_tasks = [task.kind for task in await world.run(lambda unit: unit.tasks.listing(1))]
    await tap(world, BO, "1:k1:cause:waiting.handover")

    closed = await case(world)
    assert open_tasks == ["cause"]
    assert await world.run(lambda unit: unit.tasks.listing(1)) == []
    assert (closed.stage, closed.outcome, closed.root_cause) == ("closed", "recovered", "waiting.handover")


async def test_two_who_name_the_cause_at_once_close_it_once(world):
    """One wins; the other reads that it is closed."""
    await world.staff("Cy", CY)
    await settled(world)
    await world.receive(world.pressed(BO, "1:k1:cause:waiting.people"), world.pressed(CY, "1:k1:cause:outside.weather"))

    assert (await case(world)).root_cause in ("waiting.people", "outside.weather")
    assert await world.count("SELECT COUNT(*) FROM case_step WHERE step = 'cause'") == 1


async def test_a_new_unhappiness_opens_a_settled_case_again(world):
    """One customer has one case that is not closed, whatever they complain of."""
    await settled(world)
    await complains(world, "It is open again")

    again = await case(world)
    assert (again.stage, again.outcome, again.reopened) == ("taken", None, 1)
    assert await world.count("SELECT COUNT(*) FROM recovery_case") == 1


async def test_the_reminders_of_a_case_that_was_opened_again_say_nothing(world):
    """A due row asks the state first."""
    await settled(world)
    await complains(world, "It is open again")
    before = len(await world.texts(BO))
    due = await world.run(lambda unit: unit.all("SELECT id FROM due WHERE kind = 'cause' AND state = 'pending'"))
    await world.run(lambda unit: unit.execute("UPDATE due SET state = 'cancelled' WHERE kind NOT IN ('cause')"))
    world.clock.pass_by(25 * HOUR)
    await world.fire_due()

    assert len(due) == 1
    assert len(await world.texts(BO)) == before


# --- the customer's answers -------------------------------------------------------------------------------------------


async def test_a_restatement_is_confirmed_once_however_often_it_is_tapped(world):
    """Thirty taps at once, as a bad line makes them."""
    await restated(world)
    yes = f"1:{await prompt(world)}:yes"
    await world.receive(*(world.pressed(ANA, yes) for _ in range(30)))

    assert [how for step, how, _ in await steps(world) if step == "restatement"] == ["asked", "confirmed"]


async def test_nobody_else_answers_a_restatement(world):
    """Its prompt can be guessed; the chat it counts in cannot."""
    await restated(world)
    yes = f"1:{await prompt(world)}:yes"
    await world.receive(world.wrote(EVE, "hello"))
    await tap(world, EVE, yes)

    assert ("restatement", "confirmed", "customer") not in await steps(world)
    assert world.channel.notices[-1] == "That button is no longer in use."


@pytest.mark.parametrize("press", ["1:step999:yes", "1:step1:", "1:step1:maybe", "1:step01:yes", "1:stepx:yes"])
async def test_a_forged_answer_counts_for_nothing(world, press: str):
    """Whatever a chat sends is looked up before it is believed."""
    await restated(world)
    await tap(world, ANA, press)

    assert len([one for one in await steps(world) if one[0] == "restatement"]) == 1


async def test_whoever_asked_is_told_to_go_ahead_once(world):
    """A silent customer holds up no repair; the row that says so may fire late and twice."""
    await restated(world)
    world.clock.pass_by(660)
    await world.fire_due()
    await world.run(lambda unit: unit.execute("UPDATE due SET state = 'pending' WHERE kind = 'restatement'"))
    told = [text for text in await world.texts(BO) if "go ahead" in text]

    assert len(told) == 1


async def test_a_customer_who_wrote_meanwhile_is_not_called_silent(world):
    """They said something, if not yes or no."""
    await restated(world)
    world.clock.pass_by(60)
    await world.receive(world.wrote(ANA, "when do you come to fetch it"))
    world.clock.pass_by(660)
    await world.fire_due()

    assert not any("go ahead" in text for text in await world.texts(BO))


# --- words of staff ---------------------------------------------------------------------------------------------------


async def test_words_that_blame_are_sent_once_however_often_it_is_tapped(world):
    """They were asked, they said yes: once."""
    await complains(world)
    await tap(world, BO, "1:k1:write")
    await world.receive(world.wrote(BO, "You should have told us before"))
    [send] = [button.press for row in (await world.messages(BO))[-1].rows for button in row if ":send:" in button.press]
    before = len(await world.texts(ANA))
    await world.receive(*(world.pressed(BO, send) for _ in range(5)))

    assert (await world.texts(ANA))[before:] == ["Bo · Corner Shop:\nYou should have told us before"]


async def test_nobody_sends_what_another_was_asked_about(world):
    """It is their writer's to decide."""
    await world.staff("Cy", CY)
    await complains(world)
    await tap(world, BO, "1:k1:write")
    await world.receive(world.wrote(BO, "You should have told us before"))
    [send] = [button.press for row in (await world.messages(BO))[-1].rows for button in row if ":send:" in button.press]
    before = len(await world.texts(ANA))
    await tap(world, CY, send)

    assert len(await world.texts(ANA)) == before


async def test_a_shown_text_goes_as_it_was_shown(world):
    """Even if the customer is called otherwise by now."""
    await complains(world)
    await tap(world, BO, "1:k1:apologise")
    shown = (await world.messages(BO))[-1]
    [send] = [button.press for row in shown.rows for button in row if ":send:" in button.press]
    await world.run(lambda unit: unit.execute("UPDATE customer SET name = 'Anna'"))
    await tap(world, BO, send)

    said = (await world.texts(ANA))[-1].removeprefix("Bo · Corner Shop:\n")
    assert said in shown.text
    assert ("apology", "done", "staff:1") in await steps(world)


# --- opened by staff --------------------------------------------------------------------------------------------------


async def opened_by_bo(world: World, reference: str, words: str) -> Case:
    def work(unit: Unit) -> Case:
        now = world.clock.now()
        member = unit.staff.by_name(1, "Bo")
        assert member is not None
        customer = unit.customers.ensure(1, reference, now, "Ana", "en")
        return casework.open_by_staff(Scene(unit, world.house, Outgoing(unit, now), now), customer, member, words)

    return await world.run(work)


async def test_staff_open_a_case_for_somebody_without_a_chat(world):
    """What was said at the counter counts as much as what was written; they are rung up instead of written to."""
    opened = await opened_by_bo(world, "7", "She waited an hour for the courier and is furious")

    assert (opened.cause, opened.severity, opened.skill) == ("told_staff", 3, "delivery")
    assert any("furious" in text for text in await world.texts(BO))
    world.clock.pass_by(25 * HOUR)
    await world.fire_due()
    assert [task.kind for task in await world.run(lambda unit: unit.tasks.listing(1))] == ["telephone"]


async def test_staff_add_to_the_case_that_there_is(world):
    """One customer, one case."""
    first = await opened_by_bo(world, "7", "The bill is wrong")
    second = await opened_by_bo(world, "7", "And the courier was rude")

    said = await world.run(lambda unit: [message.text for message in unit.case_messages.of(first.id)])
    assert second.id == first.id
    assert said == ["The bill is wrong", "And the courier was rude"]


async def test_somebody_without_a_chat_gets_one_by_their_link(world):
    """What stood for their chat is in nobody's way."""
    opened = await opened_by_bo(world, "7", "The bill is wrong")

    assert await world.run(lambda unit: unit.addresses.any_of_customer(opened.customer_id)) is None
    assert await world.run(lambda unit: unit.addresses.of_customer(opened.customer_id)) == []


async def test_an_answer_proves_that_the_question_arrived(world):
    """A send that nobody is sure of is not repeated once the customer tapped on it."""
    await restated(world)
    [row] = [row for row in await world.rows(ANA) if row.purpose == "restatement"]
    fates = Fates(world.house, world.clock)
    before = await world.run(lambda unit: fates.answered(unit, row))
    await tap(world, ANA, f"1:{row.prompt}:not_quite")

    assert not before
    assert await world.run(lambda unit: fates.answered(unit, row))


async def test_a_draft_of_somebody_else_says_whose_it_is(world):
    """In the group everybody sees the buttons."""
    await world.staff("Cy", CY)
    await complains(world)
    await tap(world, BO, "1:k1:write")
    await world.receive(world.wrote(BO, "You should have told us before"))
    [send] = [button.press for row in (await world.messages(BO))[-1].rows for button in row if ":send:" in button.press]
    await tap(world, CY, send)

    assert "for the colleague to decide" in (world.channel.notices[-1] or "")


async def test_two_customers_who_turn_out_to_be_one_keep_one_case(world):
    """A settled case is in the way of no merging, and is not opened by it."""
    await settled(world)
    customer = (await case(world)).customer_id
    link = await world.run(lambda unit: make_link(unit, 1, "customer", world.clock.now(), customer_id=customer))
    await complains(world, "The bill is wrong", chat=EVE)
    await world.receive(world.wrote(EVE, f"/start {link.token}"))

    open_now = await world.run(lambda unit: unit.all("SELECT number, stage FROM recovery_case WHERE closed_at IS NULL"))
    assert len(open_now) == 1


# --- a moment of truth ------------------------------------------------------------------------------------------------

PLAN = """
[[plan]]
key = "front"
like = "full"
touchpoints = ["service"]
weight = 1
skill = "conduct"
remedy = { kind = "gift", what.en = "breakfast for two" }
[plan.within]
first_contact = "20m"
empathy = "2h"
[plan.texts.empathy]
en = "I feel with you{% if customer.name %}, {{ customer.name }}{% endif %}. {{ staff.name }}"
"""


@pytest.fixture
async def truth(tmp_path: Path):
    """A shop whose counter is a moment of truth, and a customer who was unhappy there."""
    folder = tmp_path / "recovery"
    folder.mkdir()
    (folder / "plans.toml").write_text(PLAN)
    made = await World.open(tmp_path / "makegood.db", shelved=Shelved(folder))
    await made.staff("Bo", BO)
    await made.receive(made.wrote(ANA, "/start"))
    [two] = [button.press for row in (await made.messages(ANA))[-1].rows for button in row if button.label == "2"]
    await made.receive(made.pressed(ANA, two))
    yield made
    await made.close()


async def test_a_moment_of_truth_has_its_plan_prepared(truth):
    """Its cases weigh more, need its skill, and have a clock for each step that it times."""
    opened = await case(truth)
    clocks = await truth.run(lambda unit: [clock.owed for clock in unit.clocks.of(opened.id)])

    assert (opened.plan, opened.severity, opened.skill) == ("front", 3, "conduct")
    assert set(clocks) >= {"first_contact", "empathy", "atonement", "resolve"}
    assert ("apology", "done", "makegood") in await steps(truth)


async def test_its_words_and_its_remedy_are_shown_to_staff(truth):
    """What was thought out before it went wrong is one tap away."""
    await tap(truth, BO, "1:k1:empathise")
    empathy = (await truth.texts(BO))[-1]
    await tap(truth, BO, "1:k1:atone")
    atonement = (await truth.texts(BO))[-1]

    assert "I feel with you, Ana. Bo" in empathy
    assert "Prepared for this touchpoint: breakfast for two. Tap Offer to give it." in atonement


async def test_a_plan_that_is_gone_is_followed_like_short(truth):
    """Somebody takes a file away while cases are open."""
    await truth.run(lambda unit: unit.execute("UPDATE recovery_case SET plan = 'gone'"))
    await tap(truth, BO, "1:k1:steps")

    assert "Short: take it, put it right" in (await truth.texts(BO))[-1]
