"""Responses without a customer, on both databases."""

import pytest

from storage.anonymous import DAY, SPENT, conversation_in, message_key
from storage.errors import Stale
from storage.outbox import OutboxNew

NOON = 1_772_452_800_000


@pytest.fixture
def talk(unit):
    """An anonymous conversation that goes on."""
    ana = unit.customers.ensure(1, "ana", NOON, name="Ana")
    address = unit.addresses.add(1, "telegram", "7", "customer", NOON, customer_id=ana.id)
    survey = unit.surveys.publish(1, "secret", "source", "d1", "visit", "folder", NOON)
    return unit.conversations.open(
        1, address.id, ana.id, "survey", "seed", "{}", NOON, survey_version_id=survey.id, anonymous=True
    )


def posted(unit, talk, unique, edits=None):
    """Write a message of the conversation."""
    return unit.outbox.add(
        OutboxNew(
            brand_id=1,
            channel="telegram",
            address_id=talk.address_id,
            chat="7",
            class_="E" if edits else "A",
            priority=1,
            purpose="edit" if edits else "question",
            edits=edits,
            conversation_id=talk.id,
            payload="{}",
            dedupe_key=message_key(talk.id, unique),
            queued_at=NOON,
        )
    )


def sent(unit, row):
    fences = unit.outbox.mark_sending([row.id], NOON)
    unit.outbox.sent(row.id, fences[row.id], f"ref{row.id}", NOON)


def test_a_message_knows_its_conversation_by_its_key():
    """Only messages of anonymous conversations do."""
    assert conversation_in(message_key(12, "abc")) == 12
    assert conversation_in("invite:3") is None
    assert conversation_in(None) is None


def test_what_is_over_keeps_neither_outcome_nor_moment_nor_turns(unit, talk):
    """Its end would else say when somebody answered, and its revision how much."""
    unit.history.add(1, f"conversation:{talk.id}", "customer", "Tapped", "", NOON)
    revision = unit.conversations.save(talk.id, 1, '{"n":1}', "")
    unit.anonymous.part(unit.conversations.get(talk.id), '{"over":true}')
    over = unit.conversations.get(talk.id)

    assert revision == 2
    assert (over.state, over.chain, over.outcome, over.closed_at, over.revision, over.closing) == (
        '{"over":true}',
        "",
        "apart",
        NOON,
        SPENT,
        None,
    )
    assert unit.history.of(f"conversation:{talk.id}") == []
    with pytest.raises(Stale):
        unit.anonymous.part(talk, "{}")


def test_messages_go_as_soon_as_they_need_no_sending(unit, talk):
    """The last words are still to be sent when it ends, and an edit needs the message it changes."""
    first, second = posted(unit, talk, "a"), posted(unit, talk, "b")
    sent(unit, first)
    sent(unit, second)
    edit = posted(unit, talk, "c", edits=second.id)
    unit.anonymous.part(talk, "{}")
    left = [unit.outbox.get(row.id) is not None for row in (first, second, edit)]
    unit.outbox.sent_edit(edit.id, NOON)
    unit.anonymous.sweep(talk.id)

    assert left == [False, True, True]
    assert [unit.outbox.get(row.id) for row in (first, second, edit)] == [None] * 3


def test_another_conversations_messages_stay(unit, talk):
    """Conversation 1 is not conversation 11."""
    other = unit.outbox.add(
        OutboxNew(
            brand_id=1,
            channel="telegram",
            address_id=talk.address_id,
            chat="7",
            class_="A",
            priority=1,
            purpose="reply",
            payload="{}",
            dedupe_key=message_key(talk.id * 10 + 1, "a"),
            queued_at=NOON,
        )
    )
    sent(unit, other)
    unit.anonymous.part(talk, "{}")

    assert unit.outbox.get(other.id) is not None


def test_an_update_is_forgotten_but_known_again(unit):
    """Its text goes with its turn, its moment becomes a day, and after two days nothing is left."""
    inbox_id = unit.inbox.add(1, "telegram", "m1", 5, "7", '{"text":"secret"}', NOON)
    unit.inbox.finish(inbox_id)
    unit.anonymous.forget_update(inbox_id, NOON)
    row = unit.inbox.get(inbox_id)
    again = unit.inbox.add(1, "telegram", "m1", 5, "7", '{"text":"secret"}', NOON)
    unit.anonymous.forget_repeats(NOON + 2 * DAY)

    assert (row.state, row.update_json, row.update_id, row.received_at % DAY) == ("apart", None, None, 0)
    assert again is None
    assert unit.inbox.get(inbox_id) is None


def test_responses_wait_and_are_taken_in_an_order_of_chance(unit, talk):
    """Their ids are drawn, so their order says nothing; each is taken once."""
    for number in range(40):
        unit.anonymous.keep(1, talk.survey_version_id, "complete", str(number))
    [waiting] = unit.anonymous.waiting(1)
    first = unit.anonymous.take(1, "secret", 30)
    rest = unit.anonymous.take(1, "secret", 30)
    said = [int(one.said) for one in (*first, *rest)]

    assert (waiting.survey, waiting.count) == ("secret", 40)
    assert sorted(said) == list(range(40))
    assert said != sorted(said)
    assert unit.anonymous.waiting(1) == []


def test_who_was_asked_is_counted_once_when_it_is_over(unit, talk):
    """The denominator of every rate, whether they answered or not."""
    going_on = unit.anonymous.count_invited(1, "secret", NOON)
    unit.anonymous.part(talk, "{}")
    over = unit.anonymous.count_invited(1, "secret", NOON + DAY)
    again = unit.anonymous.count_invited(1, "secret", NOON + DAY)

    assert going_on == []
    assert [(one.survey_version_id, one.count) for one in over] == [(talk.survey_version_id, 1)]
    assert again == []
    assert unit.conversations.get(talk.id).closed_at == NOON + DAY


def test_a_yes_makes_it_ordinary(unit, talk):
    """Then its messages stay, as those of any other conversation do."""
    row = posted(unit, talk, "a")
    sent(unit, row)
    unit.anonymous.give_name(talk.id)
    unit.anonymous.sweep(talk.id)

    assert unit.conversations.get(talk.id).anonymous == 0
    assert unit.outbox.get(row.id).dedupe_key is None
