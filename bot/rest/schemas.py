"""The JSON Schemas of what the API takes: the one place that says in JSON what the readers say in Python.

A test holds that a schema and its reader accept and refuse the same bodies. Three things no schema can say: that a
zone is in the IANA list (`format: iana-zone`), how far from now a moment may lie, and what is stored already.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from bot.commenting import KINDS
from bot.offers_books import EVERY_KIND
from bot.offers_codes import LONGEST as LONGEST_CODE
from bot.phrases import LANGUAGES
from bot.rest.cloudevents import (
    LANGUAGE,
    LARGEST_ID,
    LARGEST_VERSION,
    LONGEST_FACT,
    LONGEST_ID,
    LONGEST_SOURCE,
    MOST_FACTS,
    SMALLEST_ID,
)
from bot.rest.customer_facts import LONGEST_VERSION
from bot.rest.events import MOST
from bot.rest.feedback import LONGEST_TEXT
from bot.rest.fields import (
    ADDRESS,
    EMAIL,
    IDENT,
    LINE,
    LONGEST_ADDRESS,
    LONGEST_EMAIL,
    LONGEST_NAME,
    PHONE,
    TOUCHPOINT,
)
from bot.rest.staff import ROLES
from bot.rest.vouchers import LONGEST_POOL, MOST_CODES

Schema = dict[str, Any]

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
MOMENT: Final[Schema] = {"type": "string", "format": "date-time"}
TRUTH: Final[Schema] = {"type": "boolean"}
SPAN: Final[Schema] = {"type": ["string", "null"], "examples": ["24h", "90d"]}


def text(longest: int, pattern: str = LINE, **more: Any) -> Schema:
    """Return the schema of a text."""
    return {"type": "string", "maxLength": longest, "pattern": pattern, **more}


def ident(longest: int, about: str = "") -> Schema:
    """Return the schema of an id: a text, or a whole number."""
    said = {"description": about} if about else {}
    number = {"type": "integer", "minimum": SMALLEST_ID, "maximum": LARGEST_ID}
    return {"anyOf": [text(longest, IDENT), number], **said}


def or_nothing(schema: Schema) -> Schema:
    """Return the schema of a field that may say nothing: null, or empty."""
    return {"anyOf": [schema, {"type": "null"}, {"const": ""}]}


def thing(properties: Mapping[str, Schema], *required: str, **more: Any) -> Schema:
    """Return the schema of an object with these members and no others."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(required),
        "additionalProperties": False,
        **more,
    }


LANGUAGE_TAG: Final = or_nothing({"type": "string", "pattern": f"^{LANGUAGE}$"})
ZONE: Final = or_nothing({"type": "string", "format": "iana-zone"})

CUSTOMER: Final = thing(
    {
        "id": {"description": "The id in the address; may be left out.", "type": ["string", "integer", "null"]},
        "name": {"type": ["string", "null"], "maxLength": LONGEST_NAME, "pattern": LINE},
        "language": LANGUAGE_TAG,
        "zone": ZONE,
        "email": or_nothing(text(LONGEST_EMAIL, EMAIL)),
        "phone": or_nothing({"type": "string", "pattern": PHONE}),
        "more": {
            "description": "Facts for texts, in place of all that were known.",
            "type": ["object", "null"],
            "maxProperties": MOST_FACTS,
            "propertyNames": {"pattern": "^[a-z][a-z0-9_]{0,31}$"},
            "additionalProperties": {"anyOf": [text(LONGEST_FACT), {"type": "number"}]},
        },
        "opted_out": {**TRUTH, "description": "False lifts an opt-out only with a consent given after it."},
        "consent": {
            "anyOf": [
                thing({"at": MOMENT, "version": text(LONGEST_VERSION, LINE, minLength=1)}, "at", "version"),
                {"type": "null"},
            ]
        },
    },
    title="What the business knows of a customer",
)

FEEDBACK: Final = thing(
    {
        "source": ident(LONGEST_SOURCE, "Where it was said, such as reviews.example or counter."),
        "id": ident(LONGEST_ID, "The sender's own id; the same again is the same comment."),
        "kind": {"enum": list(KINDS)},
        "text": {"type": "string", "maxLength": LONGEST_TEXT, "pattern": r"[^\u0000-\u0020\u007f\s\ud800-\udfff]"},
        "occurred_at": or_nothing(MOMENT),
        "customer": or_nothing(ident(LONGEST_ID, "The business's own id of the customer.")),
        "touchpoint": or_nothing({"type": "string", "pattern": TOUCHPOINT}),
        "author": {"type": ["string", "null"], "maxLength": LONGEST_NAME, "pattern": LINE},
        "url": or_nothing(text(LONGEST_ADDRESS, ADDRESS)),
        "open_case": {**TRUTH, "description": "Open a case for the customer, or deepen the open one."},
    },
    "source",
    "id",
    "kind",
    "text",
    title="A comment from elsewhere",
    **{
        "if": {"properties": {"open_case": {"const": True}}, "required": ["open_case"]},
        "then": {"properties": {"customer": ident(LONGEST_ID)}, "required": ["customer"]},
    },
)

