"""Delivery: what was committed is sent in order, and what a failure proves decides what follows."""

from typing import Any

import msgspec
import pytest

from bot.calls import prefixed
from bot.channels.messages import Link, Message, NotDelivered
from bot.delivery import DeliverySettings
from bot.pacer import Pace
from storage.errors import Unavailable
from tests import laid
from tests.bot.delivering import Stage


@pytest.fixture
async def stage(tmp_path):
    database = await laid.opened(tmp_path / "makegood.db", synchronous="NORMAL")
    made = Stage(database)
    await made.start()
    yield made
    made.channel.open.set()
    await made.delivery.stop()
    await database.close()


def failure(reason: NotDelivered.Reason, **more: Any) -> NotDelivered:
    return NotDelivered(reason, "told so by the channel", **more)


# Each class and each outcome

ONCE = {
    ("NOT_SENT", "ABCDE"): (2, "sent", 1),
    ("AMBIGUOUS", "ACD"): (2, "sent", 2),
    ("AMBIGUOUS", "B"): (1, "unknown", 1),
    ("AMBIGUOUS", "E"): (2, "sent", 1),
    ("REJECTED", "ABCDE"): (1, "dead", 1),
    ("UNREACHABLE", "ABCDE"): (1, "dead", 1),
    ("MOVED", "ABCDE"): (2, "sent", 1),
    ("STOPPED", "ABCDE"): (2, "sent", 1),
}
TABLE = [(reason, class_, *result) for (reason, classes), result in ONCE.items() for class_ in classes]


@pytest.mark.parametrize(("reason", "class_", "calls", "state", "copies"), TABLE)
async def test_each_class_and_outcome(stage, reason, class_, calls, state, copies):
    """The table of the delivery protocol: a copy is made where loss is worse, never of what we begin ourselves."""
    [asked] = await stage.offer(stage.new("asked"))
    stage.channel.failures["it"] = [failure(reason, moved_to="8" if reason == "MOVED" else None)]
    [row] = await stage.offer(stage.new("it", class_=class_, edits=asked.id if class_ == "E" else None))
    await stage.pass_by(120, step=5)

    row = await stage.row(row.id)
    assert (sum(text.endswith("it") for text in stage.channel.texts), row.state) == (calls, state)
    assert row.copies == copies or class_ == "E"


@pytest.mark.parametrize(("class_", "calls"), [("A", 2), ("B", 1), ("C", 2), ("D", 2)])
async def test_doubt_never_makes_more_than_two_copies(stage, class_, calls):
    """However often nobody knows, the person gets at most two, and of a follow-up one."""
    stage.channel.always["it"] = stage.channel.always["(may be a repeat, case 17) it"] = failure("AMBIGUOUS")
    [row] = await stage.offer(stage.new("it", class_=class_, case_id=17))
    await stage.pass_by(3600, step=60)

    assert (len(stage.channel.ledger), (await stage.row(row.id)).state) == (calls, "unknown")


async def test_a_question_in_doubt_is_asked_again_after_thirty_seconds(stage):
    """Long enough for a tap on the first copy to come in, short enough to wait with the telephone in hand."""
    stage.channel.failures["it"] = [failure("AMBIGUOUS")]
    await stage.offer(stage.new("it"))
    await stage.pass_by(29.9)
    before = len(stage.channel.ledger)
    await stage.pass_by(0.2)

    assert (before, [post.copy for post in stage.channel.ledger]) == (1, [1, 2])


async def test_a_repeat_to_staff_says_so(stage):
    """Two identical alarms look like two cases."""
    stage.channel.failures["Case 17"] = [failure("AMBIGUOUS")]
    await stage.offer(stage.new("Case 17", class_="C", case_id=17))
    await stage.pass_by(5)

    assert stage.channel.texts == ["Case 17", "(may be a repeat, case 17) Case 17"]


def test_a_prefix_moves_the_links_with_their_words():
    """Telegram counts in UTF-16 units, in which an emoji is two."""
    message = Message("see here", links=(Link(4, 4, "https://example.org"),))

    assert prefixed("⚠️🙂 ", message).links[0].offset == 4 + 5


