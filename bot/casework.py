"""A case in the turn: what its machine decided, written down, and staff and customer told.

The machine is `recovery.cases`; here are its rows, its messages to staff and its due rows.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from bot import (
    call_tasks,
    case_causes,
    case_effect,
    case_steps,
    clockwork,
    consequences,
    dispatching,
    escalation,
    restatement_answers,
    tallying,
    thanking,
    weighing,
)
from bot.house import FOLLOW_UP_SURVEY
from bot.notifying import telling
from bot.outgoing import CASES
from bot.people import Speaker
from bot.scene import Scene, Talking
from conversations.events import OpenCase
from conversations.phrases import Phrase, phrase
from conversations.state import Closed
from recovery import cases
from recovery.cases import CaseDecision, CaseEvent
from storage.cases import Case
from storage.customers import Customer
from storage.errors import NotFound
from storage.staff import StaffMember

URGENT_CAUSES: Final = frozenset({"urgent", "asked_for_person"})


def tell(scene: Scene, case: Case, event: CaseEvent, actor: str) -> tuple[Case, CaseDecision]:
    """Give an event to a case's machine, and write down and carry out what it decided."""
    before = cases.load(case.state)
    decision = cases.advance(before, event, scene.now, _follow_up_span(scene, case))
    if decision.case != before:
        case = _save(scene, case, decision)
        _note(scene, case, actor, type(event).__name__)
        if decision.case.reopened > before.reopened and decision.case.owner is None:
            case = dispatching.give(scene, case, another_person=True)
    case = case_effect.recorded(scene, before, decision.case, case, event, actor)
    if case.closed_at is not None and before.stage != "closed":
        telling.case_closed(scene, case)
    _note_step(scene, before, case, event, actor)
    _carry_out(scene, case, decision)
    if decision.case != before or isinstance(event, cases.Wrote):  # written to again, after it was opened again
        clockwork.case_changed(scene, before, case, event)
        needless_calls(scene, before, case)
    return case, decision


def needless_calls(scene: Scene, before: cases.Case, case: Case) -> None:
    """End the calls that were to learn what is known now: the customer answered, or it was opened again."""
    if case.stage in ("settled", "closed") or (before.stage == "resolved" and case.stage != "resolved"):
        for task in scene.unit.tasks.of_case(case.id):
            if task.kind == call_tasks.TELEPHONE and scene.unit.tasks.done(task.id, scene.now):
                _note(scene, case, "makegood", "CallNeedless")


def _note_step(scene: Scene, before: cases.Case, case: Case, event: CaseEvent, actor: str) -> None:
    """Write down the step that an event is: it was put right, or the customer said how it is now."""
    if case.stage == before.stage:
        return
    if isinstance(event, cases.SaidResolved):
        case_steps.note_step(scene, case, "repair", "done", actor)
    elif isinstance(event, cases.OutcomeKnown):
        case_steps.note_step(scene, case, "follow_up", "done", actor, evidence=event.outcome)


def _follow_up_span(scene: Scene, case: Case) -> timedelta:
    """Return the span to a check-in, as the survey that led to the case has it."""
    if case.conversation_id is None:
        return cases.STEP
    version = scene.unit.conversations.get(case.conversation_id).survey_version_id
    return cases.STEP if version is None else scene.house.shelf.version(scene.unit, version).follow_up


def _save(scene: Scene, case: Case, decision: CaseDecision) -> Case:
    state = decision.case
    scene.unit.cases.save(
        case.id,
        case.revision,
        state=cases.save(state),
        stage=state.stage,
        owner_id=state.owner,
        urgent=state.urgent,
        outcome=state.outcome,
        closed_at=(case.closed_at or scene.now) if state.stage == "closed" else None,
        root_cause=state.cause,
    )
    saved = scene.unit.cases.get(case.id)
    tallying.case_closed(scene, saved, case.outcome if case.closed_at is not None else None)
    return saved


def _note(scene: Scene, case: Case, actor: str, what: str) -> None:
    scene.out.touched.add(CASES)
    scene.unit.history.add(scene.house.brand, f"case:{case.id}", actor, what, case.stage, scene.now)


def _carry_out(scene: Scene, case: Case, decision: CaseDecision) -> None:
    for effect in decision.effects:
        match effect:
            case cases.TellStaff(what=what):
                escalation.tell_staff(scene, case, what)
            case cases.PlanFollowUp(at=at):
                scene.out.plan("follow_up", case.id, f"follow_up:{case.id}:{at}", at, scene.house.brand)
            case cases.GiveCandidWord(by=by):
                escalation.give_candid_word(scene, case, by)
            case cases.AskForCause():
                case_causes.wanted(scene, case)
            case cases.AskForCall():
                scene.out.rows += consequences.nothing_done(case, scene.unit, scene.house, scene.now)
            case _:  # a refusal is told by who asked; a follow-up is begun by who fired; stale dues are harmless
                pass


