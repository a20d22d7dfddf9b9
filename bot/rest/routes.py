"""The API's routes.

    POST   /v1/events                     service events, one or a batch of CloudEvents   202 once stored
    GET    /v1/events?source=…&id=…       what became of one (also /v1/events/{source}/{id})  200
    PUT    /v1/customers/{id}             what the business knows of a customer           200, 201
    GET    /v1/customers/{id}             the same, read                                  200
    POST   /v1/customers/{id}/links       a personal link for a customer                  201
    POST   /v1/places                     make or change a place with its QR code         201, 200
    DELETE /v1/places/{key}               ask nothing there any more                      200
    GET    /v1/responses                  what customers answered, page by page           200
    POST   /v1/feedback                   a comment from elsewhere                        201, 200 when it was here
    GET    /v1/schemas/{name}             the JSON Schema of a body, for anybody          200
    GET    /v1/keys                       the API keys, without the keys                  200
    POST   /v1/keys                       make one; it is shown this once                 201
    POST   /v1/keys/{name}/rotations      another in its place                            201
    DELETE /v1/keys/{name}                end it now                                      200
    GET    /v1/staff                      who works here                                  200
    POST   /v1/staff/invitations          take somebody on, or invite them again          201
    POST   /v1/staff/{name}/sign-in       a one-time link into the console                201
    DELETE /v1/staff/{name}               end somebody's work here                        200
    PATCH  /v1/staff/{name}               rights, team, skills, hours, limits            200
    GET    /v1/teams                      the teams, and who is in each                   200
    PUT    /v1/teams/{name}               make a team, or change it                       201, 200
    DELETE /v1/teams/{name}               end a team                                      200
    GET    /v1/calendars                  when people work                                200
    PUT    /v1/calendars/{key}            working hours that hold from now on             200
    DELETE /v1/calendars/{key}            end a calendar that nobody works by             200
    GET    /v1/vouchers                   pools and codes, page by page                   200
    POST   /v1/vouchers                   codes that you made yourselves                  200
    GET    /v1/vouchers/{code}            what a code is worth, and how it stands         200
    POST   /v1/vouchers/{code}/redeem     redeem it, once                                 200, 409
    POST   /v1/vouchers/{code}/undo       what was given came back                        200, 409
    GET    /v1/offers                     the offers that wait for a yes                  200
    GET    /v1/offers/{id}                how an offer stands                             200
    POST   /v1/offers/{id}/approve        yes, by a key made in somebody's name           200, 409
    POST   /v1/offers/{id}/turn-down      no                                              200, 409
    POST   /v1/notifications/retries      send again what webhooks and mail gave up       200
    POST   /v1/figures/countings          count all figures anew (GET: how far it is)     202, 200
    GET    /v1/surveys/{key}/experiment   what its two ways of asking show                200
    POST   /v1/surveys/{key}/experiment/keep   a draft with one of them as the survey     200, 409
    GET    /v1/surveys                    every survey, and how it stands                 200
    GET    /v1/surveys/{key}              its versions, its draft, the source             200
    PUT    /v1/surveys/{key}/draft        save the draft (TOML), If-Match its revision    201, 200, 412
    DELETE /v1/surveys/{key}/draft        throw the draft away                            200
    POST   /v1/surveys/{key}/check        what publishing would do, and what is wrong     200
    POST   /v1/surveys/{key}/publish      publish the draft as it stood at a revision     200, 409, 422
    POST   /v1/surveys/{key}/rollback     publish an earlier version anew                 200
    POST   /v1/surveys/{key}/retire       ask nobody with it any more                     200, 409
    GET    /v1/health                     alive; for the operator also what is overdue    200, 503

Answers are JSON; refusals are application/problem+json naming the field.
"""

from collections.abc import Callable
from typing import Any

import msgspec
from fastapi import APIRouter, Request
from starlette.responses import Response

