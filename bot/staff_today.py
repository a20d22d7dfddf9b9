"""/today for whoever leads: how much is open and overdue, who has too much, who is away, and handing on what they have.

*Hand all of N's cases to …* asks to whom, asks once more, and can be undone as long as nobody went on with them.
"""

from collections import defaultdict
from datetime import timedelta
from typing import Final, NamedTuple

from bot import case_card, dispatching, handing, staff_cases
from bot.access.policy import Act
from bot.channels.messages import Button, Message
from bot.channels.updates import Pressed
from bot.phrases import say
from bot.staff_talk import StaffTalk
from bot.wall_clock import wall_moment
from conversations.phrases import Phrase, phrase
from storage.cases import Case
from storage.clocks import CaseClock
from storage.staff import StaffMember

TODAY_PROMPT: Final = "today"
NOT_YOURS: Final = phrase("This is for supervisors and managers. /mine shows what is with you.")
OLD: Final = phrase("That button is no longer in use.")
NOTHING_LEFT: Final = phrase("{name} has no case any more that waits for them.")
UNDO: Final = phrase("Undo")
YES: Final = phrase("Yes, hand them over")
NO: Final = phrase("No")
MOST_TASKS: Final = 500
_DAY: Final = timedelta(days=1) // timedelta(milliseconds=1)


class Share(NamedTuple):
    """What one person has to do: their cases that wait for an act, and their load against their limit."""

    member: StaffMember
    cases: list[Case]
    load: int


def today(talk: StaffTalk, rest: str) -> None:
    """Show the day of a team."""
    shares = _shares(talk)
    lines = [*_counts(talk), "", *(_share_line(talk, share) for share in shares)]
    talk.out.post(talk.address, Message("\n".join(lines), _hand_all(talk, shares)), "staff_reply")


def pressed(talk: StaffTalk, update: Pressed, choice: str) -> Phrase | None:
    """Take a tap below the day: hand on, to whom, yes, undo; return what to show in passing."""
    if not talk.may(Act.SEE_TEAM_DAY):
        return NOT_YOURS
    act, *numbers = choice.split(".")
    members = [handing.member_of(talk, number) for number in numbers[:2]]
    if act == "no":
        return _instead(talk, update, phrase("All right, everything stays as it is."))
    if not members or members[0] is None:
        return OLD
    if act == "from":
        return _ask_to_whom(talk, members[0])
    if len(members) < 2 or members[1] is None:
        return OLD
    if act == "to":
        return _ask_once_more(talk, members[0], members[1])
    if act == "yes":
        return _hand_over(talk, update, members[0], members[1])
    return _undo(talk, update, members[0], members[1], numbers[2]) if act == "undo" and len(numbers) == 3 else OLD


# --- the day ---------------------------------------------------------------------------------------------------------


def _counts(talk: StaffTalk) -> list[str]:
    language, unit, brand = talk.member.language, talk.unit, talk.house.brand
    open_cases = [one for one in unit.cases.open_ones(brand, staff_cases.MOST) if talk.may(Act.SEE_CASE, one)]
    waiting = [one for one in open_cases if one.stage in ("open", "taken")]
    ticking: dict[int, list[CaseClock]] = defaultdict(list)
    for row in unit.clocks.of_open_cases(brand):
        ticking[row.case_id].append(row)
    dues = [due for one in waiting if (due := case_card.next_due(ticking[one.id])) is not None]
    overdue = [due for due in dues if due <= talk.now]
    soon = [due for due in dues if talk.now < due <= talk.now + _DAY]
    nobodys = [one for one in waiting if one.owner_id is None]
    lines = [
        phrase(
            "Open cases: {count}, of them put right and waiting for a yes: {settled}",
            count=len(open_cases),
            settled=len(open_cases) - len(waiting),
        ),
        phrase("Nobody has taken yet: {count}", count=len(nobodys)),
        phrase("Overdue: {count}", count=len(overdue)),
        phrase("Due in the next 24 hours: {count}", count=len(soon)),
        phrase("Calls and other tasks: {count}", count=len(unit.today.tasks(brand, MOST_TASKS))),
    ]
    made = [say(line, language) for line in lines]
    if overdue:
        since = wall_moment(min(overdue), talk.house.zone, language)
        oldest = phrase("the oldest since {when}", when=since)
        made[2] += f" ({say(oldest, language)})"
    return made


def _shares(talk: StaffTalk) -> list[Share]:
    """Return what each colleague has, whoever has the most first."""
    loads = talk.unit.assignments.loads(talk.house.brand)
    shares = [
        Share(one, dispatching.waiting_for(talk.scene, one.id), loads.get(one.id, 0))
        for one in handing.workers_all(talk)
        if talk.may_lead(one)
    ]
    return sorted(shares, key=lambda share: (-share.load, share.member.name))


