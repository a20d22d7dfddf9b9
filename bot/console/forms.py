"""What a page of the console posts: plain forms, so that everything works without a script.

Each carries the CSRF token of its session (before one, of its link), and the browser must say that our own page
sent it.
"""

from typing import Final
from urllib.parse import parse_qsl

from fastapi import Request

from bot.access.csrf import csrf_token, from_our_page
from bot.access.secrets import same
from bot.web.problems import Problem

FIELD: Final = "csrf"
_MOST: Final = 32  # fields of a form


async def posted(request: Request, secret: str, most: int = _MOST) -> dict[str, str]:
    """Return a form's fields, `most` of them, without its proof.

    Raises Problem unless it was meant by whoever holds `secret`.
    """
    if not from_our_page(request.headers):
        raise Problem(403, "This did not come from our page.")
    fields = await _fields(request, most)
    if not same(fields.pop(FIELD, ""), csrf_token(secret)):
        raise Problem(403, "This did not come from our page. Load it again.")
    return fields


async def _fields(request: Request, most: int) -> dict[str, str]:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise Problem(415, "Send the form as a browser does.")
    try:
        body = (await request.body()).decode("utf-8")
        pairs = parse_qsl(body, keep_blank_values=True, strict_parsing=bool(body), max_num_fields=most, errors="strict")
    except ValueError:
        raise Problem(400, "This is no form.")
    return {name: text.replace("\0", "") for name, text in pairs}
