"""An offer as it stands, what can happen to it, and what then is to be done: the words of `recovery.offering`.

Events are what has happened and who did it; effects are what the turn carries out, in order. Pure, as all of floor 2.
"""

from datetime import timedelta
from typing import Final, Literal

import msgspec

from conversations.phrases import Phrase, phrase
from recovery.authority import Approver, Ground, OfferKind, Verdict, Wish
from recovery.money import Money

VERSION: Final = 1

Stage = Literal[
    "proposed", "awaiting", "approved", "put", "accepted",
    "turned_down", "withdrawn", "declined", "expired", "redeemed", "lapsed", "returned",
]  # fmt: skip
"""No offer comes to `returned` any more: where a redemption was taken back, it ended there once, and reads back so."""

OPEN: Final[frozenset[Stage]] = frozenset({"proposed", "awaiting", "approved", "put", "accepted"})
"""Stages in which something is still to happen."""

OURS: Final = 0
"""The author of what makegood offers by itself: a touchpoint's thank-you."""

HELD: Final[frozenset[Stage]] = frozenset({"approved", "put", "accepted"})
"""Stages in which the money is reserved."""


class Spans(msgspec.Struct, frozen=True):
    """How long an approver has to answer, an offer and its voucher are good, and until we look after what is ours."""

    answer: timedelta = timedelta(minutes=15)
    valid: timedelta = timedelta(days=7)
    redeemable: timedelta = timedelta(days=90)
    care: timedelta = timedelta(hours=24)


SPANS: Final = Spans()
"""What holds until somebody says otherwise."""


class Yes(msgspec.Struct, frozen=True):
    """One approver's yes, with the rank in which they gave it."""

    by: int
    rank: Approver


