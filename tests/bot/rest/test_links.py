"""Personal links and the team: fresh each time, kept as digests, and only for who may."""

import asyncio
import hashlib
import re

import pytest

from bot.links import USERNAME
from tests.bot.rest.conftest import KEY

TOKEN = re.compile(r"[A-Za-z0-9_-]{22,64}")


async def test_a_link_opens_both_channels_for_thirty_days(shop):
    """The customer chooses; whichever comes first claims it."""
    await shop.run(lambda unit: unit.facts.put(1, USERNAME, "lamp_shop_bot"))
    answer = await shop.post({}, path="/v1/customers/c-9/links")

    told = answer.json()
    token = told["webchat"].removeprefix("https://ask.example.com/c/")
    assert answer.status_code == 201
    assert TOKEN.fullmatch(token)
    assert told["telegram"] == f"https://t.me/lamp_shop_bot?start={token}"
    assert (told["expires_at"], told["new"]) == ("2026-04-01T10:00:00.000Z", True)


async def test_only_the_digest_of_a_link_is_kept(shop):
    """Who reads the database or a backup cannot open anybody's chat."""
    token = (await shop.post({}, path="/v1/customers/c-9/links")).json()["webchat"].rpartition("/")[2]

    assert await shop.rows("SELECT digest, purpose FROM link") == [
        (hashlib.sha256(token.encode()).hexdigest(), "customer")
    ]


async def test_each_call_makes_a_fresh_link(shop):
    """A lost mail is answered with a new link, and the old one may still be opened first."""
    tokens = {(await shop.post({}, path="/v1/customers/c-9/links")).json()["webchat"] for _ in range(3)}

    assert len(tokens) == 3
    assert await shop.count("customer") == 1


async def test_without_a_bot_there_is_no_telegram_link(shop):
    """A link that opens nothing is worse than none."""
    assert (await shop.post({}, path="/v1/customers/c-9/links")).json()["telegram"] is None


async def test_a_customers_id_may_hold_a_slash(shop):
    """References are the business's own."""
    answer = await shop.post({"name": "Ana"}, path="/v1/customers/2026%2F17/links")

    assert answer.json()["customer"] == "2026/17"
    assert await shop.rows("SELECT reference, name FROM customer") == [("2026/17", "Ana")]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [({"nam": "Ana"}, "/nam"), ({"zone": "Mars"}, "/zone"), ([], ""), ({"language": 5}, "/language")],
)
async def test_a_link_request_that_does_not_fit_is_named(shop, body, pointer):
    """A mistyped member would be ignored in silence."""
    answer = await shop.post(body, path="/v1/customers/c-9/links")

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/v1/staff"), ("POST", "/v1/staff/invitations"), ("DELETE", "/v1/staff/Ben")],
)
@pytest.mark.parametrize(("key", "status"), [(KEY, 403), ("nobody", 401)])
async def test_a_senders_key_does_not_reach_the_team(shop, method, path, key, status):
    """A key that leaks from a till must not make its finder a staff member."""
    answer = await shop.client.request(method, path, headers={"authorization": f"Bearer {key}"})

    assert answer.status_code == status


async def test_nobody_says_it_is_the_operator_from_outside(shop):
    """The mark of the operator's socket is no header."""
    headers = {"makegood.operator": "true", "x-makegood-operator": "true"}

    assert (await shop.client.get("/v1/staff", headers=headers)).status_code == 401


async def test_an_invitation_makes_a_staff_member_with_one_link(operator, counter):
    """The newest invitation is the good one: the older may lie in a chat somewhere."""
    first = await operator.post("/v1/staff/invitations", json={"name": "Ben", "roles": ["supervisor", "staff"]})
    again = await operator.post("/v1/staff/invitations", json={"name": "Ben"})

    assert (first.status_code, again.json()["roles"]) == (201, ["staff", "supervisor"])
    open_links = await counter.database.read(
        lambda unit: unit.all("SELECT COUNT(*) FROM link WHERE expires_at > :now", {"now": counter.clock.now()})
    )
    assert open_links == [(1,)]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/name"),
        ({"name": "a,b"}, "/name"),
        ({"name": "Ben", "roles": ["king"]}, "/roles"),
        ({"name": "Ben", "roles": []}, "/roles"),
        ({"name": "Ben", "language": "de"}, "/language"),
        ({"name": "Ben", "role": "staff"}, "/role"),
    ],
)
async def test_an_invitation_that_does_not_fit_is_named(operator, body, pointer):
    """And nobody was taken on."""
    answer = await operator.post("/v1/staff/invitations", json=body)

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
    assert (await operator.get("/v1/staff")).json() == {"staff": []}


async def test_who_is_removed_is_gone_with_their_invitation(operator, counter):
    """A farewell must not leave a door open."""
    await operator.post("/v1/staff/invitations", json={"name": "Ben"})

    assert (await operator.delete("/v1/staff/Ben")).json() == {"name": "Ben", "open_cases": [], "given_to": []}
    assert (await operator.delete("/v1/staff/Ben")).status_code == 404
    assert (await operator.get("/v1/staff")).json() == {"staff": []}


async def test_health_tells_everybody_that_it_lives_and_the_operator_the_rest(shop, operator):
    """A load balancer needs a word; numbers of unsent messages are nobody else's business."""
    assert (await shop.client.get("/v1/health")).json() == {"status": "ok"}
    told = (await operator.get("/v1/health")).json()
    assert told["due"] == {"overdue": 0, "parked": 0, "late": 0}
    assert set(told) == {"status", "due", "inbox", "notifications", "outbox"}


async def test_a_replay_never_shows_a_link_again(shop):
    """An answer that is kept somewhere on its way must not open a customer's chat later, nor must a log of requests."""
    path = "/v1/customers/c-9/links"
    first = await shop.post({}, path=path, idempotency_key="order-17")
    again = await shop.post({}, path=path, idempotency_key="order-17")
    anew = await shop.post({}, path=path, idempotency_key="order-17-b")

    assert (first.status_code, again.status_code, anew.status_code) == (201, 409, 201)
    assert "/c/" not in again.text
    assert "another key" in again.json()["detail"]
    assert await shop.count("link") == 2


async def test_fifty_requests_with_one_key_make_one_link(shop):
    """Whoever sends again because the network was slow wants one link, not fifty."""
    answers = await asyncio.gather(
        *(shop.post({}, path="/v1/customers/c-9/links", idempotency_key="order-17") for _ in range(50))
    )

    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 49]
    assert await shop.count("link") == 1


async def test_a_key_that_is_too_long_is_refused(shop):
    """It is kept as a digest only, and a book is no key."""
    assert (await shop.post({}, path="/v1/customers/c-9/links", idempotency_key="x" * 256)).status_code == 422
