"""What the staff's chat asks of storage: digests, topics, messages taken back, lists of cases; on both databases."""

from typing import Any

import pytest

from storage.cases import Case
from storage.outbox import OutboxNew, OutboxRow
from storage.unit import Unit

NOON = 1_772_452_800_000
MINUTE = 60_000


@pytest.fixture
def group(unit):
    """The address of a staff group."""
    return unit.addresses.add(1, "telegram", "-100", "group", NOON)


def opened(unit: Unit, reference: str, at: int = NOON, *, urgent: bool = False) -> Case:
    customer = unit.customers.ensure(1, reference, NOON)
    chat = unit.addresses.add(1, "telegram", f"chat-{reference}", "customer", NOON, customer_id=customer.id)
    return unit.cases.open(1, customer.id, chat.id, "unhappy", "{}", "open", at, urgent=urgent)


def posted(unit: Unit, address: Any, purpose: str, at: int = NOON, **more: Any) -> OutboxRow:
    new = OutboxNew(1, "telegram", address.id, address.chat, "C", 2, purpose, "{}", at, **more)
    row = unit.outbox.add(new)
    assert row is not None
    return row


def tried(unit: Unit, row: OutboxRow) -> int:
    return unit.outbox.mark_sending([row.id], NOON)[row.id]


def test_only_what_was_never_tried_is_taken_out(unit, group):
    """What may have reached a chat must be deleted there, not forgotten here."""
    waiting, on_its_way = posted(unit, group, "relay"), posted(unit, group, "relay")
    tried(unit, on_its_way)

    assert unit.messages.take_out(waiting.id, "taken back")
    assert not unit.messages.take_out(on_its_way.id, "taken back")
    assert [unit.outbox.get(row.id).state for row in (waiting, on_its_way)] == ["cancelled", "sending"]


def test_a_digest_takes_in_more_only_while_it_waits(unit, group):
    """A moment before it goes delivery may have it in hand, and what is written then would be lost."""
    digest = posted(unit, group, "digest", not_before=NOON + MINUTE)

    assert unit.messages.open_digest(group.id, NOON).id == digest.id
    assert unit.messages.open_digest(group.id, NOON + MINUTE) is None
    assert unit.messages.rewrite(digest.id, '{"text":"more"}')
    assert unit.outbox.get(digest.id).payload == '{"text":"more"}'

    tried(unit, digest)
    assert unit.messages.open_digest(group.id, NOON) is None
    assert not unit.messages.rewrite(digest.id, "{}")


def test_the_rush_in_a_chat_is_counted_without_its_edits(unit, group):
    """An edit rings no telephone."""
    first = posted(unit, group, "escalation", NOON - 2 * MINUTE)
    posted(unit, group, "case_news")
    posted(unit, group, "edit", edits=first.id)

    assert unit.messages.posted_since(group.id, NOON - MINUTE) == 1


def test_a_topic_that_was_refused_is_none(unit, group):
    """Its case goes on in the general chat."""
    case = opened(unit, "ana")
    topic = posted(unit, group, "topic", case_id=case.id)
    assert unit.messages.topic_of(case.id, group.id).id == topic.id

    unit.outbox.finish(topic.id, tried(unit, topic), "dead", "no rights")
    assert unit.messages.topic_of(case.id, group.id) is None


def test_open_cases_are_listed_gravest_first_then_longest_waiting(unit):
    """Whoever reads from the top does what matters most."""
    late, early = opened(unit, "late", NOON + MINUTE), opened(unit, "early")
    urgent, closed = opened(unit, "urgent", NOON + 2 * MINUTE, urgent=True), opened(unit, "closed")
    unit.cases.save(closed.id, 1, state="{}", stage="closed", owner_id=None, urgent=False, closed_at=NOON)

    assert [case.id for case in unit.cases.open_ones(1, 10)] == [urgent.id, early.id, late.id]


def test_good_stories_are_found_with_their_cases(unit):
    """The newest first, whoever wrote them."""
    case = opened(unit, "ana")
    for author, text in (("wow", "first"), ("note", "for us"), ("wow", "second")):
        unit.case_messages.add(case.id, author, text, NOON)

    assert [(one.number, said.text) for one, said in unit.case_messages.said_as(1, "wow", 10)] == [
        (1, "second"),
        (1, "first"),
    ]


def test_what_was_taken_back_stands_nowhere_in_a_web_chat(unit):
    """Its entry keeps its place, with other words."""
    chat = unit.addresses.add(1, "webchat", "w1", "customer", NOON)
    unit.web_entries.add(chat.id, "said", 7, "secret", "said:7", NOON)
    unit.web_entries.add(chat.id, "said", 8, "fine", "said:8", NOON)
    unit.web_entries.say_instead(chat.id, 7, "taken back")

    assert [entry.body for entry in unit.web_entries.after(chat.id, 0, 10)] == ["taken back", "fine"]


def test_what_the_next_words_are_for_is_kept_with_the_case(unit):
    """A note must not become a letter because somebody looked only at the case."""
    case, bo = opened(unit, "ana"), unit.staff.add(1, "Bo", "staff", "en", NOON)
    unit.staff.compose(bo.id, case.id, NOON + MINUTE, "note")
    asked = unit.staff.get(bo.id)

    assert (asked.composing_case_id, asked.composing_what) == (case.id, "note")
