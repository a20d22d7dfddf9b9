"""A Telegram of our own on loopback, for tests: the Bot API over HTTP, a ledger, faults and people.

`FakeTelegram` is the server, `faults` is what can go wrong, and `python -m tests.fake_telegram` runs it as a
process of its own. It plays what reliability.md §0.1 found in the Bot API server's source.
"""

from tests.fake_telegram import faults
from tests.fake_telegram.groups import Broadcast, Group
from tests.fake_telegram.ledger import Call, Ledger
from tests.fake_telegram.ledger import read as read_ledger
from tests.fake_telegram.people import Person, Tap
from tests.fake_telegram.queries import Notice
from tests.fake_telegram.server import TOKEN, FakeTelegram
from tests.fake_telegram.world import Button, Message

__all__ = [
    "TOKEN",
    "Broadcast",
    "Button",
    "Call",
    "FakeTelegram",
    "Group",
    "Ledger",
    "Message",
    "Notice",
    "Person",
    "Tap",
    "faults",
    "read_ledger",
]
