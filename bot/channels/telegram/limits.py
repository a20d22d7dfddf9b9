"""What Telegram takes in one message, and how a longer one is cut into several."""

from collections.abc import Iterator
from itertools import groupby

from msgspec.structs import replace

from bot.channels.messages import Attachment, Link, Message

LONGEST_TEXT = 4096  # UTF-16 units, after entities are taken out
LONGEST_CAPTION = 1024
CAPTION = 850  # leaves room for what may have to be said below it when it is sent
LARGEST_ALBUM = 10
LONGEST_PRESS = 64  # bytes of callback data
LONGEST_NOTICE = 200  # characters shown in passing after a tap

# Where to cut, best first: between paragraphs, lines, sentences, words.
SEAMS = ("\n\n", "\n", "。", "！", "？", ". ", "! ", "? ", "；", "，", " ")


def units(text: str) -> int:
    """Return the length of a text as Telegram counts it, in UTF-16 units."""
    if text.isascii():
        return len(text)
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def parts(message: Message, longest: int = LONGEST_TEXT) -> list[Message]:
    """Return the message itself, or the messages that say the same in order, each at most `longest` units.

    The first answers what the message answers; buttons and the open reply field go with the last. One outbox row
    per part keeps their order and lets each be retried alone. A part is one message or one album: files stand below
    a short text as its caption, and go before a long one; an album has no buttons, so they go with the text.
    """
    if message.attachments:
        return _with_files(message, longest)
    if units(message.text) <= longest:
        return [message]
    pieces = list(_pieces(message.text, longest))
    last = len(pieces) - 1
    return [
        Message(
            text=message.text[start:end],
            rows=message.rows if position == last else (),
            links=_links_within(message, start, end),
            replies_to=message.replies_to if position == 0 else None,
            invites_reply=message.invites_reply and position == last,
            version=message.version,
        )
        for position, (start, end) in enumerate(pieces)
    ]


def _with_files(message: Message, longest: int) -> list[Message]:
    albums = list(_albums(message.attachments))
    single = len(message.attachments) == 1
    captioned = units(message.text) <= CAPTION and len(albums) == 1 and (single or not message.rows)
    if captioned:
        return [message]
    if not message.text:  # the last file alone may carry what an album cannot
        *before, last = message.attachments
        albums = list(_albums(tuple(before)))
        words = [replace(message, attachments=(last,), replies_to=None)]
    else:
        words = parts(replace(message, attachments=(), replies_to=None), longest)
    return [*(_album(message, album, first=number == 0) for number, album in enumerate(albums)), *words]


def _album(message: Message, album: tuple[Attachment, ...], *, first: bool) -> Message:
    return Message("", replies_to=message.replies_to if first else None, version=message.version, attachments=album)


def _albums(attachments: tuple[Attachment, ...]) -> Iterator[tuple[Attachment, ...]]:
    """Yield what can go in one album, in order: pictures with videos, sounds, documents; a voice message alone."""
    for kind, run in groupby(attachments, key=_shelf):
        together = tuple(run)
        most = 1 if kind == "voice" else LARGEST_ALBUM
        for start in range(0, len(together), most):
            yield together[start : start + most]


def _shelf(attachment: Attachment) -> str:
    return "seen" if attachment.kind in ("photo", "video") else attachment.kind


def _pieces(text: str, longest: int) -> Iterator[tuple[int, int]]:
    """Yield where each piece begins and ends, without the blanks between two."""
    start = 0
    while start < len(text):
        reach = _reach(text, start, longest)
        end = reach if reach == len(text) else _seam(text, start, reach)
        kept = start + len(text[start:end].rstrip())
        if kept > start:
            yield start, kept
        start = end
        while start < len(text) and text[start].isspace():
            start += 1


def _reach(text: str, start: int, longest: int) -> int:
    """Return the furthest end so that the piece has at most `longest` units."""
    if units(text[start : start + longest]) <= longest:
        return min(len(text), start + longest)
    used, end = 0, start
    while used + units(text[end]) <= longest:
        used += units(text[end])
        end += 1
    return end


def _seam(text: str, start: int, reach: int) -> int:
    """Return the last good place to cut, but none that leaves less than half of what would fit."""
    least = start + (reach - start) // 2
    for seam in SEAMS:
        found = text.rfind(seam, least, reach)
        if found >= 0:
            return found + len(seam)
    return reach


def _links_within(message: Message, start: int, end: int) -> tuple[Link, ...]:
    """Return the links of a piece, counted from its beginning; one that crosses a cut is cut as well."""
    if not message.links:
        return ()
    first = units(message.text[:start])
    last = first + units(message.text[start:end])
    return tuple(
        Link(max(link.offset, first) - first, min(link.offset + link.length, last) - max(link.offset, first), link.url)
        for link in message.links
        if link.offset < last and link.offset + link.length > first
    )
