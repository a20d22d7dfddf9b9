"""`makegood survey keep`: the end of an experiment."""

from typing import TYPE_CHECKING
from urllib.parse import quote

import click

from bot.cli.asking import answer_of, with_api
from bot.cli.common import Command, chosen

if TYPE_CHECKING:
    import httpx


@click.command(cls=Command, example="makegood survey keep after_delivery b")
@click.argument("key", metavar="KEY")
@click.argument("side", metavar="SIDE")
def keep(key: str, side: str) -> int:
    """End the experiment of the survey KEY: SIDE (a as it is written, or a variant's key) becomes the survey.

    It is written as a draft, to be looked at and published. Conversations under way stay as they began.
    """

    async def work(client: "httpx.AsyncClient") -> int:
        answer = await client.post(f"/v1/surveys/{quote(key, safe='')}/experiment/keep", json={"side": side})
        return int(answer_of(answer)["revision"])

    revision = with_api(chosen().load(), "makegood survey keep", work)
    click.echo(f"A draft of {key} asks everybody as side {side} was asked (revision {revision}). Publish it to end it.")
    return 0
