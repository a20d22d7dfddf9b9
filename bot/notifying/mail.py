"""E-mail: one letter to one mailbox, over the company's own mail server.

What the server says of the mailbox for good (5xx) ends it at once, so that a person can see to it; what it says of
us, and everything that passes, is tried again.
"""

import asyncio
import ssl
from email.message import EmailMessage
from typing import Final
from urllib.parse import urlsplit

import aiosmtplib

from bot.clock import Clock
from bot.notifying.emails import NoMailbox, composed, mailbox_of
from bot.notifying.letters import read
from bot.notifying.retrying import Failed, Refused, Taken, Verdict
from bot.settings.sections import Mail
from storage.notifications import Notification

PATIENCE: Final = 30.0
"""Seconds for one try: a mail server may think about a message for a while."""

LONGEST_TOLD: Final = 200


class MailWay:
    """Sends letters. `public_url` names us to the server."""

    def __init__(self, settings: Mail, public_url: str, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._name = urlsplit(public_url).hostname or "localhost"
        self._tls = None if settings.security == "none" else _tls(settings)

    async def send(self, notification: Notification) -> Verdict:
        """Make one try."""
        settings = self._settings
        try:
            mailbox_of(settings.sender)
        except NoMailbox:  # our own fault, not the customer's: nothing is given up at once
            return Failed("mail.sender is no address")
        try:
            message = composed(
                read(notification.payload),
                notification.target,
                notification.ident,
                self._clock.real(),
                sender=settings.sender,
                reply_to=settings.reply_to,
            )
        except NoMailbox:
            return Refused("that is no mailbox")
        return await self.deliver(message, notification.target)

    async def deliver(self, message: EmailMessage, mailbox: str) -> Verdict:
        """Give a message for one mailbox to the server."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self._give(message, mailbox)
        except aiosmtplib.SMTPRecipientsRefused as error:
            return _of_the_mailbox(error.recipients[0].code, error.recipients[0].message, mailbox)
        except (aiosmtplib.SMTPRecipientRefused, aiosmtplib.SMTPDataError) as error:
            return _of_the_mailbox(error.code, error.message, mailbox)
        except aiosmtplib.SMTPNotSupported as error:
            return Failed(_told("the server cannot do what is asked", error.message, mailbox))
        except aiosmtplib.SMTPResponseException as error:  # about us: who we are, or who we say that we are
            return Failed(_told(str(error.code), error.message, mailbox))
        except (TimeoutError, OSError, aiosmtplib.SMTPException, ValueError) as error:
            return Failed(f"not reached: {type(error).__name__}")
        return Taken()

    async def _give(self, message: EmailMessage, mailbox: str) -> None:
        settings = self._settings
        await aiosmtplib.send(
            message,
            recipients=[mailbox],
            hostname=settings.host,
            port=settings.port,
            username=settings.username or None,
            password=settings.password or None,
            local_hostname=self._name,
            timeout=PATIENCE,
            use_tls=settings.security == "tls",
            start_tls=settings.security == "starttls",
            tls_context=self._tls,
        )


def _tls(settings: Mail) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=None if settings.ca_file is None else str(settings.ca_file))


def _of_the_mailbox(code: int, said: str, mailbox: str) -> Verdict:
    told = _told(str(code), said, mailbox)
    return Refused(told) if 500 <= code < 600 else Failed(told)


def _told(what: str, said: str, mailbox: str) -> str:
    """Return the server's words in one line, without the mailbox: they are shown, and it stands beside them."""
    words = " ".join(f"{what} {said}".replace(mailbox, "…").split())
    return words[:LONGEST_TOLD]
