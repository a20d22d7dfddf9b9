"""What the pages of working calendars and of teams say themselves, by name."""

from typing import Final

from conversations.phrases import Phrase, phrase

CALENDAR_WORDS: Final[dict[str, Phrase]] = {
    "calendar_of": phrase("Working calendar: {name}"),
    "make_calendar": phrase("Make a working calendar"),
    "calendar_how": phrase(
        "When people work, with their breaks and days off. Clocks of cases run only in these hours."
    ),
    "next_days": phrase("The next two weeks"),
    "not_kept_yet": phrase("This is what you typed. It is not saved yet."),
    "at_zone": phrase("Times are those of {zone}."),
    "week_has": phrase("Hours in an ordinary week: {hours}"),
    "closed_day": phrase("day off"),
    "whole_day": phrase("the whole day"),
    "stretch": phrase("{opens}–{closes}"),
    "until_next_day": phrase("{opens}–{closes} the next day"),
    "why_special": phrase("special day"),
    "why_holiday": phrase("holiday"),
    "works_now": phrase("Now is working time."),
    "works_from": phrase("Now is no working time; the next begins {when}."),
    "never_works": phrase("No working time is ahead."),
    "who_works_by_it": phrase("Who works by it"),
    "who_works_by_it_none": phrase("Nobody yet. Choose it at a person or a team."),
    "who_works_by_it_how": phrase("Choose it at a person or a team. A team's hours are those of its people, too."),
    "team_of": phrase("Team {name}"),
    "name_and_zone": phrase("Name and time zone"),
    "calendar_key": phrase("Name: small letters, figures, - and _"),
    "calendar_zone": phrase("Time zone, such as Europe/Berlin"),
    "usual_week": phrase("An ordinary week"),
    "usual_week_how": phrase(
        "Write 09:00-12:30, 13:30-18:00 for a day with a break, 22:00-06:00 across midnight, 24h for the whole day."
        " Empty is closed."
    ),
    "as_monday_workdays": phrase("Tuesday to Friday as on Monday"),
    "as_monday_week": phrase("All days as on Monday"),
    "other_days": phrase("Days that are otherwise"),
    "other_days_how": phrase("One day, or from a day to a day. Without hours it is closed; empty lines do not count."),
    "day_first": phrase("Day, or the first one"),
    "day_last": phrase("To the last one"),
    "day_hours": phrase("Hours; empty is closed"),
    "past_days": phrase("Lines that are over: {count}"),
    "line_number": phrase("Line {number}"),
    "more_lines": phrase("More lines"),
    "too_many_days": phrase(
        "These are more other days than fit on a page. Change them at the command line: makegood calendar set"
    ),
    "public_holidays": phrase("Public holidays"),
    "public_holidays_how": phrase(
        "They are written into the lines above, to be looked at before you save. Laws change: fill them in anew each"
        " year."
    ),
    "holidays_country": phrase("Country, or a part of it: DE, DE-BY, CN"),
    "holidays_years": phrase("Years: 2026, or 2026-2027; empty: this and the next"),
    "fill_holidays": phrase("Fill in the public holidays"),
    "look_first": phrase("Show the next days"),
    "keep_calendar": phrase("Save; it holds from now on"),
    "told_calendar_kept": phrase("It holds from now on. The clocks of open cases go on by it."),
    "told_calendar_removed": phrase("The working calendar is removed."),
    "form_faults": phrase("Nothing was saved. Please mend what is marked below."),
    "calendar_overtaken": phrase(
        "Somebody else saved this calendar meanwhile: above stands what holds now, below what you typed. Save again if"
        " yours is to hold."
    ),
    "calendar_key_unfit": phrase(
        "Write a name of 1 to 64 small letters, figures, - and _, such as shop or early-shift."
    ),
    "calendar_key_taken": phrase("There is a working calendar of that name. Choose another name."),
    "calendar_remove": phrase("Remove the working calendar {name}?"),
    "calendar_remove_unused": phrase("Nobody works by it. Clocks that ran by it keep the time that was counted."),
    "calendar_remove_used": phrase("These work by it. Say by which hours they work from then on:"),
    "calendar_remove_wanting": phrase("Nothing was removed: somebody works by it. Choose their hours first."),
    "work_from_then": phrase("From then on they work by"),
    "please_choose": phrase("Please choose"),
    "no_calendar": phrase("none: people by their team's hours, teams by the waking hours of the settings"),
    "move_and_remove": phrase("Move them and remove"),
}

TEAM_WORDS: Final[dict[str, Phrase]] = {
    "add_team": phrase("Make a team"),
    "team_how": phrase("Those who work together: they have hours, a budget, and cases that other teams do not see."),
    "team_name": phrase("Name of the team"),
    "team_people": phrase("Who is in it"),
    "team_people_none": phrase("Nobody yet."),
    "team_comes": phrase("Take somebody into the team"),
    "team_add": phrase("Take in"),
    "team_leaves": phrase("Take out"),
    "team_cases": phrase("Open cases of the team: {count}"),
    "team_months": phrase("May give in one month, in {currency}"),
    "team_months_how": phrase("Empty: they spend from the budget of the whole business."),
    "team_upto": phrase("Above this a manager must say yes, in {currency}"),
    "team_two": phrase("Above this two people must say yes, in {currency}"),
    "team_limits_how": phrase("Empty: as in the settings."),
    "team_no_money": phrase("No money is given: the settings name no currency (business.currency)."),
    "team_name_taken": phrase("There is a team of that name. Choose another name, or change that team."),
    "team_name_was": phrase("A team of that name was removed, and its past stands under it. Choose another name."),
    "team_calendar_gone": phrase("That working calendar is not there any more. Choose another one."),
    "told_team_changed": phrase("The team is changed."),
    "told_team_removed": phrase("The team is removed. Its people work for the whole business."),
    "team_remove": phrase("Remove the team {name}?"),
    "team_remove_people": phrase("These work for the whole business from then on, and see its cases:"),
    "team_remove_nobody": phrase("Nobody is in it."),
    "team_remove_hours": phrase("Whoever has no hours of their own works by the waking hours of the settings."),
    "team_remove_cases": phrase("Its open cases stay with whoever has them, and everybody sees them: {count}."),
    "team_remove_no_cases": phrase("It has no open case."),
    "team_remove_past": phrase(
        "What was given stays in the books and the figures. If you make a team of this name again, it is the same one."
    ),
}
