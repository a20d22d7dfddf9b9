"""POST /v1/feedback: what was said elsewhere, once each; in a score never, in a case when asked."""

import pytest

from bot.outgoing import message_of
from storage.outbox import OutboxRow

PATH = "/v1/feedback"
REVIEW = {
    "source": "reviews.example",
    "id": "r-1",
    "kind": "review",
    "text": "Three weeks for a lamp.\r\nThen the wrong one.",
    "author": "Ana M.",
    "url": "https://reviews.example/r-1",
    "occurred_at": "2026-02-20T09:00:00Z",
}


async def told_to_staff(shop):
    rows = await shop.rows("SELECT * FROM outbox WHERE chat = '-100' AND edits IS NULL ORDER BY id")
    return [message_of(OutboxRow(*row)).text for row in rows]


@pytest.fixture
async def staffed(shop, clock):
    """The shop, with a group in which its staff read."""
    await shop.run(lambda unit: unit.addresses.add(1, "telegram", "-100", "group", clock.now()))
    return shop


async def test_a_comment_is_stored_once(shop):
    """Senders repeat; a comment may come from a queue that delivers at least once."""
    first, again = await shop.post(REVIEW, path=PATH), await shop.post(REVIEW, path=PATH)

    assert [(first.status_code, first.json()["status"]), (again.status_code, again.json()["status"])] == [
        (201, "stored"),
        (200, "duplicate"),
    ]
    assert await shop.rows("SELECT source, feedback_id, kind, text, author, url FROM feedback") == [
        (
            "reviews.example",
            "r-1",
            "review",
            "Three weeks for a lamp.\nThen the wrong one.",
            "Ana M.",
            "https://reviews.example/r-1",
        )
    ]


async def test_another_body_under_its_id_is_refused(shop):
    """As with events: what is stored stands."""
    await shop.post(REVIEW, path=PATH)
    answer = await shop.post({**REVIEW, "text": "All good now"}, path=PATH)

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/id")


async def test_a_comment_is_in_no_score(shop):
    """Nobody was asked, so it can be no part of a share of the asked."""
    await shop.post({**REVIEW, "customer": "c-9"}, path=PATH)

    assert [await shop.count(table) for table in ("conversation", "answer", "invitation", "rollup")] == [0, 0, 0, 0]
    assert (await shop.get("/v1/responses")).json()["responses"] == []


async def test_the_customers_history_shows_it(shop):
    """By its number; the words stay where they are."""
    await shop.post({**REVIEW, "customer": "c-9"}, path=PATH)

    assert await shop.rows("SELECT subject, actor, what, detail FROM history") == [
        ("customer:1", "key:shop", "FeedbackTaken", "feedback:1")
    ]


async def test_a_case_is_opened_by_the_same_casework_as_a_turn(staffed):
    """Staff hear of it, read the words and where they stand, and can write back."""
    await staffed.opens_link("c-9")
    answer = await staffed.post({**REVIEW, "customer": "c-9", "open_case": True}, path=PATH)
    again = await staffed.post({**REVIEW, "customer": "c-9", "open_case": True}, path=PATH)

    assert (answer.json()["case"], again.json()["case"]) == (1, 1)
    assert await staffed.rows("SELECT cause, urgent, stage FROM recovery_case") == [("complaint", 0, "open")]
    opened, words = await told_to_staff(staffed)
    assert "Comments elsewhere: 1" in opened
    assert words.endswith("Then the wrong one.\n— Ana M. · reviews.example · https://reviews.example/r-1")
    assert await staffed.rows("SELECT author FROM case_message") == [("customer",)]
    assert (await staffed.count("due")) > 0  # the follow-up is planned, as for any case


async def test_an_urgent_word_makes_it_urgent(staffed):
    """As it would in chat."""
    await staffed.opens_link("c-9")
    await staffed.post({**REVIEW, "text": "The lamp caught fire", "customer": "c-9", "open_case": True}, path=PATH)

    assert await staffed.rows("SELECT cause, urgent FROM recovery_case") == [("urgent", 1)]


async def test_an_open_case_is_deepened(staffed):
    """One customer, one open case: two would be worked by two people."""
    await staffed.opens_link("c-9")
    await staffed.post({**REVIEW, "customer": "c-9", "open_case": True}, path=PATH)
    second = await staffed.post({**REVIEW, "id": "r-2", "customer": "c-9", "open_case": True}, path=PATH)

    assert (second.json()["case"], await staffed.count("recovery_case"), await staffed.count("case_message")) == (
        1,
        1,
        2,
    )


async def test_somebody_without_a_chat_is_telephoned(staffed):
    """A case is worked in chat; without one it would be silence."""
    await staffed.put("/v1/customers/c-9", {"name": "Ana", "phone": "+4930901820"})
    answer = await staffed.post({**REVIEW, "customer": "c-9", "open_case": True}, path=PATH)
    again = await staffed.post({**REVIEW, "customer": "c-9", "open_case": True}, path=PATH)

    assert [(each.json()["case"], each.json()["task"]) for each in (answer, again)] == [(None, "telephone")] * 2
    assert await staffed.rows("SELECT kind, customer_id FROM task") == [("telephone", 1)]
    [words] = await told_to_staff(staffed)
    assert words.startswith("Ana said this elsewhere, and has no chat with us. Please telephone.")
    assert "+4930901820" in words


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"source": ""}, "/source"),
        ({"id": None}, "/id"),
        ({"kind": "rant"}, "/kind"),
        ({"kind": ["review"]}, "/kind"),
        ({"text": ""}, "/text"),
        ({"text": " \n\t "}, "/text"),
        ({"text": "x" * 4001}, "/text"),
        ({"text": 5}, "/text"),
        ({"url": "javascript:alert(1)"}, "/url"),
        ({"url": "https://"}, "/url"),
        ({"url": "https://a.example/<b>"}, "/url"),
        ({"author": "a\nb"}, "/author"),
        ({"occurred_at": "2026-02-20"}, "/occurred_at"),
        ({"occurred_at": "2026-03-02T10:11:00Z"}, "/occurred_at"),
        ({"touchpoint": "De Livery"}, "/touchpoint"),
        ({"open_case": True}, "/open_case"),
        ({"open_case": "true", "customer": "c-9"}, "/open_case"),
        ({"stars": 5}, "/stars"),
    ],
)
async def test_what_does_not_fit_is_named(shop, change, pointer):
    """And nothing is stored."""
    answer = await shop.post({**REVIEW, **change}, path=PATH)

    assert (answer.status_code, [error["pointer"] for error in answer.json()["errors"]]) == (422, [pointer])
    assert await shop.count("feedback") == 0


async def test_a_text_is_cleaned(shop):
    """Lines stay; what no screen shows goes, so that nothing hides in it."""
    await shop.post({**REVIEW, "text": "  a\u0000b\u001b[31m\tc\rd  "}, path=PATH)

    assert await shop.rows("SELECT text FROM feedback") == [("a b [31m\tc\nd",)]