@pytest.mark.parametrize("class_", ["A", "B", "D"])
async def test_a_press_while_the_call_is_in_the_air_proves_it_arrived(stage, class_):
    """The answer to our call was lost, the message was not: the person is looking at it."""
    stage.channel.failures["it"] = [failure("AMBIGUOUS")]
    stage.channel.open.clear()
    [row] = await stage.offer(stage.new("it", class_=class_, prompt="s.1"))
    stage.delivery.evidence("s.1")
    stage.channel.open.set()
    await stage.quiet()
    await stage.pass_by(300, step=50)

    assert (len(stage.channel.ledger), (await stage.row(row.id)).state) == (1, "sent")
    assert stage.product.lost == []


async def test_a_press_while_the_doubt_is_being_recorded_is_not_forgotten(stage, monkeypatch):
    """Taps come at any moment, also between the call's end and its record."""
    stage.channel.failures["it"] = [failure("AMBIGUOUS")]
    run = stage.database.run

    async def pressed_meanwhile(work):
        if stage.channel.ledger:
            stage.delivery.evidence("s.1")
        return await run(work)

    [row] = await stage.queue(stage.new("it", prompt="s.1"))
    monkeypatch.setattr(stage.database, "run", pressed_meanwhile)
    stage.delivery.offer([row])
    await stage.quiet()
    await stage.pass_by(60, step=10)

    assert (len(stage.channel.ledger), await stage.states([row])) == (1, ["sent"])


async def test_a_press_during_the_wait_proves_it_and_lets_the_next_message_go(stage):
    """No second copy, and no waiting behind it either."""
    stage.channel.failures["one"] = [failure("AMBIGUOUS")]
    rows = await stage.offer(stage.new("one", prompt="s.1"), stage.new("two"))
    stage.delivery.evidence("s.1")
    await stage.quiet()

    assert (stage.channel.texts, await stage.states(rows)) == (["one", "two"], ["sent", "sent"])


async def test_a_press_after_we_gave_up_still_proves_it(stage):
    """An `unknown` message that is pressed needs nobody's attention any more."""
    stage.channel.failures["it"] = [failure("AMBIGUOUS")]
    [row] = await stage.offer(stage.new("it", class_="B", prompt="s.1"))
    stage.delivery.evidence("s.1")
    await stage.quiet()

    assert (await stage.row(row.id)).state == "sent"


async def test_what_no_channel_may_raise_is_doubt(stage):
    """A fault of the channel's own must neither lose the message nor stop the others."""
    stage.channel.failures["one"] = [KeyError("result")]
    rows = await stage.offer(stage.new("one", class_="B"), stage.new("two", chat="8"))

    assert await stage.states(rows) == ["unknown", "sent"]


async def test_an_unreadable_payload_is_dead_and_holds_up_nobody(stage):
    """A row of a later format, after going back to an older makegood."""
    rows = await stage.offer(stage.new("", payload='{"text": 7}'), stage.new("two"))

    assert (await stage.states(rows), stage.channel.texts) == (["dead", "sent"], ["two"])


# Not sent


async def test_what_surely_did_not_arrive_is_retried_for_a_day_then_dead(stage):
    """Telegram down for six hours is waited for; a question of yesterday is not sent any more."""
    stage.channel.always["it"] = failure("NOT_SENT")
    [row] = await stage.offer(stage.new("it"))
    await stage.pass_by(23.5 * 3600, step=300)
    trying = await stage.row(row.id)
    await stage.pass_by(3600, step=300)

    assert (trying.state, trying.copies, (await stage.row(row.id)).state) == ("queued", 0, "dead")
    gaps = [later.at - post.at for post, later in zip(stage.channel.ledger, stage.channel.ledger[1:], strict=False)]
    assert max(gaps) <= 600


async def test_order_is_kept_through_an_outage(stage):
    """The thanks must not come before the question it is for."""
    stage.channel.failures["1"] = [failure("NOT_SENT")] * 5
    rows = await stage.offer(*(stage.new(str(number)) for number in range(1, 5)))
    await stage.pass_by(600, step=10)

    assert [text for text in stage.channel.texts if text != "1"] == ["2", "3", "4"]
    assert await stage.states(rows) == ["sent"] * 4


