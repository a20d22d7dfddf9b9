"""What `makegood check` looks at, in its order. Each finding says what is so and, where it is wrong, how to mend it."""

from collections.abc import AsyncIterator

from bot.checks.database import of_database
from bot.checks.findings import Finding
from bot.checks.machine import of_backups, of_folder, of_sqlite
from bot.checks.notifying import of_notifying
from bot.checks.settings import of_playbook, of_settings, of_surveys
from bot.checks.telegram import of_telegram
from bot.clock import Clock
from bot.config import Config


async def look(config: Config, clock: Clock, language: str = "en") -> AsyncIterator[Finding]:
    """Yield what there is to say of an installation, without changing it. Asks Telegram who we are.

    `language` is that of spans of time in what is found.
    """
    written = (*of_surveys(config), *of_playbook(config))
    for finding in (*of_settings(config), *of_folder(config, clock), *written, *of_sqlite()):
        yield finding
    async for finding in of_database(config, clock):
        yield finding
    for finding in of_backups(config, clock, language):
        yield finding
    async for finding in of_notifying(config):
        yield finding
    async for finding in of_telegram(config, clock):
        yield finding
