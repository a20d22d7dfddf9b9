"""A case in the turn: what its machine decided, written down, and staff and customer told.

The machine is `recovery.cases`; here are its rows, its messages to staff and its due rows.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot import escalation
from bot.house import FOLLOW_UP_SURVEY, House
from bot.outgoing import Outgoing
from conversations.events import OpenCase
from conversations.state import Closed
from recovery import cases
from recovery.cases import CaseDecision, CaseEvent
from storage.cases import Case
from storage.conversations import Conversation
from storage.unit import Unit

if TYPE_CHECKING:
    from bot.effects import Exchange

URGENT_CAUSES: Final = frozenset({"urgent", "asked_for_person"})


class Desk:
    """The cases of one turn: the unit, the moment, and what is sent."""

    def __init__(self, unit: Unit, house: House, out: Outgoing, now: int) -> None:
        self.unit = unit
        self.house = house
        self.out = out
        self.now = now

    def follow_up_span(self, case: Case) -> timedelta:
        """Return the span to a check-in, as the survey that led to the case has it."""
        if case.conversation_id is None:
            return cases.STEP
        version = self.unit.conversations.get(case.conversation_id).survey_version_id
        return cases.STEP if version is None else self.house.shelf.version(self.unit, version).follow_up

    def tell(self, case: Case, event: CaseEvent, actor: str) -> tuple[Case, CaseDecision]:
        """Give an event to a case's machine, and write down and carry out what it decided."""
        before = cases.load(case.state)
        decision = cases.advance(before, event, self.now, self.follow_up_span(case))
        if decision.case != before:
            case = self._save(case, decision)
            self._note(case, actor, type(event).__name__)
        self._carry_out(case, decision, actor)
        return case, decision

    def open(self, case: Case, decision: CaseDecision) -> None:
        """Carry out what a new case needs."""
        self._note(case, "makegood", "CaseOpened")
        self._carry_out(case, decision, "customer")

    def _save(self, case: Case, decision: CaseDecision) -> Case:
        state = decision.case
        closed_at = self.now if state.stage == "closed" else None
        self.unit.cases.save(
            case.id,
            case.revision,
            state=cases.save(state),
            stage=state.stage,
            owner_id=state.owner,
            urgent=state.urgent,
            outcome=state.outcome,
            closed_at=closed_at,
        )
        return self.unit.cases.get(case.id)

    def _note(self, case: Case, actor: str, what: str) -> None:
        self.unit.history.add(self.house.brand, f"case:{case.id}", actor, what, case.stage, self.now)

    def _carry_out(self, case: Case, decision: CaseDecision, actor: str) -> None:
        for effect in decision.effects:
            match effect:
                case cases.TellStaff(what=what):
                    escalation.tell_staff(self, case, what)
                case cases.PlanFollowUp(at=at):
                    key = f"follow_up:{case.id}:{at}"
                    self.out.plan("follow_up", case.id, key, at, self.house.brand)
                case cases.GiveCandidWord(by=by):
                    escalation.give_candid_word(self, case, by)
                case _:  # a refusal is told by who asked; a follow-up is begun by who fired; stale dues are harmless
                    pass


def desk_of(exchange: Exchange) -> Desk:
    """Return the desk of an exchange's own turn."""
    return Desk(exchange.unit, exchange.house, exchange.out, exchange.now)


def open_case(exchange: Exchange, effect: OpenCase) -> None:
    """Open a case for the customer, or deepen the open one; an unhappy follow-up opens its own case again."""
    desk = desk_of(exchange)
    conversation = exchange.conversation
    if conversation is not None and conversation.purpose == FOLLOW_UP_SURVEY and conversation.case_id:
        case = exchange.unit.cases.get(conversation.case_id)
        if case.closed_at is None:
            unhappy = effect.cause == "unhappy"
            event: CaseEvent = cases.Deepened(urgent=effect.cause in URGENT_CAUSES)
            desk.tell(case, cases.OutcomeKnown("not_recovered") if unhappy else event, "customer")
            return
    standing = exchange.unit.cases.open_of(exchange.speaker.customer.id)
    if standing is not None:
        desk.tell(standing, cases.Deepened(urgent=effect.cause in URGENT_CAUSES), "customer")
        return
    _open_new(exchange, desk, effect)


def _open_new(exchange: Exchange, desk: Desk, effect: OpenCase) -> None:
    survey, conversation = exchange.survey, exchange.conversation
    span = survey.follow_up if survey is not None else cases.STEP
    decision = cases.opened(exchange.now, span, urgent=effect.cause in URGENT_CAUSES)
    case = exchange.unit.cases.open(
        exchange.house.brand,
        exchange.speaker.customer.id,
        exchange.speaker.address.id,
        effect.cause,
        cases.save(decision.case),
        decision.case.stage,
        exchange.now,
        conversation_id=conversation.id if conversation else None,
        service_event_id=_service_event(exchange),
        touchpoint=survey.touchpoint if survey else None,
        urgent=decision.case.urgent,
        rating_question=effect.question,
        rating=effect.rating,
    )
    if conversation is not None:
        exchange.unit.conversations.set_case(conversation.id, case.id)
    desk.open(case, decision)


def _service_event(exchange: Exchange) -> int | None:
    conversation = exchange.conversation
    if conversation is None:
        return None
    invitation = exchange.unit.invitations.of_conversation(conversation.id)
    return invitation.service_event_id if invitation else None


def customer_said(exchange: Exchange, text: str, *, reopens: bool, edited: bool = False) -> None:
    """Pass a customer's words to whoever works their open case."""
    desk = desk_of(exchange)
    case = exchange.unit.cases.open_of(exchange.speaker.customer.id)
    if case is None:
        return
    exchange.unit.cases.add_message(case.id, "customer", text, exchange.now)
    if reopens:
        case, _ = desk.tell(case, cases.CustomerWrote(), "customer")
    escalation.relay_to_staff(desk, case, exchange.speaker.customer.name, text, edited=edited)


def corrected(exchange: Exchange, rating: int | None) -> None:
    """Tell the case that the unhappy rating was a slip; one that has another cause only hears of it."""
    case = exchange.unit.cases.open_of(exchange.speaker.customer.id)
    if case is None:
        return
    desk = desk_of(exchange)
    if case.cause == "unhappy" and exchange.conversation and case.conversation_id == exchange.conversation.id:
        desk.tell(case, cases.Corrected(), "customer")
    else:
        escalation.tell_staff(desk, case, "corrected")


def praise(exchange: Exchange, text: str) -> None:
    """Let staff hear a kind word."""
    escalation.pass_on_praise(desk_of(exchange), exchange.speaker.customer.name, text)


def conversation_ended(exchange: Exchange, conversation: Conversation, state: Closed) -> None:
    """When a follow-up ends, its case learns the outcome."""
    if conversation.purpose != FOLLOW_UP_SURVEY or conversation.case_id is None:
        return
    case = exchange.unit.cases.get(conversation.case_id)
    if case.closed_at is not None or state.unhappy:  # unhappy was told, and reopened it, at once
        return
    put_right = state.answers.get("put_right")
    said_so = put_right.text == "yes" if put_right is not None else state.outcome == "complete"
    if said_so:
        desk_of(exchange).tell(case, cases.OutcomeKnown("recovered"), "customer")
    elif state.outcome in ("none", "break_off", "stopped"):
        desk_of(exchange).tell(case, cases.OutcomeKnown("unreachable"), "makegood")
