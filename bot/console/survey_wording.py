"""What the console's pages about surveys say themselves, by name."""

from typing import Final

from conversations.phrases import Phrase, phrase

SURVEY_WORDS: Final[dict[str, Phrase]] = {
    # the pages about surveys
    "surveys": phrase("Surveys"),
    "surveys_how": phrase("What customers are asked, at which moment, and in which words."),
    "surveys_none": phrase("There is no survey yet. Begin a new one, or bring one from elsewhere."),
    "surveys_published": phrase("Customers are asked with"),
    "surveys_draft": phrase("Being written"),
    "surveys_retired": phrase("Retired"),
    "survey_new": phrase("New survey"),
    "survey_name": phrase("Name"),
    "survey_copy": phrase("Begin with"),
    "survey_blank": phrase("One question, to be changed"),
    "touchpoint": phrase("Touchpoint"),
    "touchpoint_how": phrase(
        "The kind of moment it is about, as your service events name it: delivery, repair, check_out. Empty: like"
        " the key."
    ),
    "touchpoint_covered": phrase("asked about already"),
    "survey_languages": phrase("Languages"),
    "more_languages": phrase("Further languages, as tags"),
    "survey_key": phrase("Key"),
    "survey_key_made": phrase("made from the name"),
    "survey_key_how": phrase(
        "The key never changes: reports find the answers by it. A copy speaks the languages of its original."
    ),
    "survey_begin": phrase("Begin"),
    "survey_bring": phrase("Bring one from elsewhere"),
    "survey_pages": phrase("Pages of this survey"),
    "survey_stands": phrase("How it stands"),
    "edit": phrase("Edit"),
    "translations": phrase("Translations"),
    "survey_settings": phrase("Settings"),
    "draft_mark": phrase("draft"),
    "at_touchpoint": phrase("touchpoint {touchpoint}"),
    "questions": phrase("Questions"),
    "questions_count": phrase("questions: {count}"),
    "missing_count": phrase("{count} missing"),
    "responses_30": phrase("Responses in 30 days: {count}"),
    "uncovered": phrase("Nobody is asked about these"),
    "uncovered_how": phrase("Touchpoints for which no survey is published."),
    "somebody": phrase("somebody"),
    "before": phrase("Before"),
    "after": phrase("After"),
    "must_mend": phrase("To be mended:"),
    "advice": phrase("Advice:"),
    "to_its_place": phrase("Show its place"),
    "in_line": phrase("(line {line})"),
    "changed_count": phrase("Changes: {count}"),
    # one survey
    "asked_with": phrase("Customers are asked with version {number}"),
    "asked_no_more": phrase("Retired: nobody is asked with it"),
    "never_asked": phrase("Never published yet"),
    "changed_meanwhile": phrase("What was changed meanwhile"),
    "draft": phrase("Draft"),
    "the_draft": phrase("the draft"),
    "draft_none": phrase(
        "No draft is being written. Editing begins one from the newest version; customers are asked as before "
        "until you publish it."
    ),
    "draft_changes": phrase("What publishing changes"),
    "draft_first": phrase("This would be the first version."),
    "draft_unread": phrase("The draft cannot be read as a survey at the moment, so nothing can be compared."),
    "draft_same": phrase("Nothing: the draft says the same as what is published."),
    "draft_breaks": phrase(
        "Places where before and after cannot be compared: {count}. Answers given so far stay as they are; "
        "publishing is possible all the same."
    ),
    "draft_behind": phrase(
        "Version {number} was published after this draft was begun. Publishing the draft takes its place."
    ),
    "compare_draft": phrase("See what differs"),
    "draft_problems": phrase("What is wrong, and what would serve better"),
    "draft_replaces": phrase(
        "At the touchpoint {touchpoint} customers are asked with “{title}” now; once this is published they are "
        "asked with this one instead."
    ),
    "draft_refused": phrase("First mend what is marked above."),
    "publish": phrase("Publish"),
    "publish_means": phrase(
        "Conversations under way go on with the version they began with. You can go back to any earlier version "
        "at any time."
    ),
    "export": phrase("Export"),
    "throw_away": phrase("Throw the draft away …"),
    "throw_away_means": phrase(
        "The draft ends without being published; customers are asked as before. You can bring it back afterwards."
    ),
    "throw_away_yes": phrase("Throw it away"),
    "thrown": phrase("A draft was thrown away (as of {when})."),
    "bring_back": phrase("Bring it back"),
    "translate_missing": phrase("Write what is missing"),
    "versions": phrase("Versions"),
    "versions_how": phrase("A version never changes. Going back publishes the earlier one anew, under a new number."),
    "version_number": phrase("Version {number}"),
    "asked_now": phrase("asked with now"),
    "until_day": phrase("until {day}"),
    "first_version": phrase("The first version."),
    "differs_none": phrase("Nothing differs."),
    "going_back_changes": phrase("Going back to {number} would change: {count}"),
    "same_as_now": phrase("Says the same as what is asked with now."),
    "roll_back_to": phrase("Roll back to {number}"),
    "ask_again_with": phrase("Ask with {number} again"),
    "older_versions": phrase("Show {count} older ones"),
    "compare_two": phrase("Compare two of them"),
    "compare": phrase("Compare"),
    "compared": phrase("From {before} to {after}"),
    "retire": phrase("Retire"),
    "retire_means": phrase(
        "Nobody is asked with this survey any more. Conversations under way go on to their end, answers and "
        "versions stay, and you can ask with it again at any time."
    ),
    "needed_means": phrase(
        "makegood itself asks with this survey when it comes back to an unhappy customer, so it cannot be "
        "retired. You can change its words."
    ),
    "take_back": phrase("Take that back"),
    # what was just done
    "told_begun_before": phrase("That survey was begun already; it stands in the list."),
    "told_published": phrase("Version {number} is published: customers are asked with it from now on."),
    "told_rolled_back": phrase("Customers are asked with what version {number} said, from now on as version {now}."),
    "told_same_version": phrase("Nothing changed: version {number} says the same."),
    "told_retired": phrase("It is retired: nobody is asked with it any more."),
    "told_thrown": phrase("The draft is thrown away."),
    "told_back": phrase("The draft is back, with all its steps."),
    "told_not_back": phrase("There is nothing to bring back; perhaps somebody began another draft."),
    "told_changed_meanwhile": phrase("Somebody changed it while you looked, so nothing was done. Please look again."),
    "told_needed": phrase("makegood asks with this survey itself; it cannot be retired."),
    "told_refused": phrase("It was not published: {wrong}"),
    "told_no_version": phrase("There is no such version."),
    "told_done_already": phrase("That was done already."),
    "told_no_file": phrase("Please choose a file."),
    "told_bring_again": phrase("The file is not kept any more. Please choose it again."),
    "told_brought": phrase("The draft {key} is begun with it."),
    "told_brought_meanwhile": phrase("A draft of this survey was begun or changed meanwhile. Please look again."),
    # bringing one from elsewhere
    "bring_how": phrase(
        "A file of makegood, or a definition from Formbricks, Typebot, SurveyJS, RapidPro (and goflow) or "
        "XLSForm. You see what becomes of it before anything is kept."
    ),
    "bring_file": phrase("The file"),
    "bring_another": phrase("Another file"),
    "bring_choose": phrase("Choose a file"),
    "bring_from": phrase("It comes from"),
    "bring_recognise": phrase("find out"),
    "bring_bound": phrase("At most 8 MB: TOML, JSON, XLSX, CSV. Pictures and answers are not needed."),
    "bring_look": phrase("Look at it first"),
    "bring_read": phrase("What {file} becomes"),
    "bring_exact": phrase("It becomes a survey exactly as it is there."),
    "bring_changes": phrase("It becomes a survey, with the changes named below."),
    "bring_cannot": phrase("It cannot become a survey."),
    "bring_own": phrase("It is a survey of makegood and is taken as it is."),
    "bring_own_wrong": phrase("It is a survey of makegood with something to be mended; you can do that in the editor."),
    "bring_part": phrase("The file holds several; which one?"),
    "bring_this_part": phrase("Look at this one"),
    "bring_otherwise": phrase("What is not as it was"),
    "bring_cannot_why": phrase("Why not"),
    "bring_assumed": phrase("What was not said there; please look at it"),
    "bring_problems": phrase("What is to be mended or would serve better"),
    "and_more": phrase("and {count} more"),
    "bring_standing": phrase(
        "A draft of {key} is being written already, last by {name}, {at}. Do you want this to take its place?"
    ),
    "bring_published": phrase(
        "There is a survey {key} already, with version {number}. This would be the draft of its next version."
    ),
    "bring_differs": phrase("What would change"),
    "bring_begin": phrase("Begin the draft"),
    "bring_replace": phrase("Let it take the draft's place"),
    "bring_beside": phrase("Keep it under a key of its own"),
    "bring_undo": phrase("The draft as it was can be brought back with Undo in the editor."),
    # settings
    "settings_how": phrase("What holds for the whole survey. Nothing changes for customers until you publish."),
    "settings_asked": phrase("When and whom it asks"),
    "settings_unhappy": phrase("When somebody is unhappy"),
    "settings_words": phrase("Its words"),
    "settings_torn": phrase(
        "Somebody else changed the same meanwhile; nothing was saved. What you typed still stands here: save "
        "again to keep it, or change it."
    ),
    "settings_faults": phrase("Nothing was saved yet: please mend what is marked below."),
    "changed_to_meanwhile": phrase("Somebody else wrote meanwhile: {value}"),
    "draft_no_toml": phrase("The draft cannot be read at the moment. Please mend its text first."),
    "unit": phrase("unit"),
    "set_delay": phrase("After the service it asks in"),
    "set_delay_how": phrase("0 minutes: at once. Quiet hours are kept all the same."),
    "set_expires": phrase("It waits for an answer"),
    "set_expires_how": phrase("What came until then counts."),
    "set_remind": phrase("Reminders after silence"),
    "set_remind_nth": phrase("Reminder {number}"),
    "set_remind_how": phrase(
        "Counted from the question; empty fields remind nobody. One reminder brings the most; a third annoys."
    ),
    "set_share": phrase("Customers who are asked"),
    "set_share_how": phrase("100 % asks everybody, 50 % every second one, by chance."),
    "set_consent": phrase("Consent to keeping the answers"),
    "set_consent_line": phrase("A line below the first question"),
    "set_consent_step": phrase("A question of its own before the first"),
    "set_anonymous": phrase("Anonymous"),
    "set_anonymous_how": phrase(
        "Nothing leads from a response back to its customer: nobody can find out who said what. So an unhappy "
        "answer opens no case and gets no follow-up, unless the customer says yes when asked whether one person "
        "may contact them. Few responses in a day may still let you guess."
    ),
    "set_unhappy": phrase("Which answers count as unhappy"),
    "set_unhappy_picked": phrase("Pick them"),
    "set_unhappy_nth": phrase("Comparison {number}"),
    "set_unhappy_join": phrase("Of several"),
    "set_join_or": phrase("one is enough"),
    "set_join_and": phrase("all must hold"),
    "set_unhappy_typed": phrase("Type a condition"),
    "set_unhappy_how": phrase(
        "They open a case, so that a person puts it right. Nothing picked: the survey only measures."
    ),
    "set_explain": phrase("What is still asked then"),
    "set_explain_own": phrase("makegood's own sentence: What happened?"),
    "set_explain_how": phrase("An open question of this survey takes the place of all that would follow."),
    "set_follow_up": phrase("We ask whether it was put right after"),
    "set_follow_up_how": phrase("Counted from the unhappy answer."),
    "set_title": phrase("Title"),
    "set_title_how": phrase("For your staff and the reports; customers never see it."),
    "set_thanks": phrase("Thanks"),
    "set_thanks_how": phrase("Said at the end. Empty: makegood thanks in its own words."),
    "set_apology": phrase("Apology"),
    "set_apology_how": phrase("Said at once after an unhappy answer. Empty: makegood apologises in its own words."),
    "set_offered": phrase("Sentences that makegood ships"),
    "set_take": phrase("Take this one"),
    "state_saved": phrase("Saved"),
    "state_saving": phrase("Saving …"),
    "state_lost": phrase("No connection. What you typed is kept here and saved as soon as it is back."),
    "state_out": phrase("You are signed out. Sign in again in another tab; what you typed is kept here."),
    "state_refused": phrase("This could not be saved. Please reload the page."),
    "state_changed": phrase("Somebody else changed the draft. Reload the page to see it."),
    "told_kept": phrase("It is saved in the draft."),
    "told_nothing_new": phrase("Nothing was different, so nothing was saved."),
    "told_not_kept": phrase("It was not saved. {why}"),
    # translations
    "translations_how": phrase("The original is {language}. Nothing changes for customers until you publish."),
    "all_languages": phrase("All"),
    "only_missing": phrase("Only what is missing"),
    "next_missing": phrase("Next missing (Alt + ↓)"),
    "is_missing": phrase("missing"),
    "lost_variables": phrase("The original also mentions: {names}"),
    "one_language": phrase("The survey speaks {language} only. Add another language below."),
    "nothing_missing": phrase("Nothing is missing."),
    "hidden_lines": phrase("Texts not shown, because they are complete: {count}"),
    "default_language": phrase("{language} is the default: customers whose language is not among them read it."),
    "add_language": phrase("Add a language, as a tag"),
    "add": phrase("Add"),
    "remove_language": phrase("Remove {language} …"),
    "remove_language_means": phrase(
        "{count} texts in {language} leave the draft with it. Undo in the editor brings them back."
    ),
    "for_translators": phrase("For a translator"),
    "for_translators_how": phrase(
        "A table (CSV) with one line for each text and one column for each language. Let the first column as it "
        "is, and do not touch what stands in braces."
    ),
    "table_export": phrase("Take the table along"),
    "table_choose": phrase("A table that came back"),
    "table_read": phrase("What was read"),
    "table_changes": phrase("Texts that change: {count}. As before: {same}."),
    "table_stale": phrase(
        "The original was changed since the table was made. Please look whether the translation still fits."
    ),
    "table_keep": phrase("Keep these"),
    "table_nothing": phrase("The table says nothing that is not in the draft already."),
    "told_torn": phrase("Somebody else wrote meanwhile: “{theirs}”. Yours was not saved: “{yours}”"),
    "told_no_tag": phrase("That is no language tag. Write tags such as en, zh-Hans, pt-BR."),
    "told_language_added": phrase(
        "The survey speaks {language} from now on, once it is published. What is missing is marked."
    ),
    "told_language_removed": phrase("{language} is removed from the draft."),
    "told_no_utf8": phrase("The file is not in UTF-8; save it as CSV in UTF-8."),
    "told_texts_kept": phrase("Texts saved in the draft: {count}"),
    "is_so": phrase("yes"),
    "is_not_so": phrase("no"),
    "surveys_thrown": phrase("Thrown away before they were published"),
}
