"""The web server beside the bot: pages, the web chat, the API, and Telegram's webhook, in the same loop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from bot.access.policy import Act
from bot.channels.webchat.routes import webchat_door, webchat_router
from bot.console.desk import Desk
from bot.console.live import Hub
from bot.console.routes import console_door, console_router
from bot.console.sessions import StaffSessions
from bot.operator import OperatorSocket, operator_app
from bot.phrases import say
from bot.rest.callers import key_door, signature_door
from bot.rest.counter import Counter
from bot.rest.routes import rest_router
from bot.web.app import PlainRoute, create_app
from bot.web.serving import Server, server
from bot.webfiles import WebFiles
from conversations.phrases import phrase

if TYPE_CHECKING:
    from fastapi import APIRouter, FastAPI

    from bot.access.gate import Door
    from bot.app import App

log = logging.getLogger("makegood.web")

WEBHOOK = "/telegram/webhook"


def web_of(app: App, *, routers: Sequence[APIRouter] = (), doors: Sequence[Door] = ()) -> FastAPI:
    """Return the web app of a started bot, with more routers and doors when there are any."""
    config = app.config
    business = config.business.name
    https = config.public_url.startswith("https://")
    files = WebFiles(app.database, app.weblog, app.media_folder, app.clock, app.house.media_largest)
    chat = webchat_router(
        app.weblog,
        app.streams,
        app.arrivals,
        app.clock,
        business=lambda language: business or say(phrase("Your feedback"), language),
        https=https,
        zone=config.business.zone,
        embeds=bool(config.web.embedded_in),
        files=files,
    )
    counter = counter_of(app)
    sessions = StaffSessions(app.database, app.clock, app.house.brand)
    hub = Hub(app.streams)
    app.turns.after_each(hub.heard)
    health, folder = app.delivery.health, app.media_folder
    desk = Desk(counter, sessions, health, lambda _: business or "makegood", https, files, folder)
    console = console_router(desk, hub)
    return create_app(
        [chat, rest_router(counter), console, *routers],
        doors=[
            webchat_door(app.weblog),
            console_door(sessions, https),
            key_door(app.keys),
            signature_door(config.api),
            *doors,
        ],
        plain=_webhook(app),
        hosts=config.hosts,
        https=https,
        docs=config.web.api_docs,
        embedded_in=config.web.embedded_in,
    )


def counter_of(app: App) -> Counter:
    """Return what the API is served from."""
    return Counter(
        app.database,
        app.house,
        app.clock,
        app.config,
        planned=app.scheduler.planned_at,
        hand_on=app.turns.hand_on,
        keys=app.keys,
    )


def _webhook(app: App) -> list[PlainRoute]:
    settings = app.config.telegram
    if not settings.token or settings.mode != "webhook":
        return []
    from bot.channels.telegram.webhook import Webhook

    return [PlainRoute(WEBHOOK, Webhook(app.arrivals, app.clock, settings.webhook_secret), Act.RECEIVE_TELEGRAM)]


@asynccontextmanager
async def serving(app: App) -> AsyncIterator[None]:
    """Serve people on the configured address, and the operator on the socket in the data folder."""
    operator = OperatorSocket(operator_app(counter_of(app)), app.config.folder)
    await operator.start()
    try:
        async with served(app, web_of(app)):
            yield
    finally:
        await operator.stop()


@asynccontextmanager
async def served(app: App, web: FastAPI, port: int | None = None) -> AsyncIterator[Server]:
    """Serve a web app while the block runs; open streams are ended first when it stops."""
    config = app.config.web
    made = server(
        web,
        host=config.host,
        port=config.port if port is None else port,
        trusted_proxies=",".join(config.trusted_proxies),
    )
    task = asyncio.create_task(made.serve(), name="web")
    try:
        up = asyncio.create_task(made.up.wait())
        await asyncio.wait({up, task}, return_when=asyncio.FIRST_COMPLETED)
        up.cancel()
        if task.done():
            task.result()
            raise OSError(f"the web server did not start on {config.host}:{config.port}")
        log.info("ready: web chat and API at http://%s:%d", config.host, made.port)
        yield made
    finally:
        app.streams.close()
        made.should_exit = True
        await task