async def test_a_wait_asked_for_is_kept_and_is_no_attempt(stage):
    """429 with retry_after 40: nothing to that chat before, edits included; everybody else goes on."""
    [asked] = await stage.offer(stage.new("asked"))
    stage.channel.failures["it"] = [failure("NOT_SENT", retry_after=40.0)]
    [row, edit] = await stage.offer(stage.new("it"), stage.new("edit", class_="E", edits=asked.id))
    await stage.offer(stage.new("other", chat="8"))
    waits = (await stage.delivery.health()).channels[0].asked_to_wait
    await stage.pass_by(39.9, step=0.5)
    before = stage.channel.texts
    await stage.pass_by(3, step=0.5)

    assert (before, 40 <= waits <= 41) == (["asked", "it", "other"], True)
    assert stage.channel.texts[3:] == ["it", "edit"]
    assert ((await stage.row(row.id)).attempts, await stage.states([row, edit])) == (1, ["sent", "sent"])


async def test_a_follow_up_that_waited_long_is_looked_at_again(stage):
    """The customer answered meanwhile: asking now would be foolish."""
    stage.channel.failures["still broken?"] = [failure("NOT_SENT", retry_after=3600.0)]
    [row] = await stage.offer(stage.new("still broken?", class_="B"))
    stage.product.unwanted["follow_up"] = "answered meanwhile"
    await stage.pass_by(3602, step=60)

    assert stage.channel.texts == ["still broken?"]
    assert ((await stage.row(row.id)).state, (await stage.row(row.id)).error) == ("cancelled", "answered meanwhile")


async def test_what_expired_is_cancelled_not_sent(stage):
    """An invitation a week late is no invitation."""
    stage.channel.open.clear()
    rows = await stage.offer(
        stage.new("reply"), stage.new("invitation", class_="B", expires_at=stage.clock.now() + 5_000)
    )
    await stage.pass_by(6)
    stage.channel.open.set()
    await stage.quiet()

    assert (stage.channel.texts, await stage.states(rows)) == (["reply"], ["sent", "cancelled"])


# Order


async def test_each_chat_in_order_one_at_a_time(stage):
    """The next message of a chat goes when the one before is recorded; chats do not wait for each other."""
    stage.channel.open.clear()
    rows = await stage.offer(*(stage.new(f"{chat}{word}", chat=chat) for word in "abc" for chat in "78"))
    first = list(stage.channel.texts)
    stage.channel.open.set()
    await stage.quiet()

    assert (first, await stage.states(rows)) == (["7a", "8a"], ["sent"] * 6)
    assert [text for text in stage.channel.texts if text[0] == "7"] == ["7a", "7b", "7c"]


async def test_what_is_offered_during_a_call_waits_for_its_record(stage):
    """Two calls to one chat at once may arrive in either order."""
    stage.channel.open.clear()
    await stage.offer(stage.new("one"))
    await stage.offer(stage.new("two"))
    before = list(stage.channel.texts)
    stage.channel.open.set()
    await stage.quiet()

    assert (before, stage.channel.texts) == (["one"], ["one", "two"])


async def test_an_offer_is_no_permission(stage):
    """Cancelled by a later turn before its mark: the message in memory must not go."""
    [row] = await stage.queue(stage.new("it"))
    await stage.database.run(lambda unit: unit.outbox.cancel_chat(row.address_id, "stopped"))
    stage.delivery.offer([row])
    await stage.quiet()

    assert stage.channel.texts == []
    assert stage.delivery._routes["telegram"].in_air == 0, "or an open circuit would never be probed"


async def test_a_row_offered_twice_goes_once(stage):
    """Start-up and a turn may both hand it over."""
    [row] = await stage.queue(stage.new("it"))
    stage.delivery.offer([row, row])
    await stage.quiet()

    assert stage.channel.texts == ["it"]


