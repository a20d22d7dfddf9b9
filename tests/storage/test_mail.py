"""Inbox, outbox, due rows and web entries, on both databases: what is stored once, taken once, ended once."""

import msgspec
import pytest

from storage.outbox import OutboxNew

NOON = 1_772_452_800_000
MINUTE = 60_000


@pytest.fixture
def address(unit):
    """The address of a customer's chat."""
    customer = unit.customers.ensure(1, "ana", NOON)
    return unit.addresses.add(1, "telegram", "7", "customer", NOON, customer_id=customer.id)


def said(address, **changes):
    """A message to be queued."""
    plain = OutboxNew(1, "telegram", address.id, address.chat, "A", 1, "question", "{}", NOON)
    return msgspec.structs.replace(plain, **changes)


def came(unit, ident="message:7:1", received_at=NOON):
    """Store an update and return its id."""
    return unit.inbox.add(1, "telegram", ident, 100, "7", "{}", received_at)


def test_an_update_is_stored_once(unit):
    """Telegram repeats what we did not confirm."""
    assert came(unit) is not None
    assert came(unit) is None


def test_an_update_is_finished_once(unit):
    """Of two turns of one update, only the first may change anything."""
    update = came(unit)

    assert [unit.inbox.finish(update), unit.inbox.finish(update)] == [True, False]


def test_unfinished_updates_come_in_order_with_their_first_attempt_counted(unit):
    """The row's arrival counts the first try, so that needs no commit of its own."""
    ids = [came(unit, f"message:7:{number}") for number in range(4)]
    unit.inbox.finish(ids[1])
    unit.inbox.bury(ids[2], "broken")
    unit.inbox.count_again([ids[3]])
    rows = unit.inbox.unfinished(10)

    assert [(row.id, row.attempts) for row in rows] == [(ids[0], 1), (ids[3], 2)]
    assert [row.id for row in unit.inbox.unfinished(10, after=ids[0])] == [ids[3]]
    assert [row.error for row in unit.inbox.dead(10)] == ["broken"]


def test_pruning_drops_texts_first_and_rows_later_and_goes_on_where_it_stopped(unit):
    """Texts leave after a week, ids stay a month to recognise a repeat; what is unfinished stays whole."""
    old, middle, open_, new = [came(unit, f"message:7:{at}", at) for at in (10, 20, 21, 30)]
    for update in (old, middle, new):
        unit.inbox.finish(update)
    after = 0
    while (after := unit.inbox.prune(texts_before=25, rows_before=15, limit=2, after=after)) is not None:
        pass

    assert unit.inbox.get(old) is None
    assert [unit.inbox.get(update).update_json for update in (middle, open_, new)] == [None, "{}", "{}"]


def test_a_queued_message_reads_back_as_it_was_given(unit, address):
    """The row handed to delivery in memory is the row that a restart would find."""
    row = unit.outbox.add(said(address, prompt="s.1", dedupe_key="k", not_before=5, expires_at=9, conversation_id=3))

    assert unit.outbox.get(row.id) == row
    assert unit.messages.by_prompt("s.1") == row


def test_a_message_with_a_key_is_queued_once(unit, address):
    """A repeated due row must not send a second follow-up."""
    unit.outbox.add(said(address, dedupe_key="follow_up:1"))

    assert unit.outbox.add(said(address, dedupe_key="follow_up:1")) is None


def test_only_a_queued_row_can_be_marked(unit, address):
    """The mark is the permission to send: it is given once."""
    row = unit.outbox.add(said(address))

    assert unit.outbox.mark_sending([row.id, 999], NOON + MINUTE) == {row.id: 1}
    assert unit.outbox.mark_sending([row.id], NOON + MINUTE) == {}
    assert [(left.id, left.copies, left.attempts) for left in unit.outbox.left_sending()] == [(row.id, 1, 1)]


def test_a_result_with_an_old_fence_changes_nothing(unit, address):
    """A worker that slept past its lease must not overrule the one that took over."""
    row = unit.outbox.add(said(address))
    unit.outbox.mark_sending([row.id], NOON)
    unit.outbox.ambiguous(row.id, 1, NOON, "the lease ended")
    unit.outbox.mark_sending([row.id], NOON)

    assert not unit.outbox.sent(row.id, 1, "55", NOON)
    assert unit.outbox.sent(row.id, 2, "56", NOON)
    assert unit.messages.by_ref(address.id, "56").state == "sent"


def test_a_copy_that_did_not_leave_is_counted_back(unit, address):
    """At most two copies may reach a chat, so a refused connection must not use one up."""
    row = unit.outbox.add(said(address))
    unit.outbox.mark_sending([row.id], NOON)
    unit.outbox.requeue(row.id, 1, NOON + 1, "refused", copies_back=True)
    unit.outbox.mark_sending([row.id], NOON)
    unit.outbox.requeue(row.id, 2, NOON + 2, "too many requests", copies_back=True, attempts_back=True)
    found = unit.outbox.get(row.id)

    assert (found.state, found.copies, found.attempts, found.not_before) == ("queued", 0, 1, NOON + 2)


def test_an_answer_proves_that_the_prompt_arrived(unit, address):
    """A press on an uncertain message ends the uncertainty; one that never left is not touched."""
    sent = unit.outbox.add(said(address, prompt="s.1"))
    waiting = unit.outbox.add(said(address, prompt="s.2"))
    unit.outbox.mark_sending([sent.id], NOON)
    unit.outbox.ambiguous(sent.id, 1, None, "no answer")

    assert [row.id for row in unit.outbox.trouble(10)] == [sent.id]
    assert (unit.outbox.proven("s.1", NOON), unit.outbox.proven("s.2", NOON)) == (1, 0)
    assert [row.id for row in unit.outbox.unsent(10)] == [waiting.id]


