"""Asking somebody at a terminal, in their language: each question with what it is now as its default.

Where nobody can be asked, what is given and what is set must do.
"""

import sys
from typing import TYPE_CHECKING

import click

from bot.cli.common import Mistake
from bot.installing.choices import Read, Unclear, survey_lines
from bot.phrases import say
from conversations.phrases import Phrase, phrase

if TYPE_CHECKING:
    from bot.config import Config


class Questions:
    """Asks in one language; `asks` is false when nobody is to be asked."""

    def __init__(self, language: str, *, asks: bool) -> None:
        if asks and not sys.stdin.isatty():
            raise Mistake(say(phrase("nobody can be asked here; give --yes, and what you know as options."), language))
        self.language = language
        self.asks = asks

    def say(self, words: Phrase) -> None:
        """Print a sentence."""
        click.echo(say(words, self.language))

    def show(self, line: str) -> None:
        """Print a line that is the same in every language."""
        click.echo(line)

    def answer(self, given: str | None, question: Phrase, default: str, read: Read) -> str:
        """Return what was given, else what is typed, else the default. Raises Mistake for what cannot be meant."""
        if given is not None or not self.asks:
            return self._read(default if given is None else given, question, read)
        while True:
            typed = self.text(question, default)
            try:
                return read(typed)
            except ValueError as error:
                self.say(_why(error))

    def text(self, question: Phrase, default: str) -> str:
        """Return what is typed, or the default; a single - empties what is set."""
        if not self.asks:
            return default
        typed: str = click.prompt(say(question, self.language), default=default, show_default=bool(default))
        return "" if typed.strip() == "-" else typed.strip()

    def agreed(self, question: Phrase) -> bool:
        """Return whether it may be done; yes where nobody is asked."""
        return not self.asks or click.confirm(say(question, self.language), default=True)

    def surveys(self, config: "Config") -> None:
        """List the surveys to choose from, a line each."""
        if not self.asks:
            return
        for line in survey_lines(config, self.language):
            self.show(line)

    def _read(self, text: str, question: Phrase, read: Read) -> str:
        try:
            return read(text)
        except ValueError as error:
            raise Mistake(f"{say(question, self.language)}: {text!r}. {say(_why(error), self.language)}")


def _why(error: ValueError) -> Phrase:
    return error.words if isinstance(error, Unclear) else phrase("That is not possible here; please try again.")
