"""`makegood key create`, `key list`, `key rotate`, `key revoke`."""

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import click

from bot.cli.asking import answer_of, with_api
from bot.cli.common import Command, awaited, chosen

if TYPE_CHECKING:
    import httpx

    from bot.config import Config


@click.group()
def key() -> None:
    """API keys: how your own systems say who they are."""


@key.command(
    cls=Command,
    example="makegood key create shop\nmakegood key create till --expires 90d\nmakegood key create ci --surveys",
)
@click.argument("name")
@click.option("--expires", metavar="SPAN", help="How long it is good, such as 90d; for ever when not given.")
@click.option("--for", "holder", metavar="STAFF", help="In whose name it may say yes or no to offers.")
@click.option("--surveys", is_flag=True, help="It edits and publishes surveys, and may nothing else.")
def create(name: str, expires: str | None, holder: str | None, *, surveys: bool) -> int:
    """Make a key called NAME and print it. It is shown this once: only its digest is kept."""
    body: dict[str, Any] = {"name": name, **({"expires": expires} if expires else {})}
    body |= ({"for": holder} if holder else {}) | ({"surveys": True} if surveys else {})
    told = _asked("makegood key create", "POST", "/v1/keys", body)
    until = f", good until {told['expires_at']}" if told["expires_at"] else ""
    click.echo(f"The key {told['name']}{until}. It is shown this once:", err=True)
    click.echo(told["key"])
    return 0


@key.command("list", cls=Command, example="makegood key list")
def list_() -> int:
    """Show all keys: name, state, last four characters, when made, last used, and until when they are good."""
    rows = awaited(_keys(chosen().load()))
    for row in rows:
        hint = f"…{row['hint']}" if row["hint"] else ""
        click.echo(
            f"{row['name']:<20} {row['state']:<16} {hint:<6} made {_day(row['created_at']):<11}"
            f"used {_hour(row['last_used_at']):<18}until {_hour(row['expires_at'])}"
            + (f"  for {row['for']}" if row["for"] else "")
            + ("  for surveys" if row["surveys"] else "")
        )
    if not rows:
        click.echo("There is no key yet. Run: makegood key create NAME", err=True)
    return 0


@key.command(cls=Command, example="makegood key rotate shop\nmakegood key rotate shop --grace 0s")
@click.argument("name")
@click.option("--grace", metavar="SPAN", help="How long the old one still works; 24h when not given.")
def rotate(name: str, grace: str | None) -> int:
    """Make another key in place of the one called NAME and print it; the old one works until the grace is over."""
    body = {"grace": grace} if grace else {}
    told = _asked("makegood key rotate", "POST", f"/v1/keys/{quote(name, safe='')}/rotations", body)
    click.echo(f"The new key {told['name']}. The old one works until {told['old_until']}. Shown this once:", err=True)
    click.echo(told["key"])
    return 0


@key.command(cls=Command, example="makegood key revoke shop")
@click.argument("name")
def revoke(name: str) -> int:
    """End every key called NAME, at once: the next request with one is refused."""
    told = _asked("makegood key revoke", "DELETE", f"/v1/keys/{quote(name, safe='')}")
    click.echo(f"{told['name']} is revoked.")
    return 0


def _asked(command: str, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    async def work(client: "httpx.AsyncClient") -> dict[str, Any]:
        return answer_of(await client.request(method, path, json=body))

    return with_api(chosen().load(), command, work)


async def _keys(config: "Config") -> list[dict[str, Any]]:
    from bot.clock import Clock
    from bot.rest.keys import listed
    from storage.sqlite import SqliteReader

    settings, now = config.api.keys, Clock().now()
    if not config.database.exists():
        return []
    reader = SqliteReader(config.database, 5000)
    try:
        await reader.open()
        return await reader.read(lambda unit: listed(unit, 1, now, settings))
    finally:
        await reader.close()


def _day(at: str | None) -> str:
    return at[:10] if at else "-"


def _hour(at: str | None) -> str:
    return at[:16].replace("T", " ") if at else "-"
