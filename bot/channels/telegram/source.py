"""Files of people on Telegram: asked for by their id, then read from the Bot API server piece by piece."""

import re
from collections.abc import Callable
from typing import Final

import msgspec

from bot.channels.sources import NotFetched
from bot.channels.telegram import outcomes
from bot.channels.telegram.http import BotApi, CallFailed

ASK_SECONDS: Final = 20.0
READ_SECONDS: Final = 120.0

_PATH: Final = re.compile(r"(?!/)(?!.*\.\.)[A-Za-z0-9._~/-]{1,512}")


class _FileOf(msgspec.Struct, frozen=True):
    file_path: str = ""


class _Answer(msgspec.Struct, frozen=True):
    ok: bool
    result: _FileOf


_answer = msgspec.json.Decoder(_Answer)
_encode = msgspec.json.Encoder().encode


class TelegramFiles:
    """The `Source` of one bot's files. An id is good for long, an address for an hour: it is asked for each time."""

    def __init__(self, api: BotApi) -> None:
        self._api = api

    async def fetch(self, channel_file: str, take: Callable[[bytes], None]) -> None:
        """Give a file to `take` piece by piece. Raises NotFetched."""
        path = await self._path(channel_file)
        try:
            status = await self._api.download(path, take, READ_SECONDS)
        except CallFailed as failed:
            raise NotFetched("LATER", str(failed)) from failed
        if status != 200:
            raise NotFetched("GONE" if status in (400, 404, 410) else "LATER", f"{status} for its content")

    async def _path(self, channel_file: str) -> str:
        try:
            status, body = await self._api.call("getFile", _encode({"file_id": channel_file}), ASK_SECONDS)
        except CallFailed as failed:
            raise NotFetched("LATER", str(failed)) from failed
        if status == 200:
            try:
                path = _answer.decode(body).result.file_path
            except (msgspec.MsgspecError, UnicodeDecodeError):
                raise NotFetched("LATER", "an answer that is none") from None
            if _PATH.fullmatch(path):
                return path
            # A server run with --local names a place on its own disk, which is not ours to open.
            raise NotFetched("GONE", "the Bot API server names no path below its own")
        raise _refused(status, body)


def _refused(status: int, body: bytes) -> NotFetched:
    answer = outcomes.read(body)
    said = answer.description if answer is not None else ""
    if status == 400 and "too big" in said.lower():
        return NotFetched("TOO_LARGE", said)
    return NotFetched("GONE" if status == 400 else "LATER", f"{status} {said}".strip())
