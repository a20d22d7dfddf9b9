"""What the console itself says, beside what staff and customers said: every sentence of its pages, by name."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final

from babel.dates import format_timedelta

from bot.case_card import STEPS
from bot.case_causes import CAUSE
from bot.case_words import CAUSES, ENDINGS
from bot.console.calendar_words import CALENDAR_WORDS, TEAM_WORDS
from bot.console.survey_experiment_words import EXPERIMENT_WORDS
from bot.console.survey_wording import SURVEY_WORDS
from bot.figure_words import COUNTING
from bot.passing_on import UNSORTED
from bot.phrases import babel_locale, say
from conversations.contact import Reason
from conversations.phrases import Phrase, phrase

WORDS: Final[dict[str, Phrase]] = {
    **SURVEY_WORDS,
    **EXPERIMENT_WORDS,
    **CALENDAR_WORDS,
    **TEAM_WORDS,
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
    # cases
    "cases": phrase("Cases"),
    "customers": phrase("Customers"),
    "team": phrase("Team"),
    "cases_none": phrase("No case is open. Everybody is looked after."),
    "cases_none_found": phrase("No case fits. Perhaps with fewer conditions?"),
    "search": phrase("Search"),
    "search_cases": phrase("Number, customer, or words said in the case"),
    "filter": phrase("More conditions"),
    "show": phrase("Show"),
    "show_all": phrase("Show all open ones"),
    "stage": phrase("State"),
    "stage_standing": phrase("all open ones"),
    "stage_open": phrase("not taken yet"),
    "stage_taken": phrase("in hand"),
    "stage_resolved": phrase("put right, to be asked"),
    "stage_settled": phrase("only the cause is missing"),
    "stage_closed": phrase("closed"),
    "stage_all": phrase("all, closed ones too"),
    "mine_only": phrase("Mine only"),
    "overdue_only": phrase("Overdue only"),
    "severity": phrase("Severity"),
    "severity_of": phrase("Severity {severity} of 4"),
    "weighed": phrase("Why it is weighed so"),
    "root_cause": phrase("Root cause: {cause}"),
    "severity_from": phrase("{severity} and more"),
    "any": phrase("any"),
    "outcome": phrase("Outcome"),
    "period": phrase("Opened"),
    "period_days": phrase("in the last {days} days"),
    "next_page": phrase("Older ones"),
    "opened_ago": phrase("opened {age} ago"),
    "given_to": phrase("given to {name}"),
    "due_in": phrase("{age} left"),
    "due_since": phrase("overdue for {age}"),
    # a case
    "what_now": phrase("What now?"),
    "write": phrase("Write to {customer}"),
    "write_words": phrase("Your message"),
    "write_why": phrase("It goes to the customer's chat, under your name."),
    "send": phrase("Send"),
    "add_files": phrase("Add pictures or documents"),
    "words_wanted": phrase("Your words"),
    "more_acts": phrase("Further acts"),
    "clocks": phrase("Time left"),
    "clocks_none": phrase("No clock runs."),
    "clock_met": phrase("done in time"),
    "clock_late": phrase("done late"),
    "clock_paused": phrase("stands still: we wait for the customer"),
    "owed_acknowledge": phrase("Somebody takes it"),
    "owed_first_contact": phrase("The customer hears from a person"),
    "owed_resolve": phrase("It is put right"),
    "who_has_it": phrase("Who has it, and why"),
    "why_none": phrase("It was given to nobody in particular."),
    "why_everybody": phrase("How everybody was weighed"),
    "the_team": phrase("the whole team"),
    "the_customer": phrase("the customer"),
    "steps": phrase("What was done"),
    "steps_none": phrase("Nothing was written down yet."),
    "offers": phrase("Offers"),
    "offers_none": phrase("Nothing was offered."),
    "offer_approve": phrase("Yes, give it"),
    "offer_turn_down": phrase("No"),
    "offer_withdraw": phrase("Withdraw"),
    "offer_by": phrase("by {name}"),
    "story": phrase("The whole story"),
    "file_photo": phrase("Picture"),
    "file_voice": phrase("Voice message"),
    "file_audio": phrase("Sound"),
    "file_video": phrase("Video"),
    "file_document": phrase("Document"),
    "file_gone": phrase("not kept (any more)"),
    "all_cases": phrase("All cases"),
    "telephone_of": phrase("Telephone: {phone}"),
    "told_empty": phrase("There was nothing to send."),
    "told_sent_before": phrase("That was sent already."),
    "told_no_such_act": phrase("That is not possible here."),
    # customers
    "search_customers": phrase("Name, reference or telephone"),
    "customers_none": phrase("Nobody is known yet."),
    "customers_none_found": phrase("Nobody fits. Perhaps a part of the name?"),
    "all_customers": phrase("All customers"),
    "cases_count": phrase("Cases: {count}"),
    "case_open": phrase("a case is open"),
    "wants_no_more": phrase("wants no more questions"),
    "opted_out": phrase("Wants no more questions since {day}"),
    "no_chat": phrase("no chat yet"),
    "chat_telegram": phrase("Telegram"),
    "chat_webchat": phrase("web chat"),
    "show_code": phrase("Show a QR code"),
    "good_until": phrase("Good until {when}."),
    "back_to": phrase("Back to {name}"),
    "history": phrase("History"),
    "history_none": phrase("Nothing happened yet."),
    "service_of": phrase("Service: {touchpoint}"),
    "served_by": phrase("Served by {name}"),
    "was_cancelled": phrase("It was cancelled."),
    "answered": phrase("Answered: {survey}"),
    "answered_follow_up": phrase("Answered the follow-up"),
    "offered": phrase("Offer: {what}"),
    "voucher_redeemed": phrase("Redeemed on {day}"),
    "voucher_until": phrase("Good until {day}"),
    "invited_planned": phrase("Will be asked."),
    "invited_waiting_for_link": phrase("Will be asked as soon as they open a link."),
    "invited_sent": phrase("Was asked."),
    "invited_withheld": phrase("Was not asked."),
    "invited_cancelled": phrase("Was not asked."),
    # the team
    "on_duty_count": phrase("On duty: {count} of {all}"),
    "people": phrase("People"),
    "not_bound": phrase("has not opened the invitation yet"),
    "load_of": phrase("load {load} of {limit}"),
    "per_case": phrase("{amount} a case"),
    "per_day": phrase("{amount} a day"),
    "invite": phrase("Invite somebody"),
    "rights": phrase("Rights"),
    "show_invitation": phrase("Show the invitation"),
    "import_people": phrase("Invite many at once"),
    "teams": phrase("Teams"),
    "teams_none": phrase("There are no teams: everybody works for the whole business."),
    "budget_of": phrase("{amount} a month to give"),
    "calendar": phrase("Working hours"),
    "calendars": phrase("Working hours of a week"),
    "calendars_none": phrase("There are none: clocks run in the waking hours of the settings."),
    "waking_hours": phrase("the waking hours of the settings"),
    "teams_hours": phrase("those of the team"),
    "special_days": phrase("Other days: {days}"),
    "whole_business": phrase("none: works for the whole business"),
    "skills": phrase("Knows"),
    "areas": phrase("Works where"),
    "speaks": phrase("Languages for customers"),
    "lists_how": phrase(
        "Short names parted by spaces, such as repair or zh-Hans."
        " Empty: nothing special, everywhere, the language they read."
    ),
    "load_limit": phrase("Load limit: severities of open cases, added up"),
    "per_case_in": phrase("May give in one case, in {currency}"),
    "per_day_in": phrase("May give in one day, in {currency}"),
    "limits_how": phrase("Empty: nothing without somebody else's yes."),
    "invite_again": phrase("A new invitation"),
    "remove": phrase("Remove"),
    "remove_whom": phrase("Remove {name}?"),
    "remove_means": phrase(
        "{name} is signed out at once, and reads and writes nothing here any more. What they did stays in the history."
    ),
    "remove_cases": phrase("Their open cases are given to others: {count}."),
    "remove_no_cases": phrase("They have no open case."),
    "rather_not": phrase("Rather not"),
    "invitations": phrase("Invitations"),
    "invitations_how": phrase(
        "They are shown only now. Print this page and cut it, or let each of them scan their code;"
        " who scans it binds their chat."
    ),
    "invitation_of": phrase("QR code of the invitation of {name}"),
    "import_how": phrase("Paste a table, one person a line. Nothing is done before you have seen what was read."),
    "import_read": phrase("What was read"),
    "import_says": phrase("What it says"),
    "import_table": phrase("The table"),
    "import_paste": phrase("Paste it here"),
    "import_file": phrase("Or choose a file"),
    "import_columns": phrase("The first line names the columns, of which only name is needed: {columns}"),
    "import_try": phrase("Look at it first"),
    "import_good": phrase("All of it is right. People to invite: {count}"),
    "import_go": phrase("Take them on and show the invitations"),
    "import_bad": phrase("Nothing was done. Please mend the lines above and look again."),
    "line": phrase("Line"),
    "mistakes": phrase("Mistakes"),
    "told_changed": phrase("It is changed."),
    "told_removed": phrase("They are removed. Cases given to others: {count}"),
    "told_team_made": phrase("The team is kept."),
    "told_yourself": phrase(
        "Nobody changes their own rights and limits here, or removes themselves. Please ask another admin."
    ),
    "told_name_unfit": phrase("A name has 1 to 64 characters, no comma, no slash."),
    "fault_roles": phrase("Please choose at least one right."),
    "fault_lists": phrase("Short names parted by spaces, please, without commas and slashes."),
    "fault_load_limit": phrase("The load limit is a whole number from 1 to 10,000."),
    "fault_amount": phrase("That is no amount. Write it such as 50.00"),
    "fault_other": phrase("That does not fit any more. Please open the page again."),
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
    "cause_task": phrase("Name the root cause: why did it go wrong for {customer}?"),
    "carry_out": phrase("Give {customer} what they accepted, then tap Done"),
    "other_task": phrase("Please see to {customer}"),
    "done": phrase("Done"),
    "follow_ups": phrase("Follow-ups today"),
    "follow_ups_none": phrase("No follow-up is planned for today."),
    "will_be_asked": phrase("{customer} will be asked whether it was put right"),
    "will_hear": phrase("{customer} will be told openly if it is not put right by then"),
    "approvals": phrase("Waiting for your yes"),
    "overdue_count": phrase("Overdue cases: {count}"),
    "overdue_none": phrase("Nothing is overdue."),
    "soon_count": phrase("Due in the next 24 hours: {count}"),
    "burdened": phrase("Too much, or away"),
    "too_much": phrase("too much"),
    "is_away": phrase("away"),
    "hand_on": phrase("Hand on"),
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

NOT_ASKED: Final[dict[str, Phrase]] = {
    **{reason.value: Phrase(reason.sentence) for reason in Reason},
    "service_cancelled": phrase("The service was cancelled before anybody was asked."),
    "superseded": phrase("A newer event about the same service took its place."),
    "expired": phrase("It could not be asked about within 7 days, and is not any more."),
    "newer_invitation": phrase("The customer was asked about a newer service instead."),
    "undone": phrase("The service was taken back."),
}
"""Why somebody was not asked."""

ELSEWHERE: Final[dict[str, Phrase]] = {
    "mention": phrase("Mentioned us ({source})"),
    "review": phrase("Wrote a review ({source})"),
    "note": phrase("A note of staff ({source})"),
    "message": phrase("Wrote to us ({source})"),
}

HOW: Final[dict[str, Phrase]] = {
    "done": phrase("done"),
    "not_needed": phrase("not needed"),
    "asked": phrase("put to the customer"),
    "confirmed": phrase("confirmed by the customer"),
    "corrected": phrase("corrected by the customer"),
}

FAULTS: Final[dict[str, str]] = {
    "roles": "fault_roles",
    "skills": "fault_lists",
    "areas": "fault_lists",
    "speaks": "fault_lists",
    "load_limit": "fault_load_limit",
    "per_case": "fault_amount",
    "per_day": "fault_amount",
}

TASKS: Final[dict[str, str]] = {
    "telephone": "telephone",
    "mailbox": "mailbox",
    "carry_out": "carry_out",
    CAUSE: "cause_task",
    UNSORTED: "unsorted",
}
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


def time_left(due_at: int | None, now: int, language: str) -> str:
    """Return how long it is until a clock runs out, or since it did; empty where none runs."""
    if due_at is None:
        return ""
    span = timedelta(milliseconds=abs(due_at - now))
    return words("due_in" if due_at > now else "due_since", language, age=age(span, language))


def cause(name: str, language: str) -> str:
    """Return why a case was opened."""
    return say(CAUSES[name], language)


def ending(outcome: str | None, language: str) -> str:
    """Return how a case ended, in a word or two."""
    known = ENDINGS.get(outcome or "")
    return say(known, language) if known is not None else words("stage_closed", language)


def invitation_words(state: str, reason: str | None, language: str) -> str:
    """Return what became of an invitation, with the reason why somebody was not asked."""
    known = f"invited_{state}"
    said = words(known, language) if known in WORDS else state
    why = NOT_ASKED.get(reason or "")
    return said if why is None else f"{said} {say(why, language)}"


def said_elsewhere(kind: str, language: str, *, source: str) -> str:
    """Return where something was said that did not come to us."""
    known = ELSEWHERE.get(kind, ELSEWHERE["message"])
    return say(Phrase(known.sentence, {"source": source}), language)


def faults_told(faults: Iterable[Any], language: str) -> tuple[str, ...]:
    """Return what does not fit in a form about somebody, in words that say how to mend it."""
    said = []
    for fault in faults:
        field = str(fault.pointer).partition("/")[2].partition("/")[0]
        said.append(words(FAULTS.get(field, "fault_other"), language))
    return tuple(dict.fromkeys(said))


def owed_words(owed: str, language: str) -> str:
    """Return what a clock waits for."""
    return words(f"owed_{owed}", language) if f"owed_{owed}" in WORDS else step_name(owed, language)


def step_name(step: str, language: str) -> str:
    """Return a step as a word; empty for what has a place of its own on the page."""
    known = STEPS.get(step)
    return say(known, language) if known is not None else ""


def step_how(how: str, language: str) -> str:
    """Return what became of a step."""
    return say(HOW[how], language) if how in HOW else ""


def roles(names: str, language: str) -> list[str]:
    """Return a staff member's roles as words."""
    return [say(ROLES[name], language) for name in names.split(",") if name in ROLES]
