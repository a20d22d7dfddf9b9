"""The API as OpenAPI describes it: what each route takes, what it answers, and for whom."""

from collections.abc import Mapping
from typing import Any, Final

from bot.rest import answers, schemas
from bot.rest.answers import PROBLEM
from bot.rest.events import BATCH, EITHER, ONE
from bot.rest.responses import MOST, USUAL
from bot.rest.schemas import DIALECT, Schema
from bot.web.problems import Problem

JSON: Final = "application/json"
TOML: Final = "application/toml"
BEARER: Final[list[dict[str, list[str]]]] = [{"key": []}]

_NAMES: Final[Mapping[str, tuple[str, str]]] = {
    "POST /v1/events": ("send_events", "Send service events, one or a batch"),
    "GET /v1/events": ("see_event", "What became of a service event"),
    "GET /v1/events/{source:path}/{event_id:path}": ("see_event_by_path", "The same, by path: slashes as %2F"),
    "POST /v1/customers/{reference:path}/links": ("make_link", "Make a personal link; it is shown this once"),
    "PUT /v1/customers/{reference:path}": ("keep_customer", "Say what is known of a customer"),
    "GET /v1/customers/{reference:path}": ("see_customer", "What is known of a customer"),
    "GET /v1/responses": ("read_responses", "What customers answered, in the order of closing"),
    "POST /v1/feedback": ("send_feedback", "Send a comment from elsewhere"),
    "GET /v1/schemas/{name}": ("see_schema", "The JSON Schema of a body"),
    "GET /v1/keys": ("list_keys", "The API keys, without the keys (operator)"),
    "POST /v1/keys": ("make_key", "Make an API key; it is shown this once (operator)"),
    "POST /v1/keys/{name}/rotations": ("rotate_key", "Make another key in its place (operator)"),
    "DELETE /v1/keys/{name}": ("revoke_key", "End an API key now (operator)"),
    "GET /v1/staff": ("list_staff", "Who works here (operator)"),
    "POST /v1/staff/invitations": ("invite_staff", "Take somebody on, or invite them again (operator)"),
    "POST /v1/staff/{name:path}/sign-in": ("sign_in_staff", "A one-time link into the console (operator)"),
    "DELETE /v1/staff/{name:path}": ("remove_staff", "End somebody's work here (operator)"),
    "GET /v1/vouchers/{code:path}": ("see_voucher", "What a code is worth, and how it stands"),
    "POST /v1/vouchers/{code:path}/redeem": ("redeem_voucher", "Redeem a code, once; an Idempotency-Key repeats it"),
    "POST /v1/vouchers/{code:path}/undo": ("undo_redemption", "It was a mistake; the code is good once again"),
    "GET /v1/offers": ("list_offers", "The offers that wait for a yes"),
    "GET /v1/offers/{offer}": ("see_offer", "How an offer stands"),
    "POST /v1/offers/{offer}/approve": ("approve_offer", "Say yes, by a key made in somebody's name"),
    "POST /v1/offers/{offer}/turn-down": ("turn_down_offer", "Say no, by a key made in somebody's name"),
    "GET /v1/vouchers": ("list_vouchers", "Pools and codes (operator)"),
    "POST /v1/vouchers": ("take_in_vouchers", "Bring in codes that you made yourselves (operator)"),
    "GET /v1/surveys": ("list_surveys", "Every survey, and how it stands"),
    "GET /v1/surveys/{key}": ("see_survey", "A survey's versions, its draft, its source"),
    "PUT /v1/surveys/{key}/draft": ("keep_draft", "Save the draft of a survey, or begin one"),
    "DELETE /v1/surveys/{key}/draft": ("throw_draft_away", "End the draft; what is published stays"),
    "POST /v1/surveys/{key}/check": ("check_survey", "What publishing would do, and what is wrong"),
    "POST /v1/surveys/{key}/publish": ("publish_survey", "Publish the draft as it stood at a revision"),
    "POST /v1/surveys/{key}/rollback": ("roll_survey_back", "Publish an earlier version anew"),
    "POST /v1/surveys/{key}/retire": ("retire_survey", "Ask nobody with it any more"),
    "GET /v1/surveys/{key}/experiment": ("see_experiment", "What the two ways of asking a survey show"),
    "POST /v1/surveys/{key}/experiment/keep": ("keep_side", "A draft with one side as the survey (operator)"),
    "GET /v1/health": ("see_health", "Alive; for the operator also what is overdue"),
}
_MADE: Final = frozenset({"make_link", "make_key", "rotate_key", "invite_staff", "sign_in_staff", "send_feedback"})
_OPEN: Final = frozenset({"see_schema", "see_health"})


