"""Beginning a conversation: may we, with what, and where.

An invitation ends as sent, withheld with its reason, cancelled, or waits for its link; it is counted in each case.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from bot import case_effect, tallying, trying
from bot.effects import Exchange, state_of
from bot.house import FOLLOW_UP_SURVEY, INVITATION_LASTS, House
from bot.outgoing import Outgoing
from bot.people import Speaker, facts_of, language_of, speaking_for
from bot.scene import Scene, Talking
from conversations import anonymity, asking, comparing, contact, desk, engine
from conversations.asking import outcome_of
from conversations.contact import Allowed, Facts, Kind, NotNow, WaitingForLink, Withheld
from conversations.events import Decision
from conversations.phrases import phrase
from conversations.state import Asking, Sorting, save
from conversations.surveys import Survey
from storage.addresses import Address
from storage.cases import Case
from storage.conversations import Conversation
from storage.customers import Customer
from storage.events import Invitation
from storage.unit import Unit

MILLISECOND: Final = timedelta(milliseconds=1)
TAKES_TURNS: Final = timedelta(hours=1)
"""How long an invitation waits before it looks again, while its chat is asked about another customer of it."""

LATE: Final = phrase("I meant to ask you earlier, and I am sorry that it took longer.")


def contact_facts(
    unit: Unit, house: House, customer: Customer, address: Address | None, talk: Conversation | None, *, sampled: bool
) -> Facts:
    """Return what the contact rules look at."""
    under_way = talk is not None and talk.purpose != "desk"
    began_at = unit.chat_customers.last_proactive_at(address.id) if address is not None else None
    return Facts(
        opted_out=customer.opted_out_at is not None,
        consented=True if customer.consented_at is not None else None,
        last_asked_at=customer.last_asked_at,
        last_proactive_at=max((at for at in (customer.last_proactive_at, began_at) if at is not None), default=None),
        zone=customer.zone or house.zone,
        has_open_case=unit.cases.open_of(customer.id) is not None,
        in_conversation=under_way,
        reachable=address is None or address.unreachable_at is None,
        has_address=address is not None,
        sampled=sampled,
        last_spoke_at=address.last_heard_at if address else None,
    )


def decide(invitation: Invitation, scene: Scene) -> int | None:
    """Decide a planned invitation: send it, keep it with its reason, or return when to look again."""
    if invitation.state != "planned":
        return None
    if scene.now - invitation.planned_at > INVITATION_LASTS // MILLISECOND:
        scene.unit.invitations.decide(invitation.id, "cancelled", "expired", scene.now)
        return None
    customer = scene.unit.customers.get(invitation.customer_id)
    survey = scene.house.shelf.version(scene.unit, invitation.survey_version_id)
    address = _address_of(scene.unit, customer)
    talk = scene.unit.conversations.open_at(address.id) if address else None
    sampled = contact.sampled(f"{invitation.id}:{customer.reference}", survey.share)
    own = talk if talk is not None and talk.customer_id == customer.id else None
    facts = contact_facts(scene.unit, scene.house, customer, address, own, sampled=sampled)
    match contact.may_we_ask(Kind.INVITATION, facts, scene.house.rules, scene.now):
        case NotNow(until=until):
            return until
        case Withheld(reason=reason):
            scene.unit.invitations.decide(invitation.id, "withheld", reason.value, scene.now)
        case WaitingForLink():
            scene.unit.invitations.decide(invitation.id, "waiting_for_link", None, scene.now)
        case Allowed() if talk is not None and own is None and talk.purpose != "desk":
            return after_the_other(scene, facts.zone)
        case Allowed():
            if address is not None:
                speaker = Speaker(address, customer, talk, None)
                begin(speaker, invitation.survey_version_id, survey, scene, invitation, "invitation")
    return None


def after_the_other(scene: Scene, zone: str) -> int:
    """Return when to look again, while a chat is asked about another one of those it speaks for."""
    return contact.waking(scene.now + TAKES_TURNS // MILLISECOND, zone, scene.house.rules)


def _address_of(unit: Unit, customer: Customer) -> Address | None:
    reachable = unit.addresses.of_customer(customer.id)
    if reachable:
        return reachable[0]
    return unit.addresses.any_of_customer(customer.id)


def begin(
    speaker: Speaker,
    version_id: int,
    survey: Survey,
    scene: Scene,
    invitation: Invitation | None = None,
    began_as: str = "question",
) -> None:
    """Begin a survey with a customer; `began_as` is `invitation` when they did not just ask for it."""
    close_open(speaker, scene)
    _turn_to(speaker, scene.unit)
    customer, address = speaker.customer, speaker.address
    event_id = invitation.service_event_id if invitation else None
    service = scene.unit.service_events.get(event_id).service if event_id is not None else "{}"
    language = _spoken(survey, language_of(address, customer, scene.house))
    facts = facts_of(customer, scene.house, service)
    variant = trying.side_of(customer, survey, scene)
    if variant is not None:
        survey = scene.house.shelf.asked(scene.unit, version_id, variant)
    seed = scene.house.seed()
    decision = engine.begin(survey, seed, language, facts, scene.now, consented=customer.consented_at is not None)
    conversation = scene.unit.conversations.open(
        scene.house.brand,
        address.id,
        customer.id,
        "survey",
        seed,
        save(decision.state),
        scene.now,
        survey_version_id=version_id,
        variant=variant,
        anonymous=decision.state.anonymous,
    )
    _count(invitation, conversation, customer, survey, version_id, scene.unit, scene.house, scene.now)
    tallying.conversation_changed(scene, conversation, survey, None, decision.state)
    Exchange(scene, Talking(speaker, conversation, survey), began_as=began_as).carry_out(decision)
    plan_silence(conversation, survey, scene.out, scene.now)
    if began_as == "invitation":
        scene.unit.customers.began(customer.id, scene.now)


def _turn_to(speaker: Speaker, unit: Unit) -> None:
    """Let the chat speak for whom the talk is about that begins there; words after it are theirs, too."""
    if speaker.address.customer_id != speaker.customer.id:
        unit.addresses.turn_to(speaker.address.id, speaker.customer.id)


def _spoken(survey: Survey, language: str) -> str:
    """Return the language itself when the survey has it or a near one, else the survey's default."""
    family = language.split("-", maxsplit=1)[0]
    return language if any(tag.split("-")[0] == family for tag in survey.languages) else survey.languages[0]


