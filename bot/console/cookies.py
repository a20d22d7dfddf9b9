"""The console's cookies: the session, the code of a browser that wants one, and how pages look on this device."""

import re
from typing import Final

from fastapi import Request
from starlette.responses import Response

from bot.console.sessions import LONGEST

THEMES: Final = ("auto", "light", "dark")
_THEME: Final = "makegood_theme"
_YEAR: Final = 365 * 24 * 3600
_CODE_KEPT: Final = 600
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{22}")


def session_name(https: bool) -> str:
    """Return the session cookie's name: over TLS one that no other host and no plain page can set."""
    return "__Host-makegood" if https else "makegood_console"


def session_of(request: Request, https: bool) -> str | None:
    """Return the session token that a request carries, None without one that could be ours."""
    token = request.cookies.get(session_name(https), "")
    return token if _TOKEN.fullmatch(token) else None


def set_session(response: Response, token: str, https: bool) -> None:
    """Give the browser its session. Strict: no other site can make a request that carries it."""
    response.set_cookie(
        session_name(https),
        token,
        max_age=LONGEST // 1000,
        path=_path(https),
        secure=https,
        httponly=True,
        samesite="strict",
    )


def end_session(response: Response, https: bool) -> None:
    """Take the session from the browser."""
    response.delete_cookie(session_name(https), path=_path(https), secure=https, httponly=True, samesite="strict")


def code_of(request: Request, https: bool) -> str | None:
    """Return the secret of the code that this browser shows, None without one that could be ours."""
    secret = request.cookies.get(_code_name(https), "")
    return secret if _TOKEN.fullmatch(secret) else None


def set_code(response: Response, secret: str, https: bool) -> None:
    """Give the browser the secret from which its code comes; it lasts longer than the code, to say that it is over."""
    response.set_cookie(
        _code_name(https),
        secret,
        max_age=_CODE_KEPT,
        path=_path(https),
        secure=https,
        httponly=True,
        samesite="strict",
    )


def end_code(response: Response, https: bool) -> None:
    """Take the code's secret from the browser."""
    response.delete_cookie(_code_name(https), path=_path(https), secure=https, httponly=True, samesite="strict")


def theme_of(request: Request) -> str:
    """Return how the pages shall look on this device: as the device says, light or dark."""
    chosen = request.cookies.get(_THEME, "")
    return chosen if chosen in THEMES else THEMES[0]


def set_theme(response: Response, theme: str, https: bool) -> None:
    """Keep how the pages shall look on this device."""
    response.set_cookie(_THEME, theme, max_age=_YEAR, path="/console", secure=https, httponly=True, samesite="strict")


def _code_name(https: bool) -> str:
    return "__Host-makegood_code" if https else "makegood_code"


def _path(https: bool) -> str:
    return "/" if https else "/console"  # a name that begins with __Host- wants the whole host
