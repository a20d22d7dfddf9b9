"""The demo's one page: two telephones and the world's levers."""

from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment
from starlette.responses import HTMLResponse

from bot.demo.world import CUSTOMER, STAFF, STEPS
from bot.phrases import LANGUAGES, NAMES, say
from bot.web.pages import environment, page
from conversations.phrases import Phrase, phrase

WORDS: Final[dict[str, Phrase]] = {
    "title": phrase("makegood – the whole loop in two minutes"),
    "lead": phrase(
        "On the left a customer's telephone, on the right a staff member's. You play both, and the world between."
    ),
    "customer": phrase("{name}, a customer", name=CUSTOMER),
    "staff": phrase("{name}, who works at the shop", name=STAFF),
    "world": phrase("The world"),
    "deliver": phrase("An order is delivered"),
    "day": phrase("Let a day pass"),
    "again": phrase("Start again"),
    "now": phrase("It is"),
    "story": phrase("What has happened"),
    "console": phrase("Open the console as {name}", name=STAFF),
    "hint_asked": phrase("Begin here: deliver an order."),
    "hint_rated": phrase("The customer was asked. Answer with a 1 or a 2, as somebody who is unhappy."),
    "hint_case": phrase("The customer was happy, so nobody has to do anything. Deliver another order, and be unhappy."),
    "hint_taken": phrase("Staff know. Press Take it on their telephone."),
    "hint_wrote": phrase("Press Write to the customer, and write a kind word. The customer can answer."),
    "hint_resolved": phrase("Then press Put right."),
    "hint_followed_up": phrase("Now let a day pass."),
    "hint_closed": phrase("The customer is asked whether it was put right. Answer."),
    "hint_done": phrase("The loop is closed. You can start again, or be a harder customer."),
    "lost": phrase("The demo does not answer. Is it still running?"),
}


def show(language: str) -> HTMLResponse:
    """Return the page in one of our languages."""
    return page(
        _pages(),
        "demo.html",
        language=language,
        title=say(WORDS["title"], language),
        words={name: say(words, language) for name, words in WORDS.items()},
        steps=[(step, say(words, language)) for step, words in STEPS],
        languages=[(tag, NAMES[tag]) for tag in LANGUAGES],
    )


@cache
def _pages() -> Environment:
    return environment(Path(__file__).parent / "templates")
