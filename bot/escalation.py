"""What staff read about a case, and what a customer is told of it.

Staff hear in the registered staff group, or else each in their own chat, in their own language. The first
message of a case is edited as its state changes; what needs a person comes as a new message, because an edit
rings no telephone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime

from bot import keeping, unhappy
from bot.channels.messages import Button, Message
from bot.clock import moment
from bot.outgoing import message_of
from bot.people import speak_about
from bot.phrases import babel_locale, say
from bot.scene import Scene
from conversations.phrases import Phrase, phrase
from conversations.surveys import Survey, said_in
from recovery.cases import Case as Stand
from recovery.cases import load
from storage.addresses import Address
from storage.cases import Case, Past
from storage.customers import Customer
from storage.staff import StaffMember

CAUSES: Final[dict[str, Phrase]] = {
    "unhappy": phrase("An unhappy answer"),
    "complaint": phrase("A complaint"),
    "urgent": phrase("Urgent: please read at once"),
    "asked_for_person": phrase("The customer asks for a person"),
}

OUTCOMES: Final[dict[str, Phrase]] = {
    "recovered": phrase("Recovered: the customer says that it was put right."),
    "unreachable": phrase("Closed: the customer did not answer the follow-up."),
    "corrected": phrase("Closed: the low rating was a slip, and the customer corrected it."),
    "not_recovered": phrase("Not put right: the customer says that it is still wrong."),
    "joined": phrase("Closed: it goes on in the customer's other open case."),
}

ENDINGS: Final[dict[str, Phrase]] = {
    "recovered": phrase("recovered"),
    "unreachable": phrase("no answer to the follow-up"),
    "corrected": phrase("the low rating was a slip"),
    "not_recovered": phrase("not put right"),
    "joined": phrase("went on in another case"),
}
"""How an earlier case ended, in the customer's history."""

NEWS: Final[dict[str, Phrase]] = {
    "deepened": phrase("The customer of this case is unhappy once more, or asks for a person."),
    "reopened": phrase("The customer says that it is not put right yet. The case is open again."),
    "climbed": phrase("Nobody has put this right yet, and the customer is waiting. Please look at it now."),
    "corrected": phrase("The customer corrected the rating: it was a slip."),
    "mistaken": phrase(
        "Somebody else had opened this customer's link, and says so now. What they wrote is not the customer's."
    ),
    "given_back": phrase("Whoever had this case no longer works here. Please take it."),
}

TAKE: Final = phrase("Take it")
WRITE: Final = phrase("Write to the customer")
RESOLVED: Final = phrase("Resolved")


def act_button(label: Phrase, number: int, act: str, language: str) -> Button:
    """Return a staff button: `1:k17:take`."""
    return Button(say(label, language), f"1:k{number}:{act}")


def pressed_act(data: str) -> tuple[int, str] | None:
    """Return case number and act of a staff button; None for what is not one."""
    version, _, rest = data.partition(":")
    case, _, act = rest.partition(":")
    digits = case[1:]
    if version != "1" or not case.startswith("k") or not (digits.isascii() and digits.isdecimal()) or len(digits) > 12:
        return None
    return int(digits), act


def readers(scene: Scene) -> Iterator[tuple[Address, str]]:
    """Yield where staff read about cases, each with its language: their group, or else each of them."""
    group = scene.unit.addresses.staff_group(scene.house.brand)
    if group is not None:
        yield group, group.language or scene.house.language
        return
    for member, address in scene.unit.staff.bound(scene.house.brand):
        yield address, member.language


def tell_staff(scene: Scene, case: Case, what: str) -> None:
    """Tell staff what became of a case: a new message when it needs a person, else an edit of its first one."""
    if what == "opened":
        for address, language in readers(scene):
            text = first_words(scene, case, language)
            scene.out.post(
                address, Message(text, rows(load(case.state), case, language)), "escalation", case_id=case.id
            )
        return
    show_state(scene, case)
    if what == "closed" and case.outcome:
        _news(scene, case, OUTCOMES[case.outcome])
    elif what in NEWS:
        urgent = what == "deepened" and load(case.state).urgent
        _news(scene, case, CAUSES["urgent"] if urgent else NEWS[what])


