"""Editing a survey in the chat, screen by screen."""

import pytest

from bot.editing import drafts
from bot.menus import menu
from conversations.reading import draft as read_draft
from conversations.surveys import Survey
from tests.bot.surveying.chatting import Editor


async def opened(eva: Editor) -> str:
    await eva.says("/surveys")
    return await eva.taps("After a delivery")


async def draft_of(eva: Editor, key: str = "after_delivery") -> str:
    row = await eva.world.run(lambda unit: unit.drafts.newest(1, key))
    assert row is not None
    return row.source


async def survey_of(eva: Editor, key: str = "after_delivery") -> Survey:
    survey = read_draft(await draft_of(eva, key)).survey
    assert survey is not None
    return survey


async def test_the_list_shows_what_is_asked_what_is_written_and_what_is_retired(eva: Editor):
    """Whoever opens it wants to know at a glance what customers see."""
    await eva.world.run(lambda unit: unit.surveys.retire(unit.surveys.by_key(1, "pulse").id, 1))  # type: ignore[union-attr]  # it is there
    first = await eva.says("/surveys")
    second = await eva.taps("›")

    assert "After a delivery\ndelivery · questions: 3 · version 1, asked now" in first
    assert "retired, 1 versions" in second


async def test_a_survey_is_a_tree_with_its_branches_in_words(eva: Editor):
    """`satisfaction >= 4` is for machines."""
    tree = await opened(eva)

    assert "1. Hello ‹name›! How satisfied are you with the delivery of ‹item›?" in tree
    assert "├ the answer is 4 or more → the end\n     └ the answer is 2 or less → 3" in tree
    assert "Unhappy when: satisfaction is 2 or less\nThen only question 3 is asked." in tree


async def test_looking_begins_no_draft(eva: Editor):
    """A draft that nobody wanted would stand in everybody's list."""
    await opened(eva)
    await eva.taps("1", "Branches", "‹ Question 1", "‹ The survey", "Settings", "Expiry")

    assert await eva.world.run(lambda unit: unit.drafts.open(1)) == []


async def test_a_text_is_changed_in_one_language_by_sending_it(eva: Editor):
    """The old one is there to be copied, comments of the file stay."""
    await opened(eva)
    asked = await eva.taps("3", "Words", "Question text", "English")
    shown = await eva.says("What went wrong? One word is enough.")
    source = await draft_of(eva)

    assert "Now it reads:\n\nWhat happened? A few words are enough." in asked
    assert "English: What went wrong? One word is enough." in shown
    assert 'text.en = "What went wrong? One word is enough."' in source
    assert source.startswith("# After a delivery.")
    assert "能告诉我们发生了什么吗" in source


async def test_one_end_of_a_scale_brings_the_other(eva: Editor):
    """Only one end with words is refused, and nobody would know why."""
    await opened(eva)
    await eva.taps("1", "Words", "Low end", "English")
    await eva.says("dreadful")
    source = await draft_of(eva)

    assert 'low.en = "dreadful"' in source
    assert 'high.en = "very satisfied"' in source
    assert "⚠" not in await eva.taps("‹ The survey")


async def test_a_question_moves_and_goes_and_comes_back(eva: Editor):
    """Undo is what makes one dare."""
    await opened(eva)
    moved = await eva.taps("3", "↑ Up")
    asked = await eva.taps("Remove")
    gone = await eva.taps("Yes, remove it")
    back = await eva.taps("↶ Undo")
    again = await eva.taps("↷ Redo")

    assert moved.startswith("Question 2 of 3 · what_happened")
    assert "Branches lead to it from question 1. They go as well." in asked
    assert "2. What could have gone better?" in gone
    assert "└ the answer is 4 or more → the end" in gone
    assert "2. What happened? A few words are enough." in back
    assert "what_happened" not in again


async def test_removing_a_rating_says_what_it_does_to_the_reports(eva: Editor):
    """That is known before, not found in a report a month later."""
    await opened(eva)
    asked = await eva.taps("1", "Remove")

    assert "Its score ends here: reports show it up to this moment and no further." in asked
    assert "⚠ These ask what was answered to it, and need to be changed: unhappy" in asked


async def test_options_are_sent_one_a_line_and_translated_one_by_one(eva: Editor):
    """Three languages and six options are eighteen texts: nobody looks for those that are missing."""
    await opened(eva)
    await eva.taps("2", "Options", "＋ Add")
    asked = await eva.says("- Too dear\n- No parking\n\n- Too dear")
    next_one = await eva.says("太贵")
    source = await draft_of(eva)

    assert "✓ Added: 2" in asked
    assert "4 still to translate." in asked
    assert "3 still to translate." in next_one
    assert 'key = "too_dear", label.en = "Too dear", label.zh-Hans = "太贵"' in source


