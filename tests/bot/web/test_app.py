"""The web app: every route has a rule, every answer its headers, and nothing too big, slow or odd gets in."""

import asyncio
import json
import logging
from contextlib import aclosing
from http import HTTPStatus

import pytest
from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from bot.access.gate import RouteWithoutRule, require
from bot.access.keys import configured, key_in
from bot.access.policy import Act, Principal, Role
from bot.access.secrets import new_token
from bot.channels.updates import Unavailable
from bot.web.app import PlainRoute, acts, create_app
from bot.web.problems import Fault, Problem
from bot.web.serving import server
from tests.bot.channels.webchat.world import listening, living
from tests.waiting import LIMIT


def router() -> APIRouter:
    made = APIRouter()

    @made.post("/v1/echo", dependencies=[require(Act.POST_SERVICE_EVENTS)])
    async def echo(request: Request) -> Response:
        return JSONResponse({"length": len(await request.body())})

    @made.get("/broken", dependencies=[require(Act.SEE_FRONT)])
    async def broken() -> None:
        raise KeyError("canary: the customer's words")

    @made.get("/v1/full", dependencies=[require(Act.SEE_FRONT)])
    async def full() -> None:
        raise Unavailable("full", retry_after=9)

    @made.get("/v1/typed/{number}", dependencies=[require(Act.SEE_FRONT)])
    async def typed(number: int) -> int:
        return number

    @made.get("/v1/wrong", dependencies=[require(Act.SEE_FRONT)])
    async def wrong() -> None:
        raise Problem(422, "Two things.", type="urn:makegood:clash", faults=[Fault("data.id", "must be new")])

    return made


async def key_door(request: Request) -> Principal | None:
    found = key_in(request.headers, configured({"shop": "good-key"}), now=1)
    return Principal(frozenset({Role.SENDER}), name="key:shop") if found else None


class Served:
    def __init__(self, port: int) -> None:
        self.port = port

    async def raw(self, text: str, body: bytes = b"") -> tuple[str, bytes]:
        """Send bytes as they are; return the whole answer, until the other side closes or says no more."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(text.replace("\n", "\r\n").encode() + b"\r\n" + body)
        await writer.drain()
        try:
            async with asyncio.timeout(LIMIT):
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(_headers(head).get("content-length", "0"))
                return head.decode(), await reader.readexactly(length)
        finally:
            writer.close()

    async def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        lines = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in headers.items())
        head, body = await self.raw(f"GET {path} HTTP/1.1\nHost: 127.0.0.1\n{lines}")
        return int(head.split()[1]), _headers(head.encode()), body


def _headers(head: bytes) -> dict[str, str]:
    lines = head.decode().split("\r\n")[1:]
    return {name.lower(): value for name, _, value in (line.partition(": ") for line in lines) if name}


@pytest.fixture
async def web(request):
    plain = [PlainRoute("/telegram/x", _nothing, Act.RECEIVE_TELEGRAM)]
    app = create_app([router()], doors=[key_door], plain=plain, https=getattr(request, "param", False))
    async with listening(app) as serving:
        yield Served(serving.port)


# --- Rules ---------------------------------------------------------------------------------------------------------


def test_a_route_without_a_rule_is_not_served():
    """Deny by default: forgetting the rule must be seen before the first request."""
    forgetful = APIRouter()
    forgetful.add_api_route("/v1/open", lambda: None)

    with pytest.raises(RouteWithoutRule, match="/v1/open"):
        create_app([forgetful])


def test_a_route_inside_another_router_needs_its_rule_as_well():
    """A rule must not be lost by nesting."""
    inner, outer = APIRouter(), APIRouter()
    inner.add_api_route("/inner", lambda: None)
    outer.include_router(inner, prefix="/v1")

    with pytest.raises(RouteWithoutRule):
        create_app([outer])


def test_every_route_of_the_app_is_known_with_its_act():
    """The generated tests of the policy walk over this table."""
    app = create_app([router()], plain=[PlainRoute("/telegram/x", _nothing, Act.RECEIVE_TELEGRAM)])

    assert acts(app)["POST /v1/echo"] is Act.POST_SERVICE_EVENTS
    assert acts(app)["POST /telegram/x"] is Act.RECEIVE_TELEGRAM
    assert len(acts(app)) == 7


async def _nothing(scope, receive, send):
    await Response()(scope, receive, send)


async def test_every_route_of_the_web_chat_refuses_who_is_nobody(tmp_path):
    """N15, generated from the app: whatever route is added, a stranger gets exactly what the policy says."""
    async with living(tmp_path) as world:
        found = {}
        for route, act in acts(world.app).items():
            method, _, path = route.partition(" ")
            address = world.base + path.replace("{chat}", "w" + "0" * 24).replace("{token}", new_token())
            async with world.http.request(method, address, json={}, headers={"Origin": world.base}) as answer:
                found[route] = (act, answer.status)

    assert {route for route, (act, status) in found.items() if act is Act.CHAT_AS_SELF and status != 404} == set()
    assert {act for act, _ in found.values()} == {Act.SEE_FRONT, Act.OPEN_LINK, Act.CHAT_AS_SELF}


async def test_the_api_tells_a_stranger_to_bring_a_key(web):
    """401 with the way to be known; a page would be 404."""
    head, body = await web.raw("POST /v1/echo HTTP/1.1\nHost: 127.0.0.1\nContent-Length: 0\n")

    assert "401" in head
    assert "www-authenticate: Bearer" in head
    assert json.loads(body)["status"] == 401


async def test_a_plain_route_gets_the_request_as_it_came(web):
    """Telegram's updates pass no framework; the limits and headers of the edge are there all the same."""
    head, _ = await web.raw("POST /telegram/x HTTP/1.1\nHost: 127.0.0.1\nContent-Length: 0\n")

    assert " 200 " in head
    assert "content-security-policy" in head.lower()


