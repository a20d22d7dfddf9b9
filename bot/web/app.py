"""The one web app, put together from the routers it is given.

Every route names an act of the policy, or the app is not built. Every answer carries the security headers.
"""

import logging
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.access.gate import Door, RouteWithoutRule, acts_of
from bot.access.policy import Act
from bot.channels.updates import Unavailable
from bot.web.edge import BodyLimit, Headers, Hosts, LastResort
from bot.web.pages import shared_assets
from bot.web.problems import answer_http_error, answer_invalid_request, answer_unavailable

LOOPBACK: Final = ("127.0.0.1", "localhost", "[::1]")
LIMITS: Final[Mapping[str, int]] = {
    "/v1/events*": 1024 * 1024,
    "/v1/surveys/*": 300 * 1024,  # a survey file has 256 KB at most, and who sends a longer one is told so
    "/v1/vouchers": 1024 * 1024,
    "/telegram/*": 1024 * 1024,
    "/console/files*": 50_000_000,
    "/console/surveys/bring-in": 9 * 1024 * 1024,  # a definition may have 8 MB, see conversations.importing
    "/console/surveys/*": 1024 * 1024,
    "/chat/*/files": 50_000_000,  # the setting media.largest counts there, and may allow less
}


ABOUT: Final = (
    "A bot that asks customers how it went and has put right what went wrong. Refusals are RFC 9457 problems; of a body"
    " each error has a JSON pointer to its place, of an address the parameter's name."
)
KEY: Final[dict[str, Any]] = {"type": "http", "scheme": "bearer", "description": "makegood key create NAME"}


class _App(FastAPI):
    def openapi(self) -> dict[str, Any]:
        """Return the description of the API: of `/v1` alone, since pages are for people."""
        told = super().openapi()
        told["paths"] = {path: item for path, item in told["paths"].items() if path.startswith("/v1/")}
        told["components"] = {"securitySchemes": {"key": KEY}}
        return told


class PlainRoute(NamedTuple):
    """A route without the framework's per-request work: an ASGI app that proves by itself who calls it."""

    path: str
    app: ASGIApp
    act: Act
    methods: Sequence[str] = ("POST",)


def create_app(
    routers: Sequence[APIRouter],
    *,
    doors: Sequence[Door] = (),
    plain: Sequence[PlainRoute] = (),
    hosts: Sequence[str] = LOOPBACK,
    https: bool = False,
    limits: Mapping[str, int] = LIMITS,
    docs: bool = False,
    embedded_in: Sequence[str] = (),
) -> FastAPI:
    """Return the app. `hosts` are the host names it serves, without ports; "*" is any.

    `https` says that people reach it through TLS: then HSTS is sent. `docs` shows the description of the API.
    `embedded_in` are the sites that may frame the web chat.
    Raises `RouteWithoutRule` when a route names no act.
    """
    logging.getLogger("sse_starlette").setLevel(logging.WARNING)  # at DEBUG it writes every message it streams
    app = _App(
        title="makegood",
        description=ABOUT,
        docs_url=None,  # its page lives on scripts from elsewhere, which our own policy for pages forbids
        openapi_url="/v1/openapi.json" if docs else None,
        redoc_url=None,
        exception_handlers={
            HTTPException: answer_http_error,
            RequestValidationError: answer_invalid_request,
            Unavailable: answer_unavailable,
        },
    )
    app.state.doors = tuple(doors)
    app.state.acts = _mounted(app, [shared_assets().router(), *routers], plain)
    app.add_middleware(BodyLimit, limits=limits)
    app.add_middleware(Hosts, hosts=hosts)
    app.add_middleware(LastResort)
    app.add_middleware(Headers, https=https, embedded_in=embedded_in)
    return app


def acts(app: FastAPI) -> Mapping[str, Act]:
    """Return the act of every route, by `METHODS path`: what the generated tests of the policy walk over."""
    known: Mapping[str, Act] = app.state.acts
    return known


def _mounted(app: FastAPI, routers: Sequence[APIRouter], plain: Sequence[PlainRoute]) -> dict[str, Act]:
    known = {path: act for router in routers for path, act in acts_of(router)}
    for router in routers:
        app.router.routes.extend(router.routes)  # `include_router` would look into every handler a second time
    for each in plain:
        if not isinstance(each.act, Act):
            raise RouteWithoutRule(each.path)
        app.router.routes.append(Route(each.path, _Plain(each.app), methods=list(each.methods)))
        known[f"{' '.join(each.methods)} {each.path}"] = each.act
    return known


class _Plain:
    """An ASGI app as the router knows one: of a function it would make an endpoint that takes a request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)
