"""What can become of a part that has no place here: the sentences of the report.

Each says what happened, in one clause, and why. What goes by another name in each program is named in `{what}`.
"""

from typing import Final

from conversations.importing.results import Remark
from conversations.phrases import phrase

_CHAT: Final = phrase("A chat has no place for it.")
_ONE_WAY: Final = phrase("A survey of makegood goes one way, so that every conversation ends.")
_NO_ARITHMETIC: Final = phrase("Conditions compare answers; they do not calculate.")
_OWN_WORDS: Final = phrase("makegood does this by itself, in its own words.")
_OUTSIDE: Final = phrase("A survey asks and nothing else; use makegood's web hooks and REST interface for it.")
_BOUNDS: Final = phrase("It is more than a chat message or its buttons hold.")
_MEANING: Final = phrase("The reports would count it as something that it is not.")
_CANNOT_SAY: Final = phrase("The language of conditions has no words for it.")
_UNDERSTOOD: Final = phrase("What is asked for has no kind of its own.")
_READ: Final = phrase("It is not written as this format is.")
_WHOLE: Final = phrase("One import makes one survey.")
_KEPT_AS_COMMENT: Final = phrase("What is typed beside the buttons is kept as a comment.")
_FACTS: Final = phrase("Your service events must bring it; what is not known leaves no hole.")
_NEVER: Final = phrase("Nobody can come to it.")

# --- look and media ---------------------------------------------------------------------------------------------------

STYLE: Final = Remark(phrase("Left out, the look of a page: {what}."), _CHAT)
SETTING: Final = Remark(phrase('The setting "{what}" is left out.'), _CHAT)
BUTTON_LABEL: Final = Remark(phrase("The words on the button are left out."), _OWN_WORDS)
PLACEHOLDER: Final = Remark(phrase("The hint inside the input field is left out."), _CHAT)
MEDIA: Final = Remark(
    phrase("A picture, film or sound is left out."), phrase("Surveys are text; only customers may send pictures.")
)
LINK: Final = Remark(phrase("The button to a web page became its URL in the text."), _CHAT)
REDIRECT: Final = Remark(phrase("Going on to a web page is left out."), _CHAT)
RANDOM: Final = Remark(phrase("The random order is left out; it is asked in the order of the file."), _CHAT)
HEART: Final = Remark(phrase("The hearts are taken out."), phrase("A heart on a rating pulls answers upwards."))

# --- questions --------------------------------------------------------------------------------------------------------

