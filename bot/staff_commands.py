"""What staff type with a slash, in their own chat or in the staff group: each command, and what it does.

A command is a function of the talk and of what follows its name; `COMMANDS` lists them all, the policy names the
act of each, and `bot.menus` what Telegram shows of them.
"""

from collections.abc import Callable, Mapping
from typing import Final

from bot import escalation
from bot.access.policy import STAFF_COMMAND_ACTS
from bot.channels.messages import Button, Message
from bot.commands import LANGUAGE_PROMPT
from bot.phrases import LANGUAGES, NAMES, say
from bot.staff_talk import HELP, StaffTalk
from conversations.phrases import phrase
from recovery import cases

Command = Callable[[StaffTalk, str], None]


def run(talk: StaffTalk, name: str, rest: str) -> None:
    """Do what a command asks; one that is nobody's is answered with help, in the group with silence."""
    command = COMMANDS.get(name)
    if command is None:
        if not talk.in_group:
            talk.say(HELP)
    elif not talk.may(STAFF_COMMAND_ACTS[name]):
        talk.say(phrase("You may not do this. Please ask a colleague who works cases."))
    else:
        command(talk, rest)


def _list_cases(talk: StaffTalk, rest: str) -> None:
    listed = [case for case in talk.unit.cases.listing(talk.house.brand, None, 50) if case.closed_at is None]
    if not listed:
        talk.say(phrase("No case is open. Everybody is looked after."))
        return
    for case in listed[:10]:
        text = escalation.summary(talk.scene, case, talk.member.language)
        buttons = escalation.rows(cases.load(case.state), case, talk.member.language)
        talk.out.post(talk.address, Message(text, buttons), "staff_reply", case_id=case.id)
    if len(listed) > 10:
        talk.say(phrase("And {count} more.", count=len(listed) - 10))


def _cancel(talk: StaffTalk, rest: str) -> None:
    talk.unit.staff.compose_nothing(talk.member.id)
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
    talk.out.menus.append((talk.address, tag))
    talk.out.post(talk.address, Message(say(phrase("All right, English it is."), tag)), "staff_reply")


def _group(talk: StaffTalk, rest: str) -> None:
    if not talk.in_group:
        talk.say(phrase("Send /group in the staff group itself, once I am a member of it."))


COMMANDS: Final[Mapping[str, Command]] = {
    "cases": _list_cases,
    "cancel": _cancel,
    "language": _language,
    "group": _group,
}