from bot.access.gate import principal_of, require
from bot.access.policy import Act, allowed
from bot.rest import (
    calendars,
    customer_facts,
    describing,
    experiments,
    figures,
    keys,
    notifications,
    offers,
    places,
    staff,
    surveys,
    teams,
    vouchers,
)
from bot.rest.counter import Counter
from bot.rest.customers import make_customer_link
from bot.rest.events import became_of, became_of_path, take_events
from bot.rest.feedback import take_feedback
from bot.rest.health import health_of
from bot.rest.responses import page_of_responses

Handler = Callable[..., Any]
Route = tuple[str, Handler, str, Act]


def rest_router(counter: Counter) -> APIRouter:
    """Return the routes of the API."""
    router = APIRouter()
    for group in (_events, _customers, _keys, _staff, _teams, _offers, _surveys, _others):
        for path, route, method, act in group(counter):
            router.add_api_route(
                path,
                route,
                methods=[method],
                dependencies=[require(act)],
                **describing.route(method, path, counter.config.touchpoints),
            )
    return router


def _events(counter: Counter) -> tuple[Route, ...]:
    async def events(request: Request) -> Response:
        return _answer(202, await take_events(counter, request))

    async def became(request: Request) -> Response:
        return _answer(200, await became_of(counter, request))

    async def became_path(source: str, event_id: str, request: Request) -> Response:
        return _answer(200, await became_of_path(counter, request))

    return (
        ("/v1/events", events, "POST", Act.POST_SERVICE_EVENTS),
        ("/v1/events", became, "GET", Act.SEE_SERVICE_EVENTS),
        ("/v1/events/{source:path}/{event_id:path}", became_path, "GET", Act.SEE_SERVICE_EVENTS),
    )


def _customers(counter: Counter) -> tuple[Route, ...]:
    async def links(reference: str, request: Request) -> Response:
        return _answer(201, await make_customer_link(counter, reference, request))

    async def keep(reference: str, request: Request) -> Response:
        return _answer(*await customer_facts.keep(counter, reference, request))

    async def see(reference: str) -> Response:
        return _answer(200, await customer_facts.look(counter, reference))

    async def responses(request: Request) -> Response:
        return _answer(200, await page_of_responses(counter, request))

    async def feedback(request: Request) -> Response:
        return _answer(*await take_feedback(counter, request))

    async def keep_place(request: Request) -> Response:
        return _answer(*await places.keep(counter, request))

    async def retire_place(key: str) -> Response:
        return _answer(200, await places.retire(counter, key))

    return (
        ("/v1/customers/{reference:path}/links", links, "POST", Act.MAKE_LINKS),
        ("/v1/customers/{reference:path}", keep, "PUT", Act.KEEP_CUSTOMERS),
        ("/v1/customers/{reference:path}", see, "GET", Act.KEEP_CUSTOMERS),
        ("/v1/responses", responses, "GET", Act.READ_RESPONSES),
        ("/v1/feedback", feedback, "POST", Act.POST_FEEDBACK),
        ("/v1/places", keep_place, "POST", Act.MAKE_PLACES),
        ("/v1/places/{key}", retire_place, "DELETE", Act.MAKE_PLACES),
    )


def _keys(counter: Counter) -> tuple[Route, ...]:
    async def listed() -> Response:
        return _answer(200, await keys.listing(counter))

    async def make(request: Request) -> Response:
        return _answer(201, await keys.create(counter, request))

    async def rotate(name: str, request: Request) -> Response:
        return _answer(201, await keys.rotate(counter, name, request))

    async def revoke(name: str) -> Response:
        return _answer(200, await keys.revoke(counter, name))

    return (
        ("/v1/keys", listed, "GET", Act.KEEP_KEYS),
        ("/v1/keys", make, "POST", Act.KEEP_KEYS),
        ("/v1/keys/{name}/rotations", rotate, "POST", Act.KEEP_KEYS),
        ("/v1/keys/{name}", revoke, "DELETE", Act.KEEP_KEYS),
    )


