"""Whether somebody is on duty, and since or until when: what the team page, the lists and the chat show."""

from typing import Final, Literal, NamedTuple

from bot import candidates
from bot.phrases import say
from bot.wall_clock import wall_time
from conversations.phrases import phrase
from recovery.calendars import Calendar, opens_at
from storage.staff import StaffMember
from storage.unit import Unit

Kind = Literal["on_duty", "off_duty", "away"]


class Duty(NamedTuple):
    """How somebody stands: `at` is since when they are away, or when they come on duty; None where it is not known."""

    kind: Kind
    at: int | None = None


HERE: Final = Duty("on_duty")


def duty_of(unit: Unit, member: StaffMember, now: int) -> Duty:
    """Return whether somebody is on duty: there, and at work by their calendar if they have one."""
    if member.away_at is not None:
        return Duty("away", member.away_at)
    calendar = hours_of(unit, member)
    if calendar is None:
        return HERE
    opens = opens_at(calendar, now)
    return HERE if opens == now else Duty("off_duty", opens)


def hours_of(unit: Unit, member: StaffMember) -> Calendar | None:
    """Return somebody's working calendar: their own, or their team's; None when neither has one."""
    team = None if member.team_id is None else unit.teams.get(member.team_id)
    return candidates.calendar_by(unit, member, team)


def duty_words(duty: Duty, zone: str, language: str) -> str:
    """Return it in words, with the clock on the wall of that zone."""
    when = "" if duty.at is None else wall_time(duty.at, zone, language)
    match duty.kind:
        case "on_duty":
            return say(phrase("on duty"), language)
        case "away":
            return say(phrase("away since {when}", when=when), language)
        case "off_duty":
            return (
                say(phrase("off duty until {when}", when=when), language) if when else say(phrase("off duty"), language)
            )
