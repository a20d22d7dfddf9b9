"""POST /v1/events: each event once, refusals that name the field, and callers who must prove themselves."""

import asyncio
import gzip
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook

from bot.rest.cloudevents import touchpoint_of
from tests.bot.rest.conftest import KEY, NEXT_KEY, NEXT_SIGNING, SIGNING
from tests.waiting import LIMIT

HOUR = 3_600_000
DAY = 24 * HOUR


def pointers(answer: Any) -> list[str]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return [error["pointer"] for error in answer.json().get("errors", [])]


# --- stored, once ---------------------------------------------------------------------------------------------------


async def test_an_event_is_stored_before_it_is_answered(shop, event, clock):
    """202 is a promise: the row, the customer and the planned invitation are there."""
    answer = await shop.post(event())

    assert answer.status_code == 202
    assert answer.json()["events"] == [
        {
            "source": "https://shop.example",
            "id": "evt-1",
            "status": "accepted",
            "invitation": {"state": "planned", "planned_at": "2026-03-02T12:00:00.000Z"},
        }
    ]
    assert await shop.rows("SELECT reference, name, language, zone, more FROM customer") == [
        ("c-9", "Ana", "en", "Europe/Berlin", '{"tier":"gold"}')
    ]
    assert await shop.rows("SELECT touchpoint, subject, service, occurred_at FROM service_event") == [
        ("delivery", "order-17", '{"id":"order-17","item":"a lamp","price":"12.5"}', clock.now())
    ]
    assert await shop.rows("SELECT kind, subject, dedupe_key, due_at FROM due") == [
        ("invite", 1, "invite:1", clock.now() + 2 * HOUR)
    ]
    assert shop.planned == [clock.now() + 2 * HOUR]


async def test_an_event_sent_twice_is_one_event(shop, event):
    """Senders repeat what they got no answer to; the customer must not be asked twice."""
    await shop.post(event())
    again = await shop.post(event())

    assert (again.status_code, again.json()["events"][0]["status"]) == (202, "duplicate")
    assert (await shop.count("service_event"), await shop.count("invitation")) == (1, 1)


async def test_members_in_another_order_are_the_same_body(shop, event):
    """JSON objects have no order; a sender's library may shuffle them between two tries."""
    await shop.post(event())
    again = await shop.post(dict(reversed(event().items())))

    assert again.json()["events"][0]["status"] == "duplicate"


async def test_fifty_at_once_are_one_event(shop, event):
    """A sender with a retry storm is still one service."""
    answers = await asyncio.gather(*(shop.post(event()) for _ in range(50)))

    statuses = [answer.json()["events"][0]["status"] for answer in answers]
    assert sorted(set(statuses)) == ["accepted", "duplicate"]
    assert statuses.count("accepted") == 1
    assert (await shop.count("service_event"), await shop.count("due")) == (1, 1)


async def test_the_same_id_with_another_body_is_refused(shop, event):
    """Either the sender numbers wrongly or somebody meddles; what is stored stands."""
    await shop.post(event())
    other = await shop.post(event(subject="order-18"))

    assert (other.status_code, pointers(other)) == (422, ["/id"])
    assert await shop.rows("SELECT subject FROM service_event") == [("order-17",)]


async def test_a_batch_is_stored_as_a_whole(shop, event):
    """CloudEvents batches are how an order system catches up after the night."""
    batch = [event(id=f"evt-{n}", subject=f"order-{n}") for n in range(450)]
    answer = await shop.post(batch, content_type="application/cloudevents-batch+json")

    assert answer.status_code == 202
    assert {told["status"] for told in answer.json()["events"]} == {"accepted"}
    assert await shop.count("invitation") == 450


async def test_one_bad_event_of_a_batch_stores_none(shop, event):
    """A half-stored batch is a riddle for its sender."""
    answer = await shop.post([event(), event(id="evt-2", type="no.such"), event(id="evt-3", data={})])

    assert answer.status_code == 422
    assert pointers(answer) == ["/1/type", "/2/data/customer"]
    assert await shop.count("service_event") == 0


async def test_two_bodies_under_one_id_in_a_batch_are_refused(shop, event):
    """The second would silently be dropped."""
    answer = await shop.post([event(), event(subject="order-18")])

    assert (answer.status_code, pointers(answer)) == (422, ["/1/id"])
    assert await shop.count("service_event") == 0


