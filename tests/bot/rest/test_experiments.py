"""The API about an experiment: what it shows, for whom, and its end."""

import jsonschema

from bot.rest.answers import of
from tests.experiments import SURVEY

TOML = {"content-type": "application/toml"}
KEY = "after_visit"
ROOT = f"/v1/surveys/{KEY}"
TRIED = f"{ROOT}/experiment"


async def tried(operator) -> None:
    """An experiment, published by a program."""
    revision = (await operator.put(f"{ROOT}/draft", content=SURVEY, headers=TOML)).json()["revision"]
    await operator.post(f"{ROOT}/publish", json={"revision": revision})


async def test_an_experiment_is_read_with_every_field_that_is_described(operator, shop):
    """By the business's own key: it stands on answers, which that key may read anyway."""
    await tried(operator)
    told = await shop.get(TRIED)

    assert told.status_code == 200
    jsonschema.validate(told.json(), of("see_experiment"))
    assert told.json()["planned"] == 200
    assert [side["variant"] for side in told.json()["sides"]] == ["a", "b"]


async def test_a_survey_that_is_asked_in_one_way_has_none(operator, shop):
    """Nor has one that nobody knows."""
    assert (await shop.get("/v1/surveys/after_delivery/experiment")).status_code == 404
    assert (await shop.get("/v1/surveys/nobody/experiment")).status_code == 404


async def test_keeping_a_side_begins_a_draft_once(operator):
    """The second time somebody is writing it already, and nothing is written over."""
    await tried(operator)
    kept = await operator.post(f"{TRIED}/keep", json={"side": "b"})
    again = await operator.post(f"{TRIED}/keep", json={"side": "a"})
    seen = (await operator.get(ROOT)).json()

    assert (kept.status_code, kept.json()["side"], again.status_code) == (200, "b", 409)
    assert seen["draft"] == kept.json()["revision"]


async def test_what_is_not_there_cannot_be_kept(operator):
    """Each refusal says what there is."""
    await tried(operator)
    wrong = await operator.post(f"{TRIED}/keep", json={"side": "z"})
    none = await operator.post("/v1/surveys/after_delivery/experiment/keep", json={"side": "a"})
    nobody = await operator.post("/v1/surveys/nobody/experiment/keep", json={"side": "a"})
    unsaid = await operator.post(f"{TRIED}/keep", json={})

    assert [told.status_code for told in (wrong, none, nobody, unsaid)] == [404, 404, 404, 422]
    assert "it has a, b" in wrong.json()["detail"]
    assert unsaid.json()["errors"][0]["pointer"] == "/side"


async def test_a_key_that_sends_events_ends_nothing(operator, shop):
    """Reading is one thing, writing surveys another."""
    await tried(operator)

    assert (await shop.post({"side": "b"}, path=f"{TRIED}/keep")).status_code == 403