LINK: Final = thing({"name": {}, "language": LANGUAGE_TAG, "zone": ZONE}, title="A personal link")

KEY: Final = thing(
    {
        "name": text(64, r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$"),
        "expires": SPAN,
        "for": {"type": ["string", "null"], "description": "In whose name it may say yes or no to offers."},
        "surveys": {"type": "boolean", "description": "True for a key that edits and publishes surveys, nothing else."},
    },
    "name",
    title="An API key",
)
CODES: Final = thing(
    {
        "codes": {
            "type": "array",
            "minItems": 1,
            "maxItems": MOST_CODES,
            "items": {"type": "string", "pattern": rf"^\s*\S{{1,{LONGEST_CODE}}}\s*$"},
        },
        "kind": or_nothing({"enum": sorted(EVERY_KIND)}),
        "worth": {"type": ["string", "null"], "description": "In the business's currency, such as 20.50."},
        "pool": {"type": ["string", "null"], "maxLength": LONGEST_POOL, "pattern": LINE},
    },
    "codes",
    title="Codes that the business made itself",
)
SIDE: Final = thing(
    {"side": {**text(32, r"^[a-z][a-z0-9_]*$"), "description": "Which one stays: a is the survey as it is written."}},
    "side",
    title="The side of an experiment that becomes the survey",
)
_REVISION: Final[Schema] = {"type": "integer", "minimum": 1, "maximum": 999_999_999}
REVISION: Final = thing(
    {"revision": {**_REVISION, "description": "The revision of the draft that was looked at."}},
    "revision",
    title="Which draft is published",
)
NUMBER: Final = thing(
    {"number": {**_REVISION, "description": "The version to go back to."}}, "number", title="Which version comes back"
)
DECISION: Final = thing(
    {
        "revision": {
            "description": "The revision of the offer that was seen.",
            "type": "integer",
            "minimum": 1,
            "maximum": 1_000_000_000,
        }
    },
    "revision",
    title="A yes or a no to an offer",
)
ROTATION: Final = thing({"grace": SPAN}, title="Another key in place of one")
INVITATION: Final = thing(
    {
        "name": {"type": "string", "pattern": r"^\s*[^\u0000-\u001f\u007f,/]{1,64}\s*$"},
        "language": {"enum": list(LANGUAGES)},
        "roles": {"type": "array", "minItems": 1, "items": {"enum": [role.value for role in ROLES]}},
    },
    "name",
    title="Somebody for the team",
)


def event(touchpoints: Mapping[str, str]) -> Schema:
    """Return the schema of a service event, with the types that the settings know."""
    known = "|".join(re.escape(key) for key in sorted(touchpoints)) or r"(?!)"
    return {
        "title": "A service event, as a CloudEvent 1.0",
        "type": "object",
        "required": ["specversion", "id", "source", "type", "data"],
        "properties": {
            "specversion": {"const": "1.0"},
            "id": ident(LONGEST_ID, "The sender's own id; the same again is the same event."),
            "source": ident(LONGEST_SOURCE, "Which system sends it."),
            "type": {
                **text(LONGEST_ID, LINE),
                "allOf": [{"pattern": rf"^\s*(.*\.)?({known})\s*$"}],
                "examples": [next(iter(sorted(touchpoints)), "")],
            },
            "subject": ident(LONGEST_ID, "The service's own id: one service is asked about once."),
            "time": {"anyOf": [MOMENT, {"type": "null"}], "description": "When it happened; now when left out."},
            "data_base64": False,
            "data": {
                "type": "object",
                "required": ["customer"],
                "properties": {
                    "customer": {
                        "type": "object",
                        "required": ["id"],
                        "properties": {
                            "id": ident(LONGEST_ID, "The business's own id of the customer."),
                            "language": LANGUAGE_TAG,
                            "zone": ZONE,
                        },
                    },
                    "service": {"type": ["object", "null"], "description": "Texts and numbers for the survey's texts."},
                    "served_by": {"description": "Who served, by the name of the staff member: praise reaches them."},
                    "version": {
                        "type": ["integer", "null"],
                        "minimum": 0,
                        "maximum": LARGEST_VERSION,
                        "description": "Of one service the highest counts; without one, the newest.",
                    },
                },
            },
        },
        "if": {"not": {"required": ["subject"]}},
        "then": {
            "properties": {
                "data": {"properties": {"service": {"properties": {"id": ident(LONGEST_ID, "The service's own id.")}}}}
            }
        },
    }


def events(touchpoints: Mapping[str, str]) -> Schema:
    """Return the schema of a batch."""
    return {"type": "array", "maxItems": MOST, "items": event(touchpoints)}


def published(touchpoints: Mapping[str, str]) -> dict[str, Schema]:
    """Return the schemas that senders may fetch, by name."""
    return {"event": event(touchpoints), "customer": CUSTOMER, "feedback": FEEDBACK}
