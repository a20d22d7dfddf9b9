"""Surveys over the API: drafts that lose nothing, versions that go out and come back, and who may."""

import pytest

from storage.unit import Unit
from tests.bot.rest.conftest import KEY

TOML = {"content-type": "application/toml"}
SURVEY = """format = 1
key = "visit"
touchpoint = "visit"
languages = ["en"]
unhappy = "satisfaction <= 2"

[[question]]
key = "satisfaction"
kind = "csat"
text.en = "How was your visit?"
"""


async def drafted(operator, source: str = SURVEY, **headers: str):
    """A draft, as a program sends it."""
    return await operator.put("/v1/surveys/visit/draft", content=source, headers={**TOML, **headers})


async def published(operator, source: str = SURVEY):
    """A draft that is published at once."""
    revision = (await drafted(operator, source)).json()["revision"]
    return await operator.post("/v1/surveys/visit/publish", json={"revision": revision})


async def test_a_draft_is_begun_saved_against_its_revision_and_published(operator):
    """The whole life of a survey by a program that keeps its surveys in files."""
    begun = await drafted(operator)
    again = await drafted(operator, SURVEY.replace("visit?", "day?"), **{"if-match": begun.headers["etag"]})
    done = await operator.post("/v1/surveys/visit/publish", json={"revision": again.json()["revision"]})
    seen = (await operator.get("/v1/surveys/visit")).json()

    assert (begun.status_code, again.status_code, done.status_code) == (201, 200, 200)
    assert (done.json()["number"], seen["state"], seen["draft"]) == (1, "published", None)
    assert "day?" in seen["source"]
    assert seen["versions"][0]["by"] == "operator"


async def test_who_comes_too_late_changes_nothing_and_is_shown_what_the_other_changed(operator):
    """Two deployments at once must not undo each other in silence."""
    begun = (await drafted(operator)).headers["etag"]
    await drafted(operator, SURVEY.replace("visit?", "day?"), **{"if-match": begun})
    late = await drafted(operator, SURVEY.replace("visit?", "stay?"), **{"if-match": begun})

    assert late.status_code == 412
    assert late.json()["by"] == "operator"
    [changed] = late.json()["changed"]
    assert (changed["question"], changed["before"], changed["after"]) == (
        "satisfaction",
        "How was your visit?",
        "How was your day?",
    )


async def test_a_draft_is_not_overwritten_by_who_does_not_say_what_they_changed(operator):
    """A curl without headers would undo the work of an editor in the chat."""
    await drafted(operator)

    assert (await drafted(operator)).status_code == 428
    assert (await drafted(operator, **{"if-none-match": "*"})).status_code == 412
    assert (await drafted(operator, **{"if-match": "7"})).status_code == 422


async def test_what_is_wrong_is_told_by_path_and_nothing_is_published(operator):
    """A program shows it at its field, in the language of its user."""
    broken = SURVEY.replace("satisfaction <= 2", "satisfaction <= 0")
    refused = await published(operator, broken)
    looked = await operator.post("/v1/surveys/visit/check", headers={"accept-language": "zh-TW"})

    [error] = refused.json()["errors"]
    assert (refused.status_code, refused.json()["type"]) == (422, "survey-refused")
    assert (error["pointer"], error["line"], error["severity"]) == ("/unhappy", 5, "error")
    assert looked.json()["refused"] is True
    assert "永遠不會成立" in looked.json()["problems"][0]["message"]
    assert (await operator.get("/v1/surveys/visit")).json()["state"] == "draft"


async def test_a_file_is_looked_at_without_becoming_a_draft(operator):
    """A check in a pipeline must leave nothing behind."""
    await published(operator)
    told = await operator.post("/v1/surveys/visit/check", content=SURVEY.replace("csat", "stars"), headers=TOML)

    assert told.json()["refused"] is False
    assert told.json()["differences"][0]["breaks"]
    assert told.json()["expected_seconds"] > 0
    assert (await operator.get("/v1/surveys/visit")).json()["draft"] is None


async def test_one_call_goes_back_to_an_earlier_version(operator):
    """A mistake that went out is taken back before the next customer is asked."""
    await published(operator)
    await published(operator, SURVEY.replace("visit?", "day?"))
    back = await operator.post("/v1/surveys/visit/rollback", json={"number": 1})
    seen = (await operator.get("/v1/surveys/visit")).json()

    assert (back.json()["number"], "visit?" in seen["source"]) == (3, True)
    assert (await operator.get("/v1/surveys/visit?version=2")).json()["source"].count("day?") == 1
    assert (await operator.post("/v1/surveys/visit/rollback", json={"number": 9})).status_code == 404


