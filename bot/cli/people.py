"""`makegood link`, `makegood staff invite`, `staff list`, `staff sign-in`, `staff remove`."""

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import click

from bot.cli.asking import answer_of, with_api
from bot.cli.common import Command, Mistake, awaited, chosen

if TYPE_CHECKING:
    import httpx

    from bot.config import Config


@click.command(cls=Command, example='makegood link c-1042 --name "Ana"\nmakegood link c-1042 --language zh-Hant')
@click.argument("customer")
@click.option("--name", help="What the customer is called.")
@click.option("--language", metavar="TAG", help="Such as en or zh-Hans, when it is known.")
@click.option("--zone", metavar="ZONE", help="Such as Europe/Berlin, when it is known.")
def link(customer: str, name: str | None, language: str | None, zone: str | None) -> int:
    """Make a personal link for CUSTOMER, your own id of them. It opens their chat, once, within 30 days."""
    config = chosen().load()
    body = {"name": name, "language": language, "zone": zone}

    async def work(client: "httpx.AsyncClient") -> dict[str, Any]:
        said = {key: value for key, value in body.items() if value is not None}
        return answer_of(await client.post(f"/v1/customers/{quote(customer, safe='')}/links", json=said))

    told = with_api(config, "makegood link", work)
    if told["new"]:
        click.echo(f"{told['customer']} is a new customer.", err=True)
    _show_link(told, config)
    return 0


@click.group()
def staff() -> None:
    """Invite staff members, list them, remove them."""


@staff.command(
    cls=Command, example="makegood staff invite Ben\nmakegood staff invite Eva --role supervisor --language zh-Hans"
)
@click.argument("name")
@click.option(
    "--role",
    "roles",
    multiple=True,
    metavar="ROLE",
    help="staff, supervisor, manager, editor or admin; may be repeated.",
)
@click.option("--language", metavar="TAG", help="en, zh-Hans or zh-Hant.")
def invite(name: str, roles: tuple[str, ...], language: str | None) -> int:
    """Invite NAME to the team. The link binds the chat in which it is opened, once; inviting again makes a new one."""
    config = chosen().load()
    body: dict[str, Any] = {"name": name}
    if roles:
        body["roles"] = list(dict.fromkeys(roles))
    if language:
        body["language"] = language

    async def work(client: "httpx.AsyncClient") -> dict[str, Any]:
        return answer_of(await client.post("/v1/staff/invitations", json=body))

    told = with_api(config, "makegood staff invite", work)
    click.echo(f"{told['name']} is invited as {', '.join(told['roles'])}. The link works once:", err=True)
    _show_link(told, config)
    return 0


@staff.command("list", cls=Command, example="makegood staff list")
def list_() -> int:
    """Show who works here, with which rights, and where they can be reached."""
    config = chosen().load()
    members = awaited(_members(config))
    for member in members:
        where = ", ".join(member["chats"]) or "no chat yet"
        click.echo(f"{member['name']:<20} {', '.join(member['roles']):<28} {member['language']:<8} {where}")
    if not members:
        click.echo("Nobody works here yet. Run: makegood staff invite NAME", err=True)
    return 0


@staff.command("sign-in", cls=Command, example="makegood staff sign-in Ben")
@click.argument("name")
def sign_in(name: str) -> int:
    """Make a link with which NAME signs in to the console, once, within 15 minutes. Give it to nobody else."""
    config = chosen().load()

    async def work(client: "httpx.AsyncClient") -> dict[str, Any]:
        return answer_of(await client.post(f"/v1/staff/{quote(name, safe='')}/sign-in"))

    told = with_api(config, "makegood staff sign-in", work)
    click.echo(f"{told['name']} signs in here, once, within 15 minutes:", err=True)
    click.echo(told["console"])
    return 0


@staff.command(cls=Command, example="makegood staff remove Ben")
@click.argument("name")
def remove(name: str) -> int:
    """End NAME's work here: they hear of no case any more, and their link and sessions are dead."""
    config = chosen().load()

    async def work(client: "httpx.AsyncClient") -> dict[str, Any]:
        return answer_of(await client.delete(f"/v1/staff/{quote(name, safe='')}"))

    told = with_api(config, "makegood staff remove", work)
    click.echo(f"{told['name']} is removed.")
    if told["open_cases"]:
        numbers = ", ".join(map(str, told["open_cases"]))
        click.echo(f"Cases that were theirs and are open: {numbers}. Please see to them.", err=True)
    return 0


async def _members(config: "Config") -> list[dict[str, Any]]:
    from bot.rest.staff import listed
    from storage.sqlite import SqliteReader

    if not config.database.exists():
        raise Mistake(f"there is no database at {config.database}; nobody was invited yet.")
    reader = SqliteReader(config.database, 5000)
    try:
        await reader.open()
        return await reader.read(lambda unit: listed(unit, 1))
    finally:
        await reader.close()


def _show_link(told: dict[str, Any], config: "Config") -> None:
    if told["telegram"]:
        click.echo(f"Telegram  {told['telegram']}")
    elif config.telegram.token:
        click.echo("The bot's name on Telegram is known after the first makegood run.", err=True)
    click.echo(f"Web chat  {told['webchat']}")
