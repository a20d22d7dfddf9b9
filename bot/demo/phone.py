"""A telephone without a screen: the web chat's own HTTP, as its page would speak it."""

import asyncio
import re
import secrets
from collections.abc import Callable
from types import TracebackType
from typing import Any, Final, Self

import httpx
import msgspec

from bot.channels.messages import Button

PATIENCE: Final = 15.0
_CSRF: Final = re.compile(r'name="csrf" content="([^"]+)"')


class Silence(Exception):
    """What was waited for did not come."""


class Phone:
    """One person's web chat, opened by a personal link. `name` is only for who reads along."""

    def __init__(self, base: str, name: str, token: str, language: str) -> None:
        self.name = name
        self._base = base
        self._token = token
        self._language = language
        self._http = httpx.AsyncClient(base_url=base, headers={"Origin": base}, timeout=PATIENCE, trust_env=False)
        self._address = ""
        self._csrf = ""
        self._seen = 0
        self._entries: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._listening: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        opened = await self._http.post(f"/c/{self._token}?lang={self._language}")
        if opened.status_code != 303:
            raise Silence(f"the link of {self.name} opened nothing: {opened.status_code}")
        self._address = opened.headers["location"].partition("?")[0]
        page = await self._http.get(opened.headers["location"])
        found = _CSRF.search(page.text)
        if found is None:
            raise Silence(f"the page of {self.name} has no token")
        self._csrf = found.group(1)
        self._listening = asyncio.create_task(self._listen())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.wait({self._listening})
        await self._http.aclose()

    async def hears(self, containing: str = "") -> dict[str, Any]:
        """Wait for the next message that was said to this telephone (and has those words); return its entry."""
        return await self._next(
            containing or "a message",
            lambda body: body["is"] == "said" and containing in body["message"]["text"],
        )

    async def sees(self, label: str) -> dict[str, Any]:
        """Wait for a message, new or changed, below which stands that button; return its entry."""
        return await self._next(
            f"the button {label}",
            lambda body: "message" in body and label in [button.label for button in _buttons(body)],
        )

    async def changes(self) -> dict[str, Any]:
        """Wait for the next message that changes; return its entry."""
        return await self._next("a change", lambda body: body["is"] == "edited")

    async def _next(self, what: str, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    entry = await self._entries.get()
                    if wanted(entry["body"]):
                        return entry
        except TimeoutError:
            raise Silence(f"{self.name} waited for {what!r}, and nothing came")

    async def types(self, text: str, reply_to: str | None = None) -> None:
        """Write a text."""
        posted = {"text": text, "id": secrets.token_urlsafe(12)}
        await self._post("say", posted if reply_to is None else {**posted, "reply_to": reply_to})

    async def taps(self, entry: dict[str, Any], label: str) -> None:
        """Tap the button of a message that reads so."""
        wanted = next(button for button in buttons(entry) if button.label == label)
        await self._post("press", {"press": wanted.press, "ref": entry["body"]["ref"], "id": secrets.token_urlsafe(12)})

    async def _post(self, what: str, body: dict[str, str]) -> None:
        answer = await self._http.post(
            f"{self._address}/{what}?lang={self._language}",
            content=msgspec.json.encode(body),
            headers={"Content-Type": "application/json", "X-CSRF-Token": self._csrf},
        )
        if answer.status_code != 204:
            raise Silence(f"what {self.name} sent was refused: {answer.status_code} {answer.text}")

    async def _listen(self) -> None:
        async with self._http.stream("GET", f"{self._address}/stream", params={"after": self._seen}) as stream:
            async for line in stream.aiter_lines():
                if not line.startswith("data: {"):
                    continue
                entry = msgspec.json.decode(line.removeprefix("data: "))
                if "body" in entry:
                    self._seen = entry["id"]
                    self._entries.put_nowait(entry)


def buttons(entry: dict[str, Any]) -> list[Button]:
    """Return the buttons of a message, in their order."""
    return _buttons(entry["body"])


def _buttons(body: dict[str, Any]) -> list[Button]:
    return [Button(label, press) for row in body["message"].get("rows", []) for label, press in row]
