"""The buttons below a message of a case: `1:k17:NAME` or `1:k17:NAME:more`.

What each of them does is registered in `bot.case_acts`; here is which of them a case offers as it stands. The first
two rows stand below the case, the others open with *More …*.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from bot.channels.messages import Button
from bot.phrases import say
from conversations.phrases import Phrase, phrase
from recovery.cases import Case as Stand
from storage.cases import Case

Rows = tuple[tuple[Button, ...], ...]

TAKE: Final = phrase("Take it")
WRITE: Final = phrase("Write to the customer")
PUT_RIGHT: Final = phrase("Put right")
MORE: Final = phrase("More …")
LESS: Final = phrase("‹ Back")

NEVER: Final = 0
"""The row of an act that no case offers by itself: buttons of other messages name it."""
WIDTH: Final = 44
"""Letters that a line of buttons has room for on a telephone, with what stands around each; Chinese ones count two."""

FIRST: Final = 1
SECOND: Final = 2
"""Rows from the third on open with *More …*."""


class PressedAct(NamedTuple):
    """What a staff button says: the case's number, the act's name, and what follows it."""

    number: int
    name: str
    more: str = ""


def act_button(label: Phrase, number: int, act: str, language: str) -> Button:
    """Return a staff button: `1:k17:take`; `act` may carry more, as `step:apology`."""
    return Button(say(label, language), f"1:k{number}:{act}")


def pressed_act(data: str) -> PressedAct | None:
    """Return what a staff button says; None for what is not one."""
    version, _, rest = data.partition(":")
    case, _, act = rest.partition(":")
    digits = case[1:]
    if version != "1" or not case.startswith("k") or not (digits.isascii() and digits.isdecimal()) or len(digits) > 12:
        return None
    name, _, more = act.partition(":")
    return PressedAct(int(digits), name, more)


def rows(state: Stand, case: Case, language: str) -> Rows:
    """Return the buttons that a case offers as it stands."""
    if state.stage == "closed":
        return ()
    offered = _offered(state, case, language)
    more = (act_button(MORE, case.number, "more", language),) if max(offered) > SECOND else ()
    made = (offered.get(FIRST, ()), (*offered.get(SECOND, ()), *more))
    return tuple(row for row in made if row)


def more_rows(state: Stand, case: Case, language: str) -> Rows:
    """Return what *More …* opens, and the way back; nothing for a case that is closed."""
    if state.stage == "closed":
        return ()
    offered = _offered(state, case, language)
    opened = [line for row in sorted(offered) if row > SECOND for line in in_lines(offered[row])]
    return (*opened, (act_button(LESS, case.number, "less", language),))


def is_open(shown: Rows) -> bool:
    """Return whether these are the buttons that *More …* opened."""
    return any(button.press.endswith(":less") for row in shown for button in row)


def in_lines(buttons: Sequence[Button]) -> list[tuple[Button, ...]]:
    """Return buttons in lines that a telephone shows without cutting their labels."""
    lines: list[tuple[Button, ...]] = []
    room = 0
    for button in buttons:
        wide = sum(2 if ord(letter) > 0x2E80 else 1 for letter in button.label) + 4
        if not lines or wide > room or len(lines[-1]) == 3:
            lines.append(())
            room = WIDTH
        lines[-1] = (*lines[-1], button)
        room -= wide
    return lines


def _offered(state: Stand, case: Case, language: str) -> dict[int, tuple[Button, ...]]:
    """Return the buttons of the acts that the case offers now, by row."""
    from bot.case_acts import CASE_ACTS  # late: what the acts do works cases, whose messages carry these buttons

    made: dict[int, tuple[Button, ...]] = {}
    for name, act in CASE_ACTS.items():
        if act.row != NEVER and act.shown(state, case):
            made[act.row] = (*made.get(act.row, ()), act_button(act.label, case.number, name, language))
    return made


def rows_for_a_call(state: Stand, case: Case, language: str) -> Rows:
    """Return the buttons that go with ringing the customer up: writing to them leads nowhere."""
    left = tuple(
        button
        for row in rows(state, case, language)
        for button in row
        if button.press not in (f"1:k{case.number}:write", f"1:k{case.number}:more")
    )
    return (left,) if left else ()