def open_case(scene: Scene, talking: Talking, effect: OpenCase) -> Phrase | None:
    """Open a case for the customer, or deepen the open one; an unhappy follow-up opens its own case again.

    Returns a sentence for the customer that names who has it now, where that is news to them.
    """
    conversation = talking.conversation
    if conversation is not None and conversation.purpose == FOLLOW_UP_SURVEY and conversation.case_id:
        case = scene.unit.cases.get(conversation.case_id)
        if case.closed_at is None:
            return _after_follow_up(scene, talking, case, effect)
    standing = scene.unit.cases.unclosed_of(talking.speaker.customer.id)
    if standing is not None:
        if effect.cause == "urgent":
            standing = weighing.alarmed(scene, standing)
        tell(scene, standing, cases.Deepened(urgent=effect.cause in URGENT_CAUSES), "customer")
    else:
        _open_new(scene, talking, effect)
    return None


def _after_follow_up(scene: Scene, talking: Talking, case: Case, effect: OpenCase) -> Phrase | None:
    """Let a case hear what its follow-up brought; return who has it now, for its customer, when it is open again."""
    if effect.cause != "unhappy":
        tell(scene, case, cases.Deepened(urgent=effect.cause in URGENT_CAUSES), "customer")
        return None
    case = case_effect.rated_in(scene, case, talking, effect)
    reopened = case.reopened
    case, _ = tell(scene, case, cases.OutcomeKnown("not_recovered"), "customer")
    return _who_has_it(scene, case) if case.reopened > reopened else None


def _who_has_it(scene: Scene, case: Case) -> Phrase:
    holder = case.owner_id if case.owner_id is not None else case.assignee_id
    if holder is None:
        return phrase("A colleague takes it up again now, and will write to you right here.")
    name = scene.unit.staff.get(holder).name
    return phrase("{name} takes it up again now, and will write to you right here.", name=name)


def _open_new(scene: Scene, talking: Talking, effect: OpenCase) -> None:
    survey, conversation = talking.survey, talking.conversation
    earlier = _followed_up(scene, talking)
    span = survey.follow_up if survey is not None else cases.STEP
    decision = cases.opened(scene.now, span, urgent=effect.cause in URGENT_CAUSES)
    touchpoint = (survey.touchpoint if survey else None) if earlier is None else earlier.touchpoint
    plan = scene.house.shelved.book.plans.for_touchpoint(touchpoint)
    said = [*weighing.said_in_conversation(scene, conversation.id if conversation else None), effect.words]
    weight = weighing.at_opening(scene, survey, plan, said, effect)
    case = scene.unit.cases.open(
        scene.house.brand,
        talking.speaker.customer.id,
        talking.speaker.address.id,
        effect.cause,
        cases.save(decision.case),
        decision.case.stage,
        scene.now,
        conversation_id=conversation.id if conversation else None,
        service_event_id=_service_event(scene, talking) if earlier is None else earlier.service_event_id,
        touchpoint=touchpoint,
        urgent=decision.case.urgent,
        rating_question=effect.question,
        rating=effect.rating,
        severity=weight.severity,
        skill=weight.skill,
        plan=plan.key,
    )
    tallying.case_opened(scene, case)
    if conversation is not None:
        scene.unit.conversations.set_case(conversation.id, case.id)
    telling.case_opened(scene, case)
    _note(scene, case, "makegood", "CaseOpened")
    weighing.note(scene, case)
    case = dispatching.give(scene, case)
    clockwork.case_changed(scene, None, case, None)  # before staff hear of it: the message says what is due when
    _carry_out(scene, case, decision)
    if conversation is not None:
        _pass_on_shown_before(scene, talking, case, conversation.id)


def _pass_on_shown_before(scene: Scene, talking: Talking, case: Case, conversation_id: int) -> None:
    """Let staff see what the customer showed in the conversation before there was a case."""
    shown = [file.id for file in scene.unit.media.of_conversation(conversation_id) if file.case_message_id is None]
    if shown:
        message_id = scene.unit.case_messages.add(case.id, "customer", "", scene.now)
        scene.unit.media.said_in_case(shown, message_id, case.customer_id)
        escalation.relay_to_staff(scene, case, talking.speaker.customer.name, "", media=shown)


def _service_event(scene: Scene, talking: Talking) -> int | None:
    conversation = talking.conversation
    if conversation is None:
        return None
    invitation = scene.unit.invitations.of_conversation(conversation.id)
    return invitation.service_event_id if invitation else None