def _staff(counter: Counter) -> tuple[Route, ...]:
    async def listed() -> Response:
        return _answer(200, await staff.listing(counter))

    async def invite(request: Request) -> Response:
        return _answer(201, await staff.invite(counter, request))

    async def sign_in(name: str) -> Response:
        return _answer(201, await staff.sign_in(counter, name))

    async def remove(name: str) -> Response:
        return _answer(200, await staff.remove(counter, name))

    async def change(name: str, request: Request) -> Response:
        return _answer(200, await staff.change(counter, name, request))

    return (
        ("/v1/staff", listed, "GET", Act.INVITE_STAFF),
        ("/v1/staff/invitations", invite, "POST", Act.INVITE_STAFF),
        ("/v1/staff/{name:path}/sign-in", sign_in, "POST", Act.SIGN_IN_STAFF),
        ("/v1/staff/{name:path}", remove, "DELETE", Act.INVITE_STAFF),
        ("/v1/staff/{name:path}", change, "PATCH", Act.KEEP_TEAMS),
    )


def _teams(counter: Counter) -> tuple[Route, ...]:
    async def listed() -> Response:
        return _answer(200, await teams.listing(counter))

    async def keep(name: str, request: Request) -> Response:
        return _answer(*await teams.keep(counter, name, request))

    async def remove(name: str) -> Response:
        return _answer(200, await teams.remove(counter, name))

    async def hours() -> Response:
        return _answer(200, await calendars.listing(counter))

    async def keep_hours(key: str, request: Request) -> Response:
        return _answer(200, await calendars.keep(counter, key, request))

    async def end_hours(key: str) -> Response:
        return _answer(200, await calendars.remove(counter, key))

    return (
        ("/v1/teams", listed, "GET", Act.KEEP_TEAMS),
        ("/v1/teams/{name:path}", keep, "PUT", Act.KEEP_TEAMS),
        ("/v1/teams/{name:path}", remove, "DELETE", Act.KEEP_TEAMS),
        ("/v1/calendars", hours, "GET", Act.KEEP_TEAMS),
        ("/v1/calendars/{key}", keep_hours, "PUT", Act.KEEP_TEAMS),
        ("/v1/calendars/{key}", end_hours, "DELETE", Act.KEEP_TEAMS),
    )


def _offers(counter: Counter) -> tuple[Route, ...]:
    async def listed(request: Request) -> Response:
        return _answer(200, await vouchers.listing(counter, request))

    async def take_in(request: Request) -> Response:
        return _answer(200, await vouchers.take_in(counter, request))

    async def see(code: str) -> Response:
        return _answer(200, await vouchers.look(counter, code))

    async def redeem(code: str, request: Request) -> Response:
        return _answer(200, await vouchers.redeem(counter, code, request))

    async def undo(code: str, request: Request) -> Response:
        return _answer(200, await vouchers.undo(counter, code, request))

    async def waiting() -> Response:
        return _answer(200, await offers.waiting(counter))

    async def see_offer(offer: str) -> Response:
        return _answer(200, await offers.look(counter, offer))

    async def approve(offer: str, request: Request) -> Response:
        return _answer(200, await offers.approve(counter, offer, request))

    async def turn_down(offer: str, request: Request) -> Response:
        return _answer(200, await offers.turn_down(counter, offer, request))

    return (
        ("/v1/vouchers", listed, "GET", Act.KEEP_VOUCHERS),
        ("/v1/vouchers", take_in, "POST", Act.KEEP_VOUCHERS),
        ("/v1/vouchers/{code:path}/redeem", redeem, "POST", Act.REDEEM_VOUCHERS),
        ("/v1/vouchers/{code:path}/undo", undo, "POST", Act.REDEEM_VOUCHERS),
        ("/v1/vouchers/{code:path}", see, "GET", Act.SEE_VOUCHERS),
        ("/v1/offers", waiting, "GET", Act.SEE_OFFERS),
        ("/v1/offers/{offer}", see_offer, "GET", Act.SEE_OFFERS),
        ("/v1/offers/{offer}/approve", approve, "POST", Act.DECIDE_OFFERS),
        ("/v1/offers/{offer}/turn-down", turn_down, "POST", Act.DECIDE_OFFERS),
    )


