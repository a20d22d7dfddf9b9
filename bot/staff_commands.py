"""What staff type with a slash, in their own chat or in the staff group: each command, and what it does.

A command is a function of the talk and of what follows its name; `COMMANDS` lists them all, the policy names the
act of each, and `bot.menus` what Telegram shows of them.
"""

from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import urlsplit

from bot import (
    handing,
    noting,
    offers_deciding,
    opening_cases,
    signing_in,
    staff_cases,
    staff_duty,
    staff_figures,
    staff_serving,
    staff_today,
    telephone_talk,
)
from bot.access.policy import STAFF_COMMAND_ACTS
from bot.channels.messages import Button, Message
from bot.commands import LANGUAGE_PROMPT
from bot.links import SIGN_IN, SIGN_IN_LASTS, make_link
from bot.outgoing import ShownMenu
from bot.phrases import LANGUAGES, NAMES, say
from bot.staff_talk import LOCAL, ONLY_HERE, StaffTalk, edits_surveys, help_for
from bot.surveying import door as surveying
from conversations.phrases import Phrase, phrase

REFUSALS: Final[Mapping[str, Phrase]] = {
    "report": staff_figures.NOT_YOURS,
    "today": staff_today.NOT_YOURS,
    "surveys": surveying.NOT_YOURS,
}
"""Whom to ask instead, where that is somebody else than whoever works cases."""

Command = Callable[[StaffTalk, str], None]


def run(talk: StaffTalk, name: str, rest: str) -> None:
    """Do what a command asks; one that is nobody's is answered with help, in the group with silence."""
    command = COMMANDS.get(name)
    if command is None:
        if not talk.in_group:
            talk.out.post(talk.address, Message(help_for(talk.member)), "staff_reply")
    elif not talk.may(STAFF_COMMAND_ACTS[name]):
        talk.say(REFUSALS.get(name, phrase("You may not do this. Please ask a colleague who works cases.")))
    else:
        command(talk, rest)


def _case(talk: StaffTalk, rest: str) -> None:
    """Tell a case, or open one: `/case 17`, `/case new Ana, the heating is cold`."""
    first, _, more = rest.partition(" ")
    if first.lower() == opening_cases.NEW:
        opening_cases.open_new(talk, more)
    else:
        staff_cases.tell_case(talk, rest)


def _cancel(talk: StaffTalk, rest: str) -> None:
    naming, for_survey = staff_serving.names_somebody(talk, None), surveying.waits(talk)
    talk.unit.staff.compose_nothing(talk.member.id)
    if for_survey:
        surveying.cancel(talk)
    elif naming:
        talk.say(phrase("All right, nothing was recorded."))
    else:
        talk.say(phrase("All right, your next message goes to nobody."))


def _language(talk: StaffTalk, rest: str) -> None:
    if rest in LANGUAGES:
        choose_language(talk, rest)
        return
    buttons = tuple((Button(NAMES[tag], f"1:{LANGUAGE_PROMPT}:{tag}"),) for tag in LANGUAGES)
    talk.say(phrase("Which language would you like?"), *buttons)


def choose_language(talk: StaffTalk, tag: str) -> None:
    """Speak another language with this staff member; a group has none of its own."""
    if tag not in LANGUAGES or talk.in_group:
        return
    talk.unit.staff.set_language(talk.member.id, tag)
    talk.out.menus.append(ShownMenu(talk.address, tag, edits_surveys(talk.member)))
    talk.out.post(talk.address, Message(say(phrase("All right, English it is."), tag)), "staff_reply")


def _group(talk: StaffTalk, rest: str) -> None:
    if not talk.in_group:
        talk.say(phrase("Send /group in the staff group itself, once I am a member of it."))


def _console(talk: StaffTalk, rest: str) -> None:
    """Give a one-time link into the console: to this person alone, so never in a group."""
    if talk.in_group:
        talk.say(phrase("Send /console in your own chat with me: its link is for you alone."))
        return
    if (code := signing_in.code_in(rest)) is not None:
        signing_in.typed(talk, code)
        return
    made = make_link(
        talk.unit, talk.house.brand, SIGN_IN, talk.now, staff_member_id=talk.member.id, lasts=SIGN_IN_LASTS
    )
    words = say(phrase("Your way into the console. This link works once, for 15 minutes:"), talk.member.language)
    text = f"{words}\n{made.console(talk.house.public_url)}"
    if urlsplit(talk.house.public_url).hostname in LOCAL:
        text += "\n\n" + say(ONLY_HERE, talk.member.language)
    talk.out.post(talk.address, Message(text), "sign_in")


COMMANDS: Final[Mapping[str, Command]] = {
    "done": staff_serving.done,
    "cases": staff_cases.list_cases,
    "mine": staff_cases.list_mine,
    "case": _case,
    "hand": handing.hand,
    "note": noting.note,
    "wow": noting.wow,
    "today": staff_today.today,
    "on": staff_duty.on,
    "off": staff_duty.off,
    "cancel": _cancel,
    "language": _language,
    "console": _console,
    "report": staff_figures.report,
    "tasks": telephone_talk.tasks,
    "offers": offers_deciding.list_offers,
    "redeem": offers_deciding.redeem,
    "group": _group,
    "surveys": surveying.command,
}
