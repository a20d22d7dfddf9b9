"""How far a long command is: one line where somebody watches, nothing for a file or a pipe."""

import sys
from collections.abc import Mapping
from types import TracebackType

import click

from bot.phrases import say
from conversations.phrases import Phrase


class Progress:
    """Shows what is being done and its share; the line is gone at the end."""

    def __init__(self, language: str, words: Mapping[str, Phrase]) -> None:
        self._language = language
        self._words = words
        self._shows = sys.stderr.isatty()
        self._last = ""

    def __enter__(self) -> "Progress":
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._last:
            click.echo("\r" + " " * (2 * len(self._last)) + "\r", nl=False, err=True)

    def show(self, what: str, share: float) -> None:
        """Show that so much of something is done, from 0 to 1."""
        line = f"{say(self._words[what], self._language)} {share:.0%}"
        if self._shows and line != self._last:
            self._last = line
            click.echo(f"\r{line}   ", nl=False, err=True)
