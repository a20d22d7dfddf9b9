"""That a request which changes something was meant by the person whose cookie it carries.

Two proofs, both asked for: the browser says that our own page sent it (Sec-Fetch-Site, or Origin where a browser
does not know the former), and the page's script repeats a token that only the page was given.
"""

from collections.abc import Mapping
from hashlib import sha256

from bot.access.secrets import same

HEADER = "x-csrf-token"


def csrf_token(session: str) -> str:
    """Return the token that belongs to a session; it does not reveal the session."""
    return sha256(f"csrf:{session}".encode()).hexdigest()[:32]


def from_our_page(headers: Mapping[str, str]) -> bool:
    """Return whether the browser says that a page of this very host sent the request.

    `headers` has lower-case names. A request that says nothing about where it comes from is refused: every
    browser tells at least the Origin of a POST.
    """
    site = headers.get("sec-fetch-site")
    origin = headers.get("origin")
    if site is not None and site != "same-origin":
        return False
    if origin in (None, "null"):
        return site == "same-origin"
    return origin.partition("://")[2].lower() == headers.get("host", "").lower()


def carries_token(headers: Mapping[str, str], session: str) -> bool:
    """Return whether the request repeats the CSRF token of its session."""
    return same(headers.get(HEADER, ""), csrf_token(session))
