"""API keys: shown once, good at once, ended at once, and told apart without being kept."""

import asyncio

import httpx
import pytest

from bot.access.keys import KeyRing
from bot.access.secrets import digest
from tests.bot.rest.conftest import KEY

HOUR = 3_600_000


@pytest.fixture
async def boss(shop):
    """The operator, at the socket of the process that serves the shop."""
    from bot.operator import operator_app
    from bot.rest.callers import OperatorOnly

    transport = httpx.ASGITransport(OperatorOnly(operator_app(shop.counter)))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


async def made(boss, name="till", **body):
    answer = await boss.post("/v1/keys", json={"name": name, **body})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def status(shop, key):
    return (await shop.get("/v1/responses", key=key)).status_code


async def test_a_new_key_is_good_at_once(shop, boss):
    """The command goes through the running process: no restart, no waiting."""
    assert await status(shop, KEY) == 200  # the ring has read its keys by now
    key = (await made(boss))["key"]

    assert key.startswith("mg_")
    assert len(key) >= 3 + 32  # 192 bits
    assert await status(shop, key) == 200


async def test_a_key_is_kept_as_its_digest_alone(shop, boss):
    """Who reads the database, or a backup of it, cannot call us."""
    key = (await made(boss))["key"]

    assert await shop.rows("SELECT name, digest, hint FROM api_key") == [("till", digest(key), key[-4:])]
    listed = (await boss.get("/v1/keys")).text
    assert key not in listed
    assert key[-4:] in listed


async def test_a_revoked_key_is_refused_at_once(shop, boss):
    """It was found in a public place a minute ago."""
    key = (await made(boss))["key"]
    assert await status(shop, key) == 200

    assert (await boss.delete("/v1/keys/till")).status_code == 200
    assert await status(shop, key) == 401
    assert (await boss.delete("/v1/keys/till")).status_code == 404


async def test_a_rotated_key_works_until_the_grace_is_over(shop, boss, clock):
    """The senders are changed one by one, and none of them may be refused meanwhile."""
    old = (await made(boss))["key"]
    new = (await boss.post("/v1/keys/till/rotations", json={"grace": "24h"})).json()["key"]

    assert [await status(shop, key) for key in (old, new)] == [200, 200]
    clock.at += 24 * HOUR
    assert [await status(shop, key) for key in (old, new)] == [401, 200]


async def test_a_new_key_lasts_as_long_as_the_one_before_was_made_for(shop, boss, clock):
    """Rotating may not make a short-lived key an everlasting one."""
    await made(boss, expires="90d")
    clock.at += 80 * 24 * HOUR
    new = (await boss.post("/v1/keys/till/rotations", json={})).json()

    assert new["expires_at"][:10] == "2026-08-19"  # 90 days from the rotation
    clock.at += 91 * 24 * HOUR
    assert await status(shop, new["key"]) == 401


async def test_the_hour_of_use_is_noted_once_an_hour(shop, boss, clock):
    """A write for each request would halve what the API can take."""
    key = (await made(boss))["key"]
    for _ in range(3):
        await status(shop, key)
        clock.at += 60_000
    assert await shop.rows("SELECT last_used_at FROM api_key") == [(1_772_445_600_000,)]

    clock.at += HOUR
    await status(shop, key)
    assert await shop.rows("SELECT last_used_at FROM api_key") == [(1_772_449_200_000,)]


async def test_names_are_told_apart(shop, boss):
    """Two keys of one name could not be revoked apart; one of the settings is changed there."""
    await made(boss)

    assert (await boss.post("/v1/keys", json={"name": "till"})).status_code == 409
    assert (await boss.post("/v1/keys", json={"name": "shop"})).status_code == 409
    assert (await boss.delete("/v1/keys/shop")).status_code == 409
    assert {row["state"] for row in (await boss.get("/v1/keys")).json()["keys"] if row["name"] == "shop"} == {
        "in the settings"
    }


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/name"),
        ({"name": "a/b"}, "/name"),
        ({"name": "a\nb"}, "/name"),
        ({"name": "n", "expires": "soon"}, "/expires"),
        ({"name": "n", "expires": "0s"}, "/expires"),
        ({"name": "n", "expires": 5}, "/expires"),
        ({"name": "n", "colour": "red"}, "/colour"),
    ],
)
async def test_what_does_not_fit_is_named(boss, body, pointer):
    """A name is written to logs and history; a span that nobody understood would be for ever."""
    answer = await boss.post("/v1/keys", json=body)

    assert (answer.status_code, [error["pointer"] for error in answer.json()["errors"]]) == (422, [pointer])


async def test_a_key_makes_no_keys(shop):
    """A stolen key may not outlive its own revocation."""
    answers = [await shop.post({"name": "mine"}, path="/v1/keys"), await shop.get("/v1/keys")]

    assert [answer.status_code for answer in answers] == [403, 403]


async def test_a_ring_that_reads_during_a_change_ends_with_the_change(shop, counter, clock):
    """The first request and a revocation at one moment: the revoked key may not stay good."""
    ring = KeyRing({}, counter.database, clock)
    await shop.run(lambda unit: unit.api_keys.add(1, "till", digest("k"), "k", clock.now()))
    await asyncio.gather(
        ring.principal({"authorization": "Bearer k"}),
        shop.run(lambda unit: unit.api_keys.revoke(1, "till", clock.now())),
    )
    await ring.look_again()

    assert await ring.principal({"authorization": "Bearer k"}) is None