def _count(
    invitation: Invitation | None,
    conversation: Conversation,
    customer: Customer,
    survey: Survey,
    version_id: int,
    unit: Unit,
    house: House,
    now: int,
) -> None:
    """Count the invitation as sent; a survey that the customer began has one of its own."""
    if invitation is None:
        invitation = unit.invitations.add(house.brand, customer.id, None, version_id, survey.touchpoint, "planned", now)
    if invitation is not None:
        unit.invitations.decide(invitation.id, "sent", None, now, conversation.id)
    unit.customers.asked(customer.id, now)


def plan_silence(conversation: Conversation, survey: Survey, out: Outgoing, now: int) -> None:
    """Plan the reminders, and the end of our patience."""
    for number, after in enumerate(survey.remind, 1):
        key = f"remind:{conversation.id}:{number}"
        out.plan("remind", conversation.id, key, now + after // MILLISECOND, conversation.brand_id)
    expires_at = now + survey.expires // MILLISECOND
    out.plan("expire", conversation.id, f"expire:{conversation.id}", expires_at, conversation.brand_id)


def close_open(speaker: Speaker, scene: Scene, *, tells_case: bool = True) -> None:
    """Close what is open in this chat, with the outcome it has so far, so that another talk can begin."""
    talk = speaker.conversation
    if talk is None or talk.closed_at is not None:
        return
    if talk.customer_id != speaker.customer.id:
        speaker = speaking_for(speaker.address, talk.customer_id, talk, scene.unit)
    state = state_of(talk)
    survey = None
    if isinstance(state, Sorting):
        over = desk.leave(state, scene.now)
    elif isinstance(state, Asking) and talk.survey_version_id is not None:
        survey = scene.house.shelf.asked(scene.unit, talk.survey_version_id, talk.variant)
        left = Decision(asking.closed(state, outcome_of(state, survey), scene.now))
        over = anonymity.ended(survey, left)
    else:
        return
    Exchange(scene, Talking(speaker, talk, survey)).settle(over, "Left", tells_case=tells_case)


def begin_follow_up(case: Case, speaker: Speaker, scene: Scene, *, late: bool) -> None:
    """Ask an unhappy customer whether it was put right; say sorry when we ask late."""
    version_id, survey = scene.house.shelf.published(scene.unit, scene.house.brand, FOLLOW_UP_SURVEY)
    close_open(speaker, scene, tells_case=False)
    _turn_to(speaker, scene.unit)
    language = _spoken(survey, language_of(speaker.address, speaker.customer, scene.house))
    service = scene.unit.service_events.get(case.service_event_id).service if case.service_event_id else "{}"
    seed = scene.house.seed()
    before = case_effect.rated_before(scene, case)
    facts = comparing.after(facts_of(speaker.customer, scene.house, service), before)
    lead = (LATE,) if late else ()
    decision = engine.begin(survey, seed, language, facts, scene.now, consented=True, case_open=True, lead=lead)
    conversation = scene.unit.conversations.open(
        scene.house.brand,
        speaker.address.id,
        speaker.customer.id,
        FOLLOW_UP_SURVEY,
        seed,
        save(decision.state),
        scene.now,
        survey_version_id=version_id,
        case_id=case.id,
    )
    Exchange(scene, Talking(speaker, conversation, survey), began_as="follow_up").carry_out(decision)
    plan_silence(conversation, survey, scene.out, scene.now)
    scene.unit.customers.began(speaker.customer.id, scene.now)


def begin_waiting(speaker: Speaker, scene: Scene) -> bool:
    """Begin the newest invitation that waited for this customer's link; older ones are cancelled."""
    waiting = scene.unit.invitations.waiting_of(speaker.customer.id)
    if not waiting:
        return False
    *older, newest = waiting
    for invitation in older:
        scene.unit.invitations.decide(invitation.id, "cancelled", "newer_invitation", scene.now)
    survey = scene.house.shelf.version(scene.unit, newest.survey_version_id)
    begin(speaker, newest.survey_version_id, survey, scene, newest)
    return True
