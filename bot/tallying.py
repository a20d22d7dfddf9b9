"""Keeping the figures: each turn writes what it changed in them, in its own transaction.

    a turn        the difference between what its conversation counted before and counts now
    at the start  counts never made, of another zone or of an earlier release are made anew, chunk by chunk

Which conversations are counted already is a fact in the database, read by each turn while they are counted anew;
once all are, it is remembered, and a turn asks no more.
"""

import asyncio
import logging
from functools import partial
from typing import TYPE_CHECKING, Final

from conversations.state import load
from reports import tallies
from reports.periods import day_of
from storage.anonymous import COUNTED, RELEASED
from storage.database import Database
from storage.errors import Unavailable
from storage.rollups import EVERYTHING, FORMAT, Standing
from storage.unit import Unit

if TYPE_CHECKING:
    from bot.house import House
    from bot.scene import Scene
    from conversations.state import State
    from conversations.surveys import Survey
    from storage.cases import Case
    from storage.conversations import Conversation

log = logging.getLogger("makegood.tallying")

CHUNK: Final = 200
"""Conversations or cases in one unit of counting anew: some milliseconds, so that no customer waits longer."""

AGAIN_AFTER: Final = 60.0
"""Seconds until counting goes on that the database could not take."""


class Tallying:
    """How far is counted, as it is known without asking: only that everything is, never less."""

    def __init__(self) -> None:
        self._whole: Standing | None = None

    def standing(self, unit: Unit, brand: int) -> Standing | None:
        """Return how far is counted, at the moment of this unit; None when counting never began."""
        return self._whole or unit.rollups.standing(brand)

    def remember(self, standing: Standing) -> None:
        """Remember, once it is committed, that everything is counted."""
        self._whole = standing if standing.whole else None

    def forget(self) -> None:
        """Ask the database again. Call it before what begins counting anew is given to the database."""
        self._whole = None


# -- in the turn


def conversation_changed(
    scene: "Scene", conversation: "Conversation", survey: "Survey | None", before: "State | None", after: "State"
) -> None:
    """Write what a conversation counts from now on, in place of what it counted before (None: it just began)."""
    if conversation.purpose != "survey" or survey is None:
        return
    changes = tallies.difference(tallies.of_conversation(survey, before), tallies.of_conversation(survey, after))
    if not changes:
        return
    standing = scene.house.tallying.standing(scene.unit, scene.house.brand)
    if standing is not None and conversation.id <= standing.conversations:
        day = day_of(conversation.opened_at, standing.zone)
        scene.unit.rollups.add(conversation.brand_id, day, survey.touchpoint, survey.key, changes)


def invitations_released(scene: "Scene", survey: "Survey", count_: int) -> None:
    """Count those who were asked anonymously, when responses are let out; the figures must be whole."""
    _add_now(scene, survey, tallies.of_invitations(count_))


def response_released(scene: "Scene", survey: "Survey", state: "State") -> None:
    """Count a response that is let out without its customer; the figures must be whole."""
    _add_now(scene, survey, tallies.of_released(survey, state))


def _add_now(scene: "Scene", survey: "Survey", counts: tallies.Counts) -> None:
    standing = scene.house.tallying.standing(scene.unit, scene.house.brand)
    if standing is not None and counts:
        day = day_of(scene.now, standing.zone)
        scene.unit.rollups.add(scene.house.brand, day, survey.touchpoint, survey.key, counts)


def case_opened(scene: "Scene", case: "Case") -> None:
    """Count a new case."""
    _count_case(scene, case, case.opened_at, tallies.of_case_opened())


def case_closed(scene: "Scene", case: "Case", before: str | None = None) -> None:
    """Count a case that is closed now; `before` is the outcome with which it was counted already, None for not yet."""
    if case.closed_at is not None:
        counted = tallies.NOTHING if before is None else tallies.of_case_closed(before)
        changes = tallies.difference(counted, tallies.of_case_closed(case.outcome or ""))
        if changes:
            _count_case(scene, case, case.closed_at, changes)


def _count_case(scene: "Scene", case: "Case", at: int, counts: tallies.Counts) -> None:
    standing = scene.house.tallying.standing(scene.unit, scene.house.brand)
    if standing is not None and case.id <= standing.cases:
        scene.unit.rollups.add(case.brand_id, day_of(at, standing.zone), case.touchpoint or "", "", counts)


