"""What a file really is, by its first bytes, and under which name it may be passed on.

Only what is in `EXTENSIONS` is kept: pictures, sound, film, documents of an office, plain text. Nothing that a
browser would run (HTML, SVG, scripts) and nothing that a computer would, whatever its name or its sender says.
"""

import re
import unicodedata
from typing import Final

HEAD: Final = 8192
"""Bytes from the beginning of a file that tell what it is."""

LONGEST_NAME: Final = 80

_OOXML: Final = "application/vnd.openxmlformats-officedocument"
EXTENSIONS: Final[dict[str, tuple[str, ...]]] = {
    "image/jpeg": ("jpg", "jpeg"),
    "image/png": ("png",),
    "image/gif": ("gif",),
    "image/webp": ("webp",),
    "image/bmp": ("bmp",),
    "image/tiff": ("tif", "tiff"),
    "image/heic": ("heic", "heif"),
    "image/avif": ("avif",),
    "audio/aac": ("aac",),
    "audio/mpeg": ("mp3",),
    "audio/mp4": ("m4a",),
    "audio/ogg": ("ogg", "oga", "opus"),
    "audio/x-flac": ("flac",),
    "audio/x-wav": ("wav",),
    "audio/amr": ("amr",),
    "video/3gpp": ("3gp",),
    "video/mp4": ("mp4",),
    "video/x-m4v": ("m4v",),
    "video/x-matroska": ("mkv",),
    "video/quicktime": ("mov",),
    "video/x-msvideo": ("avi",),
    "video/mpeg": ("mpg", "mpeg"),
    "video/webm": ("webm",),
    "application/pdf": ("pdf",),
    "application/rtf": ("rtf",),
    "application/msword": ("doc",),
    "application/vnd.ms-excel": ("xls",),
    "application/vnd.ms-powerpoint": ("ppt",),
    f"{_OOXML}.wordprocessingml.document": ("docx",),
    f"{_OOXML}.spreadsheetml.sheet": ("xlsx",),
    f"{_OOXML}.presentationml.presentation": ("pptx",),
    "application/vnd.oasis.opendocument.text": ("odt",),
    "application/vnd.oasis.opendocument.spreadsheet": ("ods",),
    "application/vnd.oasis.opendocument.presentation": ("odp",),
    "text/plain": ("txt", "csv", "md", "log"),
}
"""What is kept, each with the extensions that its name may have; the first is the one that it gets."""

_MARKUP: Final = re.compile(rb"<\s*(?:!doctype|html|svg|script|body|iframe|\?xml|math|object|embed)", re.IGNORECASE)
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def type_of(head: bytes) -> str | None:
    """Return the type of a file that begins so, if it is one that we keep; None for anything else."""
    if not head:
        return None
    import filetype  # late: it brings a hundred classes, and most installations see their first file later

    found = filetype.guess(head)
    mime = _ours(head) if found is None else str(found.mime)
    return mime if mime in EXTENSIONS else None


def _ours(head: bytes) -> str | None:
    """Return `text/plain` for words: UTF-8 without control characters, and nothing that could be run."""
    if _CONTROL.search(head) or _MARKUP.search(head) or head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<", b"#!")):
        return None
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 3 or len(head) < HEAD:  # else only the last character is cut
            return None
    return "text/plain"


def name_for(name: str | None, mime: str | None, kind: str) -> str:
    """Return a name under which a file can be passed on: no folder, nothing invisible, an extension that is true."""
    shown = "".join(" " if _unseen(character) else character for character in name or "")
    stem = re.split(r"[/\\:]", shown)[-1].strip(" .")[:LONGEST_NAME].strip(" .")
    allowed = EXTENSIONS.get(mime or "", ())
    if not stem:
        stem = kind
    if not allowed or ("." in stem and stem.rpartition(".")[2].lower() in allowed):
        return stem
    return f"{stem}.{allowed[0]}"


def _unseen(character: str) -> bool:
    """Say whether a character could hide what a name says: controls, and marks that turn the reading round."""
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") or character in '"<>|*?;%'