async def test_an_option_that_no_button_holds_is_refused(eva: Editor):
    await opened(eva)
    await eva.taps("2", "Options", "＋ Add")
    told = await eva.says("x" * 61)

    assert "is too long: 60 characters fit." in told
    assert await eva.world.run(lambda unit: unit.drafts.open(1)) == []


async def test_a_branch_is_put_together_by_taps(eva: Editor):
    """Question, comparison, answer, and once more with and; then where it leads."""
    await opened(eva)
    await eva.taps("2", "Branches", "＋ Branch", "2. What could have gone better?", "was chosen", "It came late", "and")
    so_far = await eva.taps("1. Hello ‹name›! How satisfied are y…", "at most", "2")
    where = await eva.taps("That is all")
    kept = await eva.taps("3. What happened? A few words are en…")
    added = (await survey_of(eva)).questions[1].branches[-1]

    assert "When: went_wrong includes “It came late” and satisfaction is 2 or less" in so_far
    assert "Where to then?" in where
    assert "✓ Kept." in kept
    assert (added.when, added.to) == ('"late" in went_wrong and satisfaction <= 2', "what_happened")


async def test_or_and_and_keep_together_what_was_put_together(eva: Editor):
    """`a or b and c` would be another condition than what was tapped."""
    await opened(eva)
    await eva.taps("Settings", "Unhappy", "Choose a condition", "1. Hello ‹name›! How satisfied are y…", "at most", "1")
    await eva.taps("or", "1. Hello ‹name›! How satisfied are y…", "exactly", "2", "and")
    await eva.taps("2. What could have gone better?", "was chosen", "It was damaged", "That is all")
    unhappy = (await survey_of(eva)).unhappy

    assert unhappy == '(satisfaction <= 1 or satisfaction == 2) and "damaged" in went_wrong'


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("satisfaction ≤ 2 或 “late” in went_wrong", 'satisfaction <= 2 or "late" in went_wrong'),
        ("satisfaction = 1 AND not “other” in went_wrong", 'satisfaction == 1 and not "other" in went_wrong'),
        ("satisfaction＜3", "satisfaction<3"),
    ],
)
async def test_a_condition_is_typed_as_telephones_write_it(eva: Editor, typed: str, kept: str):
    """Their keyboards write ≤ and “ ”, and Chinese ones 或."""
    await opened(eva)
    await eva.taps("Settings", "Unhappy", "Choose a condition", "Type it")
    await eva.says(typed)

    assert (await survey_of(eva)).unhappy == kept


async def test_a_wrong_condition_is_answered_with_how_to_mend_it(eva: Editor):
    await opened(eva)
    await eva.taps("Settings", "Unhappy", "Choose a condition", "Type it")
    told = await eva.says("satisfacton <= 2")

    assert "there is no such question" in told
    assert 'Did you mean "satisfaction"?' in told
    assert "Send me the condition" in told


async def test_where_a_branch_leads_is_changed_and_it_is_removed(eva: Editor):
    await opened(eva)
    await eva.taps("1", "Branches", "1", "Where it leads")
    kept = await eva.taps("2. What could have gone better?")
    one_less = await eva.taps("2", "Remove")

    assert "├ the answer is 4 or more → 2" in kept
    assert "└ the answer is 4 or more → 2\nOtherwise question 2 follows." in one_less


@pytest.mark.parametrize(
    ("setting", "typed", "shown"),
    [
        ("Expiry", "5 days", "Expiry: 5 days"),
        ("Delay", "90 分钟", "Delay: 90 min"),
        ("Reminders", "24h, 48 h", "Reminders: 24 h, 48 h"),
        ("Share", "30 %", "Share: 30%"),
        ("Touchpoint", "Parcel Handed-over", "Touchpoint: parcel_handed_over"),
    ],
)
async def test_settings_are_typed_as_people_say_them(eva: Editor, setting: str, typed: str, shown: str):
    await opened(eva)
    await eva.taps("Settings", setting)

    assert shown in await eva.says(typed)


@pytest.mark.parametrize(
    ("setting", "typed", "told"),
    [
        ("Expiry", "a while", "Write minutes, hours or days"),
        ("Expiry", "400 d", "out of bounds"),
        ("Share", "all of them", "Write a share from 0 to 100 %"),
        ("Reminders", "100 d", "⚠"),
        ("Touchpoint", "送货", "cannot be used as a key"),
    ],
)
async def test_a_setting_that_cannot_be_is_refused_and_asked_for_again(eva: Editor, setting, typed, told):
    """Nothing is kept that would have to be mended afterwards."""
    await opened(eva)
    await eva.taps("Settings", setting)
    shown = await eva.says(typed)

    assert told in shown
    assert "Or send me another one." in shown
    assert await eva.world.run(lambda unit: unit.drafts.open(1)) == []