AS_STARS: Final = Remark(phrase("The figures became stars."), phrase("The scale has no words for its ends."))
AS_FIGURES: Final = Remark(phrase("The symbols became figures."), _CHAT)
ENDS_FILLED: Final = Remark(
    phrase("The end of the scale without words is named by its figure."), phrase("Both ends have words, or none.")
)
AS_NUMBER: Final = Remark(
    phrase("The rating from {low} to {high} became a number."),
    phrase("Ratings begin at 0 or 1 and have 3 to 11 steps."),
)
AS_RATING: Final = Remark(phrase("The effort question became a rating that counts upwards."), _MEANING)
STEPS: Final = Remark(
    phrase("The words between the ends of the scale are left out."), phrase("A rating has words for its two ends only.")
)
AS_TEXT: Final = Remark(phrase("What was of the kind {what} is asked as an open question."), _UNDERSTOOD)
AS_QUESTIONS: Final = Remark(
    phrase("The table is asked as single questions."), phrase("A chat has no room for a table.")
)
ONCE: Final = Remark(phrase("What could be filled in several times is asked once."), _ONE_WAY)
UNKNOWN_KIND: Final = Remark(phrase("The kind {what} is not known; it is asked as an open question."), _READ)
FILE: Final = Remark(phrase("The upload became an open question, which a photo or a document answers."), _UNDERSTOOD)
FILE_LIMITS: Final = Remark(phrase("The limits of type and size for files are left out."), _UNDERSTOOD)
MANY_OPTIONS: Final = Remark(
    phrase("With {count} options it became an open question; the answers are typed."),
    phrase("A question has from 2 to 20 options."),
)
NO_OPTIONS: Final = Remark(
    phrase("Without a list of options in the file, it became an open question."),
    phrase("A question has from 2 to 20 options."),
)
ONE_OPTION: Final = Remark(
    phrase("A single option became a yes-or-no question."), phrase("A question has from 2 to 20 options.")
)
CONTINUE: Final = Remark(
    phrase("The single button is left out, and what was said with it remains."),
    phrase("A question has from 2 to 20 options."),
)
LABEL: Final = Remark(
    phrase("Labels are shortened on the buttons and stand in full in the question."),
    phrase("A button holds 60 characters."),
)
LABEL_PIPED: Final = Remark(
    phrase("What was filled into a label is left out."), phrase("Labels show the same to everybody.")
)
SAME_OPTION: Final = Remark(phrase("Options with the same words became one."), _BOUNDS)
OTHER: Final = Remark(
    phrase('The field beside "Other" became a question of its own, asked after that option.'), _KEPT_AS_COMMENT
)
COMMENT: Final = Remark(phrase("The field for a comment is left out."), _KEPT_AS_COMMENT)
VALIDATION: Final = Remark(
    phrase("The check of the answer is left out ({what})."), phrase("makegood checks by kind, scale and date.")
)
LIMITS: Final = Remark(phrase("How many options may be chosen is left out."), _UNDERSTOOD)
DEFAULT: Final = Remark(
    phrase("The answer that stood there beforehand is left out."), phrase("Nothing is answered for the customer.")
)
TIME_OF_DAY: Final = Remark(phrase("Of date and time only the date is asked."), _UNDERSTOOD)
FRACTION: Final = Remark(phrase("The number is asked as a whole one."), _UNDERSTOOD)
BELOW_ZERO: Final = Remark(phrase("The number's bounds are left out."), phrase("Numbers are 0 or more."))
SEVERAL_FIELDS: Final = Remark(phrase("The fields of one question are asked one after the other."), _CHAT)
OPTIONAL_NOW: Final = Remark(phrase("When it has to be answered depended; now it may be skipped."), _CANNOT_SAY)
NO_WORDS: Final = Remark(
    phrase("The source says nothing before it waits for an answer; it is asked by its name."),
    phrase("Every question has words."),
)
HIDDEN: Final = Remark(phrase("It was never shown, and is left out."), _NEVER)
CONSENT: Final = Remark(phrase("The box to tick became a yes-or-no question."), _CHAT)
ENDING: Final = Remark(phrase("Another ending is said as a message before the thanks."), _ONE_WAY)
MESSAGE_JOINED: Final = Remark(
    phrase("Messages that follow each other became one."), phrase("A survey holds 50 questions and messages.")
)
TOO_MANY: Final = Remark(
    phrase("Left out, because it comes after the 50th question."), phrase("A survey holds 50 questions and messages.")
)
CUT: Final = Remark(phrase("The text is shortened."), _BOUNDS)

# --- texts and languages ----------------------------------------------------------------------------------------------

PIPED: Final = Remark(phrase("What was filled in for {what} became “…”."), _CANNOT_SAY)
FACT: Final = Remark(phrase("{what} is filled in from the facts."), _FACTS)
FACT_ASKED: Final = Remark(phrase("A rule depends on the fact {what}."), _FACTS)
UNTRANSLATED: Final = Remark(
    phrase("Not translated into {language}; the text of the first language stands there."),
    phrase("A survey has every text in each of its languages."),
)
LANGUAGE: Final = Remark(
    phrase('The language "{what}" is left out.'), phrase("It is no language code or name that makegood knows.")
)

# --- order and rules --------------------------------------------------------------------------------------------------

