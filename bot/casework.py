"""A case in the turn: what its machine decided, written down, and staff and customer told.

The machine is `recovery.cases`; here are its rows, its messages to staff and its due rows.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from bot import clockwork, consequences, dispatching, escalation, tallying
from bot.house import FOLLOW_UP_SURVEY
from bot.notifying import telling
from bot.scene import Scene, Talking
from conversations.events import OpenCase
from conversations.state import Closed
from recovery import cases
from recovery.cases import CaseDecision, CaseEvent
from storage.cases import Case
from storage.staff import StaffMember

URGENT_CAUSES: Final = frozenset({"urgent", "asked_for_person"})
UNSORTED: Final = "unsorted"
"""A task to read what a customer wrote and did not sort; its key ends in the conversation's id."""


def tell(scene: Scene, case: Case, event: CaseEvent, actor: str) -> tuple[Case, CaseDecision]:
    """Give an event to a case's machine, and write down and carry out what it decided."""
    before = cases.load(case.state)
    decision = cases.advance(before, event, scene.now, _follow_up_span(scene, case))
    if decision.case != before:
        case = _save(scene, case, decision)
        _note(scene, case, actor, type(event).__name__)
        if decision.case.reopened > before.reopened and decision.case.owner is None:
            case = dispatching.give(scene, case, another_person=True)
    _carry_out(scene, case, decision)
    if decision.case != before:
        clockwork.case_changed(scene, before, case, event)
    return case, decision


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
        closed_at=scene.now if state.stage == "closed" else None,
    )
    saved = scene.unit.cases.get(case.id)
    tallying.case_closed(scene, saved)
    if saved.closed_at is not None:
        telling.case_closed(scene, saved)
    return saved


def _note(scene: Scene, case: Case, actor: str, what: str) -> None:
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
            case cases.AskForCall():
                scene.out.rows += consequences.nothing_done(case, scene.unit, scene.house, scene.now)
            case _:  # a refusal is told by who asked; a follow-up is begun by who fired; stale dues are harmless
                pass


def open_case(scene: Scene, talking: Talking, effect: OpenCase) -> None:
    """Open a case for the customer, or deepen the open one; an unhappy follow-up opens its own case again."""
    conversation = talking.conversation
    if conversation is not None and conversation.purpose == FOLLOW_UP_SURVEY and conversation.case_id:
        case = scene.unit.cases.get(conversation.case_id)
        if case.closed_at is None:
            unhappy = effect.cause == "unhappy"
            event: CaseEvent = cases.Deepened(urgent=effect.cause in URGENT_CAUSES)
            tell(scene, case, cases.OutcomeKnown("not_recovered") if unhappy else event, "customer")
            return
    standing = scene.unit.cases.open_of(talking.speaker.customer.id)
    if standing is not None:
        tell(scene, standing, cases.Deepened(urgent=effect.cause in URGENT_CAUSES), "customer")
        return
    _open_new(scene, talking, effect)


def _open_new(scene: Scene, talking: Talking, effect: OpenCase) -> None:
    survey, conversation = talking.survey, talking.conversation
    span = survey.follow_up if survey is not None else cases.STEP
    decision = cases.opened(scene.now, span, urgent=effect.cause in URGENT_CAUSES)
    case = scene.unit.cases.open(
        scene.house.brand,
        talking.speaker.customer.id,
        talking.speaker.address.id,
        effect.cause,
        cases.save(decision.case),
        decision.case.stage,
        scene.now,
        conversation_id=conversation.id if conversation else None,
        service_event_id=_service_event(scene, talking),
        touchpoint=survey.touchpoint if survey else None,
        urgent=decision.case.urgent,
        rating_question=effect.question,
        rating=effect.rating,
    )
    tallying.case_opened(scene, case)
    if conversation is not None:
        scene.unit.conversations.set_case(conversation.id, case.id)
    telling.case_opened(scene, case)
    _note(scene, case, "makegood", "CaseOpened")
    case = dispatching.give(scene, case)
    _carry_out(scene, case, decision)
    clockwork.case_changed(scene, None, case, None)
    if conversation is not None:
        _pass_on_shown_before(scene, talking, case, conversation.id)


