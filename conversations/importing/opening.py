"""Opening a definition: bytes to values, within bounds of size, depth and count."""

import json
from typing import Any, Final

from conversations.importing.results import NotReadable
from conversations.phrases import phrase

LARGEST: Final = 8 * 1024 * 1024
"""Bytes of a file. The largest definition met had 60 KB."""

DEEPEST: Final = 60
"""Levels of lists and tables. The deepest definition met had 14."""

MOST_VALUES: Final = 200_000


def opened(name: str, content: bytes) -> Any:
    """Return what a JSON file holds. Raises NotReadable."""
    try:
        value = json.loads(text_of(name, content), parse_constant=lambda _word: None)
    except RecursionError:
        raise too_deep(name)
    except ValueError as error:
        raise _no_json(name, error)
    _bounded(name, value)
    return value


def text_of(name: str, content: bytes) -> str:
    """Return the text of a file: UTF-8, or UTF-16 with its mark. Raises NotReadable."""
    if len(content) > LARGEST:
        raise NotReadable(
            phrase("The file is larger than {most} MB. Export only the survey, without its answers.", most=8), name
        )
    coding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return content.decode(coding)
    except UnicodeDecodeError as error:
        raise NotReadable(
            phrase("The file is not in UTF-8 (byte {place}). Save or export it as UTF-8.", place=error.start), name
        )


def too_deep(name: str) -> NotReadable:
    """Return the refusal of what is nested beyond reason."""
    return NotReadable(phrase("The file is nested too deeply to be a survey. Export it again."), name)


def _no_json(name: str, error: ValueError) -> NotReadable:
    if not isinstance(error, json.JSONDecodeError):  # a figure of thousands of digits
        return NotReadable(phrase("The file holds a number that is too long. Export it again."), name)
    sentence = phrase("The file is no JSON from line {line} on. It may be cut off: export it again.", line=error.lineno)
    return NotReadable(sentence, f"{name}:{error.lineno}")


def _bounded(name: str, value: object) -> None:
    waiting, count = [(value, 0)], 0
    while waiting:
        one, depth = waiting.pop()
        count += 1
        if depth > DEEPEST:
            raise too_deep(name)
        if count > MOST_VALUES:
            raise NotReadable(phrase("The file holds far more than a survey. Export only one survey."), name)
        inner = one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
        waiting.extend((each, depth + 1) for each in inner)
