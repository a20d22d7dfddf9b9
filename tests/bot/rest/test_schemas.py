"""The API describes itself truthfully: what its schemas accept its readers accept, and nothing else."""

import asyncio
import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Queue
from typing import Any, Final

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker, validators
from jsonschema.exceptions import ValidationError
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from bot.access.policy import Principal, Role, allowed
from bot.clock import Clock
from bot.publishing import library, publish
from bot.rest import customer_facts, feedback, schemas
from bot.rest.callers import OperatorOnly, operator_door
from bot.rest.cloudevents import EventInvalid, moment_of, read, zone_name
from bot.rest.counter import Counter
from bot.rest.describing import schema_named
from bot.rest.routes import rest_router
from bot.settings.houses import house_of
from bot.settings.sections import TOUCHPOINTS
from bot.web.app import acts, create_app
from bot.web.problems import Problem
from bot.web.serving import server
from tests import laid
from tests.bot.rest.conftest import CONFIG, event_at
from tests.waiting import LIMIT

NOW = 1_772_445_600_000

FORMATS = FormatChecker(formats=())
FORMATS.checks("date-time")(lambda value: not isinstance(value, str) or moment_of(value) is not None)
FORMATS.checks("iana-zone")(lambda value: not isinstance(value, str) or zone_name(value) is not None)


def _pattern(validator, pattern, instance, schema):
    """`$` as JSON Schema has it, which is the very end; Python's would let a line break follow."""
    if validator.is_type(instance, "string") and not re.search(re.sub(r"\$$", r"\\Z", pattern), instance):
        yield ValidationError(f"does not match {pattern}")


VALIDATOR = validators.extend(Draft202012Validator, {"pattern": _pattern})


def accepts(schema: Any, body: Any) -> bool:
    return bool(VALIDATOR(schema, format_checker=FORMATS).is_valid(body))


def reads(reader: Any, body: Any) -> bool:
    """Whether a reader takes the body; what no schema can say (how far from now) counts as taken."""
    try:
        reader(body)
    except EventInvalid as error:
        return all("from now" in fault.detail for fault in error.faults)
    except Problem as problem:
        faults = problem.more["errors"]
        return all("lies in the future" in fault.detail or "from now" in fault.detail for fault in faults)
    return True


# --- the same bodies ------------------------------------------------------------------------------------------------

TEXTS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["", " ", "a", "a b", "a\n", "\x00", "\x7f", "x" * 128, "x" * 129, "x" * 256, "x" * 257, "x" * 513]
    ),
)
NUMBERS = st.one_of(
    st.integers(-5, 5),
    st.sampled_from([2**53 - 1, 2**53, 2**63, 2**64 - 1, 2**64, -(2**63), -(2**63) - 1, 1.0, 1.5, 1e300]),
)
ODD = st.one_of(TEXTS, NUMBERS, st.none(), st.booleans(), st.just([]), st.just({}))
MOMENTS = st.sampled_from(
    ["2026-03-02T10:00:00Z", "2026-03-02T10:00:00", "2026-03-02 10:00:00+01:00", "2026-02-30T10:00:00Z"]
)
ZONES = st.sampled_from(["Europe/Berlin", "Mars/Olympus", "../../etc/passwd", "UTC", "Europe"])
TAGS = st.sampled_from(["en", "zh_TW", "zh-Hans", "klingon spoken here", "en\n", "e", "en-"])
MAILS = st.sampled_from(
    ["ana@example.org", "ana", "a@b", "ana@example.org\n", "ä@example.org", "a@" + "b" * 60 + ".org"]
)
PHONES = st.sampled_from(
    ["+49 30 901820", "12345", "123456", "1" * 15, "1" * 16, "1--23456", "+1 2 3 4 5 6\n", "１２３４５６"]
)
ADDRESSES = st.sampled_from(
    ["https://a.example/b?c#d", "http://a", "https://", "ftp://a.example", "https://a b", "https://a/\n"]
)


