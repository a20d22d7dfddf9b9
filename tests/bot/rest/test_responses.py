"""GET /v1/responses: every response once, in the order of closing, with answers of their own type."""

import random

import pytest

from bot.responses import value_of
from storage.answers import Answer


async def answered(shop, event, number, words="5"):
    """A customer is served, opens their link and answers."""
    reference, chat = f"c-{number}", f"7{number}"
    about = {"customer": {"id": reference, "name": f"Ana {number}"}, "service": {"item": "a lamp"}}
    await shop.post(event(id=f"evt-{number}", subject=f"order-{number}", data=about))
    await shop.opens_link(reference, chat)
    await shop.says(words, chat)


async def page(shop, **parameters):
    answer = await shop.get("/v1/responses", **parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_response_says_what_was_asked_whom_and_what_came_of_it(shop, event):
    """Typed, so that nobody has to read the survey to use a number."""
    await answered(shop, event, 1)
    found = await page(shop)

    [told] = found["responses"]
    [given] = told.pop("answers")
    assert told == {
        "conversation_id": 1,
        "outcome": "complete",
        "opened_at": "2026-03-02T10:00:00.000Z",
        "closed_at": "2026-03-02T10:00:00.000Z",
        "customer": "c-1",
        "customer_name": "Ana 1",
        "channel": "telegram",
        "survey": "after_delivery",
        "survey_number": 1,
        "touchpoint": "delivery",
        "variant": None,
        "event": {"source": "https://shop.example", "id": "evt-1"},
        "case": None,
    }
    assert (given["question"], given["kind"], given["number"], given["value"]) == ("satisfaction", "csat", 5, 5)
    assert (found["cursor"], found["more"]) == ("c1", False)


async def test_an_unhappy_response_names_its_case(shop, event):
    """So that the two can be put side by side."""
    await answered(shop, event, 1, "1")
    await shop.says("/stop", "71")

    assert [told["case"] for told in (await page(shop))["responses"]] == [1]


async def test_pages_meet_without_a_gap_or_a_repeat(shop, event):
    """Whatever the limit: the pages put together are all responses, each once, in one order."""
    for number in range(7):
        await answered(shop, event, number)
    whole = (await page(shop, limit=200))["responses"]
    assert len(whole) == 7

    for limit in (1, 2, 3, 7):
        found, cursor, more = [], "c0", True
        while more:
            told = await page(shop, limit=limit, cursor=cursor)
            found += told["responses"]
            cursor, more = told["cursor"], told["more"]
        assert found == whole


async def test_a_response_that_closes_late_is_not_missed(shop, event, clock):
    """Its turn was committed after the page was read, or the clock was set back: the order is that of the commits."""
    await answered(shop, event, 1)
    cursor = (await page(shop))["cursor"]
    clock.at -= 3_600_000
    await answered(shop, event, 2)

    assert [told["customer"] for told in (await page(shop, cursor=cursor))["responses"]] == ["c-2"]


async def test_a_correction_after_the_end_comes_once_more(shop, event, clock):
    """The copy in the business's own system would be wrong for ever."""
    await answered(shop, event, 1)
    await answered(shop, event, 2)
    cursor = (await page(shop))["cursor"]
    talk = await shop.run(lambda unit: unit.conversations.get(1))
    await shop.run(
        lambda unit: unit.conversations.save(1, talk.revision, talk.state, talk.chain, talk.outcome, talk.closed_at)
    )

    assert [told["conversation_id"] for told in (await page(shop, cursor=cursor))["responses"]] == [1]
    assert [told["conversation_id"] for told in (await page(shop))["responses"]] == [2, 1]


async def test_since_leaves_out_what_closed_before(shop, event, clock):
    """For the first page of a new copy."""
    await answered(shop, event, 1)
    clock.at += 60_000
    await answered(shop, event, 2)

    found = (await page(shop, since="2026-03-02T10:01:00Z"))["responses"]
    assert [told["customer"] for told in found] == ["c-2"]


async def test_few_that_fit_among_many_are_found(shop, event, clock, monkeypatch):
    """The spans that bound a read transaction must not end a page early."""
    monkeypatch.setattr("bot.rest.responses.SPAN", 2)
    chosen = random.Random(7).sample(range(9), 3)
    for number in range(9):
        clock.at += 60_000 if number in chosen else 0
        at = clock.at
        clock.at = at if number in chosen else at - 86_400_000
        await answered(shop, event, number)
        clock.at = at
    found = await page(shop, since="2026-03-02T10:00:00Z", limit=2)

    assert ([told["customer"] for told in found["responses"]], found["more"]) == (
        [f"c-{number}" for number in sorted(chosen)[:2]],
        True,
    )


@pytest.mark.parametrize(
    ("parameters", "wrong"),
    [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=٥", "limit"),
        ("limit=1e1", "limit"),
        ("limit=", "limit"),
        ("since=yesterday", "since"),
        ("since=2026-03-02T10:00:00", "since"),
        ("cursor=5", "cursor"),
        ("cursor=c-1", "cursor"),
        ("cursor=c9999999999999999999", "cursor"),
        ("page=2", "page"),
        ("limit=1&limit=2", "limit"),
    ],
)
async def test_a_parameter_that_does_not_fit_is_named(shop, parameters, wrong):
    """A mistyped one that is ignored would send the whole table every night."""
    answer = await shop.get(f"/v1/responses?{parameters}")

    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (422, wrong)


def given(kind, number=None, text=None, *, role="answer", skipped=0):
    return Answer(1, 1, "q", role, kind, number, text, "raw", 0, skipped, 1, 1, "", "")


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        (given("nps", 0), 0),
        (given("choice", text="late"), "late"),
        (given("choices", text="late,wet"), ["late", "wet"]),
        (given("choices", text=""), []),
        (given("ranking", text="b,a"), ["b", "a"]),
        (given("yes_no", text="yes"), True),
        (given("yes_no", text="no"), False),
        (given("date", text="2026-03-02"), "2026-03-02"),
        (given("csat", text="the lamp, mostly", role="comment"), "the lamp, mostly"),
        (given("choices", text="late, very", role="comment"), "late, very"),
        (given("nps", skipped=1), None),
    ],
)
def test_an_answer_has_the_type_of_its_question(answer, value):
    """A list stays a list, and 0 is not nothing."""
    assert value_of(answer) == value
    assert type(value_of(answer)) is type(value)