def _surveys(counter: Counter) -> tuple[Route, ...]:
    async def listed() -> Response:
        return _answer(200, await surveys.listing(counter))

    async def see(key: str, request: Request) -> Response:
        return _answer(200, await surveys.look(counter, key, request))

    async def keep(key: str, request: Request) -> Response:
        status, told = await surveys.keep(counter, key, request)
        answer = _answer(status, told)
        answer.headers["ETag"] = f'"{told["revision"]}"'
        return answer

    async def throw_away(key: str) -> Response:
        return _answer(200, await surveys.throw_away(counter, key))

    async def check(key: str, request: Request) -> Response:
        return _answer(200, await surveys.check(counter, key, request))

    async def publish(key: str, request: Request) -> Response:
        return _answer(200, await surveys.publish(counter, key, request))

    async def roll_back(key: str, request: Request) -> Response:
        return _answer(200, await surveys.roll_back(counter, key, request))

    async def retire(key: str, request: Request) -> Response:
        return _answer(200, await surveys.retire(counter, key, request))

    return (
        ("/v1/surveys", listed, "GET", Act.EDIT_SURVEYS),
        ("/v1/surveys/{key}", see, "GET", Act.EDIT_SURVEYS),
        ("/v1/surveys/{key}/draft", keep, "PUT", Act.EDIT_SURVEYS),
        ("/v1/surveys/{key}/draft", throw_away, "DELETE", Act.EDIT_SURVEYS),
        ("/v1/surveys/{key}/check", check, "POST", Act.EDIT_SURVEYS),
        ("/v1/surveys/{key}/publish", publish, "POST", Act.PUBLISH_SURVEYS),
        ("/v1/surveys/{key}/rollback", roll_back, "POST", Act.PUBLISH_SURVEYS),
        ("/v1/surveys/{key}/retire", retire, "POST", Act.PUBLISH_SURVEYS),
    )


def _others(counter: Counter) -> tuple[Route, ...]:
    async def schema(name: str) -> Response:
        return _answer(200, describing.schema_named(name, counter.config.touchpoints))

    async def retry(request: Request) -> Response:
        return _answer(200, await notifications.retry(counter, request))

    async def count_anew() -> Response:
        return _answer(202, await figures.count_anew(counter))

    async def counting() -> Response:
        return _answer(200, await figures.counting(counter))

    async def experiment(key: str) -> Response:
        return _answer(200, await experiments.look(counter, key))

    async def keep_side(key: str, request: Request) -> Response:
        return _answer(200, await experiments.keep(counter, key, request))

    async def health(request: Request) -> Response:
        fully = allowed(await principal_of(request), Act.READ_HEALTH)
        status, told = await health_of(counter, fully=fully)
        return _answer(status, told)

    return (
        ("/v1/schemas/{name}", schema, "GET", Act.SEE_FRONT),
        ("/v1/notifications/retries", retry, "POST", Act.SEND_AGAIN),
        ("/v1/figures/countings", count_anew, "POST", Act.COUNT_ANEW),
        ("/v1/figures/countings", counting, "GET", Act.COUNT_ANEW),
        ("/v1/surveys/{key}/experiment", experiment, "GET", Act.READ_RESPONSES),
        ("/v1/surveys/{key}/experiment/keep", keep_side, "POST", Act.EDIT_SURVEYS),
        ("/v1/health", health, "GET", Act.SEE_ALIVE),
    )


def _answer(status: int, told: object) -> Response:
    return Response(
        msgspec.json.encode(told),
        status_code=status,
        media_type="application/json",
        headers={"Cache-Control": "no-store"},
    )
