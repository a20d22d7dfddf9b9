"""What the API answers, as JSON Schemas: additive, so a reader must not mind a member that it does not know."""

from typing import Any, Final

from bot.rest.schemas import MOMENT, TRUTH, Schema

TEXT: Final[Schema] = {"type": "string"}
COUNT: Final[Schema] = {"type": "integer"}


def maybe(schema: Schema) -> Schema:
    """Return the schema of what may be null."""
    return {"anyOf": [schema, {"type": "null"}]}


def thing(optional: dict[str, Schema] | None = None, **required: Schema) -> Schema:
    """Return the schema of an object with at least these members."""
    return {"type": "object", "properties": {**required, **(optional or {})}, "required": list(required)}


def listed(schema: Schema) -> Schema:
    """Return the schema of a list."""
    return {"type": "array", "items": schema}


_FAULT: Final = thing({"pointer": TEXT, "parameter": TEXT}, detail=TEXT)
PROBLEM: Final = thing({"detail": TEXT, "errors": listed({"type": "object"})}, type=TEXT, title=TEXT, status=COUNT)

STATUSES: Final = (
    "planned",
    "waiting_for_link",
    "asked",
    "answered",
    "unanswered",
    "withheld",
    "cancelled",
    "superseded",
)
_STORY: Final = thing(
    {
        "survey": TEXT,
        "survey_number": COUNT,
        "planned_at": MOMENT,
        "asked_at": MOMENT,
        "decided_at": maybe(MOMENT),
        "closed_at": MOMENT,
        "outcome": {"enum": ["complete", "partial", "break_off", "none", "stopped"]},
        "reason": TEXT,
        "why": TEXT,
        "until": MOMENT,
        "superseded_by": TEXT,
        "case": COUNT,
        "taken_as": {"enum": ["accepted", "duplicate", "superseded", "cancelled"]},
    },
    source=TEXT,
    id=TEXT,
    subject=TEXT,
    touchpoint=maybe(TEXT),
    customer=TEXT,
    occurred_at=MOMENT,
    received_at=MOMENT,
    status={"enum": list(STATUSES)},
)
_TAKEN: Final = thing(
    {"invitation": thing(state=TEXT, planned_at=MOMENT)},
    source=TEXT,
    id=TEXT,
    status={"enum": ["accepted", "duplicate", "superseded", "cancelled"]},
)
_CUSTOMER: Final = thing(
    id=TEXT,
    name=maybe(TEXT),
    language=maybe(TEXT),
    zone=maybe(TEXT),
    email=maybe(TEXT),
    phone=maybe(TEXT),
    more={"type": "object", "additionalProperties": TEXT},
    opted_out=TRUTH,
    consent=maybe(thing(at=MOMENT, version=TEXT)),
)
_LINK: Final[dict[str, Schema]] = {"telegram": maybe(TEXT), "webchat": TEXT, "expires_at": MOMENT}
_GIVEN: Final = thing(
    question=TEXT,
    role={"enum": ["answer", "comment"]},
    kind=TEXT,
    number=maybe(COUNT),
    text=maybe(TEXT),
    raw=TEXT,
    shortened=TRUTH,
    skipped=TRUTH,
    current=TRUTH,
    at=MOMENT,
    value={"type": ["integer", "string", "boolean", "array", "null"]},
)
_RESPONSE: Final = thing(
    conversation_id=COUNT,
    outcome=maybe(TEXT),
    opened_at=MOMENT,
    closed_at=MOMENT,
    customer=maybe(TEXT),
    customer_name=maybe(TEXT),
    channel=maybe(TEXT),
    survey=TEXT,
    survey_number=COUNT,
    touchpoint=TEXT,
    variant=maybe(TEXT),
    event=maybe(thing(source=TEXT, id=TEXT)),
    case=maybe(COUNT),
    answers=listed(_GIVEN),
)
_KEY: Final = thing(
    {"key": TEXT, "old_until": MOMENT, "for": maybe(TEXT), "surveys": TRUTH},
    name=TEXT,
    state={"enum": ["good", "expired", "revoked", "in the settings"]},
    hint=maybe(TEXT),
    created_at=maybe(MOMENT),
    last_used_at=maybe(MOMENT),
    expires_at=maybe(MOMENT),
)

_SURVEY: Final = thing(
    key=TEXT,
    state={"enum": ["published", "retired", "draft"]},
    version=maybe(COUNT),
    published_at=maybe(MOMENT),
    draft=maybe(COUNT),
    touchpoint=TEXT,
    title={"type": "object"},
    languages=listed(TEXT),
    questions=COUNT,
)
_DIFFERENCE: Final = thing(what=TEXT, question=maybe(TEXT), before=TEXT, after=TEXT, breaks=maybe(TEXT))
_SURVEY_PROBLEM: Final = thing(
    pointer=TEXT, detail=TEXT, line=COUNT, message=TEXT, mend=TEXT, severity={"enum": ["error", "advice"]}
)
_PUBLISHED: Final = thing(key=TEXT, number=COUNT, published_at=MOMENT, differences=listed(_DIFFERENCE))

