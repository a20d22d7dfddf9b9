"""Personal links: how a customer or a staff member first reaches us, since a bot cannot write first.

A token of 128 random bits, kept as its digest only, used once, by whichever channel comes first. Each call makes
a fresh one; the token itself is never stored or logged.
"""

from datetime import timedelta
from typing import Final, Literal

import msgspec

from bot.access.secrets import digest, new_token
from bot.house import LINK_LASTS
from storage.unit import Unit

USERNAME: Final = "telegram.username"
"""The fact under which the bot's user name is kept, as Telegram told it at the last start."""

Purpose = Literal["customer", "staff"]


class MadeLink(msgspec.Struct, frozen=True):
    """A new link, shown once. `username` is the bot's, None when it has none or it is not known yet."""

    token: str
    expires_at: int
    username: str | None

    @property
    def telegram(self) -> str | None:
        """Return the address that opens the chat on Telegram."""
        return f"https://t.me/{self.username}?start={self.token}" if self.username else None

    def webchat(self, public_url: str) -> str:
        """Return the address that opens the web chat."""
        return f"{public_url}/c/{self.token}"


def make_link(
    unit: Unit,
    brand: int,
    purpose: Purpose,
    now: int,
    *,
    customer_id: int | None = None,
    staff_member_id: int | None = None,
    lasts: timedelta = LINK_LASTS,
) -> MadeLink:
    """Make a link for one customer or staff member."""
    token, expires_at = new_token(), now + lasts // timedelta(milliseconds=1)
    unit.links.add(
        brand, digest(token), purpose, now, expires_at, customer_id=customer_id, staff_member_id=staff_member_id
    )
    return MadeLink(token, expires_at, unit.facts.get(brand, USERNAME))
