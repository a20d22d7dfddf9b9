"""The log: ours at the wished level, libraries from WARNING on, and no secret in either."""

import logging

import pytest

from bot.config import Config
from bot.logs import OURS, begin_logging
from bot.redaction import TALKATIVE
from bot.settings.sections import Api, Log

SECRET = "Zq8vN2xLr5TbY1wKc7Hd0PfG"


@pytest.fixture
def begun(capsys):
    """Begins logging at the lowest level from within the test, and puts it back afterwards."""
    root = logging.getLogger()
    before = (root.level, root.handlers[:], {name: logging.getLogger(name).level for name in (*OURS, *TALKATIVE)})
    yield lambda: begin_logging(Config(log=Log(level="debug"), api=Api(keys={"shop": SECRET})))
    logging.captureWarnings(capture=False)
    root.setLevel(before[0])
    root.handlers[:] = before[1]
    for name, level in before[2].items():
        logging.getLogger(name).setLevel(level)


def test_our_own_lines_are_written_at_the_wished_level(capsys, begun):
    """An operator who asks for more must get it."""
    begun()
    logging.getLogger("makegood.turn").debug("turn 17")

    assert "makegood.turn: turn 17" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["aiosqlite", "httpx", "sqlalchemy", "apscheduler.scheduler", "uvicorn.error"])
def test_libraries_are_quiet_below_a_warning(capsys, begun, name):
    """At DEBUG, the database's library writes down every value it stores."""
    begun()
    logging.getLogger(name).info("a customer's words")
    logging.getLogger(name).debug("a customer's words")

    logging.getLogger(name).warning("worth a look")

    written = capsys.readouterr().err
    assert "worth a look" in written
    assert "words" not in written


def test_no_secret_gets_through_even_in_an_error(capsys, begun):
    """A library's error may hold the request that failed."""
    begun()
    logging.getLogger("httpx").error("failed: Authorization: Bearer %s", SECRET)

    written = capsys.readouterr().err
    assert "failed" in written
    assert SECRET not in written
