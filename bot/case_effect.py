"""What a case took and what came of it: written beside the case in the turn in which it happens, for the reports.

    first contact, contacts   a person wrote to the customer, or spoke with them on the telephone
    resolved, on the spot     it was said to be put right; by whoever took it, and nobody had to be asked
    reopened                  it was not so, after all
    rating after, told by     what the follow-up's rating was, and who said how it ended

A rating that a staff member typed after a call stands with `told_by` staff, and is told apart wherever it is shown.
"""

from typing import Final

from bot.scene import Scene, Talking
from conversations import comparing
from conversations.events import OpenCase
from conversations.state import Closed
from conversations.surveys import Question
from recovery import cases, offers
from recovery.cases import CaseEvent
from storage.cases import Case
from storage.offers import OfferRow

_ENDINGS: Final = (cases.OutcomeKnown, cases.Corrected, cases.Joined)


def recorded(scene: Scene, before: cases.Case, after: cases.Case, case: Case, event: CaseEvent, actor: str) -> Case:
    """Write down what an event adds to a case's effect, and return the case as it is then."""
    kept = case
    if isinstance(event, cases.Wrote):
        kept = contacted(scene, kept)
    elif isinstance(event, cases.SaidResolved) and after.stage == "resolved" and before.stage != "resolved":
        kept = _resolved(scene, kept, before, event.staff)
    if after.reopened != kept.reopened:
        scene.unit.cases.keep_effect(kept.id, reopened=after.reopened)
        kept = scene.unit.cases.get(kept.id)
    if isinstance(event, _ENDINGS) and after.outcome is not None and after.outcome != before.outcome:
        scene.unit.cases.keep_effect(kept.id, told_by=actor.partition(":")[0])
        kept = scene.unit.cases.get(kept.id)
    return kept


def contacted(scene: Scene, case: Case) -> Case:
    """Count a word of ours that a person said to the customer, and note the first one."""
    first = scene.now if case.first_contact_at is None else None
    scene.unit.cases.keep_effect(case.id, first_contact_at=first, contacts=case.contacts + 1)
    return scene.unit.cases.get(case.id)


def _resolved(scene: Scene, case: Case, before: cases.Case, staff: int) -> Case:
    """Note when it was first put right, and whether by the one who took it, without a hand-over or an approval."""
    if case.resolved_at is not None:
        return case
    alone = before.owner in (None, staff) and not before.reopened
    given = [line.staff_member_id for line in scene.unit.assignments.of(case.id) if line.actor.startswith("staff:")]
    asked = any(_was_asked_for(offer) for offer in scene.unit.offers.of_case(case.id))
    on_the_spot = alone and not given and not asked
    scene.unit.cases.keep_effect(case.id, resolved_at=scene.now, on_the_spot=on_the_spot)
    return scene.unit.cases.get(case.id)


def _was_asked_for(offer: OfferRow) -> bool:
    return offer.stage == "awaiting" or bool(offers.load(offer.state).approvals)


def rated_before(scene: Scene, case: Case) -> Question | None:
    """Return the question whose rating opened a case; None where nothing was rated, or that is not known any more."""
    if case.conversation_id is None or case.rating_question is None:
        return None
    version = scene.unit.conversations.get(case.conversation_id).survey_version_id
    return None if version is None else scene.house.shelf.version(scene.unit, version).question(case.rating_question)


def rated_after(scene: Scene, case: Case, talking: Talking, state: Closed) -> Case:
    """Keep the rating that the customer gave in the follow-up, with the scale on which it was given.

    Of several it is the one that can be compared with the rating that opened the case, else the first.
    """
    if talking.survey is None:
        return case
    for question in comparing.ratings(talking.survey, rated_before(scene, case)):
        given = state.answers.get(question.key)
        if given is not None and given.number is not None:
            return rated(scene, case, question, given.number)
    return case


def rated_in(scene: Scene, case: Case, talking: Talking, effect: OpenCase) -> Case:
    """Keep the rating that made the customer of a follow-up unhappy, if it was one."""
    found = () if talking.survey is None else comparing.ratings(talking.survey)
    question = next((one for one in found if one.key == effect.question), None)
    if question is None or effect.rating is None:
        return case
    return rated(scene, case, question, effect.rating)


def rated(scene: Scene, case: Case, question: Question, rating: int) -> Case:
    """Keep the rating after the recovery: the newest one counts."""
    scene.unit.cases.keep_effect(case.id, rating_after=rating, rating_after_on=scale_of(question))
    return scene.unit.cases.get(case.id)


def scale_of(question: Question) -> str:
    """Return a rating's kind and scale as it is stored: `csat 1 5`. Only ratings with the same are compared."""
    scale = question.scale
    return question.kind if scale is None else f"{question.kind} {scale.low} {scale.high}"
