"""Letting anonymous responses out: once a day, several of one survey together, in an order that says nothing.

    a response ends ──> it waits, under a random id, without a moment
    once a day      ──> a survey with at least TOGETHER of them: all become responses like any other, but nobody's, with
                        one and the same moment; the invitations of all who were asked meanwhile are counted with them

So nobody who watches the figures, the API or the webhooks sees an answer appear while its customer is in the chat, and
a single answer is never shown beside a single customer. Fewer than that wait, however long: see docs/security.md.
"""

from datetime import timedelta
from typing import Final

import msgspec

from bot import tallying
from bot.notifying import telling
from bot.scene import Scene
from conversations.facts import NOTHING_KNOWN
from conversations.state import Closed, Given, Said, save
from storage.anonymous import NOBODY, AnonymousResponse
from storage.due import DueRow

TOGETHER: Final = 5
"""So few responses of a survey are not let out: whoever knows whom we asked could guess."""

MOST: Final = 200
"""Responses let out in one unit of work."""

DUE: Final = "let_out"
DAY: Final = timedelta(days=1) // timedelta(milliseconds=1)
HOUR: Final = timedelta(hours=1) // timedelta(milliseconds=1)
REPEATED_FOR: Final = 2 * DAY
"""How long an update may still be handed over again: a channel keeps it for 24 hours."""

_decode = msgspec.json.Decoder(tuple[Said, ...]).decode


def key_on(at: int) -> str:
    """Return the key of the due row of a day."""
    return f"{DUE}:{at // DAY}"


def let_out(_due: DueRow, scene: Scene) -> int | None:
    """Let out what waits, a chunk at a time; return when to go on, None when it is done for today."""
    anonymous, brand = scene.unit.anonymous, scene.house.brand
    for conversation_id in anonymous.left_over(MOST):
        anonymous.sweep(conversation_id, shown_too=True)
    anonymous.forget_repeats(scene.now - REPEATED_FOR)
    standing = scene.house.tallying.standing(scene.unit, brand)
    if standing is None or not standing.whole:  # what is let out while all is counted anew could be counted twice
        return scene.now + HOUR
    ready = next((one for one in anonymous.waiting(brand) if one.count >= TOGETHER), None)
    if ready is None:
        scene.out.plan(DUE, 0, key_on(scene.now + DAY), scene.now + DAY, brand)
        return None
    _release(scene, ready.survey, ready.count if ready.count <= 2 * MOST else MOST)
    return scene.now


def _release(scene: Scene, survey: str, most: int) -> None:
    """Let out so many responses to a survey: what is left is none, or enough to be let out together."""
    brand, unit = scene.house.brand, scene.unit
    nobody = unit.customers.ensure(brand, NOBODY, scene.now)
    address = unit.addresses.nowhere(brand, nobody.id, scene.now)
    for invited in unit.anonymous.count_invited(brand, survey, scene.now):
        asked = scene.house.shelf.version(unit, invited.survey_version_id)
        tallying.invitations_released(scene, asked, invited.count)
    for response in unit.anonymous.take(brand, survey, most):
        _one(scene, response, address.id, nobody.id)


def _one(scene: Scene, response: AnonymousResponse, address_id: int, customer_id: int) -> None:
    """Write one response as a conversation of nobody, count it, and tell who listens."""
    unit = scene.unit
    state = _state_of(response, scene.house.seed(), scene.now)
    survey = scene.house.shelf.version(unit, response.survey_version_id)
    conversation_id = unit.anonymous.release(
        response.brand_id, address_id, customer_id, response.survey_version_id, state.seed, save(state), scene.now
    )
    chain = ""
    for one in _decode(response.said):
        given = one.given
        chain = unit.answers.add(
            conversation_id,
            one.question,
            one.role,
            one.kind,
            given.number,
            given.text,
            given.raw,
            scene.now,
            chain,
            skipped=given.skipped,
        )
    unit.conversations.save(conversation_id, 1, save(state), chain, state.outcome, scene.now)
    conversation = unit.conversations.get(conversation_id)
    tallying.response_released(scene, survey, state)
    telling.response_closed(scene, conversation, state)


def _state_of(response: AnonymousResponse, seed: str, now: int) -> Closed:
    answers: dict[str, Given] = {}
    for one in _decode(response.said):
        if one.role == "answer":
            answers[one.question] = msgspec.structs.replace(one.given, at=now)
    return Closed(seed=seed, language="", facts=NOTHING_KNOWN, answers=answers, outcome=response.outcome, closed_at=now)
