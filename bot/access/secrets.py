"""Random words that open something, and what we keep of them.

Only the digest of a token is stored or compared: who reads the database cannot sign in with what it holds.
"""

import hmac
import secrets
from hashlib import sha256
from typing import Final


def new_token() -> str:
    """Return 128 random bits, safe in an address and in a cookie."""
    return secrets.token_urlsafe(16)


PLACE_PREFIX: Final = "p_"
"""What the token of a place begins with. A personal token may, too: then no place has it."""


def new_place_token() -> str:
    """Return the token of a new place, which is no secret: it is printed and hangs there."""
    return PLACE_PREFIX + new_token()


def new_chat() -> str:
    """Return the id of a web chat that no personal link opened."""
    return "w" + secrets.token_hex(12)


def digest(token: str) -> str:
    """Return the hex SHA-256 of a token: what the tables `link` and `session` keep."""
    return sha256(token.encode()).hexdigest()


def same(given: str, known: str) -> bool:
    """Compare in a time that tells nothing about where they differ."""
    return hmac.compare_digest(given.encode(), known.encode())
