"""What every channel promises, whatever it is made of."""

import itertools
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

from bot.channels.messages import Attachment, Button, File, Link, Message, NotDelivered, Sending
from bot.channels.updates import Pressed, Written
from tests.contracts.rigs import RIGS, Rig, Shown
from tests.fake_telegram import media

ONE_TO_FIVE = (tuple(Button(str(figure), f"1:seed.1:{figure}") for figure in range(1, 6)),)
QUESTION = Message("How was your stay, from 1 to 5?", rows=ONE_TO_FIVE)

_outbox_ids = itertools.count(1)


@pytest.fixture(params=RIGS)
async def rig(request: pytest.FixtureRequest) -> AsyncIterator[Rig]:
    """One channel after the other, with a customer at its other end."""
    async with RIGS[request.param]() as rig:
        yield rig


def to(rig: Rig, message: Message, chat: str = "") -> Sending:
    return Sending(outbox_id=next(_outbox_ids), chat=chat or rig.chat, message=message)


def edit_of(rig: Rig, ref: str, message: Message) -> Sending:
    return msgspec.structs.replace(to(rig, message), kind="edit", edits_ref=ref)


async def test_what_is_sent_is_on_the_screen(rig: Rig):
    """Its words, its buttons row by row, and where its links lead; nothing added."""
    links = (Link(4, 4, "https://example.org/privacy"),)
    rows = ((Button("Yes", "1:s.1:y"), Button("不", "1:s.1:n")), (Button("Later 😀", "1:s.1:l"),))
    await rig.channel.send(to(rig, Message("See this, 您好 😀 <b>&amp; _", rows=rows, links=links)))

    assert await rig.screen() == [
        Shown("See this, 您好 😀 <b>&amp; _", [["Yes", "不"], ["Later 😀"]], ["https://example.org/privacy"])
    ]


async def test_messages_stand_in_the_order_in_which_they_were_sent(rig: Rig):
    """And each has an id of its own in the channel."""
    refs = [await rig.channel.send(to(rig, Message(text))) for text in ("one", "two", "three")]

    assert [shown.text for shown in await rig.screen()] == ["one", "two", "three"]
    assert len(set(refs)) == 3
    assert all(refs)


async def test_an_edit_changes_the_message_where_it_stands(rig: Rig):
    """After a tap it shows the choice and has no buttons any more."""
    ref = await rig.channel.send(to(rig, QUESTION))
    await rig.channel.send(to(rig, Message("Thank you")))

    await rig.channel.edit(edit_of(rig, ref, Message("How was your stay, from 1 to 5?\n\n4")))

    assert await rig.screen() == [Shown("How was your stay, from 1 to 5?\n\n4"), Shown("Thank you")]


async def test_an_edit_that_is_already_so_is_success(rig: Rig):
    """It may have been made before a crash, and its result lost."""
    ref = await rig.channel.send(to(rig, QUESTION))
    for _ in range(2):
        await rig.channel.edit(edit_of(rig, ref, Message("changed")))

    assert await rig.screen() == [Shown("changed")]


async def test_what_is_taken_away_is_not_on_the_screen_and_taken_away_once(rig: Rig):
    """Where a channel keeps its place, only our words for that stand there; a second time changes nothing."""
    ref = await rig.channel.send(to(rig, Message("Meant for somebody else")))
    await rig.channel.send(to(rig, Message("Thank you")))

    for _ in range(2):
        await rig.channel.edit(edit_of(rig, ref, Message("Bo took this message back.", gone=True)))

    shown = [each.text for each in await rig.screen()]
    assert shown in (["Thank you"], ["Bo took this message back.", "Thank you"])


@pytest.mark.parametrize("kind", ["photo", "voice", "document"])
async def test_a_file_stands_with_its_words_and_stays_when_they_change(rig: Rig, kind: Any):
    """It is heard or seen above them, and the buttons are below."""
    attachments = (Attachment(kind, media=1),)
    sending = msgspec.structs.replace(
        to(rig, Message("Look", rows=ONE_TO_FIVE, attachments=attachments)),
        files=(File(kind, media.content_of(kind, 64), name="a", media=1),),
    )
    ref = await rig.channel.send(sending)
    assert await rig.screen() == [Shown("Look", [list("12345")], files=[kind])]

    await rig.channel.edit(edit_of(rig, ref, Message("Seen", attachments=attachments)))
    assert await rig.screen() == [Shown("Seen", files=[kind])]


async def test_a_tap_comes_back_with_the_buttons_own_data(rig: Rig):
    """Unchanged, from that chat, and about that message."""
    ref = await rig.channel.send(to(rig, QUESTION))
    pressed = await rig.taps("4")

    assert isinstance(pressed, Pressed)
    assert (pressed.channel, pressed.chat, pressed.press, pressed.ref) == (
        rig.channel.name,
        rig.chat,
        "1:seed.1:4",
        ref,
    )
    assert (pressed.group, pressed.anonymous) == (False, False)


async def test_two_taps_on_a_button_are_two_updates(rig: Rig):
    """Whether the second means anything is for the turn to say."""
    await rig.channel.send(to(rig, QUESTION))
    first, second = await rig.taps("4"), await rig.taps("4")

    assert first.ident != second.ident


async def test_a_tap_is_answered_in_passing(rig: Rig):
    """At once, with words or with none; and never twice an error."""
    await rig.channel.send(to(rig, QUESTION))
    pressed = await rig.taps("4")
    assert isinstance(pressed, Pressed)

    await rig.channel.notice(rig.chat, pressed.query, "Noted")
    await rig.channel.notice(rig.chat, "unknown", None)

    assert await rig.notices() == ["Noted"]


async def test_what_the_customer_writes_comes_in_as_it_is(rig: Rig):
    """In a private chat the person and the chat are one."""
    written = await rig.writes("The heating never worked 😀\n真的")

    assert isinstance(written, Written)
    assert (written.text, written.chat, written.user) == ("The heating never worked 😀\n真的", rig.chat, rig.chat)
    assert written.ident
    assert written.ref
    assert written.sent_at > 1_600_000_000_000


async def test_the_same_words_twice_are_two_updates(rig: Rig):
    """Somebody may mean it."""
    first, second = await rig.writes("4"), await rig.writes("4")

    assert first.ident != second.ident


@pytest.mark.parametrize("paragraph", ["word " * 400, "😀" * 700, "我们非常抱歉。" * 300])
async def test_a_long_text_arrives_whole_with_its_buttons_last(rig: Rig, paragraph: str):
    """Cut by the channel's own measure, one outbox row a part."""
    whole = Message("\n\n".join([paragraph.strip()] * 5), rows=ONE_TO_FIVE)
    for part in rig.parts(whole):
        await rig.channel.send(to(rig, part))

    screen = await rig.screen()
    assert "".join("".join(shown.text.split()) for shown in screen) == "".join(whole.text.split())
    assert [bool(shown.rows) for shown in screen] == [False] * (len(screen) - 1) + [True]


async def test_a_chat_that_takes_nothing_is_unreachable(rig: Rig):
    """Then nothing more is tried until it opens again."""
    chat = await rig.unreachable()
    with pytest.raises(NotDelivered) as raised:
        await rig.channel.send(to(rig, QUESTION, chat))

    assert raised.value.reason == "UNREACHABLE"


async def test_an_edit_that_names_no_message_is_rejected(rig: Rig):
    """It is a mistake of ours, and trying it again does not help."""
    with pytest.raises(NotDelivered) as raised:
        await rig.channel.edit(to(rig, QUESTION))

    assert raised.value.reason == "REJECTED"