async def test_a_port_in_use_is_an_error_that_can_be_told(web):
    """The bot says which address is taken; the server itself would end the process."""
    second = server(create_app([]), host="127.0.0.1", port=web.port)

    with pytest.raises(OSError, match=f"127.0.0.1:{web.port}"):
        await second.serve()


async def test_the_server_stops_although_pages_are_open(tmp_path):
    """Open streams would keep it waiting: they are ended first."""
    async with living(tmp_path) as world:
        page = await world.page(await world.customer_link())
        world.server = server(world.app, host="127.0.0.1", port=0)
        running = asyncio.create_task(world.server.serve())
        await world.server.up.wait()
        async with aclosing(page.events()) as events, asyncio.timeout(LIMIT):
            await anext(events)
            world.streams.close()
            world.server.should_exit = True

            assert [event async for event in events] == []
            await running


async def test_a_good_key_gets_in(web):
    """The door believes the key, the policy its role."""
    head, body = await web.raw(
        "POST /v1/echo HTTP/1.1\nHost: 127.0.0.1\nAuthorization: Bearer good-key\nContent-Length: 2\n", b"{}"
    )

    assert ("200" in head, json.loads(body)) == (True, {"length": 2})


# --- Headers -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/nothing", "/broken", "/v1/typed/5", "/v1/typed/x", "/v1/full"])
async def test_every_answer_carries_the_security_headers(web, path):
    """ASVS 3.4: also the errors, which are the answers an attacker looks at."""
    _, headers, _ = await web.get(path)

    assert "'unsafe-inline'" not in headers["content-security-policy"]
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'self'" in headers["content-security-policy"]
    assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")
    assert headers["cache-control"] == "no-store"
    assert "server" not in headers


@pytest.mark.parametrize(("web", "sent"), [(True, True), (False, False)], indirect=["web"])
async def test_hsts_is_sent_only_over_https(web, sent):
    """A promise of TLS on a machine without it would lock its people out."""
    _, headers, _ = await web.get("/nothing")

    assert ("strict-transport-security" in headers) is sent


