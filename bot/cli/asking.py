"""Asking the API as the operator, for commands that write: the running makegood, or our own process."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click
import msgspec

from bot.cli.common import Mistake, awaited

if TYPE_CHECKING:
    import httpx

    from bot.config import Config

T = TypeVar("T")


class Fault(click.ClickException):
    """It was asked for rightly and could not be done."""

    exit_code = 1

    def show(self, file: object = None) -> None:
        """Print the sentence."""
        click.echo(f"makegood: {self.message}", err=True)


def with_api(config: "Config", command: str, work: "Callable[[httpx.AsyncClient], Awaitable[T]]") -> T:
    """Run `work` with a client that speaks as the operator."""
    from bot.operator_client import asking

    async def asked() -> T:
        async with asking(config, command) as client:
            return await work(client)

    return awaited(asked())


def answer_of(response: "httpx.Response") -> dict[str, Any]:
    """Return what was answered. Raises Mistake or Fault with what was refused, in one sentence."""
    if response.is_success:
        found: dict[str, Any] = msgspec.json.decode(response.content)
        return found
    said = refusal(response)
    raise Mistake(said) if response.status_code < 500 else Fault(said)


def refusal(response: "httpx.Response") -> str:
    """Return why a request was refused."""
    try:
        told: dict[str, Any] = msgspec.json.decode(response.content)
    except msgspec.DecodeError:
        return f"the answer was {response.status_code}."
    errors = [f"{error['pointer'].lstrip('/')} {error['detail']}".strip() for error in told.get("errors", ())]
    return f"{'; '.join(errors) or told.get('detail') or told.get('title', response.status_code)}"
