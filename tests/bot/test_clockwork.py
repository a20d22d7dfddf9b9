"""Claims about the clocks of a case: when they run, stand still and are met, and who is told when they run out."""

import msgspec
import pytest

from bot import case_steps, clockwork
from bot.outgoing import Outgoing
from bot.playbooks import Shelved
from bot.scene import Scene
from recovery import clocks
from storage.cases import Case
from storage.due import DueRow
from storage.unit import Unit
from tests.bot.offices import HOUR, MINUTE, Office

ANA, BO, EVA, SUE, MAX = "1", "11", "12", "13", "14"
SECOND = 1000


@pytest.fixture
async def office(tmp_path):
    """Two who work cases, a supervisor and a manager. It is noon, and people are awake until 21:00."""
    office = await Office.open(tmp_path / "makegood.db")
    await office.hire("Bo", BO)
    await office.hire("Eva", EVA)
    await office.hire("Sue", SUE, "supervisor")
    await office.hire("Max", MAX, "manager")
    yield office
    await office.close()


async def standings(office: Office, case: Case) -> dict[str, str]:
    return {row.owed: row.standing for row in await office.run(lambda unit: unit.clocks.of(case.id))}


async def told(office: Office, chat: str) -> list[str]:
    """The second lines of what came to a chat after the case's first message: why its reader was told."""
    return [text.splitlines()[1] for text in (await office.texts(chat))[1:]]


async def writes(office: Office, chat: str, words: str) -> None:
    await office.receive(office.pressed(chat, "1:k1:write"))
    await office.receive(office.wrote(chat, words))


def at(office: Office, *seconds: float) -> list[int]:
    return [office.clock.now() + round(each * SECOND) for each in seconds]


RUNS_OUT = "Time is running out: please look at it now."
NO_ANSWER = "Nobody has answered yet, so I am turning to you."
OVER = "The time for this is over, and the customer is still waiting."


# --- running, and what meets them -------------------------------------------------------------------------------------


async def test_every_case_has_a_clock_to_contact_and_one_to_put_right(office):
    """The short plan promises two things, and each has its moment."""
    case = await office.complains(ANA)
    rows = await office.run(lambda unit: unit.clocks.of(case.id))

    assert [(row.owed, row.standing) for row in rows] == [("first_contact", "running"), ("resolve", "running")]
    assert [row.due_at for row in rows] == at(office, HOUR, (9 + 12 + 7) * HOUR)  # 21:00 to 09:00 does not count


async def test_the_first_words_of_a_person_meet_the_first_clock(office):
    """What the customer waits for is a person; taking the case is not yet one."""
    case = await office.complains(ANA)
    await office.receive(office.pressed(BO, "1:k1:take"))
    taken = await standings(office, case)
    await writes(office, BO, "We are sorry, and are on it.")

    assert (taken["first_contact"], (await standings(office, case))["first_contact"]) == ("running", "met")


async def test_putting_it_right_meets_all(office):
    """Nothing is owed any more: nobody is warned of what is done."""
    case = await office.complains(ANA)
    await office.receive(office.pressed(BO, "1:k1:resolved"))
    before = await told(office, SUE)
    await office.until(20 * HOUR)

    assert await standings(office, case) == {"first_contact": "met", "resolve": "met"}
    assert await told(office, SUE) == before


async def test_a_late_contact_is_still_a_breach(office):
    """A breach is not undone by being answered."""
    case = await office.complains(ANA)
    await office.until(61 * MINUTE)
    await office.receive(office.pressed(EVA, "1:k1:take"))
    await writes(office, EVA, "We are sorry.")

    assert (await standings(office, case))["first_contact"] == "breached"
    assert [(what, detail) for what, detail, _ in await office.history(case, "Breached")] == [
        ("Breached", "first_contact")
    ]


async def test_a_case_that_is_opened_again_has_new_clocks(office):
    """The customer waits anew, from now on."""
    case = await office.complains(ANA)
    await office.receive(office.pressed(BO, "1:k1:resolved"))
    office.clock.pass_by(HOUR)
    await office.receive(office.wrote(ANA, "It is broken again"))
    rows = await office.run(lambda unit: unit.clocks.of(case.id))

    assert [(row.owed, row.standing) for row in rows] == [("first_contact", "running"), ("resolve", "running")]
    assert [row.due_at for row in rows][:1] == at(office, HOUR)


