"""*Offer* below a case: a kind, an amount, a preview of what the customer will read, and it goes out.

    Offer ─> kind ─> amount (buttons, or typed) ─> preview ─> Send
    Offer ─> gift, something extra ─> its words ─> preview (what it costs) ─> Send
    Send, above one's authority ─> why ─> asked

What is being put together is a proposed offer: nobody has seen it, nothing is held for it, and a new one takes its
place. The buttons carry its revision, so that what is sent is what was shown.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from bot import offers, offers_books, offers_customer, offers_news, offers_thanks
from bot.amounts import shown
from bot.case_buttons import act_button, pressed_act
from bot.case_words import title
from bot.channels.messages import Button, Message
from bot.channels.updates import Pressed
from bot.offers_words import KINDS, priced
from bot.phrases import say
from bot.staff_talk import StaffTalk
from bot.weighing import plan_of
from conversations.phrases import Phrase, phrase
from recovery import offers as machine
from recovery.authority import IN_MONEY, NeedsApproval, OfferKind, OnTheSpot, Refused, Wish
from recovery.cases import Case as StandOfCase
from recovery.money import DIGITS, Money, NotAnAmount, figures, read_money, written
from storage.cases import Case
from storage.offers import OfferRow

OFFER: Final = phrase("Offer")
SEND: Final = phrase("Send")
DROP: Final = phrase("Drop it")
OTHER_AMOUNT: Final = phrase("Another amount")
COSTS: Final = phrase("Say what it costs")
NO_LONGER: Final = phrase("That button is no longer in use.")

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
    return NO_LONGER if taken is None else taken(talk, case, update, rest)


# --- a kind ---------------------------------------------------------------------------------------------------------


def _begin(talk: StaffTalk, case: Case) -> Phrase | None:
    language = talk.member.language
    name = _name(talk, case)
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
        return NO_LONGER
    _preview(talk, case, _drafted(talk, case, wish, what))
    return None


def _name(talk: StaffTalk, case: Case) -> str:
    return talk.unit.customers.get(case.customer_id).name or str(case.number)


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
        _preview(talk, case, _drafted(talk, case, wish, ""))
        return None
    words = phrase("{kind}: how much is it to be?", kind=KINDS[kind])
    _replace(talk, update, case, say(words, talk.member.language), _steps(talk, case, kind))
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
            _preview(talk, case, _drafted(talk, case, Wish(kind, money), ""))

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
        _preview(talk, case, _drafted(talk, case, Wish(kind, worth), text))

    return typed


def _typed_cost(talk: StaffTalk, case: Case, text: str, _media: Sequence[int]) -> None:
    money, row = _read_amount(talk, text), _newest_draft(talk, case)
    if money is None:
        return
    talk.unit.staff.compose_nothing(talk.member.id)
    if row is None:
        talk.say(NO_LONGER)
        return
    offer = machine.load(row.state)
    amended = offers.amend(talk.scene, row.id, offer.revision, talk.member, Wish(offer.wish.kind, money))
    _preview(talk, case, amended.offer or row)


def _typed_reason(talk: StaffTalk, case: Case, text: str, _media: Sequence[int]) -> None:
    """Take why it is to be given, and ask whoever has to agree."""
    row = _newest_draft(talk, case)
    talk.unit.staff.compose_nothing(talk.member.id)
    if row is None:
        talk.say(NO_LONGER)
        return
    revision = machine.load(row.state).revision
    amended = offers.amend(talk.scene, row.id, revision, talk.member, reason=text)
    if amended.done and amended.offer is not None:
        talk.say(offers.ask(talk.scene, row.id, machine.load(amended.offer.state).revision, talk.member).said)
    else:
        talk.say(amended.said)


def _newest_draft(talk: StaffTalk, case: Case) -> OfferRow | None:
    own = [
        row for row in talk.unit.offers.of_case(case.id) if row.stage == "proposed" and row.owner_id == talk.member.id
    ]
    return own[-1] if own else None


def _drafted(talk: StaffTalk, case: Case, wish: Wish, what: str) -> OfferRow:
    """Keep what is being put together; what was before is dropped."""
    before = _newest_draft(talk, case)
    if before is not None:
        offers.withdraw(talk.scene, before.id, talk.member)
    return offers.draft(talk.scene, case, talk.member, wish, what)


# --- the preview ----------------------------------------------------------------------------------------------------


def _preview(talk: StaffTalk, case: Case, row: OfferRow) -> None:
    """Show what the customer will read, and what sending it means."""
    language, offer = talk.member.language, machine.load(row.state)
    lines = [
        title(talk.scene, case, language),
        say(phrase("{name} will read:", name=_name(talk, case)), language),
        f"———\n{offers_customer.preview(talk.scene, case, row)}\n———",
        say(_what_sending_means(talk, case, offer.wish), language),
    ]
    message = Message("\n".join(lines), _preview_rows(talk, case, row, offer))
    talk.out.post(talk.address, message, "staff_reply", case_id=case.id)


def _what_sending_means(talk: StaffTalk, case: Case, wish: Wish) -> Phrase:
    match offers.weigh(talk.scene, case, talk.member, wish):
        case OnTheSpot():
            return phrase("It is within your authority: it goes out at once.")
        case NeedsApproval(why=why) | Refused(why=why):
            return why


def _preview_rows(talk: StaffTalk, case: Case, row: OfferRow, offer: machine.Offer) -> tuple[tuple[Button, ...], ...]:
    language, about = talk.member.language, f"{row.id}.{offer.revision}"
    send = act_button(SEND, case.number, f"offer:send:{about}", language)
    drop = act_button(DROP, case.number, f"offer:drop:{about}", language)
    if offer.wish.kind in IN_MONEY or not talk.house.currency:
        return ((send, drop),)
    return ((send, drop), (act_button(COSTS, case.number, f"offer:costs:{about}", language),))


def _draft_of(talk: StaffTalk, case: Case, rest: str) -> tuple[OfferRow, int] | None:
    offer, _, revision = rest.partition(".")
    if not all(part.isascii() and part.isdecimal() and len(part) <= 12 for part in (offer, revision)):
        return None
    found = [row for row in talk.unit.offers.of_case(case.id) if row.id == int(offer)]
    return (found[0], int(revision)) if found else None


def _send(talk: StaffTalk, case: Case, update: Pressed, rest: str) -> Phrase | None:
    found = _draft_of(talk, case, rest)
    if found is None:
        return NO_LONGER
    row, revision = found
    offered = offers.ask(talk.scene, row.id, revision, talk.member)
    if offered.wants_reason:
        _ask_why(talk, case, row)
        return None
    if offered.done:
        _replace(talk, update, case, _sent_words(talk, case, offered), _said_rows(talk, offered))
        return None
    return offered.said


def _said_rows(talk: StaffTalk, offered: offers.Offered) -> tuple[tuple[Button, ...], ...]:
    """Return the buttons for a customer who answers an offer in words instead of tapping."""
    row = offered.offer
    if row is None or row.stage != "put":
        return ()
    return offers_news.said_rows(row, machine.load(row.state), talk.member.language)


def _sent_words(talk: StaffTalk, case: Case, offered: offers.Offered) -> str:
    language, row = talk.member.language, offered.offer
    gift = "" if row is None else priced(row, language)
    return f"{title(talk.scene, case, language)}\n{gift}\n✓ {say(offered.said, language)}"


def _ask_why(talk: StaffTalk, case: Case, row: OfferRow) -> None:
    gift = priced(row, talk.member.language)
    own = phrase(
        "Somebody else has to agree to this: {gift}. Please write in a sentence why. /cancel if not.", gift=gift
    )
    group = phrase("Somebody else has to agree to this: {gift}. Please reply to this message, and say why.", gift=gift)
    talk.ask_for_words(case, "offer_reason", own, group)


def _drop(talk: StaffTalk, case: Case, update: Pressed, rest: str) -> Phrase | None:
    found = _draft_of(talk, case, rest)
    if found is None:
        return NO_LONGER
    offered = offers.withdraw(talk.scene, found[0].id, talk.member)
    if offered.done:
        _replace(talk, update, case, say(phrase("Dropped. Nobody has seen it."), talk.member.language), ())
        return None
    return offered.said


def _costs(talk: StaffTalk, case: Case, _update: Pressed, rest: str) -> Phrase | None:
    if _draft_of(talk, case, rest) is None or not talk.house.currency:
        return NO_LONGER
    own = phrase(
        "What does it cost us? It counts against the limits, and the customer does not read it. /cancel if not."
    )
    group = phrase("What does it cost us? Please reply to this message. The customer does not read it.")
    talk.ask_for_words(case, "offer_cost", own, group)
    return None


def _replace(talk: StaffTalk, update: Pressed, case: Case, text: str, rows: tuple[tuple[Button, ...], ...]) -> None:
    """Put other words and buttons in place of the message that was tapped; a new one where that is not ours to find."""
    row = talk.unit.outbox.by_ref(talk.address.id, update.ref)
    if row is None:
        talk.out.post(talk.address, Message(text, rows), "staff_reply", case_id=case.id)
    else:
        talk.out.edit(talk.address, row, Message(text, rows), again=True)


_TAPS: Final[Mapping[str, Callable[[StaffTalk, Case, Pressed, str], Phrase | None]]] = {
    "prepared": _take_prepared,
    "send": _send,
    "drop": _drop,
    "costs": _costs,
}

TYPED: Final[Mapping[str, Callable[[StaffTalk, Case, str, Sequence[int]], None]]] = {
    **{f"offer_{kind}": _typed_amount(kind) for kind in ("voucher", "credit", "refund")},
    **{f"offer_{kind}": _typed_what(kind) for kind in ("gift", "extra_allowance")},
    "offer_cost": _typed_cost,
    "offer_reason": _typed_reason,
}
"""What words are for that an offer asked for, as `bot.composing_for` names them."""