def _pass_on_shown_before(scene: Scene, talking: Talking, case: Case, conversation_id: int) -> None:
    """Let staff see what the customer showed in the conversation before there was a case."""
    shown = [file.id for file in scene.unit.media.of_conversation(conversation_id) if file.case_message_id is None]
    if shown:
        message_id = scene.unit.cases.add_message(case.id, "customer", "", scene.now)
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
    message_id = scene.unit.cases.add_message(case.id, "customer", text, scene.now)
    scene.unit.media.said_in_case(media, message_id, case.customer_id)
    if reopens:
        case, _ = tell(scene, case, cases.CustomerWrote(), "customer")
    escalation.relay_to_staff(scene, case, talking.speaker.customer.name, text, edited=edited, media=media)


def corrected(scene: Scene, talking: Talking, rating: int | None) -> None:
    """Tell the case that the unhappy rating was a slip; one that has another cause only hears of it."""
    case = scene.unit.cases.open_of(talking.speaker.customer.id)
    if case is None:
        return
    if case.cause == "unhappy" and talking.conversation and case.conversation_id == talking.conversation.id:
        tell(scene, case, cases.Corrected(), "customer")
    else:
        escalation.tell_staff(scene, case, "corrected")


def praise(scene: Scene, talking: Talking, text: str, media: Sequence[int] = (), *, rated: bool = False) -> None:
    """Let whoever served hear a kind word, else all staff; `rated` when it came with the best rating."""
    name = talking.speaker.customer.name
    escalation.pass_on_praise(scene, name, text, media, served_by=_who_served(scene, talking), rated=rated)


def _who_served(scene: Scene, talking: Talking) -> StaffMember | None:
    """Return who served the customer when they were asked last, where the service event says so."""
    talks = [] if talking.conversation is None else [talking.conversation]
    if not talks or talks[0].purpose != "survey":
        talks = scene.unit.conversations.of_customer(talking.speaker.customer.id, 5)
    for talk in talks:
        invitation = scene.unit.invitations.of_conversation(talk.id)
        if invitation is not None and invitation.service_event_id is not None:
            served_by = scene.unit.service_events.get(invitation.service_event_id).staff_member_id
            member = None if served_by is None else scene.unit.staff.get(served_by)
            return member if member is not None and member.removed_at is None else None
    return None


def unsorted(scene: Scene, talking: Talking, text: str, media: Sequence[int] = ()) -> None:
    """Let staff read what a customer wrote and did not sort; it stands among what is to be done until somebody did."""
    if talking.conversation is not None:
        key, customer = f"{UNSORTED}:{talking.conversation.id}", talking.speaker.customer
        scene.unit.tasks.add(scene.house.brand, UNSORTED, key, scene.now, customer_id=customer.id)
    escalation.pass_on_unsorted(scene, talking.speaker.customer.name, text, media)


def conversation_ended(scene: Scene, talking: Talking, state: Closed) -> None:
    """When a follow-up ends, its case learns the outcome."""
    conversation = talking.conversation
    if conversation is None or conversation.purpose != FOLLOW_UP_SURVEY or conversation.case_id is None:
        return
    case = scene.unit.cases.get(conversation.case_id)
    if case.closed_at is not None or state.unhappy:  # unhappy was told, and reopened it, at once
        return
    put_right = state.answers.get("put_right")
    said_so = put_right.text == "yes" if put_right is not None else state.outcome == "complete"
    if said_so:
        tell(scene, case, cases.OutcomeKnown("recovered"), "customer")
    elif state.outcome in ("none", "break_off", "stopped"):
        tell(scene, case, cases.OutcomeKnown("unreachable"), "makegood")