# --- standing still --------------------------------------------------------------------------------------------------


async def test_a_question_to_the_customer_stops_the_clock_until_they_answer(office):
    """What we wait for from them is not our time."""
    case = await office.complains(ANA)
    await writes(office, BO, "Which size do you need?")
    paused = await standings(office, case)
    office.clock.pass_by(2 * HOUR)
    await office.receive(office.wrote(ANA, "Size 42"))
    [_, resolve] = await office.run(lambda unit: unit.clocks.of(case.id))

    assert paused["resolve"] == "paused"
    assert (resolve.standing, clocks.load(resolve.state).used.total_seconds()) == ("running", 0)


async def test_what_is_no_question_stops_nothing(office):
    """Whoever only says that they are on it keeps the clock running."""
    case = await office.complains(ANA)
    await writes(office, BO, "We are on it.")

    assert (await standings(office, case))["resolve"] == "running"


async def test_a_customers_silence_does_not_stop_the_clock_for_ever(office):
    """A question is no way to be rid of a case: after two days of silence it is ours again."""
    case = await office.complains(ANA)
    await writes(office, BO, "Which size do you need?")
    await office.until(49 * HOUR)

    assert (await standings(office, case))["resolve"] == "running"


# --- the ladder ------------------------------------------------------------------------------------------------------


async def test_each_rung_is_told_at_its_moment(office):
    """The person, another person, the team, the supervisor, the manager; silence brings the next one sooner."""
    case = await office.complains(ANA)
    began = office.clock.now()
    await office.until(6 * HOUR)
    rungs = [(detail, (moment - began) / 60_000) for what, detail, moment in await office.history(case, "Told")]

    assert rungs == [
        ("person:first_contact", 45),
        ("next_person:first_contact", 60),
        ("team:first_contact", 60),
        ("supervisor:first_contact", 75),
        ("manager:first_contact", 90),
    ]
    assert await told(office, BO) == [RUNS_OUT, OVER]
    assert await told(office, EVA) == [NO_ANSWER]  # at the moment at which the team is told, so not twice
    assert (await told(office, SUE), await told(office, MAX)) == ([NO_ANSWER], [NO_ANSWER])


async def test_a_case_that_somebody_has_climbs_at_its_own_times(office):
    """Whoever took it is given their time; the customer still waits, so those above hear of it in the end."""
    case = await office.complains(ANA)
    began = office.clock.now()
    await office.receive(office.pressed(BO, "1:k1:take"))
    await office.until(6 * HOUR)
    rungs = [(detail, (moment - began) / 60_000) for _, detail, moment in await office.history(case, "Told")]

    assert [minute for _, minute in rungs] == [45, 60, 120, 300]
    assert (await office.case(case.number)).owner_id == (await office.member("Bo")).id


async def test_a_case_of_somebody_who_went_away_moves_on(office):
    """Who took it and left for the day looks after nobody."""
    case = await office.complains(ANA)
    await office.receive(office.pressed(BO, "1:k1:take"))
    await office.until(50 * MINUTE)
    await office.receive(office.wrote(BO, "/off"))
    await office.until(15 * MINUTE)

    assert (await office.case(case.number)).assignee_id != (await office.member("Bo")).id


async def test_a_rung_says_how_much_time_is_left_or_over(office):
    """A warning without a time is a reproach."""
    await office.complains(ANA)
    await office.until(3 * HOUR)

    assert "The customer is to hear from a person by Monday at 13:00: 15 minutes left." in (await office.texts(BO))[1]
    assert "by Monday at 13:00. Working time since then: 15 minutes." in (await office.texts(SUE))[1]


async def test_the_case_becomes_the_next_persons(office):
    """An unanswered case moves on; whoever has it now can see that it is theirs."""
    case = await office.complains(ANA)
    await office.until(61 * MINUTE)
    case = await office.case(case.number)

    assert case.assignee_id == (await office.member("Eva")).id
    assert "This case is given to you." in (await office.texts(EVA))[1]


async def test_who_answers_keeps_it(office):
    """Taking it ends the silence: nobody else is asked, and the team hears only when time is over."""
    case = await office.complains(ANA)
    await office.until(46 * MINUTE)
    await office.receive(office.pressed(BO, "1:k1:take"))
    await office.until(15 * MINUTE)

    assert (await office.case(case.number)).owner_id == (await office.member("Bo")).id
    assert ("PassedOver", "next_person:first_contact:answered") in [
        (what, detail) for what, detail, _ in await office.history(case, "PassedOver")
    ]