async def test_a_language_is_added_asked_for_and_taken_away(eva: Editor):
    await opened(eva)
    asked = await eva.taps("Languages", "＋ Language")
    first = await eva.says("pt_br")
    skipped = await eva.taps("Skip this one")
    tree = await eva.taps("Later")
    gone = await eva.taps("Languages", "pt-BR", "Remove")

    assert "[" in asked
    assert first.startswith("✓ pt-BR is one of its languages now.\n\n14 still to translate.")
    assert "13 still to translate." in skipped
    assert "⚠ Translations missing: 14." in tree
    assert "pt-BR" not in gone
    assert "pt-BR" not in await draft_of(eva)


async def test_a_language_that_makegood_does_not_speak_brings_the_ends_of_the_scale_into_the_draft(eva: Editor):
    """They were makegood's own, which the new language has not: so they are asked for like every other text."""
    await opened(eva)
    await eva.taps("Languages", "＋ Language")
    await eva.says("fr")
    asked = [await eva.taps("Skip this one") for _ in range(5)]

    assert any("the words for the low end · fr" in one and "very dissatisfied" in one for one in asked)


async def test_the_draft_is_thrown_away_after_a_second_yes_and_comes_back(eva: Editor):
    await opened(eva)
    await eva.taps("1", "Allow skipping", "‹ The survey", "More", "Throw the draft away")
    gone = await eva.taps("Yes, throw it away")
    back = await eva.taps("Bring it back")

    assert "✓ The draft is thrown away." in gone
    assert "satisfaction 1–5 · may be skipped" in back


async def test_a_blank_survey_grows_question_by_question(eva: Editor):
    await eva.says("/surveys")
    await eva.taps("＋ New survey", "Blank")
    tree = await eva.says("After a visit")
    await eva.taps("＋ Question", "recommendation, 0–10")
    rated = await eva.says("Would you recommend us?")
    await eva.taps("＋ Question after it", "several ratings on one scale")
    await eva.says("How was each of these?")
    rows = await eva.says("The staff were kind\nIt was clean")

    assert "✓ Begun. Its key is after_a_visit." in tree
    assert "No question yet. Tap ＋ Question." in tree
    assert "✓ Added as question 1. Its key is recommend." in rated
    assert "several ratings on one scale 1–5 (2)" in rows
    assert "⚠" not in await eva.taps("‹ The survey")


async def test_a_draft_that_is_no_toml_is_shown_with_its_line(eva: Editor):
    """The web lets one save it half-typed; the chat must not fall over it."""
    await opened(eva)
    await eva.taps("1", "Allow skipping")

    def broken(unit):
        row = unit.drafts.newest(1, "after_delivery")
        drafts.saved(unit, 1, "after_delivery", row.revision, "format = 1\nkey = ", "operator", "", 1)

    await eva.world.run(broken)
    await eva.says("/surveys")
    tree = await eva.taps("After a delivery")

    assert "⚠" in tree
    assert "The draft cannot be read." in tree
    assert "satisfaction" in await eva.taps("↶ Undo")


async def test_a_number_gets_its_bounds_typed(eva: Editor):
    await eva.says("/surveys")
    await eva.taps("＋ New survey", "Blank")
    await eva.says("Queue")
    await eva.taps("＋ Question", "a number")
    await eva.says("How many minutes did you wait?")
    await eva.taps("Scale")
    again = await eva.says("from 9 to 3")
    shown = await eva.says("0 – 240")

    assert "such as 1-20" in again
    assert "a number 0–240" in shown


async def test_an_experiment_is_named_where_it_cannot_be_changed(eva: Editor):
    """Whoever changes a text here must know that half of the customers read another one."""
    await opened(eva)
    await eva.taps("1", "Allow skipping")
    variant = '\n[[variant]]\nkey = "b"\nshare = 0.5\n\n[[variant.question]]\nkey = "satisfaction"\ntext.en = "Well?"\n'

    def with_variant(unit):
        row = unit.drafts.newest(1, "after_delivery")
        drafts.saved(unit, 1, "after_delivery", row.revision, row.source + variant, "operator", "", 1)

    await eva.world.run(with_variant)

    assert "Two ways of asking are tried in it" in await eva.says("/surveys after_delivery")


def test_the_menu_offers_the_surveys_to_editors_alone():
    """A command that one may not give is a closed door in one's face."""
    assert "surveys" in dict(menu("editor", "en"))
    assert "surveys" not in dict(menu("staff", "en"))
