"""Strict JSON: what two readers could understand differently is refused, not guessed."""

import json
from typing import Any, Final, NoReturn

from bot.web.problems import Problem

DEEPEST: Final = 32
"""Levels of nesting; Python's own limit would end the request less politely."""


def read(body: bytes) -> Any:
    """Return what a JSON body says. Raises Problem 400 for anything else, and for keys given twice."""
    try:
        source = body.decode("utf-8")
        found = json.loads(source, object_pairs_hook=_once, parse_constant=_no_constant, parse_float=_finite)
    except Problem:
        raise
    except UnicodeDecodeError:
        raise _bad("The body is not in UTF-8.")
    except json.JSONDecodeError as error:
        raise _bad(f"The body is no JSON: {error.msg}, line {error.lineno}, column {error.colno}.")
    except (RecursionError, ValueError):  # thousands of brackets; a figure of thousands of digits
        raise _bad("The body is nested or long beyond reason.")
    if "\\ud" in source.lower() and not _whole(found):
        raise _bad("The body has half a character: a surrogate without its other half.")
    if _deeper(found, DEEPEST):
        raise _bad(f"The body is nested deeper than {DEEPEST} levels.")
    return found


def _whole(found: Any) -> bool:
    """Return whether every text can be written down: half a character can not, here or in any database."""
    try:
        json.dumps(found, ensure_ascii=False).encode()
    except (UnicodeEncodeError, RecursionError):
        return False
    return True


def _bad(detail: str) -> Problem:
    return Problem(400, detail)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _bad(f"The body has the key {key[:60]!r} twice in one object.")
        found[key] = value
    return found


def _no_constant(name: str) -> NoReturn:
    raise _bad(f"{name} is no JSON.")


def _finite(written: str) -> float:
    number = float(written)
    if number in (float("inf"), float("-inf")):
        raise _bad(f"The number {written[:20]} is too large.")
    return number


def _deeper(value: Any, levels: int) -> bool:
    if not isinstance(value, dict | list):
        return False
    if levels == 0:
        return True
    return any(_deeper(inner, levels - 1) for inner in (value.values() if isinstance(value, dict) else value))
