"""What becomes of a file that somebody sends, inside the turn that takes it in.

    a file ──────────> a row of media, wanted; it is fetched after the commit (`bot.fetching`)
    one of an album ─> the same, with its update, until the others are here (`gather`): an album is one act
    too large, no file at all ─> nothing is kept, and its sender is told so

Nothing of an album is lost when the process ends in between: its rows and the due row that gathers them are
committed with the first of its updates.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Final, NamedTuple

from msgspec.structs import replace

from bot.channels.messages import Attachment, FileKind
from bot.channels.updates import Attached, read_stored, stored
from bot.phrases import say
from bot.scene import Scene
from conversations.phrases import Phrase, phrase
from storage.due import DueRow
from storage.media import MediaFile

KINDS: Final[Mapping[str, FileKind]] = {
    "photo": "photo",
    "voice": "voice",
    "audio": "audio",
    "video": "video",
    "video_note": "video",
    "animation": "video",
    "document": "document",
}
"""What can be kept and passed on, by the channel's word for it, and how it is shown."""

ALBUM: Final = "album"
ALBUM_COMES: Final = 1_500
"""Milliseconds in which the files of an album come in: a channel hands them over as updates of their own."""

STILL_COMING: Final = 800
"""Milliseconds since the newest of an album in which another may follow."""

ALBUM_CAME: Final = 6_000
"""Milliseconds since its first after which an album is whole; what comes later is an act of its own."""

NOTHING_TO_KEEP: Final[Mapping[str, Phrase]] = {
    "sticker": phrase("a sticker"),
    "location": phrase("a place on the map"),
    "venue": phrase("a place on the map"),
    "contact": phrase("a contact"),
    "poll": phrase("a poll"),
    "forward": phrase("a forwarded message"),
}
"""What people send that cannot be passed on, where it has a name of its own."""

MOST_A_DAY: Final = 200
"""How many files one chat may send in a day; a staff group sends more than any person."""

LARGEST_A_DAY: Final = 25
"""How many files of the largest size those may come to together."""

TOO_MUCH: Final = phrase(
    "That is more than I can take in one day. Please send the rest tomorrow, or put it in a few words."
)

SOMETHING: Final = phrase("something of this kind")


class Brought(NamedTuple):
    """What came with an update: our ids of its files, and what to tell its sender about what was not taken."""

    media: tuple[int, ...] = ()
    refused: Phrase | None = None
    waits: bool = False  # the rest of its album is awaited: there is nothing to do yet


def bring(scene: Scene, update: Attached, customer_id: int | None = None) -> Brought:
    """Take in the file of an update, if it is one; it is wanted from this turn on."""
    if update.media:
        scene.unit.media.sent(update.media, customer_id, scene.now + scene.house.media_lasts)
        return Brought(update.media)
    kind = KINDS.get(update.what)
    if kind is None or not update.file:
        return Brought()
    if update.size > scene.house.media_largest:
        return Brought(refused=too_large(scene.house.media_largest))
    if _too_much(scene, update):
        return Brought(refused=TOO_MUCH)
    if update.album:
        _await_album(scene, update, kind, customer_id)
        return Brought(waits=True)
    return Brought((_want(scene, update, kind, customer_id),))


def _too_much(scene: Scene, update: Attached) -> bool:
    """Say whether a chat has sent so much in one day that nobody can read it, and it may fill the disk."""
    since = scene.now - timedelta(days=1) // timedelta(milliseconds=1)
    count, size = scene.unit.media.came_since(update.channel, update.chat, since)
    return count >= MOST_A_DAY or size + update.size > LARGEST_A_DAY * scene.house.media_largest


def _want(scene: Scene, update: Attached, kind: FileKind, customer_id: int | None, *, waiting: bool = False) -> int:
    scene.out.moves_files = True
    return scene.unit.media.want(
        scene.house.brand,
        update.channel,
        update.chat,
        kind,
        update.file,
        scene.now,
        name=update.file_name or None,
        mime=update.mime or None,
        size=update.size or None,
        customer_id=customer_id,
        erase_at=scene.now + scene.house.media_lasts,
        album=update.album or None,
        waiting=stored(update) if waiting else None,
    )


def too_large(largest: int) -> Phrase:
    """Return what the sender of a file is told that has more than `largest` bytes."""
    size = _mb(largest)
    return phrase("That file is too large: I can take up to {size} MB. Could you send a smaller one?", size=size)


def _mb(size: int) -> str:
    return f"{size / 1_000_000:.1f}".removesuffix(".0")


# -- albums


def _await_album(scene: Scene, update: Attached, kind: FileKind, customer_id: int | None) -> None:
    first = not scene.unit.media.album_waits(update.channel, update.chat, update.album)
    media_id = _want(scene, update, kind, customer_id, waiting=True)
    if first:
        scene.out.plan(ALBUM, media_id, f"{ALBUM}:{media_id}", scene.now + ALBUM_COMES, scene.house.brand)


def gather(due: DueRow, scene: Scene, take: Callable[[Attached, Scene], None]) -> int | None:
    """Take in an album as one act, or return when to look again: its files may still be coming."""
    first = scene.unit.media.get(due.subject)
    if first is None or first.waiting is None or first.album is None:
        return None
    files = scene.unit.media.album_waits(first.channel, first.chat, first.album)
    newest = max(file.at for file in files)
    if scene.now - newest < STILL_COMING and scene.now - first.at < ALBUM_CAME:
        return newest + STILL_COMING
    scene.unit.media.album_taken([file.id for file in files])
    whole = _whole(files)
    if whole is not None:
        take(whole, scene)
    return None


def _whole(files: Sequence[MediaFile]) -> Attached | None:
    """Return an album's updates as one, with every caption and our ids of all its files."""
    updates = [update for file in files if file.waiting and isinstance(update := read_stored(file.waiting), Attached)]
    if not updates:
        return None
    captions = dict.fromkeys(update.caption for update in updates if update.caption)
    reply_to = next((update.reply_to for update in updates if update.reply_to), None)
    ids = tuple(file.id for file in files)
    return replace(updates[0], caption="\n".join(captions), reply_to=reply_to, album="", media=ids)


# -- passing on


def attachments(scene: Scene, media: Sequence[int], alt: str = "") -> tuple[Attachment, ...]:
    """Return files as a message carries them; `alt` says what they are to whoever cannot see them."""
    return tuple(Attachment(KINDS[file.kind], media=file.id, alt=alt) for file in scene.unit.media.several(media))


def cannot_be_passed_on(what: str, language: str) -> Phrase:
    """Return what its sender is told of something that is no file."""
    return phrase(
        "This was not passed on: I can pass on text, pictures, voice messages, videos and documents, but not {what}.",
        what=say(NOTHING_TO_KEEP.get(what, SOMETHING), language),
    )
