"""Forms that bring a file along, as a browser sends them without any script: multipart/form-data, read by hand.

Only what a page of ours sends is understood: fields and files that are not nested, within the bounds of the body.
"""

import re
from typing import Final, NamedTuple

from fastapi import Request

from bot.access.csrf import csrf_token, from_our_page
from bot.access.secrets import same
from bot.console.forms import FIELD, posted
from bot.web.problems import Problem

MOST_PARTS: Final = 32

_BOUNDARY: Final = re.compile(
    r'multipart/form-data;\s*boundary="?([A-Za-z0-9\'()+_,./:=? -]{1,70}?)"?\s*', re.IGNORECASE
)
_NAME: Final = re.compile(r';\s*name="([^"]*)"')
_FILE: Final = re.compile(r';\s*filename="([^"]*)"')


class Brought(NamedTuple):
    """A file of a form: what it was called on its sender's device, and what is in it."""

    name: str
    content: bytes


async def posted_with_file(request: Request, secret: str) -> tuple[dict[str, str], Brought | None]:
    """Return a form's fields, without its proof, and its file; a form that brings none may be a plain one.

    Raises Problem unless it was meant by whoever holds `secret`.
    """
    if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return await posted(request, secret), None
    if not from_our_page(request.headers):
        raise Problem(403, "This did not come from our page.")
    found = _BOUNDARY.fullmatch(request.headers.get("content-type", ""))
    if found is None:
        raise Problem(415, "Send the form as a browser does.")
    fields, file = _parts(await request.body(), found[1].encode())
    if not same(fields.pop(FIELD, ""), csrf_token(secret)):
        raise Problem(403, "This did not come from our page. Load it again.")
    return fields, file


def _parts(body: bytes, boundary: bytes) -> tuple[dict[str, str], Brought | None]:
    fields: dict[str, str] = {}
    file: Brought | None = None
    pieces = (b"\r\n" + body).split(b"\r\n--" + boundary)
    if len(pieces) - 2 > MOST_PARTS or not pieces[-1].startswith(b"--"):
        raise Problem(400, "This is no form.")
    for piece in pieces[1:-1]:
        head, blank, content = piece.partition(b"\r\n\r\n")
        disposition = head.decode("utf-8", "replace")
        name = _NAME.search(disposition)
        if not blank or name is None:
            raise Problem(400, "This is no form.")
        called = _FILE.search(disposition)
        if called is None:
            fields[name[1]] = content.decode("utf-8", "replace").replace("\0", "")
        elif content or called[1]:
            file = Brought(_plain(called[1]), content)
    return fields, file


def _plain(name: str) -> str:
    """Return a file's name without folders, and without what a browser writes for quotes and line ends."""
    name = re.split(r"[\\/]", name.replace("%22", '"'))[-1]
    return re.sub(r"[\x00-\x1f\x7f]|%0D|%0A", "", name)[:120] or "survey"