_VOUCHER: Final = thing(
    code=TEXT,
    kind=TEXT,
    pool=maybe(TEXT),
    worth=maybe(TEXT),
    currency=maybe(TEXT),
    what=maybe(TEXT),
    offer=maybe(COUNT),
    state={"enum": ["free", "good", "redeemed", "lapsed", "returned"]},
    given_at=maybe(MOMENT),
    valid_until=maybe(MOMENT),
    redeemed_at=maybe(MOMENT),
    redeemed_by=maybe(TEXT),
)
_OFFER: Final = thing(
    id=COUNT,
    case=COUNT,
    customer=TEXT,
    kind=TEXT,
    worth=maybe(TEXT),
    currency=maybe(TEXT),
    what=maybe(TEXT),
    reason=maybe(TEXT),
    stage=TEXT,
    revision=COUNT,
    by=maybe(TEXT),
    agreed=listed(TEXT),
    made_at=MOMENT,
    closed_at=maybe(MOMENT),
)

_MAYBE_NUMBER: Final = maybe({"type": "number"})
_SEEN: Final = thing(value=_MAYBE_NUMBER, low=_MAYBE_NUMBER, high=_MAYBE_NUMBER, count=COUNT, enough=TRUTH)
EXPERIMENT: Final = thing(
    format=COUNT,
    survey=TEXT,
    experiment=TEXT,
    running=TRUTH,
    since=MOMENT,
    versions=listed(COUNT),
    planned=COUNT,
    fulfilled=TRUTH,
    level={"type": "number"},
    power={"type": "number"},
    uneven=TRUTH,
    sides=listed(thing(variant=TEXT, share={"type": "number"}, customers=COUNT)),
    measures=listed(
        thing(
            measure={"enum": ["score", "completion_rate"]},
            question=maybe(TEXT),
            kind=TEXT,
            comparisons=listed(
                thing(
                    variant=TEXT,
                    as_written=_SEEN,
                    varied=_SEEN,
                    difference=_MAYBE_NUMBER,
                    low=_MAYBE_NUMBER,
                    high=_MAYBE_NUMBER,
                    unit={"enum": ["share", "points", "mean"]},
                    answers=COUNT,
                    finds={"type": "number"},
                    verdict={"enum": ["too_few", "none_yet", "none", "higher", "lower"]},
                )
            ),
        )
    ),
)

_ANSWERS: Final[dict[str, Any]] = {
    "send_events": thing({"dry_run": {"const": True}}, events=listed({"anyOf": [_TAKEN, _STORY]})),
    "see_event": _STORY,
    "see_event_by_path": _STORY,
    "make_link": thing(customer=TEXT, new=TRUTH, **_LINK),
    "keep_customer": _CUSTOMER,
    "see_customer": _CUSTOMER,
    "read_responses": thing(responses=listed(_RESPONSE), cursor=TEXT, more=TRUTH),
    "send_feedback": thing(
        source=TEXT,
        id=TEXT,
        status={"enum": ["stored", "duplicate"]},
        occurred_at=MOMENT,
        case=maybe(COUNT),
        task=maybe({"const": "telephone"}),
    ),
    "list_keys": thing(keys=listed(_KEY)),
    "make_key": _KEY,
    "rotate_key": _KEY,
    "revoke_key": thing(name=TEXT, revoked=COUNT),
    "list_staff": thing(staff=listed(thing(name=TEXT, roles=listed(TEXT), language=TEXT, chats=listed(TEXT)))),
    "invite_staff": thing(name=TEXT, roles=listed(TEXT), language=TEXT, **_LINK),
    "sign_in_staff": thing(name=TEXT, console=TEXT, expires_at=MOMENT),
    "remove_staff": thing(name=TEXT, open_cases=listed(COUNT), given_to=listed(thing(case=COUNT, to=maybe(TEXT)))),
    "see_voucher": _VOUCHER,
    "redeem_voucher": _VOUCHER,
    "undo_redemption": _VOUCHER,
    "list_offers": thing(offers=listed(_OFFER)),
    "see_offer": _OFFER,
    "approve_offer": _OFFER,
    "turn_down_offer": _OFFER,
    "list_vouchers": thing(
        pools=listed(thing(pool=TEXT, kind=TEXT, free=COUNT, all=COUNT)), vouchers=listed(_VOUCHER), after=COUNT
    ),
    "take_in_vouchers": thing(taken_in=COUNT, here_already=listed(TEXT), given_twice=listed(TEXT)),
    "list_surveys": thing(surveys=listed(_SURVEY)),
    "see_survey": thing(
        {"draft_source": maybe(TEXT), "draft_by": maybe(TEXT), "draft_at": maybe(MOMENT), "draft_of": maybe(COUNT)},
        key=TEXT,
        versions=listed(thing(number=COUNT, published_at=MOMENT, by=TEXT, changed=listed(_DIFFERENCE))),
        source=maybe(TEXT),
        expected_seconds=maybe(COUNT),
    ),
    "keep_draft": thing(key=TEXT, revision=COUNT, problems=listed(_SURVEY_PROBLEM)),
    "throw_draft_away": thing(key=TEXT),
    "check_survey": thing(
        key=TEXT,
        revision=maybe(COUNT),
        refused=TRUTH,
        problems=listed(_SURVEY_PROBLEM),
        differences=listed(_DIFFERENCE),
        behind=maybe(COUNT),
        replaces=listed(TEXT),
        expected_seconds=maybe(COUNT),
    ),
    "publish_survey": _PUBLISHED,
    "roll_survey_back": _PUBLISHED,
    "retire_survey": thing(key=TEXT, number=COUNT),
    "see_experiment": EXPERIMENT,
    "keep_side": thing(survey=TEXT, side=TEXT, revision=COUNT),
    "see_health": thing(status=TEXT),
    "see_schema": {"type": "object"},
}


def of(name: str) -> Schema:
    """Return the schema of what an operation answers."""
    found: Schema = _ANSWERS[name]
    return found
