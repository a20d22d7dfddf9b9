"""Conditions of other programs, before they are written in our language.

Theirs know two values: what was not answered is simply not equal. Ours knows three: it is unknown, and so is its
`not`. A branch that must hold for the unanswered is therefore written as two: `decided` splits a list of rules until
each condition only says what *is*.

    not equal(price)  ->  [reason == "price" -> the rules below]  [true -> here]
"""

from collections.abc import Callable, Sequence
from typing import Final

import msgspec

MOST_RULES: Final = 40
"""Branches of one question; more were never met outside of attacks."""

LONGEST_CONDITION: Final = 480
"""Characters; a condition of ours holds 500."""

DEEPEST: Final = 12
"""Levels of one condition, so that writing it stays within ours."""


class Fixed(msgspec.Struct, frozen=True):
    """True or false, whatever is answered."""

    holds: bool


class Compared(msgspec.Struct, frozen=True):
    """An answer compared with a value of the source: `of` is the source's name, `op` one of == < <= > >= has."""

    of: str
    op: str
    value: str


class Answered(msgspec.Struct, frozen=True):
    """Something was answered."""

    of: str


class Fact(msgspec.Struct, frozen=True):
    """A fact about the customer or the service: scope, field and a comparison; without op, that it is known."""

    scope: str
    field: str
    op: str = ""
    value: str = ""


class Unsaid(msgspec.Struct, frozen=True):
    """What our language cannot say, as the source has it."""

    source: str


class Every(msgspec.Struct, frozen=True):
    parts: tuple["Claim", ...]


class Some(msgspec.Struct, frozen=True):
    parts: tuple["Claim", ...]


class Not(msgspec.Struct, frozen=True):
    part: "Claim"


class Said(msgspec.Struct, frozen=True):
    """One comparison in our language. `opposite` is its contrary, for what was certainly answered."""

    source: str
    opposite: str
    sure: bool
    positive: bool = True


Claim = Fixed | Compared | Answered | Fact | Unsaid | Every | Some | Not | Said
"""Once `written`, its leaves are `Fixed`, `Said` and `Unsaid` only, and `not` stands only in `positive`."""

TRUE: Final = Fixed(True)
FALSE: Final = Fixed(False)


def every(*parts: Claim) -> Claim:
    """Return the claim that all of them hold."""
    kept = tuple(part for part in parts if part != TRUE)
    return TRUE if not kept else kept[0] if len(kept) == 1 else Every(kept)


def some(*parts: Claim) -> Claim:
    """Return the claim that one of them holds."""
    kept = tuple(part for part in parts if part != FALSE)
    return FALSE if not kept else kept[0] if len(kept) == 1 else Some(kept)


def names(claim: Claim) -> frozenset[str]:
    """Return the source's names of the questions that a claim is about."""
    match claim:
        case Compared(of=of) | Answered(of=of):
            return frozenset({of})
        case Every(parts=parts) | Some(parts=parts):
            return frozenset[str]().union(*(names(part) for part in parts))
        case Not(part=part):
            return names(part)
    return frozenset()


def supposed(claim: Claim, name: str, value: str) -> Claim:
    """Return what is left of a claim when the one answer to a question is known."""
    match claim:
        case Compared(of=of, op="==", value=compared) if of == name:
            return Fixed(compared == value)
        case Every(parts=parts):
            return Every(tuple(supposed(part, name, value) for part in parts))
        case Some(parts=parts):
            return Some(tuple(supposed(part, name, value) for part in parts))
        case Not(part=part):
            return Not(supposed(part, name, value))
    return claim


def unsaid(claim: Claim) -> str:
    """Return what of it cannot be said, nothing when all of it can."""
    match claim:
        case Unsaid(source=source):
            return source or "?"
        case Every(parts=parts) | Some(parts=parts):
            return next((found for part in parts if (found := unsaid(part))), "")
        case Not(part=part):
            return unsaid(part)
    return ""


Leaf = Callable[[Compared | Answered | Fact], Claim]
"""Returns a comparison in our language as `Said`, or what it comes down to: `Fixed`, `Unsaid`, several together."""


def written(claim: Claim, leaf: Leaf, *, positive: bool = True, depth: int = 0) -> Claim:
    """Return the claim with every leaf in our language; a `not` is pushed down to the leaves."""
    if depth > DEEPEST:
        return Unsaid("…")
    match claim:
        case Fixed(holds=holds):
            return Fixed(holds is positive)
        case Unsaid():
            return claim
        case Not(part=part):
            return written(part, leaf, positive=not positive, depth=depth + 1)
        case Every(parts=parts):
            return _joined([written(part, leaf, positive=positive, depth=depth + 1) for part in parts], positive)
        case Some(parts=parts):
            return _joined([written(part, leaf, positive=positive, depth=depth + 1) for part in parts], not positive)
        case Said():
            return claim if positive else Said(claim.source, claim.opposite, claim.sure, False)
    return written(leaf(claim), leaf, positive=positive, depth=depth + 1)