async def test_a_later_moment_is_waited_for_and_holds_up_nobody(stage):
    """A relay kept for the morning must not keep the answer to what the customer says at night."""
    rows = await stage.offer(stage.new("in the morning", not_before=stage.clock.now() + 60_000), stage.new("now"))
    before = list(stage.channel.texts)
    await stage.pass_by(61)

    assert (before, stage.channel.texts) == (["now"], ["now", "in the morning"])
    assert await stage.states(rows) == ["sent", "sent"]


async def test_a_result_whose_fence_is_lost_is_only_noted(stage):
    """Somebody else took the row: what they record stands, and ours becomes visible as a try."""
    stage.channel.open.clear()
    [row] = await stage.offer(stage.new("it"))
    await stage.database.run(lambda unit: unit.execute("UPDATE outbox SET fence = 9 WHERE id = :id", {"id": row.id}))
    stage.channel.open.set()
    await stage.quiet()

    assert (await stage.row(row.id)).state == "sending"
    assert await stage.tries(row.id) == ["SENT, and the row was no longer ours"]


# Edits


async def test_an_edit_goes_after_the_next_message_and_after_a_calm_span(stage):
    """The next question is what the person waits for; showing their choice can follow."""
    [asked] = await stage.offer(stage.new("asked"))
    rows = await stage.offer(stage.new("chosen", class_="E", edits=asked.id), stage.new("next"))
    before = list(stage.channel.texts)
    await stage.pass_by(0.31)

    assert (before, stage.channel.texts) == (["asked", "next"], ["asked", "next", "chosen"])
    assert stage.channel.ledger[-1].edits == f"ref{asked.id}"
    assert await stage.states(rows) == ["sent", "sent"]


async def test_an_edit_never_goes_before_its_own_message(stage):
    """There is nothing to change yet."""
    stage.channel.failures["asked"] = [failure("NOT_SENT")]
    [asked] = await stage.queue(stage.new("asked"))
    [edit] = await stage.queue(stage.new("chosen", class_="E", edits=asked.id))
    stage.delivery.offer([edit, asked])
    await stage.quiet()
    await stage.pass_by(10, step=0.5)

    assert stage.channel.texts == ["asked", "asked", "chosen"]


async def test_a_newer_edit_replaces_a_queued_one(stage):
    """Only how the message shall read in the end matters."""
    [asked] = await stage.offer(stage.new("asked"))
    rows = await stage.offer(*(stage.new(f"edit {each}", class_="E", edits=asked.id) for each in (1, 2, 3)))
    await stage.pass_by(0.31)

    assert stage.channel.texts == ["asked", "edit 3"]
    assert await stage.states(rows) == ["cancelled", "cancelled", "sent"]


async def test_a_failed_edit_never_undoes_a_newer_one(stage):
    """While one edit is in the air a newer comes in; the older, when it fails, is not tried again."""
    [asked] = await stage.offer(stage.new("asked"))
    stage.channel.failures["old"] = [failure("AMBIGUOUS")]
    stage.channel.open.clear()
    [old] = await stage.offer(stage.new("old", class_="E", edits=asked.id))
    await stage.pass_by(0.31)
    [new] = await stage.offer(stage.new("new", class_="E", edits=asked.id))
    stage.channel.open.set()
    await stage.pass_by(30, step=1)

    assert stage.channel.texts == ["asked", "old", "new"]
    assert await stage.states([old, new]) == ["cancelled", "sent"]


async def test_an_edit_finds_its_message_after_a_restart(stage):
    """A tap may come days after the question."""
    [asked] = await stage.offer(stage.new("asked"))
    await stage.kill()
    [edit] = await stage.queue(stage.new("chosen", class_="E", edits=asked.id))
    await stage.start()
    await stage.pass_by(0.31)

    assert stage.channel.ledger[-1].edits == f"ref{asked.id}"
    assert await stage.states([edit]) == ["sent"]


async def test_an_edit_of_a_message_that_never_went_is_cancelled(stage):
    """It would wait for ever."""
    stage.channel.failures["asked"] = [failure("REJECTED")]
    [asked] = await stage.offer(stage.new("asked"))
    [edit] = await stage.offer(stage.new("chosen", class_="E", edits=asked.id))
    await stage.pass_by(1)

    assert await stage.states([edit]) == ["cancelled"]


# What the product hears


