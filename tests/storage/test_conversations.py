"""Conversations, answers, surveys, service events, cases, tasks and history, on both databases."""

import pytest

from storage.errors import Stale
from storage.events import Added, Clash, Count, Duplicate
from storage.outbox import OutboxNew

NOON = 1_772_452_800_000


@pytest.fixture
def chat(unit):
    """The address of the customer ana's chat."""
    ana = unit.customers.ensure(1, "ana", NOON, name="Ana")
    return unit.addresses.add(1, "telegram", "7", "customer", NOON, customer_id=ana.id)


@pytest.fixture
def survey(unit):
    """A published survey."""
    return unit.surveys.publish(1, "after_delivery", "source", "d1", "delivery", "library", NOON)


@pytest.fixture
def talk(unit, chat, survey):
    """An open conversation about a delivery."""
    return unit.conversations.open(
        1, chat.id, chat.customer_id, "survey", "seed", "{}", NOON, survey_version_id=survey.id
    )


def answered(unit, talk, chain, number, **changes):
    """Add a rating and return the new chain."""
    return unit.answers.add(
        talk.id, "satisfaction", "answer", "csat", number, None, str(number), NOON, chain, **changes
    )


def happened(unit, customer_id, event_id="e1", digest="d", **changes):
    """Receive a service event."""
    fields = {"occurred_at": NOON, "received_at": NOON} | changes
    return unit.service_events.add(
        1, "shop", event_id, digest, "order.delivered", "delivery", "order-1", customer_id, "{}", **fields
    )


def test_a_place_is_all_that_a_turn_must_know(unit, chat, talk):
    """One statement: whose chat it is, what is open there, and the customer's open case."""
    case = unit.cases.open(1, chat.customer_id, chat.id, "unhappy", "{}", "open", NOON)
    place = unit.conversations.place(1, "telegram", "7")

    assert (place.address, place.customer.reference, place.staff) == (chat, "ana", None)
    assert (place.conversation, place.case_id) == (talk, case.id)


def test_a_place_without_anything_open(unit, chat, talk):
    """Closed conversations are history; unknown chats are nobody's; a staff member's chat says whose."""
    unit.conversations.save(talk.id, 1, "{}", "", "complete", NOON)
    bo = unit.staff.add(1, "Bo", "staff", "en", NOON)
    unit.addresses.add(1, "telegram", "9", "staff", NOON, staff_member_id=bo.id)

    assert unit.conversations.place(1, "telegram", "7").conversation is None
    assert unit.conversations.place(1, "telegram", "8") is None
    assert unit.conversations.place(1, "telegram", "9").staff == bo


def test_a_conversation_is_saved_against_the_revision_it_was_read_at(unit, talk):
    """Of two turns that read the same state, the second must take its turn again."""
    assert unit.conversations.save(talk.id, talk.revision, '{"n":1}', "") == 2
    with pytest.raises(Stale):
        unit.conversations.save(talk.id, talk.revision, '{"n":2}', "")
    assert unit.conversations.get(talk.id).state == '{"n":1}'


def test_conversations_are_found_by_seed_address_and_customer(unit, chat, talk):
    """A press names the seed, a text the chat, a history the customer."""
    assert unit.conversations.by_seed(1, "seed") == talk
    assert unit.conversations.open_at(chat.id) == talk
    assert unit.conversations.of_customer(chat.customer_id, 5) == [talk]


def test_who_was_asked_lately_is_asked_again_after_a_gap(unit, chat, talk):
    """Taps made while nobody listened are lost for good; older questions are left alone."""
    row = unit.outbox.add(
        OutboxNew(1, "telegram", chat.id, "7", "A", 1, "question", "{}", NOON, "seed.1", conversation_id=talk.id)
    )
    [fence] = unit.outbox.mark_sending([row.id], NOON).values()
    unit.outbox.sent(row.id, fence, "55", NOON)

    assert unit.conversations.with_open_question_since(1, "telegram", NOON) == [talk]
    assert unit.conversations.with_open_question_since(1, "telegram", NOON + 1) == []
    assert unit.conversations.with_open_question_since(1, "webchat", NOON) == []


