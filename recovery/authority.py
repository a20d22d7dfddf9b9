"""Authority: what a staff member may give at once, and who else has to say yes.

    within their own limits, per case and per day     on the spot
    a touchpoint's thank-you, once a case              on the spot, by anybody
    above them                                         a supervisor, or from a limit on a manager
    above the second limit                             two of them
    beyond the team's budget of the month              nobody: a manager has to raise it first

Each limit is held against what was given already and the new together, so many small ones count as one large; what is
exactly at a limit is within it. Against limits per case counts all that the case was given, whoever gave it; against
the limit per day what this person gave on their own authority, not what others approved. Weigh in the transaction
that writes what follows, with the limits and sums that are in it.
"""

from typing import Final, Literal, get_args

import msgspec

from conversations.phrases import Phrase, phrase
from recovery.money import Money, none_of, written

OfferKind = Literal["voucher", "credit", "refund", "gift", "extra_allowance"]
Approver = Literal["supervisor", "manager"]
Ground = Literal["own", "thanks", "approval"]
"""On what an offer rests: somebody's own authority, a touchpoint's thank-you, or an approval."""

IN_MONEY: Final[frozenset[OfferKind]] = frozenset({"voucher", "credit", "refund"})
"""Kinds that are nothing without an amount; the others may be worth nothing that counts."""


class Wish(msgspec.Struct, frozen=True):
    """What a staff member wants to give; `worth` is zero for a gift or an allowance that has no price."""

    kind: OfferKind
    worth: Money


class Limits(msgspec.Struct, frozen=True):
    """What one staff member may give without asking: in one case, and in one day over all cases.

    Authority that is lent, while somebody is away, ends at `ends_at` (ms); None lasts until it is taken.
    """

    per_case: Money
    per_day: Money
    kinds: frozenset[OfferKind] = frozenset(get_args(OfferKind))
    ends_at: int | None = None


class TeamLimits(msgspec.Struct, frozen=True):
    """What binds a whole team: its budget of the month, and who must approve what.

    What a case is given in all needs a manager above `supervisor_up_to` (None: never), and two different approvers
    above `two_above` (None: never).
    """

    per_month: Money
    supervisor_up_to: Money | None = None
    two_above: Money | None = None


class Given(msgspec.Struct, frozen=True):
    """What was given already, reserved or spent: in this case, today by this person, this month by the team."""

    on_case: Money
    today: Money
    this_month: Money
    thanked: bool = False


class OnTheSpot(msgspec.Struct, frozen=True):
    """It may be given at once."""

    ground: Literal["own", "thanks"] = "own"


class NeedsApproval(msgspec.Struct, frozen=True):
    """So many others must say yes, at least one of them of that rank; `why` is for who asks and who is asked."""

    by: Approver
    eyes: Literal[1, 2]
    why: Phrase


class Refused(msgspec.Struct, frozen=True):
    """Nobody may give it as it stands."""

    why: Phrase


Verdict = OnTheSpot | NeedsApproval | Refused


def decide(
    wish: Wish, limits: Limits | None, team: TeamLimits, given: Given, now: int, thanks: Wish | None = None
) -> Verdict:
    """Return whether a wish may be granted at once, on whose yes, or not at all.

    `limits` is None for who has no authority; `thanks` the touchpoint's thank-you, if it has one. Raises OtherCurrency
    when limits and sums do not share the team's currency: that is a mistake in the settings, not in the wish.
    """
    if (refusal := _refusal(wish, team, given)) is not None:
        return Refused(refusal)
    if wish == thanks and not given.thanked:
        return OnTheSpot("thanks")
    by: Approver = "manager" if _beyond(wish, team.supervisor_up_to, given.on_case) else "supervisor"
    if team.two_above is not None and _beyond(wish, team.two_above, given.on_case):
        return NeedsApproval(by, 2, _two_above(team.two_above))
    why = _not_alone(wish, limits, given, now)
    return OnTheSpot() if why is None else NeedsApproval(by, 1, why)


def _refusal(wish: Wish, team: TeamLimits, given: Given) -> Phrase | None:
    budget = team.per_month
    if wish.worth.currency != budget.currency:
        return phrase("Amounts here are in {currency}.", currency=budget.currency)
    if wish.worth < none_of(budget.currency) or (wish.kind in IN_MONEY and not wish.worth):
        return phrase("Please say how much it is to be.")
    left = max(budget - given.this_month, none_of(budget.currency))
    if wish.worth > left:
        return phrase("The team's budget has {left} left this month. A manager can raise it.", left=written(left))
    return None


def _not_alone(wish: Wish, limits: Limits | None, given: Given, now: int) -> Phrase | None:
    """Return why a wish is beyond somebody's own authority; None when it is within."""
    if limits is None or (limits.ends_at is not None and now >= limits.ends_at):
        return phrase("Without an authority of one's own somebody else has to agree.")
    if wish.kind not in limits.kinds:
        return phrase("For this kind of offer somebody else has to agree.")
    if _beyond(wish, limits.per_case, given.on_case):
        return phrase("Above {limit} in one case somebody else has to agree.", limit=written(limits.per_case))
    if _beyond(wish, limits.per_day, given.today):
        return phrase("Above {limit} in one day somebody else has to agree.", limit=written(limits.per_day))
    return None


def _two_above(limit: Money) -> Phrase:
    return phrase("Above {limit} in one case two people have to agree.", limit=written(limit))


def _beyond(wish: Wish, limit: Money | None, given: Money) -> bool:
    return limit is not None and bool(wish.worth) and wish.worth > limit - given  # what costs nothing passes no limit