def _joined(parts: Sequence[Claim], all_of: bool) -> Claim:
    """Return the parts together; what decides the whole decides it, what changes nothing goes."""
    if any(part == Fixed(not all_of) for part in parts):
        return Fixed(not all_of)
    kept: list[Claim] = []
    for part in parts:
        if part == Fixed(all_of) or part in kept:
            continue
        same = isinstance(part, Every if all_of else Some)
        kept.extend(part.parts if same and isinstance(part, Every | Some) else (part,))
    if not kept:
        return Fixed(all_of)
    if len(kept) == 1:
        return kept[0]
    return (Every if all_of else Some)(tuple(kept))


def supposing(claim: Claim, atom: str, holds: bool) -> Claim:
    """Return what is left of a claim when that comparison is known to hold or not to hold."""
    match claim:
        case Said(source=source, positive=positive):
            return Fixed(holds is positive) if source == atom else claim
        case Every(parts=parts):
            return _joined([supposing(part, atom, holds) for part in parts], True)
        case Some(parts=parts):
            return _joined([supposing(part, atom, holds) for part in parts], False)
    return claim


class Rule(msgspec.Struct, frozen=True):
    """When the claim holds, go there."""

    when: Claim
    to: str


def decided(rules: Sequence[Rule], otherwise: str) -> list[tuple[str, str]] | None:
    """Return the rules as conditions of ours with where they lead, ending with `true`; None when they grow too many."""
    found: list[tuple[str, str]] = []
    return found if _decide(list(rules), otherwise, (), found) else None


def _decide(rules: list[Rule], otherwise: str, given: tuple[str, ...], found: list[tuple[str, str]]) -> bool:
    for n, rule in enumerate(rules):
        if rule.when == FALSE:
            continue
        if rule.when == TRUE:
            return _add(given, "", rule.to, found)
        if (doubtful := _doubtful(rule.when)) is None:
            if not all(_add(given, source, rule.to, found) for source in sources(rule.when)):
                return False
            if isinstance(rule.when, Said) and rule.when.positive:  # what still has it to hold comes no further
                rest = [Rule(supposing(one.when, rule.when.source, False), one.to) for one in rules[n + 1 :]]
                return _decide(rest, otherwise, given, found)
            continue
        left = rules[n:]
        yes = [Rule(supposing(one.when, doubtful, True), one.to) for one in left]
        no = [Rule(supposing(one.when, doubtful, False), one.to) for one in left]
        return _decide(yes, otherwise, (*given, doubtful), found) and _decide(no, otherwise, given, found)
    return _add(given, "", otherwise, found)


def _add(given: tuple[str, ...], source: str, to: str, found: list[tuple[str, str]]) -> bool:
    parts = [*(_in_parentheses(one) for one in given), *([_in_parentheses(source) if given else source] * bool(source))]
    condition = " and ".join(parts) or "true"
    if len(condition) > LONGEST_CONDITION or len(found) >= MOST_RULES:
        return False
    found.append((condition, to))
    return True


def _doubtful(claim: Claim) -> str | None:
    """Return a comparison that must fail for the claim to hold, and may be about what was not answered."""
    match claim:
        case Said(positive=False, sure=False):
            return claim.source
        case Every(parts=parts) | Some(parts=parts):
            return next((found for part in parts if (found := _doubtful(part)) is not None), None)
    return None


def sources(claim: Claim) -> list[str]:
    """Return the claim in our language: one condition, or several of which any may hold when one is too long."""
    whole = _source(claim)
    if len(whole) <= LONGEST_CONDITION or not isinstance(claim, Some):
        return [whole]
    return [source for part in claim.parts for source in sources(part)]


def _source(claim: Claim) -> str:
    match claim:
        case Said():
            return claim.source if claim.positive else claim.opposite
        case Every(parts=parts):
            return " and ".join(_in_parentheses(_source(part)) for part in parts)
        case Some(parts=parts):
            return " or ".join(_in_parentheses(_source(part)) for part in parts)
    return "true"


def _in_parentheses(source: str) -> str:
    joined = " and " in source or " or " in source or source.startswith("not ")
    return f"({source})" if joined else source
