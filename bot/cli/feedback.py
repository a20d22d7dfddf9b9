"""`makegood feedback add`."""

import sys
from typing import TYPE_CHECKING, Any

import click

from bot.access.secrets import new_token
from bot.cli.asking import answer_of, with_api
from bot.cli.common import Command, chosen

if TYPE_CHECKING:
    import httpx


@click.group()
def feedback() -> None:
    """Comments from elsewhere: reviews, mentions, what somebody said at the counter."""


@feedback.command(
    cls=Command,
    example='makegood feedback add "The new lamp flickers" --customer c-1042 --open-case\n'
    'makegood feedback add "Ana praised the fitting" --author Ben',
)
@click.argument("text", required=False)
@click.option("--customer", metavar="ID", help="Your own id of whom it came from.")
@click.option("--kind", default="note", show_default=True, help="mention, review, note or message.")
@click.option("--source", default="staff", show_default=True, help="Where it was said.")
@click.option("--author", metavar="NAME", help="Who said or noted it.")
@click.option("--url", metavar="ADDRESS", help="Where it can be read.")
@click.option("--touchpoint", metavar="KEY", help="What it is about, such as delivery.")
@click.option("--open-case", is_flag=True, help="Open a case for the customer.")
def add(text: str | None, *, open_case: bool, **said: str | None) -> int:
    """Keep TEXT as a comment, or what is typed until Ctrl+D. It counts in no score; a customer's history shows it."""
    body: dict[str, Any] = {key: value for key, value in said.items() if value is not None}
    body |= {"id": new_token(), "text": text if text is not None else sys.stdin.read(), "open_case": open_case}

    async def work(client: "httpx.AsyncClient") -> dict[str, Any]:
        return answer_of(await client.post("/v1/feedback", json=body))

    told = with_api(chosen().load(), "makegood feedback add", work)
    if told["case"] is not None:
        click.echo(f"Kept; it is in case {told['case']}.")
    elif told["task"] is not None:
        click.echo("Kept; the customer has no chat, so there is a task to telephone.")
    else:
        click.echo("Kept.")
    return 0
