"""The web chat's routes: a personal link, the chat's page, its stream down and its posts up.

GET  /embed.js             the script by which another site shows the chat in its pages
GET  /c/{token}            the front: looking spends nothing
POST /c/{token}            open: claim, session, /start, then to the chat
GET  /chat/{chat}          the page
GET  /chat/{chat}/stream   the log as server-sent events
POST /chat/{chat}/say      a text      204 once it is stored; the page repeats it with the same id until then
POST /chat/{chat}/press    a tap       likewise
     /chat/{chat}/files    what goes with texts, see `files`
"""

import math
import re
from collections.abc import Callable, Sequence
from typing import Any, Final

from fastapi import APIRouter, Request
from sse_starlette.sse import EventSourceResponse
from starlette.responses import RedirectResponse, Response

from bot.access.csrf import carries_token, from_our_page
from bot.access.gate import Door, require
from bot.access.policy import Act, Principal
from bot.access.secrets import PLACE_PREFIX, digest, new_token
from bot.channels.updates import AnyUpdate, Intake
from bot.channels.webchat import embedding, page, posts
from bot.channels.webchat.files import ChatFiles, FileRoutes, Kept
from bot.channels.webchat.flood import Flood
from bot.channels.webchat.log import NAME, Body, ChatLog, Chosen, LinkRefused, Opened, Visitor, chat_of
from bot.channels.webchat.stream import HEARTBEAT, follow
from bot.channels.webchat.streams import Streams
from bot.channels.webchat.wording import words
from bot.clock import Clock
from bot.web.languages import choose
from bot.web.problems import Problem

COOKIE: Final = "makegood_chat"
SCANNED: Final = "makegood_scanned"
COOKIE_AGE: Final = 90 * 24 * 3600  # seconds; `bot.weblog` ends the session itself after as long
GUESSES: Final = 5  # unknown links that one sender may try in an hour
SHOWN: Final = 300  # newest entries that a page begins with

_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{16,64}")


def webchat_door(log: ChatLog) -> Door:
    """Return the door for requests about one chat: who has its cookie is the person of that chat."""

    async def door(request: Request) -> Principal | None:
        chat = request.path_params.get("chat")
        session = _session(request)
        if chat is None or session is None or (visitor := await log.visitor(chat, digest(session))) is None:
            return None
        request.state.visitor = visitor
        return Principal(
            roles=visitor.roles,
            chat=f"{NAME}:{chat}",
            customer_id=visitor.customer_id,
            staff_member_id=visitor.staff_member_id,
            name=f"{NAME}:{chat}",
        )

    return door


def webchat_router(
    log: ChatLog,
    streams: Streams,
    intake: Intake,
    clock: Clock,
    *,
    business: Callable[[str], str],
    https: bool = False,
    zone: str | None = None,
    heartbeat: float = HEARTBEAT,
    embeds: bool = False,
    files: ChatFiles | None = None,
) -> APIRouter:
    """Return the routes. `business` gives the business's name in a language; `zone`, an IANA name, the time zone
    in which pages show times (the reader's own when None); `embeds` says that other sites may frame the chat;
    without `files` it takes texts only.
    """
    made = _WebChatRoutes(log, streams, intake, clock, business, https, zone, heartbeat, files)
    router = APIRouter()
    if files is not None:
        FileRoutes(files, made.admit, lambda request: words(_language(request), "")).add_to(router)
    if embeds:
        embedding.add_script(router)
    own_chat, anybody = [require(Act.CHAT_AS_SELF)], [require(Act.OPEN_LINK)]
    router.add_api_route("/c/{token}", made.look, methods=["GET"], dependencies=anybody)
    router.add_api_route("/c/{token}", made.open, methods=["POST"], dependencies=anybody)
    router.add_api_route("/chat/{chat}", made.show, methods=["GET"], dependencies=own_chat)
    router.add_api_route("/chat/{chat}/stream", made.stream, methods=["GET"], dependencies=own_chat)
    router.add_api_route("/chat/{chat}/say", made.say, methods=["POST"], dependencies=own_chat)
    router.add_api_route("/chat/{chat}/press", made.press, methods=["POST"], dependencies=own_chat)
    return router