def test_a_blocked_chat_loses_what_is_queued_but_not_the_kept_classes(unit, address):
    """What is on its way already is delivery's to end."""
    rows = [unit.outbox.add(said(address, class_=class_)) for class_ in "ABCB"]
    unit.outbox.mark_sending([rows[3].id], NOON)

    assert unit.outbox.cancel_chat(address.id, "blocked", keep_classes=("C",)) == [rows[0].id, rows[1].id]


def test_unsent_rows_follow_a_chat_that_moved(unit, address):
    """Nothing is lost when a group becomes a supergroup; saying it twice moves nothing twice."""
    row = unit.outbox.add(said(address))

    assert unit.outbox.readdress(1, "telegram", "7", "-100") == 1
    assert unit.outbox.readdress(1, "telegram", "7", "-100") == 0
    assert unit.outbox.get(row.id).chat == "-100"


def test_a_newer_edit_replaces_a_queued_one(unit, address):
    """Ten changes of a case in a minute are one edit."""
    message = unit.outbox.add(said(address))
    edits = [unit.outbox.add(said(address, class_="E", purpose="edit", edits=message.id)) for _ in range(3)]

    assert unit.messages.newest_edit_replaces(message.id, edits[2].id) == [edits[0].id, edits[1].id]
    assert unit.outbox.sent_edit(edits[2].id, NOON)
    assert not unit.outbox.sent_edit(edits[0].id, NOON)


def test_tries_are_kept_beside_the_message(unit, address):
    """Duplicates become visible, not silent."""
    row = unit.outbox.add(said(address))
    unit.outbox.note_attempt(row.id, 1, NOON, NOON + 5, "AMBIGUOUS", "reset")

    assert [(attempt.fence, attempt.outcome) for attempt in unit.outbox.tries(row.id)] == [(1, "AMBIGUOUS")]


def test_due_rows_are_claimed_once_the_longest_overdue_first(unit):
    """Two claims share no row, and who waited longest is served first."""
    late = unit.due.add(1, "follow_up", 1, "a", NOON - 5)
    later = unit.due.add(1, "follow_up", 2, "b", NOON - 9)
    unit.due.add(1, "follow_up", 3, "c", NOON + 1)

    assert [row.id for row in unit.due.claim(NOON, MINUTE, 10)] == [later, late]
    assert unit.due.claim(NOON, MINUTE, 10) == []
    assert unit.due.next_at() == NOON + 1
    assert unit.due.overdue(NOON) == 2


def test_a_claimed_row_comes_back_when_the_lease_ends(unit):
    """A worker that dies loses its claim, and the row is only late."""
    due = unit.due.add(1, "remind", 1, "a", NOON)
    unit.due.claim(NOON, MINUTE, 10)

    assert [row.id for row in unit.due.claim(NOON + MINUTE, MINUTE, 10)] == [due]


def test_a_due_row_fires_once(unit):
    """Fired in our state exactly once, however often it is claimed."""
    due = unit.due.add(1, "remind", 1, "a", NOON)

    assert [unit.due.fire(due, NOON), unit.due.fire(due, NOON), unit.due.cancel(due, "late")] == [True, False, False]


def test_adding_twice_changes_nothing_and_planning_twice_moves(unit):
    """A follow-up is re-planned by the resolution until it has fired."""
    first = unit.due.add(1, "follow_up", 1, "a", NOON)

    assert unit.due.add(1, "follow_up", 1, "a", NOON + 1) is None
    assert unit.due.plan(1, "follow_up", 1, "a", NOON + 2) == first
    assert [row.due_at for row in unit.due.pending_for("follow_up", 1)] == [NOON + 2]
    unit.due.fire(first, NOON)
    assert unit.due.plan(1, "follow_up", 1, "a", NOON + 3) is None


def test_a_failing_due_row_is_put_off_then_parked(unit):
    """It stands in nobody's way and is listed."""
    due = unit.due.add(1, "remind", 1, "a", NOON)
    unit.due.claim(NOON, MINUTE, 1)
    unit.due.put_off(due, NOON + 5)
    [again] = unit.due.claim(NOON + 5, MINUTE, 1)
    unit.due.park(due, "fails")

    assert again.attempts == 1
    assert [row.why for row in unit.due.listing("parked", 10)] == ["fails"]


def test_a_due_row_that_may_not_be_done_yet_has_not_failed(unit):
    """Three nights of waiting must not leave one failure between an invitation and the parked rows."""
    due = unit.due.add(1, "invite", 1, "a", NOON)
    for night in range(3):
        unit.due.claim(NOON + night, MINUTE, 1)
        unit.due.wait_until(due, NOON + night + 1)

    [again] = unit.due.claim(NOON + 3, MINUTE, 1)
    assert (again.attempts, again.due_at) == (0, NOON + 3)
    assert unit.due.fire(due, NOON + 3)
    assert not unit.due.wait_until(due, NOON + 4)


def test_a_web_chat_replays_from_any_entry(unit, address):
    """A page that lost its connection gets what it missed, once, in order."""
    first = unit.web_entries.add(address.id, "said", None, "{}", "outbox:1", NOON)
    second = unit.web_entries.add(address.id, "heard", None, "{}", "heard:1", NOON)

    assert unit.web_entries.add(address.id, "said", None, "{}", "outbox:1", NOON) is None
    assert [entry.id for entry in unit.web_entries.after(address.id, 0, 10)] == [first, second]
    assert [entry.id for entry in unit.web_entries.after(address.id, first, 10)] == [second]
