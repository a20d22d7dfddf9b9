"""Claims about who has a case: given by skill, hours and load, told in time, handed on, and fairly shared."""

from collections import Counter
from datetime import timedelta

import msgspec
import pytest

from bot import candidates, dispatching
from bot.case_why import why
from bot.outgoing import Outgoing
from bot.scene import Scene
from storage.unit import Unit
from tests.bot.offices import HOUR, Office

ANA, BO, EVA, LIN = "1", "11", "12", "13"
NIGHT = {"zone": "UTC", "week": {"mon": "20:00-23:00"}}


@pytest.fixture
async def office(tmp_path):
    """Two people who work cases, each with a chat of their own."""
    office = await Office.open(tmp_path / "makegood.db")
    await office.hire("Bo", BO)
    await office.hire("Eva", EVA)
    yield office
    await office.close()


def scene_of(office: Office, unit: Unit) -> Scene:
    return Scene(unit, office.house, Outgoing(unit, office.clock.now()), office.clock.now())


async def tell_only_the_person(office: Office) -> None:
    """Open the office anew with `recovery.tells = "person"`, as a changed setting does."""
    await office.turns.drain()
    office.house = msgspec.structs.replace(office.house, tells="person")
    await office.begin()


# --- giving ----------------------------------------------------------------------------------------------------------


async def test_a_case_is_given_to_a_person_in_the_turn_that_opens_it(office):
    """Nobody's case is nobody's work: from the first second somebody's name stands on it."""
    case = await office.complains(ANA)
    bo = await office.member("Bo")

    assert (case.assignee_id, case.owner_id, bo.given_at) == (bo.id, None, office.clock.now())
    assert "Given to Bo." in (await office.texts(BO))[0]
    assert "Given to Bo." in (await office.texts(EVA))[0]


async def test_whoever_has_not_opened_their_invitation_gets_no_case(office):
    """They would never hear of it: thirty people were invited this morning, and Bo is the one who is there."""

    def invite(unit: Unit) -> int:
        for number in range(30):
            unit.staff.add(1, f"Aaron {number}", "staff", "en", 0)
        return 30

    assert await office.run(invite) == 30
    case = await office.complains(ANA)

    assert case.assignee_id == (await office.member("Bo")).id


async def test_where_only_one_person_works_nobody_is_named(tmp_path):
    """A small shop sees what it always saw."""
    office = await Office.open(tmp_path / "makegood.db")
    await office.hire("Bo", BO)
    await office.complains(ANA)
    texts = await office.texts(BO)
    await office.close()

    assert "Given to" not in texts[0]


async def test_what_everybody_lacked_is_kept_with_the_choice(office):
    """A year later somebody may ask why it was Bo: the answer is what was known then."""
    case = await office.complains(ANA)
    [given] = await office.run(lambda unit: why(unit, case, "UTC", "en"))

    assert (given.name, given.how) == ("Bo", "Somebody who fits is at work.")
    assert [(one.name, one.chosen) for one in given.everybody] == [("Bo", True), ("Eva", False)]
    assert given.everybody[1].why == "Would do as well; Bo comes first in order."


async def test_who_is_away_gets_nothing(office):
    """Away means away, whoever's turn it would be."""
    await office.receive(office.wrote(BO, "/off"))
    case = await office.complains(ANA)

    assert case.assignee_id == (await office.member("Eva")).id


async def test_a_case_is_its_teams(office):
    """Whoever has it brings their team with it, and that team sees it."""
    team = await office.team("Repairs")
    await office.run(
        lambda unit: [unit.staff.change(msgspec.structs.replace(one, team_id=team.id)) for one in unit.staff.listing(1)]
    )

    assert (await office.complains(ANA)).team_id == team.id


async def test_one_told_in_a_group_reads_it_in_their_own_chat_too(office):
    """A group is nobody in particular; a name on a case rings that person's telephone."""
    await office.group()
    await office.complains(ANA)

    assert "Given to Bo." in (await office.texts("-100"))[0]
    assert [text.splitlines()[-1] for text in await office.texts(BO)] == [dispatching.FOR_YOU.sentence]
    assert await office.texts(EVA) == []


