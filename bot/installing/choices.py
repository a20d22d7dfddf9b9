"""What the answers of `makegood init` may be, and what is said to one that cannot be meant."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from bot.house import FOLLOW_UP_SURVEY
from bot.installing import zones
from bot.phrases import LANGUAGES
from bot.publishing import wanted
from conversations.phrases import Phrase, phrase
from conversations.surveys import Survey, said_in

if TYPE_CHECKING:
    from bot.config import Config

SUITS_MOST: Final = "csat_reason"

Read = Callable[[str], str]
"""Returns what a text means. Raises Unclear, which says what to type instead, or ValueError."""


class Unclear(ValueError):
    """What was typed cannot be meant; the phrase says what can."""

    def __init__(self, words: Phrase) -> None:
        super().__init__(words.sentence)
        self.words = words


def name_of(text: str) -> str:
    """Return a name. Raises Unclear for none."""
    if not text.strip():
        raise Unclear(phrase("Please write a name."))
    return text.strip()


def zone_of(text: str) -> str:
    """Return the one zone that was meant. Raises Unclear with the nearest ones."""
    found = zones.meant(text)
    if len(found) == 1:
        return found[0]
    if found:
        raise Unclear(phrase("Which one: {zones}?", zones=", ".join(found)))
    raise Unclear(phrase("There is no such time zone; write the largest city of yours, such as Europe/Berlin."))


def language_of(text: str) -> str:
    """Return the language that was meant. Raises Unclear."""
    for known in LANGUAGES:
        if text.strip().lower() == known.lower():
            return known
    raise Unclear(phrase("Please write one of: {languages}", languages=", ".join(LANGUAGES)))


def survey_lines(config: "Config", language: str) -> list[str]:
    """Return a line for each survey to begin with: its number, its key, its title, and how many questions it has."""
    return [
        f"  {number:>2}  {survey.key:<20} {said_in(survey.title, language, survey.languages[0]) or survey.touchpoint}"
        f" ({len(survey.questions)})"
        for number, survey in enumerate(_surveys(config), 1)
    ]


def survey_of(config: "Config") -> Read:
    """Return a reader of a survey's key, or of its number in the list."""
    keys = [survey.key for survey in _surveys(config)]

    def read(text: str) -> str:
        typed = text.strip()
        if typed.isdecimal() and 1 <= int(typed) <= len(keys):
            return keys[int(typed) - 1]
        if typed in keys:
            return typed
        raise Unclear(phrase("Please write one of: {keys}", keys=", ".join(keys)))

    return read


def first_survey(config: "Config") -> str:
    """Return the key of the survey that is begun with now, or of the one that suits most."""
    keys = [survey.key for survey in _surveys(config)]
    return config.telegram.start_survey or next((key for key in keys if key == SUITS_MOST), keys[0] if keys else "")


def _surveys(config: "Config") -> list[Survey]:
    """Return what can be begun with: all but the one that comes after a case."""
    return [each.survey for each in wanted(config) if each.survey.key != FOLLOW_UP_SURVEY]
