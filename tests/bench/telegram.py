"""A quick fake of Telegram's Bot API on loopback, which leaves as much of the machine to the bot as it can.

It keeps updates until an offset confirms them, hands them out again until then, and passes each message and edit
on to whoever plays the customers. For faults and a full ledger see tests/fake_telegram; this one is for load.
"""

import asyncio
import time
from collections import Counter, deque
from collections.abc import Mapping
from typing import Any, Final, Protocol, cast
from urllib.parse import parse_qsl

import httptools
import msgspec

TOKEN: Final = "123456:BENCH-TOKEN"
ME: Final = b'{"id":123456,"is_bot":true,"first_name":"Bench","username":"bench_bot"}'
ME_IN_FULL: Final = ME[:-1] + b',"can_join_groups":true,"can_read_all_group_messages":false}'
_PLAIN_ANSWERS: Final = {
    "getMe": ME_IN_FULL,
    "getMyCommands": b"[]",
    "getWebhookInfo": b'{"url":"","has_custom_certificate":false,"pending_update_count":0}',
}

now = time.perf_counter


class Button(msgspec.Struct, gc=False):
    text: str
    callback_data: str = ""


class Markup(msgspec.Struct):
    inline_keyboard: list[list[Button]] = []


class Parameters(msgspec.Struct):
    """What we read of a call."""

    chat_id: int = 0
    message_id: int = 0
    text: str = ""
    reply_markup: msgspec.Raw = msgspec.Raw()
    offset: int = 0
    limit: int = 100
    timeout: float = 0


class Shown(msgspec.Struct):
    """A message on a customer's screen: the buttons in order, and all of it as Telegram writes it."""

    message_id: int
    text: str
    buttons: list[Button]
    body: bytes


class Pending(msgspec.Struct):
    """An update that no offset has confirmed yet. `handed_at` is when it was first given to the bot."""

    number: int
    body: bytes
    handed_at: float = 0.0


class Audience(Protocol):
    """Who looks at the messages."""

    def heard(self, chat: int, shown: Shown) -> None: ...

    def saw_edit(self, chat: int, shown: Shown) -> None: ...


_parameters = msgspec.json.Decoder(Parameters).decode
_markup = msgspec.json.Decoder(Markup).decode
_text = msgspec.json.Encoder().encode


class Telegram:
    """The updates that wait and the calls that came. `first_asked` is set by the first getUpdates."""

    def __init__(self) -> None:
        self.audience: Audience
        self.calls: Counter[str] = Counter()
        self.first_asked = asyncio.Event()
        self.asking: Line | None = None
        self._pending: deque[Pending] = deque()
        self._last_update = 0
        self._last_message = 0
        self._limit = 100
        self._timer: asyncio.TimerHandle | None = None

    def new_message_id(self) -> int:
        """Return the id of a message, a customer's or the bot's."""
        self._last_message += 1
        return self._last_message

    def post(self, what: bytes) -> Pending:
        """Let an update wait for the bot: `what` is its JSON without the braces and the number."""
        self._last_update += 1
        number = self._last_update
        pending = Pending(number, b'{"update_id":%d,%b}' % (number, what))
        self._pending.append(pending)
        if self.asking is not None:
            self._hand_out()
        return pending

    def take(self, line: "Line", method: str, given: Parameters) -> None:
        """Answer one call of the bot."""
        self.calls[method] += 1
        if method == "sendMessage":
            shown = self._shown(self.new_message_id(), given)
            line.answer(shown.body)
            self.audience.heard(given.chat_id, shown)
        elif method == "editMessageText":
            shown = self._shown(given.message_id, given)
            line.answer(shown.body)
            self.audience.saw_edit(given.chat_id, shown)
        elif method == "getUpdates":
            self._asked(line, given)
        else:
            line.answer(_PLAIN_ANSWERS.get(method, b"true"))

    def hung_up(self, line: "Line") -> None:
        """Forget a question whose asker is gone: its updates stay for the next one."""
        if self.asking is line:
            self._asked_no_more()

    def _shown(self, message_id: int, given: Parameters) -> Shown:
        markup = given.reply_markup
        buttons = [button for row in _markup(markup).inline_keyboard for button in row] if len(markup) else []
        body = b'{"message_id":%d,"from":%b,"chat":{"id":%d,"type":"private","first_name":"Ana"},"date":%d,"text":%b%b}'
        keys = b',"reply_markup":' + bytes(markup) if buttons else b""
        values = (message_id, ME, given.chat_id, int(time.time()), _text(given.text), keys)
        return Shown(message_id, given.text, buttons, body % values)

    def _asked(self, line: "Line", given: Parameters) -> None:
        while self._pending and self._pending[0].number < given.offset:
            self._pending.popleft()
        if self.asking is not None:  # an earlier question of the same bot
            self.asking.answer(b"[]")
            self._asked_no_more()
        self.asking, self._limit = line, given.limit
        if self._pending or not given.timeout:
            self._hand_out()
        else:
            self._timer = asyncio.get_running_loop().call_later(given.timeout, self._hand_out)
        self.first_asked.set()

    def _asked_no_more(self) -> None:
        self.asking = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _hand_out(self) -> None:
        line, at = self.asking, now()
        batch = [self._pending[place] for place in range(min(len(self._pending), self._limit))]
        for pending in batch:
            pending.handed_at = pending.handed_at or at
        self._asked_no_more()
        if line is not None:
            line.answer(b"[%b]" % b",".join([pending.body for pending in batch]))


class Line(asyncio.Protocol):
    """One connection of the bot, which asks one thing at a time on it."""

    def __init__(self, telegram: Telegram) -> None:
        self._telegram = telegram
        self._transport: asyncio.Transport
        self._parser: Any
        self._url = b""
        self._body: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's own is one in all but name
        self._parser = httptools.HttpRequestParser(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._telegram.hung_up(self)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_begin(self) -> None:
        self._url = b""
        self._body.clear()

    def on_url(self, url: bytes) -> None:
        self._url += url

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        path, _, query = self._url.decode().partition("?")
        body = b"".join(self._body) or query.encode()
        self._telegram.take(self, path.rpartition("/")[2], parameters(body))

    def answer(self, result: bytes) -> None:
        """Answer the call that is open with its result."""
        if not self._transport.is_closing():
            head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            self._transport.write((head + b'{"ok":true,"result":%b}') % (len(result) + 21, result))


def parameters(body: bytes) -> Parameters:
    """Return what a call says, written as JSON or as a form."""
    if body.startswith(b"{"):
        return _parameters(body)
    form: Mapping[str, Any] = dict(parse_qsl(body.decode()))
    markup = msgspec.Raw(form.get("reply_markup", "").encode())
    plain = {name: value for name, value in form.items() if name in _FORM_FIELDS}
    return msgspec.structs.replace(msgspec.convert(plain, Parameters, strict=False), reply_markup=markup)


_FORM_FIELDS: Final = frozenset(Parameters.__struct_fields__) - {"reply_markup"}