async def test_assets_are_kept_for_ever_under_their_edition(tmp_path):
    """A page loads at once the second time, and never with an old script."""
    async with living(tmp_path) as world:
        page = await world.page(await world.customer_link())
        async with world.http.get(f"{world.base}/chat/{page.chat}", headers={"Cookie": page.cookie}) as answer:
            script = (await answer.text()).partition('type="module" src="')[2].partition('"')[0]
        async with world.http.get(world.base + script) as answer:
            assert (answer.status, answer.content_type) == (200, "text/javascript")
            assert "immutable" in answer.headers["Cache-Control"]
        async with world.http.get(f"{world.base}/static/older/chat.js") as answer:
            assert answer.headers["Cache-Control"] == "no-cache"


# --- Limits --------------------------------------------------------------------------------------------------------

POST = "POST /v1/echo HTTP/1.1\nHost: 127.0.0.1\nAuthorization: Bearer good-key\n"


async def test_a_body_that_says_it_is_too_long_is_not_read(web):
    """E4: 10 MB are refused by their announcement; not one byte of them was sent here."""
    head, _ = await web.raw(f"{POST}Content-Length: 10485760\n")

    assert "413" in head


async def test_a_body_that_hides_its_length_is_cut_off(web):
    """G7: a chunked body is refused as soon as it is over the limit."""
    chunk = b"8000\r\n" + b"x" * 0x8000 + b"\r\n"
    head, _ = await web.raw(f"{POST}Transfer-Encoding: chunked\n", chunk * 3)

    assert "413" in head


async def test_a_packed_body_is_refused(web):
    """G7: a few packed bytes may become gigabytes."""
    head, _ = await web.raw(f"{POST}Content-Encoding: gzip\nContent-Length: 2\n", b"xx")

    assert "415" in head


async def test_a_foreign_host_name_is_refused(web):
    """A page elsewhere could point its own name at us and read what only our origin may."""
    head, _ = await web.raw("GET /nothing HTTP/1.1\nHost: evil.example\n")

    assert "421" in head


# --- Errors --------------------------------------------------------------------------------------------------------


async def test_an_unexpected_error_tells_nobody_more(web, caplog):
    """G12: an error's message may hold a customer's words; the log says where it happened."""
    caplog.set_level(logging.DEBUG)
    status, _, body = await web.get("/broken")
    log = "\n".join(record.getMessage() + str(record.exc_text) for record in caplog.records)

    assert (status, b"canary" in body, "canary:" in log) == (500, False, False)
    assert "KeyError in /broken" in log


async def test_a_person_gets_a_page_and_a_program_a_problem(web):
    """RFC 9457 for programs; people are told what to do, in their language."""
    _, machine, body = await web.get("/nothing", Accept="application/json")
    _, human, page = await web.get("/nothing", Accept="text/html", Accept_Language="zh-TW")

    assert (machine["content-type"], json.loads(body)["status"]) == ("application/problem+json", 404)
    assert human["content-type"].startswith("text/html")
    assert "這裡沒有內容" in page.decode()


async def test_a_wrong_parameter_is_named_and_not_repeated(web):
    """The sender finds the mistake; what was sent does not come back in an error."""
    status, _, body = await web.get("/v1/typed/canary")

    assert (status, json.loads(body)["errors"][0]["field"]) == (422, "path.number")
    assert b"canary" not in body


async def test_a_problem_carries_its_faults(web):
    """Programs compare the type, people read the fields."""
    _, _, body = await web.get("/v1/wrong")

    assert json.loads(body) == {
        "type": "urn:makegood:clash",
        "title": HTTPStatus(422).phrase,  # Python 3.13 follows the newer RFC
        "status": 422,
        "detail": "Two things.",
        "errors": [{"field": "data.id", "detail": "must be new"}],
    }


async def test_a_full_database_asks_to_come_again(web):
    """C2: 503 and not a crash; nothing is acknowledged."""
    status, headers, _ = await web.get("/v1/full")

    assert (status, headers["retry-after"]) == (503, "9")