async def test_a_lost_follow_up_is_told_in_the_same_unit(stage):
    """It becomes a task of the case's owner; what the product says about it is delivered too."""
    stage.channel.failures["better now?"] = [failure("AMBIGUOUS")]
    [staff] = await stage.offer(stage.new("hello", chat="9"))
    stage.product.say = msgspec.structs.replace(
        stage.new("please ring", chat="9", class_="C"), address_id=staff.address_id
    )
    await stage.offer(stage.new("better now?", class_="B"))

    assert stage.product.lost == [("follow_up", "unknown")]
    assert stage.channel.texts == ["hello", "better now?", "please ring"]


async def test_a_product_that_fails_holds_up_no_recording(stage, caplog):
    """The message's fate is recorded all the same; a record that fails for ever would stop its chat."""
    stage.product.fault = RuntimeError("a fault of ours")
    stage.channel.always["bad"] = failure("REJECTED")
    rows = await stage.offer(stage.new("bad"), stage.new("good"), stage.new("other", chat="8"))
    await stage.pass_by(2)

    assert await stage.states(rows) == ["dead", "sent", "sent"]
    assert "a fault of ours" not in caplog.text


async def test_a_blocked_chat_gets_nothing_more(stage):
    """Its queued rows are cancelled, the address is marked, and the product can say so in the case."""
    stage.channel.always["1"] = failure("UNREACHABLE")
    rows = await stage.offer(stage.new("1"), stage.new("2"), stage.new("3"), stage.new("other", chat="8"))

    assert stage.channel.texts == ["1", "other"]
    assert await stage.states(rows) == ["dead", "cancelled", "cancelled", "sent"]
    address = await stage.database.read(lambda unit: unit.addresses.get(rows[0].address_id))
    assert (address.unreachable_why, stage.product.unreachable) == (
        "told so by the channel",
        [(address.id, "told so by the channel")],
    )


async def test_a_moved_group_gets_everything_at_its_new_id(stage):
    """A group that became a supergroup: nothing is lost and nothing goes to the old id."""
    stage.channel.failures["1"] = [failure("MOVED", moved_to="-1007")]
    rows = await stage.offer(*(stage.new(text, chat="-7", class_="C") for text in "123"))
    await stage.pass_by(1)

    assert [(post.chat, post.text) for post in stage.channel.ledger[1:]] == [("-1007", text) for text in "123"]
    address = await stage.database.read(lambda unit: unit.addresses.get(rows[0].address_id))
    assert (address.chat, await stage.states(rows)) == ("-1007", ["sent"] * 3)
    assert {row.chat for row in await stage.rows(rows)} == {"-1007"}


# The whole channel


async def test_refused_credentials_stop_the_channel_and_are_probed_each_minute(stage, caplog):
    """A revoked token: nothing is lost, nobody hammers, the operator is told loudly."""
    for chat in "12345":
        stage.channel.failures[f"to {chat}"] = [failure("STOPPED")] * (3 if chat == "1" else 1)
    rows = await stage.offer(*(stage.new(f"to {chat}", chat=chat) for chat in "12345"))
    health = await stage.delivery.health()
    tries = len(stage.channel.ledger)
    await stage.pass_by(59, step=1)

    assert (health.stopped, len(stage.channel.ledger)) == (("telegram",), tries)
    assert "credentials are refused" in caplog.text
    await stage.pass_by(60, step=1)
    assert len(stage.channel.ledger) == tries + 1
    await stage.pass_by(600, step=1)
    assert (await stage.delivery.health()).stopped == ()
    assert await stage.states(rows) == ["sent"] * 5


async def test_six_dead_in_a_row_open_the_circuit(stage):
    """Refused in six chats one after another, it is rather us: wait, probe, go on."""
    for chat in range(1, 9):
        stage.channel.failures[f"bad {chat}"] = [failure("REJECTED")]
        if chat <= 6:
            await stage.offer(stage.new(f"bad {chat}", chat=str(chat)))
    await stage.offer(stage.new("waits", chat="20"), stage.new("waits too", chat="21"))
    opened = (await stage.delivery.health()).circuit
    before = list(stage.channel.texts)
    await stage.pass_by(61)

    assert (opened, before[6:]) == (("telegram",), [])
    assert (stage.channel.texts[6:], (await stage.delivery.health()).circuit) == (["waits", "waits too"], ())


