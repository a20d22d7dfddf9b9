"""Polling loses nothing: what is confirmed is committed, and what is not committed comes again."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from bot.channels.telegram.http import BotApi
from bot.channels.telegram.poller import OFFSET, POLLED_AT, Poller
from bot.channels.updates import Unavailable, Unreadable
from bot.clock import Clock
from tests.bot.channels.telegram.conftest import Inbox
from tests.fake_telegram import FakeTelegram, faults
from tests.waiting import LIMIT, until_so

Start = Callable[..., Poller]


@pytest.fixture
async def start(api: BotApi, inbox: Inbox) -> AsyncIterator[Start]:
    """Start a poller; all are stopped at the end of the test."""
    running: list[tuple[Poller, asyncio.Task[None]]] = []

    def begin(**more: Any) -> Poller:
        poller = Poller(api, inbox, Clock(), **more)
        poller._backoff = lambda: 0.0  # type: ignore[method-assign] # no test waits for jitter
        running.append((poller, asyncio.create_task(poller.run())))
        return poller

    yield begin
    for poller, task in running:
        poller.stop()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait_for(task, LIMIT)


async def test_what_was_written_is_received_and_confirmed(fake: FakeTelegram, inbox: Inbox, start: Start):
    """With the offset in the same commit, so that both are there or neither."""
    ana = fake.person("Ana")
    start()

    await ana.says("four")
    await fake.drained()

    assert inbox.texts == ["four"]
    assert inbox.facts[OFFSET] == str(fake.next_update_id)


async def test_nothing_is_confirmed_before_it_is_committed(fake: FakeTelegram, inbox: Inbox, start: Start):
    """While the database takes nothing, Telegram keeps what it has (reliability.md A1)."""
    ana = fake.person("Ana")
    inbox.refusals = 10**9
    poller = start()
    await ana.says("four")
    await until_so(lambda: poller.polling.state == "no storage")

    assert len(fake.updates) == 1
    assert inbox.texts == []

    inbox.refusals = 0
    await fake.drained()

    assert inbox.texts == ["four"]


async def test_a_batch_that_was_not_confirmed_comes_again_after_a_restart(
    fake: FakeTelegram, inbox: Inbox, start: Start
):
    """Killed after the commit and before the next question: the ident tells that it is the same (A2)."""
    ana = fake.person("Ana")
    await ana.says("four")
    first = start()
    await until_so(lambda: inbox.batches and inbox.texts)
    first.stop()
    await until_so(lambda: first.polling.state == "stopped")

    start(offset=None)
    await until_so(lambda: len(inbox.batches) > 1)
    await fake.drained()

    assert inbox.texts == ["four"]


async def test_an_update_that_comes_twice_is_the_same(fake: FakeTelegram, inbox: Inbox, start: Start):
    """Twice in one batch (A8)."""
    ana = fake.person("Ana")
    fake.duplicate_next(1, copies=3)
    await ana.says("four")
    start()
    await fake.drained()

    assert inbox.texts == ["four"]
    assert inbox.repeats == 2


async def test_numbers_that_fall_lose_nothing(fake: FakeTelegram, inbox: Inbox, start: Start):
    """After an idle week Telegram begins anywhere (A10)."""
    ana = fake.person("Ana")
    fake.next_update_id = 9_000_000
    start()
    await ana.says("before")
    await fake.drained()
    fake.next_update_id = 1000
    for text in ("after", "and on"):
        await ana.says(text)
        await fake.drained()

    assert inbox.texts == ["before", "after", "and on"]
    assert inbox.facts[OFFSET] == "1002"


async def test_more_than_a_batch_is_received_in_order(fake: FakeTelegram, inbox: Inbox, start: Start):
    """Telegram gives at most a hundred at a time."""
    ana = fake.person("Ana")
    for number in range(250):
        await ana.says(str(number))
    start()
    await fake.drained()

    assert inbox.texts == [str(number) for number in range(250)]


async def test_we_say_what_we_want_to_hear(fake: FakeTelegram, start: Start):
    """Blocking and edits come only when asked for, and nothing that waits is dropped."""
    start()
    call = await fake.ledger.wait("getUpdates")

    assert call.params["allowed_updates"] == ["message", "edited_message", "callback_query", "my_chat_member"]
    assert "drop_pending_updates" not in call.params
    assert call.params["timeout"] == 0  # the first question waits for nothing: a start after a gap is quick


async def test_another_poller_is_reported_and_outlasted(fake: FakeTelegram, inbox: Inbox, start: Start):
    """Two bots on one token must neither fight in a hot loop nor die (A14)."""
    ana = fake.person("Ana")
    script = fake.script("getUpdates", then=[faults.conflict()], times=None)
    poller = start()
    await until_so(lambda: poller.polling.state == "another poller")
    assert "other getUpdates request" in poller.polling.why
    script.cancel()

    await ana.says("four")
    await fake.drained()

    assert inbox.texts == ["four"]
    assert poller.polling.state == "polling"


async def test_a_left_over_webhook_is_taken_away(fake: FakeTelegram, api: BotApi, inbox: Inbox, start: Start):
    """Polling was configured; what waited for the webhook is received."""
    await api.call("setWebhook", b'{"url":"https://127.0.0.1:8443/hook"}')
    start()
    await until_so(lambda: fake.webhook is None)
    await fake.person("Ana").says("four")
    await fake.drained()

    assert inbox.texts == ["four"]
    [call] = fake.ledger.calls("deleteWebhook")
    assert call.params["drop_pending_updates"] is False


async def test_a_refused_token_is_tried_once_a_minute(fake: FakeTelegram, start: Start):
    """Loud, and no hot loop (B12)."""
    fake.revoke_token()
    poller = start()
    await until_so(lambda: poller.polling.state == "refused")
    await asyncio.sleep(0.05)

    assert len(fake.ledger.calls("getUpdates")) == 1


@pytest.mark.parametrize(
    "fault",
    [faults.Reset(), faults.HangUp(), faults.Truncate(), faults.NotJson(), faults.OkFalse(), faults.BadGateway()],
    ids=faults.tag,
)
async def test_a_broken_answer_loses_nothing(fake: FakeTelegram, inbox: Inbox, start: Start, fault: faults.AnyFault):
    """The batch in it was not confirmed and comes again."""
    ana = fake.person("Ana")
    await ana.says("four")
    fake.script("getUpdates", then=[fault])
    start()
    await fake.drained()

    assert inbox.texts == ["four"]


async def test_polling_goes_on_when_telegram_is_back(fake: FakeTelegram, inbox: Inbox, start: Start):
    """An outage ends by itself (B13)."""
    ana = fake.person("Ana")
    fake.refuse()
    poller = start()
    await until_so(lambda: poller.polling.state == "no connection")
    await ana.says("four")
    await fake.accept()
    await fake.drained()

    assert inbox.texts == ["four"]


async def test_after_a_gap_the_lost_taps_are_told_once(fake: FakeTelegram, inbox: Inbox, start: Start):
    """After what waited was received: who has answered in writing must not be asked again."""
    await fake.person("Ana").says("typed while we were away")
    gaps: list[tuple[int, list[str]]] = []
    now = Clock().real()

    async def on_gap(gap: int) -> None:
        gaps.append((gap, inbox.texts))

    poller = start(polled_at=now - 600_000, on_gap=on_gap)
    await poller.caught_up.wait()
    await fake.drained()
    await fake.person("Ben").says("later")
    await fake.drained()

    [(gap, known_by_then)] = gaps
    assert 600_000 <= gap < 610_000
    assert known_by_then == ["typed while we were away"]


async def test_a_gap_that_could_not_be_told_is_told_later(fake: FakeTelegram, inbox: Inbox, start: Start):
    """Until then no newer time of polling is stored, so that a crash in between does not forget it."""
    stored: list[str | None] = []

    async def on_gap(gap: int) -> None:
        stored.append(inbox.facts.get(POLLED_AT))
        if len(stored) == 1:
            raise Unavailable("the disk is full")

    start(polled_at=Clock().real() - 600_000, on_gap=on_gap)
    for text in ("one", "two", "three"):
        await fake.person("Ana").says(text)
        await fake.drained()

    assert stored == [None, None]
    await until_so(lambda: POLLED_AT in inbox.facts)


@pytest.mark.parametrize("polled_ago", [None, 140_000])
async def test_no_gap_is_told_when_no_tap_can_be_lost(fake: FakeTelegram, start: Start, polled_ago: int | None):
    """A first start, and a short restart."""
    gaps: list[int] = []

    async def on_gap(gap: int) -> None:
        gaps.append(gap)

    poller = start(polled_at=polled_ago and Clock().real() - polled_ago, on_gap=on_gap)
    await poller.caught_up.wait()

    assert gaps == []


async def test_a_quiet_bot_still_notes_that_it_polled(fake: FakeTelegram, inbox: Inbox, start: Start):
    """Else a restart after a quiet night would look like a gap."""
    poller = start()
    await poller.caught_up.wait()

    assert abs(int(inbox.facts[POLLED_AT]) - Clock().real()) < 5000


async def test_stopping_breaks_off_only_the_waiting(fake: FakeTelegram, api: BotApi):
    """What is being committed is committed to its end, and a batch on its way comes again."""
    entered, go_on = asyncio.Event(), asyncio.Event()

    class SlowInbox(Inbox):
        async def receive(self, updates: Any, *, facts: Any = None) -> None:
            entered.set()
            await go_on.wait()
            await super().receive(updates, facts=facts)

    slow = SlowInbox()
    await fake.person("Ana").says("four")
    poller = Poller(api, slow, Clock())
    task = asyncio.create_task(poller.run())
    await entered.wait()
    poller.stop()
    go_on.set()
    await asyncio.wait_for(task, LIMIT)

    assert slow.texts == ["four"]
    assert poller.polling.state == "stopped"


async def test_cancelling_is_a_cancellation(fake: FakeTelegram, inbox: Inbox, api: BotApi):
    """Whoever cancels must see it come through."""
    poller = Poller(api, inbox, Clock())
    task = asyncio.create_task(poller.run())
    await fake.until_listening()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_poison_update_is_passed_by(fake: FakeTelegram, inbox: Inbox, start: Start):
    """It is stored as it is, and the next is received."""
    fake.updates.put_raw({"update_id": 100_000_001, "message": {"text": 5}})
    fake.next_update_id = 100_000_002
    await fake.person("Ana").says("four")
    start()
    await fake.drained()

    assert inbox.texts == ["", "four"]
    assert isinstance(next(iter(inbox.updates.values())), Unreadable)


async def test_starting_needs_no_bot_library(root: object):
    """`import telegram` takes half a second, and so does aiohttp: the first getUpdates waits for neither."""
    code = (
        "import sys, bot.channels.telegram.poller, bot.channels.telegram.channel, bot.channels.telegram.webhook\n"
        "print(sorted({'telegram', 'aiohttp', 'httpx', 'fastapi'} & sys.modules.keys()))"
    )
    python = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, cwd=str(root), stdout=asyncio.subprocess.PIPE
    )
    told, _ = await python.communicate()

    assert told.strip() == b"[]"
