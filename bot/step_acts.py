"""The steps of a case under *More …*: each shows its prepared text before it goes, and one tap sends it.

Or staff write it themselves, or say that it is not needed: one tap, too. What was sent is written down with the step;
so is what was done and which parts were used, when somebody says so, and the customer's own *Yes* to *Is it done?*.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from bot import blame_check, drafts, escalation, restating, staff_writing
from bot.case_buttons import Rows, pressed_act
from bot.case_steps import note_step, prompt_of, steps_of
from bot.case_words import ENDINGS
from bot.channels.messages import Message
from bot.channels.updates import Pressed
from bot.outgoing import message_of
from bot.phrases import say
from bot.prepared import text_of
from bot.staff_talk import StaffTalk
from bot.staff_writing import CASE_CLOSED, Asked
from bot.wall_clock import wall_time
from bot.weighing import in_words, plan_of
from conversations.phrases import Phrase, phrase
from conversations.surveys import said_in
from conversations.understanding import clean, shorten
from recovery import steps
from recovery.plans import DEFAULT, STEPS, Remedy
from recovery.steps import Happened, Standing
from storage.cases import Case

STEP: Final = "step:"
EVIDENCE: Final = "evidence"
NAMES: Final[dict[str, Phrase]] = {
    "apology": phrase("Apology"),
    "repair": phrase("Repair"),
    "empathy": phrase("Empathy"),
    "atonement": phrase("Atonement"),
    "follow_up": phrase("Follow-up"),
}
REMEDIES: Final[dict[str, Phrase]] = {
    "voucher": phrase("a voucher"),
    "credit": phrase("a credit"),
    "refund": phrase("a refund"),
    "gift": phrase("a gift"),
    "extra_allowance": phrase("something extra"),
}
PERSONAL_APOLOGY: Final = phrase("Apologise")
EMPATHISE: Final = phrase("Show understanding")
TELL_OF_REPAIR: Final = phrase("Say it is put right")
ATONE: Final = phrase("Make up for it")
IS_IT_DONE: Final = phrase("Ask: is it done?")
WHAT_WAS_DONE: Final = phrase("What was done")
STEPS_SO_FAR: Final = phrase("Steps so far")

YES: Final = "yes"
NOT_YET: Final = "not_yet"


def stands(talk: StaffTalk, case: Case) -> tuple[Standing, ...]:
    """Return how the five steps of a case stand."""
    rows = (Happened(row.step, row.how, row.actor, row.at, row.evidence) for row in steps_of(talk.unit, case))
    return steps.standing(plan_of(talk.scene, case), rows)


def opens(step: str) -> Callable[[StaffTalk, Case, Pressed], Phrase | None]:
    """Return the act of the button of one step."""

    def run(talk: StaffTalk, case: Case, _update: Pressed) -> Phrase | None:
        return show(talk, case, step)

    return run


def show(talk: StaffTalk, case: Case, step: str) -> Phrase | None:
    """Show how a step stands, and its prepared text in the customer's language, before anything goes."""
    if case.closed_at is not None:
        return CASE_CLOSED
    standing = next(one for one in stands(talk, case) if one.step == step)
    language = _customers_language(talk, case)
    text = text_of(talk.scene, case, step, talk.member, language)
    draft_id = drafts.keep(talk, case, f"{STEP}{step}", text)
    lines = [_head(talk, case, standing), text]
    remedy = plan_of(talk.scene, case).remedy
    if step == "atonement" and remedy is not None:
        prepared = phrase("Prepared for this touchpoint: {remedy}. Tap Offer to give it.", remedy=_remedy(talk, remedy))
        lines.append(say(prepared, talk.member.language))
    if language.split("-")[0] != talk.member.language.split("-")[0] and text:
        own = text_of(talk.scene, case, step, talk.member, talk.member.language)
        lines.append(say(phrase("In your language: {text}", text=own), talk.member.language))
    rows = drafts.buttons(case, draft_id, talk.member.language, drafts.SEND, drafts.WRITE_IT_MYSELF, drafts.NOT_NEEDED)
    _say(talk, case, "\n\n".join(line for line in lines if line), rows)
    return None


def _say(talk: StaffTalk, case: Case, text: str, rows: Rows = ()) -> None:
    talk.out.post(talk.address, Message(text, rows), "staff_reply", case_id=case.id)


