"""PUT and GET of a customer: what is said holds, what is not said stays, and a stop is the customer's own."""

import pytest

PATH = "/v1/customers/c-9"
ANA = {
    "name": "Ana",
    "language": "zh-TW",
    "zone": "Europe/Berlin",
    "email": "ana@example.org",
    "phone": "+49 30-901 820",
    "more": {"tier": "gold", "orders": 12},
}
KNOWN = {
    "id": "c-9",
    "name": "Ana",
    "language": "zh-Hant",
    "zone": "Europe/Berlin",
    "email": "ana@example.org",
    "phone": "+4930901820",
    "more": {"tier": "gold", "orders": "12"},
    "opted_out": False,
    "consent": None,
}


def pointers(answer):
    return [error["pointer"] for error in answer.json()["errors"]]


async def test_what_is_put_can_be_got(shop):
    """In one shape, brought to one form."""
    made = await shop.put(PATH, ANA)

    assert (made.status_code, made.json()) == (201, KNOWN)
    assert (await shop.get(PATH)).json() == KNOWN


async def test_the_same_again_changes_nothing(shop):
    """Nor does sending back what was got: systems synchronise by night."""
    await shop.put(PATH, ANA)
    lines = await shop.count("history")
    again = [await shop.put(PATH, ANA), await shop.put(PATH, (await shop.get(PATH)).json())]

    assert [(answer.status_code, answer.json()) for answer in again] == [(200, KNOWN), (200, KNOWN)]
    assert await shop.count("history") == lines


async def test_what_is_not_named_stays_and_null_forgets(shop):
    """A system that knows no language may not take away the one the customer chose."""
    await shop.put(PATH, ANA)
    await shop.put(PATH, {"name": None, "email": "", "more": {}})

    assert (await shop.get(PATH)).json() == {**KNOWN, "name": None, "email": None, "more": {}}


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"nam": "Ana"}, "/nam"),
        ({"a/b~c": 1}, "/a~1b~0c"),
        ({"id": "c-8"}, "/id"),
        ({"name": 5}, "/name"),
        ({"name": "x" * 129}, "/name"),
        ({"name": "a\u0000b"}, "/name"),
        ({"language": "klingon spoken here"}, "/language"),
        ({"zone": "Mars/Olympus"}, "/zone"),
        ({"zone": "../../etc/passwd"}, "/zone"),
        ({"email": "ana"}, "/email"),
        ({"email": "ana@example.org\nBcc: x@y.org"}, "/email"),
        ({"phone": "12"}, "/phone"),
        ({"phone": "1" * 16}, "/phone"),
        ({"phone": "５０５０５０"}, "/phone"),
        ({"more": []}, "/more"),
        ({"more": {"Tier": "gold"}}, "/more/Tier"),
        ({"more": {"tier": True}}, "/more/tier"),
        ({"more": {"tier": "x" * 501}}, "/more/tier"),
        ({"opted_out": "yes"}, "/opted_out"),
        ({"opted_out": None}, "/opted_out"),
        ({"consent": "yes"}, "/consent"),
        ({"consent": {"at": "2026-03-01T00:00:00Z"}}, "/consent/version"),
        ({"consent": {"at": "2027-03-01T00:00:00Z", "version": "1"}}, "/consent/at"),
    ],
)
async def test_what_does_not_fit_is_named(shop, body, pointer):
    """And nothing of the body is kept."""
    answer = await shop.put(PATH, {"name": "Bo", **body})

    assert (answer.status_code, pointers(answer)) == (422, [pointer])
    assert await shop.count("customer") == 0


async def test_an_opt_out_holds_at_once(shop, event):
    """Whatever waited for the customer is withheld, with the reason."""
    await shop.post(event())
    told = (await shop.put(PATH, {"opted_out": True})).json()

    assert told["opted_out"] is True
    assert await shop.rows("SELECT state, reason FROM invitation") == [("withheld", "opt_out")]


async def test_an_old_copy_does_not_lift_an_opt_out(shop, clock):
    """The customer said stop in chat; the business's table still says otherwise."""
    before = (await shop.put(PATH, ANA)).json()
    await shop.run(lambda unit: unit.customers.opt_out(1, clock.now()))
    consented_before = {**before, "consent": {"at": "2026-03-01T00:00:00Z", "version": "1"}}
    answers = [await shop.put(PATH, before), await shop.put(PATH, consented_before)]

    assert [(answer.status_code, pointers(answer)) for answer in answers] == [(422, ["/opted_out"])] * 2
    assert (await shop.get(PATH)).json()["opted_out"] is True


async def test_a_consent_given_afterwards_lifts_it(shop, clock):
    """Who said stop may say yes again, at the counter: the business says when and to what."""
    await shop.put(PATH, {"opted_out": True})
    clock.at += 60_000
    consent = {"at": "2026-03-02T10:00:30.000Z", "version": "form 3"}
    told = (await shop.put(PATH, {"opted_out": False, "consent": consent})).json()

    assert (told["opted_out"], told["consent"]) == (False, consent)


@pytest.mark.parametrize("reference", ["a/b", "a/links", "名前", "50%"])
async def test_any_id_can_be_put(shop, reference):
    """Ids are the business's own words."""
    from urllib.parse import quote

    path = f"/v1/customers/{quote(reference, safe='')}"
    await shop.put(path, {"name": "Bo"})

    assert (await shop.get(path)).json()["id"] == reference


async def test_somebody_unknown_is_not_found(shop):
    """And nobody is made by asking."""
    assert (await shop.get("/v1/customers/nobody")).status_code == 404
    assert await shop.count("customer") == 0


async def test_who_said_it_is_written_down(shop):
    """By the key's name, with no word of what was said."""
    await shop.put(PATH, ANA)

    assert await shop.rows("SELECT actor, what, detail FROM history") == [("key:shop", "FactsKept", "")]
