"""`makegood voucher import`, `voucher list`, `voucher show`, `voucher redeem`."""

import csv
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import click

from bot.cli.asking import answer_of, with_api
from bot.cli.common import Command, Mistake, chosen
from bot.cli.progress import Progress
from bot.cli.speech import terminal_language
from conversations.phrases import phrase

if TYPE_CHECKING:
    import httpx

AT_ONCE: Final = 500
"""Codes in one request: the chats of customers go on between two of them."""

MOST_NAMED: Final = 20
WORKING: Final = {"import": phrase("Bringing codes in")}
KINDS: Final = ("voucher", "credit", "refund", "gift", "extra_allowance")


@click.group()
def voucher() -> None:
    """Vouchers: bring your own codes in, see them, redeem them."""


@voucher.command(
    "import",
    cls=Command,
    example="makegood voucher import codes.csv --worth 20\nmakegood voucher import coffee.csv --kind gift",
)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--kind", type=click.Choice(KINDS), default="voucher", show_default=True, help="For which offers they are."
)
@click.option("--worth", metavar="AMOUNT", help="For offers of this amount only, such as 20; for any when not given.")
@click.option("--pool", metavar="NAME", help="What this import is called; the file's name when not given.")
def import_(file: Path, kind: str, worth: str | None, pool: str | None) -> int:
    """Bring the codes of FILE in: a CSV file with the codes in its column `code`, else in its first.

    Accepted offers of the kind get one of them each, the oldest first, before any code is made.
    """
    codes, config = codes_in(file), chosen().load()
    if not codes:
        raise Mistake(f"{file} holds no codes: write one a line, or a column named code.")
    body = {"kind": kind, "worth": worth, "pool": pool or file.stem}
    twice = [code for code, count in Counter(codes).items() if count > 1]
    once = list(dict.fromkeys(codes))

    async def work(client: "httpx.AsyncClient") -> tuple[int, list[str]]:
        taken, here = 0, list[str]()
        for at in range(0, len(once), AT_ONCE):
            answer = await client.post("/v1/vouchers", json={**body, "codes": once[at : at + AT_ONCE]})
            told = answer_of(answer)
            taken, here = taken + told["taken_in"], here + told["here_already"]
            shown.show("import", min(1.0, (at + AT_ONCE) / len(once)))
        return taken, here

    with Progress(terminal_language(None, config.business.language), WORKING) as shown:
        taken, here = with_api(config, "makegood voucher import", work)
    click.echo(f"{taken} codes brought in as {pool or file.stem}.")
    _name("twice in the file, and brought in once", twice)
    _name("here already, and left as they were", here)
    return 0


def codes_in(file: Path) -> list[str]:
    """Return the codes of a CSV file, in their order. Raises Mistake when it cannot be read as one."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            rows = [row for row in csv.reader(lines) if any(cell.strip() for cell in row)]
    except (UnicodeDecodeError, csv.Error):
        raise Mistake(f"{file} is no CSV file in UTF-8; save it as one.")
    if not rows:
        return []
    head = [cell.strip().lower() for cell in rows[0]]
    column = head.index("code") if "code" in head else 0
    body = rows[1:] if "code" in head else rows
    return [row[column].strip() for row in body if len(row) > column and row[column].strip()]


def _name(what: str, codes: list[str]) -> None:
    if codes:
        named = ", ".join(codes[:MOST_NAMED])
        more = f" and {len(codes) - MOST_NAMED} more" if len(codes) > MOST_NAMED else ""
        click.echo(f"{len(codes)} {what}: {named}{more}", err=True)


@voucher.command("list", cls=Command, example="makegood voucher list\nmakegood voucher list --codes")
@click.option("--codes", is_flag=True, help="Every code too, not only how many are free.")
def list_(codes: bool) -> int:
    """Show the pools: how many codes are free, of how many."""

    async def work(client: "httpx.AsyncClient") -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        answer = answer_of(await client.get("/v1/vouchers", params={"limit": 500}))
        pools, found = answer["pools"], list(answer["vouchers"])
        while codes and answer["vouchers"]:
            answer = answer_of(await client.get("/v1/vouchers", params={"limit": 500, "after": answer["after"]}))
            found += answer["vouchers"]
        return pools, found

    pools, found = with_api(chosen().load(), "makegood voucher list", work)
    for pool in pools:
        click.echo(f"{pool['pool'] or '(made for offers)':<28} {pool['kind']:<16} {pool['free']} free of {pool['all']}")
    if not pools:
        click.echo("There is no code yet. Bring yours in with: makegood voucher import FILE.csv", err=True)
    for one in found if codes else ():
        click.echo(_line(one))
    return 0


@voucher.command(cls=Command, example="makegood voucher show 7K3M-XWQ2-9HDT")
@click.argument("code")
def show(code: str) -> int:
    """Show what CODE is worth, and how it stands."""

    async def work(client: "httpx.AsyncClient") -> dict[str, Any]:
        return answer_of(await client.get(f"/v1/vouchers/{quote(code, safe='')}"))

    click.echo(_line(with_api(chosen().load(), "makegood voucher show", work)))
    return 0


@voucher.command(cls=Command, example="makegood voucher redeem 7K3M-XWQ2-9HDT\nmakegood voucher redeem CODE --undo")
@click.argument("code")
@click.option("--undo", is_flag=True, help="It was a mistake: what was given came back. The code is good once again.")
def redeem(code: str, undo: bool) -> int:
    """Redeem CODE, once. A second time is refused, saying when it was."""

    async def work(client: "httpx.AsyncClient") -> dict[str, Any]:
        act = "undo" if undo else "redeem"
        return answer_of(await client.post(f"/v1/vouchers/{quote(code, safe='')}/{act}"))

    click.echo(_line(with_api(chosen().load(), "makegood voucher redeem", work)))
    return 0


def _line(one: dict[str, Any]) -> str:
    worth = f"{one['worth']} {one['currency']}" if one["worth"] else one["what"] or "what its offer says"
    until = f", until {one['valid_until'][:10]}" if one["state"] == "good" else ""
    when = f", {one['redeemed_at'][:16].replace('T', ' ')} by {one['redeemed_by']}" if one["redeemed_at"] else ""
    return f"{one['code']:<20} {one['kind']:<16} {worth:<20} {one['state']}{until}{when}"
