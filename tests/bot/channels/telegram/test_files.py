"""Files on their way to Telegram: how each is shown, and what becomes of one that is refused."""

from typing import Any

import msgspec
import pytest

from bot.channels.messages import Attachment, Button, File, Message, NotDelivered, Sending
from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.limits import parts, units
from tests.bot.channels.telegram.conftest import ONE_TO_FIVE
from tests.fake_telegram import FakeTelegram, Person, faults, media

PHOTO = Attachment("photo", media=1)
JPEG = media.content_of("photo", 64)


@pytest.fixture
def ana(fake: FakeTelegram) -> Person:
    return fake.person("Ana", started=True)


def with_files(ana: Person, *files: File, text: str = "Case 17 · Ana writes:", **more: Any) -> Sending:
    attachments = tuple(Attachment(file.kind, media=number) for number, file in enumerate(files, 1))
    message = Message(text, attachments=attachments, **more)
    return Sending(outbox_id=1, chat=str(ana.id), message=message, files=files)


def file(kind: Any, content: bytes | None = None, **more: Any) -> File:
    return File(kind, media.content_of(kind, 64) if content is None else content, name=f"{kind}.bin", **more)


@pytest.mark.parametrize("kind", ["photo", "voice", "audio", "video", "document"])
async def test_a_file_is_shown_as_what_it_is_with_its_words_and_buttons(
    fake: FakeTelegram, channel: Telegram, ana: Person, kind: str
):
    """A voice message plays, a picture is seen, and the answer can be tapped below it."""
    ref = await channel.send(with_files(ana, file(kind), rows=ONE_TO_FIVE))

    shown = await ana.hears()
    assert (shown.text, shown.labels, str(shown.message_id)) == ("Case 17 · Ana writes:", list("12345"), ref)
    assert kind in shown.raw
    [call] = fake.ledger.sent(ana.id)
    assert call.params[kind] == {"file": f"{kind}.bin", "size": 64}


async def test_a_file_that_telegram_has_is_not_uploaded_again(fake: FakeTelegram, channel: Telegram, ana: Person):
    """Its id is enough: twenty megabytes go on in a hundred bytes."""
    sent = await ana.sends("photo")
    file_id = sent.raw["photo"][-1]["file_id"]

    await channel.send(with_files(ana, File("photo", b"", channel_file=file_id)))

    assert fake.ledger.sent(ana.id)[0].params["photo"] == file_id


async def test_several_files_are_one_album(fake: FakeTelegram, channel: Telegram, ana: Person):
    """The words stand below the first, where Telegram shows them for all; the id is the first one's."""
    ref = await channel.send(with_files(ana, file("photo"), file("video"), file("photo")))

    shown = [await ana.hears() for _ in range(3)]
    assert [each.text for each in shown] == ["Case 17 · Ana writes:", "", ""]
    assert str(shown[0].message_id) == ref
    assert len({each.raw["media_group_id"] for each in shown}) == 1


async def test_a_voice_message_to_somebody_who_takes_none_goes_as_a_sound(
    fake: FakeTelegram, channel: Telegram, ana: Person
):
    """They can still listen to it."""
    ana.chat.refuses_files = "Bad Request: VOICE_MESSAGES_FORBIDDEN"
    await channel.send(with_files(ana, file("voice")))

    assert [call.method for call in fake.ledger.calls(chat=ana.id)] == ["sendVoice", "sendAudio"]
    assert "audio" in (await ana.hears()).raw


@pytest.mark.parametrize("content", [media.png(20_000, 3), b"\x89PNG".ljust(10_500_000, b"\0"), b"no picture at all"])
async def test_a_picture_that_telegram_cannot_show_goes_as_a_document(
    fake: FakeTelegram, channel: Telegram, ana: Person, content: bytes
):
    """Too long and narrow, too large, or broken: it arrives all the same."""
    await channel.send(with_files(ana, file("photo", content)))

    assert "document" in (await ana.hears()).raw


async def test_a_picture_known_to_be_too_large_is_not_uploaded_twice(
    fake: FakeTelegram, channel: Telegram, ana: Person
):
    """Ten megabytes are not spent on a refusal that we can foresee."""
    await channel.send(with_files(ana, file("photo", bytes(10_000_001))))

    assert [call.method for call in fake.ledger.calls(chat=ana.id)] == ["sendDocument"]


async def test_an_album_that_is_refused_goes_as_documents(fake: FakeTelegram, channel: Telegram, ana: Person):
    """Documents are together what pictures could not be."""
    await channel.send(with_files(ana, file("photo", media.png(20_000, 3)), file("photo")))

    assert "document" in (await ana.hears()).raw
    assert "document" in (await ana.hears()).raw


async def test_an_id_that_is_refused_is_not_tried_as_something_else(fake: FakeTelegram, channel: Telegram, ana: Person):
    """Telegram sends a file on as what it is there or not at all; the bytes may be tried by who has them."""
    with pytest.raises(NotDelivered) as raised:
        await channel.send(with_files(ana, File("voice", b"", channel_file="voice-404")))

    assert raised.value.reason == "REJECTED"
    assert len(fake.ledger.calls(chat=ana.id)) == 1


