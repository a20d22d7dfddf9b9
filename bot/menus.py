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
    ("status", phrase("How your case is")),
    ("help", phrase("How this works")),
    ("privacy", phrase("What happens with your answers")),
    ("notme", phrase("A link that was meant for somebody else")),
    ("stop", phrase("No more questions")),
)
STAFF: Final[tuple[tuple[str, Phrase], ...]] = (
    ("done", phrase("You served somebody: a link and a code for them")),
    ("mine", phrase("What is with you")),
    ("cases", phrase("All that is open")),
    ("case", phrase("The whole story of a case, by its number")),
    ("hand", phrase("Hand a case to a colleague")),
    ("note", phrase("A note in a case, for colleagues only")),
    ("wow", phrase("Keep a good story")),
    ("today", phrase("The day of your team, for who leads it")),
    ("tasks", phrase("Whom to ring up")),
    ("offers", phrase("What waits for your yes")),
    ("redeem", phrase("Redeem a customer's code")),
    ("on", phrase("I am here: new cases come to me")),
    ("off", phrase("I am away: no new case comes to me")),
    ("cancel", phrase("Your next message goes to nobody")),
    ("console", phrase("Today in your browser")),
    ("report", phrase("How satisfied customers are")),
    ("language", phrase("Another language")),
    ("help", phrase("How this works")),
)
EDITOR: Final = (*STAFF, ("surveys", phrase("The surveys: see, change, try and publish them")))


def menu(kind: str, language: str) -> Menu:
    """Return the commands of a chat of that kind (customer, staff, editor), each with what it is for."""
    entries = {"staff": STAFF, "editor": EDITOR}.get(kind, CUSTOMER)
    return [(name, say(words, language)) for name, words in entries]


def menus(default: str) -> tuple[Menu, Mapping[str, Menu]]:
    """Return the customers' menu in the installation's language, and by the two letters that Telegram knows.

    `zh` gets the installation's own script, else the simplified one; other choices are set chat by chat.
    """
    chinese = default if default.startswith("zh") else "zh-Hans"
    return menu("customer", default), {"en": menu("customer", "en"), "zh": menu("customer", chinese)}