async def test_a_reply_overtakes_a_broadcast_also_behind_its_own_chats_invitation(stage):
    """The customer who writes during a broadcast gets what stands before the answer, and the answer, at once."""
    stage.paces = {"telegram": Pace()}
    stage.settings = DeliverySettings(window=50)
    await stage.delivery.stop()
    rows = await stage.queue(
        *(stage.new(f"invite {chat}", chat=str(chat), class_="B", priority=4) for chat in range(1000, 1400))
    )
    await stage.start()
    [reply] = await stage.offer(stage.new("reply", chat="1390"))
    await stage.pass_by(0.4, step=0.04)

    assert stage.channel.texts.index("invite 1390") < stage.channel.texts.index("reply") < 15
    assert len(stage.delivery._queue._known) <= 60
    await stage.pass_by(20, step=0.04)
    assert await stage.states([*rows, reply]) == ["sent"] * 401
    assert len(stage.channel.ledger) == 401


# Restarts


async def test_what_was_queued_goes_after_a_restart(stage):
    """The commit is the promise; memory is only a short cut."""
    await stage.kill()
    await stage.queue(*(stage.new(word) for word in "abc"))
    await stage.start()

    assert stage.channel.texts == ["a", "b", "c"]


async def test_a_wait_asked_for_outlives_a_restart_and_keeps_the_order(stage):
    """The channel does not forget that it told us to wait, and what comes later still comes later."""
    stage.channel.failures["one"] = [failure("NOT_SENT", retry_after=40.0)]
    await stage.offer(stage.new("one"), stage.new("two"))
    await stage.kill()
    await stage.start()
    before = list(stage.channel.texts)
    await stage.pass_by(42, step=1)

    assert (before, stage.channel.texts) == (["one"], ["one", "one", "two"])


async def test_a_restart_keeps_the_pace(stage):
    """A group takes twenty a minute from the bot, however often its process begins anew."""
    stage.paces = {"telegram": Pace()}
    await stage.start()
    await stage.offer(*(stage.new(str(each), chat="-7", class_="C") for each in range(25)))
    await stage.pass_by(30, step=0.25)
    before = len(stage.channel.ledger)
    await stage.kill()
    await stage.start()
    await stage.pass_by(10, step=0.25)
    during = len(stage.channel.ledger)
    await stage.pass_by(30, step=0.25)

    assert (before, during, len(stage.channel.ledger)) == (18, 18, 25)


@pytest.mark.parametrize(
    ("class_", "calls", "state"), [("A", 2, "sent"), ("B", 1, "unknown"), ("C", 2, "sent"), ("D", 2, "sent")]
)
async def test_killed_while_sending(stage, class_, calls, state):
    """Between the mark and the record nobody knows; the class decides, as for any doubt."""
    stage.channel.open.clear()
    [row, after] = await stage.offer(stage.new("it", class_=class_, case_id=17), stage.new("after"))
    await stage.kill()
    stage.channel.open.set()
    await stage.start()

    assert [text.endswith("it") for text in stage.channel.texts].count(True) == calls
    assert await stage.states([row, after]) == [state, "sent"]


async def test_a_question_left_in_doubt_waits_for_the_taps_made_meanwhile(stage):
    """A press in the first batch proves it arrived: then no second copy is sent."""
    stage.channel.open.clear()
    rows = await stage.offer(stage.new("one", prompt="s.1"), stage.new("one", chat="8", prompt="t.1"))
    await stage.kill()
    stage.channel.open.set()
    await stage.start(first_batch=False)
    before = len(stage.channel.ledger)
    stage.delivery.evidence("s.1")
    stage.delivery.first_batch_taken("telegram")
    await stage.quiet()

    assert (before, await stage.states(rows)) == (2, ["sent", "sent"])
    assert [post.chat for post in stage.channel.ledger[2:]] == ["8"]


