"""The demo's page and its levers. The telephones on it are the real web chat, opened by real links."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from urllib.parse import parse_qsl

import httpx
import msgspec
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from bot.access.csrf import from_our_page
from bot.access.gate import Door, require
from bot.access.policy import Act, Principal, Role
from bot.demo.page import show
from bot.demo.world import Cast, World
from bot.phrases import language_for
from bot.wall_clock import wall_time
from bot.web.languages import choose
from bot.web.problems import Problem

LONGEST_LEAP: Final = timedelta(days=7)
DELAY: Final = timedelta(hours=2, minutes=1)
"""What passes after a delivery before the shop's survey asks about it."""


async def visitor_door(request: Request) -> Principal | None:
    """Let whoever has the demo open move its levers: it listens on this machine only, and asks for its own page."""
    if not request.url.path.startswith("/demo/") or not from_our_page(request.headers):
        return None
    return Principal(roles=frozenset({Role.OPERATOR}), name="demo")


DOOR: Door = visitor_door


def demo_router(world: World, port: int) -> APIRouter:
    """Return the routes of the page at `/` and of its levers."""
    levers = _Levers(world, port)
    router = APIRouter()
    router.add_api_route("/", levers.page, methods=["GET"], dependencies=[require(Act.SEE_FRONT)])
    for path, route in (
        ("/demo/story", levers.begin),
        ("/demo/delivery", levers.deliver),
        ("/demo/time", levers.leap),
        ("/demo/standing", levers.standing),
        ("/demo/console", levers.console),
    ):
        router.add_api_route(path, route, methods=["POST"], dependencies=[require(Act.MOVE_DEMO_LEVERS)])
    return router


class _Levers:
    def __init__(self, world: World, port: int) -> None:
        self._world = world
        self._port = port
        self._casts: dict[str, Cast] = {}
        self._deliveries = 0

    async def page(self, request: Request) -> Response:
        language = choose(request.query_params.get("lang"), header=request.headers.get("accept-language", ""))
        return show(language)

    async def begin(self, request: Request) -> Response:
        """Begin a story: answer with where the two telephones open."""
        body = await _json(request)
        cast = await self._world.cast(language_for(str(body.get("language", "en"))))
        self._casts = {cast.reference: cast}
        return _answer(
            {
                "story": cast.reference,
                "customer": f"/c/{cast.customer_token}?compact&lang={cast.language}",
                "staff": f"/c/{cast.staff_token}?compact&lang={cast.language}",
            }
        )

    async def deliver(self, request: Request) -> Response:
        """Send the shop's service event through the public API, and let the time pass until it is asked about."""
        cast = self._cast(await _json(request))
        self._deliveries += 1
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{self._port}", trust_env=False) as shop:
            sent = await shop.post(
                "/v1/events",
                content=msgspec.json.encode(self._world.delivered(cast, self._deliveries)),
                headers={
                    "Authorization": f"Bearer {self._world.key}",
                    "Content-Type": "application/cloudevents+json",
                },
            )
        if sent.status_code == 202:
            self._world.let_pass(DELAY)
        return Response(sent.content, status_code=sent.status_code, media_type="application/json")

    async def leap(self, request: Request) -> Response:
        """Let time pass: `hours` of it."""
        body = await _json(request)
        hours = body.get("hours")
        if not isinstance(hours, int) or not timedelta(0) < timedelta(hours=hours) <= LONGEST_LEAP:
            raise Problem(422, "hours must be a whole number from 1 to 168.")
        self._world.let_pass(timedelta(hours=hours))
        return _answer({"now": self._world.clock.now()})

    async def standing(self, request: Request) -> Response:
        """Answer with the time in the demo and the steps that happened."""
        cast = self._cast(await _json(request))
        now = wall_time(self._world.clock.now(), self._world.app.house.zone, cast.language)
        return _answer({"now": now, "steps": await self._world.standing(cast.reference)})

    async def console(self, request: Request) -> Response:
        """Lead to the console's own sign-in page, as the staff member of the story: a plain form opens it in a tab."""
        fields = dict(parse_qsl((await request.body()).decode("utf-8", "replace"), max_num_fields=8))
        link = await self._world.sign_in_link(self._cast(fields))
        address = f"/console/sign-in/{link.token}?lang={language_for(fields.get('lang', ''))}"
        return RedirectResponse(address, status_code=303)

    def _cast(self, body: Mapping[str, Any]) -> Cast:
        cast = self._casts.get(str(body.get("story", "")))
        if cast is None:
            raise Problem(404, "That story is over. Load the page again.")
        return cast


async def _json(request: Request) -> dict[str, Any]:
    try:
        body = msgspec.json.decode(await request.body())
    except msgspec.DecodeError:
        raise Problem(400, "The body is no JSON.")
    if not isinstance(body, dict):
        raise Problem(422, "The body must be an object.")
    return body


def _answer(told: object) -> Response:
    return Response(msgspec.json.encode(told), media_type="application/json", headers={"Cache-Control": "no-store"})