async def test_a_retired_survey_asks_nobody_and_is_kept(operator):
    """Its answers are in the figures of last year."""
    await published(operator)
    told = await operator.post("/v1/surveys/visit/retire")

    assert (told.status_code, told.json()["number"]) == (200, 1)
    assert (await operator.get("/v1/surveys/visit")).json()["state"] == "retired"
    assert (await operator.post("/v1/surveys/visit/retire")).status_code == 404
    assert (await operator.post("/v1/surveys/follow_up/retire")).json()["type"] == "survey-needed"


async def test_a_draft_can_be_thrown_away(operator):
    """What was tried and left would stand in the way of the next."""
    await drafted(operator)

    assert (await operator.delete("/v1/surveys/visit/draft")).status_code == 200
    assert (await operator.delete("/v1/surveys/visit/draft")).json()["type"] == "no-draft"


async def test_customers_are_asked_with_the_new_version_at_once(operator, counter):
    """The running process remembers which version is asked; publishing makes it look again."""

    def asked(unit: Unit) -> int:
        version_id, _ = counter.house.shelf.published(unit, 1, "visit")
        return unit.surveys.get(version_id).number

    await published(operator)
    before = await counter.database.read(asked)
    await published(operator, SURVEY.replace("visit?", "day?"))

    assert [before, await counter.database.read(asked)] == [1, 2]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/surveys"),
        ("GET", "/v1/surveys/pulse"),
        ("PUT", "/v1/surveys/pulse/draft"),
        ("DELETE", "/v1/surveys/pulse/draft"),
        ("POST", "/v1/surveys/pulse/check"),
        ("POST", "/v1/surveys/pulse/publish"),
        ("POST", "/v1/surveys/pulse/rollback"),
        ("POST", "/v1/surveys/pulse/retire"),
    ],
)
async def test_who_sends_events_may_not_touch_surveys(shop, method, path):
    """A till's key lies in many hands."""
    told = await shop.client.request(method, path, headers={"authorization": f"Bearer {KEY}"})

    assert told.status_code == 403


async def test_a_key_for_surveys_publishes_and_may_nothing_else(shop, operator):
    """A pipeline's key must not read what customers said, also after it was rotated."""
    made = (await operator.post("/v1/keys", json={"name": "ci", "surveys": True})).json()
    await operator.post("/v1/keys/ci/rotations", json={"grace": "0s"})
    rotated = (await operator.post("/v1/keys/ci/rotations", json={"grace": "0s"})).json()
    headers = {"authorization": f"Bearer {rotated['key']}"}

    kept = await shop.client.put("/v1/surveys/visit/draft", content=SURVEY, headers={**TOML, **headers})
    revision = {"revision": kept.json()["revision"]}
    out = await shop.client.post("/v1/surveys/visit/publish", json=revision, headers=headers)
    seen = (await shop.client.get("/v1/surveys/visit", headers=headers)).json()

    assert (made["surveys"], kept.status_code, out.status_code) == (True, 201, 200)
    assert seen["versions"][0]["by"] == "key:ci"
    for path in ("/v1/responses", "/v1/offers", "/v1/customers/c-9", "/v1/keys", "/v1/staff"):
        assert (await shop.client.get(path, headers=headers)).status_code == 403
    assert (await shop.client.post("/v1/events", json={}, headers=headers)).status_code == 403


async def test_a_key_for_surveys_is_made_in_nobodys_name(operator):
    """It would be a key with two rights, of which one is forgotten."""
    refused = await operator.post("/v1/keys", json={"name": "ci", "surveys": True, "for": "Ben"})

    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/surveys")


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (SURVEY.encode(), {"content-type": "application/json"}, 415),
        (b"\xff\xfe", TOML, 422),
        (b"#" * (257 * 1024), TOML, 413),
        (b"a = [", TOML, 201),
    ],
)
async def test_a_body_that_is_no_survey_file_is_refused(operator, content, headers, status):
    """A draft may be broken, half-written TOML too; anything else is a mistake of the program."""
    told = await operator.put("/v1/surveys/visit/draft", content=content, headers=headers)

    assert told.status_code == status


async def test_every_survey_is_listed_with_how_it_stands(operator):
    """What a program shows first."""
    await drafted(operator)
    listed = {one["key"]: one for one in (await operator.get("/v1/surveys")).json()["surveys"]}

    assert (listed["visit"]["state"], listed["visit"]["version"], listed["visit"]["draft"]) == ("draft", None, 1)
    assert (listed["pulse"]["state"], listed["pulse"]["version"]) == ("published", 1)
    assert listed["pulse"]["languages"] == ["en", "zh-Hans", "zh-Hant"]
    assert (await operator.get("/v1/surveys/nowhere")).status_code == 404
