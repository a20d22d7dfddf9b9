"""What would become of an event, and what became of it: in a code, in words, and under any name."""

from datetime import timedelta
from urllib.parse import quote

import pytest

HOUR = 3_600_000
TABLES = ("service_event", "customer", "invitation", "due", "conversation", "outbox", "history", "rollup")


async def rehearsed(shop, event):
    answer = await shop.post(event, path="/v1/events?dry_run=true")
    assert answer.status_code == 202, answer.text
    return answer.json()["events"]


async def became(shop, source="https://shop.example", event_id="evt-1"):
    answer = await shop.get("/v1/events", source=source, id=event_id)
    assert answer.status_code == 200, answer.text
    return answer.json()


# --- a rehearsal ----------------------------------------------------------------------------------------------------


async def test_a_rehearsal_keeps_nothing(shop, event):
    """Not even a number is used up: the first real event still gets the first row."""
    before = [await shop.count(table) for table in TABLES]
    await rehearsed(shop, [event(), event(id="evt-2", subject="order-18")])

    assert [await shop.count(table) for table in TABLES] == before
    assert shop.planned == []
    assert (await shop.post(event())).json()["events"][0]["status"] == "accepted"


async def test_somebody_we_cannot_write_to_waits_for_their_link(shop, event):
    """The commonest surprise of a first day: the order system is connected, and nobody is asked."""
    [told] = await rehearsed(shop, event())

    assert (told["taken_as"], told["status"]) == ("accepted", "waiting_for_link")
    assert (told["survey"], told["survey_number"], told["customer"]) == ("after_delivery", 1, "c-9")


async def test_the_moment_is_that_of_the_customers_own_clock(shop, event, clock):
    """2 hours after 22:00 in Berlin is night there: they are asked at 9."""
    await shop.opens_link("c-9")
    clock.at += 11 * HOUR  # 21:00 UTC, 22:00 in Berlin
    [told] = await rehearsed(shop, event())

    assert (told["status"], told["asked_at"]) == ("asked", "2026-03-03T08:00:00.000Z")


async def test_whoever_was_asked_lately_is_withheld_until_then(shop, event):
    """The reason in words for people, in a code for programs, and when it ends."""
    await shop.post(event())
    await shop.opens_link("c-9")
    await shop.says("5")
    [told] = await rehearsed(shop, event(id="evt-2", subject="order-18"))

    assert (told["status"], told["reason"], told["until"]) == ("withheld", "cooldown", "2026-03-16T10:00:00.000Z")
    assert told["why"] == "The customer was asked only recently."


async def test_duplicates_cancellations_and_older_news_are_told(shop, event):
    """Each as it would be taken if it were sent for good."""
    await shop.post(event(data={"customer": {"id": "c-9"}, "version": 5}))
    same = event(data={"customer": {"id": "c-9"}, "version": 5})
    older = event(id="evt-0", data={"customer": {"id": "c-9"}, "version": 4})
    cancelled = event(id="evt-2", type="order.cancelled", data={"customer": {"id": "c-9"}, "version": 6})
    told = await rehearsed(shop, [same, older, cancelled])

    assert [each["taken_as"] for each in told] == ["duplicate", "superseded", "cancelled"]
    assert [each["status"] for each in told] == ["planned", "superseded", "cancelled"]


async def test_a_rehearsal_refuses_what_the_real_one_refuses(shop, event):
    """The same checks, with the same pointers: that is what it is for."""
    await shop.post(event())
    answer = await shop.post([event(subject="other"), event(id="e", type="none")], path="/v1/events?dry_run=true")
    clash = await shop.post(event(subject="other"), path="/v1/events?dry_run=true")

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/1/type")
    assert (clash.status_code, clash.json()["errors"][0]["pointer"]) == (422, "/id")


@pytest.mark.parametrize("parameters", ["dry_run=yes", "dry_run=", "dryrun=true", "dry_run=true&dry_run=true"])
async def test_a_mistyped_rehearsal_stores_nothing(shop, event, parameters):
    """Whoever meant a rehearsal must not ask real customers because of a typing error."""
    answer = await shop.post(event(), path=f"/v1/events?{parameters}")

    assert (answer.status_code, "parameter" in answer.json()["errors"][0]) == (422, True)
    assert await shop.count("service_event") == 0


