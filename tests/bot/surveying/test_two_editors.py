"""Two editors at one survey, and one editor in two places: nothing is lost, and nobody is surprised."""

from bot.editing import drafts
from conversations.reading import draft as read_draft
from conversations.surveys import Survey
from tests.bot.surveying.chatting import Editor


async def opened(editor: Editor) -> None:
    await editor.says("/surveys after_delivery")


async def survey_of(editor: Editor) -> Survey:
    row = await editor.world.run(lambda unit: unit.drafts.newest(1, "after_delivery"))
    assert row is not None
    survey = read_draft(row.source).survey
    assert survey is not None
    return survey


async def both(eva: Editor) -> Editor:
    """Both look at the same question; Finn is quicker."""
    finn = await Editor.hired(eva.world, "Finn", "71")
    await opened(eva)
    await eva.taps("3", "Words", "Question text", "English")
    await opened(finn)
    await finn.taps("1", "Allow skipping")
    return finn


async def test_who_comes_late_sees_what_the_other_did_and_puts_theirs_on_top(eva: Editor):
    """What Eva typed is kept, so that she types it once."""
    await both(eva)
    told = await eva.says("What went wrong?")
    kept = await eva.taps("Put mine on top")
    survey = await survey_of(eva)

    assert "⚠ Finn changed this survey while you were at it." in told
    assert "satisfaction: May be skipped from now on" in told
    assert "Yours is kept here: Question 3: the question in en" in told
    assert "✓ Yours stands on top of theirs." in kept
    assert survey.question("what_happened").text["en"] == "What went wrong?"
    assert survey.question("satisfaction").optional


async def test_leaving_ones_own_leaves_the_others(eva: Editor):
    await both(eva)
    await eva.says("What went wrong?")
    tree = await eva.taps("Leave mine")

    assert "3. What happened? A few words are enough." in tree
    assert (await survey_of(eva)).question("satisfaction").optional


async def test_what_the_other_took_away_cannot_be_changed(eva: Editor):
    finn = await both(eva)
    await finn.taps("‹ The survey", "3", "Remove", "Yes, remove it")
    await eva.says("What went wrong?")
    tree = await eva.taps("Put mine on top")

    assert "That does not fit any more" in tree
    assert "What went wrong?" not in tree


async def test_nobody_publishes_what_they_have_not_seen(eva: Editor):
    """Between the summary and the tap somebody else saved: the summary is shown anew."""
    finn = await Editor.hired(eva.world, "Finn", "71")
    await opened(eva)
    await eva.taps("1", "Allow skipping", "‹ The survey", "Publish")
    await opened(finn)
    await finn.taps("2", "Must be answered")
    told = await eva.taps("Publish now")
    published = await eva.world.run(lambda unit: unit.surveys.by_key(1, "after_delivery"))

    assert "⚠ The draft was changed since you looked at it." in told
    assert "went_wrong: Must be answered now" in told
    assert published is not None
    assert published.number == 1
    assert "✓ Version 2 is asked from now on." in await eva.taps("Publish now")


async def test_undo_takes_back_only_what_was_seen(eva: Editor):
    finn = await Editor.hired(eva.world, "Finn", "71")
    await opened(eva)
    await eva.taps("1", "Allow skipping", "‹ The survey")
    await opened(finn)
    await finn.taps("2", "Must be answered")
    told = await eva.taps("↶ Undo")

    assert "⚠ The draft was changed since you looked at it." in told
    assert (await survey_of(eva)).question("satisfaction").optional


async def test_a_draft_begun_meanwhile_is_no_surprise_either(eva: Editor):
    """Eva looked at what is published; Finn began a draft of it and changed that."""
    finn = await Editor.hired(eva.world, "Finn", "71")
    await opened(eva)
    await eva.taps("1")
    await opened(finn)
    await finn.taps("2", "Must be answered")
    told = await eva.taps("Allow skipping")

    assert "⚠ Finn changed this survey while you were at it." in told
    assert (await survey_of(eva)).question("satisfaction").optional is False


async def test_a_change_from_the_web_counts_as_anybodys(eva: Editor):
    await opened(eva)
    await eva.taps("3", "Words", "Question text", "English")

    def on_the_web(unit):
        row = drafts.opened(unit, 1, "after_delivery", "operator", 1).row
        source = row.source.replace("What could have gone better?", "What else?")
        drafts.saved(unit, 1, "after_delivery", row.revision, source, "operator", "", 1)

    await eva.world.run(on_the_web)
    told = await eva.says("What went wrong?")

    assert "⚠ The operator changed this survey while you were at it." in told
    assert "What could have gone better? → What else?" in told


async def test_whoever_has_the_editor_open_in_a_browser_hears_of_it(eva: Editor):
    """The page asks for the newest once it is told that surveys changed."""
    heard: list[frozenset[str]] = []
    eva.world.turns.after_each(lambda done: heard.append(done.touched))
    await opened(eva)
    await eva.taps("1", "Allow skipping")

    assert "surveys" in heard[-1]