RULE: Final = Remark(phrase("A rule is left out, and the way goes on as without it: {what}."), _CANNOT_SAY)
SHOWN: Final = Remark(phrase("It is asked of everybody and may be skipped; it depended on: {what}."), _CANNOT_SAY)
RULES_TOO_MANY: Final = Remark(
    phrase("Some rules are left out, for there are too many."), phrase("A question has at most 40 branches.")
)
RULE_NEVER: Final = Remark(phrase("A rule that can never hold here is left out."), _NEVER)
ROUND: Final = Remark(phrase("The way back to an earlier question ends the survey instead."), _ONE_WAY)
RETRY: Final = Remark(phrase("The message for replies that are not understood is left out."), _OWN_WORDS)
UNREACHED: Final = Remark(phrase("Left out: no way leads there."), _NEVER)
ENTRY: Final = Remark(
    phrase("What was decided before the first question is left out; the usual way is taken."),
    phrase("A survey begins with its first question."),
)
ELSEWHERE: Final = Remark(
    phrase("It begins here: from its start nobody comes to a question."),
    phrase("A survey usually asks at least one question."),
)
CHANCE: Final = Remark(phrase("Where chance decided, everybody takes the first way."), _ONE_WAY)
TIMEOUT: Final = Remark(phrase("What follows when nobody answers is left out."), _OWN_WORDS)
OTHER_REPLY: Final = Remark(
    phrase('Any other reply is the option "{what}".'), phrase("A choice has an option for each way.")
)
REPLY_WORDS: Final = Remark(
    phrase("Replies that were found by their words became buttons."), phrase("makegood shows what can be answered.")
)
REQUIRES: Final = Remark(phrase("That a rule makes another question required is left out."), _CANNOT_SAY)

# --- what else a flow can do ------------------------------------------------------------------------------------------

CALCULATION: Final = Remark(phrase("The calculation is left out: {what}."), _NO_ARITHMETIC)
VARIABLE: Final = Remark(phrase("Setting a variable is left out: {what}."), _NO_ARITHMETIC)
QUIZ: Final = Remark(phrase("Right answers and points are left out."), _NO_ARITHMETIC)
TIMER: Final = Remark(phrase("The time limit is left out."), _ONE_WAY)
PAUSE: Final = Remark(phrase("The pause is left out."), _OWN_WORDS)
CODE: Final = Remark(phrase("Code of its own is left out."), _OUTSIDE)
WEB_HOOK: Final = Remark(phrase("The call of a web service is left out ({what})."), _OUTSIDE)
INTEGRATION: Final = Remark(phrase("The connection to another program is left out ({what})."), _OUTSIDE)
MODEL: Final = Remark(phrase("The language model is left out ({what})."), _OUTSIDE)
PAYMENT: Final = Remark(phrase("The payment is left out ({what})."), _OUTSIDE)
VOICE: Final = Remark(
    phrase("What belongs to a telephone call is left out ({what})."), phrase("makegood writes, it does not call.")
)
CONTACT_RECORD: Final = Remark(
    phrase("The change of the customer's record is left out ({what})."),
    phrase("The business's own system keeps its customers."),
)
TO_STAFF: Final = Remark(
    phrase("The message to others is left out ({what})."), phrase("makegood tells staff by its cases.")
)
SUBFLOW: Final = Remark(phrase('The flow "{what}" is not in this file, and left out.'), _WHOLE)
SUBFLOW_ROUND: Final = Remark(phrase('The flow "{what}" begins itself again, which is left out.'), _ONE_WAY)
OTHER_PART: Final = Remark(phrase("Another definition in this file is not imported; --part chooses it."), _WHOLE)
CAMPAIGN: Final = Remark(
    phrase("Triggers and campaigns are left out."), phrase("makegood asks when a service event arrives.")
)
UNKNOWN_PART: Final = Remark(phrase("{what} is not known, and left out."), _READ)
UNREADABLE: Final = Remark(phrase("Something here cannot be read, and is left out."), _READ)

# --- nothing to import ------------------------------------------------------------------------------------------------

NOTHING_ASKED: Final = Remark(
    phrase("Nothing is asked; it only says something."), phrase("A survey usually asks at least one question.")
)
NOTHING: Final = Remark(phrase("There is no survey in it."), phrase("It neither asks nor says anything."))
REFUSED: Final = Remark(phrase("The survey would not pass the check: {what}"), phrase("Mend it in the source."))
