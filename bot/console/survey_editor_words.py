"""What the survey editor says, on its page and in its scripts: every sentence by name."""

from typing import Any, Final

from bot.phrases import say
from conversations.phrases import Phrase, phrase
from conversations.questions import ENDS

KINDS: Final[dict[str, tuple[Phrase, Phrase]]] = {
    "csat": (phrase("Satisfaction"), phrase("How satisfied are you? 1 to 5, with words at both ends.")),
    "nps": (phrase("Recommendation"), phrase("Would you recommend us? Always 0 to 10.")),
    "ces": (phrase("Effort"), phrase("How easy or hard was it? 1 is very easy; the high end is the bad one.")),
    "stars": (phrase("Stars"), phrase("A rating in stars, 3 to 10 of them.")),
    "choice": (phrase("One of several"), phrase("A button for each option; one tap answers.")),
    "choices": (phrase("Some of several"), phrase("Any of the options, then Done.")),
    "yes_no": (phrase("Yes or no"), phrase("Two buttons.")),
    "text": (phrase("Own words"), phrase("A few words; a photo, a voice message or a document answers it, too.")),
    "statement": (
        phrase("Only say something"),
        phrase("A message that asks nothing; the next question follows at once."),
    ),
    "matrix": (
        phrase("Several ratings on one scale"),
        phrase("The same scale for several rows, asked one after the other."),
    ),
    "ranking": (phrase("Put in order"), phrase("Options tapped in order, the most important one first.")),
    "number": (phrase("Number"), phrase("A whole number, typed.")),
    "date": (phrase("Date"), phrase("A day, typed or tapped.")),
    "contact": (phrase("Telephone or e-mail"), phrase("How somebody may be reached; kept with the customer.")),
    "consent": (phrase("Consent"), phrase("Leave to go on; a no ends nothing by itself: branch on it.")),
}
"""The kinds in the order in which they are offered, each with what it is for."""

PAGE: Final[dict[str, Phrase]] = {
    "pane_tabs": phrase("Ways to look at the survey"),
    "tab_questions": phrase("Questions"),
    "tab_picture": phrase("As a picture"),
    "tab_text": phrase("As text"),
    "tab_phone": phrase("Try it"),
    "undo": phrase("Undo"),
    "redo": phrase("Redo"),
    "to_publishing": phrase("Publish …"),
    "to_survey": phrase("Back to the survey"),
    "survey_itself": phrase("The survey itself"),
    "questions": phrase("Questions"),
    "open_all": phrase("Open all"),
    "add_question": phrase("Add a question"),
    "no_toml": phrase("As text, this survey cannot be read at the moment. Nothing is lost: mend the line named above."),
    "show_text": phrase("Show the text"),
    "source": phrase("The survey file"),
    "source_hint": phrase(
        "Saving the text is one step of undo. Comments and the order of lines stay as you write them."
    ),
    "source_save": phrase("Save the text"),
    "source_again": phrase("Give up my changes"),
    "loading": phrase("Loading …"),
    "needs_script": phrase("The editor needs JavaScript. Without it, edit the survey as a file and import it."),
}
"""What stands on the page before its scripts have begun."""

