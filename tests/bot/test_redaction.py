"""A secret never reaches the log, whoever writes it there."""

import io
import logging
from collections.abc import Iterator

import pytest

from bot.redaction import TALKATIVE, guard

TOKEN = "123456789:AAH-canary_of_a_token_0123456789abcd"
SECRET = "webhook-secret-canary"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What a guarded handler on the root wrote."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    root = logging.getLogger()
    levels = {name: logging.getLogger(name).level for name in TALKATIVE}
    root.addHandler(handler)
    guard([handler], [SECRET, "123456:short", ""])
    yield stream
    root.removeHandler(handler)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def test_secrets_are_taken_out_of_messages_arguments_and_tracebacks(written: io.StringIO):
    """Known ones, and whatever reads like a token."""
    log = logging.getLogger("somebody")
    log.warning("POST https://api.telegram.org/bot%s/getMe", TOKEN)
    log.warning("the secret is %s and 123456:short", SECRET)
    try:
        raise RuntimeError(f"no answer from /bot{TOKEN}/getMe")
    except RuntimeError:
        log.exception("failed", stack_info=True)

    text = written.getvalue()
    assert "canary" not in text
    assert "123456:short" not in text
    assert text.count("[redacted]") >= 4
    assert "RuntimeError" in text


def test_a_record_without_secrets_is_written_as_it_is(written: io.StringIO):
    """Times, ports and short figures are no tokens."""
    logging.getLogger("somebody").warning("took %d ms at 12:30:05 on 127.0.0.1:8765", 17)

    assert written.getvalue() == "took 17 ms at 12:30:05 on 127.0.0.1:8765\n"


def test_libraries_that_log_addresses_are_quiet(written: io.StringIO):
    """httpx writes every address at INFO."""
    for name in TALKATIVE:
        logging.getLogger(name).info("https://api.telegram.org/bot%s", TOKEN)

    assert written.getvalue() == ""


def test_an_api_key_is_taken_out_though_nobody_knows_it(written: io.StringIO):
    """Only its digest is kept, so that it cannot be looked for; it is known by how it begins."""
    logging.getLogger("somebody").warning("Authorization: Bearer %s", "mg_0123456789canary_abcdefghij-XY")

    assert "canary" not in written.getvalue()


def test_a_voucher_is_as_good_as_money(written: io.StringIO):
    """Whoever reads the log could pay with it; what only looks like one from afar stays readable."""
    log = logging.getLogger("somebody")
    log.warning("redeemed 7K3M-XWQ2-9HDT at /v1/vouchers/7K3M-XWQ2-9HDT/redeem")
    log.warning("event 0198c0de-7f2a-7c3d-8e4f-0123456789ab of 2026-11-22")

    text = written.getvalue()
    assert "7K3M" not in text
    assert "0198c0de-7f2a-7c3d-8e4f-0123456789ab of 2026-11-22" in text