async def test_who_is_away_is_passed_over(office):
    """Telling somebody who is not there helps nobody."""
    await office.complains(ANA)
    await office.receive(office.wrote(SUE, "/off"))
    before = len(await office.texts(SUE))
    await office.until(6 * HOUR)

    assert len(await office.texts(SUE)) == before


async def test_a_team_without_a_manager_has_the_others_managers(tmp_path):
    """Managers see all teams, so a case does not end with a rung on which nobody stands."""
    office = await Office.open(tmp_path / "makegood.db")
    repairs, front = await office.team("Repairs"), await office.team("Front")
    await office.hire("Bo", BO, team_id=repairs.id)
    await office.hire("Eva", EVA, team_id=repairs.id)
    await office.hire("Sue", SUE, "supervisor", team_id=front.id)
    await office.hire("Max", MAX, "manager", team_id=front.id)
    await office.complains(ANA)
    await office.until(6 * HOUR)
    supervisor, manager = await office.texts(SUE), await office.texts(MAX)
    await office.close()

    assert (supervisor, len(manager)) == ([], 1)


async def test_nobody_is_told_at_night(office):
    """The dial stands still outside of working hours, and so does the ladder."""
    office.clock.pass_by(8.5 * HOUR)  # 20:30
    case = await office.complains(ANA)
    began = office.clock.now()
    await office.until(14 * HOUR)
    [first, *_] = await office.history(case, "Told")

    assert (first[2] - began) / 60_000 == 30 + 12 * 60 + 15


async def test_a_row_that_fires_twice_tells_nobody_twice(office):
    """Due rows may come late, repeated or for nothing."""
    case = await office.complains(ANA)
    await office.until(2 * HOUR)
    before = [len(await office.texts(chat)) for chat in (BO, EVA, SUE, MAX)]

    def again(unit: Unit) -> None:
        scene = Scene(unit, office.house, Outgoing(unit, office.clock.now()), office.clock.now())
        for row in unit.all("SELECT * FROM due WHERE kind = 'clock'"):
            clockwork.fire(DueRow(*row), scene)

    await office.run(again)

    assert [len(await office.texts(chat)) for chat in (BO, EVA, SUE, MAX)] == before
    assert len(await office.history(case, "Told")) == 5


async def test_after_days_without_the_process_every_rung_is_told_once_and_in_order(office):
    """Who looks late tells all that has come since, lowest first."""
    case = await office.complains(ANA)
    office.clock.pass_by(3 * 24 * HOUR)
    await office.fire_due()
    names = [detail.partition(":")[0] for _, detail, _ in await office.history(case, "Told") if "first" in detail]

    assert names[0] == "person"
    assert names[-3:] == ["team", "supervisor", "manager"]
    assert len(names) == len(set(names))


async def test_the_ladder_and_the_days_reminder_tell_one_story(office):
    """Two messages at one moment about one case are one too many."""
    await office.complains(ANA)
    await office.until(30 * HOUR)
    reminders = [text for text in await office.texts(SUE) if "Nobody has put this right yet" in text]

    assert reminders == []


# --- what is grave, and other hours ----------------------------------------------------------------------------------


async def test_what_turns_out_grave_has_less_time(office):
    """Severity 4 has fifteen minutes to a first contact, from its opening on."""
    case = await office.complains(ANA)

    def grave(unit: Unit) -> None:
        scene = Scene(unit, office.house, Outgoing(unit, office.clock.now()), office.clock.now())
        clockwork.look_again(scene, unit.cases.weigh(case.id, 4, None))

    await office.run(grave)
    [contact, _] = await office.run(lambda unit: unit.clocks.of(case.id))

    assert [contact.due_at] == at(office, 15 * MINUTE)


async def test_clocks_run_by_the_hours_of_whoever_has_the_case(office):
    """A promise in working hours is kept by people at work."""
    await office.hours("office")
    await office.run(
        lambda unit: [
            unit.staff.change(msgspec.structs.replace(one, calendar="office")) for one in unit.staff.listing(1)
        ]
    )
    case = await office.complains(ANA)  # 12:00 is lunch
    [contact, _] = await office.run(lambda unit: unit.clocks.of(case.id))

    assert [contact.due_at] == at(office, 2 * HOUR)