def customer_said(
    scene: Scene,
    talking: Talking,
    text: str,
    *,
    reopens: bool,
    edited: bool = False,
    media: Sequence[int] = (),
) -> None:
    """Pass a customer's words, and what they showed with them, to whoever works their open case."""
    case = scene.unit.cases.open_of(talking.speaker.customer.id)
    if case is None:
        return
    media = [file.id for file in scene.unit.media.several(media) if file.case_message_id is None]
    if not text and not media:  # staff have it already
        return
    message_id = scene.unit.case_messages.add(case.id, "customer", text, scene.now)
    scene.out.touched.add(CASES)
    scene.unit.media.said_in_case(media, message_id, case.customer_id)
    if reopens:
        case, _ = tell(scene, case, cases.CustomerWrote(), "customer")
    clockwork.customer_answered(scene, case)
    case = weighing.again(scene, case)
    head = None if edited else restatement_answers.heard(scene, case, text, message_id)
    escalation.relay_to_staff(scene, case, talking.speaker.customer.name, text, edited=edited, media=media, head=head)


def apologised(scene: Scene, talking: Talking) -> None:
    """Write down that the customer read our apology: the first step of their case, taken in the turn that opened it."""
    case = scene.unit.cases.open_of(talking.speaker.customer.id)
    if case is not None:
        case_steps.note_step(scene, case, "apology", "done", "makegood")
        thanking.plan(scene, case)


def open_by_staff(scene: Scene, customer: Customer, member: StaffMember, words: str) -> Case:
    """Open a case for a customer who told a staff member what went wrong, or add to the one that is not closed.

    A customer without any chat is rung up where others are written to.
    """
    unit, actor = scene.unit, f"staff:{member.id}"
    address = next(iter(unit.addresses.of_customer(customer.id)), None) or unit.addresses.any_of_customer(customer.id)
    if address is None:
        address = unit.addresses.nowhere(scene.house.brand, customer.id, scene.now)
    talking = Talking(Speaker(address, customer, None, None), None, None)
    open_case(scene, talking, OpenCase("told_staff", words=words))
    case = unit.cases.unclosed_of(customer.id)
    if case is None:
        raise NotFound("recovery_case", customer.id)
    unit.case_messages.add(case.id, "staff", words, scene.now, member.id)
    _note(scene, case, actor, "OpenedByStaff")
    head = phrase("Case {number} · {staff} took this in:", number=case.number, staff=member.name)
    escalation.relay_to_staff(scene, case, customer.name, words, head=head)
    return weighing.again(scene, case)


def corrected(scene: Scene, talking: Talking, rating: int | None) -> None:
    """Tell the case that the unhappy rating was a slip; one that has another cause only hears of it."""
    case = scene.unit.cases.open_of(talking.speaker.customer.id)
    if case is None:
        return
    if case.cause == "unhappy" and talking.conversation and case.conversation_id == talking.conversation.id:
        tell(scene, case, cases.Corrected(), "customer")
    else:
        escalation.tell_staff(scene, case, "corrected")


def conversation_ended(scene: Scene, talking: Talking, state: Closed) -> None:
    """When a follow-up ends, its case learns the outcome; who said nothing is rung up, for silence is no answer."""
    case = _followed_up(scene, talking)
    if case is None or state.unhappy:  # unhappy was told, and reopened it, at once
        return
    case = case_effect.rated_after(scene, case, talking, state)
    if _says_put_right(state):
        tell(scene, case, cases.OutcomeKnown("recovered"), "customer")
    elif state.outcome == "stopped":  # whoever wants to hear no more of us is not rung up either
        tell(scene, case, cases.OutcomeKnown("unreachable"), "customer")
    elif case.stage == "resolved" and cases.load(case.state).follow_up_at is None:  # else they are asked anew
        scene.out.rows += consequences.silent(case, scene.unit, scene.house, scene.now)


def answered_late(scene: Scene, talking: Talking, state: Closed) -> None:
    """Let a case hear what its customer says to a follow-up that was over: their own word counts more than any."""
    case = _followed_up(scene, talking)
    if case is None or state.unhappy:
        return
    case = case_effect.rated_after(scene, case, talking, state)
    if _says_put_right(state) and (case.stage in ("resolved", "settled") or case.outcome == "unreachable"):
        tell(scene, case, cases.OutcomeKnown("recovered"), "customer")


def _followed_up(scene: Scene, talking: Talking) -> Case | None:
    """Return the case that a follow-up asks about, None for any other talk."""
    conversation = talking.conversation
    if conversation is None or conversation.purpose != FOLLOW_UP_SURVEY or conversation.case_id is None:
        return None
    return scene.unit.cases.get(conversation.case_id)


def _says_put_right(state: Closed) -> bool:
    put_right = state.answers.get("put_right")
    return put_right.text == "yes" if put_right is not None else state.outcome == "complete"
