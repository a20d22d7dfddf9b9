"""Personal links: how a customer or a staff member first reaches us, since a bot cannot write first.

A token of 128 random bits, kept as its digest only, used once, by whichever channel comes first. Each call makes
a fresh one; the token itself is never stored or logged.
"""

from datetime import timedelta
from typing import Final, Literal

import msgspec

from bot.access.secrets import digest, new_token
from bot.house import LINK_LASTS
from storage.addresses import Address
from storage.unit import Unit

USERNAME: Final = "telegram.username"
"""The fact under which the bot's user name is kept, as Telegram told it at the last start."""

Purpose = Literal["customer", "staff", "sign-in"]

SIGN_IN: Final[Purpose] = "sign-in"
RETURN: Final = "return"
"""The purpose of a link that leads back into a web chat which is open already, on any device."""

SIGN_IN_LASTS: Final = timedelta(minutes=15)


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

    def console(self, public_url: str) -> str:
        """Return the address that signs in to the console."""
        return f"{public_url}/console/sign-in/{self.token}"


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


def link_back(unit: Unit, address: Address, customer_id: int, now: int, lasts: timedelta = LINK_LASTS) -> MadeLink:
    """Make a link that opens a customer's web chat again: the same log, until the link ends."""
    token, expires_at = new_token(), now + lasts // timedelta(milliseconds=1)
    unit.links.add(
        address.brand_id,
        digest(token),
        RETURN,
        now,
        expires_at,
        customer_id=customer_id,
        claimed_by=f"{address.channel}:{address.chat}",
    )
    return MadeLink(token, expires_at, None)
