"""A browser that asks to be signed in, and the staff member who says yes or no to it in their own chat.

    a browser shows six figures and a QR code ── scanned, or the figures typed ──> "Sign in? Code 123 456" Yes / No
       └── two minutes ──> over                                                     │
       <── Yes: that browser, once, within a minute ────────────────────────────────┤
       <── No: that wish is over ───────────────────────────────────────────────────┘

All that a wish shows comes from one secret that only its browser holds: whoever reads our rows, or the code over a
shoulder, has nothing with which to be signed in.
"""

import base64
import re
import unicodedata
from datetime import timedelta
from hashlib import sha256
from typing import Final

from bot.access.policy import Act
from bot.access.secrets import digest
from bot.channels.messages import Button, Message
from bot.channels.updates import Pressed
from bot.phrases import say
from bot.staff_talk import StaffTalk
from bot.wall_clock import clock_time
from conversations.phrases import Phrase, phrase
from storage.sign_ins import SignIn

CODE_PROMPT: Final = "code"
_MS: Final = timedelta(milliseconds=1)
LASTS: Final = timedelta(minutes=2) // _MS
"""How long a code is shown and can be confirmed."""

YES_LASTS: Final = timedelta(minutes=1) // _MS
"""How long after the yes its browser may come for it."""

WRONG_CODES: Final = 5
"""So many codes that nobody shows, typed in ten minutes by one person, and we look at no more."""

SPAN: Final = timedelta(minutes=10) // _MS

YES: Final = phrase("Yes, sign in")
NO: Final = phrase("No")
UNKNOWN_BROWSER: Final = phrase("a browser that does not say what it is")
OVER: Final = phrase("That code is no longer shown anywhere. Let the computer show a new one.")
_CODE: Final = re.compile(r"([0-9]{3})[ \-]?([0-9]{3})")
_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS: Final = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


# -- what a browser's secret stands for


def token_of(secret: str) -> str:
    """Return what the QR code carries: it says which wish is meant, and signs nobody in."""
    return base64.urlsafe_b64encode(sha256(f"scan:{secret}".encode()).digest()[:16]).decode().rstrip("=")


def code_of(token: str) -> str:
    """Return the six figures of a wish: `123456`."""
    return f"{int.from_bytes(sha256(f'code:{token}'.encode()).digest()[:8], 'big') % 1_000_000:06d}"


def code_mark(code: str) -> str:
    """Return what is kept of a code."""
    return digest(f"code:{code}")


def spaced(code: str) -> str:
    """Return a code as people read it: `123 456`."""
    return f"{code[:3]} {code[3:]}"


def code_in(text: str) -> str | None:
    """Return the code that a text is, None when it is anything else. Full-width figures are figures."""
    found = _CODE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    return "".join(found.groups()) if found else None


def seen_as(agent: str) -> str:
    """Return which browser on which system a user agent is, in names of ours alone; empty when it does not say."""
    names = [next((name for mark, name in known if mark in agent), "") for known in (_BROWSERS, _SYSTEMS)]
    return ", ".join(name for name in names if name)


# -- in the chat


def typed(talk: StaffTalk, code: str) -> None:
    """Take a code that a staff member typed: ask them whether it is theirs, or say that nobody shows it."""
    if talk.unit.history.count_since(talk.actor, "CodeUnknown", talk.now - SPAN) >= WRONG_CODES:
        talk.say(phrase("That were many codes. Please wait ten minutes, or send /console for a link."))
        return
    wish = talk.unit.sign_ins.by_code(talk.house.brand, code_mark(code), talk.now)
    if wish is None:
        talk.unit.history.add(talk.house.brand, talk.actor, talk.actor, "CodeUnknown", "", talk.now)
        talk.say(OVER)
    else:
        _ask(talk, wish, code)


def shown_now(talk: StaffTalk, code: str) -> bool:
    """Say whether a browser shows this code now: then it is no text for a customer."""
    return talk.unit.sign_ins.by_code(talk.house.brand, code_mark(code), talk.now) is not None


def scanned(talk: StaffTalk, token: str) -> bool:
    """Take a QR code that a staff member scanned. False when no browser shows it."""
    wish = talk.unit.sign_ins.by_token(talk.house.brand, digest(token), talk.now)
    if wish is None:
        return False
    _ask(talk, wish, code_of(token))
    return True


def _ask(talk: StaffTalk, wish: SignIn, code: str) -> None:
    if not talk.may(Act.USE_CONSOLE) or not talk.unit.sign_ins.ask(wish.id, talk.member.id):
        talk.say(OVER)
        return
    language = talk.member.language
    asked = phrase(
        "Sign in on a computer?\nCode {code} · {browser} · {time}\n\nTap Yes only if this code stands on a screen in"
        " front of you: whoever sits there then works under your name. We never ask you to confirm somebody else's.",
        code=spaced(code),
        browser=wish.seen_as or UNKNOWN_BROWSER,
        time=clock_time(wish.created_at, talk.house.zone, language),
    )
    buttons = tuple(
        Button(say(label, language), f"1:{CODE_PROMPT}:{choice}.{wish.id}")
        for label, choice in ((YES, "yes"), (NO, "no"))
    )
    talk.unit.history.add(talk.house.brand, talk.actor, talk.actor, "SignInAsked", "", talk.now)
    talk.out.post(talk.address, Message(say(asked, language), (buttons,)), "staff_reply", prompt=_prompt(wish))


def pressed(talk: StaffTalk, update: Pressed, choice: str) -> Phrase:
    """Take the yes or no, once; return what to show in passing."""
    answer, _, number = choice.partition(".")
    known = answer in ("yes", "no") and number.isascii() and number.isdecimal() and len(number) < 16
    wish = talk.unit.sign_ins.get(int(number)) if known else None
    if wish is None or wish.brand_id != talk.house.brand or talk.in_group:
        return OVER
    until = talk.now + YES_LASTS if answer == "yes" else wish.expires_at
    if not talk.unit.sign_ins.settle(wish.id, talk.member.id, answer, talk.now, until):
        return OVER
    what = "SignInAllowed" if answer == "yes" else "SignInRefused"
    talk.unit.history.add(talk.house.brand, talk.actor, talk.actor, what, "", talk.now)
    told = phrase("You are being signed in: {browser}.", browser=wish.seen_as or UNKNOWN_BROWSER)
    if answer == "no":
        told = phrase("All right: nobody is signed in. If you did not ask for this, tell an admin.")
    _take_buttons_off(talk, wish, told)
    return told


def _take_buttons_off(talk: StaffTalk, wish: SignIn, told: Phrase) -> None:
    """Let the question say what became of it: a second tap has nothing to do."""
    row = talk.unit.messages.by_prompt(_prompt(wish))
    if row is not None:
        talk.out.edit(talk.address, row, Message(say(told, talk.member.language)))


def _prompt(wish: SignIn) -> str:
    return f"{CODE_PROMPT}:{wish.id}"
