"""/report: the figures in the staff's chat, in words and as a picture, for the last week, month or quarter."""

from typing import Final

import msgspec

from bot import figure_picture, figures
from bot.access.policy import STAFF_COMMAND_ACTS
from bot.channels.messages import Attachment, Button, Message
from bot.figure_words import HELP, as_text
from bot.phrases import say
from bot.staff_talk import StaffTalk
from conversations.phrases import Phrase, phrase
from reports.periods import last_days

REPORT_PROMPT: Final = "report"
SPANS: Final = (7, 30, 90)
USUAL: Final = 30
EXPLAIN: Final = "help"
RECOVERY: Final = "recovery"

NOT_YOURS: Final = phrase("The figures are for supervisors, managers and admins. Please ask one of them.")
LABELS: Final = {7: phrase("7 days"), 30: phrase("30 days"), 90: phrase("90 days")}


def report(talk: StaffTalk, rest: str) -> None:
    """Show the figures of so many days: `/report`, `/report 7`, `/report recovery`, `/report help`."""
    if rest == EXPLAIN:
        _explain(talk)
        return
    if rest == RECOVERY:
        _show_recovery(talk)
        return
    days = int(rest) if rest in {str(span) for span in SPANS} else USUAL
    _show(talk, days)


def pressed(talk: StaffTalk, what: str) -> Phrase | None:
    """Take a tap below a report; return what to show in passing."""
    if not talk.may(STAFF_COMMAND_ACTS["report"]):
        return NOT_YOURS
    report(talk, what)
    return None


def _show(talk: StaffTalk, days: int) -> None:
    made = figures.last(talk.unit, talk.house, days, talk.now)
    language = talk.member.language
    text = as_text(made, language)
    picture = figure_picture.of_report(made, talk.house.business.get("name", ""), language)
    attachments: tuple[Attachment, ...] = ()
    if picture is not None:
        of = msgspec.json.encode(picture).decode()
        attachments = (Attachment("photo", made="figures", of=of, name="figures.png", alt=text),)
    talk.out.post(talk.address, Message(text, _buttons(days, language), attachments=attachments), "staff_reply")


def _show_recovery(talk: StaffTalk) -> None:
    """Show what putting right took in the usual days, and what came of it; all cases together."""
    from bot import recovery_figures, recovery_words  # late: 25 ms that a start need not wait for

    period = last_days(USUAL, talk.now, talk.house.zone)
    made = recovery_figures.read(talk.unit, talk.house, period)
    text = "\n".join(recovery_words.in_short(made, talk.member.language))
    talk.out.post(talk.address, Message(text, _buttons(0, talk.member.language)), "staff_reply")


def _buttons(shown: int, language: str) -> tuple[tuple[Button, ...], ...]:
    spans = tuple(Button(say(LABELS[span], language), f"1:{REPORT_PROMPT}:{span}") for span in SPANS if span != shown)
    recovery = Button(say(phrase("Putting right"), language), f"1:{REPORT_PROMPT}:{RECOVERY}")
    explain = Button(say(phrase("What do these mean?"), language), f"1:{REPORT_PROMPT}:{EXPLAIN}")
    return (spans, (recovery, explain))


def _explain(talk: StaffTalk) -> None:
    language = talk.member.language
    talk.out.post(talk.address, Message("\n".join(say(each, language) for each in HELP)), "staff_reply")
