"""Values of a file that somebody else wrote: each may be of any type, and none of them can make us fail."""

import math
from typing import Any, Final

Table = dict[str, Any]
LONGEST_FIGURE: Final = 18


def set_of(names: str) -> frozenset[str]:
    """Return the names that stand in one text, parted by spaces."""
    return frozenset(names.split())


def table(value: object) -> Table:
    """Return the value if it is a table, else an empty one."""
    return value if isinstance(value, dict) else {}


def listed(value: object) -> list[Any]:
    """Return the value if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def tables(value: object) -> list[Table]:
    """Return the tables of a list; what is none is not among them."""
    return [one for one in listed(value) if isinstance(one, dict)]


def words(value: object) -> str:
    """Return the value as words: a text as it is, a number as it is written, anything else as nothing.

    Halves of characters, which JSON can hold and no file, become question marks.
    """
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if abs(value) < 10**LONGEST_FIGURE else ""
    if isinstance(value, float) and math.isfinite(value):
        return str(int(value)) if value.is_integer() and abs(value) < 10**LONGEST_FIGURE else str(value)
    return ""


def figure(value: object) -> float | None:
    """Return the value as a finite number of usual size, None when it is none. A text may hold one."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, str) and (len(value) > 2 * LONGEST_FIGURE or not value.isascii()):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) and abs(found) < 10**LONGEST_FIGURE else None


def whole(value: object) -> int | None:
    """Return the value as a whole number, None when it is none."""
    found = figure(value)
    return int(found) if found is not None and found == int(found) else None


def written(value: float) -> str:
    """Return a number as conditions write it."""
    return str(int(value)) if value == int(value) else repr(value)


def yes(value: object) -> bool:
    """Return whether the value means yes: true, 1, "yes", "true"."""
    return value is True or words(value).strip().lower() in ("yes", "true", "1", "true()", "y", "required")


def says(value: object) -> bool:
    """Return whether there is a word in a text, or in any language of one."""
    return any(words(one).strip() for one in (value.values() if isinstance(value, dict) else (value,)))