async def test_a_rehearsal_is_short(shop, event):
    """It holds up the writer; a night's orders are not rehearsed."""
    many = [event(id=f"evt-{n}", subject=f"order-{n}") for n in range(101)]

    assert (await shop.post(many, path="/v1/events?dry_run=true")).status_code == 413


# --- what became of it ----------------------------------------------------------------------------------------------


async def test_from_planned_to_answered(shop, event):
    """The whole life of an event, as its sender can follow it."""
    await shop.post(event())
    planned = await became(shop)
    assert (planned["status"], planned["planned_at"]) == ("planned", "2026-03-02T12:00:00.000Z")

    await shop.opens_link("c-9")
    assert (await became(shop))["status"] == "asked"

    await shop.says("5")
    told = await became(shop)
    assert (told["status"], told["outcome"], told["closed_at"]) == ("answered", "complete", "2026-03-02T10:00:00.000Z")
    assert "case" not in told


async def test_an_unhappy_answer_names_its_case_at_once(shop, event):
    """The business may want to look before the conversation is over."""
    await shop.post(event())
    await shop.opens_link("c-9")
    await shop.says("1")
    told = await became(shop)

    assert (told["status"], told["case"]) == ("asked", 1)


async def test_a_newer_event_is_named_by_the_one_it_replaced(shop, event):
    """So that nobody looks for an invitation that will never come."""
    await shop.post(event(data={"customer": {"id": "c-9"}, "version": 1}))
    await shop.post(event(id="evt-2", data={"customer": {"id": "c-9"}, "version": 2}))

    told = await became(shop)
    assert (told["status"], told["superseded_by"]) == ("superseded", "evt-2")
    assert (await became(shop, event_id="evt-2"))["status"] == "planned"


async def test_a_service_that_was_asked_about_before_says_so(shop, event):
    """One service, one survey: news of it afterwards point to what was asked."""
    await shop.post(event())
    await shop.opens_link("c-9")
    await shop.says("4")
    await shop.post(event(id="evt-2", data={"customer": {"id": "c-9"}, "version": 2}))

    assert (await became(shop, event_id="evt-2"))["status"] == "answered"
    assert (await became(shop, event_id="evt-1"))["status"] == "answered"


async def test_a_cancelled_service_is_cancelled(shop, event):
    """Nobody is asked about it, and the sender can see that."""
    await shop.post(event())
    await shop.post(event(id="evt-2", type="order.cancelled", data={"customer": {"id": "c-9"}, "version": 2}))

    assert (await became(shop, event_id="evt-2"))["status"] == "cancelled"
    assert (await became(shop))["status"] == "superseded"


@pytest.mark.parametrize(
    ("source", "event_id"),
    [
        ("https://shop.example", "evt-1"),
        ("/a//b/", "c/d"),
        ("店铺", "订单/17?x=1&y=#z"),
        ("50% off", "a+b c"),
        ("..", "../../etc"),
        ("a;b", "é=ü%2F"),
    ],
)
async def test_any_source_and_id_can_be_asked_for(shop, event, source, event_id):
    """Both are the sender's own words; slashes and percent signs are among them."""
    assert (await shop.post(event(source=source, id=event_id))).status_code == 202

    assert (await became(shop, source, event_id))["id"] == event_id
    if source != "..":  # a dot segment is taken out of a path by whoever sends it
        by_path = await shop.get(f"/v1/events/{quote(source, safe='')}/{quote(event_id, safe='')}")
        assert (by_path.status_code, by_path.json()["source"]) == (200, source)


@pytest.mark.parametrize(
    "path", ["/v1/events/shop/none", "/v1/events/a/b/c", "/v1/events/shop/%FF", "/v1/events/a/%00"]
)
async def test_an_unknown_event_is_not_found(shop, path):
    """And whoever forgot to encode a slash is told how."""
    answer = await shop.get(path)

    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


async def test_half_a_name_is_refused(shop):
    """Both parts make the name."""
    assert (await shop.get("/v1/events", source="shop")).status_code == 422


async def test_the_reason_why_nobody_is_asked_stays_readable(shop, event, clock):
    """Who opted out is withheld: the sender reads why, and does not ring us up."""
    await shop.post(event())
    await shop.put("/v1/customers/c-9", {"opted_out": True})
    clock.at += timedelta(days=3) // timedelta(milliseconds=1)
    told = await became(shop)

    assert (told["status"], told["reason"]) == ("withheld", "opt_out")
    assert told["why"] == "The customer asked us not to write again."
