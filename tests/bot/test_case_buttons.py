"""Claims about the buttons below a case: few at once, each found in its place, and none of an older message dead."""

from itertools import product

import pytest
from msgspec.structs import replace

from bot import case_buttons
from bot.case_acts import CASE_ACTS
from bot.case_buttons import GROUPS, NEVER, Rows
from bot.channels.messages import Button
from bot.outgoing import message_of
from recovery.cases import Case as Stand
from storage.cases import Case
from tests.bot.test_staff_cases import arrived
from tests.bot.turning import World

ANA, BO = "1", "11"
MOST = 7
"""So many buttons a telephone shows below a message of some lines without pushing its words out of sight."""

CASE = Case(17, 1, 17, 1, 1, None, None, None, "complaint", 0, None, None, "{}", "open", None, 0, None, 1, None)
STANDS = (
    Stand(),
    Stand(stage="taken", owner=1),
    Stand(stage="taken", owner=1, reopened=1, level=1, cause="work.broken"),
    Stand(stage="resolved", owner=1),
    Stand(stage="resolved", owner=1, cause="work.broken"),
    Stand(stage="settled", owner=1, outcome="recovered"),
    Stand(stage="settled", outcome="recovered", cause="work.broken"),
)
EARLIER: Rows = (
    (Button("Offer", "1:k17:offer"),),
    (Button("Say it back", "1:k17:restate"), Button("Ask: is it done?", "1:k17:askdone")),
    (Button("‹ Back", "1:k17:less"),),
)
"""*More …* as it was opened before there were groups."""


@pytest.fixture
async def world(tmp_path):
    world = await World.open(tmp_path / "makegood.db")
    await world.staff("Bo", BO)
    yield world
    await world.close()


def levels(state: Stand, language: str) -> dict[str | None, Rows]:
    """What stands below the case, by how far it is opened."""
    below: dict[str | None, Rows] = {None: case_buttons.rows(state, CASE, language)}
    below.update((group, case_buttons.more_rows(state, CASE, language, group)) for group in ("", *GROUPS))
    return below


def names(rows: Rows) -> list[str]:
    return [button.press.removeprefix("1:k17:") for row in rows for button in row]


@pytest.mark.parametrize(("state", "language"), list(product(STANDS, ("en", "zh-Hans", "zh-Hant"))))
def test_never_more_than_seven_stand_below_a_message(state, language):
    """Somebody at a counter finds one of seven at a glance, and one of sixteen not at all."""
    assert {len(names(rows)) <= MOST for rows in levels(state, language).values()} == {True}


@pytest.mark.parametrize("state", STANDS)
def test_whatever_a_case_offers_is_found_in_two_taps(state):
    """Putting things in order must not put any of them away."""
    found = {name for rows in levels(state, "en").values() for name in names(rows)}

    assert found >= {name for name, act in CASE_ACTS.items() if act.place != NEVER and act.shown(state, CASE)}


@pytest.mark.parametrize(
    ("state", "likely"),
    [
        (Stand(), ["restate", "offer"]),
        (Stand(stage="taken", owner=1), ["restate", "offer"]),
        (Stand(stage="resolved", owner=1), ["cause", "offer", "askdone"]),
        (Stand(stage="resolved", owner=1, cause="work.broken"), ["offer", "askdone"]),
        (Stand(stage="settled", owner=1), ["cause", "offer"]),
    ],
)
def test_what_the_case_needs_now_comes_first(state, likely):
    """Before it is put right that is to understand the customer; afterwards, why it went wrong."""
    assert names(case_buttons.more_rows(state, CASE, "en"))[: len(likely) + 1] == [*likely, "more:customer"]


@pytest.mark.parametrize("group", [None, "", *GROUPS])
def test_a_message_that_changes_stays_as_far_opened(group):
    """Somebody may be about to tap: buttons that jump below a finger do what nobody wanted."""
    shown = levels(Stand(), "en")[group]

    assert case_buttons.opened(shown) == group
    assert (
        case_buttons.again(shown, Stand(stage="resolved"), CASE, "en") == levels(Stand(stage="resolved"), "en")[group]
    )


def test_what_was_opened_before_there_were_groups_stays_open():
    """Old messages stand in the chats of staff for as long as their cases take."""
    assert case_buttons.again(EARLIER, Stand(), CASE, "en") == case_buttons.more_rows(Stand(), CASE, "en")


def test_a_closed_case_offers_nothing():
    """There is nothing left to do in it."""
    assert set(levels(Stand(stage="closed", outcome="recovered"), "en").values()) == {()}


@pytest.mark.parametrize("press", ["more:nonsense", "less:nonsense", "more:"])
async def test_a_group_that_never_was_opens_what_more_opens(world, press):
    """What a button says is not to be believed, and a later edition may know other groups."""
    await world.receive(world.wrote(ANA, "/start"))
    await world.receive(world.pressed(ANA, f"1:seed{world.seeds}.0:1"))
    [told] = [row for row in await world.rows(BO) if row.purpose == "escalation"]
    await world.receive(replace(world.pressed(BO, f"1:k1:{press}"), ref=await arrived(world, told)))

    assert case_buttons.opened(message_of((await world.rows(BO))[-1]).rows) == ""
