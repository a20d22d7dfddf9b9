"""`makegood link`, `makegood staff invite`, `staff list`, `staff set`, `staff sign-in`, `staff remove`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import click

from bot.cli.asking import answer_of, with_api
from bot.cli.common import Command, Mistake, awaited, chosen
from bot.cli.tables import as_json, looked_up, table, told
from bot.cli.teams import value_of
from conversations.phrases import phrase

if TYPE_CHECKING:
    import httpx

    from bot.config import Config


@click.command(
    cls=Command,
    example='makegood link c-1042 --name "Ana" --qr\nmakegood link --place counter --name "At the till" --svg till.svg',
)
@click.argument("customer", required=False)
@click.option("--name", help="What the customer, or the place, is called.")
@click.option("--language", metavar="TAG", help="Such as en or zh-Hans, when it is known.")
@click.option("--zone", metavar="ZONE", help="Such as Europe/Berlin, when it is known.")
@click.option("--place", metavar="KEY", help="A counter, a table, a room instead: one address for everybody, to print.")
@click.option("--touchpoint", metavar="TOUCHPOINT", help="What is asked about at the place.")
@click.option("--retire", is_flag=True, help="Ask nothing at the place any more.")
@click.option("--qr", is_flag=True, help="Show the QR code here.")
@click.option("--png", type=click.Path(path_type=Path, dir_okay=False), help="Write the QR code to this file.")
@click.option("--svg", type=click.Path(path_type=Path, dir_okay=False), help="Write the QR code to this file.")
@click.option(
    "--channel", type=click.Choice(["telegram", "webchat"]), help="Where the QR code leads; Telegram if known."
)
def link(
    customer: str | None,
    name: str | None,
    language: str | None,
    zone: str | None,
    place: str | None,
    touchpoint: str | None,
    retire: bool,
    qr: bool,
    png: Path | None,
    svg: Path | None,
    channel: str | None,
) -> int:
    """Make a personal link for CUSTOMER, your own id of them: it opens their chat, once, within 30 days.

    With --place make or show the address of a place instead. It stays the same, so that it can be printed.
    """
    if customer and place:
        raise Mistake("name a customer or a place, not both.")
    about = {"name": name, "language": language, "zone": zone, "key": place, "touchpoint": touchpoint}
    said = {key: value for key, value in about.items() if value is not None}
    config = chosen().load()
    told = _place(config, place, said, retire=retire) if place else _personal(config, customer, said, retire=retire)
    if told is None:
        return 0
    _show_link(told, config)
    _show_code(told, qr=qr, png=png, svg=svg, channel=channel)
    return 0


def _personal(config: "Config", customer: str | None, said: dict[str, str], *, retire: bool) -> dict[str, Any]:
    if not customer:
        raise Mistake("name a customer, or a place with --place KEY.")
    if "touchpoint" in said or retire:
        raise Mistake("--touchpoint and --retire are for a place; name it with --place KEY.")

    async def work(client: "httpx.AsyncClient") -> dict[str, Any]:
        return answer_of(await client.post(f"/v1/customers/{quote(customer, safe='')}/links", json=said))

    told = with_api(config, "makegood link", work)
    if told["new"]:
        click.echo(f"{told['customer']} is a new customer.", err=True)
    return told


def _place(config: "Config", key: str, said: dict[str, str], *, retire: bool) -> dict[str, Any] | None:
    """Return the place as it is now; None when it was retired, which is all there is to say then."""
    if "language" in said or "zone" in said:
        raise Mistake("--language and --zone are for a customer, and a place is for everybody.")

    async def work(client: "httpx.AsyncClient") -> dict[str, Any]:
        if retire:
            return answer_of(await client.delete(f"/v1/places/{quote(key, safe='')}"))
        return answer_of(await client.post("/v1/places", json=said))

    told = with_api(config, "makegood link --place", work)
    if retire:
        click.echo(f"{told['key']} is retired: who scans its code is told so kindly.")
        return None
    new = "new place, " if told["new"] else ""
    click.echo(f"{told['name']} ({new}touchpoint {told['touchpoint']}):", err=True)
    return told


def _show_code(told: dict[str, Any], *, qr: bool, png: Path | None, svg: Path | None, channel: str | None) -> None:
    """Show the code of a link, or write it; where it leads is the first of Telegram and the web chat that there is."""
    from bot.cli import codes

    leads_to = told[channel] if channel else told["telegram"] or told["webchat"]
    if leads_to is None:
        raise Mistake("the bot's name on Telegram is known after the first makegood run.")
    for path, kind in ((png, "png"), (svg, "svg")):
        if path is not None:
            codes.save(leads_to, path, kind)
            click.echo(f"{path} holds the code of {leads_to if 'key' in told else 'the link'}.", err=True)
    if qr:
        click.echo(codes.drawn(leads_to))


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


@staff.command("list", cls=Command, example="makegood staff list\nmakegood staff list --json")
@click.option("--json", "plain", is_flag=True, help="As JSON.")
def list_(*, plain: bool) -> int:
    """Show who works here: rights, team, what they know, how much they have to do, and whether they are on duty."""
    config = chosen().load()
    members = awaited(_members(config))
    if plain:
        return as_json(members)
    if not members:
        words = phrase("Nobody works here yet. Run: {command}", command="makegood staff invite NAME")
        click.echo(told(words), err=True)
        return 0
    click.echo(table(tuple(map(told, HEADS)), [_row(member) for member in members]))
    return 0


HEADS: Final = (
    phrase("name"),
    phrase("roles"),
    phrase("language"),
    phrase("chats"),
    phrase("team"),
    phrase("skills"),
    phrase("areas"),
    phrase("speaks"),
    phrase("hours"),
    phrase("load"),
    phrase("limits"),
    phrase("duty"),
)


def _row(member: dict[str, Any]) -> tuple[str, ...]:
    limits = [
        member["per_case"] and told(phrase("{amount} a case", amount=member["per_case"])),
        member["per_day"] and told(phrase("{amount} a day", amount=member["per_day"])),
    ]
    return (
        member["name"],
        ", ".join(member["roles"]),
        member["language"],
        ", ".join(member["chats"]) or told(phrase("no chat yet")),
        member["team"] or "",
        *(", ".join(member[field]) for field in ("skills", "areas", "speaks")),
        member["calendar"] or "",
        f"{member['load']}/{member['load_limit']}",
        ", ".join(filter(None, limits)),
        _duty(member),
    )


def _duty(member: dict[str, Any]) -> str:
    at = member["duty_changes_at"]
    when = "" if at is None else at[:16] + "Z"
    if member["duty"] == "on_duty":
        return told(phrase("on duty"))
    if member["duty"] == "away":
        return told(phrase("away since {when}", when=when))
    return told(phrase("off duty until {when}", when=when) if when else phrase("off duty"))


@staff.command(
    "set",
    cls=Command,
    example="makegood staff set Ben --team Repairs --skills repair,heating --areas north --speaks en,zh\n"
    "makegood staff set Eva --role staff --role supervisor --per-case 50 --per-day 200 --calendar shop",
)
@click.argument("name")
@click.option("--team", metavar="TEAM", help="The team NAME works in; none: for the whole business.")
@click.option("--skills", metavar="LIST", help="What NAME knows, with commas; none: nothing special.")
@click.option("--areas", metavar="LIST", help="Where NAME works, with commas; none: everywhere.")
@click.option("--speaks", metavar="LIST", help="Languages for customers, such as en,zh; none: the one NAME reads.")
@click.option("--calendar", metavar="KEY", help="NAME's own working hours; none: those of the team.")
@click.option(
    "--load-limit", type=int, metavar="NUMBER", help="Severities of open cases that NAME looks after at most."
)
@click.option("--per-case", metavar="AMOUNT", help="What NAME may give in one case without asking; or none.")
@click.option("--per-day", metavar="AMOUNT", help="What NAME may give in one day without asking; or none.")
@click.option("--role", "roles", multiple=True, metavar="ROLE", help="Instead of the rights so far; may be repeated.")
def set_(name: str, roles: tuple[str, ...], **said: str | int | None) -> int:
    """Change what is said of NAME; what is not named stays."""
    body: dict[str, Any] = {
        field: _listed(str(value)) if field in LISTS else value_of(value) if isinstance(value, str) else value
        for field, value in said.items()
        if value is not None
    }
    if roles:
        body["roles"] = list(dict.fromkeys(roles))
    if not body:
        raise Mistake(told(phrase("Say what is to change: {options}", options="makegood staff set --help")))

    async def work(client: "httpx.AsyncClient") -> dict[str, Any]:
        return answer_of(await client.patch(f"/v1/staff/{quote(name, safe='')}", json=body))

    changed = with_api(chosen().load(), "makegood staff set", work)
    click.echo(table(tuple(map(told, HEADS)), [_row(changed)]))
    return 0


LISTS: Final = ("skills", "areas", "speaks")


def _listed(written: str) -> list[str]:
    return [] if value_of(written) is None else [part.strip() for part in written.split(",") if part.strip()]


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

    answer = with_api(config, "makegood staff remove", work)
    click.echo(told(phrase("{name} is removed.", name=answer["name"])))
    for one in answer["given_to"]:
        number = one["case"]
        if one["to"] is None:
            words = phrase("Case {number} was theirs, and nobody else could have it: please see to it.", number=number)
        else:
            words = phrase("Case {number} was theirs: {name} has it now.", number=number, name=one["to"])
        click.echo(told(words), err=one["to"] is None)
    return 0


async def _members(config: "Config") -> list[dict[str, Any]]:
    from bot.clock import Clock
    from bot.rest.staff import listed

    now = Clock().now()
    return await looked_up(config, lambda unit: listed(unit, 1, config.business.currency, now))


def _show_link(told: dict[str, Any], config: "Config") -> None:
    if told["telegram"]:
        click.echo(f"Telegram  {told['telegram']}")
    elif config.telegram.token:
        click.echo("The bot's name on Telegram is known after the first makegood run.", err=True)
    click.echo(f"Web chat  {told['webchat']}")
