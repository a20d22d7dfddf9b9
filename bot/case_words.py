"""A case in words, for whoever works it: its title, how it stands, what staff read of it first."""

from typing import Final

from bot import unhappy
from bot.phrases import say
from bot.scene import Scene
from bot.wall_clock import wall_day, wall_time
from conversations.phrases import Phrase, phrase
from conversations.surveys import Survey, said_in
from recovery.cases import Case as Stand
from recovery.cases import load
from storage.cases import Case
from storage.pasts import Past

CAUSES: Final[dict[str, Phrase]] = {
    "unhappy": phrase("An unhappy answer"),
    "complaint": phrase("A complaint"),
    "urgent": phrase("Urgent: please read at once"),
    "asked_for_person": phrase("The customer asks for a person"),
    "told_staff": phrase("A colleague took it in from the customer"),
}

OUTCOMES: Final[dict[str, Phrase]] = {
    "recovered": phrase("Recovered: the customer says that it was put right."),
    "unreachable": phrase("Closed: the customer did not answer the follow-up."),
    "corrected": phrase("Closed: the low rating was a slip, and the customer corrected it."),
    "not_recovered": phrase("Not put right: the customer says that it is still wrong."),
    "joined": phrase("Closed: it goes on in the customer's other open case."),
}

ENDED: Final[dict[str, Phrase]] = {
    **OUTCOMES,
    "unreachable": phrase("The customer did not answer the follow-up."),
}
"""How a case ended that is not closed yet."""

ENDINGS: Final[dict[str, Phrase]] = {
    "recovered": phrase("recovered"),
    "unreachable": phrase("no answer to the follow-up"),
    "corrected": phrase("the low rating was a slip"),
    "not_recovered": phrase("not put right"),
    "joined": phrase("went on in another case"),
}
"""How an earlier case ended, in the customer's history."""


def title(scene: Scene, case: Case, language: str) -> str:
    """Return the line that names a case: its number, its customer, its touchpoint."""
    customer = scene.unit.customers.get(case.customer_id)
    name = customer.name or customer.reference
    parts = [say(phrase("Case {number}", number=case.number), language), name]
    if case.touchpoint:
        parts.append(_touchpoint(scene, case, language))
    return " · ".join(parts)


def _touchpoint(scene: Scene, case: Case, language: str) -> str:
    """Return the survey's own title of its touchpoint, else the touchpoint's key as words."""
    survey = _survey(scene, case)
    if survey is not None and survey.title:
        return said_in(survey.title, language, survey.languages[0])
    return (case.touchpoint or "").replace("_", " ")


def _survey(scene: Scene, case: Case) -> Survey | None:
    if case.conversation_id is None:
        return None
    version = scene.unit.conversations.get(case.conversation_id).survey_version_id
    return None if version is None else scene.house.shelf.version(scene.unit, version)


def first_words(scene: Scene, case: Case, language: str) -> str:
    """Return an escalation message: who, what, how unhappy, and the customer's history in three lines."""
    lines = [title(scene, case, language), say(CAUSES[case.cause], language)]
    lines += _low_answer(scene, case, language)
    lines += _on_the_telephone(scene, case, language)
    lines += _said_before(scene, case)
    past = scene.unit.pasts.of(case.customer_id)
    return "\n".join(lines) + "\n\n" + "\n".join(history(past, case, scene.house.zone, language))


def _on_the_telephone(scene: Scene, case: Case, language: str) -> list[str]:
    """Return by whom it was typed, where a customer said on the telephone what opened the case."""
    call = scene.unit.phone_calls.at(case.customer_id, case.opened_at)
    if call is None:
        return []
    name = scene.unit.staff.get(call.staff_member_id).name
    return [say(phrase("(said on the telephone to {name})", name=name), language)]


