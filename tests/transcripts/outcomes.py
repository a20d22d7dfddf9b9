"""What a step changed that is worth a line in a transcript, read from the rows themselves."""

import json
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from storage.unit import Unit

Rows = dict[Any, tuple[Any, ...]]


class Seen(NamedTuple):
    """The rows as they stand, each kind by its id."""

    answers: Rows
    invitations: Rows
    conversations: Rows
    cases: Rows
    customers: Rows
    addresses: Rows
    tasks: Rows
    dues: Rows
    media: Rows
    calls: Rows
    offers: Rows
    apart: Rows


NOTHING: Final = Seen({}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {})


def look(unit: Unit) -> Seen:
    """Return how everything stands."""

    def rows(sql: str) -> Rows:
        return {row[0]: tuple(row[1:]) for row in unit.all(sql)}

    return Seen(
        rows("SELECT id, question, role, number, text, skipped FROM answer"),
        rows("SELECT id, state, reason FROM invitation"),
        rows("SELECT id, purpose, outcome FROM conversation"),
        rows(
            """
            SELECT recovery_case.id, number, cause, stage, staff_member.name, outcome, state
            FROM recovery_case LEFT JOIN staff_member ON staff_member.id = owner_id
            """
        ),
        rows("SELECT id, reference, consented_at, opted_out_at FROM customer"),
        rows("SELECT id, chat, unreachable_why FROM address"),
        rows("SELECT id, kind FROM task"),
        rows("SELECT id, kind, state FROM due WHERE state IN ('late', 'cancelled', 'parked')"),
        rows(
            """
            SELECT id, kind, question, case_message_id FROM media
            WHERE waiting IS NULL AND COALESCE(why, '') <> 'anonymous'
            """
        ),
        rows(
            """
            SELECT phone_call.id, staff_member.name, outcome, put_right, rating, words
            FROM phone_call JOIN staff_member ON staff_member.id = staff_member_id
            """
        ),
        rows("SELECT id, stage, kind FROM offer"),
        rows("SELECT id, outcome, said FROM anonymous_response"),
    )


def news(before: Seen, after: Seen) -> Iterator[str]:
    """Yield what is new, in the order in which one would tell it."""
    for key, row in _new(before.customers, after.customers):
        yield from _customer(before.customers.get(key), row)
    for _, (question, role, number, text, skipped) in _new(before.answers, after.answers):
        value = "skipped" if skipped else number if number is not None else text or "what was shown"
        yield f"comment on {question}: {value}" if role == "comment" else f"kept {question}={value}"
    for _, (outcome, said) in _new(before.apart, after.apart):
        given = [f"{one['question']}={one['given']['raw'] or 'skipped'}" for one in json.loads(said)]
        yield f"kept without a name, {outcome.replace('_', '-')}: {', '.join(given)}"
    for _, (kind, question, said) in _new(before.media, after.media):
        yield f"a {kind} kept" + (f" for {question}" if question else "") + (", part of the case" if said else "")
    for _, (state, reason) in _new(before.invitations, after.invitations):
        yield f"invitation {state.replace('_', ' ')}" + (f" ({reason})" if reason else "")
    for key, row in _new(before.cases, after.cases):
        yield from _case(before.cases.get(key), row)
    for _, (purpose, outcome) in _new(before.conversations, after.conversations):
        if outcome:
            yield f"{purpose.replace('_', '-')} over, {outcome.replace('_', '-')}"
    yield from _machinery(before, after)


def _machinery(before: Seen, after: Seen) -> Iterator[str]:
    for key, (_, why) in _new(before.addresses, after.addresses):
        was = before.addresses.get(key, ("", None))[1]
        if why != was:
            yield f"unreachable ({why})" if why else "reachable"
    for _, (kind,) in _new(before.tasks, after.tasks):
        yield f"task for a person: {kind}"
    for _, (who, outcome, put_right, rating, words) in _new(before.calls, after.calls):
        said = ["" if put_right is None else "put right" if put_right else "not put right", rating, words]
        yield ", ".join([f"call typed by {who}: {outcome.replace('_', ' ')}", *(str(one) for one in said if one)])
    for key, (stage, kind) in _new(before.offers, after.offers):
        yield f"offer {key}, a {kind.replace('_', ' ')}: {stage.replace('_', ' ')}"
    for _, (kind, state) in _new(before.dues, after.dues):
        yield f"{kind} {state}"


def _new(before: Rows, after: Rows) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    return ((key, row) for key, row in after.items() if before.get(key) != row)


def _customer(before: tuple[Any, ...] | None, row: tuple[Any, ...]) -> Iterator[str]:
    was = before or (row[0], None, None)
    if was[1] is None and row[1] is not None:
        yield "consented"
    if (was[2] is None) != (row[2] is None):
        yield "opted out" if row[2] is not None else "opted in"


def _case(before: tuple[Any, ...] | None, row: tuple[Any, ...]) -> Iterator[str]:
    number, cause, stage, owner, outcome, stored = row
    state = json.loads(stored)
    was = json.loads(before[5]) if before else {}
    if before is None:
        yield f"case {number} opened, {cause.replace('_', ' ')}" + (", urgent" if state.get("urgent") else "")
        return
    if state.get("urgent") and not was.get("urgent"):
        yield f"case {number} is urgent now"
    if owner != before[3]:
        yield f"case {number} taken by {owner}" if owner else f"case {number} is nobody's"
    if state.get("reopened", 0) > was.get("reopened", 0):
        yield f"case {number} reopened"
    if state.get("level", 0) > was.get("level", 0):
        yield f"case {number} climbed to level {state['level']}"
    if stage != before[2] and stage in ("resolved", "closed"):
        yield f"case {number} {stage}" + (f", {outcome.replace('_', ' ')}" if outcome else "")