def _news(scene: Scene, case: Case, words: Phrase) -> None:
    for address, language in readers(scene):
        text = f"{_title(scene, case, language)}\n{say(words, language)}"
        open_still = case.closed_at is None
        buttons = rows(load(case.state), case, language) if open_still else ()
        scene.out.post(address, Message(text, buttons), "case_news", case_id=case.id)


def show_state(scene: Scene, case: Case) -> None:
    """Edit every escalation message of the case, so that it says who has it and how it stands."""
    for row in scene.unit.outbox.of_case(case.id):
        if row.purpose != "escalation":
            continue
        address = scene.unit.addresses.get(row.address_id)
        language = _reader_language(scene, address)
        state = load(case.state)
        text = f"{message_of(row).text}\n\n{_standing(scene, state, language)}{_announced(scene, case, language)}"
        scene.out.edit(address, row, Message(text, rows(state, case, language)), again=True)


def _reader_language(scene: Scene, address: Address) -> str:
    if address.staff_member_id is not None:
        return scene.unit.staff.get(address.staff_member_id).language
    return address.language or scene.house.language


def _standing(scene: Scene, state: Stand, language: str) -> str:
    owner = scene.unit.staff.get(state.owner).name if state.owner is not None else ""
    if state.stage == "closed":
        return say(OUTCOMES[state.outcome or "recovered"], language)
    if state.stage == "resolved":
        return say(phrase("Resolved; {name} looks after it. I will ask the customer.", name=owner), language)
    if state.stage == "taken":
        return say(phrase("Taken by {name}.", name=owner), language)
    return say(phrase("Open: nobody has taken it yet."), language)


def _announced(scene: Scene, case: Case, language: str) -> str:
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


def rows(state: Stand, case: Case, language: str) -> tuple[tuple[Button, ...], ...]:
    """Return the buttons that a case offers as it stands."""
    if state.stage == "closed":
        return ()
    take = (act_button(TAKE, case.number, "take", language),) if state.owner is None else ()
    write = act_button(WRITE, case.number, "write", language)
    resolved = () if state.stage == "resolved" else (act_button(RESOLVED, case.number, "resolved", language),)
    return ((*take, write), resolved) if resolved else ((*take, write),)


def rows_for_a_call(state: Stand, case: Case, language: str) -> tuple[tuple[Button, ...], ...]:
    """Return the buttons that go with ringing the customer up: writing to them leads nowhere."""
    offered = (button for row in rows(state, case, language) for button in row)
    left = tuple(
        button for button in offered if button.press != act_button(WRITE, case.number, "write", language).press
    )
    return (left,) if left else ()


def _title(scene: Scene, case: Case, language: str) -> str:
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
    lines = [_title(scene, case, language), say(CAUSES[case.cause], language)]
    lines += _low_answer(scene, case, language)
    lines += _said_before(scene, case)
    past = scene.unit.cases.history_lines(case.customer_id)
    return "\n".join(lines) + "\n\n" + "\n".join(history(past, case, scene.house.zone, language))


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


def relay_to_staff(
    scene: Scene, case: Case, name: str | None, text: str, *, edited: bool = False, media: Sequence[int] = ()
) -> None:
    """Bring a customer's words and files to staff; a reply to this message goes back to the customer."""
    files = keeping.attachments(scene, media)
    for address, language in readers(scene):
        who = name or say(phrase("The customer"), language)
        words = phrase("Case {number} · {name} writes:", number=case.number, name=who)
        if edited:
            words = phrase("Case {number} · {name} changed a message. It reads now:", number=case.number, name=who)
        elif not text:
            words = phrase("Case {number} · {name} sent this:", number=case.number, name=who)
        lines = "\n".join(line for line in (say(words, language), text) if line)
        buttons = rows(load(case.state), case, language)
        scene.out.post(address, Message(lines, buttons, attachments=files), "case_news", case_id=case.id)


