"""The parameters of a call, in whichever of the four ways they came.

Telegram takes a query string, a form, multipart and JSON. A form has only strings, so what is a number or a
structure is decoded here by its name: the ledger then shows one shape, whoever the client was.
"""

import json
import re
from typing import Any
from urllib.parse import parse_qsl

from tests.fake_telegram.refusals import Refused
from tests.fake_telegram.wire import Request

Json = dict[str, Any]

STRUCTURES = frozenset(
    [
        "reply_markup",
        "entities",
        "caption_entities",
        "reply_parameters",
        "allowed_updates",
        "commands",
        "scope",
        "link_preview_options",
        "media",
        "message_ids",
        "menu_button",
    ]
)
NUMBERS = frozenset(
    [
        "chat_id",
        "user_id",
        "message_id",
        "reply_to_message_id",
        "message_thread_id",
        "offset",
        "limit",
        "timeout",
        "max_connections",
        "cache_time",
        "from_chat_id",
    ]
)
FLAGS = frozenset(
    [
        "show_alert",
        "disable_notification",
        "protect_content",
        "drop_pending_updates",
        "allow_sending_without_reply",
        "disable_web_page_preview",
    ]
)


class Upload(str):
    """A file that came in a multipart body: its name, with its content beside it."""

    __slots__ = ("content",)
    content: bytes

    def __new__(cls, name: str, content: bytes) -> "Upload":
        upload = super().__new__(cls, name)
        upload.content = content
        return upload


def decode(request: Request) -> Json:
    """Return the parameters by name. Raises Refused (400) when the body is not what its type says."""
    params: Json = {name: _typed(name, value) for name, value in parse_qsl(request.query, keep_blank_values=True)}
    kind = request.content_type.partition(";")[0].strip().lower()
    if not request.body:
        return params
    if kind == "application/json":
        return params | _from_json(request.body)
    if kind == "multipart/form-data":
        return params | _from_multipart(request)
    pairs = parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True)
    return params | {name: _typed(name, value) for name, value in pairs}


def _from_json(body: bytes) -> Json:
    try:
        decoded = json.loads(body)
    except ValueError:
        raise Refused(400, "Bad Request: can't parse request body as JSON") from None
    if not isinstance(decoded, dict):
        raise Refused(400, "Bad Request: can't parse request body as JSON object")
    # A structure inside JSON may still come as a string holding JSON, and Telegram takes that too.
    return {name: _typed(name, value) if isinstance(value, str) else value for name, value in decoded.items()}


def _from_multipart(request: Request) -> Json:
    boundary = re.search(r'boundary="?([^";]+)"?', request.content_type)
    if boundary is None:
        raise Refused(400, "Bad Request: boundary not found in multipart/form-data")
    params: Json = {}
    for part in request.body.split(b"--" + boundary.group(1).encode())[1:-1]:
        head, _, content = part.partition(b"\r\n\r\n")
        name = re.search(rb'\bname="?([^";\r\n]+)"?', head)
        if name is None:
            continue
        content = content.removesuffix(b"\r\n")
        file_name = re.search(rb'filename="?([^";\r\n]+)"?', head)
        key = name.group(1).decode()
        if file_name is None:
            params[key] = _typed(key, content.decode("utf-8", "replace"))
        else:
            params[key] = Upload(file_name.group(1).decode("utf-8", "replace"), content)
    return params


def _typed(name: str, value: str) -> Any:
    if name in NUMBERS and re.fullmatch(r"-?\d{1,18}", value):
        return int(value)
    if name in FLAGS:
        return value.lower() in ("true", "1", "yes")
    if name in STRUCTURES and value:
        try:
            return json.loads(value)
        except ValueError:
            raise Refused(400, f"Bad Request: can't parse {name.replace('_', ' ')} JSON object") from None
    return value
