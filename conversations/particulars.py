"""Reading what only one kind of question has: rows, places, the details that are wanted, the bounds of a date."""

from datetime import date, datetime
from typing import Any, Final

from msgspec.structs import replace

from conversations import contact_details, dates
from conversations.phrases import phrase
from conversations.problems import mend_or_write, write
from conversations.slots import LONGEST_KEY, Slots
from conversations.surveys import Question, Row

MOST_ROWS: Final = 20
MATRIX_ROWS: Final = 'rows = [ { key = "staff", text.en = "The staff were kind." }, … ]'
TODAY: Final = "today"
_ROWS: Final = phrase("Add what is to be rated, two rows at least.")
SENSES: Final = ("past", "future")


def _only_for(slots: Slots, key: str, kind: str, owner: str) -> bool:
    """Say whether the key is there and its question of the kind that has it; note it where it does not belong."""
    if key not in slots.table:
        return False
    if kind and kind != owner:
        said = phrase('"{key}" belongs to a question of kind "{kind}".', key=key, kind=owner)
        slots.wrong(key, said, phrase("Remove it."))
    return kind == owner


# --- a matrix -------------------------------------------------------------------------------------------------------


def rows_of(slots: Slots, question: Question) -> tuple[Question, ...]:
    """Return a matrix as the ratings that it is asked as; any other question alone.

    A matrix without a row that can be read stays one question. Its branches follow the last row.
    """
    written = _rows(slots, question.kind)
    if not written:
        return (question,)
    rows = [_row(slots.inside("rows", n), question) for n in range(len(written))]
    keys = tuple(row.key for row in rows)
    return tuple(
        replace(
            row,
            row=Row(question.key, question.text, n, keys),
            branches=question.branches if n == len(rows) else (),
        )
        for n, row in enumerate(rows, 1)
    )


def _rows(slots: Slots, kind: str) -> list[dict[str, Any]]:
    if not _only_for(slots, "rows", kind, "matrix"):
        if kind == "matrix":
            slots.wrong("rows", phrase("The matrix has no rows."), mend_or_write(_ROWS, MATRIX_ROWS))
        return []
    written = slots.table["rows"]
    if not isinstance(written, list) or not all(isinstance(one, dict) for one in written):
        slots.wrong("rows", phrase("rows is no list of rows."), write(MATRIX_ROWS))
        return []
    if not 2 <= len(written) <= MOST_ROWS:
        mend = phrase("Write from 2 to {most}; a single one is a rating of its own.", most=MOST_ROWS)
        slots.wrong("rows", phrase("The number of rows is {count}.", count=len(written)), mend)
    return written


def _row(slots: Slots, matrix: Question) -> Question:
    slots.only(("key", "text", "aspect"), phrase("a row"))
    own = slots.key("key")
    key = f"{matrix.key}_{own}" if own else ""
    if len(key) > LONGEST_KEY:
        said = phrase(
            '"{key}", the matrix and its row, has {count} characters, and a key holds {most}.',
            key=key,
            count=len(key),
            most=LONGEST_KEY,
        )
        slots.wrong("key", said, phrase("Give one of the two a shorter key."))
    return replace(
        matrix,
        key=key,
        text=slots.texts("text", required=True),
        aspect=slots.key("aspect") if "aspect" in slots.table else None,
        line=slots.line,
    )


# --- a ranking, a contact -------------------------------------------------------------------------------------------


def top(slots: Slots, kind: str) -> int:
    """Return how many of the options are to be ranked, 0 for all."""
    if not _only_for(slots, "top", kind, "ranking"):
        return 0
    written, options = slots.table["top"], slots.table.get("options")
    most = len(options) if isinstance(options, list) else 2
    if type(written) is int and 1 <= written <= most:
        return written if written < most else 0
    said = phrase("{written} is no number of options.", written=f"top = {written!r}")
    slots.wrong("top", said, phrase("Write a whole number from 1 to {most}.", most=most))
    return 0


def wants(slots: Slots, kind: str) -> tuple[str, ...]:
    """Return the details that a contact question asks for; without a word both."""
    if not _only_for(slots, "wants", kind, "contact"):
        return contact_details.WAYS if kind == "contact" else ()
    written = slots.table["wants"]
    if isinstance(written, list) and written and all(one in contact_details.WAYS for one in written):
        return tuple(way for way in contact_details.WAYS if way in written)
    mend = mend_or_write(phrase("Choose the telephone number, the email or both."), 'wants = ["phone", "email"]')
    slots.wrong("wants", phrase("wants does not say what is wanted."), mend)
    return contact_details.WAYS


# --- a date ---------------------------------------------------------------------------------------------------------


def sense(slots: Slots, kind: str) -> str:
    """Return whether the day asked for lies in the past or the future; without a word it may be either."""
    return slots.one_of("sense", SENSES, "") if _only_for(slots, "sense", kind, "date") else ""


def bounds(slots: Slots, kind: str) -> tuple[str, str]:
    """Return the earliest and the latest day allowed, as written; nothing where there is no bound."""
    earliest, latest = _bound(slots, "earliest", kind), _bound(slots, "latest", kind)
    if TODAY not in (earliest, latest) and earliest and latest and earliest > latest:
        said = phrase("No day lies between {earliest} and {latest}.", earliest=earliest, latest=latest)
        slots.wrong("latest", said, phrase("Write the earlier day as earliest."))
    return earliest, latest


def _bound(slots: Slots, key: str, kind: str) -> str:
    if not _only_for(slots, key, kind, "date"):
        return ""
    written = slots.table[key]
    if isinstance(written, date) and not isinstance(written, datetime):  # TOML has days of its own
        return written.isoformat()
    if isinstance(written, str) and (written == TODAY or dates.written(written)):
        return written
    mend = phrase("Write {one}, or {other}.", one=f"{key} = 2026-11-22", other=f'{key} = "today"')
    slots.wrong(key, phrase("{key} is no day.", key=key), mend)
    return ""
