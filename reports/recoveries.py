"""What recovery takes and what comes of it: how soon, how often on the spot, for how much, and whether it worked.

Everything is said of cases that are closed. Times are told twice: by the clock on the wall, which is what the customer
lived through, and in working time, which is what we had. Of each the median and the 90th percentile stand, because a
mean hides the few who waited for days; both are values that some customer really had (the nearest rank: the smallest
one that at least that share of the cases did not exceed).

    ratings    before and after by the same customer, and only where both were given on the same kind of scale
    outcomes   each with the share of the closed cases and its interval; how many of them rest on what staff typed
    spending   compensation that was given, over all closed cases, for each customer who was won back
    bands      who heard from us sooner, and what they then needed: the trade is what to look at, for it is no proof

With fewer cases than the business goes by, a figure is shown as not enough.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from fractions import Fraction
from math import ceil
from typing import Final

import msgspec

from reports import intervals, rates
from reports.scores import FEWEST, Figure, share_of

HOUR: Final = timedelta(hours=1) // timedelta(milliseconds=1)
BANDS: Final = (HOUR // 4, HOUR, 4 * HOUR, 24 * HOUR)
"""The bounds of the bands of the time to first response, in ms; the last band has none."""


class ClosedCase(msgspec.Struct, frozen=True, kw_only=True):
    """A closed case as the reports see it. Moments in ms, working times in ms, `spent` in minor units.

    `rated_on` and `rated_after_on` are kind and scale of the ratings before and after: `csat 1 5`.
    """

    key: str  # what the cases are told apart by: a touchpoint, a team
    opened_at: int
    outcome: str
    told_by: str = ""
    first_contact_at: int | None = None
    resolved_at: int | None = None
    first_contact_worked: int | None = None
    resolved_worked: int | None = None
    contacts: int = 0
    reopened: int = 0
    on_the_spot: bool | None = None
    rated_on: str = ""
    rating: int | None = None
    rated_after_on: str = ""
    rating_after: int | None = None
    spent: int = 0


class Spell(msgspec.Struct, frozen=True):
    """How long something took, in ms, in so many cases. None where there is none."""

    count: int
    median: int | None
    ninetieth: int | None
    enough: bool


class Times(msgspec.Struct, frozen=True):
    """The same span by the clock on the wall and in working time; `without` are the cases that never came to it."""

    wall: Spell
    worked: Spell
    without: int


class Paired(msgspec.Struct, frozen=True):
    """Ratings before and after of the same customers, on one kind of scale: `csat 1 5`.

    `change` is the share of the better less the share of the worse, from -1 to 1, with its interval. For effort (CES)
    a low number is good, so a lower one is better.
    """

    rated_on: str
    count: int
    before: float
    after: float
    better: int
    same: int
    worse: int
    change: Figure


class Band(msgspec.Struct, frozen=True):
    """The cases whose customers heard from a person within `upto` ms, and not sooner; None: later still, or never."""

    upto: int | None
    cases: int
    recovered: Figure
    compensated: Figure
    spent: int
    spent_each: float | None


class Recovered(msgspec.Struct, frozen=True):
    """What the cases of one line come to. `spent` and `spent_per_recovered` are in minor units."""

    key: str
    cases: int
    outcomes: dict[str, Figure]
    recovery: Figure
    typed: int
    first_contact: Times
    resolution: Times
    on_the_spot: Figure
    reopened: Figure
    contacts: Spell
    ratings: tuple[Paired, ...]
    unpaired: int
    spent: int
    spent_per_recovered: float | None
    bands: tuple[Band, ...]
    enough: bool


def of(key: str, cases: Sequence[ClosedCase], fewest: int = FEWEST) -> Recovered:
    """Return what some closed cases come to. With `fewest` cases a figure is one to go by."""
    outcomes = {name: sum(case.outcome == name for case in cases) for name in sorted({c.outcome for c in cases})}
    spent = sum(case.spent for case in cases)
    won = outcomes.get("recovered", 0)
    known = [case.on_the_spot for case in cases if case.on_the_spot is not None]
    ratings, unpaired = _paired(cases, fewest)
    return Recovered(
        key=key,
        cases=len(cases),
        outcomes={name: share_of(count, len(cases), fewest) for name, count in outcomes.items()},
        recovery=rates.recovery(outcomes, fewest),
        typed=sum(case.told_by == "staff" for case in cases),
        first_contact=_times(cases, lambda case: (case.first_contact_at, case.first_contact_worked), fewest),
        resolution=_times(cases, lambda case: (case.resolved_at, case.resolved_worked), fewest),
        on_the_spot=share_of(sum(known), len(known), fewest),
        reopened=share_of(sum(case.reopened > 0 for case in cases), len(cases), fewest),
        contacts=spell([case.contacts for case in cases], fewest),
        ratings=ratings,
        unpaired=unpaired,
        spent=spent,
        spent_per_recovered=spent / won if won else None,
        bands=tuple(_bands(cases, fewest)),
        enough=len(cases) >= fewest,
    )


def by_key(cases: Iterable[ClosedCase], fewest: int = FEWEST) -> list[Recovered]:
    """Return what the cases come to, one line for each key, in the order of the keys."""
    groups: dict[str, list[ClosedCase]] = {}
    for case in cases:
        groups.setdefault(case.key, []).append(case)
    return [of(key, groups[key], fewest) for key in sorted(groups)]


# --- how long --------------------------------------------------------------------------------------------------------


def spell(values: Sequence[int], fewest: int = FEWEST) -> Spell:
    """Return the median and the 90th percentile of some values."""
    ordered = sorted(values)
    return Spell(
        len(ordered),
        quantile(ordered, Fraction(1, 2)),
        quantile(ordered, Fraction(9, 10)),
        len(ordered) >= fewest,
    )


def quantile(ordered: Sequence[int], share: Fraction) -> int | None:
    """Return the nearest rank of a share above 0: the smallest value that so many do not exceed. None of nothing.

    Definition 1 of Hyndman and Fan, "Sample quantiles in statistical packages", The American Statistician 50 (1996)
    361–365: it is always one of the values, which an average between two customers is not.
    """
    return ordered[max(0, ceil(share * len(ordered)) - 1)] if ordered else None


def _times(
    cases: Sequence[ClosedCase], span: Callable[[ClosedCase], tuple[int | None, int | None]], fewest: int
) -> Times:
    wall = [at - case.opened_at for case in cases if (at := span(case)[0]) is not None]
    worked = [took for case in cases if (took := span(case)[1]) is not None]
    return Times(spell(wall, fewest), spell(worked, fewest), len(cases) - len(wall))


# --- before and after ------------------------------------------------------------------------------------------------


def _paired(cases: Sequence[ClosedCase], fewest: int) -> tuple[tuple[Paired, ...], int]:
    """Return the ratings by kind, and how many had one before and one after that cannot be compared."""
    pairs: dict[str, list[tuple[int, int]]] = {}
    unpaired = 0
    for case in cases:
        if case.rating is None or case.rating_after is None:
            continue
        if case.rated_on and case.rated_on == case.rated_after_on:
            pairs.setdefault(case.rated_on, []).append((case.rating, case.rating_after))
        else:
            unpaired += 1
    return tuple(_pair(kind, pairs[kind], fewest) for kind in sorted(pairs)), unpaired


def _pair(rated_on: str, pairs: list[tuple[int, int]], fewest: int) -> Paired:
    sign = -1 if rated_on.startswith("ces") else 1
    better = sum(sign * (after - before) > 0 for before, after in pairs)
    worse = sum(sign * (after - before) < 0 for before, after in pairs)
    whole = len(pairs)
    around = intervals.difference(better, worse, whole)
    return Paired(
        rated_on,
        whole,
        sum(before for before, _ in pairs) / whole,
        sum(after for _, after in pairs) / whole,
        better,
        whole - better - worse,
        worse,
        Figure("share", (better - worse) / whole, around, whole, enough=whole >= fewest),
    )


# --- how soon, and what it then took ---------------------------------------------------------------------------------


def _bands(cases: Sequence[ClosedCase], fewest: int) -> Iterable[Band]:
    above = -1
    for upto in (*BANDS, None):
        within = [case for case in cases if above < _waited(case) and (upto is None or _waited(case) <= upto)]
        spent = sum(case.spent for case in within)
        outcomes: dict[str, int] = {}
        for case in within:
            outcomes[case.outcome] = outcomes.get(case.outcome, 0) + 1
        yield Band(
            upto,
            len(within),
            rates.recovery(outcomes, fewest),
            share_of(sum(case.spent > 0 for case in within), len(within), fewest),
            spent,
            spent / len(within) if within else None,
        )
        above = above if upto is None else upto


def _waited(case: ClosedCase) -> int:
    """Return how long a customer waited for the first word; who never got one waited longest."""
    return 2**62 if case.first_contact_at is None else case.first_contact_at - case.opened_at
