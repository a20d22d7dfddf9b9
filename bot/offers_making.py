"""*Offer* below a case: a kind, an amount, a preview of what the customer will read, and it goes out.

    Offer ─> kind ─> amount (buttons, or typed) ─> preview ─> Send
    Offer ─> gift, something extra ─> its words ─> preview (what it costs) ─> Send
    Send, above one's authority ─> why ─> asked

What is being put together is a proposed offer: nobody has seen it, nothing is held for it, and a new one takes its
place. The buttons carry its revision, so that what is sent is what was shown.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from bot import offers, offers_books, offers_preview, offers_thanks
from bot.amounts import shown
from bot.case_buttons import act_button, pressed_act
from bot.channels.messages import Button, Message
from bot.channels.updates import Pressed
from bot.offers_words import KINDS
from bot.phrases import say
from bot.staff_talk import StaffTalk
from bot.weighing import plan_of
from conversations.phrases import Phrase, phrase
from recovery import offers as machine
from recovery.authority import IN_MONEY, OfferKind, OnTheSpot, Wish
from recovery.cases import Case as StandOfCase
from recovery.money import DIGITS, Money, NotAnAmount, figures, read_money, written
from storage.cases import Case

OFFER: Final = phrase("Offer")
OTHER_AMOUNT: Final = phrase("Another amount")

STEPS: Final = (5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)
"""Amounts in whole units of the currency that buttons show: those within somebody's authority, the largest four."""

MOST_STEPS: Final = 4
LONGEST_LABEL: Final = 60


def shown_below(state: StandOfCase, _case: Case) -> bool:
    """Offer it as long as the case is open."""
    return state.stage != "closed"


def pressed(talk: StaffTalk, case: Case, update: Pressed) -> Phrase | None:
    """Take a tap on *Offer*, or on what followed from it; return what to show in passing."""
    found = pressed_act(update.press)
    step, _, rest = (found.more if found else "").partition(":")
    if case.closed_at is not None:
        return offers.CASE_CLOSED
    if not step:
        return _begin(talk, case)
    if step in KINDS:
        return _amount(talk, case, update, step, rest)
    taken = _TAPS.get(step)
    return offers_preview.NO_LONGER if taken is None else taken(talk, case, update, rest)


# --- a kind ---------------------------------------------------------------------------------------------------------


def _begin(talk: StaffTalk, case: Case) -> Phrase | None:
    language = talk.member.language
    name = offers_preview.name_of(talk, case)
    head = phrase("What would you like to give {name}? (case {number})", name=name, number=case.number)
    lines = [say(head, language), _limits(talk, case)]
    kinds = [kind for kind in KINDS if talk.house.currency or kind not in IN_MONEY]
    if not talk.house.currency:
        lines.append(say(offers.NO_CURRENCY, language))
    buttons = [act_button(KINDS[kind], case.number, f"offer:{kind}", language) for kind in kinds]
    rows = (*_prepared_row(talk, case), *(tuple(buttons[at : at + 3]) for at in range(0, len(buttons), 3)))
    text = "\n".join(line for line in lines if line)
    talk.out.post(talk.address, Message(text, rows), "staff_reply", case_id=case.id)
    return None


def _prepared_row(talk: StaffTalk, case: Case) -> tuple[tuple[Button, ...], ...]:
    """Return the button of what the plan has ready for this touchpoint, where it can be given."""
    wish, what = _prepared(talk, case)
    if wish is None:
        return ()
    words = what or f"{say(KINDS[wish.kind], talk.member.language)} {shown(wish.worth, talk.member.language)}"
    return ((Button(words[:LONGEST_LABEL], f"1:k{case.number}:offer:prepared"),),)


def _prepared(talk: StaffTalk, case: Case) -> tuple[Wish | None, str]:
    remedy = plan_of(talk.scene, case).remedy
    if remedy is None:
        return None, ""
    wish, what = offers_thanks.wish_of(talk.scene, remedy), offers_thanks.what_of(talk.scene, case, remedy)
    fits = wish is not None and (what if wish.kind not in IN_MONEY else wish.worth)
    return (wish if fits else None), what


