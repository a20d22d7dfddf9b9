"""Two acts below a case: somebody takes it, somebody says that it is put right. Of two at once, one wins."""

from typing import Final

from bot import casework, naming_causes, staff_writing
from bot.channels.updates import Pressed
from bot.staff_talk import StaffTalk
from bot.wall_clock import wall_time
from conversations.phrases import Phrase, phrase
from recovery import cases
from storage.cases import Case

REFUSALS: Final[dict[str, Phrase]] = {
    "closed": staff_writing.CASE_CLOSED,
    "yours_already": phrase("It is yours already."),
    "somebody_elses": phrase("{name} has it already."),
    "not_put_right": naming_causes.TOO_EARLY,
    "resolved_already": phrase("{name} marked it as put right already."),
}


def take(talk: StaffTalk, case: Case, _pressed: Pressed) -> Phrase:
    """Take the case; return that it is theirs, or whose it is."""
    _, refused = _tell(talk, case, cases.Took(talk.member.id))
    return refused or phrase("It is yours. Thank you!")


def put_right(talk: StaffTalk, case: Case, _pressed: Pressed) -> Phrase:
    """Say that it is put right, and when the customer is asked; return it in short."""
    case, refused = _tell(talk, case, cases.SaidResolved(talk.member.id))
    if refused is not None:
        return refused
    at = cases.load(case.state).follow_up_at or talk.now
    when = wall_time(at, talk.house.zone, talk.member.language)
    talk.say(phrase("Case {number} is put right. I will ask the customer on {when}.", number=case.number, when=when))
    naming_causes.ask(talk, case)
    return phrase("Put right")


def _tell(talk: StaffTalk, case: Case, event: cases.CaseEvent) -> tuple[Case, Phrase | None]:
    """Give the case an event; return it, and why it was refused if it was."""
    case, decision = casework.tell(talk.scene, case, event, talk.actor)
    refused = next((effect for effect in decision.effects if isinstance(effect, cases.Refuse)), None)
    if refused is None:
        return case, None
    return case, Phrase(REFUSALS[refused.why].sentence, {"name": _who_was_first(talk, case, refused.why)})


def _who_was_first(talk: StaffTalk, case: Case, why: str) -> str:
    """Return the name of whoever was quicker: who has the case, or who marked it as put right."""
    staff = talk.unit.staff
    if why == "resolved_already":
        said = [line.actor for line in talk.unit.history.of(f"case:{case.id}") if line.what == "SaidResolved"]
        ident = said[-1].partition(":")[2] if said else ""
        return staff.get(int(ident)).name if ident.isdecimal() else ""
    return staff.get(case.owner_id).name if case.owner_id else ""
