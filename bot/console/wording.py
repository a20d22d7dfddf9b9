"""What the console itself says, beside what staff and customers said: every sentence of its pages, by name."""

from datetime import timedelta
from typing import Final

from babel.dates import format_timedelta

from bot.case_words import CAUSES
from bot.casework import UNSORTED
from bot.figure_words import COUNTING
from bot.phrases import babel_locale, say
from conversations.phrases import Phrase, phrase

WORDS: Final[dict[str, Phrase]] = {
    # the frame
    "skip": phrase("Skip to the content"),
    "pages": phrase("Pages"),
    "today": phrase("Today"),
    "own_page": phrase("Your page"),
    "console_of": phrase("Console of {business}"),
    # signing in
    "sign_in_title": phrase("Sign in to the console"),
    "sign_in_as": phrase("You are about to sign in as {name}."),
    "sign_in": phrase("Sign in"),
    "sign_in_lasts": phrase("On this device you stay signed in for 12 hours after your last visit, 7 days at most."),
    "code_how": phrase("Scan this code with the telephone on which you work, or write these figures to the bot there:"),
    "code_how_typed": phrase("Write these figures in the chat in which you work, and confirm them there:"),
    "code_open": phrase("Open the chat on this device"),
    "code_label": phrase("The code"),
    "code_lasts": phrase("Good for 2 minutes. This page goes on by itself once you have said yes in the chat."),
    "code_confirmed": phrase("Welcome, {name}! One moment."),
    "code_over": phrase("This code is over: each is good for 2 minutes, and once."),
    "code_refused": phrase("Somebody said no to this code in the chat. Nobody is signed in."),
    "code_again": phrase("Show a new code"),
    "code_or_link": phrase("You can also send /console in your own chat and open the link that comes."),
    "link_unknown_title": phrase("We do not know this link"),
    "link_unknown": phrase(
        "Perhaps a part of it got lost on the way. Send /console in your own chat to get a new one."
    ),
    "link_used_title": phrase("This link has been used"),
    "link_used": phrase("Each link signs in once. Send /console in your own chat to get a new one."),
    "link_expired_title": phrase("This link has expired"),
    "link_expired": phrase("It was good for 15 minutes. Send /console in your own chat to get a new one."),
    "open_console": phrase("Open the console"),
    "signed_out_title": phrase("You are signed out"),
    "signed_out": phrase("To come back, send /console in your own chat and open the link."),
    # today
    "waiting": phrase("Waiting for a person"),
    "waiting_count": phrase("{count} customers wait for a person."),
    "waiting_one": phrase("One customer waits for a person."),
    "waiting_none": phrase("Nobody is waiting. Everybody is looked after."),
    "waiting_more": phrase("And {count} more. /cases in your chat shows the newest."),
    "seen_at": phrase("As of {time}"),
    "case": phrase("Case {number}"),
    "urgent": phrase("Urgent"),
    "waits_since": phrase("waiting for {age}"),
    "nobody_yet": phrase("nobody yet"),
    "owner": phrase("Owner: {name}"),
    "yours": phrase("Yours"),
    "take": phrase("Take it"),
    "to_do": phrase("To do"),
    "to_do_none": phrase("Nothing to do by hand."),
    "telephone": phrase("Please telephone {customer}"),
    "no_number": phrase("no telephone number known"),
    "unsorted": phrase("{customer} wrote this, and did not say what it is about"),
    "mailbox": phrase("E-mails to {customer} are refused; please ask them for another address"),
    "other_task": phrase("Please see to {customer}"),
    "done": phrase("Done"),
    "follow_ups": phrase("Follow-ups today"),
    "follow_ups_none": phrase("No follow-up is planned for today."),
    "will_be_asked": phrase("{customer} will be asked whether it was put right"),
    "will_hear": phrase("{customer} will be told openly if it is not put right by then"),
    "nothing_for_you": phrase("Nothing here needs you at the moment."),
    # figures
    "figures": phrase("Figures"),
    "last_days": phrase("Last {days} days"),
    "figures_none": phrase("They appear here as soon as customers have been asked."),
    "still_counting": COUNTING,
    "figures_how": phrase("Each bar: where the true value most likely lies (95 %)."),
    # service done
    "served": phrase("Service done"),
    "served_why": phrase("Whom did you serve? They get a link and a code to say how it was."),
    "served_name": phrase("Name"),
    "served_item": phrase("What was done (may be left out)"),
    "served_record": phrase("Show the code"),
    "served_title": phrase("A link to hand over"),
    "served_how": phrase("Let them scan the code, or pass the link on. It works once, for 30 days."),
    "served_code": phrase("QR code of the personal link of {name}"),
    "served_earlier": phrase("{name} was recorded today at {time} already. Is it the same customer?"),
    "served_same": phrase("The same customer"),
    "served_over": phrase("Back to today"),
    "undo": phrase("Undo"),
    # what was just done
    "told_taken": phrase("It is yours. Thank you!"),
    "told_somebody_elses": phrase("{name} has it already."),
    "told_yours_already": phrase("It is yours already."),
    "told_closed": phrase("This case is closed."),
    "told_done": phrase("Done. Thank you!"),
    "told_done_before": phrase("That was done already."),
    "told_name_wanted": phrase("Please write a name."),
    "told_recorded_before": phrase("That is recorded already, and a link is shown only once."),
    "told_no_survey": phrase("No survey is published for this, so nobody would be asked. Please tell an admin."),
    "told_undone": phrase("Undone: nobody is asked, and the link opens nothing."),
    "told_same_customer": phrase("All right: it is the same customer."),
    "told_too_late": phrase("That is no longer possible: the link was opened, or it was undone before."),
    "told_language": phrase("All right, English it is."),
    "told_theme": phrase("The appearance is changed."),
    "told_ended": phrase("That session has ended."),
    # health
    "health": phrase("How makegood runs"),
    "health_good": phrase("Everything runs as it should."),
    # one's own page
    "language": phrase("Language"),
    "appearance": phrase("Appearance"),
    "theme_auto": phrase("As on this device"),
    "theme_light": phrase("Light"),
    "theme_dark": phrase("Dark"),
    "keep": phrase("Save"),
    "sessions": phrase("Where you are signed in"),
    "this_browser": phrase("This browser"),
    "other_browser": phrase("Another browser"),
    "since_until": phrase("since {since}, until {until} at the latest"),
    "end_session": phrase("Sign out there"),
    "sign_out": phrase("Sign out"),
    "sign_out_everywhere": phrase("Sign out everywhere"),
    "everywhere_why": phrase("Lost a device? This ends every session, and links that were not used yet."),
    "roles": phrase("Your rights: {roles}"),
    # when the page cannot be brought up to date
    "lost": phrase("No connection. The page is brought up to date when it is back."),
}