def _share_line(talk: StaffTalk, share: Share) -> str:
    language = talk.member.language
    words = phrase(
        "{name}: cases {count}, load {load} of {limit}",
        name=share.member.name,
        count=len(share.cases),
        load=share.load,
        limit=share.member.load_limit,
    )
    marks = []
    if share.load >= share.member.load_limit:
        marks.append(say(phrase("too much"), language))
    if share.member.away_at is not None:
        marks.append(say(phrase("away"), language))
    return " · ".join((say(words, language), *marks))


# --- handing all on --------------------------------------------------------------------------------------------------


def _hand_all(talk: StaffTalk, shares: list[Share]) -> tuple[tuple[Button, ...], ...]:
    """Return a button for everybody who has cases, those first who are away or have too much."""
    having = [share for share in shares if share.cases]
    having.sort(key=lambda share: (share.member.away_at is None, share.load < share.member.load_limit))
    label = phrase("Hand all of {name}'s cases to …")
    return tuple(
        (_button(talk, Phrase(label.sentence, {"name": one.member.name[:20]}), f"from.{one.member.id}"),)
        for one in having[:8]
    )


def _button(talk: StaffTalk, label: Phrase, choice: str) -> Button:
    return Button(say(label, talk.member.language), f"1:{TODAY_PROMPT}:{choice}")


def _ask_to_whom(talk: StaffTalk, who: StaffMember) -> Phrase | None:
    count = len(dispatching.waiting_for(talk.scene, who.id))
    if not count:
        return Phrase(NOTHING_LEFT.sentence, {"name": who.name})
    others = [one for one in handing.workers_all(talk) if one.id != who.id and talk.may_lead(one)]
    if not others:
        return handing.NOBODY_ELSE
    buttons = [Button(one.name[:30], f"1:{TODAY_PROMPT}:to.{who.id}.{one.id}") for one in others[:30]]
    rows = tuple(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2))
    talk.say(phrase("To whom shall I hand the cases of {name}? They are {count}.", name=who.name, count=count), *rows)
    return None


def _ask_once_more(talk: StaffTalk, who: StaffMember, to: StaffMember) -> Phrase | None:
    count = len(dispatching.waiting_for(talk.scene, who.id))
    if not count:
        return Phrase(NOTHING_LEFT.sentence, {"name": who.name})
    words = phrase("Hand {count} cases of {name} to {to}?", count=count, name=who.name, to=to.name)
    away = phrase(
        "{to} is away at the moment. Hand {count} cases of {name} to {to} all the same?",
        count=count,
        name=who.name,
        to=to.name,
    )
    yes = _button(talk, YES, f"yes.{who.id}.{to.id}")
    talk.say(away if to.away_at is not None else words, (yes, _button(talk, NO, "no")))
    return None


def _hand_over(talk: StaffTalk, update: Pressed, who: StaffMember, to: StaffMember) -> Phrase | None:
    if to.removed_at is not None or not (talk.may_lead(who) and talk.may_lead(to)):
        return OLD
    count = dispatching.hand_all(talk.scene, who, to, talk.actor)
    if not count:
        return _instead(talk, update, Phrase(NOTHING_LEFT.sentence, {"name": who.name}))
    words = phrase("{to} has the {count} cases of {name} now.", to=to.name, count=count, name=who.name)
    undo = _button(talk, UNDO, f"undo.{who.id}.{to.id}.{talk.now}")
    return _instead(talk, update, words, (undo,))


def _undo(talk: StaffTalk, update: Pressed, who: StaffMember, to: StaffMember, at: str) -> Phrase | None:
    """Give back what was handed on at that moment and nobody touched since."""
    if who.removed_at is not None:
        return phrase("{name} works here no longer.", name=who.name)
    back = 0
    for case in dispatching.waiting_for(talk.scene, to.id):
        newest = talk.unit.assignments.newest(case.id)
        if newest is not None and newest.actor == talk.actor and str(newest.at) == at:
            dispatching.hand(talk.scene, case, who, talk.actor)
            back += 1
    if not back:
        return _instead(talk, update, phrase("There is nothing left to undo: others have gone on with them."))
    return _instead(talk, update, phrase("Undone: {name} has {count} cases again.", name=who.name, count=back))


def _instead(talk: StaffTalk, update: Pressed, words: Phrase, *rows: tuple[Button, ...]) -> Phrase | None:
    """Put an answer in the place of the question that was tapped, so that it is not tapped twice."""
    before = talk.unit.messages.by_ref(talk.address.id, update.ref)
    if before is None:
        talk.say(words, *rows)
    else:
        talk.out.edit(talk.address, before, Message(say(words, talk.member.language), rows), again=True)
    return None
