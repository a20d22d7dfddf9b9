"""Claims about what is stored: each format of version 1 reads back as it was, in this and every later version.

The files beside this one were written once. A change that needs another file has broken somebody's database.
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bot import candidates
from bot.case_buttons import pressed_act
from bot.channels.messages import Attachment, Button, Link, Message
from bot.channels.updates import (
    AnyUpdate,
    Attached,
    Joined,
    Left,
    Moved,
    Pressed,
    Unreadable,
    Written,
    read_stored,
    stored,
)
from bot.composing import press, pressed
from conversations import state as conversation
from conversations.facts import Facts
from conversations.phrases import phrase
from conversations.state import Asking, Change, Closed, Given, Sorting
from recovery import cases, clocks, ladders, offers
from recovery.authority import Wish
from recovery.cases import Case
from recovery.clocks import Clock, Target
from recovery.ladders import Climb
from recovery.money import Money
from recovery.offers import Offer, Yes
from recovery.routing import Choice, Reason

GOLDEN = Path(__file__).parent
NOON = 1_772_452_800_000

FACTS = Facts(customer={"reference": "7", "name": "Ana"}, service={"item": "Rye bread"}, business={"name": "Shop"})
ANSWERS = {
    "satisfaction": Given(raw="５", at=NOON, number=5, ref="12"),
    "went_wrong": Given(raw="late,wet", at=NOON + 1, text="late,wet"),
    "reason": Given(raw="", at=NOON + 2, skipped=True),
}
CONVERSATIONS: dict[str, conversation.State] = {
    "conversation_asking_1": Asking(
        seed="c2VlZA",
        language="zh-Hans",
        facts=FACTS,
        shown=("satisfaction", "_change", "reason"),
        answers=ANSWERS,
        case_opened=True,
        person_asked=True,
        unhappy=True,
        change=Change(1, "satisfaction", Given(raw="2", at=NOON, number=2), NOON + 600_000),
        question="reason",
        chosen=("late",),
        misses=2,
        explaining=True,
        expires_at=NOON + 259_200_000,
    ),
    "conversation_sorting_1": Sorting(
        seed="c2VlZA",
        language="en",
        facts=FACTS,
        shown=("desk",),
        said=("It is broken", "来人"),
        complaining=True,
        expires_at=NOON,
    ),
    "conversation_asking_media_1": Asking(
        seed="c2VlZA",
        language="en",
        facts=FACTS,
        shown=("satisfaction", "reason"),
        answers={"reason": Given(raw="", at=NOON, ref="13", media=(7, 8))},
        question="reason",
        expires_at=NOON + 259_200_000,
    ),
    "conversation_ranking_1": Asking(
        seed="c2VlZA",
        language="en",
        facts=Facts(customer={"reference": "7"}, zone="Asia/Shanghai"),
        shown=("visited", "visit_staff", "matters"),
        answers={
            "visited": Given(raw="昨天", at=NOON, text="2026-03-01", ref="13"),
            "visit_staff": Given(raw="4", at=NOON, number=4),
            "reach": Given(raw="138 0013 8000 Ana@example.org", at=NOON, text="13800138000 Ana@example.org"),
        },
        question="matters",
        chosen=("staff", "price"),
        expires_at=NOON + 259_200_000,
    ),
    "conversation_sorting_media_1": Sorting(
        seed="c2VlZA", language="en", facts=FACTS, shown=("desk",), media=(7,), expires_at=NOON
    ),
    "conversation_closed_1": Closed(
        seed="c2VlZA", language="zh-Hant", facts=FACTS, answers=ANSWERS, outcome="complete", closed_at=NOON
    ),
}
OFFERS = {
    "offer_proposed_1": Offer(Wish("extra_allowance", Money(0, "JPY")), (3,)),
    "offer_awaiting_1": Offer(
        Wish("refund", Money(25_000, "EUR")),
        (3, 8),
        stage="awaiting",
        revision=2,
        needs="manager",
        eyes=2,
        approvals=(Yes(5, "supervisor"),),
        rung="manager",
        look_at=NOON,
    ),
}
CASES = {
    "case_open_1": Case(follow_up_at=NOON),
    "case_closed_1": Case(
        stage="closed",
        owner=3,
        urgent=True,
        wrote=True,
        level=2,
        reopened=1,
        resolved_at=NOON,
        outcome="not_recovered",
    ),
    "case_settled_2": Case(
        stage="settled", owner=3, wrote=True, resolved_at=NOON, outcome="recovered", cause="waiting.handover"
    ),
}
CLOCKS = {
    "clock_running_1": Clock(
        target=Target("first_contact", timedelta(hours=1), around_the_clock=True, warn_share=0.5),
        started_at=NOON,
        counted_at=NOON + 60_000,
        calendar="7",
        used=timedelta(minutes=1),
        warned_at=NOON + 30_000,
    ),
    "clock_done_1": Clock(
        target=Target("resolve", timedelta(hours=16)),
        started_at=NOON,
        counted_at=NOON + 1,
        stage="done",
        used=timedelta(milliseconds=1),
        breached_at=NOON + 1,
    ),
}
CLIMB = Climb(rung=2, silence_ends=timedelta(minutes=15), anybody=True)
CHOICE = Choice(
    4,
    "comes_first",
    (
        Reason(4, (phrase("Chosen: nobody else could have it."), phrase("Is not at work now.")), NOON),
        Reason(5, (phrase("Has enough to do: {load} of {limit}.", load=20, limit=20),)),
    ),
    NOON,
)
MESSAGES = {
    "message_1": Message(
        "How was it?\n\n1 = bad 😀 Privacy",
        ((Button("1", "1:c2VlZA.0:1"), Button("2", "1:c2VlZA.0:2")), (Button("跳过", "1:c2VlZA.0:_skip"),)),
        (Link(21, 7, "https://shop.example/privacy"),),
        replies_to="17",
        invites_reply=True,
    ),
    "message_gone_1": Message("Bo took this message back.", gone=True),
    "message_in_topic_1": Message("Case 17", thread="outbox:12"),
    "topic_1": Message("✓ 17 · Ana", topic="closed"),
    "message_plain_1": Message("Thank you!"),
    "message_with_files_1": Message(
        "Case 17",
        attachments=(
            Attachment("photo", media=5, alt="a photo from Ana"),
            Attachment("photo", made="qr", of="https://shop.example/l/abc", name="code.png"),
            Attachment("document", made="figures", of='{"days":7}'),
        ),
    ),
}
ABOUT: dict[str, Any] = {"channel": "telegram", "chat": "42", "sent_at": NOON}
UPDATES: dict[str, AnyUpdate] = {
    "update_written_1": Written(
        **ABOUT,
        ident="message:42:7",
        update_id=100,
        user="42",
        name="Ana",
        language="zh-hans",
        text="五星",
        ref="7",
        reply_to="6",
        edited=True,
    ),
    "update_pressed_1": Pressed(**ABOUT, ident="tap:99", user="42", press="1:c2VlZA.0:5", ref="7", query="99"),
    "update_attached_1": Attached(**ABOUT, ident="message:42:8", what="photo", ref="8", caption="wet"),
    "update_file_1": Attached(
        **ABOUT,
        ident="message:42:9",
        what="document",
        ref="9",
        file="BQACAgIA",
        file_name="账单.pdf",
        mime="application/pdf",
        size=2048,
        album="135",
        media=(5, 6),
        case_id=17,
    ),
    "update_in_topic_1": Attached(
        **ABOUT, ident="message:42:11", what="voice", ref="11", group=True, thread="77", case_id=17, words_for="note"
    ),
    "update_contact_1": Attached(**ABOUT, ident="message:42:10", what="contact", ref="10", phone="+15550100"),
    "update_joined_1": Joined(**ABOUT, ident="member:42:1", group=True, by="9"),
    "update_left_1": Left(**ABOUT, ident="member:42:2", anonymous=True),
    "update_moved_1": Moved(**ABOUT, ident="moved:42", to="-100"),
    "update_unreadable_1": Unreadable(**ABOUT, ident="what:1", raw='{"new":1}'),
}


def golden(name: str) -> str:
    """What version 1 wrote."""
    return (GOLDEN / f"{name}.json").read_text("utf-8").rstrip("\n")


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_a_conversation_reads_back_as_it_was(name: str):
    """A customer in the middle of a survey when the operator upgrades goes on where they were."""
    assert conversation.load(golden(name)) == CONVERSATIONS[name]
    assert conversation.save(CONVERSATIONS[name]) == golden(name)


@pytest.mark.parametrize("name", CASES)
def test_a_case_reads_back_as_it_was(name: str):
    """A case outlives upgrades: it may stay open for weeks."""
    assert cases.load(golden(name)) == CASES[name]
    assert cases.save(CASES[name]) == golden(name)


@pytest.mark.parametrize("name", OFFERS)
def test_an_offer_reads_back_as_it_was(name: str):
    """A voucher is good for months, and what was promised outlives the version that promised it."""
    assert offers.load(golden(name)) == OFFERS[name]
    assert offers.save(OFFERS[name]) == golden(name)


@pytest.mark.parametrize("name", CLOCKS)
def test_a_clock_reads_back_as_it_was(name: str):
    """The time that was used before an upgrade is used."""
    assert clocks.load(golden(name)) == CLOCKS[name]
    assert clocks.save(CLOCKS[name]) == golden(name)


def test_a_climb_reads_back_as_it_was():
    """Whoever was told before an upgrade is not told again after it."""
    assert ladders.load(golden("climb_1")) == CLIMB
    assert ladders.save(CLIMB) == golden("climb_1")


def test_a_choice_reads_back_as_it_was():
    """Why a case went to somebody can be asked for years."""
    assert candidates.read(golden("choice_1")) == CHOICE
    assert candidates.kept(CHOICE) == golden("choice_1")


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_reads_back_as_it_was(name: str):
    """What waits in the outbox during an upgrade is sent after it."""
    assert msgspec.json.decode(golden(name), type=Message) == MESSAGES[name]
    assert msgspec.json.encode(MESSAGES[name]).decode() == golden(name)


@pytest.mark.parametrize("name", UPDATES)
def test_an_update_reads_back_as_it_was(name: str):
    """What was acknowledged before an upgrade is taken in after it."""
    assert read_stored(golden(name)) == UPDATES[name]
    assert stored(UPDATES[name]) == golden(name)


def test_fields_of_a_later_version_do_not_stop_an_earlier_one():
    """Going back one version must not lose what the newer one wrote."""
    later = golden("update_written_1")[:-1] + ',"mood":"fine"}'

    assert read_stored(later) == UPDATES["update_written_1"]


def test_callback_data_reads_as_it_always_did():
    """Buttons stand in chats for years."""
    assert press("c2VlZA.0", "5") == "1:c2VlZA.0:5"
    assert pressed("1:c2VlZA.0:5") == ("c2VlZA.0", "5")
    assert pressed("1:lang:zh-Hant") == ("lang", "zh-Hant")
    assert pressed_act("1:k17:take") == (17, "take", "")
    assert pressed_act("1:k17:resolved") == (17, "resolved", "")
    assert pressed_act("1:k17:hand:4:9") == (17, "hand", "4:9")
    assert pressed_act("1:k17:back:12:30-31") == (17, "back", "12:30-31")
