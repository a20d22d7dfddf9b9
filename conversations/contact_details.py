"""A telephone number or an e-mail address as people type them, brought to one form. Nothing is guessed.

    +44 (0)20 7946-0958   0044 20 7946 0958   ＋44 20…      +442079460958
    020 7946 0958   138-0013-8000                          02079460958, 13800138000: a country is never added
    Ana@Example.ORG   ＡＮＡ＠example.org   邮箱：ana@…        ana@example.org in the domain; before the @ as typed
    both in one message                                    number first, a space between

Two numbers, an extension, too few figures, a text around them: nothing, and the customer is asked once more.
"""

import re
from collections.abc import Collection
from typing import Final

import msgspec

from conversations.spelling import narrow, reorders, simplified

LONGEST: Final = 400
LONGEST_EMAIL: Final = 254
FEWEST_FIGURES: Final = 6
MOST_FIGURES: Final = 15
"""Figures of a number with its country (ITU-T E.164)."""

WAYS: Final = ("phone", "email")


class Details(msgspec.Struct, frozen=True):
    """What somebody can be reached by."""

    phone: str | None = None
    email: str | None = None

    @property
    def text(self) -> str:
        """Return both as they are stored, a space between."""
        return " ".join(each for each in (self.phone, self.email) if each)


_LABEL: Final = re.compile(
    r"(?:my )?(?:e-?mail|mail|phone|telephone|tel|mobile|cell|number)(?: address| number| no)?\.? ?(?:is|:) ?"
    r"|(?:我的)?(?:电子)?(?:邮箱|邮件|电邮|信箱)(?:地址)?(?:是|为)?:? ?"
    r"|(?:我的)?(?:联系)?(?:电话|手机)?(?:号码|号|电话|手机)(?:是|为)?:? ?",
    re.IGNORECASE,
)
_APART: Final = re.compile(r"([,;\n])|[\s<>]+")
_BETWEEN: Final = frozenset({",", ";", "\n", "and", "or", "&", "/", "和", "或", "或者", "以及"})
_DASHES: Final = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
_PHONE: Final = re.compile(r"\+? ?[0-9(][0-9 ().\-/]*[0-9]")
_GROUP: Final = re.compile(r"[0-9]+")
_EMAIL: Final = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+(?:[A-Za-z]{2,63}|xn--[A-Za-z0-9-]{1,59})"
)


def details(text: str, wants: Collection[str]) -> Details | None:
    """Return what was plainly given of what is wanted (`phone`, `email`), else None."""
    if len(text) > LONGEST or reorders(text):
        return None
    parts = [part for part in _APART.split(_LABEL.sub(" ", simplified(narrow(text)).strip())) if part]
    at = next((n for n, part in enumerate(parts) if "@" in part), len(parts))
    address, figures = "".join(parts[at : at + 1]), _beside(parts[:at], parts[at + 1 :])
    if figures is None or not (address or figures):
        return None
    if (address and "email" not in wants) or (figures and "phone" not in wants):
        return None
    found = Details(phone(figures) if figures else None, email(address) if address else None)
    return None if (figures and not found.phone) or (address and not found.email) else found


def _beside(before: list[str], after: list[str]) -> str | None:
    """Return the number that stands before or after the address; None when something stands on both sides."""
    while before and before[-1].lower() in _BETWEEN:
        before = before[:-1]
    while after and after[0].lower() in _BETWEEN:
        after = after[1:]
    return None if before and after else " ".join(before or after).rstrip(".!?")


def stored(text: str) -> Details:
    """Return the details from their stored text."""
    parts = text.split(" ")
    return Details(
        next((part for part in parts if "@" not in part), None), next((part for part in parts if "@" in part), None)
    )


def phone(text: str) -> str | None:
    """Return the figures of one telephone number, with `+` when it names its country; None for anything else."""
    text = text.translate(_DASHES)
    if not _PHONE.fullmatch(text) or text.count("(") != text.count(")") or _two_numbers(text):
        return None
    abroad = text.startswith(("+", "00"))
    if abroad:  # the zero in brackets is dialled at home only
        text = text.replace("(0)", "", 1)
    figures = "".join(_GROUP.findall(text))
    if abroad:
        figures = figures if text.startswith("+") else figures[2:]
    if not FEWEST_FIGURES <= len(figures) <= MOST_FIGURES or (abroad and figures.startswith("0")):
        return None
    return f"+{figures}" if abroad else figures


def _two_numbers(text: str) -> bool:
    """Two groups that could each be a whole number: nobody knows which one to dial."""
    return sum(len(group) > FEWEST_FIGURES for group in _GROUP.findall(text)) > 1


def email(text: str) -> str | None:
    """Return one e-mail address with its domain in small letters; None for anything else."""
    text = text.removeprefix("mailto:").rstrip(".!?")
    name, _, domain = text.rpartition("@")
    if len(text) > LONGEST_EMAIL or len(name) > 64 or not _EMAIL.fullmatch(text):
        return None
    return f"{name}@{domain.lower()}"
