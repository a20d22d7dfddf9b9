"""The webhook's laws: stored before it is answered, closed to strangers, never in its own way."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.webhook import LARGEST_BODY, Webhook
from bot.channels.updates import Unreadable
from bot.clock import Clock
from tests.bot.channels.telegram.conftest import Inbox

SECRET = "a-secret-of-our-own-1234"
UPDATE = {
    "update_id": 7,
    "message": {"message_id": 1, "date": 1_700_000_000, "chat": {"id": 5}, "from": {"id": 5}, "text": "four"},
}
BODY = msgspec.json.encode(UPDATE)


async def post(
    inbox: Inbox, body: bytes = BODY, *, secret: str | None = SECRET, verb: str = "POST", chunk: int = 65_536
) -> tuple[int, dict[bytes, bytes], bytes]:
    """Post as a server would hand it on, in chunks; return status, headers and body."""
    chunks = [body[start : start + chunk] for start in range(0, len(body), chunk)] or [b""]
    told: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        piece = chunks.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(chunks)}

    async def send(event: MutableMapping[str, Any]) -> None:
        told.append(event)

    headers = [(b"host", b"x")] + ([(b"x-telegram-bot-api-secret-token", secret.encode())] if secret else [])
    await Webhook(inbox, Clock(), SECRET)({"type": "http", "method": verb, "headers": headers}, receive, send)
    return told[0]["status"], dict(told[0]["headers"]), told[1]["body"]


async def test_an_update_is_stored_and_then_answered(inbox: Inbox):
    """With an empty body: one with a method in it would be taken for a call."""
    status, _, body = await post(inbox)

    assert (status, body, inbox.texts) == (200, b"", ["four"])


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", SECRET[:-1]])
async def test_a_stranger_gets_no_further_than_the_secret(inbox: Inbox, secret: str | None):
    """The body is not even read (reliability.md G3)."""
    status, _, _ = await post(inbox, b"never read", secret=secret)

    assert status == 403
    assert inbox.batches == []


async def test_a_replay_is_answered_and_changes_nothing(inbox: Inbox):
    """Telegram repeats what it believes lost; fifty at once are still one (A8)."""
    answers = await asyncio.gather(*[post(inbox) for _ in range(50)])

    assert {status for status, _, _ in answers} == {200}
    assert len(inbox.updates) == 1


@pytest.mark.parametrize(
    "body", [b"", b"nonsense", b"[]", b"{}", b'{"update_id":"7"}', b"\xff\xfe", b'{"update_id":1.5}']
)
async def test_nonsense_is_kept_and_answered(inbox: Inbox, body: bytes):
    """Refusing it would block its chat for a day."""
    status, _, _ = await post(inbox, body)

    assert status == 200
    [update] = inbox.updates.values()
    assert isinstance(update, Unreadable)


async def test_a_body_that_is_too_large_is_not_read_to_its_end(inbox: Inbox):
    """It is kept as unreadable, in part; the sender cannot fill the memory."""
    read = 0

    async def receive() -> MutableMapping[str, Any]:
        nonlocal read
        read += 65_536
        assert read < 2 * LARGEST_BODY
        return {"type": "http.request", "body": b"x" * 65_536, "more_body": True}

    told: list[MutableMapping[str, Any]] = []

    async def send(event: MutableMapping[str, Any]) -> None:
        told.append(event)

    headers = [(b"x-telegram-bot-api-secret-token", SECRET.encode())]
    await Webhook(inbox, Clock(), SECRET)({"type": "http", "method": "POST", "headers": headers}, receive, send)

    assert told[0]["status"] == 200
    [update] = inbox.updates.values()
    assert isinstance(update, Unreadable)
    assert len(update.raw) < 20_000


async def test_a_database_that_takes_nothing_asks_to_come_again(inbox: Inbox):
    """Not confirmed, so nothing is lost."""
    inbox.refusals = 1
    status, headers, _ = await post(inbox)

    assert status == 503
    assert b"retry-after" in headers
    assert await post(inbox) == (200, {b"content-length": b"0"}, b"")
    assert inbox.texts == ["four"]


async def test_only_a_post_is_taken(inbox: Inbox):
    """Somebody's browser is no Telegram."""
    status, headers, _ = await post(inbox, verb="GET")

    assert (status, headers[b"allow"]) == (405, b"POST")


async def test_a_sender_that_hangs_up_is_not_answered(inbox: Inbox):
    """Half a body is nothing; they come again."""

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.disconnect"}

    async def send(event: MutableMapping[str, Any]) -> None:
        raise AssertionError(event)

    headers = [(b"x-telegram-bot-api-secret-token", SECRET.encode())]
    await Webhook(inbox, Clock(), SECRET)({"type": "http", "method": "POST", "headers": headers}, receive, send)

    assert inbox.batches == []


@given(st.binary(max_size=300))
async def test_every_body_with_the_secret_is_answered_200(body: bytes):
    """Whatever Telegram may send one day."""
    status, _, _ = await post(Inbox(), body, chunk=7)

    assert status == 200


def test_a_short_secret_is_refused():
    """It could be guessed."""
    with pytest.raises(ValueError, match="16 characters"):
        Webhook(Inbox(), Clock(), "short")
