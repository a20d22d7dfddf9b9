"""The fake as a process of its own: what a test in another process asks of it, in JSON.

POST /control/VERB with a JSON object; the answer is `{"ok": true, "result": …}`, or 409 with the sentence of what
was wrong. The verbs are the methods of `Control` that begin with `on_`.

    person    {name, language_code?, username?, started?}                  -> {id}
    group     {title, members?: [ids], supergroup?, topics?, privacy?}     -> {id}
    act       {person, does, text? | label? | kind? | press?, message?, group?}
    hears     {person, timeout?, containing?, edits?, group?}              -> a message
    screen    {person, group?} -> messages       conversation {person}     -> lines
    ledger    {since?: n}      -> calls          pending {}                -> unconfirmed updates, listening
    script    {method?, chat?, containing?, then: [{fault: …}], times?}
    advance   {seconds}        refuse {seconds}  revoke {}  restore {}
    duplicate {updates?, copies?}   reorder {updates?}   hold {}   release {order?}   jump {update_id}
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import msgspec

from tests.fake_telegram import faults
from tests.fake_telegram.answers import ok
from tests.fake_telegram.parameters import Json
from tests.fake_telegram.people import Person, Tap
from tests.fake_telegram.wire import Line, Request
from tests.fake_telegram.world import Message

if TYPE_CHECKING:
    from tests.fake_telegram.server import FakeTelegram

ACTS = frozenset(
    [
        "says",
        "replies",
        "sends",
        "edits",
        "deletes",
        "taps",
        "taps_again",
        "forges",
        "starts",
        "blocks",
        "unblocks",
        "deactivates",
    ]
)


class Control:
    """Carries out what comes by /control/."""

    def __init__(self, server: "FakeTelegram") -> None:
        self._server = server

    async def answer(self, request: Request, line: Line) -> None:
        verb = request.path.removeprefix("/control/")
        wanted: Callable[[Json], Awaitable[Any]] | None = getattr(self, f"on_{verb}", None)
        if wanted is None:
            line.answer(404, msgspec.json.encode({"ok": False, "error": f"there is no verb {verb!r}"}))
            return
        try:
            result = await wanted(msgspec.json.decode(request.body or b"{}", type=dict[str, Any]))
        except (AssertionError, KeyError, TypeError, ValueError, msgspec.MsgspecError) as error:
            said = f"{type(error).__name__}: {error}"
            line.answer(409, msgspec.json.encode({"ok": False, "error": said}))
            return
        line.answer(200, ok(result))

    async def on_person(self, asked: Json) -> Json:
        return {"id": self._server.person(**asked).id}

    async def on_group(self, asked: Json) -> Json:
        members = [self._server.people[number] for number in asked.pop("members", [])]
        return {"id": self._server.group(members=members, **asked).id}

    async def on_act(self, asked: Json) -> Any:
        person, more = self._who(asked)
        act = asked.pop("does")
        assert act in ACTS, f"a person can {', '.join(sorted(ACTS))}; not {act!r}"
        message = asked.pop("message", None)
        if message is not None:
            more["to" if act == "replies" else "message"] = self._message(person, message, more)
        done = await getattr(person, act)(**asked, **more)
        return {"id": done.id} if isinstance(done, Tap) else msgspec.to_builtins(done)

    async def on_hears(self, asked: Json) -> Any:
        person, more = self._who(asked)
        return msgspec.to_builtins(await person.hears(**asked, **more))

    async def on_screen(self, asked: Json) -> Any:
        person, more = self._who(asked)
        return msgspec.to_builtins(person.screen(**more))

    async def on_conversation(self, asked: Json) -> list[str]:
        return self._who(asked)[0].conversation

    async def on_ledger(self, asked: Json) -> Any:
        since = asked.get("since", 0)
        return [msgspec.to_builtins(call) for call in self._server.ledger if call.n > since]

    async def on_pending(self, asked: Json) -> Json:
        return {"updates": len(self._server.updates), "listening": self._server.listening}

    async def on_script(self, asked: Json) -> None:
        asked["then"] = [faults.from_json(fault) for fault in asked["then"]]
        self._server.script(**asked)

    async def on_advance(self, asked: Json) -> None:
        self._server.advance(float(asked["seconds"]))

    async def on_refuse(self, asked: Json) -> None:
        # The answer leaves first: refusing breaks this connection too.
        asyncio.get_running_loop().call_later(0.01, self._server.refuse_for, float(asked["seconds"]))

    async def on_revoke(self, asked: Json) -> None:
        self._server.revoke_token()

    async def on_restore(self, asked: Json) -> None:
        self._server.restore_token()

    async def on_duplicate(self, asked: Json) -> None:
        self._server.duplicate_next(**asked)

    async def on_reorder(self, asked: Json) -> None:
        self._server.reorder(**asked)

    async def on_hold(self, asked: Json) -> None:
        self._server.updates.hold()

    async def on_release(self, asked: Json) -> None:
        self._server.updates.release(**asked)

    async def on_jump(self, asked: Json) -> None:
        self._server.next_update_id = int(asked["update_id"])

    def _who(self, asked: Json) -> tuple[Person, Json]:
        """The person who is meant, and the group they act in, if any, as an argument."""
        person = self._server.people[asked.pop("person")]
        group = asked.pop("group", None)
        return person, {} if group is None else {"chat": self._server.groups[group]}

    def _message(self, person: Person, message_id: int, more: Json) -> Message:
        """A message as the person last saw it with its buttons, also one that has changed since."""
        chat = more["chat"].chat if "chat" in more else person.chat
        seen = [event.message for event in chat.happened if event.message.message_id == message_id]
        assert seen, f"there never was a message {message_id} in chat {chat.id}"
        return next((each for each in reversed(seen) if each.rows), seen[-1])
