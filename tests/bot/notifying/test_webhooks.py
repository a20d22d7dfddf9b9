"""Claims about one webhook, posted to a real server."""

import asyncio
import socket

import pytest
from standardwebhooks.webhooks import WebhookVerificationError

from bot.clock import Clock
from bot.notifying import webhooks
from bot.notifying.retrying import Failed, Taken
from bot.notifying.webhooks import NoAnswer, WebhookWay
from bot.settings.webhooks import Endpoint
from storage.notifications import Notification
from tests.bot.notifying.posting import CERTIFICATE, certified
from tests.bot.notifying.receiving import OTHER, SECRET, receiving

BODY = '{"type":"case.opened","timestamp":"2026-03-02T12:00:00.000Z","data":{"text":"热的汤 🍲"}}'


@pytest.fixture
async def receiver():
    async with receiving() as receiver:
        yield receiver


def row(payload: str = BODY) -> Notification:
    return Notification(1, 1, "webhook:crm", "case.opened", "msg_1", "", payload, "k", "sending", 1, 0, None, 0, None)


async def test_the_receiver_can_verify_it_with_the_standards_own_library(receiver):
    """Whoever receives us uses a library that exists in their language."""
    assert await WebhookWay(receiver.endpoint(), Clock()).send(row()) == Taken()

    assert receiver.verified()["data"]["text"] == "热的汤 🍲"
    assert receiver.headers[0]["webhook-id"] == "msg_1"
    assert receiver.headers[0]["content-type"] == "application/json"


async def test_two_secrets_make_two_signatures(receiver):
    """So a receiver changes its secret without missing anything: either of the two verifies."""
    await WebhookWay(receiver.endpoint(secrets=(SECRET, OTHER)), Clock()).send(row())

    assert receiver.verified(secret=SECRET) == receiver.verified(secret=OTHER)
    with pytest.raises(WebhookVerificationError):
        receiver.verified(secret="whsec_" + "A" * 32)


@pytest.mark.parametrize("status", [200, 201, 202, 204])
async def test_any_2xx_is_taken(receiver, status):
    """What the receiver does with it is its own affair."""
    receiver.answers = [status]

    assert await WebhookWay(receiver.endpoint(), Clock()).send(row()) == Taken()


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 401, 404, 410, 422, 500, 503])
async def test_anything_else_is_tried_again(receiver, status):
    """A receiver that is being deployed answers anything. A redirect is followed nowhere."""
    receiver.answers, receiver.answer_headers = [status], {"Location": receiver.url}

    assert await WebhookWay(receiver.endpoint(), Clock()).send(row()) == Failed(f"status {status}")
    assert len(receiver.got) == 1


async def test_the_receiver_may_ask_us_to_wait(receiver):
    """Its word counts for when we come again."""
    receiver.answers, receiver.answer_headers = [429], {"Retry-After": "120"}

    assert await WebhookWay(receiver.endpoint(), Clock()).send(row()) == Failed("status 429", 120.0)


async def test_our_own_network_is_closed_without_the_setting(receiver):
    """Nothing reaches the server, not even a connection that says that there is one."""
    endpoint = receiver.endpoint(allow_private=False, url=receiver.url.replace("http://", "https://"))
    verdict = await WebhookWay(endpoint, Clock()).send(row())

    assert verdict == Failed("not allowed: the address is loopback")
    assert receiver.got == []


