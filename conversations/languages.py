"""One language more or less in a survey file: the edits that go with it, the same by page, by chat and as text.

makegood brings the words for both ends of a scale in its own languages only. When a survey learns another one they
are written into the file, so that nobody loses them and they can be translated.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from conversations.amending import CannotAmend, Drop, Edit, Put, amended, read
from conversations.questions import ENDS
from conversations.translating import languages_of, texts_of


def added(table: Mapping[str, Any], tag: str) -> list[Edit]:
    """Return the edits that let a survey speak one more language; none when it speaks it already."""
    written, tags = _written(table), languages_of(table)
    if tag in written:
        return []
    return [Put(("languages",), [*written, tag]), *_ends(table, tags, (*tags, tag))]


def removed(table: Mapping[str, Any], tag: str) -> list[Edit]:
    """Return the edits that take a language away, with all that is said in it; none for the only one."""
    written = _written(table)
    if tag not in written or len(written) == 1:
        return []
    texts = [text for text in texts_of(table) if tag in text.said]
    return [*(Drop((*text.path, tag)) for text in texts), Put(("languages",), [one for one in written if one != tag])]


def completed(made_from: str, source: str) -> str:
    """Return a file that was written as text, with the ends of its scales where it speaks languages it did not.

    A text that is no TOML stays as it is.
    """
    try:
        before, table = languages_of(read(made_from)), read(source)
        return amended(source, tuple(_ends(table, before, languages_of(table))))
    except CannotAmend:
        return source


def _written(table: Mapping[str, Any]) -> list[Any]:
    """Return the list as it stands, whatever is in it: what is no language can be taken away, too."""
    written = table.get("languages")
    return written if isinstance(written, list) else []


def _ends(table: Mapping[str, Any], before: tuple[str, ...], tags: tuple[str, ...]) -> Iterator[Edit]:
    """Yield the words for both ends of each scale that had makegood's own until a language came that has none."""
    learnt = [tag for tag in tags if tag not in before]
    questions = table.get("question")
    for n, question in enumerate(questions if isinstance(questions, list) else ()):
        low, high = ENDS.get(str(question.get("kind")), ({}, {})) if isinstance(question, Mapping) else ({}, {})
        had_ours = low and all(tag in low for tag in before) and not {"low", "high"} & set(question)
        if had_ours and any(tag not in low for tag in learnt):
            for name, words in (("low", low), ("high", high)):
                ours = {tag: words[tag] for tag in tags if tag in words}
                if ours:
                    yield Put(("question", n, name), ours)
