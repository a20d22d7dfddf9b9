"""Whether customers who closed the web chat can be told that a message waits, and whether webhooks can go out."""

from collections.abc import AsyncIterator
from urllib.parse import urlsplit

from bot.audience import MESSAGE_WAITING
from bot.checks.findings import Finding, fault, note, ok
from bot.config import Config
from bot.notifying.guard import NotAllowed, checked_addresses, resolve_by_system
from bot.settings.webhooks import Endpoint
from conversations.phrases import phrase


async def of_notifying(config: Config) -> AsyncIterator[Finding]:
    """Yield what is so of the ways out. Asks the name servers for each webhook's host, and nothing of the host."""
    announces = any(MESSAGE_WAITING in endpoint.types for endpoint in config.endpoints.values())
    if not config.telegram.token and not config.mail.host and not announces:
        yield note(
            "reach",
            phrase(
                "Customers who closed the web chat cannot be told that a message waits there: staff must telephone."
            ),
            phrase("Set {settings}, or a bot on Telegram.", settings="[mail], [webhooks.NAME]"),
        )
    if config.mail.host and config.mail.security == "none" and not _this_machine(config.mail.host):
        yield note(
            "mail.security",
            phrase(
                "E-mails go to {host} unencrypted: links and the password can be read on the way.", host=_mail(config)
            ),
            phrase('Set mail.security to "starttls" or "tls".'),
        )
    for name, endpoint in config.endpoints.items():
        yield await _of_endpoint(name, endpoint)


def _mail(config: Config) -> str:
    return f"{config.mail.host}:{config.mail.port}"


def _this_machine(host: str) -> bool:
    return host in ("localhost", "::1") or host.startswith("127.")


async def _of_endpoint(name: str, endpoint: Endpoint) -> Finding:
    parts = urlsplit(endpoint.url)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    try:
        await checked_addresses(host, port, resolve_by_system, allow_private=endpoint.allow_private)
    except NotAllowed:
        return fault(
            f"webhooks.{name}",
            phrase(
                "The webhook {name} may not go to {host}: that is your own network, or nobody's.", name=name, host=host
            ),
            phrase("If it is a machine of yours, set {setting}.", setting=f"webhooks.{name}.allow_private"),
        )
    except (OSError, UnicodeError):
        return note(
            f"webhooks.{name}",
            phrase("The host of the webhook {name} is not known: {host}.", name=name, host=host),
            phrase("See to its name and to this machine's name servers."),
        )
    told = phrase("The webhook {name} goes to {host}.", name=name, host=host)
    return ok(f"webhooks.{name}", told)