def test_a_changed_answer_keeps_the_first(unit, talk):
    """Nothing is overwritten; only the newest counts."""
    chain = answered(unit, talk, "", 2)
    chain = answered(unit, talk, chain, 4, replaces=True)
    unit.conversations.save(talk.id, 1, "{}", chain)

    assert [(answer.number, answer.current) for answer in unit.answers.of(talk.id)] == [(2, 0), (4, 1)]
    assert unit.answers.verify(talk.id)


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE answer SET number = 5 WHERE number = 2",
        "DELETE FROM answer WHERE number = 2",
        "DELETE FROM answer WHERE number = 4",
        "UPDATE conversation SET chain = ''",
    ],
)
def test_a_chain_shows_what_was_changed_or_dropped(unit, talk, tampering):
    """A score is somebody's bonus: a changed answer must not go unnoticed."""
    chain = answered(unit, talk, answered(unit, talk, "", 2), 4)
    unit.conversations.save(talk.id, 1, "{}", chain)
    before = unit.answers.verify(talk.id)
    unit.execute(tampering)

    assert (before, unit.answers.verify(talk.id)) == (True, False)


def test_erased_answers_leave_a_chain_that_holds(unit, talk):
    """Erasing is no tampering, and what remains says nothing of what was answered."""
    chain = answered(unit, talk, answered(unit, talk, "", 2), 4)
    unit.conversations.save(talk.id, 1, "{}", chain)
    unit.answers.erase(talk.id)

    assert unit.answers.verify(talk.id)
    assert {(answer.number, answer.text, answer.raw) for answer in unit.answers.of(talk.id)} == {(None, None, "")}


def test_an_export_pages_by_answer(unit, talk):
    """A page goes on where the last one ended, with what belongs to each answer beside it."""
    answered(unit, talk, answered(unit, talk, "", 2), 4)
    [first] = unit.answers.page(0, 1)
    [second] = unit.answers.page(first.id, 5)

    assert (first.number, second.number) == (2, 4)
    assert (first.customer, first.survey, first.survey_number, first.touchpoint) == (
        "ana",
        "after_delivery",
        1,
        "delivery",
    )


def test_publishing_the_same_survey_again_changes_nothing(unit, survey):
    """A restart reads the library again; conversations must not be split over equal versions."""
    same = unit.surveys.publish(1, "after_delivery", "source", "d1", "delivery", "library", NOON + 1)
    newer = unit.surveys.publish(1, "after_delivery", "source 2", "d2", "delivery", "folder", NOON + 2)

    assert (same, newer.number) == (survey, 2)
    assert unit.surveys.published(1) == [newer]
    assert unit.surveys.for_touchpoint(1, "delivery") == newer
    assert unit.surveys.get(survey.id).retired_at == NOON + 2


def test_a_service_event_is_stored_once_and_a_clash_is_told(unit, chat):
    """The same id with the same body is a repeat; with another body somebody made a mistake."""
    first = happened(unit, chat.customer_id)

    assert isinstance(first, Added)
    assert happened(unit, chat.customer_id) == Duplicate(first.event)
    assert happened(unit, chat.customer_id, digest="other") == Clash(first.event)


def test_the_newest_fact_of_a_service_goes_by_the_senders_version(unit, chat):
    """Events overtake each other on the way; what arrived last is not what happened last."""
    happened(unit, chat.customer_id, "e2", version=2, occurred_at=NOON, cancelled=True)
    happened(unit, chat.customer_id, "e1", version=1, occurred_at=NOON + 9)

    assert unit.service_events.newest_of(1, "shop", "order-1").event_id == "e2"


def test_an_invitation_is_decided_once(unit, chat, survey):
    """Sent stays sent; withheld keeps its reason; both are in the denominator."""
    event = happened(unit, chat.customer_id).event
    invitation = unit.invitations.add(1, chat.customer_id, event.id, survey.id, "delivery", "planned", NOON)
    unit.invitations.add(1, chat.customer_id, None, survey.id, "delivery", "withheld", NOON, "opted_out")

    assert unit.invitations.add(1, chat.customer_id, event.id, survey.id, "delivery", "planned", NOON) is None
    assert unit.invitations.decide(invitation.id, "waiting_for_link", None, NOON)
    assert [one.decided_at for one in unit.invitations.waiting_of(chat.customer_id)] == [None]
    assert unit.invitations.decide(invitation.id, "sent", None, NOON + 1, conversation_id=3)
    assert not unit.invitations.decide(invitation.id, "cancelled", "expired", NOON + 2)
    assert unit.invitations.counts(1) == [Count("sent", None, 1), Count("withheld", "opted_out", 1)]