SCRIPTS: Final[dict[str, Phrase]] = {
    # how saving stands
    "state_saved": phrase("Saved"),
    "state_saving": phrase("Saving …"),
    "state_lost": phrase("Not saved: no connection – I keep trying"),
    "state_out": phrase("Not saved: you are signed out. Sign in again in another tab; what you typed is kept here."),
    "state_refused": phrase("Not saved"),
    "not_taken": phrase("That could not be saved:"),
    "told_changed_by": phrase("{by} has just changed this survey. You see the newest."),
    "told_both_kept": phrase("{by} changed this survey at the same time: both are kept."),
    "told_torn": phrase("{by} changed the same place at the same time: choose above what shall stay."),
    "told_unreadable": phrase(
        "{by} saved a text that cannot be read as a survey. Not saved yet are your words: {typed}"
    ),
    "compare": phrase("Compare"),
    "torn_title": phrase("Changed by two at once"),
    "torn_how": phrase("Theirs stands there now. Nothing of yours is lost: choose for each place."),
    "torn_removed": phrase("(taken away)"),
    "theirs": phrase("{by} wrote"),
    "mine": phrase("You wrote"),
    "keep_theirs": phrase("Keep theirs"),
    "keep_mine": phrase("Keep mine"),
    # what is wrong
    "one_to_mend": phrase("1 thing to mend"),
    "to_mend": phrase("{count} things to mend"),
    "one_advice": phrase("1 piece of advice"),
    "advice": phrase("{count} pieces of advice"),
    "comma": phrase(", "),
    "all_well": phrase("Nothing to mend"),
    "to_mend_short": phrase("{count} to mend"),
    "advice_short": phrase("{count} × advice"),
    "line": phrase("Line {number}"),
    "takes": phrase("takes about {minutes} minutes"),
    "takes_minute": phrase("takes about 1 minute"),
    # cards
    "no_text_yet": phrase("(no text yet)"),
    "move_up": phrase("Move up: {name}"),
    "move_down": phrase("Move down: {name}"),
    "moved_to": phrase("Now question {number}."),
    "duplicate_what": phrase("Duplicate: {name}"),
    "remove_what": phrase("Remove: {name}"),
    "removed": phrase("Removed: {name}"),
    "remove": phrase("Remove"),
    "only_as_text": phrase("The file says something here that has no field. Mend it as text."),
    "undo": phrase("Undo"),
    "close": phrase("Close"),
    # fields
    "asked": phrase("What is asked"),
    "said": phrase("What is said"),
    "introduction": phrase("What is said before the rows"),
    "translations": phrase("Translations"),
    "missing_count": phrase("{count} missing"),
    "optional": phrase("May be skipped"),
    "further": phrase("Kind, key and more"),
    "kind": phrase("Kind"),
    "scale": phrase("Scale"),
    "from_to": phrase("{low} to {high}"),
    "bounds": phrase("Smallest and largest number allowed"),
    "smallest": phrase("Smallest number"),
    "largest": phrase("Largest number"),
    "low_end": phrase("Words for the low end"),
    "high_end": phrase("Words for the high end"),
    "ends_hint": phrase("Left empty, makegood says the words shown in grey."),
    "aspect": phrase("Side of the service"),
    "aspect_hint": phrase("So that reports can compare the sides: small letters, such as staff or room."),
    "key": phrase("Key"),
    "key_hint": phrase("Answers are kept under it. Small letters, figures and _; once published, it stays."),
    "key_fixed": phrase("Key: {key}. It was published, so it stays: answers are kept under it."),
    "key_taken": phrase("Another question has the key {key} already."),
    "key_unfit": phrase("A key has small letters, figures and _, begins with a letter, and is no word of conditions."),
    "options": phrase("Options"),
    "option": phrase("Option {number}"),
    "add_option": phrase("Add an option"),
    "rows": phrase("Rows"),
    "row": phrase("Row {number}"),
    "add_row": phrase("Add a row"),
    "places": phrase("How many to put in order"),
    "all_places": phrase("all"),
    "wants": phrase("What counts"),
    "phone": phrase("Telephone number"),
    "email": phrase("E-mail"),
    "sense": phrase("The day lies"),
    "any_day": phrase("before or after today"),
    "past_day": phrase("in the past"),
    "future_day": phrase("in the future"),
    "earliest": phrase("Earliest day"),
    "latest": phrase("Latest day"),
    "no_bound": phrase("no bound"),
    "today": phrase("today"),
    "a_day": phrase("a day:"),
    # what follows
    "what_follows": phrase("What follows"),
    "branch_none": phrase("Whatever is answered, the same follows. Add a branch to ask some people something else."),
    "add_branch": phrase("Add a branch"),
    "branch_number": phrase("Branch {number}"),
    "when": phrase("When"),
    "always": phrase("Always."),
    "go_to": phrase("go on with"),
    "others_go": phrase("All other answers go on with"),
    "then_go": phrase("Go on with"),
    "next_question": phrase("the next question"),
    "the_end": phrase("the end"),
    "choose_when": phrase("Say when"),
    "one_more": phrase("And also …"),
    "freely": phrase("Write it freely"),
    "by_selects": phrase("Choose it again"),
    "free_hint": phrase(
        "Comparisons with and, or, not between them: {example}",
        example='satisfaction <= 2 and customer.tier == "gold"',
    ),
    "condition_join": phrase("Both, or one of the two"),
    "condition_question": phrase("Question"),
    "condition_op": phrase("Comparison"),
    "condition_answer": phrase("Answer"),
    "and": phrase("and"),
    "or": phrase("or"),
    "at_most": phrase("is at most"),
    "at_least": phrase("is at least"),
    "is": phrase("is"),
    "is_not": phrase("is not"),
    "below": phrase("is below"),
    "above": phrase("is above"),
    "includes": phrase("includes"),
    "includes_not": phrase("does not include"),
    "before_day": phrase("is before"),
    "until_day": phrase("is on or before"),
    "from_day": phrase("is on or after"),
    "after_day": phrase("is after"),
    "yes": phrase("yes"),
    "no": phrase("no"),
    # the survey itself
    "own_title": phrase("Title"),
    "title": phrase("Title"),
    "title_hint": phrase("For your staff; customers do not see it."),
    "own_unhappy": phrase("When somebody is unhappy"),
    "unhappy": phrase("Somebody is unhappy when"),
    "unhappy_hint": phrase(
        "As soon as it holds, the apology is sent and a case is opened. Left empty, the survey only measures."
    ),
    "explain": phrase("Then ask"),
    "explain_own": phrase("a sentence of makegood's own"),
    "explain_hint": phrase("The one question that remains for the unhappy; it asks for own words."),
    "apology": phrase("Apology"),
    "apology_hint": phrase("Sent at once, in your own words. Without it, makegood says a kind one."),
    "own_thanks": phrase("At the end"),
    "thanks": phrase("Thanks"),
    "thanks_hint": phrase("Without it, makegood thanks in words of its own."),
    # as text
    "source_saved": phrase("The text is saved."),
    "source_no_toml": phrase(
        "The text is saved, and nothing of it is lost. It is no survey file yet: see the line named below."
    ),
    "source_behind": phrase("{by} saved something else meanwhile. Yours is not saved yet: compare both."),
}


def said(name: str, language: str) -> str:
    """Return a sentence of the page."""
    return say(PAGE[name], language)


def page_words(language: str) -> dict[str, Any]:
    """Return what the scripts of the page say. Places stand in braces, to be filled there."""
    return {
        **{name: say(each, language) for name, each in SCRIPTS.items()},
        "kinds": [[kind, say(name, language), say(about, language)] for kind, (name, about) in KINDS.items()],
        "ends": ENDS,
    }
