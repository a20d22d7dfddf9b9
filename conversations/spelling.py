"""The many ways to type one thing, brought to a single one, for comparing.

    plain(" ＶＥＲＹ　good ") == "very good"      plain("5️⃣") == "5"      plain("٥") == "5"

What comes out is only ever compared; the customer's own words are stored as `clean` leaves them. Compatibility
normalisation (NFKC) is not used: it would turn ² into 2, ½ into 1⁄2 and Ⅴ into V, which nobody meant.
"""

import re
import unicodedata
from typing import Final

LONGEST_RUN_OF_MARKS: Final = 30
"""As in the Stream-Safe Text Format (UAX #15). No language needs more; sorting a longer run takes quadratic time."""

LONGEST_LOOKED_UP: Final = 80
"""No listed reply comes near it."""

_DECOMPOSES_INTO_MARKS: Final = frozenset("\u0f73\u0f75\u0f81")  # class 0 themselves, and yet two marks each
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_END: Final = "!.,~… "
_OVERRIDES: Final = re.compile("[\u202d\u202e\u2066-\u2069]")


class _Plain(dict[int, str | None]):
    """A table for `str.translate`: the listed characters, and by category what is too many to list."""

    def __missing__(self, code: int) -> str | None:
        plain = _by_category(chr(code))
        if 0x3000 <= code < 0xA000:  # Chinese text is long and repeats itself; a bounded part is remembered
            self[code] = plain
        return plain


def _by_category(character: str) -> str | None:
    match unicodedata.category(character):
        case "Cf":  # zero width, direction marks, joiners, tags
            return None
        case "Nd":  # the ten digits of every script
            return str(unicodedata.decimal(character))
        case _:
            return character


def _circled() -> dict[int, str]:
    """Return the figures drawn in one character; a space around each keeps ①② from becoming 12."""
    runs = ((0x2460, 1, 20), (0x24F5, 1, 10), (0x2776, 1, 10), (0x2780, 1, 10), (0x278A, 1, 10))
    table = {start + n: f" {first + n} " for start, first, count in runs for n in range(count)}
    return table | {ord("⓪"): " 0 ", ord("🔟"): " 10 "}


_TABLE: Final = _Plain(
    {code: chr(code) for code in range(0x80)}
    | {0xFF01 + n: chr(0x21 + n) for n in range(0x5E)}  # fullwidth ！ to ～
    | dict.fromkeys((0xFE0E, 0xFE0F, 0x20E3, *range(0x1F3FB, 0x1F400)))  # text or emoji, keycap, colours of skin
    | {ord(a): b for a, b in zip("。、’‘“”🌟★\u3000", ".,''\"\"⭐⭐ ", strict=True)}
    | _circled()
)

_SIMPLIFIED: Final = str.maketrans(
    "滿還極別給評選數顆級兩個謝轉聯繫絡係員訴見傷燒電氣們對沒錯當無問題說話找務經負責訂閱發來請讓幫擾"
    "媒體曝師報騷燙過敏舉漏煙洩險濟職訟詐騙竊搶傳簡訊繼續長闆點這嗎麼機號項種願絕許樣處實為馬與難間東車觸"
    "脅嚇該曬歧視養衛護壓劑毒斷協會總體溝導時復覺應滅專貴萬決進況狀麽後現樣裡幾誰為動",
    "满还极别给评选数颗级两个谢转联系络系员诉见伤烧电气们对没错当无问题说话找务经负责订阅发来请让帮扰"
    "媒体曝师报骚烫过敏举漏烟泄险济职讼诈骗窃抢传简讯继续长板点这吗么机号项种愿绝许样处实为马与难间东车触"
    "胁吓该晒歧视养卫护压剂毒断协会总体沟导时复觉应灭专贵万决进况状么后现样里几谁为动",
)


def narrow(text: str) -> str:
    """Return the text in normal width with ASCII digits, without invisible characters; large letters stay large."""
    return text if text.isascii() else text.translate(_TABLE)


def plain(text: str) -> str:
    """Return the text in lower case and normal width, ASCII digits, single spaces, without invisible characters."""
    return " ".join(narrow(text).lower().split())


def simplified(text: str) -> str:
    """Return the text with the traditional characters of our word lists made simplified; others stay."""
    return text if text.isascii() else text.translate(_SIMPLIFIED)


def bare(text: str) -> str:
    """Return a whole reply ready to be looked up: plain, simplified, without its closing punctuation."""
    return simplified(plain(text)).rstrip(_END)


def looked_up(text: str) -> str:
    """Return a short reply as the lexicon writes its words; nothing when it is too long to be there."""
    return squeezed(bare(text)) if len(text) <= LONGEST_LOOKED_UP else ""


def squeezed(text: str) -> str:
    """Return the text without spaces."""
    return text.replace(" ", "")


def reorders(text: str) -> bool:
    """Return whether its characters are made to show in another order than they were typed."""
    return not text.isascii() and _OVERRIDES.search(text) is not None


def clean(text: str) -> str:
    """Return the text as we store it: NFC, without NUL, lone surrogates and outer whitespace.

    Everything else stays as typed: emoji, joiners, direction marks. A text with a run of over
    `LONGEST_RUN_OF_MARKS` combining marks is not normalised at all, for that would take seconds.
    """
    text = text.replace("\0", "")
    if text.isascii():
        return text.strip()
    if _SURROGATE.search(text):  # two that form a pair become their character, lone ones go
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    return (text if _overloaded(text) else unicodedata.normalize("NFC", text)).strip()


def _overloaded(text: str) -> bool:
    run = 0
    for character in text:
        if character.isascii() or not (unicodedata.combining(character) or character in _DECOMPOSES_INTO_MARKS):
            run = 0
        elif (run := run + 1) > LONGEST_RUN_OF_MARKS:
            return True
    return False


def shorten(text: str, limit: int = 4000) -> tuple[str, bool]:
    """Return at most `limit` characters of the text, and whether any had to go.

    An emoji of several characters or a letter with its accents is not cut in two, unless it is very long.
    """
    if len(text) <= limit:
        return text, False
    for end in range(limit, max(limit - LONGEST_RUN_OF_MARKS, 0), -1):
        if not _belong_together(text[end - 1], text[end]):
            return text[:end], True
    return text[:limit], True


def _belong_together(before: str, after: str) -> bool:
    joins = after in "\u200d\u20e3" or "\U0001f3fb" <= after <= "\U0001f3ff" or before == "\u200d"
    flag = all("\U0001f1e6" <= letter <= "\U0001f1ff" for letter in before + after)
    return joins or flag or unicodedata.category(after) in ("Mn", "Me", "Mc")
