"""What an attachment stands for, when its message is sent."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bot.channels.messages import Attachment, Message, NotDelivered, Sending
from bot.enclosing import Enclosed, Enclosing
from bot.media_folder import MediaFolder, new_path
from storage.media import MediaFile
from storage.outbox import OutboxRow
from tests import laid
from tests.bot.delivering import Stage
from tests.fake_telegram import media
from tests.waiting import until

JPEG = media.content_of("photo", 500)
QR = Attachment("photo", made="qr", of="https://example.org/l/abc", alt="QR code")


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    database = await laid.opened(tmp_path / "makegood.db")
    yield Stage(database)
    await database.close()


@pytest.fixture
def folder(tmp_path: Path) -> MediaFolder:
    return MediaFolder(tmp_path / "media")


@pytest.fixture
def enclosing(stage: Stage, folder: MediaFolder) -> Enclosing:
    return Enclosing(stage.database, folder, stage.clock, "en", 20_000_000)


async def wanted(stage: Stage, kind: str = "photo", **more: Any) -> MediaFile:
    """A file that somebody just sent on Telegram."""

    def work(unit):
        return unit.media.get(unit.media.want(1, "telegram", "7", kind, f"{kind}-1", stage.clock.now(), **more))

    return await stage.database.run(work)


async def kept(stage: Stage, folder: MediaFolder, kind: str = "photo", mime: str = "image/jpeg") -> MediaFile:
    """A file that lies in the folder."""
    file = await wanted(stage, kind, name="the box.jpg")
    path = new_path()
    with folder.begin(path, 1_000_000) as draft:
        draft.write(JPEG)
        digest = draft.finish()

    def work(unit):
        unit.media.claim(stage.clock.now(), stage.clock.now() + 1, [path])
        assert unit.media.kept(file.id, mime, len(JPEG), digest)
        return unit.media.get(file.id)

    return await stage.database.run(work)


async def row_for(stage: Stage, message: Message, **more: Any) -> OutboxRow:
    new = stage.new("", payload=msgspec.json.encode(message).decode(), **more)
    return (await stage.queue(new))[0]


def showing(file: MediaFile, text: str = "Case 17 · Ana writes:") -> Message:
    kind: Any = file.kind
    return Message(text, attachments=(Attachment(kind, media=file.id),))


async def enclosed(stage: Stage, enclosing: Enclosing, message: Message, way: Any = "known") -> Enclosed:
    return await enclosing.enclose(await row_for(stage, message), message, way)


async def test_a_code_is_drawn_when_its_message_is_sent(stage: Stage, enclosing: Enclosing):
    """The outbox holds what it leads to; each copy shows the same."""
    message = Message("Scan this", attachments=(QR,))
    first, again = [await enclosed(stage, enclosing, message) for _ in range(2)]

    [file] = first.files
    assert file.content.startswith(b"\x89PNG")
    assert (file.kind, file.mime, file.alt, first.message.text) == ("photo", "image/png", "QR code", "Scan this")
    assert first == again


async def test_a_picture_that_cannot_be_drawn_keeps_no_words_back(stage: Stage, enclosing: Enclosing):
    """Too much for any code: the text goes, and says what is missing."""
    message = Message("Scan this", attachments=(Attachment("photo", made="qr", of="x" * 5_000),))

    assert await enclosed(stage, enclosing, message) == Enclosed(
        Message("Scan this\n(With this came a picture, which I could not pass on.)"), (), None
    )


async def test_a_file_goes_on_in_its_channel_by_the_channels_own_id(
    stage: Stage, folder: MediaFolder, enclosing: Enclosing
):
    """Nothing is read and nothing uploaded; refused, it goes by its bytes, and then not at all."""
    message = showing(await kept(stage, folder))
    known, by_bytes, without = [await enclosed(stage, enclosing, message, way) for way in ("known", "bytes", "without")]

    assert [(file.channel_file, file.content) for file in known.files] == [("photo-1", b"")]
    assert [(file.channel_file, file.content, file.name) for file in by_bytes.files] == [("", JPEG, "the box.jpg")]
    assert [each.plainer for each in (known, by_bytes, without)] == ["bytes", "without", None]
    assert (without.message.text, without.message.attachments, without.files) == (
        "Case 17 · Ana writes:\n(With this came a picture, which I could not pass on.)",
        (),
        (),
    )


async def test_a_picture_goes_on_before_it_is_fetched(stage: Stage, enclosing: Enclosing):
    """Telegram made it over itself, so nothing needs to be looked at; staff see it at once."""
    message = showing(await wanted(stage))

    assert (await enclosed(stage, enclosing, message)).files[0].channel_file == "photo-1"


@pytest.mark.parametrize("kind", ["document", "audio", "video"])
async def test_what_nobody_has_looked_at_waits_until_it_is_fetched(stage: Stage, enclosing: Enclosing, kind: str):
    """It could be anything. The wait is ours, so the chat's pace is not slowed for it."""
    message = showing(await wanted(stage, kind))
    with pytest.raises(NotDelivered) as raised:
        await enclosed(stage, enclosing, message)

    assert (raised.value.reason, raised.value.retry_after, raised.value.ours) == ("NOT_SENT", 1.0, True)


async def test_no_chat_waits_longer_than_a_minute_for_a_file(stage: Stage, enclosing: Enclosing):
    """An escalation behind it matters more."""
    message = showing(await wanted(stage, "document"))
    stage.clock.pass_by(60)

    assert (await enclosed(stage, enclosing, message)).message.text.endswith(
        "(With this came a document, which I could not pass on.)"
    )


