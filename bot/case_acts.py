"""What the buttons below a case do: one entry an act, and each names what the policy must allow.

Whoever builds another act adds its entry here and keeps its function in a file of their own.
"""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from bot import case_menu, staff_writing, taking
from bot.access.policy import Act
from bot.case_buttons import FIRST, LESS, MORE, NEVER, PUT_RIGHT, SECOND, TAKE, WRITE
from bot.channels.updates import Pressed
from bot.staff_talk import StaffTalk
from conversations.phrases import Phrase
from recovery.cases import Case as StandOfCase
from storage.cases import Case


class CaseAct(NamedTuple):
    """A button below a case.

    `run` does it and returns what to show in passing; what follows the name in its data is
    `case_buttons.pressed_act(pressed.press).more`. `shown` says whether a case that is not closed offers it as it
    stands. `row` 1 and 2 stand below the case, 3 and more open with *More …*, 0 is offered by other messages only.
    """

    label: Phrase
    act: Act
    run: Callable[[StaffTalk, Case, Pressed], Phrase | None]
    shown: Callable[[StandOfCase, Case], bool]
    row: int


def always(_state: StandOfCase, _case: Case) -> bool:
    """Offer an act as long as the case is open."""
    return True


def _nobodys(state: StandOfCase, _case: Case) -> bool:
    return state.owner is None


def _not_put_right(state: StandOfCase, _case: Case) -> bool:
    return state.stage != "resolved"


CASE_ACTS: Final[Mapping[str, CaseAct]] = {
    "take": CaseAct(TAKE, Act.TAKE_CASE, taking.take, _nobodys, FIRST),
    "write": CaseAct(WRITE, Act.WRITE_TO_CUSTOMER, staff_writing.compose, always, FIRST),
    "resolved": CaseAct(PUT_RIGHT, Act.RESOLVE_CASE, taking.put_right, _not_put_right, SECOND),
    "more": CaseAct(MORE, Act.SEE_CASE, case_menu.open_more, always, NEVER),
    "less": CaseAct(LESS, Act.SEE_CASE, case_menu.close_more, always, NEVER),
}
