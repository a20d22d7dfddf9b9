"""Who wants to hear of what, outside our own chats: the webhooks of the settings, and whether e-mails go out.

Kept in memory and asked first, so that an installation that tells nobody pays nothing for it in its turns.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

import msgspec

RESPONSE_COMPLETED: Final = "response.completed"
CASE_OPENED: Final = "case.opened"
CASE_CLOSED: Final = "case.closed"
MESSAGE_WAITING: Final = "message.waiting"
TYPES: Final = (RESPONSE_COMPLETED, CASE_OPENED, CASE_CLOSED, MESSAGE_WAITING)

MAIL: Final = "mail"
_WEBHOOK: Final = "webhook:"


def webhook_way(name: str) -> str:
    """Return the way of the endpoint `[webhooks.NAME]`, as notifications have it."""
    return _WEBHOOK + name


def name_of(way: str) -> str:
    """Return what people call a way: the endpoint's name, or mail."""
    return way.removeprefix(_WEBHOOK)


class Audience(msgspec.Struct, frozen=True):
    """Who is told. `webhooks` has the ways that want a type; `announce_every` is the least span between two e-mails
    or webhooks that say to one customer that a message waits.
    """

    webhooks: Mapping[str, tuple[str, ...]] = {}
    mail: bool = False
    announce_every: timedelta = timedelta(hours=24)

    def ways(self, type_: str) -> tuple[str, ...]:
        """Return the ways of the webhooks that want this type."""
        return self.webhooks.get(type_, ())
