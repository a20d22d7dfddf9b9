"""What the buttons below a case do: one entry an act, and each names what the policy must allow.

Whoever builds another act adds its entry here and keeps its function in a file of their own.
"""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from bot import (
    case_menu,
    case_pages,
    drafts,
    handing,
    naming_causes,
    noting,
    offers_making,
    restating,
    staff_cases,
    staff_writing,
    step_acts,
    taking,
    taking_back,
)
from bot.access.policy import Act
from bot.case_buttons import (
    CUSTOMER,
    FIRST,
    LESS,
    LIKELY,
    MORE,
    NEVER,
    PUT_RIGHT,
    SECOND,
    STORY,
    TAKE,
    TEAM,
    WRITE,
)
from bot.channels.updates import Pressed
from bot.staff_talk import StaffTalk
from conversations.phrases import Phrase, phrase
from recovery.cases import Case as StandOfCase
from storage.cases import Case


def _never(_state: StandOfCase, _case: Case) -> bool:
    return False


class CaseAct(NamedTuple):
    """A button below a case.

    `run` does it and returns what to show in passing; what follows the name in its data is
    `case_buttons.pressed_act(pressed.press).more`. `shown` says whether a case that is not closed offers it as it
    stands. `place` says where: FIRST and SECOND are the rows below the case, LIKELY stands on top of *More …*, a group
    opens there, and NEVER is offered by other messages only. `likely` says whether what stands in a group comes on top
    as well, because it is what the case needs now. Within a place they stand in the order of `CASE_ACTS`.
    """

    label: Phrase
    act: Act
    run: Callable[[StaffTalk, Case, Pressed], Phrase | None]
    shown: Callable[[StandOfCase, Case], bool]
    place: str
    likely: Callable[[StandOfCase, Case], bool] = _never


def always(_state: StandOfCase, _case: Case) -> bool:
    """Offer an act as long as the case is open."""
    return True


def _nobodys(state: StandOfCase, _case: Case) -> bool:
    return state.owner is None


def _put_right(state: StandOfCase, _case: Case) -> bool:
    return state.stage in ("resolved", "settled")


def _not_put_right(state: StandOfCase, _case: Case) -> bool:
    return state.stage not in ("resolved", "settled")


def _said_to_be_put_right(state: StandOfCase, _case: Case) -> bool:
    return state.stage == "resolved"


def _cause_is_missing(state: StandOfCase, _case: Case) -> bool:
    return state.cause is None


CASE_ACTS: Final[Mapping[str, CaseAct]] = {
    "take": CaseAct(TAKE, Act.TAKE_CASE, taking.take, _nobodys, FIRST),
    "write": CaseAct(WRITE, Act.WRITE_TO_CUSTOMER, staff_writing.compose, always, FIRST),
    "resolved": CaseAct(PUT_RIGHT, Act.RESOLVE_CASE, taking.put_right, _not_put_right, SECOND),
    "cause": CaseAct(
        naming_causes.ROOT_CAUSE, Act.RESOLVE_CASE, naming_causes.pressed, _put_right, TEAM, _cause_is_missing
    ),
    "restate": CaseAct(restating.SAY_IT_BACK, Act.WRITE_TO_CUSTOMER, restating.begin, always, CUSTOMER, _not_put_right),
    "apologise": CaseAct(
        step_acts.PERSONAL_APOLOGY, Act.WRITE_TO_CUSTOMER, step_acts.opens("apology"), always, CUSTOMER
    ),
    "empathise": CaseAct(step_acts.EMPATHISE, Act.WRITE_TO_CUSTOMER, step_acts.opens("empathy"), always, CUSTOMER),
    "repaired": CaseAct(step_acts.TELL_OF_REPAIR, Act.WRITE_TO_CUSTOMER, step_acts.opens("repair"), always, CUSTOMER),
    "atone": CaseAct(step_acts.ATONE, Act.WRITE_TO_CUSTOMER, step_acts.opens("atonement"), always, CUSTOMER),
    "offer": CaseAct(offers_making.OFFER, Act.MAKE_OFFERS, offers_making.pressed, offers_making.shown_below, LIKELY),
    "askdone": CaseAct(
        step_acts.IS_IT_DONE, Act.WRITE_TO_CUSTOMER, step_acts.ask_if_done, always, CUSTOMER, _said_to_be_put_right
    ),
    "evidence": CaseAct(step_acts.WHAT_WAS_DONE, Act.RESOLVE_CASE, step_acts.ask_what_was_done, always, TEAM),
    "note": CaseAct(phrase("Note"), Act.NOTE_IN_CASE, noting.ask_note, always, TEAM),
    "hand": CaseAct(handing.HAND, Act.HAND_CASE, handing.pressed, always, TEAM),
    "wow": CaseAct(phrase("Good story"), Act.NOTE_IN_CASE, noting.ask_wow, always, TEAM),
    "open": CaseAct(phrase("The whole story"), Act.SEE_CASE, staff_cases.open_case, always, STORY),
    "steps": CaseAct(step_acts.STEPS_SO_FAR, Act.SEE_CASE, step_acts.so_far, always, STORY),
    "files": CaseAct(phrase("Photos and files"), Act.SEE_CASE, case_pages.show_files, always, STORY),
    "page": CaseAct(phrase("Its page"), Act.SEE_CASE, case_pages.give_address, always, STORY),
    "send": CaseAct(drafts.SEND, Act.WRITE_TO_CUSTOMER, step_acts.send, always, NEVER),
    "anew": CaseAct(drafts.WRITE_ANEW, Act.WRITE_TO_CUSTOMER, step_acts.anew, always, NEVER),
    "spare": CaseAct(drafts.NOT_NEEDED, Act.WRITE_TO_CUSTOMER, step_acts.spare, always, NEVER),
    taking_back.TAKE_BACK_ACT: CaseAct(taking_back.LABEL, Act.WRITE_TO_CUSTOMER, taking_back.take_back, always, NEVER),
    "more": CaseAct(MORE, Act.SEE_CASE, case_menu.open_more, always, NEVER),
    "less": CaseAct(LESS, Act.SEE_CASE, case_menu.close_more, always, NEVER),
}
