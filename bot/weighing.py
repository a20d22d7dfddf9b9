"""How severe a case is in the turn: weighed when it is opened, and again while nobody has taken it.

What counts is the rating, everything the customer said, and the plan of the touchpoint. It only becomes graver; once
somebody has it they see for themselves, and nothing is changed under their hands.
"""

from collections.abc import Sequence

from bot import clockwork, dispatching
from bot.scene import Scene
from conversations.events import OpenCase
from conversations.phrases import Phrase, phrase
from conversations.surveys import Survey
from recovery.plans import Plan
from recovery.severity import URGENT, Rated, Weight, weigh
from storage.cases import Case


def at_opening(scene: Scene, survey: Survey | None, plan: Plan, texts: Sequence[str], effect: OpenCase) -> Weight:
    """Return how severe a case is that is being opened."""
    urgent = effect.cause == "urgent"
    return _weighed(scene, survey, plan, texts, effect.question, effect.rating, urgent=urgent)


def plan_of(scene: Scene, case: Case) -> Plan:
    """Return the plan that a case follows."""
    return scene.house.shelved.book.plans.get(case.plan)


def why(scene: Scene, case: Case) -> tuple[Phrase, ...]:
    """Return in sentences what makes a case as severe as it is, from all that is known of it by now."""
    return _of_case(scene, case).reasons


def in_words(scene: Scene, case: Case) -> tuple[Phrase, ...]:
    """Return in sentences how severe a case is and which skill it needs, and then what makes it so."""
    severity = phrase("Severity {severity} of {most}", severity=case.severity, most=URGENT)
    needed = () if case.skill is None else (phrase("The skill that it needs: {skill}", skill=case.skill),)
    return (severity, *needed, *why(scene, case))


def again(scene: Scene, case: Case) -> Case:
    """Weigh a case anew because its customer wrote more, and return it; once somebody took it, it stays as it is.

    A skill that shows only now finds its person: the case is given anew when whom it was given to lacks it.
    """
    if case.stage != "open" or case.owner_id is not None:
        return case
    weight = _of_case(scene, case)
    severity, skill = max(case.severity, weight.severity), weight.skill or case.skill
    if (severity, skill) == (case.severity, case.skill):
        return case
    needs_another = skill != case.skill and not _has_skill(scene, case.assignee_id, skill)
    case = scene.unit.cases.weigh(case.id, severity, skill)
    note(scene, case)
    if needs_another:
        case = dispatching.give(scene, case)
    clockwork.look_again(scene, case)
    return case


def alarmed(scene: Scene, case: Case) -> Case:
    """Make a case urgent because danger showed, whoever has it, and return it."""
    if case.severity >= URGENT:
        return case
    case = scene.unit.cases.weigh(case.id, URGENT, case.skill)
    note(scene, case)
    clockwork.look_again(scene, case)
    return case


def note(scene: Scene, case: Case) -> None:
    """Write down in the history how a case was weighed."""
    detail = f"{case.severity}:{case.skill or ''}"
    scene.unit.history.add(scene.house.brand, f"case:{case.id}", "makegood", "Weighed", detail, scene.now)


def _has_skill(scene: Scene, staff_member_id: int | None, skill: str | None) -> bool:
    if staff_member_id is None or skill is None:
        return False
    return skill in scene.unit.staff.get(staff_member_id).skills.split(",")


def _of_case(scene: Scene, case: Case) -> Weight:
    survey = None
    texts = said_in_conversation(scene, case.conversation_id)
    if case.conversation_id is not None:
        version = scene.unit.conversations.get(case.conversation_id).survey_version_id
        survey = None if version is None else scene.house.shelf.version(scene.unit, version)
    texts += [message.text for message in scene.unit.case_messages.of(case.id) if message.author == "customer"]
    question, rating = case.rating_question, case.rating
    return _weighed(
        scene,
        survey,
        plan_of(scene, case),
        texts,
        question,
        rating,
        urgent=bool(case.urgent and case.cause == "urgent"),
    )


def said_in_conversation(scene: Scene, conversation_id: int | None) -> list[str]:
    """Return what a customer wrote in a conversation, in order; nothing of none."""
    if conversation_id is None:
        return []
    answers = scene.unit.answers.of(conversation_id)
    return [one.text for one in answers if one.text and (one.role == "comment" or one.kind == "text")]


def _weighed(
    scene: Scene,
    survey: Survey | None,
    plan: Plan,
    texts: Sequence[str],
    question: str | None,
    rating: int | None,
    *,
    urgent: bool,
) -> Weight:
    rated = _rated(survey, question, rating)
    lexicon = scene.house.shelved.book.lexicon
    return weigh(lexicon, texts, rated=rated, urgent=urgent, extra=plan.weight, skill=plan.skill)


def _rated(survey: Survey | None, key: str | None, rating: int | None) -> Rated | None:
    """Return a rating on its scale; None where nothing was rated, or the scale is not known."""
    question = survey.question(key) if survey is not None and key is not None else None
    if rating is None or question is None or question.scale is None:
        return None
    return Rated(rating, question.scale.low, question.scale.high, high_is_bad=question.kind == "ces")
