"""A call of the Bot API from its receipt to its answer.

The order is the promise: what is wrong with the call, then the fault a test has scripted, then what Telegram does,
then the ledger, then the hooks, and only then the answer.
"""

import asyncio
import math
import re
from collections.abc import Awaitable, Callable
from typing import Any

from tests.fake_telegram import faults, refusals
from tests.fake_telegram.answers import deliver, ok
from tests.fake_telegram.faults import AnyFault, Fine, Refuse, Scripts, TooMany
from tests.fake_telegram.hooks import Hook
from tests.fake_telegram.ledger import SENDS, Call, FloodWindow, Ledger
from tests.fake_telegram.methods import Methods
from tests.fake_telegram.parameters import Json, decode
from tests.fake_telegram.polling import Poller
from tests.fake_telegram.refusals import Refused
from tests.fake_telegram.updates import Updates
from tests.fake_telegram.webhook import Webhooks
from tests.fake_telegram.wire import Line, Request

IN_FLIGHT = 0.05  # seconds after a 429 in which calls already under way may still arrive


class BotApi:
    """Takes calls for one token. `later` runs what cannot be answered at once."""

    def __init__(
        self,
        token: str,
        methods: Methods,
        updates: Updates,
        ledger: Ledger,
        conflict_hold: float,
        later: Callable[[Awaitable[None]], None],
    ) -> None:
        self.scripts = Scripts()
        self.hooks: list[Hook] = []
        self.revoked = False
        self.poller = Poller(updates, lambda line, batch: line.answer(200, ok(batch)), refuse, conflict_hold)
        self.webhooks: Webhooks | None = None
        self._token = token
        self._methods = methods
        self._updates = updates
        self._ledger = ledger
        self._later = later

    def receive(self, request: Request, line: Line) -> None:
        found = re.fullmatch(r"/bot([^/]*)/([^/]*)/?", request.path)
        called = found.group(2) if found else request.path
        params: Json = {}
        try:
            params = decode(request)
            method = self._admit(found.group(1) if found else "", called)
        except Refused as refused:
            self._record(called, params, refused, Fine())
            refuse(line, refused)
            return
        self._take(method, params, line)

    def obey(self, called: str, params: Json) -> None:
        """Carry out the method that a webhook's answer named; nobody hears the result."""
        result: Any
        try:
            called = self._admit(self._token, called)
            result = self._execute(called, params)
        except Refused as refused:
            result = refused
        self._record(called, params, result, Fine(), via="webhook answer")

    def _admit(self, token: str, called: str) -> str:
        """Return the method's own name. Raises Refused for a wrong token or an unknown method."""
        if self.revoked or token != self._token:
            well_formed = re.fullmatch(r"\d+:[A-Za-z0-9_-]+", token)
            raise Refused(401, "Unauthorized") if well_formed else Refused(404, "Not Found")
        own = {name.lower(): name for name in ("getUpdates", "setWebhook", "deleteWebhook", "getWebhookInfo")}
        method = own.get(called.lower()) or self._methods.name(called)
        if method is None:
            raise Refused(404, "Not Found: method not found")
        return method

    def _take(self, method: str, params: Json, line: Line) -> None:
        fault = self._flood(method, params) or self.scripts.next(method, params)
        if method == "getUpdates" and isinstance(fault, Fine) and not self._pushes:
            self._run_hooks(self._record(method, params, None, fault), lambda: self._poll(params, line))
            return
        result = self._result(method, params, fault)
        call = self._record(method, params, result, fault)
        self._run_hooks(call, lambda: deliver(line, fault, result, self._later))

    @property
    def _pushes(self) -> bool:
        return self.webhooks is not None and self.webhooks.current is not None

    def _poll(self, params: Json, line: Line) -> None:
        try:
            self.poller.poll(params, line)
        except Refused as refused:
            refuse(line, refused)

    def _result(self, method: str, params: Json, fault: AnyFault) -> Any:
        """What Telegram does for this call: a result, or a Refused, given back and not raised.

        Code 0 stands for a call that was received and not carried out; it is never sent.
        """
        if fault.accepted:
            try:
                return self._execute(method, params)
            except Refused as refused:
                return refused
        if isinstance(fault, TooMany):
            self._open_window(fault, params)
            seconds = fault.retry_after
            return Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
        return fault.error() if isinstance(fault, Refuse) else Refused(0, "")

    def _execute(self, method: str, params: Json) -> Any:
        assert self.webhooks is not None
        match method:
            case "getUpdates":
                if self._pushes:
                    raise Refused(409, refusals.WEBHOOK_ACTIVE)
                return self._updates.batch(int(params.get("offset") or 0), int(params.get("limit") or 100))
            case "setWebhook":
                self.poller.end(refusals.POLL_ENDED_BY_WEBHOOK)
                return self.webhooks.put(params)
            case "deleteWebhook":
                return self.webhooks.delete(params)
            case "getWebhookInfo":
                return self.webhooks.told()
            case _:
                return self._methods.call(method, params)

    def _record(self, method: str, params: Json, result: Any, fault: AnyFault, **more: Any) -> Call:
        refused = result if isinstance(result, Refused) else None
        lost = refused is not None and refused.code == 0
        return self._ledger.record(
            asyncio.get_running_loop().time(),
            method,
            params,
            "lost" if lost else "refused" if refused else "accepted",
            error_code=refused.code if refused and not lost else None,
            description=refused.description if refused else "",
            message_id=_message_id(result),
            fault=faults.tag(fault),
            **more,
        )

    def _run_hooks(self, call: Call, answer: Callable[[], None]) -> None:
        waits = [wait for hook in self.hooks if hook.fits(call) and (wait := hook.run(call)) is not None]
        if not waits:
            answer()
            return

        async def after() -> None:
            for wait in waits:
                await wait
            answer()

        self._later(after())

    # 429.

    def _flood(self, method: str, params: Json) -> TooMany | None:
        """A window that an earlier 429 opened still refuses."""
        now = asyncio.get_running_loop().time()
        if method not in SENDS:
            return None
        for window in self._ledger.windows:
            if window.chat in (None, params.get("chat_id")) and now < window.until:
                return TooMany(retry_after=math.ceil(window.until - now), everywhere=window.chat is None)
        return None

    def _open_window(self, fault: TooMany, params: Json) -> None:
        now = asyncio.get_running_loop().time()
        chat = None if fault.everywhere else params.get("chat_id")
        if not any(window.chat in (None, chat) and now < window.until for window in self._ledger.windows):
            self._ledger.windows.append(FloodWindow(chat, now + IN_FLIGHT, now + fault.retry_after))


def _message_id(result: Any) -> int | None:
    """The id of the message that a call made, of an album the first one's."""
    first = result[0] if isinstance(result, list) and result else result
    return first.get("message_id") if isinstance(first, dict) else None


def refuse(line: Line, refused: Refused) -> None:
    line.answer(refused.code, refused.body())
