"""What stands on the telephone beside a survey, for its page and its script."""

from typing import Final

from bot.phrases import say
from conversations.phrases import Phrase, phrase

WORDS: Final[dict[str, Phrase]] = {
    "title": phrase("As your customers get it"),
    "how": phrase("Answer it yourself. Nobody is asked, and nothing is stored."),
    "script": phrase("To try the survey here, please switch on JavaScript. In the chat, /surveys has Try it, too."),
    "controls": phrase("What happens"),
    "language": phrase("The customer's language"),
    "hour": phrase("Let 1 hour pass"),
    "day": phrase("Let 24 hours pass"),
    "again": phrase("Begin again"),
    "back": phrase("Back one step"),
    "variant": phrase("Side of the experiment"),
    "sample": phrase("Sample customer"),
    "sample_how": phrase("Whom the texts speak of. What is empty is not known."),
    "usual": phrase("Usual"),
    "nothing": phrase("Nothing known"),
    "long": phrase("Very long name"),
    "customer_name": phrase("Customer's name"),
    "service_item": phrase("What they got"),
    "business_name": phrase("Your business"),
    "log": phrase("The talk so far"),
    "write": phrase("Write as the customer"),
    "send": phrase("Send"),
    "photo": phrase("Send a picture"),
    "us": phrase("The survey:"),
    "you": phrase("The customer:"),
    "aside": phrase("For you:"),
    "of": phrase("{n} of {max}"),
    "clock": phrase("It is {when} in the rehearsal."),
    "over": phrase("Nothing more comes of itself."),
    "changed": phrase("Changed just now"),
    "lost": phrase("It could not be played just now. Please try once more."),
    "gone": phrase("You are signed out, or this survey is gone. Please open the page again."),
    "most": phrase("These are many steps. Please begin again."),
    "try_it": phrase("Try it"),
    "alone": phrase("Try it: {title}"),
    "draft": phrase("The draft, as it stands now."),
    "version": phrase("Version {number}."),
    "edit": phrase("Back to the survey"),
    "branches": phrase("The ways through"),
    "branches_how": phrase("From top to bottom, as in the file; branches lead along the right."),
}


def phone_words(language: str) -> dict[str, str]:
    """Return all of it in the language of whoever looks."""
    return {name: say(words, language) for name, words in WORDS.items()}
