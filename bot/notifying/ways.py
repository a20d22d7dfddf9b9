"""The ways of the settings: who wants to hear of what, and how each of them is reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.audience import MAIL, TYPES, Audience, webhook_way

if TYPE_CHECKING:
    from bot.clock import Clock
    from bot.config import Config
    from bot.notifying.sender import Way


def audience_of(config: Config) -> Audience:
    """Return who is told of what."""
    endpoints = config.endpoints
    wanted = {
        type_: tuple(webhook_way(name) for name, endpoint in endpoints.items() if type_ in endpoint.types)
        for type_ in TYPES
    }
    return Audience(
        webhooks={type_: ways for type_, ways in wanted.items() if ways},
        mail=bool(config.mail.host),
        announce_every=config.contact.announce_every,
    )


def ways_of(config: Config, clock: Clock) -> dict[str, Way]:
    """Return the ways by name. What each needs is imported only where it is set: most installations have none."""
    ways: dict[str, Way] = {}
    if config.endpoints:
        from bot.notifying.webhooks import WebhookWay

        ways |= {webhook_way(name): WebhookWay(endpoint, clock) for name, endpoint in config.endpoints.items()}
    if config.mail.host:
        from bot.notifying.mail import MailWay

        ways[MAIL] = MailWay(config.mail, config.public_url, clock)
    return ways