class _WebChatRoutes:
    def __init__(
        self,
        log: ChatLog,
        streams: Streams,
        intake: Intake,
        clock: Clock,
        business: Callable[[str], str],
        https: bool,
        zone: str | None,
        heartbeat: float,
        files: ChatFiles | None,
    ) -> None:
        self._log = log
        self._streams = streams
        self._intake = intake
        self._clock = clock
        self._business = business
        self._https = https
        self._zone = zone
        self._heartbeat = heartbeat
        self._files = files
        self._flood = Flood(clock.monotonic)
        self._guesses = Flood(clock.monotonic, posts=GUESSES, span=3600)

    async def look(self, token: str, request: Request) -> Response:
        before = embedding.came_back(request)
        if before is not None and await self._log.visitor(before[0], digest(before[1])) is not None:
            return RedirectResponse(f"/chat/{before[0]}?embedded", status_code=303)
        link = await self._log.peek(token) if _TOKEN.fullmatch(token) else LinkRefused("unknown")
        if isinstance(link, LinkRefused):
            return self._refused(link, request)
        language = _language(request, link.language)
        return page.front(
            link,
            token=token,
            language=language,
            business=self._business(language),
            embedded=embedding.wanted(request),
        )

    async def open(self, token: str, request: Request) -> Response:
        if not from_our_page(request.headers):
            raise Problem(403, "This did not come from our page.")
        of_place = token.startswith(PLACE_PREFIX)
        self._not_too_often(f"open {_sender(request) if of_place else chat_of(token)}", request)
        if not _TOKEN.fullmatch(token):
            return self._refused(LinkRefused("unknown"), request)
        opened, session = await self._opened(token, request)
        if isinstance(opened, LinkRefused):
            return self._refused(opened, request)
        hint = _language(request, opened.language)
        if not opened.returning:
            scan = new_token() if of_place else ""
            started = posts.started(opened.chat, token, at=self._clock.now(), language=hint, scan=scan)
            await self._intake.receive([started])
        return self._to_chat(
            opened.chat, token, session, None if opened.language else hint, embedded=embedding.wanted(request)
        )

    async def _opened(self, token: str, request: Request) -> tuple[Opened | LinkRefused, str]:
        """Open a link with a new session; who scanned a place's code before goes on in the chat they have."""
        chat, _, before = request.cookies.get(_scanned_name(self._https), "").partition(".")
        if before and (visitor := await self._log.visitor(chat, digest(before))) is not None:
            return Opened(chat, visitor.language), before
        session = new_token()
        return await self._log.open(token, digest(session)), session

    async def show(self, chat: str, request: Request) -> Response:
        visitor = _visitor(request)
        language = _language(request, visitor.language)
        return page.chat(
            visitor,
            session=_session(request) or "",
            seen=await self._log.before_newest(chat, SHOWN),
            language=language,
            business=self._business(language),
            zone=self._zone,
            compact="compact" in request.query_params,
            embedded=embedding.wanted(request),
            files=self._files is not None,
        )

    async def stream(self, chat: str, request: Request) -> Response:
        visitor, session = _visitor(request), digest(_session(request) or "")
        seen = max(_number(request.headers.get("last-event-id")), _number(request.query_params.get("after")))

        async def still() -> Visitor | None:
            return await self._log.visitor(chat, session)

        events = follow(self._log, self._streams, visitor, seen, still, self._heartbeat)
        # Our own heartbeat looks at the log as well; the library's would only say that it is there.
        return EventSourceResponse(events, ping=0, send_timeout=30, headers={"Cache-Control": "no-store"})

    async def say(self, chat: str, request: Request) -> Response:
        visitor = await self.admit(chat, request)
        said = await _posted(request, posts.say)
        entry = posts.heard(said, await self._sent(chat, said))
        about = _about(request, visitor)
        if entry.attachments:
            return await self._take(
                chat, entry, entry.ident, posts.attached(chat, entry, at=self._clock.now(), **about)
            )
        if not entry.text.strip():
            raise Problem(422, "The text is empty.")
        return await self._take(chat, entry, entry.ident, posts.written(chat, entry, at=self._clock.now(), **about))

    async def _sent(self, chat: str, said: posts.Say) -> Sequence[Kept]:
        """Return the files that go with a text: only those that came up in this very chat."""
        if not said.files or self._files is None:
            return ()
        return await self._files.own(chat, said.files)

    async def press(self, chat: str, request: Request) -> Response:
        visitor = await self.admit(chat, request)
        tap = await _posted(request, posts.press)
        entry = Chosen(tap.id, tap.ref, tap.press)
        update = posts.pressed(chat, entry, at=self._clock.now(), **_about(request, visitor))
        return await self._take(chat, entry, entry.ident, update)

    async def admit(self, chat: str, request: Request) -> Visitor:
        """Return who posts. Refuses what did not come from the chat's own page, or comes too often."""
        if not from_our_page(request.headers) or not carries_token(request.headers, _session(request) or ""):
            raise Problem(403, "This did not come from our page. Load it again.")
        self._not_too_often(chat, request)
        return _visitor(request)

    def _not_too_often(self, what: str, request: Request) -> None:
        if wait := self._flood.wait(what):
            raise Problem(429, words(_language(request), "")["flood"], retry_after=math.ceil(wait))

    async def _take(self, chat: str, entry: Body, ident: str, update: AnyUpdate) -> Response:
        """Store what the page shows, then what the bot takes in. Both know a repeat by the page's id."""
        await self._log.append(chat, entry, outbox_id=None, dedupe_key=f"heard:{ident}")
        self._streams.wake(chat)
        await self._intake.receive([update])
        return Response(status_code=204)

    def _refused(self, link: LinkRefused, request: Request) -> Response:
        """Show why a link opens nothing. Who tries many that we never gave out gets no more answers for an hour;
        a good link opens all the same, for customers may share one address.
        """
        if link.why == "unknown" and (wait := self._guesses.wait(_sender(request))):
            raise Problem(429, "That were many unknown links.", retry_after=math.ceil(wait))
        language = _language(request)
        return page.refused(link, language=language, business=self._business(language))

    def _to_chat(self, chat: str, token: str, session: str, language: str | None, *, embedded: bool) -> Response:
        """Lead to the chat with a new session. Its cookie goes to this chat's addresses only, so that one browser
        can be in several chats and none of them sees the others' sessions.
        """
        path = f"/chat/{chat}"
        query = [*(["embedded"] if embedded else []), *([f"lang={language}"] if language else [])]
        response = RedirectResponse(path + ("?" + "&".join(query) if query else ""), status_code=303)
        if embedded:
            for cookie in embedding.cookies(_cookie_name(True), session, COOKIE_AGE, chat, token):
                response.headers.append("Set-Cookie", cookie)
            return response
        self._keep(response, _cookie_name(self._https), session, path)
        if token.startswith(PLACE_PREFIX):  # so that scanning it again leads here again
            self._keep(response, _scanned_name(self._https), f"{chat}.{session}", f"/c/{token}")
        return response

    def _keep(self, response: Response, name: str, value: str, path: str) -> None:
        response.set_cookie(
            name, value, max_age=COOKIE_AGE, path=path, secure=self._https, httponly=True, samesite="lax"
        )


async def _posted(request: Request, read: Callable[[bytes], Any]) -> Any:
    try:
        return read(await request.body())
    except posts.Malformed as malformed:
        raise Problem(422, str(malformed))


def _about(request: Request, visitor: Visitor) -> dict[str, str]:
    return {"language": _language(request, visitor.language), "name": visitor.name}


def _visitor(request: Request) -> Visitor:
    visitor: Visitor = request.state.visitor
    return visitor


def _session(request: Request) -> str | None:
    return request.cookies.get(_cookie_name(True)) or request.cookies.get(_cookie_name(False))


def _scanned_name(https: bool) -> str:
    return f"__Secure-{SCANNED}" if https else SCANNED


def _sender(request: Request) -> str:
    return request.client.host if request.client else ""


def _cookie_name(https: bool) -> str:
    return f"__Secure-{COOKIE}" if https else COOKIE


def _language(request: Request, known: str | None = None) -> str:
    return choose(request.query_params.get("lang"), known, header=request.headers.get("accept-language", ""))


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 19 else 0


__all__ = ["chat_of", "webchat_door", "webchat_router"]
