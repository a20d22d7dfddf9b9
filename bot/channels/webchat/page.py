"""The two pages of the web chat: the front of a personal link, and the chat itself."""

from functools import cache
from pathlib import Path

from jinja2 import Environment
from starlette.responses import HTMLResponse

from bot.access.csrf import csrf_token
from bot.channels.webchat.log import LinkRefused, Peeked, Visitor
from bot.channels.webchat.posts import MOST_FILES, TEXT_LIMIT
from bot.channels.webchat.wording import words
from bot.phrases import LANGUAGES, NAMES
from bot.web.pages import environment, page


def front(link: Peeked, *, token: str, language: str, business: str, embedded: bool = False) -> HTMLResponse:
    """Return the page of a link that may be opened. Looking at it spends nothing: previews of links look, too."""
    framed = "&embedded" if embedded else ""
    said = words(language, business)
    shown = page(
        _pages(),
        "front.html",
        language=language,
        title=business,
        sentence=said["front_staff" if link.purpose == "staff" else "front_customer"],
        button=said["resume" if link.begun else "begin"],
        action=f"/c/{token}?lang={language}{framed}",
        framed=framed,
        languages=[(tag, NAMES[tag]) for tag in LANGUAGES],
    )
    # A form's POST tells its Origin only under a policy that lets our own host know; others learn nothing.
    shown.headers["Referrer-Policy"] = "same-origin"
    return shown


def refused(link: LinkRefused, *, language: str, business: str) -> HTMLResponse:
    """Return the kind page of a link that opens nothing."""
    said = words(language, business)
    status = 404 if link.why == "unknown" else 410
    title, sentence = said[f"{link.why}_title"], said[link.why]
    return page(_pages(), "notice.html", status=status, language=language, title=title, sentence=sentence)


def chat(
    visitor: Visitor,
    *,
    session: str,
    seen: int,
    language: str,
    business: str,
    zone: str | None,
    compact: bool,
    embedded: bool = False,
    files: bool = False,
) -> HTMLResponse:
    """Return the chat's page; what was said comes through its stream, after entry `seen`."""
    return page(
        _pages(),
        "chat.html",
        language=language,
        title=business,
        visitor=visitor,
        csrf=csrf_token(session),
        seen=seen,
        zone=zone or "",
        compact=compact,
        embedded=embedded,
        files=files,
        most_files=MOST_FILES,
        words=words(language, business),
        language_name=NAMES[language],
        text_limit=TEXT_LIMIT,
    )


@cache
def _pages() -> Environment:
    return environment(Path(__file__).parent / "templates")