def route(method: str, path: str, touchpoints: Mapping[str, str]) -> dict[str, Any]:
    """Return what FastAPI is told of a route; one that is not described here is not shown."""
    if f"{method} {path}" not in _NAMES:
        return {"include_in_schema": False}
    name, summary = _NAMES[f"{method} {path}"]
    status = 202 if name == "send_events" else 201 if name in _MADE else 200
    told: dict[int | str, dict[str, Any]] = {status: _answer(answers.of(name))}
    if name in ("keep_customer", "send_feedback", "keep_draft"):
        told[200 if status == 201 else 201] = _answer(answers.of(name))
    told["4XX"] = {"description": "Refused; the problem says why", "content": _problem()}
    told[503] = {"description": "Nothing can be stored just now", "content": {**_problem(), **_health(name)}}
    extra: dict[str, Any] = {} if name in _OPEN else {"security": BEARER}
    extra |= _body(name, touchpoints) | _parameters(name)
    return {
        "operation_id": name,
        "summary": summary,
        "status_code": status,
        "responses": told,
        "openapi_extra": extra,
    }


def schema_named(name: str, touchpoints: Mapping[str, str]) -> Schema:
    """Return a published schema; `.json` at its end may be left out. Raises Problem 404."""
    known = schemas.published(touchpoints)
    found = known.get(name.removesuffix(".json"))
    if found is None:
        raise Problem(404, f"There is no such schema; there are: {', '.join(known)}.")
    return {"$schema": DIALECT, **found}


def _answer(schema: Schema) -> dict[str, Any]:
    return {"description": "Done", "content": {JSON: {"schema": schema}}}


def _problem() -> dict[str, Any]:
    return {"application/problem+json": {"schema": PROBLEM}}


def _health(name: str) -> dict[str, Any]:
    return {JSON: {"schema": answers.of(name)}} if name == "see_health" else {}


def _body(name: str, touchpoints: Mapping[str, str]) -> dict[str, Any]:
    if name == "send_events":
        one, batch = schemas.event(touchpoints), schemas.events(touchpoints)
        content = {
            ONE: {"schema": one},
            BATCH: {"schema": batch},
            EITHER: {"schema": {"anyOf": [one, batch]}},
        }
        return {"requestBody": {"required": True, "content": content}}
    if name in _TOML:
        content = {TOML: {"schema": {"description": "A survey file as text; see docs/author.md."}}}
        return {"requestBody": {"required": _TOML[name], "content": content}}
    schema = _BODIES.get(name)
    if schema is None:
        return {}
    return {"requestBody": {"required": bool(schema["required"]), "content": {JSON: {"schema": schema}}}}


_BODIES: Final[Mapping[str, Schema]] = {
    "keep_customer": schemas.CUSTOMER,
    "send_feedback": schemas.FEEDBACK,
    "make_link": schemas.LINK,
    "make_key": schemas.KEY,
    "rotate_key": schemas.ROTATION,
    "invite_staff": schemas.INVITATION,
    "take_in_vouchers": schemas.CODES,
    "approve_offer": schemas.DECISION,
    "turn_down_offer": schemas.DECISION,
    "keep_side": schemas.SIDE,
    "publish_survey": schemas.REVISION,
    "roll_survey_back": schemas.NUMBER,
}


_TOML: Final[Mapping[str, bool]] = {"keep_draft": True, "check_survey": False}
"""The operations whose body is a survey file, and whether they need one."""


def _parameters(name: str) -> dict[str, Any]:
    found = _PARAMETERS.get(name, ())
    return {"parameters": [{"in": "query", **each} for each in found]} if found else {}


_PARAMETERS: Final[Mapping[str, tuple[dict[str, Any], ...]]] = {
    "send_events": (
        {
            "name": "dry_run",
            "schema": {"type": "boolean"},
            "description": "Say what would happen, and store nothing.",
        },
    ),
    "see_survey": (
        {
            "name": "version",
            "schema": {"type": "integer", "minimum": 0, "maximum": 999_999_999},
            "description": "Whose source is told; else that of the newest.",
        },
    ),
    "keep_draft": (
        {
            "in": "header",
            "name": "If-Match",
            "schema": {"type": "string", "pattern": '^(W/)?"[0-9]{1,9}"$'},
            "description": "The revision that was changed; left out to begin a draft.",
        },
    ),
    "see_event": (
        {"name": "source", "required": True, "schema": {"type": "string", "minLength": 1}},
        {"name": "id", "required": True, "schema": {"type": "string", "minLength": 1}},
    ),
    "read_responses": (
        {"name": "since", "schema": schemas.MOMENT, "description": "Those that closed then or later."},
        {"name": "limit", "schema": {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}},
        {
            "name": "cursor",
            "schema": {"type": "string", "pattern": "^c(0|[1-9][0-9]{0,17})$"},
            "description": "Where an earlier page ended.",
        },
    ),
}