# --- what fits ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"specversion": "0.3"}, "/specversion"),
        ({"id": ""}, "/id"),
        ({"id": "x" * 257}, "/id"),
        ({"id": "a\u0000b"}, "/id"),
        ({"source": None}, "/source"),
        ({"type": "weather.changed"}, "/type"),
        ({"type": 5.5}, "/type"),
        ({"subject": {"a": 1}}, "/subject"),
        ({"time": "yesterday"}, "/time"),
        ({"time": "2026-03-02T10:00:00"}, "/time"),
        ({"data": None}, "/data"),
        ({"data": "text"}, "/data"),
        ({"data": {"customer": {}}}, "/data/customer/id"),
        ({"data": {"customer": "ana"}}, "/data/customer"),
        ({"data": {"customer": {"id": "c", "zone": "Mars/Olympus"}}}, "/data/customer/zone"),
        ({"data": {"customer": {"id": "c", "zone": "../../etc/passwd"}}}, "/data/customer/zone"),
        ({"data": {"customer": {"id": "c", "language": "klingon spoken here"}}}, "/data/customer/language"),
        ({"data": {"customer": {"id": "c"}, "version": -1}}, "/data/version"),
        ({"data": {"customer": {"id": "c"}, "version": True}}, "/data/version"),
        ({"data_base64": "eA=="}, "/data_base64"),
    ],
)
async def test_what_does_not_fit_is_named(shop, event, changes, pointer):
    """The sender's programmer reads this answer and nothing else."""
    answer = await shop.post(event(**changes))

    assert (answer.status_code, pointers(answer)) == (422, [pointer])
    assert await shop.count("service_event") == 0


async def test_an_unknown_type_is_told_the_known_ones(shop, event):
    """The table is in the settings; the sender cannot see it."""
    answer = await shop.post(event(type="com.example.order.lost"))

    assert "order.delivered" in answer.json()["errors"][0]["detail"]


async def test_a_touchpoint_without_a_survey_is_told_the_published_ones(shop, event):
    """Accepting it would look like success, and nobody would ever be asked."""
    await shop.run(lambda unit: unit.surveys.retire(unit.surveys.for_touchpoint(1, "delivery").id, 1))
    answer = await shop.post(event())

    assert (answer.status_code, pointers(answer)) == (422, ["/type"])
    assert "repair" in answer.json()["errors"][0]["detail"]


@pytest.mark.parametrize(
    ("span", "status"), [(-7 * DAY, 202), (-7 * DAY - 1000, 422), (600_000, 202), (601_000, 422), (0, 202)]
)
async def test_events_far_from_now_are_refused(shop, event, clock, span, status):
    """Nobody is asked about last month's delivery, and a clock years ahead is a wrong clock."""
    time_ = datetime.fromtimestamp((clock.now() + span) / 1000, UTC).isoformat()
    answer = await shop.post(event(time=time_))

    assert answer.status_code == status
    assert status == 202 or pointers(answer) == ["/time"]


async def test_numbers_are_taken_as_ids(shop, event):
    """Many systems number their customers."""
    answer = await shop.post(event(id=17, data={"customer": {"id": 9}}))

    assert answer.status_code == 202
    assert await shop.rows("SELECT reference FROM customer") == [("9",)]


async def test_chinese_tags_become_ours(shop, event):
    """`zh-CN` and `zh_TW` are what shops have in their tables."""
    await shop.post(event(data={"customer": {"id": "c", "language": "zh_TW"}}))

    assert await shop.rows("SELECT language FROM customer") == [("zh-Hant",)]


@pytest.mark.parametrize(
    ("type_", "touchpoint"),
    [
        ("order.delivered", "delivery"),
        ("com.example.order.delivered", "delivery"),
        ("com.example.special.order.delivered", "special"),
        ("preorder.delivered", None),
        ("order", None),
    ],
)
def test_a_type_matches_by_its_end(type_, touchpoint):
    """CloudEvents types carry the sender's domain in front."""
    table = {"order.delivered": "delivery", "special.order.delivered": "special"}

    assert touchpoint_of(type_, table) == touchpoint


# --- who calls ------------------------------------------------------------------------------------------------------


def signed(body: bytes, secret: str = SIGNING, ident: str = "msg-1", at: datetime | None = None) -> dict[str, str]:
    at = at or datetime.now(UTC)  # noqa: TID251 - the library compares with the machine's clock
    signature = Webhook(secret).sign(ident, at, body.decode())
    return {
        "webhook-id": ident,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signature,
        "content-type": "application/cloudevents+json",
    }


async def test_both_keys_are_good_while_they_are_changed(shop, event):
    """A key is changed by adding the new one, moving the senders, and taking the old one away."""
    assert (await shop.post(event(), key=KEY)).status_code == 202
    assert (await shop.post(event(), key=NEXT_KEY)).status_code == 202


@pytest.mark.parametrize("key", ["wrong", KEY[:-1], KEY + "x", KEY.lower()])
async def test_a_wrong_key_is_nobody(shop, event, key):
    """And the answer says how to prove oneself, nothing else."""
    answer = await shop.post(event(), key=key)

    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert await shop.count("service_event") == 0


@pytest.mark.parametrize("secret", [SIGNING, NEXT_SIGNING])
async def test_a_signed_event_is_taken(shop, event, secret):
    """Standard Webhooks, by any of the secrets in rotation."""
    body = json.dumps(event()).encode()

    assert (await shop.client.post("/v1/events", content=body, headers=signed(body, secret))).status_code == 202


async def test_a_list_of_signatures_is_searched(shop, event):
    """While its own secret changes, a sender signs with both."""
    body = json.dumps(event()).encode()
    headers = signed(body)
    headers["webhook-signature"] = f"v1,AAAA v2,BBBB {headers['webhook-signature']}"

    assert (await shop.client.post("/v1/events", content=body, headers=headers)).status_code == 202


