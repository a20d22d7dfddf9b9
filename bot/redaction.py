"""Keeps secrets out of the log, whoever writes there.

Libraries log addresses, and Telegram's addresses hold the bot's token. So the talkative ones speak only from
WARNING on, and a filter on every handler takes out each secret we know and anything that reads like a token,
tracebacks included.
"""

import logging
import re
from collections.abc import Iterable

TALKATIVE = ("httpx", "httpcore", "telegram", "aiohttp", "asyncio", "urllib3")
TOKEN = re.compile(r"(?<![0-9])[0-9]{6,}:[A-Za-z0-9_-]{20,}")
VOUCHER = re.compile(r"(?<![A-Z0-9-])(?:[2-9A-HJKMNP-Z]{4}-){2}[2-9A-HJKMNP-Z]{4}(?![A-Z0-9-])")
KEY = re.compile(r"mg_[A-Za-z0-9_-]{20,}")
REDACTED = "[redacted]"
SHORTEST = 6  # a shorter "secret" would blot out half the log


class Redaction(logging.Filter):
    """Takes secrets out of a record's message and traceback. It never keeps a record back."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._secrets = sorted((secret for secret in secrets if len(secret) >= SHORTEST), key=len, reverse=True)
        self._formatter = logging.Formatter()

    def filter(self, record: logging.LogRecord) -> bool:
        """Redact in place. Arguments are merged into the message: a secret may stand in either, or across both."""
        record.msg, record.args = self.redacted(record.getMessage()), None
        if record.exc_info and not record.exc_text:
            record.exc_text = self._formatter.formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = self.redacted(record.exc_text)
            record.exc_info = None  # a formatter would write the traceback anew
        if record.stack_info:
            record.stack_info = self.redacted(record.stack_info)
        return True

    def redacted(self, text: str) -> str:
        """Return the text without secrets."""
        for secret in self._secrets:
            text = text.replace(secret, REDACTED)
        if "mg_" in text:
            text = KEY.sub(REDACTED, text)
        if "-" in text:
            text = VOUCHER.sub(REDACTED, text)
        return TOKEN.sub(REDACTED, text) if ":" in text else text


def guard(handlers: Iterable[logging.Handler], secrets: Iterable[str]) -> None:
    """Put the filter on these handlers and quieten the talkative libraries."""
    redaction = Redaction(secrets)
    for handler in handlers:
        handler.addFilter(redaction)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