async def test_a_file_that_is_refused_or_erased_is_said_to_be_missing(
    stage: Stage, folder: MediaFolder, enclosing: Enclosing
):
    """In the words of its kind, whatever its sender called it."""
    refused, erased = await wanted(stage, "document"), await kept(stage, folder)
    await stage.database.run(lambda unit: unit.media.refuse(refused.id, "type"))
    await stage.database.run(lambda unit: unit.media.answers([erased.id], 5, None))
    await stage.database.run(lambda unit: unit.media.erase("asked", 10, conversation_id=5))

    for file in (refused, erased):
        assert (await enclosed(stage, enclosing, showing(file))).files == ()


async def test_a_file_that_is_gone_from_the_folder_keeps_no_words_back(
    stage: Stage, folder: MediaFolder, enclosing: Enclosing
):
    """A backup was restored without it, say."""
    file = await kept(stage, folder)
    folder.erase(file.path or "")

    assert (await enclosed(stage, enclosing, showing(file), "bytes")).files == ()


async def test_the_web_chat_shows_a_file_from_its_row(stage: Stage, folder: MediaFolder, enclosing: Enclosing):
    """It is ours: no bytes are carried about, and no id of another channel is used."""
    message = showing(await kept(stage, folder))
    row = msgspec.structs.replace(await row_for(stage, message), channel="webchat")
    [file] = (await enclosing.enclose(row, message)).files

    assert (file.media, file.channel_file, file.content, file.mime) == (1, "", b"", "image/jpeg")


async def test_what_is_missing_is_said_in_the_readers_language(stage: Stage, enclosing: Enclosing):
    """As everything else they read."""
    message = Message("", attachments=(Attachment("voice", media=99),))
    row = await row_for(stage, message)
    await stage.database.run(
        lambda unit: unit.execute("UPDATE address SET language = 'zh-Hans' WHERE id = :id", {"id": row.address_id})
    )

    assert (await enclosing.enclose(row, message)).message.text == "（随这条消息还有一段语音，我未能转达。）"


# On its way.


class Choosy:
    """A channel that refuses files a few times, and then words."""

    name = "telegram"

    def __init__(self, *refusals: NotDelivered | None) -> None:
        self.refusals = list(refusals)
        self.sent: list[Sending] = []

    async def send(self, sending: Sending) -> str:
        self.sent.append(sending)
        refusal = self.refusals.pop(0) if self.refusals else None
        if refusal is not None:
            raise refusal
        return f"ref{len(self.sent)}"

    async def edit(self, sending: Sending) -> None:
        self.sent.append(sending)

    async def notice(self, chat: str, query: str, text: str | None) -> None:
        """Nothing delivery calls."""


async def delivered(stage: Stage, enclosing: Enclosing, channel: Choosy, message: Message) -> OutboxRow:
    choosy: Any = channel
    stage.channel, stage.enclosing = choosy, enclosing
    await stage.start()
    row = await row_for(stage, message)
    stage.delivery.offer([row])
    return await at_rest(stage, row)


async def at_rest(stage: Stage, row: OutboxRow) -> OutboxRow:
    """Return the row once its try is over: reading a file takes a thread its time."""

    async def over() -> bool:
        await stage.quiet()
        return bool((await stage.row(row.id)).fence) and not len(stage.delivery._calls)

    await until(over)
    await stage.quiet()
    return await stage.row(row.id)


async def test_what_is_refused_goes_in_a_plainer_way_in_the_same_try(
    stage: Stage, folder: MediaFolder, enclosing: Enclosing
):
    """A refusal proves that nothing arrived: the third call is still the first copy."""
    refusal = NotDelivered("REJECTED", "no such file")
    channel = Choosy(refusal, refusal)
    row = await delivered(stage, enclosing, channel, showing(await kept(stage, folder)))

    assert [[file.channel_file for file in sending.files] for sending in channel.sent] == [["photo-1"], [""], []]
    assert (row.state, row.copies, row.attempts, row.channel_ref) == ("sent", 1, 1, "ref3")
    assert stage.product.incomplete == [row.id]


async def test_what_went_with_all_its_files_is_nobodys_news(stage: Stage, folder: MediaFolder, enclosing: Enclosing):
    """Also when it took a second way."""
    channel = Choosy(NotDelivered("REJECTED", "no such file"))
    await delivered(stage, enclosing, channel, showing(await kept(stage, folder)))

    assert stage.product.incomplete == []


async def test_an_uncertain_end_is_never_followed_by_a_plainer_way(
    stage: Stage, folder: MediaFolder, enclosing: Enclosing
):
    """It may have arrived, so the rules of its class decide."""
    channel = Choosy(NotDelivered("AMBIGUOUS", "broken off"))
    row = await delivered(stage, enclosing, channel, showing(await kept(stage, folder)))

    assert (row.state, row.copies, len(channel.sent)) == ("queued", 1, 1)


async def test_words_behind_a_file_wait_with_it_and_keep_their_order(stage: Stage, enclosing: Enclosing):
    """The chat's order is a promise; a file that is late holds up its own chat alone."""
    channel = Choosy()
    row = await delivered(stage, enclosing, channel, showing(await wanted(stage, "document")))
    await stage.offer(stage.new("after it"), stage.new("elsewhere", chat="8"))
    assert [sending.message.text for sending in channel.sent] == ["elsewhere"]

    for _ in range(62):
        stage.clock.pass_by(1)
        await at_rest(stage, row)
    assert [sending.message.text.splitlines()[0] for sending in channel.sent] == [
        "elsewhere",
        "Case 17 · Ana writes:",
        "after it",
    ]
    assert (await stage.row(row.id)).state == "sent"
