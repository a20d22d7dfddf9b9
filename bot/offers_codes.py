"""Codes of vouchers: twelve signs that nobody misreads on a telephone, and that a slip of the finger never makes.

    7K3M-XWQ2-9HDT      eleven random signs of 31, and one to check them: 54 bits, redeemed through a door with a key

The signs have no 0 and O, no 1, I and L. Their number is a prime, so that the check finds every single wrong sign and
every two that changed places. A code of an import is whatever the business made it.
"""

import hashlib
from typing import Final

from bot.scene import Scene
from recovery.offers import load
from storage.offers import OfferRow
from storage.unit import Unit
from storage.vouchers import Voucher

SIGNS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
RANDOM: Final = 11
GROUP: Final = 4
LONGEST: Final = 64
"""Characters of an imported code."""

_TRIES: Final = 8
_BLANKS: Final = str.maketrans("", "", " -\u2013\u2014\u00a0\t")
_NARROW: Final = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3000: " "}


def new_code(seed: str) -> str:
    """Return the code that random letters and figures come to, with its check; `seed` must be random anew each time."""
    number = int.from_bytes(hashlib.sha256(f"voucher:{seed}".encode()).digest())
    signs = ""
    for _ in range(RANDOM):
        number, sign = divmod(number, len(SIGNS))
        signs += SIGNS[sign]
    return _grouped(signs + _check(signs))


def typed_code(text: str) -> str | None:
    """Return the code of ours that somebody typed, however they wrote it; None for what is none."""
    signs = text.translate(_NARROW).translate(_BLANKS).upper()
    if len(signs) != RANDOM + 1 or any(sign not in SIGNS for sign in signs):
        return None
    return _grouped(signs) if _check(signs[:RANDOM]) == signs[RANDOM] else None


def _check(signs: str) -> str:
    """Return the sign that makes the weighted sum of all twelve nothing, modulo their number."""
    total = sum(weight * SIGNS.index(sign) for weight, sign in enumerate(signs, 1))
    inverse = pow(-(RANDOM + 1), -1, len(SIGNS))
    return SIGNS[total * inverse % len(SIGNS)]


def _grouped(signs: str) -> str:
    return "-".join(signs[at : at + GROUP] for at in range(0, len(signs), GROUP))


def imported_code(text: str) -> str | None:
    """Return a code of an import as it is kept; None when it is empty, too long or no line of its own."""
    code = text.translate(_NARROW).strip()
    return code if code and len(code) <= LONGEST and code.isprintable() and not any(map(str.isspace, code)) else None


def find(unit: Unit, brand: int, text: str) -> Voucher | None:
    """Return the voucher whose code somebody typed or sent, None when there is none."""
    as_kept = imported_code(text)
    for code in dict.fromkeys((as_kept, typed_code(text), None if as_kept is None else as_kept.upper())):
        found = None if code is None else unit.vouchers.by_code(brand, code)
        if found is not None:
            return found
    return None


def issue(scene: Scene, row: OfferRow, until: int) -> Voucher:
    """Return the code of an accepted offer: one of an import that fits, else one made for it. Always the same one."""
    given = scene.unit.vouchers.of_offer(row.id)
    if given is not None:
        return given
    wish = load(row.state).wish
    worth, currency, brand = wish.worth.amount, wish.worth.currency, scene.house.brand
    free = scene.unit.vouchers.give_free(brand, wish.kind, worth, currency, row.id, until, scene.now)
    if free is not None:
        return free
    for _ in range(_TRIES):
        made = scene.unit.vouchers.make(
            brand, new_code(scene.house.seed()), wish.kind, worth, currency, row.id, until, scene.now
        )
        if made is not None:
            return made
    raise RuntimeError("no code was free in several tries")


def has_code(scene: Scene, row: OfferRow) -> bool:
    """Return whether what is no voucher has a code all the same, of an import."""
    wish = load(row.state).wish
    return wish.kind != "voucher" and scene.unit.vouchers.has_free(
        scene.house.brand, wish.kind, wish.worth.amount, wish.worth.currency
    )
