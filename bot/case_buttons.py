"""The buttons below a message of a case: `1:k17:NAME` or `1:k17:NAME:more`.

What each of them does is registered in `bot.case_acts`; here is which of them a case offers as it stands, and where:

    two rows ── More … ──> what is likely next, and the groups ── a group › ──> what stands in it
             <── ‹ Back ──                                     <── ‹ Back ──

So never more than seven stand below a message, and each has one place where it is always found.
"""

from collections.abc import Mapping, Sequence
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

WIDTH: Final = 44
"""Letters that a line of buttons has room for on a telephone, with what stands around each; Chinese ones count two."""

FIRST: Final = "first"
SECOND: Final = "second"
"""The two rows that stand below the case; everything else opens with *More …*."""

LIKELY: Final = "likely"
CUSTOMER: Final = "customer"
TEAM: Final = "team"
STORY: Final = "story"
NEVER: Final = "never"
"""The place of an act that no case offers by itself: buttons of other messages name it."""

GROUPS: Final[Mapping[str, Phrase]] = {
    CUSTOMER: phrase("To the customer ›"),
    TEAM: phrase("Within the team ›"),
    STORY: phrase("Look up ›"),
}
"""What *More …* opens below the acts that are likely next, by the place of the acts that stand in each."""


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
    made = (_at(FIRST, state, case, language), (*_at(SECOND, state, case, language), _opens("", case, language)))
    return tuple(row for row in made if row)


def more_rows(state: Stand, case: Case, language: str, group: str = "") -> Rows:
    """Return what *More …* opens, or one of its groups, and the way back; nothing for a case that is closed."""
    if state.stage == "closed":
        return ()
    if group in GROUPS:
        return (*in_lines(_at(group, state, case, language)), (_back(case, language, group),))
    groups = in_lines([_opens(each, case, language) for each in GROUPS])
    return (*in_lines(_likely(state, case, language)), *groups, (_back(case, language),))


def further(state: Stand, case: Case, language: str) -> tuple[tuple[str, tuple[Button, ...]], ...]:
    """Return all that *More …* leads to where there is room for it at once: what is likely next, then each group
    under its name."""
    groups = ((say(name, language).rstrip(" ›"), _at(group, state, case, language)) for group, name in GROUPS.items())
    return (("", _at(LIKELY, state, case, language)), *groups)


def opened(shown: Rows) -> str | None:
    """Return which group is open, "" where *More …* is, None where only the two rows stand there."""
    for row in shown:
        for button in row:
            named = pressed_act(button.press)
            if named is not None and named.name == "less":
                return named.more
    return None


def again(shown: Rows, state: Stand, case: Case, language: str) -> Rows:
    """Return the buttons of the case as it stands now, opened as far as those that are shown."""
    group = opened(shown)
    return rows(state, case, language) if group is None else more_rows(state, case, language, group)


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


def _opens(group: str, case: Case, language: str) -> Button:
    label = GROUPS[group] if group else MORE
    return act_button(label, case.number, f"more:{group}".rstrip(":"), language)


def _back(case: Case, language: str, group: str = "") -> Button:
    """Return the way back, which says what it closes: a later edit of the message keeps that open."""
    return act_button(LESS, case.number, f"less:{group}".rstrip(":"), language)


def _at(place: str, state: Stand, case: Case, language: str) -> tuple[Button, ...]:
    """Return the buttons of the acts that stand in a place and that the case offers now."""
    from bot.case_acts import CASE_ACTS  # late: what the acts do works cases, whose messages carry these buttons

    return tuple(
        act_button(act.label, case.number, name, language)
        for name, act in CASE_ACTS.items()
        if act.place == place and act.shown(state, case)
    )


def _likely(state: Stand, case: Case, language: str) -> tuple[Button, ...]:
    """Return what the case most likely needs next; what is not always likely stands in its group, too."""
    from bot.case_acts import CASE_ACTS  # late, as above

    return tuple(
        act_button(act.label, case.number, name, language)
        for name, act in CASE_ACTS.items()
        if act.shown(state, case) and (act.place == LIKELY or act.likely(state, case))
    )


def rows_for_a_call(state: Stand, case: Case, language: str) -> Rows:
    """Return the buttons that go with ringing the customer up: writing to them leads nowhere."""
    left = tuple(
        button
        for row in rows(state, case, language)
        for button in row
        if button.press not in (f"1:k{case.number}:write", f"1:k{case.number}:more")
    )
    return (left,) if left else ()
