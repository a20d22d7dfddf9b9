"""What Telegram is asked to show, and what never leaves us."""

import msgspec
import pytest

from bot.channels.messages import Attachment, Button, File, Link, NotDelivered, Sending
from bot.channels.telegram.channel import Telegram
from tests.bot.channels.telegram.conftest import ONE_TO_FIVE, to
from tests.fake_telegram import FakeTelegram, faults, media


async def test_a_message_shows_its_text_its_buttons_and_its_links(fake: FakeTelegram, channel: Telegram):
    """Plain text with entities, never a parse mode: a name with an underscore is a name."""
    ana = fake.person("Ana", started=True)
    links = (Link(3, 6, "https://example.org/a?b=c"),)

    await channel.send(to(ana.id, "😀 privacy_<b>", rows=ONE_TO_FIVE, links=links))

    shown = await ana.hears()
    assert (shown.text, shown.labels, shown.links) == ("😀 privacy_<b>", list("12345"), ["https://example.org/a?b=c"])
    [call] = fake.ledger.sent(ana.id)
    assert "parse_mode" not in call.params
    assert call.params["link_preview_options"] == {"is_disabled": True}


async def test_an_answer_to_a_deleted_message_is_sent_all_the_same(fake: FakeTelegram, channel: Telegram):
    """The customer may have taken their words back; ours still hold."""
    ana = fake.person("Ana")
    written = await ana.says("Where is it?")
    await channel.send(to(ana.id, "On its way", replies_to=str(written.message_id)))
    assert (await ana.hears()).reply_to == written.message_id

    await ana.deletes(written)
    await channel.send(to(ana.id, "It is there", replies_to=str(written.message_id)))

    assert (await ana.hears()).text == "It is there"


async def test_an_invitation_to_reply_opens_the_field_of_whom_it_answers(fake: FakeTelegram, channel: Telegram):
    """In a group only theirs; with buttons there is no room for it."""
    ana = fake.person("Ana", started=True)
    await channel.send(to(ana.id, "Write to the customer", invites_reply=True))
    await channel.send(to(ana.id, "Choose", invites_reply=True, rows=ONE_TO_FIVE))

    first, second = fake.ledger.sent(ana.id)
    assert first.params["reply_markup"] == {"force_reply": True, "selective": True}
    assert "inline_keyboard" in second.params["reply_markup"]


async def test_an_edit_without_buttons_takes_them_away(fake: FakeTelegram, channel: Telegram):
    """After a tap the message shows the choice, and nothing that could be tapped again."""
    ana = fake.person("Ana", started=True)
    ref = await channel.send(to(ana.id, rows=ONE_TO_FIVE))

    changed = to(ana.id, "How was your stay?\n\n4")
    await channel.edit(msgspec.structs.replace(changed, kind="edit", edits_ref=ref))

    shown = await ana.sees("4")
    assert (shown.labels, shown.edited) == ([], True)


async def test_an_album_is_taken_away_whole(fake: FakeTelegram, channel: Telegram):
    """Its first message's id is the one we know; the others' follow it."""
    ana = fake.person("Ana", started=True)
    pictures = tuple(File("photo", media.content_of("photo", 64), name=f"{number}.jpg") for number in (1, 2, 3))
    attachments = tuple(Attachment("photo", media=number) for number in (1, 2, 3))
    album = msgspec.structs.replace(to(ana.id, "Look", attachments=attachments), files=pictures)
    ref = await channel.send(album)
    await channel.send(to(ana.id, "And this"))

    gone = to(ana.id, "Bo took this message back.", attachments=attachments, gone=True)
    await channel.edit(msgspec.structs.replace(gone, kind="edit", edits_ref=ref))

    assert [message.text for message in ana.screen()] == ["And this"]


async def test_what_telegram_does_not_delete_is_told(fake: FakeTelegram, channel: Telegram):
    """It stays with the customer, and whoever wanted it back must know."""
    ana = fake.person("Ana", started=True)
    ref = await channel.send(to(ana.id, "Too old"))
    fake.script("deleteMessage", then=[faults.Refuse(code=400, description="Bad Request: message can't be deleted")])

    with pytest.raises(NotDelivered) as raised:
        await channel.edit(msgspec.structs.replace(to(ana.id, "x", gone=True), kind="edit", edits_ref=ref))

    assert raised.value.reason == "REJECTED"


NEVER_SENT: dict[str, Sending] = {
    "too long": to(5, "x" * 4097),
    "too long in UTF-16 units": to(5, "😀" * 2049),
    "empty": to(5, ""),
    "blank": to(5, " \n"),
    "a lone surrogate": to(5, "a\ud800"),
    "no chat of Telegram's": to("w0123", "x"),
    "a chat in other figures": to("٥", "x"),
    "callback data too long": to(5, "x", rows=((Button("a", "好" * 22),),)),
    "callback data missing": to(5, "x", rows=((Button("a", ""),),)),
    "an answer to nothing of Telegram's": to(5, "x", replies_to="abc"),
}


@pytest.mark.parametrize("what", NEVER_SENT)
async def test_what_telegram_would_refuse_never_leaves_us(fake: FakeTelegram, channel: Telegram, what: str):
    """It is rejected at once, and no request is spent on it."""
    with pytest.raises(NotDelivered) as raised:
        await channel.send(NEVER_SENT[what])

    assert raised.value.reason == "REJECTED"
    assert len(fake.ledger) == 0


async def test_a_text_of_exactly_the_limit_is_sent(fake: FakeTelegram, channel: Telegram):
    """4096 UTF-16 units, which 2048 emoji are."""
    ana = fake.person("Ana", started=True)
    await channel.send(to(ana.id, "😀" * 2048))
    await channel.send(to(ana.id, "x" * 4096))

    assert [len(text) for text in fake.ledger.texts(ana.id)] == [2048, 4096]


async def test_an_edit_of_nothing_is_rejected(channel: Telegram):
    """A row whose message was never sent has no id."""
    with pytest.raises(NotDelivered) as raised:
        await channel.edit(to(5))

    assert raised.value.reason == "REJECTED"


@pytest.mark.parametrize("fault", [faults.query_too_old(), faults.Reset(), faults.unauthorized()], ids=faults.tag)
async def test_a_notice_that_cannot_be_given_is_let_go(fake: FakeTelegram, channel: Telegram, fault: faults.AnyFault):
    """The tap's effect stands without it (reliability.md B10); one try, no error."""
    ana = fake.person("Ana", started=True)
    await channel.send(to(ana.id, rows=ONE_TO_FIVE))
    tap = await ana.taps("4")
    fake.script("answerCallbackQuery", then=[fault])

    await channel.notice(str(ana.id), tap.id, "Noted")

    assert len(fake.ledger.calls("answerCallbackQuery")) == 1
