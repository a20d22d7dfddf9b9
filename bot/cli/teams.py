"""`makegood team add`, `team list`, `team set`, `team remove`."""

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import click

from bot.cli.asking import answer_of, with_api
from bot.cli.common import Command, Mistake, awaited, chosen
from bot.cli.tables import as_json, looked_up, table, told
from conversations.phrases import Phrase, phrase

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

NOTHING: Final = "none"
"""What takes a limit, a calendar or a team away."""

HEADS: Final = (
    phrase("team"),
    phrase("people"),
    phrase("hours"),
    phrase("budget a month"),
    phrase("a manager above"),
    phrase("two people above"),
)


@click.group()
def team() -> None:
    """Keep the teams: who works together, by which hours, and what they may give."""


def _options(command: "Callable[..., int]") -> "Callable[..., int]":
    for option in reversed(
        (
            click.option("--calendar", metavar="KEY", help="Their working hours; see makegood calendar. none: ours."),
            click.option("--budget", metavar="AMOUNT", help="What they may give in a month, such as 500.00; or none."),
            click.option(
                "--supervisor-up-to", metavar="AMOUNT", help="Above it a manager must approve an offer; or none."
            ),
            click.option("--two-above", metavar="AMOUNT", help="Above it two people must approve; or none."),
        )
    ):
        command = option(command)
    return command


@team.command(
    cls=Command, example="makegood team add Repairs --calendar workshop\nmakegood team add Front --budget 500.00"
)
@click.argument("name")
@_options
def add(name: str, **said: str | None) -> int:
    """Make the team NAME. People join it with: makegood staff set WHO --team NAME."""
    if any(one["name"] == name for one in _listed()):
        words = phrase(
            "There is a team {name} already; change it with: {command}", name=name, command=f"makegood team set {name}"
        )
        raise Mistake(told(words))
    _keep(name, said)
    click.echo(told(phrase("Who is in it? {command}", command=f"makegood staff set NAME --team {name}")), err=True)
    return 0


@team.command("set", cls=Command, example="makegood team set Repairs --calendar workshop --two-above 200")
@click.argument("name")
@click.option("--name", "called", metavar="NAME", help="What it is called from now on.")
@_options
def set_(name: str, called: str | None, **said: str | None) -> int:
    """Change what is said of the team NAME; what is not named stays."""
    known = [one["name"] for one in _listed()]
    if name not in known:
        raise Mistake(told(_unknown(name, known)))
    if called is None and not any(said.values()):
        options = "--name, --calendar, --budget, --supervisor-up-to, --two-above"
        raise Mistake(told(phrase("Say what is to change: {options}", options=options)))
    _keep(name, said, called)
    return 0


@team.command("list", cls=Command, example="makegood team list\nmakegood team list --json")
@click.option("--json", "plain", is_flag=True, help="As JSON.")
def list_(*, plain: bool) -> int:
    """Show the teams, who is in each, by which hours they work, and what they may give."""
    listed = _listed()
    if plain:
        return as_json(listed)
    if not listed:
        words = phrase(
            "There are no teams: everybody works for the whole business. To make one: {command}",
            command="makegood team add NAME",
        )
        click.echo(told(words))
        return 0
    heads = tuple(map(told, HEADS))
    fields = ("calendar", "per_month", "supervisor_up_to", "two_above")
    rows = [(one["name"], ", ".join(one["people"]), *(one[field] or "" for field in fields)) for one in listed]
    click.echo(table(heads, rows))
    return 0


@team.command(cls=Command, example="makegood team remove Repairs")
@click.argument("name")
def remove(name: str) -> int:
    """End the team NAME: its people work for the whole business, and everybody sees its open cases."""

    async def work(client: "httpx.AsyncClient") -> dict[str, Any]:
        return answer_of(await client.delete(f"/v1/teams/{quote(name, safe='')}"))

    answer = with_api(chosen().load(), "makegood team remove", work)
    click.echo(told(phrase("The team {name} is removed.", name=name)))
    if answer["people"]:
        click.echo(told(phrase("For the whole business work now: {names}", names=", ".join(answer["people"]))))
    return 0


def _keep(name: str, said: dict[str, str | None], called: str | None = None) -> None:
    fields = {"calendar": "calendar", "budget": "per_month"}
    body = {fields.get(field, field): value_of(value) for field, value in said.items() if value is not None}
    if called is not None:
        body["name"] = called

    async def work(client: "httpx.AsyncClient") -> dict[str, Any]:
        return answer_of(await client.put(f"/v1/teams/{quote(name, safe='')}", json=body))

    answer = with_api(chosen().load(), "makegood team", work)
    hours = answer["calendar"] or phrase("the business's waking hours")
    budget = answer["per_month"] or phrase("none")
    words = phrase("{name}: hours {hours}, a month's budget {budget}.", name=answer["name"], hours=hours, budget=budget)
    click.echo(told(words))


def _unknown(name: str, known: list[str]) -> Phrase:
    if not known:
        return phrase("There are no teams yet; make one with: {command}", command="makegood team add NAME")
    return phrase("There is no team {name}; there are: {known}", name=name, known=", ".join(known))


def value_of(written: str) -> str | None:
    """Return what an option says, None where it takes something away."""
    return None if written.strip().lower() in (NOTHING, "") else written


def _listed() -> list[dict[str, Any]]:
    from bot.rest.teams import listed

    config = chosen().load()
    return awaited(looked_up(config, lambda unit: listed(unit, 1, config.business.currency)))