class Offer(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where an offer stands. `authors` are staff members' ids, the last of whom it now belongs to.

    While it is awaiting, `eyes` approvers are needed, one of them a `needs`; `rung` is who was asked last.
    `look_at` (ms) is when to look at it again; None when it waits for its owner, or for nobody any more. `coded`
    says that there was a code for what is no voucher: a free coffee, an hour more.
    """

    wish: Wish
    authors: tuple[int, ...]
    stage: Stage = "proposed"
    revision: int = 1
    needs: Approver = "supervisor"
    eyes: int = 1
    approvals: tuple[Yes, ...] = ()
    rung: Approver = "supervisor"
    look_at: int | None = None
    asked_again: int = 0
    version: int = VERSION
    coded: bool = False

    @property
    def owner(self) -> int:
        """Whose it is now; `OURS` while nobody has it in hand."""
        return self.authors[-1]

    @property
    def by_code(self) -> bool:
        """Whether the customer redeems a code, which may lapse; else a person carries it out, which never does."""
        return self.wish.kind == "voucher" or self.coded


# --- what happens to it ---------------------------------------------------------------------------------------------


class Asked(msgspec.Struct, frozen=True):
    """A staff member wants it to go out; `verdict` is what their authority says at this moment."""

    by: int
    revision: int
    verdict: Verdict


class Amended(msgspec.Struct, frozen=True):
    """A staff member changed what it is, having seen that revision."""

    by: int
    revision: int
    wish: Wish


class Withdrawn(msgspec.Struct, frozen=True):
    """A staff member took it back before the customer saw it."""

    by: int


class Approved(msgspec.Struct, frozen=True):
    """Somebody of that rank said yes to that revision; `verdict` is what the limits say at this moment."""

    by: int
    rank: Approver
    revision: int
    verdict: Verdict


class TurnedDown(msgspec.Struct, frozen=True):
    """Somebody who may approve said no to that revision."""

    by: int
    revision: int


class Put(msgspec.Struct, frozen=True):
    """That revision is on its way to the customer."""

    revision: int


class Accepted(msgspec.Struct, frozen=True):
    """The customer wants that revision; `coded` says that there is a code to give for it, whatever its kind."""

    revision: int
    coded: bool = False


class Declined(msgspec.Struct, frozen=True):
    """The customer does not want it."""

    revision: int


class Redeemed(msgspec.Struct, frozen=True):
    """The customer has what was offered."""


class Undone(msgspec.Struct, frozen=True):
    """Redeeming a code was a mistake: what was given came back, and the code is good again until that moment (ms)."""

    until: int


class LookDue(msgspec.Struct, frozen=True):
    """The moment to look at it again has come."""


class StaffLeft(msgspec.Struct, frozen=True):
    """A staff member no longer works here; what they leave goes to the heir."""

    staff: int
    heir: int


OfferEvent = (
    Asked | Amended | Withdrawn | Approved | TurnedDown | Put | Accepted | Declined | Redeemed | Undone | LookDue
    | StaffLeft
)  # fmt: skip


# --- what is to be done ---------------------------------------------------------------------------------------------


class Refuse(msgspec.Struct, frozen=True):
    """Nothing came of it; tell who acted why."""

    why: Phrase


class AskForApproval(msgspec.Struct, frozen=True):
    """Ask everybody of that rank who is no author and gave no yes; so many are missing. Always a new message."""

    rung: Approver
    missing: int


class Reserve(msgspec.Struct, frozen=True):
    """Write in the ledger that this much is promised, on whose wish and on what it rests."""

    worth: Money
    person: int
    ground: Ground


class Release(msgspec.Struct, frozen=True):
    """Write in the ledger that it is promised no more."""


class Spend(msgspec.Struct, frozen=True):
    """Write in the ledger that it is given."""


class Return(msgspec.Struct, frozen=True):
    """Write in the ledger that it came back, and is promised as it was before."""


class PutToCustomer(msgspec.Struct, frozen=True):
    """Show the customer the offer."""

    revision: int


class IssueCode(msgspec.Struct, frozen=True):
    """Give the customer the voucher's code, good until that moment (ms)."""

    until: int


class CarryOut(msgspec.Struct, frozen=True):
    """Have the owner do what was offered; redeemed is when it is done."""

    kind: OfferKind


class TellOwner(msgspec.Struct, frozen=True):
    """A new message to whom the offer belongs."""

    what: Literal[
        "approved", "turned_down", "nobody_answers", "not_put", "accepted", "declined", "expired", "lapsed",
        "not_carried_out", "inherited",
    ]  # fmt: skip


class LookAgain(msgspec.Struct, frozen=True):
    """Look at that moment (ms), instead of any planned before."""

    at: int


OfferEffect = (
    Refuse | AskForApproval | Reserve | Release | Spend | Return | PutToCustomer | IssueCode | CarryOut | TellOwner
    | LookAgain
)  # fmt: skip


class OfferDecision(msgspec.Struct, frozen=True):
    """The offer that follows, and what is to be done, in order."""

    offer: Offer
    effects: tuple[OfferEffect, ...] = ()


def save(offer: Offer) -> str:
    """Return the offer as it is stored."""
    return msgspec.json.encode(offer).decode()


_decoder = msgspec.json.Decoder(Offer)


def load(stored: str) -> Offer:
    """Return the offer from what `save` made."""
    return _decoder.decode(stored)


# --- in words -------------------------------------------------------------------------------------------------------

CHANGED: Final = phrase("It was changed in the meantime. Please look again.")
OWN: Final = phrase("You have a part in this offer, so somebody else has to decide on it.")
YES_ALREADY: Final = phrase("Your yes counts already. Somebody else has to agree, too.")
WITH_CUSTOMER: Final = phrase("The customer has seen this offer, so it cannot be changed any more.")

_STANDS: Final[dict[Stage, Phrase]] = {
    "proposed": phrase("This offer was not sent out for a yes."),
    "awaiting": phrase("This offer waits for a yes."),
    "approved": phrase("This offer is approved already."),
    "put": phrase("The customer is looking at this offer now."),
    "accepted": phrase("The customer has accepted this offer."),
    "turned_down": phrase("This offer was turned down."),
    "withdrawn": phrase("This offer was withdrawn."),
    "declined": phrase("The customer does not want this offer."),
    "expired": phrase("The customer did not answer this offer in time."),
    "redeemed": phrase("This offer was redeemed already."),
    "lapsed": phrase("This offer is no longer good: it was not redeemed in time."),
    "returned": phrase("What was given for this offer came back."),
}
_TO_CUSTOMER: Final[dict[Stage, Phrase]] = {
    "accepted": phrase("Thank you, your yes has reached us already."),
    "redeemed": phrase("Thank you, your yes has reached us already."),
    "declined": phrase("Thank you, we understood that you would rather not have it."),
    "expired": phrase("I am sorry, this came too late. Please tell us if you would still like it."),
    "lapsed": phrase("I am sorry, this came too late. Please tell us if you would still like it."),
}
_GONE: Final = phrase("I am sorry, this is no longer available. Please tell us if something is still open.")


def stands(offer: Offer) -> Phrase:
    """Return how an offer stands, as staff read it."""
    return _STANDS[offer.stage]


def stands_to_customer(offer: Offer) -> Phrase:
    """Return why the customer's tap changes nothing, as they read it."""
    return _TO_CUSTOMER.get(offer.stage, _GONE)
