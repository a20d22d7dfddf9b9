"""Asking for a yes: who may give one, the request that they read, and what it says once it is decided.

Each request is a new message in the approver's own chat, with one tap for yes and one for no; once somebody decided,
every request says so and has no buttons any more.
"""

from collections.abc import Sequence
from typing import Final

from bot import offers_books
from bot.access.policy import Role
from bot.case_readers import Reader, concerns, everybody, own_chats
from bot.case_words import title
from bot.channels.messages import Button, Message
from bot.offers_words import priced
from bot.outgoing import message_of
from bot.phrases import say
from bot.scene import Scene
from conversations.phrases import Phrase, phrase
from recovery.authority import Approver, NeedsApproval
from recovery.money import written
from recovery.offers import Offer
from storage.cases import Case
from storage.offers import OfferRow
from storage.outbox import OutboxRow
from storage.staff import StaffMember

APPROVE_PROMPT: Final = "approve"
YES: Final = phrase("Yes, give it")
NO: Final = phrase("No")

_NEXT: Final[dict[Approver, Approver]] = {"supervisor": "manager"}


def rank_of(member: StaffMember) -> Approver | None:
    """Return in which rank somebody may agree to an offer of another, None when they may not.

    An admin to whom an authority of their own was given counts as a manager: in a small shop there is nobody else.
    """
    roles = member.roles.split(",")
    if member.removed_at is not None:
        return None
    if Role.MANAGER in roles or (Role.ADMIN in roles and member.per_case is not None):
        return "manager"
    return "supervisor" if Role.SUPERVISOR in roles else None


def eligible(scene: Scene, case: Case, offer: Offer, rung: Approver) -> list[StaffMember]:
    """Return who can be asked on a rung; where nobody is on it, who is on the next, or on the one below."""
    taken = {*offer.authors, *(yes.by for yes in offer.approvals)}
    free = [member for member in scene.unit.staff.listing(scene.house.brand) if member.id not in taken]
    team = _team(scene, case, offer)
    found = [member for member in free if rank_of(member) == rung and concerns(member, team)]
    if found:
        return found
    if rung in _NEXT:
        return eligible(scene, case, offer, _NEXT[rung])
    others = [member for member in free if rank_of(member) == rung]
    if others or all(yes.rank != "manager" for yes in offer.approvals):
        return others
    return [member for member in free if rank_of(member) == "supervisor"]  # a manager agreed: anybody may be the second


def can_be_asked(scene: Scene, case: Case, offer: Offer, needs: NeedsApproval) -> bool:
    """Return whether there are as many who could agree as are needed, one of them of the rank that is."""
    others = {member.id for rung in ("supervisor", "manager") for member in _all(scene, case, offer, rung)}
    of_rank = _all(scene, case, offer, needs.by)
    return len(others) >= needs.eyes and bool(of_rank or _all(scene, case, offer, "manager"))


def _all(scene: Scene, case: Case, offer: Offer, rung: Approver | str) -> list[StaffMember]:
    listed = scene.unit.staff.listing(scene.house.brand)
    return [member for member in listed if member.id not in offer.authors and rank_of(member) == rung]


def _team(scene: Scene, case: Case, offer: Offer) -> int | None:
    owner = None if not offer.owner else scene.unit.staff.get(offer.owner)
    return owner.team_id if owner is not None and owner.team_id is not None else case.team_id


def ask(scene: Scene, case: Case, row: OfferRow, offer: Offer, why: Phrase | None) -> bool:
    """Ask everybody on the offer's rung. False: there is nobody to ask."""
    asked = eligible(scene, case, offer, offer.rung)
    chats = [reader for member in asked for reader in own_chats(scene, member.id)]
    for address, language in chats or (everybody(scene, case) if asked else ()):
        message = Message(request_words(scene, case, row, offer, why, language), buttons(row, offer, language))
        scene.out.post(address, message, "approval", prompt=request_prompt(row.id), case_id=case.id)
    return bool(asked)


def request_prompt(offer_id: int) -> str:
    """Return what every request for one offer carries, to be found when it is decided."""
    return f"{APPROVE_PROMPT}.{offer_id}"


def buttons(row: OfferRow, offer: Offer, language: str) -> tuple[tuple[Button, ...], ...]:
    """Return yes and no, bound to the revision that is shown."""
    about = f"1:{APPROVE_PROMPT}:{row.id}.{offer.revision}"
    return ((Button(say(YES, language), f"{about}.yes"), Button(say(NO, language), f"{about}.no")),)


def request_words(scene: Scene, case: Case, row: OfferRow, offer: Offer, why: Phrase | None, language: str) -> str:
    """Return what somebody needs to know who is to agree: what, who, why, and what the case was given until now."""
    name = scene.unit.staff.get(row.owner_id).name if row.owner_id is not None else "makegood"
    lines = [
        say(phrase("Your yes is needed:"), language),
        title(scene, case, language),
        say(phrase("{name} would like to give: {gift}", name=name, gift=priced(row, language)), language),
        say(phrase("Because: {reason}", reason=row.reason), language) if row.reason else "",
        say(why, language) if why is not None else "",
        _given_until_now(scene, case, language),
        say(_said_yes(scene, offer), language) if offer.approvals else "",
    ]
    return "\n".join(line for line in lines if line)


def _given_until_now(scene: Scene, case: Case, language: str) -> str:
    held = offers_books.on_case(scene, case)
    return say(phrase("Given in this case until now: {amount}", amount=written(held)), language) if held else ""


def _said_yes(scene: Scene, offer: Offer) -> Phrase:
    names = ", ".join(scene.unit.staff.get(yes.by).name for yes in offer.approvals)
    return phrase("Agreed already: {names}. One more is needed.", names=names)


def show_decided(scene: Scene, case: Case, row: OfferRow, words: Phrase) -> None:
    """Let every request for this offer say what came of it, without buttons."""
    for request in _requests(scene, case, row):
        before = message_of(request)
        if not before.rows:
            continue
        address = scene.unit.addresses.get(request.address_id)
        language = address.language or scene.house.language
        if address.staff_member_id is not None:
            language = scene.unit.staff.get(address.staff_member_id).language
        scene.out.edit(address, request, Message(f"{before.text}\n\n{say(words, language)}"), again=True)


def _requests(scene: Scene, case: Case, row: OfferRow) -> Sequence[OutboxRow]:
    prompt = request_prompt(row.id)
    return [one for one in scene.unit.messages.of_case(case.id) if one.prompt == prompt and one.edits is None]


def owner_chats(scene: Scene, case: Case, row: OfferRow) -> list[Reader]:
    """Return where whoever an offer belongs to reads: their own chat, else where the case is read."""
    own = own_chats(scene, row.owner_id)
    return own or list(everybody(scene, case))
