# ruff: noqa: ASYNC109 - a test says how long it waits
"""The ledger: every request the fake received, in order, and what became of it.

It is the witness of the crash and fault suites: what the bot's database claims is compared with what is written
here. A call is written before its answer leaves, so a bot killed on receipt has left its trace.
"""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, Literal

import msgspec

from tests.fake_telegram.parameters import Json, Upload

Outcome = Literal["accepted", "refused", "lost"]

SENDS = frozenset(
    f"send{what}"
    for what in [
        "Message",
        "Photo",
        "Document",
        "Voice",
        "Video",
        "Audio",
        "Animation",
        "Sticker",
        "Location",
        "VideoNote",
        "MediaGroup",
    ]
)


class Call(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One request.

    outcome  accepted: Telegram did it, whatever the client was then told; refused: it was answered with an error;
             lost: a fault swallowed it, nothing was done
    fault    the scripted fault that was applied to it, by its tag
    at       the loop's monotonic seconds at receipt
    """

    n: int
    at: float
    method: str
    params: Json
    outcome: Outcome
    chat: int | None = None
    message_id: int | None = None
    error_code: int | None = None
    description: str = ""
    fault: str = ""
    via: Literal["http", "webhook answer"] = "http"

    @property
    def text(self) -> str:
        album = self.params.get("media") or [{}]
        below = album[0].get("caption") if isinstance(album, list) else None
        return str(self.params.get("text") or self.params.get("caption") or below or "")

    @property
    def presses(self) -> list[str]:
        """The callback data of its buttons, row by row."""
        markup = self.params.get("reply_markup") or {}
        rows = markup.get("inline_keyboard", []) if isinstance(markup, dict) else []
        return [button["callback_data"] for row in rows for button in row if "callback_data" in button]

    @property
    def sends(self) -> bool:
        """It puts a new message into a chat."""
        return self.method in SENDS


class FloodWindow(msgspec.Struct, frozen=True):
    """A 429 that was answered: until `until` nobody should send to `chat` (None: to any chat)."""

    chat: int | None
    since: float
    until: float


class Ledger:
    """All calls, in memory, and in a file of JSON lines when one is named."""

    def __init__(self, file: Path | None = None) -> None:
        self._calls: list[Call] = []
        self._file: IO[bytes] | None = file.open("ab", buffering=0) if file else None
        self._waiting: list[tuple[Callable[[Call], bool], asyncio.Future[Call]]] = []
        self.windows: list[FloodWindow] = []

    def __iter__(self) -> Iterator[Call]:
        return iter(self._calls)

    def __len__(self) -> int:
        return len(self._calls)

    def record(self, at: float, method: str, params: Json, outcome: Outcome, **more: Any) -> Call:
        chat = params.get("chat_id")
        call = Call(
            n=len(self._calls) + 1,
            at=at,
            method=method,
            params={name: _as_told(value) for name, value in params.items()},
            outcome=outcome,
            chat=chat if isinstance(chat, int) else None,
            **more,
        )
        self._calls.append(call)
        if self._file is not None:
            self._file.write(msgspec.json.encode(call) + b"\n")
        self._tell(call)
        return call

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    # Questions.

    def calls(
        self, method: str | None = None, chat: int | None = None, *, outcome: Outcome | None = None
    ) -> list[Call]:
        """The calls of this method, to this chat, with this outcome; None stands for any."""
        return [
            call
            for call in self._calls
            if (method is None or call.method == method)
            and (chat is None or call.chat == chat)
            and (outcome is None or call.outcome == outcome)
        ]

    def sent(self, chat: int | None = None) -> list[Call]:
        """The calls that put a message into this chat, in order: what Telegram accepted, answered or not."""
        return [call for call in self.calls(chat=chat, outcome="accepted") if call.sends]

    def texts(self, chat: int | None = None) -> list[str]:
        return [call.text for call in self.sent(chat)]

    def copies(self, text: str, chat: int | None = None) -> int:
        """How many messages of exactly this text reached the chat."""
        return sum(call.text == text for call in self.sent(chat))

    def copies_of_prompt(self, prompt: str, chat: int | None = None) -> int:
        """How many messages reached the chat with a button of this prompt (`1:prompt:choice`)."""
        return sum(any(_prompt(press) == prompt for press in call.presses) for call in self.sent(chat))

    def prompts(self, chat: int | None = None) -> dict[str, int]:
        """The copies of each prompt that reached the chat: the crash suite asks that none is above 2."""
        counts: dict[str, int] = {}
        for call in self.sent(chat):
            for prompt in {_prompt(press) for press in call.presses}:
                counts[prompt] = counts.get(prompt, 0) + 1
        return counts

    def inside_windows(self) -> list[Call]:
        """The sends that came while a 429 had asked for patience: must be empty (reliability.md B1)."""
        return [call for call in self._calls if call.sends and any(_within(call, window) for window in self.windows)]

    def busiest(self, seconds: float, chat: int | None = None) -> int:
        """The most sends received in any window of this length (reliability.md N14)."""
        moments = [call.at for call in self._calls if call.sends and (chat is None or call.chat == chat)]
        first, most = 0, 0
        for last, moment in enumerate(moments):
            while moments[first] <= moment - seconds:
                first += 1
            most = max(most, last - first + 1)
        return most

    async def wait(
        self, method: str, chat: int | None = None, *, containing: str = "", times: int = 1, timeout: float = 60.0
    ) -> Call:
        """Return the `times`-th such call, already received or still to come.

        Raises AssertionError, with the last calls, when it does not come in `timeout` real seconds.
        """

        def fits(call: Call) -> bool:
            return call.method == method and (chat is None or call.chat == chat) and containing in call.text

        def enough(call: Call) -> bool:
            return fits(call) and sum(map(fits, self._calls)) >= times

        found = [call for call in self._calls if fits(call)]
        if len(found) >= times:
            return found[times - 1]
        future: asyncio.Future[Call] = asyncio.get_running_loop().create_future()
        self._waiting.append((enough, future))
        try:
            return await asyncio.wait_for(future, timeout)
        except TimeoutError:
            last = "\n".join(
                f"{call.n} {call.method} {call.chat} {call.outcome} {call.text}" for call in self._calls[-12:]
            )
            raise AssertionError(
                f"no {method} number {times} within {timeout} s; the last calls were\n{last}"
            ) from None
        finally:
            self._waiting = [entry for entry in self._waiting if entry[1] is not future]

    def _tell(self, call: Call) -> None:
        for wanted, future in self._waiting:
            if not future.done() and wanted(call):
                future.set_result(call)


def read(file: Path) -> list[Call]:
    """The calls of a ledger file, also of one whose last line was cut by a kill."""
    lines = file.read_bytes().split(b"\n")
    return [msgspec.json.decode(line, type=Call) for line in lines[:-1]]


def _as_told(value: Any) -> Any:
    """A parameter as the ledger keeps it: of a file its name and size."""
    return {"file": str(value), "size": len(value.content)} if isinstance(value, Upload) else value


def _prompt(press: str) -> str:
    return press.split(":")[1] if press.count(":") >= 2 else press


def _within(call: Call, window: FloodWindow) -> bool:
    return (window.chat is None or call.chat == window.chat) and window.since < call.at < window.until