# -- counting anew


async def prepare(database: Database, house: "House", *, anew: bool = False) -> bool:
    """See whether the figures are whole, and let counting begin where they are not; return whether they are.

    `anew` lets it begin in any case. Follow it by `count`, which may take its time.
    """
    house.tallying.forget()
    standing = await database.run(partial(_prepare, brand=house.brand, zone=house.zone, anew=anew))
    house.tallying.remember(standing)
    return standing.whole


def _prepare(unit: Unit, brand: int, zone: str, *, anew: bool) -> Standing:
    standing = unit.rollups.standing(brand)
    if anew or standing is None or standing.zone != zone or standing.format != FORMAT:
        standing = Standing(zone)
        unit.rollups.stand(brand, standing)
    return standing


async def count(database: Database, house: "House") -> None:
    """Count what is not counted yet, while turns go on; return when everything is."""
    while True:
        try:
            standing = await database.run(partial(count_some, house=house), low=True)
        except Unavailable as error:
            log.warning("the figures cannot be counted now (%s); trying again in %d s", error, AGAIN_AFTER)
            await asyncio.sleep(AGAIN_AFTER)
            continue
        if standing is None or standing.whole:
            break
    if standing is not None:
        house.tallying.remember(standing)


def count_some(unit: Unit, house: "House", most: int = CHUNK) -> Standing | None:
    """Count one chunk, and return how far it went; None when counting never began."""
    standing = unit.rollups.standing(house.brand)
    if standing is None or standing.whole:
        return standing
    if standing.conversations < 0:
        reached = Standing(standing.zone, -1 if unit.rollups.clear(house.brand) else 0)
    elif standing.conversations < EVERYTHING:
        reached = _count_conversations(unit, house, standing, most)
    else:
        reached = _count_cases(unit, house, standing, most)
    unit.rollups.stand(house.brand, reached)
    return reached


def _count_conversations(unit: Unit, house: "House", standing: Standing, most: int) -> Standing:
    talks = unit.rollups.conversations_after(house.brand, standing.conversations, most)
    sums = _Sums(standing.zone)
    for talk in talks:
        if talk.survey_version_id is not None:
            survey = house.shelf.version(unit, talk.survey_version_id)
            at, counts = _counted(talk, survey)
            sums.add(at, survey.touchpoint, survey.key, counts)
    sums.write(unit, house.brand)
    return Standing(standing.zone, talks[-1].id if len(talks) == most else EVERYTHING, standing.cases)


def _counted(talk: "Conversation", survey: "Survey") -> tuple[int, tallies.Counts]:
    """Return what a conversation counts, and when; an anonymous one when it was let out."""
    if talk.anonymous == COUNTED:
        return talk.closed_at or talk.opened_at, tallies.of_invitations(1)
    state = load(talk.state)
    if talk.anonymous == RELEASED:
        return talk.opened_at, tallies.of_released(survey, state)
    return talk.opened_at, tallies.of_conversation(survey, state)


def _count_cases(unit: Unit, house: "House", standing: Standing, most: int) -> Standing:
    found = unit.rollups.cases_after(house.brand, standing.cases, most)
    sums = _Sums(standing.zone)
    for case in found:
        sums.add(case.opened_at, case.touchpoint or "", "", tallies.of_case_opened())
        if case.closed_at is not None:
            sums.add(case.closed_at, case.touchpoint or "", "", tallies.of_case_closed(case.outcome or ""))
    sums.write(unit, house.brand)
    return Standing(standing.zone, standing.conversations, found[-1].id if len(found) == most else EVERYTHING)


class _Sums:
    """What a chunk adds up to, so that a day of many answers is written once."""

    def __init__(self, zone: str) -> None:
        self._zone = zone
        self._sums: dict[tuple[int, str, str], dict[tallies.Key, int]] = {}

    def add(self, at: int, touchpoint: str, survey: str, counts: tallies.Counts) -> None:
        sums = self._sums.setdefault((day_of(at, self._zone), touchpoint, survey), {})
        for key, count_ in counts.items():
            sums[key] = sums.get(key, 0) + count_

    def write(self, unit: Unit, brand: int) -> None:
        for (day, touchpoint, survey), changes in self._sums.items():
            unit.rollups.add(brand, day, touchpoint, survey, changes)
