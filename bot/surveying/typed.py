"""What people type on a telephone where the file has signs: conditions, spans of time, shares."""

import re
from typing import Final

from bot.phrases import say
from conversations.phrases import Phrase, phrase
from conversations.spelling import plain

_SIGNS: Final = (
    ("≤", "<="),
    ("≥", ">="),
    ("≠", "!="),
    ("=<", "<="),
    ("=>", ">="),
    ("<>", "!="),
    ("“", '"'),
    ("”", '"'),
    ("「", '"'),
    ("」", '"'),
    ("‘", "'"),
    ("’", "'"),
    ("＝", "="),
    ("＜", "<"),
    ("＞", ">"),
    ("（", "("),
    ("）", ")"),
    ("，", ","),
    ("。", " "),
)
_WORDS: Final = (
    (re.compile(r"\s*(?:并且|並且|且|&&)\s*"), " and "),
    (re.compile(r"\s*(?:或者|或|\|\|)\s*"), " or "),
    (re.compile(r"\bAND\b"), "and"),
    (re.compile(r"\bOR\b"), "or"),
    (re.compile(r"\bNOT\b"), "not"),
    (re.compile(r"(?<![<>=!])=(?!=)"), "=="),
)
_SPAN: Final = re.compile(r"(\d{1,5})\s*([^\d\s,;、]*)")
_UNITS: Final = {
    "m": ("m", "min", "mins", "minute", "minutes", "分", "分钟", "分鐘"),
    "h": ("h", "hr", "hrs", "hour", "hours", "时", "小时", "小時", "鐘頭", "钟头"),
    "d": ("d", "day", "days", "天", "日"),
}
_QUOTED: Final = re.compile(r'("(?:[^"\\]|\\.)*")')

SPANS: Final = {"m": phrase("{count} min"), "h": phrase("{count} h"), "d": phrase("{count} days")}


def as_condition(text: str) -> str:
    """Return a condition as a survey file has it; what stands in quotes stays as it was typed."""
    written = " ".join(text.split())
    for sign, meant in _SIGNS:
        written = written.replace(sign, meant)
    parts = _QUOTED.split(written)
    for n in range(0, len(parts), 2):
        for pattern, meant in _WORDS:
            parts[n] = pattern.sub(meant, parts[n])
    return "".join(parts).strip(" .。")


def as_span(text: str) -> str | None:
    """Return a span of time as a survey file has it (`90m`, `72h`, `2d`), None for what is none."""
    found = _SPAN.fullmatch(plain(text).strip())
    if found is None:
        return None
    unit = next((unit for unit, names in _UNITS.items() if found[2].casefold() in names), None)
    return f"{int(found[1])}{unit}" if unit else None


def as_spans(text: str) -> list[str] | None:
    """Return several spans of time, None where one of them is none."""
    parts = [part for part in re.split(r"[,;、，；]|\band\b|和", text) if part.strip()]
    spans = [as_span(part) for part in parts]
    return [span for span in spans if span] if spans and all(spans) else None


def as_share(text: str) -> float | None:
    """Return a share from 0 to 1: `30 %`, `0.3`, `30`; None for what is none."""
    found = re.fullmatch(r"(\d{1,3}(?:[.,]\d{1,4})?)\s*([%％]?)", text.strip())
    if found is None:
        return None
    number = float(found[1].replace(",", "."))
    share = number / 100 if found[2] or number > 1 else number
    return round(share, 4) if 0 <= share <= 1 else None


def span_words(span: str, language: str) -> str:
    """Return a span of the file in words."""
    digits, unit = span[:-1], span[-1:]
    if unit not in SPANS or not digits.isdecimal():
        return span
    return say(Phrase(SPANS[unit].sentence, {"count": int(digits)}), language)
