"""The rungs of the ladder: who stands on each of them now, and what is said to them.

Each rung is a new message, in the own chat of everybody on it and in their language, with the case's buttons and with
how much time is left or how much it is over; who has no chat reads it in the group. People who are away are passed
over, and whoever has the case is not told a second time as a supervisor or manager.
"""

from datetime import timedelta
from typing import Final

from babel.units import format_unit
from msgspec.structs import replace

from bot import candidates, case_buttons, case_posting, case_words, dispatching
from bot.access.policy import Role
from bot.case_readers import concerns, everybody, holder, own_chats
from bot.channels.messages import Message
from bot.phrases import babel_locale, language_for, say
from bot.scene import Scene
from bot.wall_clock import wall_time
from conversations.phrases import Phrase, phrase
from recovery import cases, clocks, ladders
from recovery.calendars import Calendar, is_open
from recovery.clocks import Clock, Owed
from recovery.ladders import EverybodyTold, LadderEffect, PassOver, Tell, Who
from storage.cases import Case
from storage.staff import StaffMember

TOLD: Final = "Told"
"""In the history of a case: a rung was told, `person:first_contact`."""

_STEPS: Final[tuple[Owed, ...]] = ("apology", "repair", "empathy", "atonement")
_LEFT: Final[dict[Owed, Phrase]] = {
    "acknowledge": phrase("Somebody is to take it by {when}: {span} left."),
    "first_contact": phrase("The customer is to hear from a person by {when}: {span} left."),
    **dict.fromkeys(_STEPS, phrase("The next step of the plan is to be taken by {when}: {span} left.")),
    "resolve": phrase("It is to be put right by {when}: {span} left."),
}
_OVER: Final[dict[Owed, Phrase]] = {
    "acknowledge": phrase("Somebody was to take it by {when}. Working time since then: {span}."),
    "first_contact": phrase("The customer was to hear from a person by {when}. Working time since then: {span}."),
    **dict.fromkeys(
        _STEPS, phrase("The next step of the plan was to be taken by {when}. Working time since then: {span}.")
    ),
    "resolve": phrase("It was to be put right by {when}. Working time since then: {span}."),
}
_JUST_OVER: Final[dict[Owed, Phrase]] = {
    "acknowledge": phrase("Somebody was to take it by {when}."),
    "first_contact": phrase("The customer was to hear from a person by {when}."),
    **dict.fromkeys(_STEPS, phrase("The next step of the plan was to be taken by {when}.")),
    "resolve": phrase("It was to be put right by {when}."),
}
_MINUTE: Final = timedelta(minutes=1)


def note(scene: Scene, case: Case, what: str, detail: str, at: int | None = None) -> None:
    """Write into the history of a case what its clocks did."""
    moment = scene.now if at is None else at
    scene.unit.history.add(scene.house.brand, f"case:{case.id}", "makegood", what, detail, moment)


# --- who stands there ------------------------------------------------------------------------------------------------


def standing(scene: Scene, case: Case, who: Who) -> tuple[int, ...]:
    """Return who stands on a rung at this moment."""
    if who == "next_person":
        return _next_person(scene, case)
    reached = candidates.within_reach(scene.unit, scene.house.brand)
    staff = [member for member in reached if member.away_at is None]
    match who:
        case "person":
            return tuple(member.id for member in staff if member.id == holder(case))
        case "team":
            return _team(scene, case, staff)
        case "supervisor":
            return _of_role(Role.SUPERVISOR, case, staff)
        case "manager":
            return _of_role(Role.MANAGER, case, staff)


def _next_person(scene: Scene, case: Case) -> tuple[int, ...]:
    """Return somebody who fits, is at work and has not had the case yet."""
    had = {line.staff_member_id for line in scene.unit.assignments.of(case.id)} | {case.owner_id}
    excluded = frozenset(one for one in had if one is not None)
    choice = dispatching.chosen(scene, case, excluded=excluded)
    return () if choice.candidate is None or choice.at is not None else (choice.candidate,)


def _team(scene: Scene, case: Case, staff: list[StaffMember]) -> tuple[int, ...]:
    """Return everybody who could work the case: those at work, or all when nobody is."""
    concerned = [member for member in candidates.workers(staff) if concerns(member, case.team_id)]
    teams = {team.id: team for team in scene.unit.teams.listing(scene.house.brand)}
    hours = [(member, candidates.hours_of(scene, member, teams)) for member in concerned]
    at_work = [member.id for member, calendar in hours if calendar is None or is_open(calendar, scene.now)]
    return tuple(at_work or [member.id for member in concerned])


