"""PUT and GET /v1/customers/{id}: what the business knows of a customer, for texts, languages, zones and mailboxes.

    not named     stays as it is
    null or ""    is forgotten
    opted_out     true holds at once; false only with a `consent` that the customer gave after the opt-out: who said
                  stop must have said yes themselves, and a system that writes back an old copy may not say it for them

The same body again changes nothing, and what GET returns may be sent back by PUT.
"""

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from fastapi import Request

from bot.access.gate import principal_of
from bot.clock import iso
from bot.rest.cloudevents import LONGEST_ID, Fault, moment_of
from bot.rest.counter import Counter, body_of, stored, unfit
from bot.rest.fields import EMAIL, LINE, LONGEST_EMAIL, LONGEST_NAME, PHONE, Fields, ident_of, matches, text_of
from bot.services import LATEST
from bot.web.problems import Problem
from storage.customers import Customer
from storage.unit import Unit

KNOWN: Final = ("id", "name", "language", "zone", "email", "phone", "more", "opted_out", "consent")
CONSENT: Final = ("at", "version")
LONGEST_VERSION: Final = 64


class Consent(msgspec.Struct, frozen=True):
    """That the customer agreed to be asked: when (ms), and to which words of the business."""

    at: int
    version: str


class Wanted(msgspec.Struct, frozen=True):
    """What a body says of a customer: facts to set, or to forget where they are None."""

    facts: dict[str, str | None]
    opted_out: bool | None
    consent: Consent | None


async def keep(counter: Counter, reference: str, request: Request) -> tuple[int, dict[str, Any]]:
    """Note what a body says of a customer; return 201 for a new one, and what is known now. Raises Problem."""
    reference, body = _reference(reference), await body_of(request)
    now, brand = counter.clock.now(), counter.house.brand
    wanted = _read(body, reference, now)
    who = (await principal_of(request)).name

    def work(unit: Unit) -> tuple[int, dict[str, Any]]:
        before = unit.customers.by_reference(brand, reference)
        customer = before or unit.customers.ensure(brand, reference, now)
        changed = _note(wanted, customer, unit, now)
        if before is None or changed:
            unit.history.add(brand, f"customer:{customer.id}", who, "FactsKept", "", now)
        return (201 if before is None else 200), told(unit.customers.get(customer.id))

    return await stored(counter.database.run(work))


async def look(counter: Counter, reference: str) -> dict[str, Any]:
    """Return what is known of a customer. Raises Problem 404."""
    name, brand = _reference(reference), counter.house.brand
    found = await stored(counter.database.read(lambda unit: unit.customers.by_reference(brand, name)))
    if found is None:
        raise Problem(404, "There is no customer of that id.")
    return told(found)


def told(customer: Customer) -> dict[str, Any]:
    """Return what is known of a customer, in the shape that PUT takes."""
    consent = None
    if customer.consented_at is not None:
        consent = {"at": iso(customer.consented_at), "version": customer.consent_version or ""}
    return {
        "id": customer.reference,
        "name": customer.name,
        "language": customer.language,
        "zone": customer.zone,
        "email": customer.email,
        "phone": customer.phone,
        "more": msgspec.json.decode(customer.more),
        "opted_out": customer.opted_out_at is not None,
        "consent": consent,
    }


def _reference(written: str) -> str:
    reference = ident_of(written, LONGEST_ID)
    if reference is None:
        detail = f"must have 1 to {LONGEST_ID} characters, none of them unprintable"
        raise unfit([Fault("", f"the customer's id {detail}")])
    return reference


def _read(body: Mapping[str, Any], reference: str, now: int) -> Wanted:
    fields = Fields(body, KNOWN)
    if fields.given("id") and ident_of(body["id"], LONGEST_ID) != reference:
        fields.wrong("id", "must be the id in the address")
    name = fields.text("name", LONGEST_NAME)
    language, zone = fields.language(), fields.zone()
    email = fields.read("email", _email, "must be one e-mail address, such as ana@example.org")
    phone = fields.read("phone", _phone, "must be one telephone number of 6 to 15 figures, such as +49 30 901820")
    more = fields.facts("more")
    opted_out, consent = fields.truth("opted_out"), _consent(fields, now)
    if fields.faults:
        raise unfit(fields.faults)
    kept = {"name": name or None, "language": language, "zone": zone, "email": email, "phone": phone}
    facts = {field: said for field, said in kept.items() if field in fields}
    if "more" in fields:
        facts["more"] = msgspec.json.encode(more or {}, order="sorted").decode()
    return Wanted(facts, opted_out, consent)


def _consent(fields: Fields, now: int) -> Consent | None:
    value = fields.raw("consent")
    if value is None:
        return None
    if not isinstance(value, dict):
        fields.wrong("consent", "must be an object with at and version")
        return None
    inner = Fields(value, CONSENT)
    at = inner.required("at", moment_of, 'when the customer agreed, as "2026-03-02T12:00:00Z"')
    version = inner.required(
        "version", lambda said: text_of(said, LONGEST_VERSION, LINE), f"what they agreed to, {LONGEST_VERSION} signs"
    )
    if at is not None and at > now + LATEST.total_seconds() * 1000:
        inner.wrong("at", "lies in the future")
    fields.faults += [Fault(f"/consent{fault.pointer}", fault.detail) for fault in inner.faults]
    return None if at is None or version is None else Consent(at, version)


def _email(value: object) -> str | None:
    return value if isinstance(value, str) and len(value) <= LONGEST_EMAIL and matches(EMAIL, value) else None


def _phone(value: object) -> str | None:
    if not isinstance(value, str) or not matches(PHONE, value):
        return None
    return "".join(sign for sign in value if sign in "+0123456789")


def _note(wanted: Wanted, customer: Customer, unit: Unit, now: int) -> bool:
    """Write what is new; return whether anything was. Raises Problem for an opt-out that may not be lifted."""
    known = {field: getattr(customer, field) for field in wanted.facts}
    changed = known != wanted.facts
    if changed:
        unit.customers.keep(customer.id, **{**_facts_of(customer), **wanted.facts})
    consent = wanted.consent
    if consent is not None and (customer.consented_at is None or consent.at > customer.consented_at):
        unit.customers.consent(customer.id, consent.at, consent.version)
        changed = True
    return _opt(wanted, customer, unit, now) or changed


def _facts_of(customer: Customer) -> dict[str, str | None]:
    return {field: getattr(customer, field) for field in ("name", "language", "zone", "email", "phone", "more")}


def _opt(wanted: Wanted, customer: Customer, unit: Unit, now: int) -> bool:
    if wanted.opted_out is None or wanted.opted_out == (customer.opted_out_at is not None):
        return False
    if wanted.opted_out:
        unit.customers.opt_out(customer.id, now)
        for invitation in unit.invitations.waiting_of(customer.id):
            unit.invitations.decide(invitation.id, "withheld", "opt_out", now)
        return True
    if wanted.consent is None or wanted.consent.at <= (customer.opted_out_at or 0):
        raise unfit([Fault("/opted_out", "can be lifted only with a consent that was given after the opt-out")])
    unit.customers.opt_in(customer.id)
    return True