async def test_only_the_person_reads_it_where_that_is_wanted(office):
    """`recovery.tells = "person"`: the others hear when the ladder turns to them."""
    await tell_only_the_person(office)
    await office.complains(ANA)

    assert (len(await office.texts(BO)), await office.texts(EVA)) == (1, [])


async def test_who_comes_on_duty_later_is_told_then(office):
    """A message in the middle of one's free evening helps no customer."""
    await office.hours("night", NIGHT)
    await office.run(
        lambda unit: [
            unit.staff.change(msgspec.structs.replace(one, calendar="night")) for one in unit.staff.listing(1)
        ]
    )
    await tell_only_the_person(office)
    await office.complains(ANA)
    at_once = await office.texts(BO)
    await office.until(8 * HOUR)

    assert at_once == []
    assert [text.splitlines()[-1] for text in await office.texts(BO)] == [dispatching.FOR_YOU.sentence]


async def test_whom_it_waited_for_hears_nothing_when_it_was_taken_meanwhile(office):
    """What is done needs no telling."""
    await office.hours("night", NIGHT)
    await office.run(
        lambda unit: [
            unit.staff.change(msgspec.structs.replace(one, calendar="night")) for one in unit.staff.listing(1)
        ]
    )
    await office.complains(ANA)
    await office.receive(office.pressed(EVA, "1:k1:take"))
    before = len(await office.texts(BO))
    await office.until(8 * HOUR)

    assert not any(dispatching.FOR_YOU.sentence in text for text in (await office.texts(BO))[before:])


async def test_without_anybody_the_case_is_everybodys(tmp_path):
    """Where nobody works cases yet, the case waits and says so."""
    office = await Office.open(tmp_path / "makegood.db")
    case = await office.complains(ANA)
    [line] = await office.run(lambda unit: unit.assignments.of(case.id))
    await office.close()

    assert (case.assignee_id, line.staff_member_id, candidates.read(line.choice).step) == (None, None, "team")


# --- handing on ------------------------------------------------------------------------------------------------------


async def test_a_case_that_was_taken_is_the_other_ones_at_once(office):
    """Handing over ends one person's part and begins another's: nobody has to take it twice."""
    case = await office.complains(ANA)
    await office.receive(office.pressed(BO, "1:k1:take"))
    eva = await office.member("Eva")
    await office.run(lambda unit: dispatching.hand(scene_of(office, unit), unit.cases.get(case.id), eva, "staff:1"))
    case = await office.case(1)

    assert (case.stage, case.owner_id, case.assignee_id) == ("taken", eva.id, eva.id)


async def test_all_cases_of_one_person_go_to_another(office):
    """A supervisor who sees that somebody is overwhelmed needs one tap."""
    await office.receive(office.wrote(EVA, "/off"))
    for chat in ("1", "2", "3"):
        await office.complains(chat)
    bo, eva = await office.member("Bo"), await office.member("Eva")
    count = await office.run(lambda unit: dispatching.hand_all(scene_of(office, unit), bo, eva, "operator"))

    assert count == 3
    assert {(await office.case(number)).assignee_id for number in (1, 2, 3)} == {eva.id}


async def test_who_goes_away_is_offered_to_hand_on_what_waits(office):
    """Nothing moves by itself: a case that one is in the middle of may well stay one's own."""
    case = await office.complains(ANA)
    await office.receive(office.wrote(BO, "/off"))
    offered = (await office.messages(BO))[-1]
    await office.receive(office.pressed(BO, "1:duty:hand"))

    assert "Cases that wait for you: 1." in offered.text
    assert [button.label for row in offered.rows for button in row] == ["Hand them on", "I am here again"]
    assert (await office.case(case.number)).assignee_id == (await office.member("Eva")).id
    assert dispatching.FOR_YOU.sentence in (await office.texts(EVA))[-1]