def _take_prepared(talk: StaffTalk, case: Case, _update: Pressed, _rest: str) -> Phrase | None:
    wish, what = _prepared(talk, case)
    if wish is None:
        return offers_preview.NO_LONGER
    offers_preview.preview(talk, case, offers_preview.drafted(talk, case, wish, what))
    return None


def _limits(talk: StaffTalk, case: Case) -> str:
    """Return what this staff member may give without asking, and what the case was given already."""
    language, purse = talk.member.language, offers_books.purse_of(talk.scene, talk.member.id)
    if not talk.house.currency:
        return ""
    held = offers_books.on_case(talk.scene, case)
    lines = []
    if purse.own is None:
        lines.append(phrase("Whatever it is, somebody else has to agree."))
    else:
        lines.append(
            phrase("Without asking you may give up to {amount} in one case.", amount=written(purse.own.per_case))
        )
    if held:
        lines.append(phrase("Given in this case until now: {amount}", amount=written(held)))
    return "\n".join(say(line, language) for line in lines)


# --- an amount ------------------------------------------------------------------------------------------------------


def _amount(talk: StaffTalk, case: Case, update: Pressed, kind: OfferKind, rest: str) -> Phrase | None:
    if kind not in IN_MONEY:
        _ask_what(talk, case, kind)
        return None
    if not talk.house.currency:
        return offers.NO_CURRENCY
    if rest == "ask":
        _ask_amount(talk, case, kind)
        return None
    if rest.isascii() and rest.isdecimal() and len(rest) <= 15:
        wish = Wish(kind, Money(int(rest), talk.house.currency))
        offers_preview.preview(talk, case, offers_preview.drafted(talk, case, wish, ""))
        return None
    words = phrase("{kind}: how much is it to be?", kind=KINDS[kind])
    offers_preview.replace(talk, update, case, say(words, talk.member.language), _steps(talk, case, kind))
    return None


def _steps(talk: StaffTalk, case: Case, kind: OfferKind) -> tuple[tuple[Button, ...], ...]:
    language = talk.member.language
    buttons = tuple(
        Button(shown(money, language), f"1:k{case.number}:offer:{kind}:{money.amount}")
        for money in steps_within(talk, case, kind)
    )
    other = act_button(OTHER_AMOUNT, case.number, f"offer:{kind}:ask", language)
    return (*((buttons,) if buttons else ()), (other,))


def steps_within(talk: StaffTalk, case: Case, kind: OfferKind) -> list[Money]:
    """Return the amounts to choose from: the largest few that are within one's authority, else the smallest few."""
    unit = 10 ** DIGITS[talk.house.currency]
    every = [Money(step * unit * _scale(talk.house.currency), talk.house.currency) for step in STEPS]
    within = [m for m in every if isinstance(offers.weigh(talk.scene, case, talk.member, Wish(kind, m)), OnTheSpot)]
    return within[-MOST_STEPS:] or every[:MOST_STEPS]


def _scale(currency: str) -> int:
    """Return by how much the usual steps are to be raised: 5 yen is nothing that anybody gives."""
    return 100 if DIGITS[currency] == 0 else 1