def pass_on_praise(
    scene: Scene,
    name: str | None,
    text: str,
    media: Sequence[int] = (),
    *,
    served_by: StaffMember | None = None,
    rated: bool = False,
) -> None:
    """Let whoever served read a kind word, and see what came with it; all staff when that is nobody we can write to."""
    own = scene.unit.addresses.of_staff(served_by.id) if served_by is not None else []
    if served_by is None or not own:
        head = phrase("{name} gave the best rating, and writes:") if rated else phrase("{name} sends a kind word:")
        _pass_on(scene, head, name, text, media)
        return
    language = served_by.language
    head = phrase("{name}, whom you served, sends you a kind word:")
    if rated:
        head = phrase("{name}, whom you served, gave the best rating, and writes:")
    who = name or say(phrase("A customer"), language)
    lines = [say(Phrase(head.sentence, {"name": who}), language), text, say(phrase("Thank you for that!"), language)]
    files = keeping.attachments(scene, media)
    words = "\n".join(line for line in lines if line)
    scene.out.post(own[0], Message(words, attachments=files), "notice")


def pass_on_unsorted(scene: Scene, name: str | None, text: str, media: Sequence[int] = ()) -> None:
    """Let staff read what somebody wrote or showed who did not say what it is about."""
    head = phrase("{name} wrote this, and did not say what it is about:")
    if not text:
        head = phrase("{name} sent this, and did not say what it is about:")
    _pass_on(scene, head, name, text, media)


def _pass_on(scene: Scene, head: Phrase, name: str | None, text: str, media: Sequence[int]) -> None:
    files = keeping.attachments(scene, media)
    for address, language in readers(scene):
        who = name or say(phrase("A customer"), language)
        lines = "\n".join(line for line in (say(Phrase(head.sentence, {"name": who}), language), text) if line)
        scene.out.post(address, Message(lines, attachments=files), "notice")


def tell_of_a_buried_message(scene: Scene, customer: Customer) -> None:
    """Let staff know that we failed a customer, so that a person can ask what they need."""
    words = phrase(
        "I could not take in a message from {name}, and told them so. Please ask them whether they need anything.",
        name=customer.name or customer.reference,
    )
    for address, language in readers(scene):
        scene.out.post(address, Message(say(words, language)), "notice")


def give_candid_word(scene: Scene, case: Case, by: int) -> None:
    """Tell the customer plainly who has the case, what is next and by when, wherever they read us now."""
    customer = scene.unit.customers.get(case.customer_id)
    reachable = scene.unit.addresses.of_customer(customer.id)
    if not reachable:
        return
    address = reachable[0]
    language = address.language or customer.language or scene.house.language
    state = load(case.state)
    when = wall_time(by, customer.zone or scene.house.zone, language)
    if state.owner is not None:
        name = scene.unit.staff.get(state.owner).name
        words = phrase(
            "I want to be open with you: this is not put right yet. {name} has it in hand, I have reminded them,"
            " and you will hear from us by {when}.",
            name=name,
            when=when,
        )
    else:
        words = phrase(
            "I want to be open with you: nobody could look after this yet, and I am sorry. I have told the people in"
            " charge, and you will hear from us by {when}.",
            when=when,
        )
    scene.out.post(address, Message(say(words, language)), "notice", case_id=case.id)
    speak_about(address, customer.id, scene.unit)
    scene.unit.customers.began(customer.id, scene.now)


def wall_time(at: int, zone: str, language: str) -> str:
    """Return a moment as a clock on the wall there shows it, weekday and all: `Monday at 10:00`, `星期一10:00`."""
    local = moment(at).astimezone(ZoneInfo(zone))
    pattern = "EEEEHH:mm" if language.startswith("zh") else "EEEE 'at' HH:mm"
    return str(format_datetime(local, pattern, locale=babel_locale(language)))


def clock_time(at: int, zone: str, language: str) -> str:
    """Return a moment of today as a clock on the wall there shows it: `10:05`."""
    return str(format_datetime(moment(at).astimezone(ZoneInfo(zone)), "HH:mm", locale=babel_locale(language)))


def wall_day(at: int, zone: str, language: str) -> str:
    """Return the day of a moment there: `2 Nov 2026`, `2026年11月2日`."""
    local = moment(at).astimezone(ZoneInfo(zone))
    return str(format_date(local, locale=babel_locale(language)))


def summary(scene: Scene, case: Case, language: str) -> str:
    """Return a case in two lines, as a list of cases shows it."""
    return f"{_title(scene, case, language)}\n{_standing(scene, load(case.state), language)}"