async def test_where_only_files_are_not_allowed_the_chat_is_not_given_up(
    fake: FakeTelegram, channel: Telegram, ana: Person
):
    """The group still reads us: words may go there, so this is a refusal of the message."""
    ana.chat.refuses_files = "Bad Request: not enough rights to send photos to the chat"
    with pytest.raises(NotDelivered) as raised:
        await channel.send(with_files(ana, file("photo")))

    assert raised.value.reason == "REJECTED"


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (faults.Reset(), "AMBIGUOUS"),
        (faults.Truncate(), "AMBIGUOUS"),
        (faults.NotJson(), "AMBIGUOUS"),
        (faults.OkFalse(), "AMBIGUOUS"),
        (faults.internal_error(), "AMBIGUOUS"),
        (faults.BadGateway(), "AMBIGUOUS"),
        (faults.TooMany(retry_after=3), "NOT_SENT"),
        (faults.blocked(), "UNREACHABLE"),
        (faults.chat_not_found(), "UNREACHABLE"),
        (faults.migrated(-100), "MOVED"),
        (faults.unauthorized(), "STOPPED"),
    ],
    ids=lambda each: each if isinstance(each, str) else faults.tag(each),
)
@pytest.mark.parametrize("how_many", [1, 2])
async def test_what_an_answer_proves_is_the_same_with_files(
    fake: FakeTelegram, channel: Telegram, ana: Person, fault: faults.AnyFault, reason: str, how_many: int
):
    """One call, one outcome: a file changes nothing about whether it can have arrived."""
    fake.script("*", chat=ana.id, then=[fault])
    with pytest.raises(NotDelivered) as raised:
        await channel.send(with_files(ana, *[file("photo")] * how_many))

    assert raised.value.reason == reason
    assert len(fake.ledger.calls(chat=ana.id)) == 1


async def test_a_name_cannot_break_out_of_its_header(fake: FakeTelegram, channel: Telegram, ana: Person):
    """A sender may call a file what they like."""
    evil = File("document", b"%PDF-", name='a"\r\nContent-Disposition: form-data; name="chat_id"\r\n\r\n1\r\n.pdf')
    await channel.send(with_files(ana, evil))

    [call] = fake.ledger.sent(ana.id)
    assert call.chat == ana.id


# Edits.


async def test_an_edit_changes_what_stands_below_a_file(fake: FakeTelegram, channel: Telegram, ana: Person):
    """And takes its buttons away."""
    ref = await channel.send(with_files(ana, file("photo"), rows=ONE_TO_FIVE))
    changed = Message("Taken by Bo", attachments=(PHOTO,))

    for _ in range(2):  # already so is success
        await channel.edit(Sending(2, str(ana.id), changed, kind="edit", edits_ref=ref))

    shown = await ana.sees("Taken by Bo")
    assert (shown.labels, "photo" in shown.raw) == ([], True)


async def test_a_file_without_words_loses_its_buttons_alone(fake: FakeTelegram, channel: Telegram, ana: Person):
    """There is nothing else to change."""
    ref = await channel.send(with_files(ana, file("photo"), text="", rows=ONE_TO_FIVE))
    await channel.edit(Sending(2, str(ana.id), Message("", attachments=(PHOTO,)), kind="edit", edits_ref=ref))

    assert ana.screen()[-1].labels == []


async def test_an_edit_of_a_message_whose_file_was_left_out_changes_its_text(
    fake: FakeTelegram, channel: Telegram, ana: Person
):
    """It was sent as words alone, which its edit cannot know."""
    plain = Message("Case 17")
    ref = await channel.send(Sending(1, str(ana.id), plain))
    changed = Message("Case 17\n\nTaken by Bo", attachments=(PHOTO,))
    await channel.edit(Sending(2, str(ana.id), changed, kind="edit", edits_ref=ref))

    assert (await ana.sees("Taken by Bo")).edited


async def test_a_caption_that_grew_too_long_is_cut(fake: FakeTelegram, channel: Telegram, ana: Person):
    """An edit cannot become two messages."""
    ref = await channel.send(with_files(ana, file("photo")))
    changed = Message("😀" * 600, attachments=(PHOTO,))
    await channel.edit(Sending(2, str(ana.id), changed, kind="edit", edits_ref=ref))

    shown = await ana.sees("😀")
    assert shown.text.endswith("😀…")
    assert units(shown.text) <= 1024


# Parts.


def attached(*kinds: Any, text: str = "words", **more: Any) -> Message:
    return Message(text, attachments=tuple(Attachment(kind, media=1) for kind in kinds), **more)


def shape(message: Message) -> list[tuple[str, list[str], bool]]:
    return [
        (part.text, [attachment.kind for attachment in part.attachments], bool(part.rows)) for part in parts(message)
    ]


ROWS = ((Button("a", "1:s.1:a"),),)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (attached("photo", rows=ROWS), [("words", ["photo"], True)]),
        (attached("photo", "video"), [("words", ["photo", "video"], False)]),
        (attached("photo", "photo", rows=ROWS), [("", ["photo", "photo"], False), ("words", [], True)]),
        (attached("photo", "voice"), [("", ["photo"], False), ("", ["voice"], False), ("words", [], False)]),
        (attached("voice", "voice"), [("", ["voice"], False), ("", ["voice"], False), ("words", [], False)]),
        (attached(*["photo"] * 11), [("", ["photo"] * 10, False), ("", ["photo"], False), ("words", [], False)]),
        (attached("photo", "photo", text="", rows=ROWS), [("", ["photo"], False), ("", ["photo"], True)]),
        (attached("photo", text="x" * 900, rows=ROWS), [("", ["photo"], False), ("x" * 900, [], True)]),
    ],
)
def test_a_message_is_cut_into_what_can_be_one_message(message: Message, expected: list[Any]):
    """Each part is one call with one outcome; the buttons stand below the words, at the end."""
    assert shape(message) == expected


def test_files_before_long_words_answer_what_the_message_answers():
    """What is quoted stands above the first part."""
    long = attached("photo", text="word " * 1000, replies_to="5")

    assert [part.replies_to for part in parts(long)] == ["5", None, None]


def test_a_stored_message_with_files_is_read_back_as_it_was():
    """The outbox keeps it as JSON."""
    message = attached("photo", "document")

    assert msgspec.json.decode(msgspec.json.encode(message), type=Message) == message