def _remedy(talk: StaffTalk, remedy: Remedy) -> str:
    what = (
        said_in(remedy.what, talk.member.language, DEFAULT)
        if remedy.what
        else say(REMEDIES[remedy.kind], talk.member.language)
    )
    worth = f"{remedy.worth} {talk.house.currency}".strip() if remedy.worth else ""
    return " · ".join(part for part in (what, worth) if part)


def _customers_language(talk: StaffTalk, case: Case) -> str:
    customer = talk.unit.customers.get(case.customer_id)
    address = next(iter(talk.unit.addresses.of_customer(customer.id)), None)
    return (address.language if address is not None else None) or customer.language or talk.house.language


def _head(talk: StaffTalk, case: Case, standing: Standing) -> str:
    title = phrase("Case {number} · {step}", number=case.number, step=NAMES[standing.step])
    return f"{say(title, talk.member.language)}\n{_how(talk, standing)}"


def _how(talk: StaffTalk, standing: Standing) -> str:
    """Return in one line how a step stands: who did it, when, and what shows it."""
    language, zone = talk.member.language, talk.house.zone
    when = wall_time(standing.at, zone, language) if standing.at is not None else ""
    if standing.stage == "open":
        words = phrase("still open") if standing.waited_for else phrase("not in its plan, but yours to take")
    elif standing.stage == "not_needed":
        words = phrase("not needed, said {name} ({when})", name=_who(talk, standing.actor), when=when)
    elif standing.confirmed_at is not None:
        words = phrase("✓ {name} ({when}), and the customer says so, too", name=_who(talk, standing.actor), when=when)
    elif standing.denied_at is not None:
        words = phrase("✓ {name} ({when}), but the customer says: not yet", name=_who(talk, standing.actor), when=when)
    else:
        words = phrase("✓ {name} ({when})", name=_who(talk, standing.actor), when=when)
    return say(words, language)


def _who(talk: StaffTalk, actor: str) -> str:
    kind, _, number = actor.partition(":")
    if kind == "staff" and number.isdecimal():
        return talk.unit.staff.get(int(number)).name
    return say(phrase("The customer"), talk.member.language) if kind == "customer" else "makegood"


def so_far(talk: StaffTalk, case: Case, _update: Pressed) -> Phrase | None:
    """Say how each of the five steps stands, with its evidence."""
    _say(talk, case, "\n".join(_all(talk, case)))
    return None


def _all(talk: StaffTalk, case: Case) -> Iterator[str]:
    language = talk.member.language
    plan = plan_of(talk.scene, case)
    yield say(
        phrase("Case {number} · steps of the plan “{plan}”", number=case.number, plan=plan.name(language)), language
    )
    yield "\n· ".join(say(words, language) for words in in_words(talk.scene, case))
    for standing in stands(talk, case):
        yield f"{say(NAMES[standing.step], language)}: {_how(talk, standing)}"
        yield from (f"   {_shows(standing, evidence, language)}" for evidence in standing.evidence)


def _shows(standing: Standing, evidence: str, language: str) -> str:
    """Return what shows that a step was taken: the outcome of a follow-up, else words in quotes."""
    ending = ENDINGS.get(evidence) if standing.step == "follow_up" else None
    return say(ending, language) if ending is not None else f"“{evidence}”"


# --- what becomes of the words that were shown --------------------------------------------------------------------


def send(talk: StaffTalk, case: Case, update: Pressed) -> Phrase | None:
    """Send words that were shown before, once; a step is written down with them."""
    draft = drafts.take(talk, case, _more(update))
    if isinstance(draft, Phrase):
        return draft
    _hide_buttons(talk, update)
    if not draft.text and not draft.media:
        _ask_for(talk, case, draft.what)
    elif draft.what == restating.RESTATE:
        restating.put(talk, case, draft.text)
    else:
        message_id = staff_writing.send(talk, case, draft.text, draft.media)
        _note_sent(talk, case, draft.what, message_id)
    return None


def _note_sent(talk: StaffTalk, case: Case, what: str, message_id: int | None) -> None:
    if what.startswith(STEP) and message_id is not None:
        note_step(talk.scene, case, what.removeprefix(STEP), "done", talk.actor, message_id=message_id)
        escalation.show_state(talk.scene, case)