def either(*known: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(*known, ODD)


def body_of(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Objects with any of these fields, now and then one that nobody knows."""
    return st.fixed_dictionaries({}, optional={**fields, "unknown": ODD})


CUSTOMERS = body_of(
    id=st.sampled_from(["c-9", "c-8"]),
    name=either(),
    language=either(TAGS),
    zone=either(ZONES),
    email=either(MAILS),
    phone=either(PHONES),
    more=st.one_of(ODD, st.dictionaries(st.sampled_from(["tier", "Tier", "a" * 33, "", "x\n"]), ODD, max_size=3)),
    opted_out=either(),
    consent=st.one_of(ODD, body_of(at=either(MOMENTS), version=either())),
)
COMMENTS = st.builds(
    lambda body, change: {**body, **change},
    st.just({"source": "reviews", "id": "r-1", "kind": "review", "text": "good"}),
    body_of(
        source=either(),
        id=either(),
        kind=st.one_of(ODD, st.sampled_from(["review", "note", "rant"])),
        text=either(st.sampled_from(["x" * 4000, "x" * 4001, "\n", "a\nb"])),
        occurred_at=either(MOMENTS),
        customer=either(),
        touchpoint=either(st.sampled_from(["delivery", "De Livery", "delivery\n"])),
        author=either(),
        url=either(ADDRESSES),
        open_case=either(),
    ),
)
EVENTS = st.builds(
    lambda change, data, customer: {
        **event_at(NOW),
        "data": {"customer": {"id": "c-9", **customer}, **data},
        **change,
    },
    body_of(
        specversion=either(),
        id=either(),
        source=either(),
        type=either(
            st.sampled_from(["order.delivered", "a.order.delivered", "preorder.delivered", " repair.completed "])
        ),
        subject=either(),
        time=either(MOMENTS),
        data_base64=either(),
        data=either(),
    ),
    body_of(version=either(), service=st.one_of(ODD, body_of(id=either(), item=either()))),
    body_of(id=either(), name=either(), language=either(TAGS), zone=either(ZONES)),
)
MANY = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@MANY
@given(CUSTOMERS)
def test_the_schema_of_a_customer_says_what_is_read(body):
    """Whoever checks a body before sending it may rely on the check."""
    known = {**body} if body.get("id") != "c-8" else {key: body[key] for key in body if key != "id"}

    assert accepts(schemas.CUSTOMER, known) == reads(lambda said: customer_facts._read(said, "c-9", NOW), known)


@MANY
@given(COMMENTS)
def test_the_schema_of_a_comment_says_what_is_read(body):
    """Likewise."""
    assert accepts(schemas.FEEDBACK, body) == reads(lambda said: feedback._read(said, NOW), body)


@MANY
@given(EVENTS)
def test_the_schema_of_an_event_says_what_is_read(body):
    """Likewise; the types are those of the settings."""
    assert accepts(schemas.event(TOUCHPOINTS), body) == reads(lambda said: read(said, TOUCHPOINTS, NOW), body)


def test_the_published_schemas_are_schemas():
    """And they can be written as JSON, for programs that are not ours."""
    for name in ("event", "customer.json", "feedback"):
        schema = json.loads(json.dumps(schema_named(name, TOUCHPOINTS)))
        Draft202012Validator.check_schema(schema)
    with pytest.raises(Problem, match="no such schema"):
        schema_named("nothing", TOUCHPOINTS)


# --- the whole API --------------------------------------------------------------------------------------------------

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
EXAMPLES = 6


async def _serve(folder: Path, told: "Queue[int]", ended: threading.Event) -> None:
    """Serve the whole API as the operator sees it, on a database with one of everything."""
    database = await laid.opened(folder / "api.db", synchronous="NORMAL")
    clock = Clock()
    try:
        await database.run(lambda unit: publish(unit, 1, library(), clock.now()))
        counter = Counter(database, house_of(CONFIG), clock, CONFIG)
        app = create_app([rest_router(counter)], doors=[operator_door], docs=True)
        made = server(OperatorOnly(app), host="127.0.0.1", port=0)
        task = asyncio.create_task(made.serve())
        await made.up.wait()
        told.put(made.port)
        await asyncio.to_thread(ended.wait)
        made.should_exit = True
        await task
    finally:
        await database.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[str]:
    """Where the API is served: in a thread, since generated tests are not asynchronous."""
    told, ended = Queue[int](), threading.Event()
    folder = tmp_path_factory.mktemp("api")
    thread = threading.Thread(target=lambda: asyncio.run(_serve(folder, told, ended)))
    thread.start()
    yield f"http://127.0.0.1:{told.get(timeout=LIMIT)}"
    ended.set()
    thread.join(timeout=LIMIT)


def _made() -> Any:
    """The app with its routes, none of which is called: of the counter only the settings are looked at."""
    counter = type("Settings", (), {"config": CONFIG})()
    return create_app([rest_router(counter)], doors=[operator_door], docs=True)


def _open_description() -> dict[str, Any]:
    """The description without what it says of keys: the tests come through the operator's door."""
    described = _made().openapi()
    for item in described["paths"].values():
        for operation in item.values():
            operation.pop("security", None)
    return dict(described)


@schemathesis.serializer("application/toml")
def _toml(_context: object, value: object) -> bytes:
    """A survey file is sent as it is; what is no text is sent as its words."""
    return str(value).encode("utf-8", "surrogatepass")


FOUND = schemathesis.openapi.from_dict(_open_description()).get_all_operations()
OPERATIONS = [found.ok() for found in FOUND if isinstance(found, Ok)]
LOOKS_AT_ANYTHING: Final = "POST /v1/surveys/{key}/check"
"""It says what is wrong with whatever text it is sent, so there is nothing to refuse."""

TRIES = [
    pytest.param(operation, mode, id=f"{operation.label} {mode.value}")
    for operation in OPERATIONS
    for mode in GenerationMode
    if mode is GenerationMode.POSITIVE
    or ((list(operation.body) or list(operation.query)) and operation.label != LOOKS_AT_ANYTHING)
]


def test_every_route_of_a_sender_is_described():
    """A route that is missing there is one that nobody finds; one that is not a route is a lie."""
    routes = {each.replace(":path", ""): act for each, act in acts(_made()).items() if " /v1/" in each}
    described = {operation.label for operation in OPERATIONS}
    sender = Principal(frozenset({Role.SENDER}))

    assert described <= set(routes)
    assert {route for route, act in routes.items() if allowed(sender, act)} <= described


def test_the_description_can_be_fetched(served):
    """By whoever writes a client; it is the same one."""
    fetched = httpx.get(f"{served}/v1/openapi.json")

    assert fetched.json() == json.loads(json.dumps(_made().openapi()))
    assert httpx.get(f"{served}/v1/schemas/event.json").json()["required"] == [
        "specversion",
        "id",
        "source",
        "type",
        "data",
    ]


@pytest.mark.parametrize(("operation", "mode"), TRIES)
def test_every_route_answers_as_it_is_described(served, operation, mode):
    """With what its description allows and what it does not: never a 500, never another shape."""

    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def answers(case):
        case.call_and_validate(base_url=served, checks=CHECKS)

    answers()
