"""One editor's changes on top of another's: the same places, found again where they stand now.

A question, an option, a row is the same one while it has the same key; a branch while it says the same. What was
taken away meanwhile cannot be changed any more, and then nothing of the change is made.
"""

import tomllib
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from conversations import toml
from conversations.amending import CannotAmend, Edit, Insert, Move, amended
from conversations.problems import KeyPath


def rebased(edits: Sequence[Edit], made_from: str, now: str) -> str | None:
    """Return the file `now` with the edits that were made from another; None where they do not fit it any more."""
    before, after = made_from, now
    try:
        for edit in edits:
            moved = _moved(edit, toml.loads(before), toml.loads(after))
            if moved is None:
                return None
            before, after = amended(before, [edit]), amended(after, [moved])
    except (CannotAmend, tomllib.TOMLDecodeError, RecursionError):
        return None
    return after


def _moved(edit: Edit, before: Mapping[str, Any], after: Mapping[str, Any]) -> Edit | None:
    """Return an edit with its places as the newer file has them."""
    path = _place(edit.path, before, after)
    if path is None:
        return None
    match edit:
        case Insert():
            return replace(edit, path=path, at=_beside(edit.path, path, edit.at, before, after))
        case Move():
            return _moved_along(edit, path, before, after)
        case _:
            return replace(edit, path=path)


def _moved_along(edit: Move, path: KeyPath, before: Mapping[str, Any], after: Mapping[str, Any]) -> Move | None:
    """Return a move by as many places as it was meant, as far as there are any."""
    at = _place((*edit.path, edit.at), before, after)
    listed = _at(after, path)
    if at is None or not isinstance(listed, list):
        return None
    start = int(at[-1])
    return replace(edit, path=path, at=start, to=max(0, min(len(listed) - 1, start + edit.to - edit.at)))


def _place(path: KeyPath, before: Mapping[str, Any], after: Mapping[str, Any]) -> KeyPath | None:
    """Return where in the newer file a place stands, None when it is not there any more."""
    found: KeyPath = ()
    old: Any = before
    for n, part in enumerate(path):
        if isinstance(part, int):
            listed = _at(after, found)
            one = old[part] if isinstance(old, list) and part < len(old) else None
            at = _same(one, listed) if isinstance(listed, list) else None
            if at is None:
                return None
            found = (*found, at)
        else:
            found = (*found, part)
        old = _at(before, path[: n + 1])
    return found


def _beside(was: KeyPath, path: KeyPath, at: int, before: Mapping[str, Any], after: Mapping[str, Any]) -> int:
    """Return where to insert: after the same neighbour as before, else at the end."""
    listed, old = _at(after, path), _at(before, was)
    if not isinstance(listed, list) or not isinstance(old, list) or at == 0:
        return 0
    neighbour = _same(old[at - 1], listed) if at <= len(old) else None
    return len(listed) if neighbour is None else neighbour + 1


def _same(one: Any, listed: list[Any]) -> int | None:
    """Return which element of a list is the same one: that with its key, else the one that says the same."""
    if isinstance(one, dict) and "key" in one:
        return next(
            (n for n, each in enumerate(listed) if isinstance(each, dict) and each.get("key") == one["key"]), None
        )
    return next((n for n, each in enumerate(listed) if each == one), None)


def _at(table: Any, path: KeyPath) -> Any:
    for part in path:
        try:
            table = table[part]
        except (KeyError, IndexError, TypeError):
            return None
    return table
