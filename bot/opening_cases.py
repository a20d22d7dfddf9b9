"""/case new NAME, WORDS: a customer told a staff member what went wrong, at the counter or on the telephone."""

from typing import Final

from bot import casework, staff_cases
from bot.access.policy import Act
from bot.phrases import listed
from bot.staff_talk import StaffTalk
from conversations.phrases import phrase
from conversations.understanding import clean, shorten
from storage.customers import Customer

NEW: Final = "new"
COMMAS: Final = ",，、"
MOST: Final = 6


def open_new(talk: StaffTalk, rest: str) -> None:
    """Open a case for the customer whom the command names; ask which, when several are called so."""
    if not talk.may(Act.OPEN_CASE):
        talk.say(phrase("You may not do this. Please ask a colleague who works cases."))
        return
    name, words = _parted(clean(rest))
    if not name or not words:
        talk.say(phrase("Write who it is and, after a comma, what went wrong: /case new Ana, the heating is cold"))
        return
    found = _called(talk, name)
    if len(found) == 1:
        case = casework.open_by_staff(talk.scene, found[0], talk.member, shorten(words)[0])
        talk.say(phrase("It is case {number}. Thank you for taking it in.", number=case.number), case=case)
        staff_cases.show(talk, case)
    elif found:
        known = listed((f"{one.name or one.reference} ({one.reference})" for one in found[:MOST]), talk.member.language)
        talk.say(
            phrase("Several are called so: {known}. Write what stands in brackets instead of the name.", known=known)
        )
    else:
        talk.say(
            phrase(
                "I know no customer called {name}. Write the name or number that your business has for them; /done NAME"
                " makes somebody known whom you serve.",
                name=name[:60],
            )
        )


def _parted(text: str) -> tuple[str, str]:
    """Return what stands before the first comma, and after it."""
    at = min((place for comma in COMMAS if (place := text.find(comma)) >= 0), default=len(text))
    return text[:at].strip(), text[at + 1 :].strip()


def _called(talk: StaffTalk, name: str) -> list[Customer]:
    """Return who has that reference; else who is called just so; else whose name or reference has it in it."""
    unit, brand = talk.unit, talk.house.brand
    exact = unit.customers.by_reference(brand, name)
    if exact is not None:
        return [exact]
    found = [unit.customers.get(one.id) for one in unit.customer_pages.page(brand, name, None, None, MOST + 1)]
    same = [one for one in found if (one.name or "").casefold() == name.casefold()]
    return same or found
