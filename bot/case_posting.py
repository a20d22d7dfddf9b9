"""Telling staff of a case in one of their chats: a message of its own, or a line of a digest where too much happens.

    up to so many messages a minute in a chat ──> each is a message
    more ────────────────────────────────────> a line of the next digest, with a button that opens the case

Nothing is lost by folding. A digest is a row of the outbox that may not go for half a minute; until then whatever
happens is written into it, in the same commit as what happened.
"""

from datetime import timedelta
from typing import Final

from bot.case_buttons import act_button
from bot.channels.messages import Button, Message
from bot.channels.telegram.limits import units
from bot.outgoing import message_of, stored
from bot.phrases import say
from bot.scene import Scene
from conversations.phrases import phrase
from storage.addresses import Address
from storage.cases import Case
from storage.outbox import OutboxRow

DIGEST: Final = "digest"
MINUTE: Final = timedelta(minutes=1) // timedelta(milliseconds=1)
GATHERS: Final = timedelta(seconds=30) // timedelta(milliseconds=1)
"""How long a digest waits for more, in ms."""

ALMOST: Final = timedelta(seconds=3) // timedelta(milliseconds=1)
"""So shortly before it goes nothing more is written into it, in ms: delivery may have it in hand."""

LONGEST: Final = 3_500
"""UTF-16 units of a digest; what no longer fits begins the next one."""
MOST_CASES: Final = 30
BULLET: Final = "• "
LINE: Final = 160
"""Characters of a line; the case itself has all of it."""


def post(scene: Scene, case: Case, address: Address, language: str, message: Message, purpose: str) -> None:
    """Tell staff of a case in a chat."""
    if scene.unit.messages.topic_of(case.id, address.id) is not None or not _too_much(scene, address):
        scene.out.post(address, message, purpose, case_id=case.id)
    else:
        _fold(scene, case, address, language, message)


def _too_much(scene: Scene, address: Address) -> bool:
    """Return whether a chat was told so much in the last minute that more would not be read."""
    if address.unreachable_at is not None:
        return False
    told = scene.unit.messages.posted_since(address.id, scene.now - MINUTE)
    return told >= scene.house.most_messages


def _fold(scene: Scene, case: Case, address: Address, language: str, message: Message) -> None:
    pending = scene.unit.messages.open_digest(address.id, scene.now + ALMOST)
    if pending is not None:
        longer = _longer(message_of(pending), case, language, message)
        if longer is not None and scene.unit.messages.rewrite(pending.id, stored(longer)):
            return
    _begin(scene, case, address, language, message)


def _begin(scene: Scene, case: Case, address: Address, language: str, message: Message) -> OutboxRow | None:
    digest = _digest([_button(case, language)], [_in_short(message)], language)
    return scene.out.post(address, digest, DIGEST, not_before=scene.now + GATHERS)


def _longer(digest: Message, case: Case, language: str, message: Message) -> Message | None:
    """Return the digest with one line more; None when it is full."""
    buttons, button = [each for row in digest.rows for each in row], _button(case, language)
    lines = [line.removeprefix(BULLET) for line in digest.text.split("\n")[1:]]
    longer = _digest([*buttons, *(() if button in buttons else (button,))], [*lines, _in_short(message)], language)
    return None if units(longer.text) > LONGEST or len(buttons) > MOST_CASES else longer


def _digest(buttons: list[Button], lines: list[str], language: str) -> Message:
    head = say(phrase("Cases changed: {count}", count=len(buttons)), language)
    text = "\n".join((head, *(f"{BULLET}{line}" for line in lines)))
    return Message(text, tuple(tuple(buttons[at : at + 3]) for at in range(0, len(buttons), 3)))


def _button(case: Case, language: str) -> Button:
    return act_button(phrase("Case {number}", number=case.number), case.number, "open", language)


def _in_short(message: Message) -> str:
    """Return what a message says in one line; that files came with it, too."""
    words = " · ".join(line.strip() for line in message.text.split("\n")[:3] if line.strip())
    short = words if len(words) <= LINE else f"{words[:LINE]}…"
    return f"{short} 📎" if message.attachments else short
