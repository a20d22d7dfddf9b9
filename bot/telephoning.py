"""What came of ringing a customer up, typed by whoever rang: used alike by the chat and the console.

    reached ── about a case that was put right ─> recovered, or open again and given to another person
            ── about one that was not yet ─────> heard; what was promised is still to be done
            ── who never answered a survey ────> an unhappy rating opens a case as any other does
    nobody answered ───────────────────────────> again on the next working day; after three calls unreachable
    wrong number, none at all ─────────────────> unreachable at once

What is typed is kept apart from what customers answer themselves (`storage.phone_calls`) and counts in no score; a
case that ends by it says so.
"""

from typing import Final

import msgspec

from bot import call_tasks, case_effect, case_readers, case_words, casework
from bot.call_tasks import Asked
from bot.channels.messages import Message
from bot.people import Speaker
from bot.phrases import say
from bot.scene import Scene, Talking
from conversations.conditions import holds
from conversations.events import OpenCase
from conversations.phrases import Phrase, phrase
from conversations.understanding import clean, shorten
from recovery import calling, cases
from recovery.calling import CallOutcome
from storage.cases import Case
from storage.phone_calls import PhoneCall
from storage.staff import StaffMember
from storage.tasks import Task

DONE_BEFORE: Final = phrase("That was done already. Thank you!")
THANKS: Final = phrase("Thank you for ringing them up!")
TYPED: Final = "TypedByStaff"
"""What the history of a case calls it when a staff member typed what its customer said."""


class Said(msgspec.Struct, frozen=True):
    """What a customer said on the telephone. `put_right` and `rating` are None where it was not asked or not said."""

    put_right: bool | None = None
    rating: int | None = None
    words: str = ""


def record(
    scene: Scene, task: Task, member: StaffMember, put_right: bool | None, rating: int | None, words: str
) -> Phrase:
    """Take what a customer said on the telephone, and return what came of it, for whoever rang.

    A rating that is not on the scale is refused, and nothing is recorded; a task that was done stays as it was.
    """
    asked = call_tasks.asked_in(scene, task)
    scale = None if asked.question is None else asked.question.scale
    if rating is not None and (scale is None or not scale.low <= rating <= scale.high):
        low, high = (0, 0) if scale is None else (scale.low, scale.high)
        return phrase("The rating must be a number from {low} to {high}.", low=low, high=high)
    if not scene.unit.tasks.done(task.id, scene.now):
        return DONE_BEFORE
    said = Said(put_right, rating, shorten(clean(words))[0])
    call_id = _keep(scene, task, member, "reached", asked, said)
    if task.case_id is not None:
        return _about_a_case(scene, scene.unit.cases.get(task.case_id), member, asked, said)
    if task.invitation_id is not None:
        return _about_silence(scene, task, member, asked, said, call_id)
    return THANKS


def nobody_answered(scene: Scene, task: Task, member: StaffMember) -> Phrase:
    """Take it that nobody picked up; return when to ring again, or that it is over."""
    return _missed(scene, task, member, "no_answer")


def wrong_number(scene: Scene, task: Task, member: StaffMember) -> Phrase:
    """Take it that the number is somebody else's, or that there is none: nobody rings again."""
    return _missed(scene, task, member, "wrong_number")


def add_words(scene: Scene, call: PhoneCall, member: StaffMember, words: str) -> None:
    """Keep what the customer said besides, with the call and for whoever works the case."""
    said = shorten(clean(words))[0]
    scene.unit.phone_calls.say(call.id, said)
    if call.case_id is not None:
        _tell_others(scene, scene.unit.cases.get(call.case_id), member, said)


# --- reached ---------------------------------------------------------------------------------------------------------


def _keep(scene: Scene, task: Task, member: StaffMember, outcome: CallOutcome, asked: Asked, said: Said) -> int:
    rated = asked.question if said.rating is not None else None
    if task.case_id is not None:
        subject = f"case:{task.case_id}"
        scene.unit.history.add(scene.house.brand, subject, f"staff:{member.id}", TYPED, outcome, scene.now)
    return scene.unit.phone_calls.add(
        scene.house.brand,
        task.id,
        call_tasks.customer_of(scene, task).id,
        member.id,
        outcome,
        scene.now,
        case_id=task.case_id,
        invitation_id=task.invitation_id,
        put_right=said.put_right,
        question=None if rated is None else rated.key,
        rated_on=None if rated is None else case_effect.scale_of(rated),
        rating=said.rating,
        words=said.words,
    )


def _about_a_case(scene: Scene, case: Case, member: StaffMember, asked: Asked, said: Said) -> Phrase:
    """Let a case hear what its customer said to a staff member; they were spoken with, in any case."""
    if case.closed_at is not None:
        return phrase("Thank you! Case {number} was closed before; it is kept with it.", number=case.number)
    put_right = case.stage == "resolved"
    case = _spoken_with(scene, case, member)
    if asked.question is not None and said.rating is not None:
        case = case_effect.rated(scene, case, asked.question, said.rating)
    if said.words:
        _tell_others(scene, case, member, said.words)
    if said.put_right is True and not unhappy(asked, said):
        casework.tell(scene, case, cases.OutcomeKnown("recovered"), f"staff:{member.id}")
        return phrase("Thank you! Case {number}: the customer says that it was put right.", number=case.number)
    if not put_right or (said.put_right is None and not unhappy(asked, said)):
        return _still_to_do(scene, case, said)
    case, _ = casework.tell(scene, case, cases.OutcomeKnown("not_recovered"), f"staff:{member.id}")
    holder = case_readers.holder(case)
    if holder is None:
        return phrase("Thank you! Case {number} is open again. Please tell the customer so.", number=case.number)
    name = scene.unit.staff.get(holder).name
    return phrase(
        "Thank you! Case {number} is open again, and {name} has it now. Please tell the customer so.",
        number=case.number,
        name=name,
    )