def _of_role(role: Role, case: Case, staff: list[StaffMember]) -> tuple[int, ...]:
    """Return who of a role stands above a case; where its team has no manager, those of the others, who see it, too."""
    others = [member for member in staff if role in member.roles.split(",") and member.id != holder(case)]
    own = [member for member in others if concerns(member, case.team_id)]
    return tuple(member.id for member in own or (others if role is Role.MANAGER else ()))


# --- telling them ----------------------------------------------------------------------------------------------------


def carry_out(
    scene: Scene, case: Case, clock: Clock, calendar: Calendar, effect: LadderEffect, heard: set[int], *, opening: bool
) -> Case:
    """Do what the ladder says, and write it down; return the case, which may be somebody else's then.

    `heard` are those who were told at this very moment: they are not told again as one of the team. `opening`: the case
    was opened in this turn, so whoever has it reads of it anyway.
    """
    owed = clock.target.owed
    match effect:
        case PassOver(who=who, why=why):
            note(scene, case, "PassedOver", f"{who}:{owed}:{why}")
        case EverybodyTold():
            note(scene, case, "EverybodyTold", owed)
        case Tell(who=who):
            note(scene, case, TOLD, f"{who}:{owed}")
            if who == "next_person":
                case = dispatching.pass_on(scene, case, scene.unit.staff.get(effect.people[0]), "makegood")
            if not (opening and _hears_anyway(scene, case, clock, effect)):
                fresh = tuple(one for one in effect.people if one not in heard)
                _tell(scene, case, clock, calendar, replace(effect, people=fresh))
            heard.update(effect.people)
    return case


def _hears_anyway(scene: Scene, case: Case, clock: Clock, told: Tell) -> bool:
    """Return whether whoever has a case that was just opened reads of it without the ladder.

    They do with its first message, or when they come on duty; unless the clock does not wait for that.
    """
    return told.why == "started" and not (clock.target.around_the_clock and dispatching.comes_later(scene, case))


def _tell(scene: Scene, case: Case, clock: Clock, calendar: Calendar, told: Tell) -> None:
    if not told.people:
        return
    group = scene.unit.addresses.staff_group(scene.house.brand)
    chats = [chat for member_id in told.people for chat in own_chats(scene, member_id)]
    if group is not None and (told.who == "team" or not chats):
        chats = list(everybody(scene))
    for address, language in chats:
        lines = [
            case_words.title(scene, case, language),
            say(ladders.words(_as_of_now(told, clock, calendar, scene)), language),
        ]
        lines.append(say(_time(clock, calendar, scene, language), language))
        lines.append(case_words.standing(scene, cases.load(case.state), language, case_words.given_to(scene, case)))
        if told.who == "next_person":
            lines.append(say(dispatching.FOR_YOU, language))
        buttons = case_buttons.rows(cases.load(case.state), case, language)
        purpose = "escalation" if told.who == "next_person" else "case_news"
        case_posting.post(scene, case, address, language, Message("\n".join(lines), buttons), purpose)


def _as_of_now(told: Tell, clock: Clock, calendar: Calendar, scene: Scene) -> Tell:
    """Return why they are told as it is now: a warning that comes late is no warning any more."""
    late = told.why == "warned" and clocks.used(clock, calendar, scene.now) >= clock.target.allowed
    return replace(told, why="breached") if late else told


def _time(clock: Clock, calendar: Calendar, scene: Scene, language: str) -> Phrase:
    """Return by when it is, or was, to be done, and how much working time that leaves or is past."""
    owed, allowed = clock.target.owed, clock.target.allowed
    due_at = clocks.due_at(clock, calendar)
    when = wall_time(scene.now if due_at is None else due_at, scene.house.zone, language)
    dial = clocks.used(clock, calendar, scene.now)
    if dial < allowed:
        return Phrase(_LEFT[owed].sentence, {"when": when, "span": span_words(allowed - dial, language)})
    if dial - allowed < _MINUTE:
        return Phrase(_JUST_OVER[owed].sentence, {"when": when})
    return Phrase(_OVER[owed].sentence, {"when": when, "span": span_words(dial - allowed, language)})


def span_words(span: timedelta, language: str) -> str:
    """Return a span of working time in words, to the minute: `1 hour 30 minutes`, `1小时30分钟`."""
    hours, minutes = divmod(span // _MINUTE, 60)
    locale = babel_locale(language)
    parts = [format_unit(hours, "duration-hour", locale=locale)] if hours else []
    if minutes or not hours:
        parts.append(format_unit(minutes, "duration-minute", locale=locale))
    return ("" if language_for(language).startswith("zh") else " ").join(parts)
