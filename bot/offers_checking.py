"""Whether the books of offers are right: the chain, each offer against its lines, each sum against all of them.

`makegood verify` asks on a copy of the database. It reads everything there is, and trusts no sum that a turn kept.
"""

from collections.abc import Iterator
from typing import Final

import msgspec

from bot.offers_books import entry_of, scopes_of
from bot.settings.problems import SettingProblem, SettingsInvalid
from conversations.phrases import Phrase, phrase
from recovery import ledgers
from recovery.ledgers import Entry
from recovery.offers import Offer, load
from storage.ledger import LedgerLine
from storage.unit import Unit

PAGE: Final = 1_000

Sums = dict[tuple[str, int, int, str], int]
"""Scope, subject, period and currency → minor units."""


class Books(msgspec.Struct, frozen=True):
    """What was found. `broken` is the number of the first line that is not as it was written, None when all are."""

    lines: int
    broken: int | None
    unequal: tuple[int, ...]
    sums: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Return whether chain, offers and sums agree."""
        return self.broken is None and not self.unequal and not self.sums


def hold_currency(unit: Unit, brand: int, currency: str) -> None:
    """Refuse another currency while offers in the one before are on their way. Raises SettingsInvalid."""
    others = unit.offers.in_other_currencies(brand, currency)
    if others:
        counted = ", ".join(f"{count} in {other}" for other, count in others)
        message = (
            f"offers are on their way to customers ({counted}); set it back until they are answered, or withdraw them."
        )
        raise SettingsInvalid((SettingProblem("business.currency", message),))


def look(unit: Unit, brand: int) -> Books:
    """Return what the books of a brand prove."""
    entries = [entry_of(line) for line in _pages(unit, brand)]
    broken = ledgers.verify(entries)
    return Books(
        lines=len(entries),
        broken=None if broken is None else broken.number,
        unequal=ledgers.unequal(entries, dict(_offers(unit, brand))),
        sums=tuple(_differing(_counted(unit, entries), _kept(unit, brand))),
    )


def _pages(unit: Unit, brand: int) -> Iterator[LedgerLine]:
    last = 0
    while page := unit.ledger.page(brand, last, PAGE):
        yield from page
        last = page[-1].number


def _offers(unit: Unit, brand: int) -> Iterator[tuple[int, Offer]]:
    last = 0
    while page := unit.offers.page(brand, last, PAGE):
        yield from ((row.id, load(row.state)) for row in page)
        last = page[-1].id


def _counted(unit: Unit, entries: list[Entry]) -> Sums:
    """Return every sum anew: what each limit holds is what its reservations came to and was not freed since."""
    cases: dict[int, int] = {}
    sums: Sums = {}
    for entry in entries:
        if entry.movement == "spent" or not entry.worth:
            continue
        case_id = cases.get(entry.offer)
        if case_id is None:
            case_id = cases[entry.offer] = unit.offers.get(entry.offer).case_id
        change = entry.worth.amount if entry.movement == "reserved" else -entry.worth.amount
        for scope, subject, period in scopes_of(entry, case_id):
            key = (scope, subject, period, entry.worth.currency)
            sums[key] = sums.get(key, 0) + change
    return sums


def _kept(unit: Unit, brand: int) -> Sums:
    return {(row.scope, row.subject, row.period, row.currency): row.held for row in unit.spending.listing(brand)}


def _differing(counted: Sums, kept: Sums) -> Iterator[str]:
    for key in sorted(counted.keys() | kept.keys()):
        if counted.get(key, 0) != kept.get(key, 0):
            yield f"{key[0]} {key[1]} {key[2]} {key[3]}: {kept.get(key, 0)} / {counted.get(key, 0)}"


def in_words(found: Books, most: int) -> Iterator[Phrase | str]:
    """Yield what was found, line by line; of what is wrong the first few."""
    if found.sound and not found.lines:  # nothing was ever offered: there is nothing to say
        return
    if found.sound:
        yield phrase("Ledger: {count}, each line as it was written, and equal to the offers.", count=found.lines)
        return
    if found.broken is not None:
        yield phrase("Ledger: line {number} is not as it was written, or one before it is gone.", number=found.broken)
    if found.unequal:
        yield phrase(
            "Ledger: it says something else than these offers do: {offers}", offers=_named(found.unequal, most)
        )
    if found.sums:
        yield phrase("Limits: {count} sums are not what the ledger adds up to (kept / counted):", count=len(found.sums))
        yield from (f"  {line}" for line in found.sums[:most])
    yield phrase("Somebody wrote into the database. Compare it with a backup: makegood backup keeps them.")


def _named(numbers: tuple[int, ...], most: int) -> str:
    more = " …" if len(numbers) > most else ""
    return ", ".join(str(number) for number in numbers[:most]) + more