def test_cases_count_per_brand(unit, chat):
    """People say `case 17`; the row's key is nobody's business."""
    first = unit.cases.open(1, chat.customer_id, chat.id, "unhappy", "{}", "open", NOON)
    unit.cases.save(first.id, 1, state="{}", stage="closed", owner_id=None, urgent=False, closed_at=NOON)
    second = unit.cases.open(1, chat.customer_id, chat.id, "urgent", "{}", "open", NOON, urgent=True)

    assert (first.number, second.number) == (1, 2)
    assert unit.cases.by_number(1, 2) == second
    assert unit.cases.open_of(chat.customer_id) == second
    assert [case.number for case in unit.cases.listing(1)] == [2, 1]
    assert [case.number for case in unit.cases.listing(1, "open")] == [2]


def test_two_presses_on_one_case_have_one_winner(unit, chat):
    """Two staff members take it at once: the second sees who has it."""
    case = unit.cases.open(1, chat.customer_id, chat.id, "unhappy", "{}", "open", NOON)
    bo = unit.staff.add(1, "Bo", "staff", "en", NOON)
    unit.cases.save(case.id, 1, state="{}", stage="taken", owner_id=bo.id, urgent=False)
    with pytest.raises(Stale):
        unit.cases.save(case.id, 1, state="{}", stage="taken", owner_id=None, urgent=False)
    assert unit.cases.get(case.id).owner_id == bo.id


def test_a_customers_history_in_short(unit, chat, talk):
    """Whoever takes the case knows whom they talk to."""
    happened(unit, chat.customer_id)
    answered(unit, talk, "", 2)
    case = unit.cases.open(1, chat.customer_id, chat.id, "unhappy", "{}", "open", NOON)
    past = unit.pasts.of(chat.customer_id)

    assert (past.services, past.conversations, past.cases) == (1, 1, 1)
    assert [(one.touchpoint, one.kind, one.rating) for one in past.last_conversations] == [("delivery", "csat", 2)]
    assert [one.number for one in past.last_cases] == [case.number]


def test_what_was_said_in_a_case_is_kept_in_order(unit, chat):
    """The timeline is what happened."""
    case = unit.cases.open(1, chat.customer_id, chat.id, "unhappy", "{}", "open", NOON)
    unit.case_messages.add(case.id, "customer", "It is broken", NOON)
    unit.case_messages.add(case.id, "staff", "We bring another", NOON, staff_member_id=3)

    assert [(said.author, said.text) for said in unit.case_messages.of(case.id)] == [
        ("customer", "It is broken"),
        ("staff", "We bring another"),
    ]


def test_a_task_is_made_once_and_done_once(unit):
    """A repeated chore must not ask a person twice."""
    task = unit.tasks.add(1, "ring", "follow_up:1", NOON)

    assert unit.tasks.add(1, "ring", "follow_up:1", NOON) is None
    assert [one.id for one in unit.tasks.listing(1)] == [task]
    assert [unit.tasks.done(task, NOON), unit.tasks.done(task, NOON)] == [True, False]
    assert unit.tasks.listing(1) == []


def test_history_and_facts_keep_what_they_are_told(unit):
    """History adds up; a fact is what was noted last."""
    unit.history.add(1, "case:1", "staff:4", "Taken", "", NOON)
    unit.history.add(1, "case:1", "makegood", "Resolved", "2", NOON)
    unit.facts.put(1, "offset", "1")
    unit.facts.put(1, "offset", "2")

    assert [line.what for line in unit.history.of("case:1")] == ["Taken", "Resolved"]
    assert (unit.facts.get(1, "offset"), unit.facts.get(1, "other")) == ("2", None)