async def test_other_hours_hold_from_the_moment_they_are_set(office):
    """The time used stays as the old hours counted it; the rest runs by the new ones."""
    case = await office.complains(ANA)
    office.clock.pass_by(30 * MINUTE)
    await office.hours("office")

    def change(unit: Unit) -> None:
        for one in unit.staff.listing(1):
            unit.staff.change(msgspec.structs.replace(one, calendar="office"))
        scene = Scene(unit, office.house, Outgoing(unit, office.clock.now()), office.clock.now())
        assert clockwork.calendars_changed(scene) == 1

    await office.run(change)
    [contact, _] = await office.run(lambda unit: unit.clocks.of(case.id))

    assert [contact.due_at] == at(office, HOUR)  # half an hour of lunch, then half an hour of work


# --- what a plan says ------------------------------------------------------------------------------------------------

PLAN = """
[[plan]]
key = "service_first"
touchpoints = ["service"]
steps = ["apology", "repair", "empathy", "follow_up"]
around_the_clock = true
within = { first_contact = "2h", empathy = "3h" }
"""


@pytest.fixture
async def planned(tmp_path):
    """An office in which a moment of truth has its plan prepared."""
    (tmp_path / "playbook").mkdir()
    (tmp_path / "playbook" / "plans.toml").write_text(PLAN, "utf-8")
    office = await Office.open(tmp_path / "makegood.db", shelved=Shelved(tmp_path / "playbook"))
    await office.hire("Bo", BO)
    await office.hire("Eva", EVA)
    yield office
    await office.close()


async def test_a_plan_gives_its_steps_clocks_of_their_own(planned):
    """Each step has its time; what the plan does not name has ours."""
    case = await planned.complains(ANA)
    rows = await planned.run(lambda unit: unit.clocks.of(case.id))

    assert [(row.owed, row.due_at) for row in rows] == [
        ("first_contact", at(planned, 2 * HOUR)[0]),
        ("empathy", at(planned, 3 * HOUR)[0]),
        ("resolve", at(planned, 28 * HOUR)[0]),
    ]


async def test_a_step_that_is_taken_meets_its_clock(planned):
    """One tap records it, also that it was not needed."""
    case = await planned.complains(ANA)

    def take(unit: Unit) -> None:
        scene = Scene(unit, planned.house, Outgoing(unit, planned.clock.now()), planned.clock.now())
        case_steps.note_step(scene, unit.cases.get(case.id), "empathy", "not_needed", "staff:1")

    await planned.run(take)

    assert (await standings(planned, case)) == {"first_contact": "running", "empathy": "met", "resolve": "running"}


async def test_what_is_urgent_may_run_at_night(planned):
    """Where the plan says so, and for what is urgent only."""
    planned.clock.pass_by(10 * HOUR)  # 22:00
    case = await planned.complains(ANA)

    def grave(unit: Unit) -> None:
        scene = Scene(unit, planned.house, Outgoing(unit, planned.clock.now()), planned.clock.now())
        clockwork.look_again(scene, unit.cases.weigh(case.id, 4, None))

    before = await planned.run(lambda unit: unit.clocks.of(case.id)[0].due_at)
    await planned.run(grave)
    after = await planned.run(lambda unit: unit.clocks.of(case.id)[0].due_at)

    assert [before, after] == at(planned, 13 * HOUR, 15 * MINUTE)


async def test_what_is_urgent_at_night_rings_whoever_has_it_though_they_are_off_duty(planned):
    """A plan that runs around the clock is told around the clock; any other urgent case waits for their morning."""
    await planned.hours("office")
    await planned.run(
        lambda unit: [
            unit.staff.change(msgspec.structs.replace(one, calendar="office")) for one in unit.staff.listing(1)
        ]
    )
    await planned.group()
    planned.clock.pass_by(10 * HOUR)  # 22:00
    await planned.complains(ANA)
    before = await planned.texts(BO)
    await planned.receive(planned.wrote(ANA, "I smell gas in the kitchen!"))

    assert ((await planned.case(1)).severity, before) == (4, [])
    assert await told(planned, BO) == []
    assert "This is grave: please look at it now." in (await planned.texts(BO))[0]
