"""`makegood webhooks list`, `test`, `retry`, `secret`: what other systems and mailboxes are told."""

from typing import TYPE_CHECKING, Any

import click

from bot.cli.asking import Fault, answer_of, with_api
from bot.cli.common import Command, Mistake, awaited, chosen

if TYPE_CHECKING:
    import httpx

    from bot.config import Config
    from storage.notifications import Notification, WayStanding

SHOWN = 20
"""So many of those that were given up are listed, the newest."""


@click.group()
def webhooks() -> None:
    """Other systems and mailboxes that are told what happens: see them, try them, send again what was given up."""


@webhooks.command("list", cls=Command, example="makegood webhooks list")
def list_() -> int:
    """Show each webhook, and e-mail: of what it tells, what waits, and what was given up and why."""
    config = chosen().load()
    standing, parked = awaited(_looked(config)) if config.database.exists() else ({}, [])
    ways = _ways(config)
    if not ways and not standing:
        click.echo("Nobody is told anything yet: write [webhooks.NAME] or [mail] into the settings.", err=True)
        return 0
    for name in dict.fromkeys([*ways, *standing]):
        click.echo(f"{name:<16} {ways.get(name, 'not in the settings any more')}")
        if (stands := standing.get(name)) is not None:
            click.echo(f"{'':<16} {stands.waiting} waiting, {stands.parked} given up")
    for row in parked:
        click.echo(_told(row))
    if parked:
        click.echo("Send them again with: makegood webhooks retry NAME", err=True)
    return 0


def _ways(config: "Config") -> dict[str, str]:
    """Return what is said of each way by the settings; of addresses only the host, since a path may be a secret."""
    from urllib.parse import urlsplit

    told = {
        name: f"{urlsplit(endpoint.url).netloc}: {', '.join(endpoint.types)}"
        for name, endpoint in config.endpoints.items()
    }
    return told | ({"mail": f"{config.mail.host}: message.waiting"} if config.mail.host else {})


def _told(row: "Notification") -> str:
    from bot.audience import name_of
    from bot.clock import iso

    when = str(iso(row.queued_at))[:16].replace("T", " ")
    return f"  {row.id:<8} {name_of(row.way):<16} {row.type:<20} {when}  {row.error or ''}"


async def _looked(config: "Config") -> "tuple[dict[str, WayStanding], list[Notification]]":
    from bot.audience import name_of
    from storage.sqlite import SqliteReader

    reader = SqliteReader(config.database, 5000)
    try:
        await reader.open()
        standing = await reader.read(lambda unit: unit.notifications.standing())
        parked = await reader.read(lambda unit: unit.notifications.parked(SHOWN))
    finally:
        await reader.close()
    return {name_of(each.way): each for each in standing}, parked


@webhooks.command(cls=Command, example="makegood webhooks retry crm\nmakegood webhooks retry 17")
@click.argument("what", metavar="NAME|NUMBER")
def retry(what: str) -> int:
    """Send again what was given up: all of one webhook or of mail, or the one of that number."""
    config = chosen().load()

    async def work(client: "httpx.AsyncClient") -> dict[str, Any]:
        return answer_of(await client.post("/v1/notifications/retries", json={"what": what}))

    count = with_api(config, "makegood webhooks retry", work)["again"]
    click.echo(f"{count} will be sent again." if count else "Nothing was given up there.")
    return 0


@webhooks.command(
    cls=Command,
    example="makegood webhooks test crm\nmakegood webhooks test crm --type message.waiting\n"
    "makegood webhooks test mail --to me@shop.example",
)
@click.argument("name")
@click.option("--type", "type_", metavar="TYPE", help="Of the sample; the first that the webhook wants when not given.")
@click.option("--to", "mailbox", metavar="MAILBOX", help="Who gets the sample e-mail.")
def test(name: str, type_: str | None, mailbox: str | None) -> int:
    """Send a sample now and say what came back. Nothing is stored, and it is not tried again."""
    config = chosen().load()
    if name == "mail":
        return awaited(_test_mail(config, mailbox))
    endpoint = config.endpoints.get(name)
    if endpoint is None:
        raise Mistake(f"there is no webhook {name!r}; write [webhooks.{name}] into the settings.")
    return awaited(_test_webhook(config, name, type_ or endpoint.types[0]))


async def _test_webhook(config: "Config", name: str, type_: str) -> int:
    from bot.access.secrets import new_token
    from bot.audience import TYPES
    from bot.clock import Clock
    from bot.notifying.samples import sample
    from bot.notifying.webhooks import NoAnswer, WebhookWay

    if type_ not in TYPES:
        raise Mistake(f"{type_!r} is no type; write {', '.join(TYPES)}.")
    clock = Clock()
    way = WebhookWay(config.endpoints[name], clock)
    try:
        answer = await way.post(f"msg_{new_token()}", sample(type_, clock.now(), config.public_url), excerpt=True)
    except NoAnswer as error:
        raise Fault(f"{name}: {error.why}.")
    said = f"{name} answered {answer.status}" + (f": {answer.excerpt}" if answer.excerpt else ".")
    if not answer.taken:
        raise Fault(f"{said}\nOnly 200 to 299 counts as taken.")
    click.echo(said)
    return 0


async def _test_mail(config: "Config", mailbox: str | None) -> int:
    from bot.access.secrets import new_token
    from bot.clock import Clock
    from bot.notifying.emails import NoMailbox, composed
    from bot.notifying.letters import Letter
    from bot.notifying.mail import MailWay
    from bot.notifying.retrying import Taken

    if not config.mail.host:
        raise Mistake("no mail server is set; write [mail] into the settings.")
    if mailbox is None:
        raise Mistake("say who gets the sample: makegood webhooks test mail --to me@shop.example")
    clock, business = Clock(), config.business
    letter = Letter(business.language, business.name, "", f"{config.public_url}/")
    try:
        message = composed(
            letter,
            mailbox,
            f"msg_{new_token()}",
            clock.real(),
            sender=config.mail.sender,
            reply_to=config.mail.reply_to,
        )
    except NoMailbox:
        raise Mistake(f"{mailbox!r} is no e-mail address.")
    verdict = await MailWay(config.mail, config.public_url, clock).deliver(message, mailbox)
    if not isinstance(verdict, Taken):
        raise Fault(f"mail: {verdict.why}.")
    click.echo(f"{config.mail.host} took the sample for {mailbox}.")
    return 0


@webhooks.command(cls=Command, example="makegood webhooks secret")
def secret() -> int:
    """Print a new secret for `webhooks.NAME.secrets`. Give it to the receiver, too; it is kept nowhere here."""
    import base64
    import secrets

    click.echo("whsec_" + base64.b64encode(secrets.token_bytes(32)).decode())
    return 0