def _spoken_with(scene: Scene, case: Case, member: StaffMember) -> Case:
    """Count the call as a word of ours to the customer; a case that waits for somebody else to take it goes on so."""
    if case.owner_id is None:
        return case_effect.contacted(scene, case)
    case, _ = casework.tell(scene, case, cases.Wrote(member.id), f"staff:{member.id}")
    return case


def _still_to_do(scene: Scene, case: Case, said: Said) -> Phrase:
    """Say what is still owed; whoever was asked and did not say it is asked once more, on another day."""
    if case.stage == "resolved" and said.put_right is None:
        why = f"asked_again:{scene.now}"
        call_tasks.for_case(scene, case, why, phrase("They did not say whether it was put right. Please ask again."))
        return phrase("Thank you! They did not say whether it was put right, so this call stays on the list.")
    return phrase("Thank you! Case {number} is still to be put right.", number=case.number)


def unhappy(asked: Asked, said: Said) -> bool:
    """Return whether what was said is unhappy by the survey's own condition."""
    if asked.survey is None or not asked.survey.unhappy:
        return said.put_right is False
    answers: dict[str, int | str | bool | tuple[str, ...]] = {}
    if said.put_right is not None:
        answers["put_right"] = "yes" if said.put_right else "no"
    if asked.question is not None and said.rating is not None:
        answers[asked.question.key] = said.rating
    return said.put_right is False or holds(asked.survey.unhappy, answers, asked.facts) is True


def _tell_others(scene: Scene, case: Case, member: StaffMember, words: str) -> None:
    """Bring what the customer said to whoever reads the case, besides the one who typed it."""
    own = {address.id for address in scene.unit.addresses.of_staff(member.id)}
    customer = scene.unit.customers.get(case.customer_id)
    name = customer.name or customer.reference
    head = phrase("{name} said on the telephone, as {staff} typed it:", name=name, staff=member.name)
    for address, language in case_readers.readers(scene, case):
        if address.id not in own:
            text = f"{case_words.title(scene, case, language)}\n{say(head, language)}\n{words}"
            scene.out.post(address, Message(text), "case_news", case_id=case.id)


# --- those who never answered ----------------------------------------------------------------------------------------


def _about_silence(scene: Scene, task: Task, member: StaffMember, asked: Asked, said: Said, call_id: int) -> Phrase:
    customer = call_tasks.customer_of(scene, task)
    if asked.question is None or not unhappy(asked, said):
        return THANKS
    talking = _talking(scene, task)
    if talking is None:
        return THANKS
    casework.open_case(scene, talking, OpenCase("unhappy", asked.question.key, said.rating))
    case = scene.unit.cases.open_of(customer.id)
    if case is None:
        return THANKS
    scene.unit.phone_calls.belong(call_id, case.id)
    scene.unit.history.add(scene.house.brand, f"case:{case.id}", f"staff:{member.id}", TYPED, "reached", scene.now)
    if said.words:
        _tell_others(scene, case, member, said.words)
    return phrase("Thank you! Case {number} is open now, so that it is put right.", number=case.number)


def _talking(scene: Scene, task: Task) -> Talking | None:
    """Return the talk in which the customer said nothing, so that a case knows what it is about."""
    invitation = scene.unit.invitations.get(task.invitation_id or 0)
    if invitation.conversation_id is None:
        return None
    talk = scene.unit.conversations.get(invitation.conversation_id)
    survey = scene.house.shelf.version(scene.unit, invitation.survey_version_id)
    address = scene.unit.addresses.get(talk.address_id)
    customer = call_tasks.customer_of(scene, task)
    return Talking(Speaker(address, customer, talk, None), talk, survey)


# --- missed ----------------------------------------------------------------------------------------------------------


def _missed(scene: Scene, task: Task, member: StaffMember, outcome: CallOutcome) -> Phrase:
    if task.done_at is not None:
        return DONE_BEFORE
    case = None if task.case_id is None else scene.unit.cases.get(task.case_id)
    asked = call_tasks.asked_in(scene, task)
    follows = calling.after(outcome, task.tries, call_tasks.hours(scene, case), scene.now)
    if isinstance(follows, calling.RingAgain):
        if task.not_before > scene.now:
            return phrase("You rang today already. I will bring it up again on the next working day.")
        _keep(scene, task, member, outcome, asked, Said())
        scene.unit.tasks.try_again(task.id, follows.at)
        call_tasks.bring_up_at(scene, task, follows.at)
        return phrase("All right. I will bring it up again on the next working day.")
    if not scene.unit.tasks.done(task.id, scene.now):
        return DONE_BEFORE
    _keep(scene, task, member, outcome, asked, Said())
    if case is None:
        return phrase("All right. They are left in peace.")
    return _given_up(scene, case, member)


def _given_up(scene: Scene, case: Case, member: StaffMember) -> Phrase:
    """End a case whose customer nobody can reach; one that was not put right stays with whoever has it."""
    if case.stage == "resolved":
        casework.tell(scene, case, cases.OutcomeKnown("unreachable"), f"staff:{member.id}")
        return phrase("All right. Case {number} ends here: the customer cannot be reached.", number=case.number)
    return phrase(
        "All right. Case {number} is still to be put right, even though the customer cannot be reached.",
        number=case.number,
    )