ROLES: Final[dict[str, Phrase]] = {
    "staff": phrase("staff member"),
    "supervisor": phrase("supervisor"),
    "manager": phrase("manager"),
    "editor": phrase("editor"),
    "admin": phrase("admin"),
}

TASKS: Final[dict[str, str]] = {"telephone": "telephone", "mailbox": "mailbox", UNSORTED: "unsorted"}
"""By the kind of a task, the sentence that says what is to be done."""

TROUBLE: Final[dict[str, tuple[Phrase, Phrase]]] = {
    "stopped": (
        phrase("{name} refuses our credentials, so nothing is sent there."),
        phrase("Check the token in the settings and run makegood check. Messages wait and are sent afterwards."),
    ),
    "refusing": (
        phrase("{name} refused several messages in a row; only one a minute is tried now."),
        phrase("Run makegood check. It goes on by itself as soon as a message is taken."),
    ),
    "stuck": (
        phrase("Messages wait unsent; the oldest for {age}."),
        phrase("See whether the network is up. They are sent by themselves as soon as it is."),
    ),
    "overdue": (
        phrase("Planned things that are overdue: {count}"),
        phrase("They are caught up by themselves. If the number does not fall, restart makegood and read its log."),
    ),
    "parked": (
        phrase("Planned things of the last 7 days that failed again and again and were set aside: {count}"),
        phrase("Customers may not have been asked. Read the log for the reason, and look after them by hand."),
    ),
    "late": (
        phrase("Planned things of the last 7 days that came too late and were left out: {count}"),
        phrase("makegood was probably off at the time. Look after these customers by hand."),
    ),
    "unknown": (
        phrase("Messages of the last 7 days that may not have arrived: {count}"),
        phrase(
            "They are not sent again by themselves, so that nobody is pestered. Open cases have a task to telephone."
        ),
    ),
    "dead": (
        phrase("Messages of the last 7 days that could not be delivered: {count}"),
        phrase("Most often the chat was blocked. Open cases have a task to telephone."),
    ),
    "buried": (
        phrase("Messages of the last 7 days that came in and could not be understood: {count}"),
        phrase("Their senders were told so. Send the log to whoever looks after makegood."),
    ),
    "notifications": (
        phrase("Notifications to other systems that nobody took: {count}"),
        phrase("See whether the receiver is up, and whether the settings name it rightly."),
    ),
    "storage": (
        phrase("Nothing can be stored at the moment."),
        phrase("Make room on the disk. makegood goes on by itself as soon as it can write."),
    ),
}
"""By the kind of trouble, what is wrong and what to do."""


def words(name: str, language: str, /, **places: str | int | Phrase) -> str:
    """Return one of the console's own sentences."""
    return say(Phrase(WORDS[name].sentence, places), language)


def age(span: timedelta, language: str) -> str:
    """Return how long something lasts, as people say it: `3 hours`, `3小时`. Less than a minute is one."""
    locale = babel_locale(language)
    said = str(format_timedelta(max(span, timedelta(minutes=1)), granularity="minute", locale=locale))
    return said.replace(" ", "") if language.startswith("zh") else said


def cause(name: str, language: str) -> str:
    """Return why a case was opened."""
    return say(CAUSES[name], language)


def roles(names: str, language: str) -> list[str]:
    """Return a staff member's roles as words."""
    return [say(ROLES[name], language) for name in names.split(",") if name in ROLES]
