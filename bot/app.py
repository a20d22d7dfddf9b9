"""The whole bot: everything made, tied together, started in order and stopped in order.

    start: lock · database · polling begins (the rest is loaded while it waits) · surveys · delivery · turns ·
           due rows · web
    stop:  polling and web · turns · due rows · delivery · database

Whatever is slow to import is imported here, late and inside functions, so that the first getUpdates goes out in
less than a second from a cold start.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from bot.arrivals import Arrivals
from bot.clock import Clock
from bot.config import Config
from storage.database import Database
from storage.errors import NeedsMigration

if TYPE_CHECKING:
    from bot.access.keys import KeyRing
    from bot.channels.messages import Channel
    from bot.channels.sources import Source
    from bot.channels.telegram.admin import Identity, TelegramAdmin
    from bot.channels.telegram.http import BotApi
    from bot.channels.telegram.poller import Poller
    from bot.channels.webchat.streams import Streams
    from bot.delivery import Delivery
    from bot.fetching import Fetching
    from bot.house import House
    from bot.intake import Turns
    from bot.media_folder import MediaFolder
    from bot.pacer import Pace
    from bot.scheduler import Scheduler
    from bot.turn import Turned
    from bot.weblog import WebLog

log = logging.getLogger("makegood.app")

MEET_AFTER = 3.0
"""Seconds that answering what waited goes before setting menus, whose library takes most of a second to import."""


class App:
    """One installation at work. `start` it, `stop` it; between the two its parts are there to be used."""

    house: House
    delivery: Delivery
    turns: Turns
    scheduler: Scheduler
    streams: Streams
    weblog: WebLog
    keys: KeyRing
    channels: dict[str, Channel]
    media_folder: MediaFolder
    fetching: Fetching

    def __init__(self, config: Config, clock: Clock | None = None, *, file: Path | None = None) -> None:
        self.config = config
        self._file = file  # the settings' own, for backups
        self.clock = clock or Clock()
        self.api: BotApi | None = None
        self.poller: Poller | None = None
        self.admin: TelegramAdmin | None = None
        self.identity: Identity | None = None
        self._stack = AsyncExitStack()
        self._background: set[asyncio.Task[None]] = set()
        self._polling: asyncio.Task[None] | None = None

    # -- start

    async def start(self) -> None:
        """Start everything but the web, which is the caller's; on failure what was started is stopped again."""
        try:
            self.database = await open_database(self.config)
            self._stack.push_async_callback(self.database.close)
            self.arrivals = await Arrivals.open(self.database, self.clock)
            await self._start_polling()
            await self._start_product()
            self._in_background(self._meet_telegram())
        except BaseException:
            await self.stop()
            raise

    async def _start_polling(self) -> None:
        """Send the first getUpdates; what comes is stored and waits until the product is loaded."""
        settings = self.config.telegram
        if not settings.token:
            return
        from bot.channels.telegram.http import BotApi

        self.api = BotApi(settings.token, settings.api_base, settings.proxy or None)
        self._stack.push_async_callback(self.api.close)
        if settings.mode != "polling":
            return
        from bot.channels.telegram.poller import OFFSET, POLLED_AT, Poller

        known = await self.database.read(lambda unit: (unit.facts.get(1, OFFSET), unit.facts.get(1, POLLED_AT)))
        self.poller = Poller(
            self.api,
            self.arrivals,
            self.clock,
            offset=int(known[0]) if known[0] else None,
            polled_at=int(known[1]) if known[1] else None,
            on_gap=self._ask_again,
            wait_seconds=int(settings.poll_wait.total_seconds()),
        )
        self._polling = self._in_background(self.poller.run())
        await asyncio.sleep(0)  # let the question go out before the imports below hold the loop

    async def _start_product(self) -> None:
        from bot.access.keys import KeyRing
        from bot.backups import chore as backup_chore
        from bot.backups.chore import BackupChore
        from bot.channels.telegram.source import TelegramFiles
        from bot.channels.webchat.streams import Streams
        from bot.consequences import Fates
        from bot.delivery import Delivery, DeliverySettings
        from bot.enclosing import Enclosing, put_pens_away
        from bot.fetching import Fetching
        from bot.intake import Turns
        from bot.media_folder import MediaFolder
        from bot.scheduler import Scheduler

        self.streams = Streams()
        self.house = msgspec.structs.replace(await self._open_house(), presence=self.streams)
        self.media_folder = MediaFolder(self.config.media_folder)
        self._make_channels()
        self.delivery = Delivery(
            self.database,
            self.channels,
            self.clock,
            Fates(self.house, self.clock),
            paces={"telegram": _pace(self.config)},
            enclosing=Enclosing(
                self.database,
                self.media_folder,
                self.clock,
                self.config.business.language,
                self.config.media.largest,
            ),
            settings=DeliverySettings(edit_delay=self.config.delivery.edit_delay.total_seconds()),
        )
        await self.delivery.start()
        self._stack.callback(put_pens_away)
        self._stack.push_async_callback(self.delivery.stop)
        self.delivery.first_batch_taken("webchat")
        self.turns = Turns(self.database, self.clock, self.house, self.delivery, self.channels)
        self.keys = KeyRing(self.config.api.keys, self.database, self.clock, self.house.brand)
        backups = BackupChore(self.database, self.config, self._file, self.clock)
        begins = {backup_chore.KIND: backups.begin} if self.config.backup.every else {}
        self.scheduler = Scheduler(self.database, self.house, self.clock, self.turns.hand_on, begins)
        self.turns.after_each(self.scheduler.planned)
        self.turns.after_each(self._show_menus)
        self.turns.after_each(self._leave_groups)
        self._stack.push_async_callback(self.turns.drain)
        await self.turns.begin(self.arrivals)
        self._stack.push_async_callback(backups.stop)
        sources: dict[str, Source] = {} if self.api is None else {"telegram": TelegramFiles(self.api)}
        self.fetching = Fetching(self.database, self.media_folder, sources, self.clock, self.house, self.turns.hand_on)
        self.turns.after_each(self.fetching.look)
        await self.fetching.start()
        self._stack.push_async_callback(self.fetching.stop)
        self.scheduler.start()
        self._stack.push_async_callback(self.scheduler.stop)
        await self._start_notifying()
        if self.poller is not None:
            self._in_background(self._tell_when_caught_up(self.poller))
        elif self.api is not None:
            self.delivery.first_batch_taken("telegram")

    async def _start_notifying(self) -> None:
        """Begin to tell other systems and mailboxes; give up what waits for one that is not set any more."""
        from bot.notifying.sender import Notifier
        from bot.notifying.ways import ways_of

        ways = ways_of(self.config, self.clock)
        notifier = Notifier(self.database, self.clock, self.house, ways, self.turns.hand_on)
        self.turns.after_each(notifier.hear)
        await notifier.start()
        self._stack.push_async_callback(notifier.stop)

    def _make_channels(self) -> None:
        from bot.channels.webchat.channel import WebChat
        from bot.weblog import WebLog

        self.weblog = WebLog(self.database, self.clock)
        self.channels = {"webchat": WebChat(self.weblog, self.streams)}
        if self.api is not None:
            from bot.channels.telegram.channel import Telegram

            self.channels["telegram"] = Telegram(self.api)

    async def _open_house(self) -> House:
        """Publish the surveys that ship with us and the business's own, and say who we are."""
        from bot import chores, silent, tallying
        from bot.backups import chore as backup_chore
        from bot.offers_checking import hold_currency
        from bot.publishing import publish, wanted
        from bot.settings.houses import house_of

        surveys, now = wanted(self.config), self.clock.now()
        await self.database.read(lambda unit: hold_currency(unit, 1, self.config.business.currency))
        await self.database.run(lambda unit: publish(unit, 1, surveys, now))
        await self.database.run(lambda unit: chores.plan(unit, 1, now))
        await self.database.run(lambda unit: backup_chore.plan(unit, 1, self.config, now))
        house = house_of(self.config)
        await self.database.run(lambda unit: silent.plan(unit, house, now))
        if not await tallying.prepare(self.database, house):
            self._in_background(tallying.count(self.database, house))
        return house

    # -- Telegram, beside the hot path

    async def _tell_when_caught_up(self, poller: Poller) -> None:
        await poller.caught_up.wait()
        self.delivery.first_batch_taken("telegram")

    async def _meet_telegram(self) -> None:
        """Learn who we are there, and set our menus; try again until Telegram can be reached."""
        if self.api is None:
            return
        from bot.channels.messages import NotDelivered
        from bot.channels.telegram.admin import TelegramAdmin
        from bot.menus import menus

        admin = self.admin = TelegramAdmin(self.api, self.config.telegram.token)
        pause, met = 1.0, False
        while not met:
            try:
                await self._learn_name(admin)
                await self._set_webhook(admin)
                await asyncio.sleep(MEET_AFTER if self.poller is not None else 0)
                await admin.register_commands(*menus(self.house.language))
                met = True
            except NotDelivered as error:
                log.warning("telegram does not answer yet (%s); trying again in %d s", error.reason, pause)
                await asyncio.sleep(pause)
                pause = min(60.0, pause * 2)

    async def _learn_name(self, admin: TelegramAdmin) -> None:
        """Learn our name there, which links begin with."""
        from bot.links import USERNAME

        if self.identity is None:
            identity = await admin.identity()
            await self.database.run(lambda unit: unit.facts.put(1, USERNAME, identity.username))
            self.identity = identity

    async def _set_webhook(self, admin: TelegramAdmin) -> None:
        settings = self.config.telegram
        if settings.mode == "webhook":
            url = settings.webhook_url or f"{self.config.public_url.rstrip('/')}/telegram/webhook"
            await admin.set_webhook(url, settings.webhook_secret, settings.webhook_connections)

    async def _ask_again(self, gap: int) -> None:
        """After a gap in which taps were lost, plan to show each open question of the last day once more."""
        from bot.timers import plan_asking_again

        now = self.clock.now()
        count = await plan_asking_again(self.database, now, gap)
        log.warning("taps were lost in a gap of %d s; %d open questions will be shown again", gap // 1000, count)
        self.scheduler.wake()

    def _leave_groups(self, done: Turned) -> None:
        for channel, chat in done.leaves:
            if channel == "telegram" and self.admin is not None:
                self._in_background(self._leave_group(self.admin, chat))

    async def _leave_group(self, admin: TelegramAdmin, chat: str) -> None:
        from bot.channels.messages import NotDelivered

        try:
            await admin.leave(chat)
        except NotDelivered as error:
            log.info("a group was not left: %s", error.reason)

    def _show_menus(self, done: Turned) -> None:
        for address, language, edits in done.menus:
            if address.channel == "telegram" and self.admin is not None:
                kind = "editor" if edits else address.kind
                self._in_background(self._show_menu(self.admin, address.chat, language, kind))

    async def _show_menu(self, admin: TelegramAdmin, chat: str, language: str, kind: str) -> None:
        from bot.channels.messages import NotDelivered
        from bot.menus import menu

        try:
            await admin.register_for_chat(chat, menu(kind, language))
        except NotDelivered as error:
            log.info("a chat's menu was not set: %s", error.reason)

    # -- stop

    def _in_background(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)
        return task

    async def stop(self) -> None:
        """Take nothing more in, finish and record what was begun, close. Safe to repeat."""
        if self.poller is not None:
            self.poller.stop()
        for task in self._background - {self._polling}:
            task.cancel()
        if self._background:
            await asyncio.wait(self._background, timeout=10)
        await self._stack.aclose()


def _pace(config: Config) -> Pace:
    from bot.pacer import Pace

    settings = config.delivery
    return Pace(
        overall_per_s=settings.overall_per_s,
        chat_per_s=settings.chat_per_s,
        chat_burst=settings.chat_burst,
        group_per_min=settings.group_per_min,
    )


async def open_database(config: Config) -> Database:
    """Open the installation's database; one of an earlier version is led to ours first, after a verified copy."""
    config.database.parent.mkdir(parents=True, exist_ok=True)
    try:
        return await Database.open(config.database, synchronous=config.storage.synchronous)
    except NeedsMigration:
        from storage.migrations import migrate

        await migrate(config.database)
        return await Database.open(config.database, synchronous=config.storage.synchronous)
