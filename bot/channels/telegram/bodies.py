"""What every call to the Bot API is made of: its JSON, and Telegram's ids, which travel as text elsewhere."""

from typing import Any

import msgspec

from bot.channels.messages import NotDelivered

_json = msgspec.json.Encoder()


def number_of(ref: str, what: str) -> int:
    """Return one of Telegram's ids. Raises NotDelivered (REJECTED) for what is none."""
    digits = ref.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 20):
        raise NotDelivered("REJECTED", f"no {what} of Telegram's: {ref[:40]!r}")
    return int(ref)


def encoded(body: Any) -> bytes:
    """Return a body as JSON. Raises NotDelivered (REJECTED) for a text that cannot be written."""
    try:
        return _json.encode(body)
    except (UnicodeEncodeError, msgspec.MsgspecError) as error:
        raise NotDelivered("REJECTED", f"the text cannot be written as UTF-8 ({type(error).__name__})") from None
