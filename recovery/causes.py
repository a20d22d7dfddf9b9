"""Root causes: the tree of which one is named before a case is closed, two levels deep, one tap for each.

A cause is named by its path, `waiting.handover`, or by its first level alone; `other` is what the tree does not have,
and a note says what it was. Keys never change: what was counted by them stays comparable.
"""

from collections.abc import Iterable
from typing import Final

import msgspec

from conversations.surveys import Texts, said_in

OTHER: Final = "other"
"""What no cause of the tree fits: asked for in words."""

DEFAULT: Final = "en"


class Cause(msgspec.Struct, frozen=True):
    """A cause, with those below it."""

    key: str
    label: Texts
    below: tuple["Cause", ...] = ()


class Causes:
    """The tree."""

    def __init__(self, causes: Iterable[Cause]) -> None:
        self.first = tuple(causes)
        self._known = {path: cause for cause in self.first for path, cause in _paths(cause)}

    def get(self, path: str) -> Cause | None:
        """Return the cause of a path, None when the tree has none."""
        return self._known.get(path)

    def below(self, path: str) -> tuple[Cause, ...]:
        """Return what stands below a first-level cause; nothing below a second-level or unknown one."""
        cause = self._known.get(path)
        return cause.below if cause is not None and "." not in path else ()

    def fits(self, path: str) -> bool:
        """Return whether a case may be closed with that: a known path, or *other*, alone or below a first level."""
        head, _, last = path.partition(".")
        return path in self._known or path == OTHER or (last == OTHER and head in self._known)

    def words(self, path: str, language: str) -> str:
        """Return a cause as people read it: `It took too long · Lost in a handover`; a path we lost as it is."""
        head, _, last = path.partition(".")
        parts = [self._known.get(head)] + ([self._known.get(path)] if last else [])
        named = [said_in(cause.label, language, DEFAULT) for cause in parts if cause is not None]
        return " · ".join(named) or path


def _paths(cause: Cause) -> Iterable[tuple[str, Cause]]:
    yield cause.key, cause
    for each in cause.below:
        yield f"{cause.key}.{each.key}", each