async def test_the_connection_goes_to_the_address_that_was_looked_at(receiver):
    """Name servers that answer the second question otherwise are never asked a second one."""
    asked = []

    async def rebinding(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["169.254.169.254"]

    endpoint = receiver.endpoint(url=receiver.url.replace("127.0.0.1", "crm.invalid"))

    assert await WebhookWay(endpoint, Clock(), rebinding).send(row()) == Taken()
    assert asked == ["crm.invalid"]
    assert receiver.headers[0]["host"] == f"crm.invalid:{receiver.port}"


async def test_a_name_that_turns_private_is_refused_at_the_next_try(receiver):
    """Each try looks for itself: what was right yesterday may be rebound today."""

    async def private(_host: str, _port: int) -> list[str]:
        return ["10.0.0.7"]

    endpoint = Endpoint(name="crm", url="https://crm.invalid/hook", secrets=(SECRET,))

    assert await WebhookWay(endpoint, Clock(), private).send(row()) == Failed("not allowed: the address is private")


async def test_a_second_address_is_tried_when_the_first_takes_no_connection(receiver):
    """A host with a dead IPv6 address is a host all the same."""

    async def two(_host: str, _port: int) -> list[str]:
        return ["127.0.0.9", "127.0.0.1"]

    endpoint = receiver.endpoint(url=receiver.url.replace("127.0.0.1", "crm.invalid"))

    assert await WebhookWay(endpoint, Clock(), two).send(row()) == Taken()
    assert len(receiver.got) == 1


@pytest.mark.parametrize(("host", "verdict"), [("crm.invalid", Taken()), ("shop.invalid", None)])
async def test_the_certificate_is_the_hosts_though_the_connection_goes_to_a_number(host, verdict, monkeypatch):
    """Connecting to the address that was looked at must not mean to believe whoever answers there."""
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))

    async def here(_host: str, _port: int) -> list[str]:
        return ["127.0.0.1"]

    async with receiving(certified()) as receiver:
        endpoint = receiver.endpoint(url=f"https://{host}:{receiver.port}/hook")
        said = await WebhookWay(endpoint, Clock(), here).send(row())

    assert said == (verdict or Failed("no answer: ConnectError"))
    assert len(receiver.got) == (1 if verdict else 0)


async def test_a_certificate_that_nobody_vouches_for_is_no_receiver():
    """One that anybody could have made proves nothing."""
    async with receiving(certified()) as receiver:
        endpoint = receiver.endpoint(url=f"https://127.0.0.1:{receiver.port}/hook")

        assert await WebhookWay(endpoint, Clock()).send(row()) == Failed("no answer: ConnectError")


async def test_no_proxy_of_the_environment_is_used(receiver, monkeypatch):
    """A proxy resolves names itself, and would lead around every check."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    assert await WebhookWay(receiver.endpoint(), Clock()).send(row()) == Taken()


async def test_nobody_listening_is_a_failure_that_names_no_address():
    """What stands in the log and on the screen says what is wrong, not where the network has what."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
    endpoint = Endpoint(name="crm", url=f"http://127.0.0.1:{port}/", secrets=(SECRET,), allow_private=True)

    assert await WebhookWay(endpoint, Clock()).send(row()) == Failed("no answer: ConnectError")


async def test_a_silent_receiver_is_given_up_in_time(receiver, monkeypatch):
    """One that never answers must not hold a try for ever."""
    monkeypatch.setattr(webhooks, "PATIENCE", 0.2)
    receiver.hold.clear()

    assert await WebhookWay(receiver.endpoint(), Clock()).send(row()) == Failed("no answer within 0 s")


async def test_an_endless_answer_is_not_read():
    """A receiver that answers for hours costs us nothing: its status is all we want."""
    sent = 0

    async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        try:
            while True:
                writer.write(b"10000\r\n" + b"x" * 65536 + b"\r\n")
                await writer.drain()
                sent += 1
        except ConnectionError:
            writer.close()

    server = await asyncio.start_server(endless, "127.0.0.1", 0)
    async with server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        endpoint = Endpoint(name="crm", url=url, secrets=(SECRET,), allow_private=True)
        verdict = await WebhookWay(endpoint, Clock()).send(row())

    assert verdict == Taken()
    assert sent < 200


async def test_a_trial_shows_the_beginning_of_what_came_back(receiver):
    """Whoever sets up a receiver wants to see its complaint."""
    receiver.answers, receiver.words = [422], "no such\ntenant" + "!" * 1000
    answer = await WebhookWay(receiver.endpoint(), Clock()).post("msg_1", BODY, excerpt=True)

    assert (answer.status, answer.excerpt[:14], len(answer.excerpt)) == (422, "no such tenant", webhooks.EXCERPT)


async def test_a_host_that_has_no_address_is_told_so():
    """A typing mistake in the setting is found by the trial."""

    async def unknown(_host: str, _port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    endpoint = Endpoint(name="crm", url="https://crm.invalid/", secrets=(SECRET,))
    with pytest.raises(NoAnswer) as failed:
        await WebhookWay(endpoint, Clock(), unknown).post("msg_1", BODY)

    assert failed.value.why == "not reached: gaierror"