async def test_a_press_in_the_inbox_proves_what_was_left_in_doubt(stage):
    """It came in before we died, and nobody had time to record it."""
    stage.channel.open.clear()
    [row] = await stage.offer(stage.new("it", prompt="s.1"))
    await stage.kill()
    await stage.database.run(
        lambda unit: unit.inbox.add(1, "telegram", "p1", 1, "7", '{"is":"pressed","press":"1:s.1:4"}', 0)
    )
    stage.channel.open.set()
    await stage.start(first_batch=False)

    assert (len(stage.channel.ledger), await stage.states([row])) == (1, ["sent"])


async def test_killed_again_while_sending_the_second_copy(stage):
    """Two copies may be there; a third must never be."""
    stage.channel.open.clear()
    [row] = await stage.offer(stage.new("it"))
    for _ in range(3):
        await stage.kill()
        await stage.start()

    assert (len(stage.channel.ledger), await stage.states([row])) == (2, ["unknown"])


async def test_killed_during_the_wait_before_the_second_copy(stage):
    """The wait is stored; after a restart the copy goes once, when the first batch is here."""
    stage.channel.failures["it"] = [failure("AMBIGUOUS")]
    [row] = await stage.offer(stage.new("it", prompt="s.1"))
    await stage.kill()
    await stage.start(first_batch=False)
    await stage.pass_by(100, step=10)
    before = len(stage.channel.ledger)
    stage.delivery.first_batch_taken("telegram")
    await stage.quiet()

    assert (before, [post.copy for post in stage.channel.ledger], await stage.states([row])) == (1, [1, 2], ["sent"])


async def test_stopping_finishes_what_is_in_the_air_and_begins_nothing(stage):
    """SIGTERM during sends makes no duplicate."""
    stage.channel.open.clear()
    rows = await stage.offer(stage.new("one"), stage.new("two"))
    stage.clock.when_shifted(lambda _: stage.channel.open.set())
    stage.clock.pass_by(1)
    await stage.delivery.stop()

    assert (stage.channel.texts, await stage.states(rows)) == (["one"], ["sent", "queued"])


async def test_stopping_leaves_what_does_not_come_back_as_sending(stage):
    """After our patience the call is cut off; the next start treats it as doubt."""
    stage.settings = DeliverySettings(patience=0.05)
    await stage.start()
    stage.channel.open.clear()
    [row] = await stage.offer(stage.new("one"))
    await stage.delivery.stop()

    assert await stage.states([row]) == ["sending"]


async def test_a_call_that_never_returns_is_given_up_with_its_lease(stage):
    """One hanging call must not silence a chat for ever."""
    stage.channel.open.clear()
    [row] = await stage.offer(stage.new("it", class_="B"))
    await stage.pass_by(61)

    assert await stage.states([row]) == ["unknown"]


async def test_nothing_is_lost_or_doubled_while_the_database_takes_nothing(stage, monkeypatch):
    """The disk is full for a while: what came back is recorded when it can be, and nothing is sent unmarked."""
    stage.channel.open.clear()
    rows = await stage.offer(stage.new("one"), stage.new("two"))
    run = stage.database.run

    async def full(*_arguments, **_more):
        raise Unavailable("full")

    monkeypatch.setattr(stage.database, "run", full)
    stage.channel.open.set()
    await stage.pass_by(5, step=1)
    storing = (await stage.delivery.health()).storing
    monkeypatch.setattr(stage.database, "run", run)
    await stage.pass_by(2)

    assert (storing, stage.channel.texts, await stage.states(rows)) == (False, ["one", "two"], ["sent", "sent"])


# Health


async def test_health_counts_what_waits_and_what_went_wrong(stage):
    """What the page and the alarms show."""
    stage.channel.always["lost"] = failure("AMBIGUOUS")
    stage.channel.always["bad"] = failure("REJECTED")
    stage.channel.always["later"] = failure("NOT_SENT")
    await stage.offer(stage.new("lost", class_="B"), stage.new("bad", chat="8"), stage.new("later", chat="9"))
    await stage.pass_by(10, step=1)
    health = await stage.delivery.health()

    assert (health.queued, health.unknown, health.dead, health.oldest_queued_age.seconds) == (1, 1, 1, 10)
