"""The API's routes.

    POST   /v1/events                     service events, one or a batch of CloudEvents   202 once stored
    POST   /v1/customers/{id}/links       a personal link for a customer                  201
    GET    /v1/staff                      who works here                                  200
    POST   /v1/staff/invitations          take somebody on, or invite them again          201
    POST   /v1/staff/{name}/sign-in       a one-time link into the console                201
    DELETE /v1/staff/{name}               end somebody's work here                        200
    GET    /v1/health                     alive; for the operator also what is overdue    200, 503

Answers are JSON; refusals are application/problem+json naming the field.
"""

import msgspec
from fastapi import APIRouter, Request
from starlette.responses import Response

from bot.access.gate import principal_of, require
from bot.access.policy import Act, allowed
from bot.rest import staff
from bot.rest.counter import Counter
from bot.rest.customers import make_customer_link
from bot.rest.events import take_events
from bot.rest.health import health_of


def rest_router(counter: Counter) -> APIRouter:
    """Return the routes of the API."""
    router = APIRouter()

    async def events(request: Request) -> Response:
        return _answer(202, await take_events(counter, request))

    async def links(reference: str, request: Request) -> Response:
        return _answer(201, await make_customer_link(counter, reference, request))

    async def list_staff() -> Response:
        return _answer(200, await staff.listing(counter))

    async def invite(request: Request) -> Response:
        return _answer(201, await staff.invite(counter, request))

    async def sign_in(name: str) -> Response:
        return _answer(201, await staff.sign_in(counter, name))

    async def remove(name: str) -> Response:
        return _answer(200, await staff.remove(counter, name))

    async def health(request: Request) -> Response:
        fully = allowed(await principal_of(request), Act.READ_HEALTH)
        status, told = await health_of(counter, fully=fully)
        return _answer(status, told)

    routes = (
        ("/v1/events", events, "POST", Act.POST_SERVICE_EVENTS),
        ("/v1/customers/{reference:path}/links", links, "POST", Act.MAKE_LINKS),
        ("/v1/staff", list_staff, "GET", Act.INVITE_STAFF),
        ("/v1/staff/invitations", invite, "POST", Act.INVITE_STAFF),
        ("/v1/staff/{name:path}/sign-in", sign_in, "POST", Act.SIGN_IN_STAFF),
        ("/v1/staff/{name:path}", remove, "DELETE", Act.INVITE_STAFF),
        ("/v1/health", health, "GET", Act.SEE_ALIVE),
    )
    for path, route, method, act in routes:
        router.add_api_route(path, route, methods=[method], dependencies=[require(act)])
    return router


def _answer(status: int, told: object) -> Response:
    return Response(
        msgspec.json.encode(told),
        status_code=status,
        media_type="application/json",
        headers={"Cache-Control": "no-store"},
    )