async def test_what_nobody_else_can_have_stays(office):
    """Handed on to nobody is forgotten, so it is said instead."""
    await office.receive(office.wrote(EVA, "/off"))
    case = await office.complains(ANA)
    await office.receive(office.wrote(BO, "/off"), office.pressed(BO, "1:duty:hand"))
    await office.receive(office.pressed(BO, "1:duty:hand"))

    assert (await office.case(case.number)).assignee_id == (await office.member("Bo")).id
    assert "they stay yours: 1" in (await office.texts(BO))[-1]


async def test_who_is_here_again_hears_what_waits(office):
    """The first minute back is for what was left."""
    await office.complains(ANA)
    await office.receive(office.wrote(BO, "/off"))
    await office.receive(office.wrote(BO, "/on"))

    assert (await office.member("Bo")).away_at is None
    assert "Cases that wait for you: 1." in (await office.texts(BO))[-1]


async def test_the_cases_of_who_leaves_are_given_anew(office):
    """Taken or only given: nobody's customers leave with them. Whoever holds their offers is told, too."""
    for chat in ("1", "2", "3"):
        await office.complains(chat)
    await office.receive(office.pressed(BO, "1:k1:take"))
    heard = []
    dispatching.WHEN_SOMEBODY_LEFT.append(lambda _scene, member: heard.append(member.name))

    def leave(unit: Unit) -> None:
        bo = unit.staff.by_name(1, "Bo")
        assert bo is not None
        dispatching.somebody_left(scene_of(office, unit), bo, unit.staff.remove(bo.id, 1), "operator")

    await office.run(leave)
    dispatching.WHEN_SOMEBODY_LEFT.pop()
    eva = await office.member("Eva")

    assert {(await office.case(number)).assignee_id for number in (1, 2, 3)} == {eva.id}
    assert ((await office.case(1)).owner_id, heard) == (None, ["Bo"])


# --- fairness --------------------------------------------------------------------------------------------------------


async def test_equals_share_evenly_over_a_thousand_cases(tmp_path):
    """Whoever is quick is not given more for it: no equal's load differs from another's by more than a tenth."""
    office = await Office.open(tmp_path / "makegood.db")
    for at in range(5):
        await office.hire(f"P{at}", str(5000 + at))
    waiting: dict[int, list[int]] = {}
    for number in range(1000):
        case = await office.complains_at_once(str(10_000 + number))
        queue = waiting.setdefault(case.assignee_id or 0, [])
        queue.append(case.number)
        if len(queue) > (case.assignee_id or 0) % 4:  # some put right at once what others put right three cases later
            chat = str(4999 + (case.assignee_id or 1))
            await office.at_once(office.pressed(chat, f"1:k{queue.pop(0)}:resolved"))
        office.clock.pass_by(timedelta(minutes=20).total_seconds())
    given = await office.run(lambda unit: unit.all("SELECT staff_member_id, case_id FROM assignment"))
    counts = Counter(staff_member_id for staff_member_id, _ in given)
    await office.close()

    assert len(given) == 1000
    assert len(counts) == 5
    assert max(counts.values()) <= 1.1 * min(counts.values())


# --- teams -----------------------------------------------------------------------------------------------------------


async def test_another_teams_case_is_neither_read_nor_worked(tmp_path):
    """Two teams share an installation and not their customers; a manager sees both."""
    office = await Office.open(tmp_path / "makegood.db")
    repairs, front = await office.team("Repairs"), await office.team("Front")
    await office.hire("Bo", BO, team_id=repairs.id)
    await office.hire("Eva", EVA, team_id=front.id)
    await office.hire("Max", LIN, "manager", team_id=front.id)
    case = await office.complains(ANA)
    await office.receive(office.pressed(EVA, "1:k1:take"), office.wrote(EVA, "/cases"))
    refused = (await office.case(1)).owner_id
    listed = await office.texts(EVA)
    await office.receive(office.pressed(LIN, "1:k1:take"))
    taken = (await office.case(1)).owner_id
    await office.close()

    assert (case.team_id, refused) == (repairs.id, None)
    assert not any("Case 1" in text for text in listed)
    assert taken == 3
