"""Who calls the API: a bearer key, a signature of Standard Webhooks, or the operator's own socket."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from fastapi import Request
from standardwebhooks.webhooks import Webhook, WebhookVerificationError
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.access.gate import Door
from bot.access.keys import KeyRing
from bot.access.policy import Principal, Role
from bot.settings.sections import Api

SIGNATURE: Final = "webhook-signature"
API: Final = "/v1/"
_OPERATOR: Final = "makegood.operator"


def key_door(keys: KeyRing) -> Door:
    """Return the door of the API for `Authorization: Bearer KEY`. It opens no page: those are for people."""

    async def door(request: Request) -> Principal | None:
        return await keys.principal(request.headers) if request.url.path.startswith(API) else None

    return door


def signature_door(api: Api) -> Door:
    """Return the door for signed requests: at most 300 s old, by any of the secrets, so that they can be changed."""
    hooks = tuple((name, Webhook(secret)) for name, secret in api.signing_secrets.items())

    async def door(request: Request) -> Principal | None:
        if SIGNATURE not in request.headers:
            return None
        signer = _signer(hooks, await request.body(), dict(request.headers))
        return None if signer is None else Principal(roles=frozenset({Role.SENDER}), name=f"signed:{signer}")

    return door


def _signer(hooks: Sequence[tuple[str, Webhook]], body: bytes, headers: Mapping[str, str]) -> str | None:
    found = [name for name, hook in hooks if _signed(hook, body, headers)]
    return found[0] if found else None


def _signed(hook: Webhook, body: bytes, headers: Mapping[str, str]) -> bool:
    try:
        hook.verify(body, dict(headers), json_parse=False)
    except (WebhookVerificationError, ValueError):  # ValueError: no UTF-8, no base64, no comma
        return False
    return True


async def operator_door(request: Request) -> Principal | None:
    """The door for what came through the operator's own socket, which only the operator can open."""
    marked: Any = request.scope.get(_OPERATOR)
    return Principal(roles=frozenset({Role.OPERATOR}), name="operator") if marked is True else None


class OperatorOnly:
    """The app as the operator's socket serves it: whoever comes through it is the operator."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Mark the request, which nobody can do from outside: a scope is not part of what is sent."""
        await self._app({**scope, _OPERATOR: True}, receive, send)