def _said_before(scene: Scene, case: Case) -> list[str]:
    """Return what the customer wrote in the conversation before the case was opened."""
    if case.conversation_id is None:
        return []
    answers = scene.unit.answers.of(case.conversation_id)
    return [f"“{a.text}”" for a in answers if a.current and a.text and (a.role == "comment" or a.kind == "text")]


def _low_answer(scene: Scene, case: Case, language: str) -> list[str]:
    """Return what made the customer an unhappy one: a rating, else what they chose."""
    survey = _survey(scene, case)
    if case.rating is not None:
        return [unhappy.rating_line(survey, case.rating_question, case.rating, language)]
    if survey is None or case.conversation_id is None or case.cause != "unhappy":
        return []
    chosen = unhappy.chosen_line(survey, scene.unit.answers.of(case.conversation_id), language)
    return [chosen] if chosen else []


def history(past: Past, case: Case, zone: str, language: str) -> list[str]:
    """Return the customer's history in short lines: services, earlier answers, earlier cases, comments elsewhere."""
    earlier = [talk for talk in past.last_conversations if talk.id != case.conversation_id]
    cases = [old for old in past.last_cases if old.number != case.number]
    services = say(phrase("Services so far: {count}", count=past.services), language)
    if earlier and earlier[0].rating is not None:
        day = wall_day(earlier[0].opened_at, zone, language)
        asked = phrase("Last rating: {rating} on {day}", rating=earlier[0].rating, day=day)
    else:
        asked = phrase("No earlier rating")
    if cases:
        how = ENDINGS.get(cases[0].outcome or "", phrase("still open"))
        known = phrase("Earlier cases: {count}. The last one: {how}", count=past.cases - 1, how=how)
    else:
        known = phrase("No earlier case")
    said = [say(phrase("Comments elsewhere: {count}", count=past.comments), language)] if past.comments else []
    return [services, say(asked, language), say(known, language), *said]


def given_to(scene: Scene, case: Case) -> str | None:
    """Return the name of whom a case was given to; None where nobody was, or where only one person works."""
    if case.assignee_id is None or len(scene.unit.staff.roles(scene.house.brand)) < 2:
        return None
    return scene.unit.staff.get(case.assignee_id).name


def standing(scene: Scene, state: Stand, language: str, given: str | None = None) -> str:
    """Return in one sentence how a case stands and who has it; `given` is the name of whom it was given to."""
    owner = scene.unit.staff.get(state.owner).name if state.owner is not None else ""
    if state.stage == "closed":
        return say(OUTCOMES[state.outcome or "recovered"], language)
    if state.stage == "settled":
        missing = phrase("Only the root cause is missing: name it, and the case is closed.")
        return f"{say(ENDED[state.outcome or 'recovered'], language)}\n{say(missing, language)}"
    if state.stage == "resolved":
        return say(phrase("Put right; {name} looks after it. I will ask the customer.", name=owner), language)
    if state.stage == "taken":
        return say(phrase("Taken by {name}.", name=owner), language)
    if given is not None:
        return say(phrase("Open: given to {name}, who has not taken it yet.", name=given), language)
    return say(phrase("Open: nobody has taken it yet."), language)


def summary(scene: Scene, case: Case, language: str) -> str:
    """Return a case in two lines, as a list of cases shows it."""
    return f"{title(scene, case, language)}\n{standing(scene, load(case.state), language, given_to(scene, case))}"


def announced(scene: Scene, case: Case, language: str) -> str:
    """Return a line that says when the customer was last told, another way, that a message waits for them."""
    told = [line for line in scene.unit.history.of(f"case:{case.id}") if line.what == "Announced"]
    if not told:
        return ""
    by_mail = "mail" in told[-1].detail.split(",")
    when = wall_time(told[-1].at, scene.house.zone, language)
    if by_mail:
        words = phrase("The customer was told by e-mail that a message waits ({when}).", when=when)
    else:
        words = phrase("Your own systems were asked to tell the customer that a message waits ({when}).", when=when)
    return f"\n{say(words, language)}"
