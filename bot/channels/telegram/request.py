"""python-telegram-bot's way to the network, over our one caller.

So the proxy, the base address, the time-outs and the silence about the token are the same for every call. It
imports `telegram`, which takes half a second: only `admin` imports this, late.
"""

import os
import secrets
from typing import Any
from urllib.parse import urlsplit

from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.channels.telegram.http import BotApi, CallFailed

SECONDS = 35.0

os.environ.setdefault("PTB_TIMEDELTA", "true")  # the library's own switch: spans as timedelta, as everywhere here


class ApiRequest(BaseRequest):
    """A `BaseRequest` on a `BotApi`, which stays its owner's to close."""

    def __init__(self, api: BotApi) -> None:
        self._api = api

    @property
    def read_timeout(self) -> float:
        return SECONDS

    async def initialize(self) -> None:
        """Connections open when they are wanted."""

    async def shutdown(self) -> None:
        """The caller is shared and goes on."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = None,
        write_timeout: Any = None,
        connect_timeout: Any = None,
        pool_timeout: Any = None,
    ) -> tuple[int, bytes]:
        """Return status and body. Raises TimedOut when the request may have been carried out, else NetworkError."""
        del write_timeout, connect_timeout, pool_timeout  # one limit covers a whole call
        kind, body = _body(request_data)
        try:
            return await self._api.request(method, urlsplit(url).path, kind, body, _seconds(read_timeout))
        except CallFailed as failed:
            raise (TimedOut if failed.sent else NetworkError)(str(failed)) from failed


def _seconds(asked: Any) -> float:
    """Return the library's own wish when it has one; it passes a marker for "as usual"."""
    if asked is None or asked is BaseRequest.DEFAULT_NONE:
        return SECONDS
    return float(asked)


def _body(asked: RequestData | None) -> tuple[str, bytes]:
    if asked is None:
        return "application/json", b""
    if not asked.contains_files:
        return "application/json", asked.json_payload
    boundary = secrets.token_hex(16)
    lines = [_part(boundary, name, value.encode()) for name, value in asked.json_parameters.items()]
    for name, (file_name, content, kind) in asked.multipart_data.items():
        octets = content if isinstance(content, bytes) else content.read()
        lines.append(_part(boundary, name, octets, file_name, kind))
    return f"multipart/form-data; boundary={boundary}", b"".join((*lines, f"--{boundary}--\r\n".encode()))


def _part(boundary: str, name: str, content: bytes, file_name: str = "", kind: str = "") -> bytes:
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="{_quoted(name)}"'
    if file_name:
        head += f'; filename="{_quoted(file_name)}"\r\nContent-Type: {kind}'
    return b"%b\r\n\r\n%b\r\n" % (head.encode(), content)


def _quoted(name: str) -> str:
    return name.replace("\\", "_").replace('"', "%22").replace("\r", " ").replace("\n", " ")