def _ask_amount(talk: StaffTalk, case: Case, kind: OfferKind) -> None:
    example = figures(Money(2050 * 10 ** DIGITS[talk.house.currency] // 100, talk.house.currency))
    own = phrase("How much is it to be? Please write the amount, such as {example}. /cancel if not.", example=example)
    group = phrase(
        "How much is it to be? Please reply to this message with the amount, such as {example}.", example=example
    )
    talk.ask_for_words(case, f"offer_{kind}", own, group)


def _typed_amount(kind: OfferKind) -> Callable[[StaffTalk, Case, str, Sequence[int]], None]:
    def typed(talk: StaffTalk, case: Case, text: str, _media: Sequence[int]) -> None:
        money = _read_amount(talk, text)
        if money is not None:
            talk.unit.staff.compose_nothing(talk.member.id)
            offers_preview.preview(talk, case, offers_preview.drafted(talk, case, Wish(kind, money), ""))

    return typed


def _read_amount(talk: StaffTalk, text: str) -> Money | None:
    """Return the amount that was typed; what cannot be read is asked again, saying how to write it."""
    if not talk.house.currency:
        talk.say(offers.NO_CURRENCY)
        return None
    try:
        return read_money(text, talk.house.currency)
    except NotAnAmount as error:
        talk.say(error.why)
        return None


# --- words ----------------------------------------------------------------------------------------------------------


def _ask_what(talk: StaffTalk, case: Case, kind: OfferKind) -> None:
    own = phrase("What is it? Write it as the customer is to read it, such as: a bunch of flowers. /cancel if not.")
    group = phrase(
        "What is it? Reply to this message with it as the customer is to read it, such as: a bunch of flowers."
    )
    if kind == "extra_allowance":
        own = phrase("What is it? Write it as the customer is to read it, such as: 10 GB more in July. /cancel if not.")
        group = phrase(
            "What is it? Reply to this message with it as the customer is to read it, such as: 10 GB more in July."
        )
    talk.ask_for_words(case, f"offer_{kind}", own, group)


def _typed_what(kind: OfferKind) -> Callable[[StaffTalk, Case, str, Sequence[int]], None]:
    def typed(talk: StaffTalk, case: Case, text: str, _media: Sequence[int]) -> None:
        if not text.strip():
            talk.say(offers.SAY_WHAT)
            return
        talk.unit.staff.compose_nothing(talk.member.id)
        worth = Money(0, offers_books.currency_of(talk.scene))
        offers_preview.preview(talk, case, offers_preview.drafted(talk, case, Wish(kind, worth), text))

    return typed


def _typed_cost(talk: StaffTalk, case: Case, text: str, _media: Sequence[int]) -> None:
    money, row = _read_amount(talk, text), offers_preview.newest_draft(talk, case)
    if money is None:
        return
    talk.unit.staff.compose_nothing(talk.member.id)
    if row is None:
        talk.say(offers_preview.NO_LONGER)
        return
    offer = machine.load(row.state)
    amended = offers.amend(talk.scene, row.id, offer.revision, talk.member, Wish(offer.wish.kind, money))
    offers_preview.preview(talk, case, amended.offer or row)


def _typed_reason(talk: StaffTalk, case: Case, text: str, _media: Sequence[int]) -> None:
    """Take why it is to be given, and ask whoever has to agree."""
    row = offers_preview.newest_draft(talk, case)
    talk.unit.staff.compose_nothing(talk.member.id)
    if row is None:
        talk.say(offers_preview.NO_LONGER)
        return
    revision = machine.load(row.state).revision
    amended = offers.amend(talk.scene, row.id, revision, talk.member, reason=text)
    if amended.done and amended.offer is not None:
        talk.say(offers.ask(talk.scene, row.id, machine.load(amended.offer.state).revision, talk.member).said)
    else:
        talk.say(amended.said)


_TAPS: Final[Mapping[str, Callable[[StaffTalk, Case, Pressed, str], Phrase | None]]] = {
    "prepared": _take_prepared,
    "send": offers_preview.send,
    "drop": offers_preview.drop,
    "costs": offers_preview.costs,
}

TYPED: Final[Mapping[str, Callable[[StaffTalk, Case, str, Sequence[int]], None]]] = {
    **{f"offer_{kind}": _typed_amount(kind) for kind in ("voucher", "credit", "refund")},
    **{f"offer_{kind}": _typed_what(kind) for kind in ("gift", "extra_allowance")},
    "offer_cost": _typed_cost,
    "offer_reason": _typed_reason,
}
"""What words are for that an offer asked for, as `bot.composing_for` names them."""
