"""The e-mail that says that a message waits: its link, and not a word of what was said.

Whoever reads a mailbox that is not only the customer's must not learn from it what they complained of.
"""

import html
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final

from bot.clock import moment
from bot.notifying.letters import Letter
from bot.phrases import say
from conversations.phrases import Phrase, phrase

LONGEST_NAME: Final = 80

SUBJECT: Final = phrase("{business} has a message for you")
SUBJECT_NAMELESS: Final = phrase("A message is waiting for you")
GREETING: Final = phrase("Hello {name},")
GREETING_ALL: Final = phrase("Hello,")
WAITS: Final = phrase("A message from {business} is waiting for you. This link opens your chat on any device:")
WAITS_NAMELESS: Final = phrase("A message is waiting for you. This link opens your chat on any device:")
OPEN: Final = phrase("Open the chat")
YOURS: Final = phrase("The link is yours alone; please do not pass it on.")
ENOUGH: Final = phrase("If you do not want to be asked any more, open the chat and send /stop.")


class NoMailbox(Exception):
    """What is kept as an e-mail address is none."""


def composed(letter: Letter, mailbox: str, ident: str, at: int, *, sender: str, reply_to: str = "") -> EmailMessage:
    """Return the e-mail. `sender` and `reply_to` are addresses as one writes them, `at` is its moment in ms.

    Raises NoMailbox when `mailbox` is no address of one person.
    """
    message = EmailMessage()
    us = mailbox_of(sender)
    message["From"] = us
    message["To"] = _customer(mailbox)
    message["Subject"] = one_line(_said(SUBJECT, SUBJECT_NAMELESS, letter))
    message["Date"] = format_datetime(moment(at))
    message["Message-ID"] = f"<{ident}@{us.domain}>"
    answers = mailbox_of(reply_to) if reply_to else us
    if reply_to:
        message["Reply-To"] = answers
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message["List-Unsubscribe"] = f"<mailto:{answers.addr_spec}?subject=unsubscribe>"
    message["Content-Language"] = letter.language
    message.set_content(_plain(letter))
    message.add_alternative(_page(letter), subtype="html")
    return message


def mailbox_of(written: str) -> Address:
    """Return an address as one writes it, `Corner Shop <hello@shop.example>`. Raises NoMailbox."""
    name, bracket, rest = written.rpartition("<")
    spec = rest.removesuffix(">") if bracket else written
    try:
        address = Address(display_name=one_line(name).strip('"') if bracket else "", addr_spec=spec.strip())
    except (ValueError, IndexError, AttributeError, MessageError) as error:  # the library's parser raises them all
        raise NoMailbox(written) from error
    if not address.domain or not address.username:
        raise NoMailbox(written)
    return address


def _customer(mailbox: str) -> Address:
    """Return the customer's address; several, or one with a name, are none: the business gave one mailbox."""
    if not mailbox.isprintable() or any(sign in mailbox for sign in " <>,;\"'()"):
        raise NoMailbox(mailbox)
    return mailbox_of(mailbox)


def one_line(words: str) -> str:
    """Return words without line breaks and control signs: nothing in a name becomes a header or a paragraph."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in words).split())[:LONGEST_NAME]


def _said(words: Phrase, nameless: Phrase, letter: Letter) -> str:
    """Return a sentence with the business's name in it, or the one for a business that has not told its name."""
    business = one_line(letter.business)
    return say(Phrase(words.sentence, {"business": business}) if business else nameless, letter.language)


def _greeting(letter: Letter) -> str:
    name = one_line(letter.name)
    return say(Phrase(GREETING.sentence, {"name": name}) if name else GREETING_ALL, letter.language)


def _paragraphs(letter: Letter) -> tuple[str, ...]:
    body = _said(WAITS, WAITS_NAMELESS, letter)
    return _greeting(letter), body, say(YOURS, letter.language), say(ENOUGH, letter.language)


def _plain(letter: Letter) -> str:
    greeting, body, yours, enough = _paragraphs(letter)
    signature = one_line(letter.business)
    return f"{greeting}\n\n{body}\n\n{letter.link}\n\n{yours}\n{enough}\n" + (f"\n{signature}\n" if signature else "")


def _page(letter: Letter) -> str:
    greeting, body, yours, enough = (html.escape(words) for words in _paragraphs(letter))
    link, button = html.escape(letter.link), html.escape(say(OPEN, letter.language))
    signature = html.escape(one_line(letter.business))
    return (
        f'<!doctype html>\n<html lang="{html.escape(letter.language)}"><head><meta charset="utf-8"></head>\n'
        '<body style="font:16px/1.5 sans-serif;max-width:36em;margin:0 auto;padding:1em">\n'
        f"<p>{greeting}</p>\n<p>{body}</p>\n"
        f'<p><a href="{link}" style="display:inline-block;padding:.6em 1.2em;border-radius:.4em;'
        f'background:#0b6bcb;color:#fff;text-decoration:none">{button}</a></p>\n'
        f'<p style="word-break:break-all"><a href="{link}">{link}</a></p>\n'
        f'<p style="color:#555;font-size:14px">{yours}<br>{enough}</p>\n<p>{signature}</p>\n</body></html>\n'
    )
