"""The menus of commands that Telegram shows, in each language and for each kind of chat."""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.phrases import say
from conversations.phrases import Phrase, phrase

Menu = Sequence[tuple[str, str]]

CUSTOMER: Final[tuple[tuple[str, Phrase], ...]] = (
    ("start", phrase("Begin, or see the open question again")),
    ("back", phrase("The question before")),
    ("language", phrase("Another language")),
    ("complain", phrase("Something went wrong")),
    ("help", phrase("How this works")),
    ("privacy", phrase("What happens with your answers")),
    ("notme", phrase("A link that was meant for somebody else")),
    ("stop", phrase("No more questions")),
)
STAFF: Final[tuple[tuple[str, Phrase], ...]] = (
    ("done", phrase("You served somebody: a link and a code for them")),
    ("cases", phrase("What is open")),
    ("cancel", phrase("Do not write to a customer after all")),
    ("console", phrase("Today in your browser")),
    ("report", phrase("How satisfied customers are")),
    ("language", phrase("Another language")),
    ("help", phrase("How this works")),
)


def menu(kind: str, language: str) -> Menu:
    """Return the commands of a chat of that kind (customer, staff), each with what it is for."""
    entries = STAFF if kind == "staff" else CUSTOMER
    return [(name, say(words, language)) for name, words in entries]


def menus(default: str) -> tuple[Menu, Mapping[str, Menu]]:
    """Return the customers' menu in the installation's language, and by the two letters that Telegram knows.

    `zh` gets the installation's own script, else the simplified one; other choices are set chat by chat.
    """
    chinese = default if default.startswith("zh") else "zh-Hans"
    return menu("customer", default), {"en": menu("customer", "en"), "zh": menu("customer", chinese)}
