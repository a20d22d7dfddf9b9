"""The policy at the door of every route: `require(Act.X)` on it, or the app is not built.

Who a request comes from is told by doors: each reads one kind of credential (a chat's cookie, an API key) and
returns a principal, or None when there is none of its kind. The first that knows somebody is believed.
"""

from collections.abc import Awaitable, Callable, Iterator, Sequence

from fastapi import APIRouter, Depends, Request
from fastapi.params import Depends as Declared
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute

from bot.access.policy import NOBODY, Act, Principal, Subject, allowed

Door = Callable[[Request], Awaitable[Principal | None]]


class Refused(HTTPException):
    """The policy said no. Who is nobody gets 401 in the API and the console, which tell how to be known; for others,
    and elsewhere, it looks like a page that is not there.
    """

    def __init__(self, act: Act, *, status: int) -> None:
        headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
        super().__init__(status, headers=headers)
        self.act = act


class RouteWithoutRule(Exception):
    """A route names no act. Put `dependencies=[require(Act.…)]` on it."""

    def __init__(self, path: str) -> None:
        super().__init__(f"route {path} names no act: put dependencies=[require(Act.…)] on it")
        self.path = path


class _Rule:
    def __init__(self, act: Act) -> None:
        self.act = act

    async def __call__(self, request: Request) -> Principal:
        principal = await principal_of(request)
        if not allowed(principal, self.act, _subject_of(request)):
            raise Refused(self.act, status=_status(request, principal))
        return principal


def require(act: Act) -> Declared:
    """Return the dependency that lets a request through only when the policy allows `act`.

    Used in a route's `dependencies`, or as a default value to get the principal. The subject of the act is the
    chat in the route's path, if there is one.
    """
    declared: Declared = Depends(_Rule(act))
    return declared


async def principal_of(request: Request) -> Principal:
    """Return who a request comes from, as the app's doors see it."""
    doors: Sequence[Door] = request.app.state.doors
    for door in doors:
        if (principal := await door(request)) is not None:
            return principal
    return NOBODY


def acts_of(router: APIRouter) -> Iterator[tuple[str, Act]]:
    """Yield each route of a router, as `METHODS path`, with the act it names. Raises `RouteWithoutRule`."""
    for route in router.routes:
        yield _path(route), _act(route)


def _act(route: BaseRoute) -> Act:
    declared = route.dependencies if isinstance(route, APIRoute) else ()
    acts = [each.dependency.act for each in declared if isinstance(each.dependency, _Rule)]
    if len(acts) != 1:
        raise RouteWithoutRule(_path(route))
    return acts[0]


def _path(route: BaseRoute) -> str:
    methods = sorted(getattr(route, "methods", None) or ())
    return " ".join([*methods, str(getattr(route, "path", route))])


def _subject_of(request: Request) -> Subject | None:
    chat = request.path_params.get("chat")
    return None if chat is None else Subject("chat", f"webchat:{chat}")


def _status(request: Request, principal: Principal) -> int:
    path = request.url.path
    if path.startswith("/v1/"):
        return 401 if principal == NOBODY else 403
    return 401 if principal == NOBODY and path.startswith("/console") else 404
