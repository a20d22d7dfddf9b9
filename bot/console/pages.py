"""The console's pages as text, in the language and the look of whoever reads them."""

from functools import cache, partial
from pathlib import Path
from typing import Any, Final

import msgspec
from fastapi import Request
from jinja2 import Environment
from starlette.responses import HTMLResponse

from bot.access.csrf import csrf_token
from bot.access.policy import Act, allowed
from bot.console.cookies import theme_of
from bot.console.sessions import LinkRefused, Visit
from bot.console.survey_phone_words import phone_words
from bot.console.wording import words
from bot.phrases import LANGUAGES, NAMES
from bot.staff_talk import principal_of
from bot.web.languages import choose
from bot.web.pages import environment, page

NAV: Final = (
    ("today", "/console", Act.USE_CONSOLE),
    ("cases", "/console/cases", Act.SEE_CASE),
    ("customers", "/console/customers", Act.SEE_CUSTOMER),
    ("surveys", "/console/surveys", Act.EDIT_SURVEYS),
    ("team", "/console/team", Act.SEE_TEAM),
)
"""The pages that stand above every page: the name of each, its address, and the act that it takes."""


class Look(msgspec.Struct, frozen=True):
    """How a page is shown: language, theme, and whose console it is."""

    language: str
    theme: str
    business: str

    @classmethod
    def of(cls, request: Request, business: str, visit: Visit | None = None) -> "Look":
        """Return the look a request asks for; who is signed in reads their own language."""
        header = request.headers.get("accept-language", "")
        language = visit.member.language if visit else choose(request.query_params.get("lang"), header=header)
        return cls(choose(language), theme_of(request), business)


def shown(look: Look, name: str, visit: Visit, **context: Any) -> HTMLResponse:
    """Return a page for somebody signed in."""
    return _page(look, name, csrf=csrf_token(visit.token), member=visit.member, nav=_nav(visit), **context)


def _nav(visit: Visit) -> list[tuple[str, str]]:
    """Return the pages that this staff member may open, by the name of their sentence."""
    who = principal_of(visit.member)
    return [(name, path) for name, path, act in NAV if allowed(who, act)]


def sign_in(look: Look, token: str, name: str) -> HTMLResponse:
    """Return the page whose button spends a link."""
    return _page(
        look,
        "sign_in.html",
        csrf=csrf_token(token),
        action=f"/console/sign-in/{token}?lang={look.language}",
        person=name,
        languages=[(tag, NAMES[tag]) for tag in LANGUAGES],
    )


def of_code(look: Look, **context: Any) -> HTMLResponse:
    """Return the page of a computer that shows a code."""
    return _page(look, "code.html", languages=[(tag, NAMES[tag]) for tag in LANGUAGES], **context)


def refused(look: Look, link: LinkRefused) -> HTMLResponse:
    """Return the kind page of a link that signs nobody in."""
    return said(look, f"link_{link.why}", status=404 if link.why == "unknown" else 410)


def said(look: Look, what: str, status: int = 200) -> HTMLResponse:
    """Return a page with one thing to say and a way into the console."""
    return _page(look, "said.html", status=status, what=what)


def _page(look: Look, template: str, /, *, status: int = 200, **context: Any) -> HTMLResponse:
    made = page(
        _pages(),
        template,
        status=status,
        language=look.language,
        theme=look.theme,
        business=look.business,
        say=partial(_say, look.language),
        **context,
    )
    # A form's POST tells its Origin only under a policy that lets our own host know; others learn nothing.
    made.headers["Referrer-Policy"] = "same-origin"
    return made


def _say(language: str, sentence: str, /, **places: str | int) -> str:
    return words(sentence, language, **places)


@cache
def _pages() -> Environment:
    made = environment(Path(__file__).parent / "templates")
    made.globals["phone_words"] = phone_words
    return made