async def test_a_replayed_request_is_answered_as_a_duplicate(shop, event):
    """Within the window it is the sender's own retry."""
    body = json.dumps(event()).encode()
    headers = signed(body)
    answers = [await shop.client.post("/v1/events", content=body, headers=headers) for _ in range(2)]

    assert [answer.json()["events"][0]["status"] for answer in answers] == ["accepted", "duplicate"]


@pytest.mark.parametrize("away", [timedelta(seconds=-310), timedelta(seconds=310)])
async def test_an_old_signature_is_refused(shop, event, away):
    """Who recorded a request cannot send it next week."""
    body = json.dumps(event()).encode()
    headers = signed(body, at=datetime.now(UTC) + away)  # noqa: TID251 - the library compares with the machine's clock

    assert (await shop.client.post("/v1/events", content=body, headers=headers)).status_code == 401


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-signature": "v1,AAAA"},
        {"webhook-signature": "nonsense"},
        {"webhook-signature": "v1,ä"},
        {"webhook-signature": ""},
        {"webhook-id": "msg-2"},
        {"webhook-timestamp": "nan"},
        {"webhook-timestamp": "99999999999999999999"},
    ],
)
async def test_a_forged_signature_is_refused(shop, event, change):
    """Whatever is wrong with it, the answer is 401 and nothing is looked at."""
    body = json.dumps(event()).encode()
    headers = {name: value.encode("latin-1") for name, value in {**signed(body), **change}.items()}

    assert (await shop.client.post("/v1/events", content=body, headers=headers)).status_code == 401
    assert await shop.count("service_event") == 0


async def test_a_changed_body_breaks_its_signature(shop, event):
    """That is what it is for."""
    headers = signed(json.dumps(event()).encode())
    body = json.dumps(event(subject="order-18")).encode()

    assert (await shop.client.post("/v1/events", content=body, headers=headers)).status_code == 401


async def test_a_body_that_is_no_text_breaks_its_signature(shop):
    """The library would raise on it."""
    headers = signed(b"{}")

    assert (await shop.client.post("/v1/events", content=b"\xff\xfe", headers=headers)).status_code == 401


# --- hostile bodies -------------------------------------------------------------------------------------------------

AUTH = {"authorization": f"Bearer {KEY}", "content-type": "application/json"}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\xff", 400),
        (b'{"id": 1, "id": 2}', 400),
        (b'{"data": {"a": 1, "a": 2}}', 400),
        (b'{"n": 1e999}', 400),
        (b'{"n": NaN}', 400),
        (b'{"time": "\\ud800"}', 400),
        (b'{"data": {"name": "\\uDC00\\uD83D"}}', 400),
        (b'{"n": -Infinity}', 400),
        (b'{"n": ' + b"9" * 5000 + b"}", 400),
        (b"[" * 100_000, 400),
        (b"[" * 40 + b"]" * 40, 400),
        (b'{"a":' * 50_000, 400),
        (b"5", 422),
        (b'"text"', 422),
        (b"[5, null]", 422),
        (b"[]", 202),
    ],
)
async def test_a_strange_body_is_refused_kindly(shop, body, status):
    """Nothing here may be a 500: each is somebody's bug, or somebody's try."""
    answer = await shop.client.post("/v1/events", content=body, headers=AUTH)

    assert answer.status_code == status, answer.text


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", ""])
async def test_another_kind_of_body_is_refused(shop, kind):
    """Guessing what a body is would be one more way to be fooled."""
    answer = await shop.client.post("/v1/events", content=b"{}", headers={**AUTH, "content-type": kind})

    assert answer.status_code == 415


async def test_a_packed_body_is_refused(shop, event):
    """A kilobyte of gzip can be a gigabyte of JSON."""
    packed = gzip.compress(json.dumps(event()).encode())
    answer = await shop.client.post("/v1/events", content=packed, headers={**AUTH, "content-encoding": "gzip"})

    assert answer.status_code == 415


@pytest.mark.parametrize("announced", [True, False])
async def test_a_huge_body_is_refused_without_being_read(shop, announced):
    """By its announced length at once, and without one as soon as it is too much."""
    reader, writer = await asyncio.open_connection("127.0.0.1", shop.port)
    head = "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    head += f"Authorization: Bearer {KEY}\r\n"
    try:
        if announced:
            writer.write(f"{head}Content-Length: {10**9}\r\n\r\n".encode())
        else:
            chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
            writer.write(f"{head}Transfer-Encoding: chunked\r\n\r\n".encode() + chunk * 20)
        answer = await asyncio.wait_for(reader.readline(), LIMIT)
    finally:
        writer.close()

    assert b" 413 " in answer


async def test_a_batch_of_too_many_is_refused(shop, event):
    """A mebibyte of the smallest events would be one very long turn."""
    assert (await shop.post([{}] * 2001)).status_code == 413
