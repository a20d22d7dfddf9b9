"""The log: one line a turn, by ids. No customer's words, no name, no token, whichever library writes."""

import logging
import sys
from typing import Final

from bot.config import Config
from bot.redaction import guard

FORMAT: Final = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"
OURS: Final = ("makegood", "bot")


class Lines(logging.Formatter):
    """Our format, with the moment of a second worked out once: it was half the price of a line."""

    _second = -1
    _written = ""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802 - the library's name
        """Return the record's moment to the millisecond."""
        second = int(record.created)
        if second != self._second:
            self._second, self._written = second, super().formatTime(record, "%Y-%m-%d %H:%M:%S")
        return f"{self._written},{record.msecs:03.0f}"


def begin_logging(config: Config) -> None:
    """Write the log to standard error, every secret taken out: ours from the configured level on.

    Libraries speak from WARNING on, whatever the level: below it they write down what they were given to store.
    """
    to_stderr = logging.StreamHandler(sys.stderr)
    to_stderr.setFormatter(Lines(FORMAT))
    logging.basicConfig(level=logging.WARNING, handlers=[to_stderr], force=True)
    for name in OURS:
        logging.getLogger(name).setLevel(config.log.level.upper())
    guard([to_stderr], config.secrets)
    # Our format names no file, thread or process: the switches of Python's logging guide that look for none of them
    # take a line of the log to half its price, and there is one for each turn.
    logging._srcfile = None  # noqa: SLF001 - the guide's own way to say so
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging.captureWarnings(capture=True)
