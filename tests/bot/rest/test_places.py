"""Places: one address each, for ever, and only the operator makes one."""

import pytest

from bot.links import USERNAME
from tests.bot.rest.conftest import KEY


async def test_a_place_keeps_its_address(operator, counter):
    """Its code hangs there, printed: what is asked there may change, the address never."""
    await counter.database.run(lambda unit: unit.facts.put(1, USERNAME, "lamp_shop_bot"))
    made = await operator.post("/v1/places", json={"key": "till", "name": "At the till"})
    again = await operator.post("/v1/places", json={"key": "till", "touchpoint": "repair"})
    told = made.json()
    token = told["webchat"].removeprefix("https://ask.example.com/c/")

    assert (made.status_code, again.status_code) == (201, 200)
    assert token.startswith("p_")
    assert told["telegram"] == f"https://t.me/lamp_shop_bot?start={token}"
    assert again.json() == {**told, "new": False, "touchpoint": "repair"}


async def test_a_place_that_was_retired_comes_back_under_its_old_address(operator):
    """A shop that opens again after the winter prints nothing anew."""
    made = (await operator.post("/v1/places", json={"key": "till"})).json()

    assert (await operator.delete("/v1/places/till")).json() == {"key": "till", "name": "till", "retired": True}
    assert (await operator.delete("/v1/places/cellar")).status_code == 404
    assert (await operator.post("/v1/places", json={"key": "till"})).json() == {**made, "new": False}


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/key"),
        ({"key": "The Till"}, "/key"),
        ({"key": 7}, "/key"),
        ({"key": "till", "name": "a\nb"}, "/name"),
        ({"key": "till", "touchpoint": "Repair"}, "/touchpoint"),
        ({"key": "till", "touchpoint": "haircut"}, "/touchpoint"),
        ({"key": "till", "colour": "red"}, "/colour"),
    ],
)
async def test_a_place_that_does_not_fit_is_named(operator, counter, body, pointer):
    """A code at which nothing is asked must be noticed before it is printed."""
    answer = await operator.post("/v1/places", json=body)

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
    assert await counter.database.read(lambda unit: unit.places.listing(1)) == []


@pytest.mark.parametrize(("method", "path"), [("POST", "/v1/places"), ("DELETE", "/v1/places/till")])
async def test_a_senders_key_makes_no_place(shop, method, path):
    """A key that leaks from a till must not change what hangs on the wall."""
    answer = await shop.client.request(method, path, headers={"authorization": f"Bearer {KEY}"})

    assert answer.status_code == 403