def anew(talk: StaffTalk, case: Case, update: Pressed) -> Phrase | None:
    """Let the words that were shown go, and ask for others."""
    draft = drafts.take(talk, case, _more(update))
    if isinstance(draft, Phrase):
        return draft
    _hide_buttons(talk, update)
    _ask_for(talk, case, draft.what)
    return None


def spare(talk: StaffTalk, case: Case, update: Pressed) -> Phrase | None:
    """Write down that a step is not needed."""
    draft = drafts.take(talk, case, _more(update))
    if isinstance(draft, Phrase):
        return draft
    if not draft.what.startswith(STEP):
        return drafts.GONE
    _hide_buttons(talk, update)
    note_step(talk.scene, case, draft.what.removeprefix(STEP), "not_needed", talk.actor)
    escalation.show_state(talk.scene, case)
    return phrase("Noted: not needed.")


def _more(update: Pressed) -> str:
    act = pressed_act(update.press)
    return act.more if act is not None else ""


def _hide_buttons(talk: StaffTalk, update: Pressed) -> None:
    row = talk.unit.messages.by_ref(talk.address.id, update.ref)
    if row is not None:
        talk.out.edit(talk.address, row, Message(message_of(row).text), again=True)


def _ask_for(talk: StaffTalk, case: Case, what: str) -> None:
    if what == restating.RESTATE:
        restating.compose(talk, case)
        return
    name = talk.unit.customers.get(case.customer_id).name or str(case.number)
    own = phrase(
        "Your next message goes to {name} (case {number}), under your name. /cancel if not.",
        name=name,
        number=case.number,
    )
    in_group = phrase("Reply to this message to write to {name} (case {number}).", name=name, number=case.number)
    talk.ask_for_words(case, what, own, in_group)


def written(step: str) -> Callable[[StaffTalk, Case, str, Sequence[int]], None]:
    """Return what takes a staff member's own words for a step."""

    def take(talk: StaffTalk, case: Case, text: str, media: Sequence[int]) -> None:
        what = f"{STEP}{step}"
        if not blame_check.flagged(talk, case, what, text, media):
            _note_sent(talk, case, what, staff_writing.send(talk, case, text, media))

    return take


OWN_WORDS: Final = {f"{STEP}{step}": written(step) for step in STEPS}
"""By what `bot.composing_for` calls them: the words of a step that staff write themselves."""


# --- evidence ----------------------------------------------------------------------------------------------------


def ask_what_was_done(talk: StaffTalk, case: Case, _update: Pressed) -> Phrase | None:
    """Ask for what was done and which parts were used; it stays among us."""
    own = phrase(
        "What was done, and which parts were used? Your next message is kept with case {number}; the customer"
        " does not read it. /cancel if nothing.",
        number=case.number,
    )
    in_group = phrase(
        "What was done in case {number}, and which parts were used? Reply to this message; the customer"
        " does not read it.",
        number=case.number,
    )
    talk.ask_for_words(case, EVIDENCE, own, in_group)
    return None


def keep_evidence(talk: StaffTalk, case: Case, text: str, media: Sequence[int]) -> None:
    """Keep what was done with the repair, with the pictures that show it."""
    words, _ = shorten(clean(text))
    message_id = None
    if media:
        message_id = talk.unit.case_messages.add(case.id, "note", words, talk.now, talk.member.id)
        talk.unit.media.said_in_case(media, message_id, case.customer_id)
    note_step(talk.scene, case, "repair", "done", talk.actor, evidence=words, message_id=message_id)
    escalation.show_state(talk.scene, case)
    talk.unit.staff.compose_nothing(talk.member.id)
    talk.say(phrase("Noted with case {number}. Thank you.", number=case.number))


def ask_if_done(talk: StaffTalk, case: Case, _update: Pressed) -> Phrase | None:
    """Ask the customer whether it is done: their tap stands in place of a signature."""
    if case.closed_at is not None:
        return CASE_CLOSED

    def asks(message_id: int) -> Asked:
        step_id = note_step(talk.scene, case, "repair", "asked", talk.actor, message_id=message_id)
        choices = ((YES, phrase("Yes, it is done")), (NOT_YET, phrase("Not yet")))
        return Asked("restatement", phrase("Is this done? One tap is enough."), prompt_of(step_id), choices)

    staff_writing.send(talk, case, "", asks=asks)
    return None
