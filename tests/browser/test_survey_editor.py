"""The survey editor in a real Chromium: a survey's whole life, two editors, a lost connection, the keyboard alone."""

from typing import Any

import pytest
import pytest_asyncio

from bot import tallying
from bot.editing import drafts
from tests.bot.console.office import Office, opened
from tests.browser.test_console import DESK, JUMPS, SMALL, TELEPHONE, TOO_SMALL, UNNAMED, fits, signed_in
from tests.browser.test_webchat import CONTRAST

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

DELIVERY = "/console/surveys/after_delivery/edit"
TEXT = "#question-0-text-en"
LATE = ("409",)
AWAY = ("409", "ERR_INTERNET_DISCONNECTED")
KEPT_NOWHERE = "() => !Object.keys(sessionStorage).some((key) => key.startsWith('survey-unsaved:'))"


@pytest_asyncio.fixture(loop_scope="module")
async def office(tmp_path):
    async with opened(tmp_path, start_survey="corner_visit") as office:
        await tallying.prepare(office.world.database, office.world.house)
        yield office


async def edited(page: Any, office: Office, path: str = DELIVERY) -> None:
    """The editor with its draft, every card open."""
    await page.goto(office.base + path)
    await saved(page)
    await page.locator("#open-all").click()


async def saved(page: Any) -> None:
    """Wait until everything typed is on the server."""
    await page.locator("#state", has_text="Saved").wait_for()
    await page.wait_for_function(KEPT_NOWHERE)


async def reads(page: Any, field: str, text: str) -> None:
    """Wait until a field says that."""
    await page.wait_for_function("([field, text]) => document.querySelector(field).value === text", arg=[field, text])


async def source(office: Office, key: str = "after_delivery") -> str:
    return await office.world.run(lambda unit: drafts.at_hand(unit, 1, key).source)


async def titles(page: Any) -> list[str]:
    return [await each.inner_text() for each in await page.locator(".card-title").all()]


# --- the whole life -------------------------------------------------------------------------------------------------


async def test_the_whole_life_of_a_survey_in_the_browser_alone(browser, office):
    """Begun, written in three languages, branched, tried with a day passing, mended, published, asked, changed while a
    customer answers, gone back to, put aside."""
    async with signed_in(browser, office) as page:
        await begin(page, office)
        await write(page)
        await branch(page)
        await try_it(page)
        await mend(page)
        await publish(page, "Version 1 is published")

        await office.world.receive(office.world.wrote("7", "/start"))
        assert "How was your visit?" in (await office.world.texts("7"))[-1]

        await page.goto(f"{office.base}/console/surveys/corner_visit/edit")
        await saved(page)
        await page.locator("#card-satisfaction").click()
        await page.locator(TEXT).fill("How did you like it here?")
        await saved(page)
        await publish(page, "Version 2 is published")
        await office.world.receive(office.world.wrote("7", "2"))
        await office.world.receive(office.world.wrote("8", "/start"))
        assert "What happened?" in (await office.world.texts("7"))[-1]
        assert "How did you like it here?" in (await office.world.texts("8"))[-1]
        assert await versions(office, "7") == [1]
        assert await versions(office, "8") == [2]

        await page.locator("#version-1").get_by_role("button").click()
        await page.get_by_text("as version 3").wait_for()
        await page.locator("#versions details", has_text="Retire").last.locator("summary").click()
        await page.get_by_role("button", name="Retire").click()
        await page.get_by_text("It is retired").wait_for()
        assert (
            await office.rows("SELECT number FROM survey_version WHERE key = 'corner_visit' AND retired_at IS NULL")
            == []
        )


async def begin(page: Any, office: Office) -> None:
    await page.goto(f"{office.base}/console/surveys")
    await page.locator("#new > summary").click()
    await page.get_by_label("Name").fill("Corner visit")
    await page.get_by_label("Touchpoint").fill("corner")
    for tag in ("en", "zh-Hans", "zh-Hant"):
        await page.locator(f"input[name='speaks_{tag}']").check()
    await page.get_by_role("button", name="Begin").click()
    await page.locator("#cards .question-card").first.wait_for()
    assert page.url.endswith("/console/surveys/corner_visit/edit")


async def write(page: Any) -> None:
    """A rating and what happened, each in three languages."""
    await page.locator("#card-satisfaction").click()
    await say(page, 0, "How was your visit?", "您对这次到店满意吗？", "您對這次到店滿意嗎？")
    await page.locator("#kinds > summary").click()
    await page.get_by_role("button", name="Own words").click()
    await say(page, 1, "What happened?", "发生了什么？", "發生了什麼？")
    await page.locator("#card-satisfaction").focus()
    await page.locator("#own-unhappy > summary").click()
    await page.locator("#unhappy-add").click()
    await page.locator("#unhappy-0-op").select_option("<=")
    await page.locator("#explain").select_option("comment")
    await saved(page)


async def say(page: Any, number: int, *texts: str) -> None:
    for tag, text in zip(("en", "zh-Hans", "zh-Hant"), texts, strict=True):
        if tag != "en" and not await page.locator(f"#question-{number}-text-{tag}").is_visible():
            await page.locator(f"#question-{number}-text-more > summary").click()
        await page.locator(f"#question-{number}-text-{tag}").fill(text)


async def branch(page: Any) -> None:
    """Who is content is asked nothing more."""
    await page.locator("#question-0-branch-add").click()
    await page.locator("#question-0-branch-0-when-0-op").select_option(">=")
    await page.locator("#question-0-branch-0-when-0-answer").select_option("4")
    await page.locator("#question-0-branch-0-to").select_option("end")
    await saved(page)
    await page.locator("#tab-picture").click()
    await page.locator(".branches-drawn svg").get_by_role("link", name="What happened?").wait_for()
    await page.locator("#tab-questions").click()


async def try_it(page: Any) -> None:
    """On the telephone beside it: asked, reminded after a day, answered in Chinese."""
    telephone = page.locator("#telephone")
    await telephone.get_by_text("How was your visit?").wait_for()
    before = await telephone.locator("#tele-log > li").count()
    await telephone.get_by_role("button", name="Let 24 hours pass").click()
    await page.wait_for_function("(n) => document.querySelectorAll('#tele-log > li').length > n", arg=before)
    await telephone.locator("#tele-language").select_option("zh-Hant")
    await telephone.get_by_text("您對這次到店滿意嗎？").first.wait_for()
    await telephone.locator("#tele-text").fill("2")
    await page.keyboard.press("Enter")
    await telephone.get_by_text("發生了什麼？").wait_for()


async def mend(page: Any) -> None:
    """A condition that can never hold is said at its field; a press on the list above leads there."""
    await page.locator("#question-0-branch-0-when-free").click()
    field = page.locator("#question-0-branch-0-when")
    await field.fill("satisfaction >= 9")
    await page.locator("#problems.wrong").wait_for()
    assert "1 thing to mend" in await page.locator("#problems > summary").inner_text()
    assert await field.get_attribute("aria-invalid") == "true"
    assert "5" in await page.locator("#question-0-branch-0-when-wrong").inner_text()

    await page.locator("#problems > summary").click()
    await page.locator("#problems li button").first.click()
    assert await page.evaluate("document.activeElement.id") == "question-0-branch-0-when"
    await field.fill("satisfaction >= 4")
    await page.locator("#problems:not(.wrong)").wait_for()


async def publish(page: Any, told: str) -> None:
    """With the summary of what changes before it."""
    await saved(page)
    await page.locator("#to-publishing").click()
    await page.locator("#publish").click()
    await page.get_by_text(told).wait_for()


async def versions(office: Office, chat: str) -> list[int]:
    rows = await office.rows(
        "SELECT survey_version.number FROM conversation JOIN survey_version"
        " ON survey_version.id = conversation.survey_version_id JOIN address ON address.id = conversation.address_id"
        " WHERE address.chat = :chat",
        chat=chat,
    )
    return [number for (number,) in rows]


# --- typing ---------------------------------------------------------------------------------------------------------


async def test_what_is_typed_saves_itself_and_is_one_step(browser, office):
    """No button: it rests, it is saved; the telephone plays it; one undo takes the sentence back, not a word of it."""
    async with signed_in(browser, office) as page:
        await edited(page, office)
        was = await page.locator(TEXT).input_value()
        await page.locator(TEXT).fill("How was")
        await page.locator("#telephone").get_by_text("How was", exact=False).first.wait_for()
        await page.locator(TEXT).press_sequentially(" the delivery?")
        await saved(page)
        await page.locator("#telephone").get_by_text("How was the delivery?").wait_for()
        assert await page.evaluate("document.activeElement.id") == TEXT[1:]

        await page.locator("h1").click()
        await page.keyboard.press("Control+z")
        await reads(page, TEXT, was)
        await page.keyboard.press("Control+Shift+z")
        await reads(page, TEXT, "How was the delivery?")


async def test_without_a_connection_nothing_typed_is_lost(browser, office):
    """It says so, keeps it over a reload, and brings it together with what a colleague did meanwhile."""
    async with signed_in(browser, office, refusals=AWAY) as page, signed_in(browser, office, "Bo") as bo:
        await edited(page, office)
        await edited(bo, office)
        await page.route("**/draft", lambda route: route.abort("internetdisconnected"))
        await page.locator(TEXT).fill("Typed in a tunnel")
        await page.locator("#state", has_text="Not saved: no connection").wait_for()
        await bo.locator("#question-2-text-en").fill("What was it?")
        await saved(bo)
        await page.unroute("**/draft")
        page.on("dialog", lambda dialog: dialog.accept())
        await page.reload()
        await page.locator("#told", has_text="both are kept").wait_for()
        await saved(page)

        assert "Typed in a tunnel" in await source(office)
        assert "What was it?" in await source(office)


async def test_a_composed_character_is_not_torn_apart(browser, office):
    """Chinese is typed letter by letter before it is a character; a colleague's change waits for it."""
    async with signed_in(browser, office) as page, signed_in(browser, office, "Bo", refusals=LATE) as bo:
        await edited(page, office)
        await edited(bo, office)
        await page.locator("#question-1-text-en").focus()
        before = await page.locator("#question-1-text-en").element_handle()
        await page.evaluate("dispatchEvent(new CompositionEvent('compositionstart'))")
        await bo.locator("#question-1-text-zh-Hans").evaluate("one => one.closest('details').open = true")
        await bo.locator("#question-1-text-zh-Hans").fill("哪里不好？")
        await saved(bo)
        await page.locator("#told", has_text="Bo has just changed").wait_for()
        assert await before.evaluate("one => one.isConnected")

        await page.evaluate("dispatchEvent(new CompositionEvent('compositionend'))")
        await reads(page, "#question-1-text-zh-Hans", "哪里不好？")


# --- two at once ----------------------------------------------------------------------------------------------------


async def test_two_who_change_other_places_are_both_kept(browser, office):
    """Whoever saves second is told; nothing is to be done about it."""
    async with signed_in(browser, office) as mei, signed_in(browser, office, "Bo", refusals=LATE) as bo:
        await edited(mei, office)
        await edited(bo, office)
        await alone(bo)
        await mei.locator("#card-went_wrong-down").click()
        await saved(mei)
        await bo.locator("#question-1-text-en").fill("What was not good?")
        await bo.locator("#told", has_text="both are kept").wait_for()
        await saved(bo)

        assert (await titles(bo))[1:] == ["What happened? A few words are enough.", "What was not good?"]
        await mei.locator(".card-title", has_text="What was not good?").wait_for()


async def test_two_who_change_the_same_place_choose(browser, office):
    """Both texts stand side by side, also after a reload; nothing is chosen for anybody."""
    async with signed_in(browser, office) as mei, signed_in(browser, office, "Bo", refusals=LATE) as bo:
        await edited(mei, office)
        await edited(bo, office)
        await alone(bo)
        await mei.locator(TEXT).fill("By Mei?")
        await saved(mei)
        await bo.locator(TEXT).fill("By Bo?")
        await bo.locator("#torn").wait_for()
        bo.on("dialog", lambda dialog: dialog.accept())
        await bo.reload()
        await bo.locator("#torn", has_text="By Mei?").wait_for()
        assert "By Bo?" in await bo.locator("#torn").inner_text()
        assert 'text.en = "By Mei?"' in await source(office)

        await bo.locator("#torn-0-mine").click()
        await bo.locator("#torn").wait_for(state="hidden")
        await saved(bo)
        assert 'text.en = "By Bo?"' in await source(office)


async def alone(page: Any) -> None:
    """Let a page hear of nothing, so that it saves on top of what it has not seen."""
    await page.evaluate(DEAF)


DEAF = """() => {
    const send = window.fetch;
    window.fetch = (to, more) => (more?.method === 'POST' ? send(to, more) : new Promise(() => {}));
}"""


async def test_two_who_write_the_file_compare_both_texts(browser, office):
    """The text as a whole is one edit; neither is written over unseen."""
    async with signed_in(browser, office) as mei, signed_in(browser, office, "Bo", refusals=LATE) as bo:
        await edited(mei, office)
        await edited(bo, office)
        await alone(bo)
        await bo.locator("#tab-text").click()
        await bo.locator("#source").press("Control+Home")
        await bo.keyboard.type("# By Bo\n")
        await mei.locator(TEXT).fill("By Mei?")
        await saved(mei)
        await bo.locator("#source-save").click()
        await bo.locator("#source-both", has_text="Mei").wait_for()
        await bo.locator("#source-mine").click()
        await bo.locator("#told", has_text="saved").wait_for()

        assert (await source(office)).startswith("# By Bo\n")


# --- as text --------------------------------------------------------------------------------------------------------


async def test_what_is_no_survey_file_is_said_by_line_and_kept(browser, office):
    """Half a line is saved all the same; the cards wait until it can be read again."""
    async with signed_in(browser, office) as page:
        await edited(page, office)
        await page.locator("#tab-text").click()
        await page.locator("#source").press("Control+Home")
        await page.keyboard.type("half =\n")
        await page.keyboard.press("Control+s")
        await page.locator("#source-problems", has_text="Line 1").wait_for()
        assert (await source(office)).startswith("half =\n")

        await page.locator("#tab-questions").click()
        await page.locator("#no-toml").wait_for()
        await page.locator("#undo").click()
        await page.locator("#no-toml").wait_for(state="hidden")
        assert len(await titles(page)) == 3


AMISS = """format = 1
key = 5
title = "no languages"
languages = ["en", 7]
unhappy = 3
question = [
  7,
  { key = 3, kind = ["csat"], text = "How?", scale = "big", branch = { when = 1 } },
  { key = "a", kind = "choice", text.en = { no = 1 }, options = [3, { label = 4 }], branch = [4] },
  { key = "a", kind = "csat", scale = [5, "x"], text.en = "?", branch = [{ when = 4, to = 5 }] },
  { key = "m", kind = "matrix", rows = 4, text.en = "!" },
]
"""


async def test_a_file_that_says_anything_breaks_no_page(browser, office):
    """What has no field is edited as text; every card can be opened, and the page goes on."""
    now = office.world.clock.now()
    await office.world.run(lambda unit: drafts.begun(unit, 1, "amiss", AMISS, "operator", "", now))
    async with signed_in(browser, office) as page:
        await edited(page, office, "/console/surveys/amiss/edit")
        await page.evaluate(
            "() => { for (const one of document.querySelectorAll('.editor details')) one.open = true; }"
        )
        await page.locator("#problems.wrong > summary").wait_for()

        assert await page.locator(".question-card").count() == 5
        await page.locator("#tab-text").click()
        await page.locator("#source").fill(AMISS.replace("title", "# title"))
        await page.locator("#source-save").click()
        await page.locator("#told", has_text="saved").wait_for()


# --- by keyboard, small, in every language --------------------------------------------------------------------------


async def test_the_keyboard_alone_is_enough(browser, office):
    """Opened, moved, a kind chosen, a question written and removed, taken back: never a mouse."""
    async with signed_in(browser, office) as page:
        await page.goto(office.base + DELIVERY)
        await saved(page)
        await page.locator("#tab-questions").focus()
        await page.keyboard.press("ArrowRight")
        assert await page.evaluate("document.activeElement.dataset.tab") == "picture"
        await page.keyboard.press("Home")
        await page.locator("#card-what_happened").focus()
        await page.keyboard.press("Alt+ArrowUp")
        await saved(page)
        assert await page.evaluate("document.activeElement.id") == "card-what_happened"
        assert (await titles(page))[1].startswith("What happened?")

        await page.locator("#kinds > summary").focus()
        await page.keyboard.press("Enter")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        assert await page.evaluate("document.activeElement.id") == "question-3-text-en"
        await page.keyboard.type("And the lamp?")
        await saved(page)
        await page.locator("#card-satisfaction_2-remove").focus()
        await page.keyboard.press("Enter")
        await page.locator("#told").get_by_role("button", name="Undo").focus()
        await page.keyboard.press("Enter")
        await page.locator(".card-title", has_text="And the lamp?").wait_for()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
async def test_the_editor_can_be_read_in_every_language(browser, office, language, dark):
    """A contrast of 4.5 everywhere, headings in order, a name on every control, with every card and fold open."""
    async with signed_in(browser, office, language=language, dark=dark) as page:
        await page.goto(office.base + DELIVERY)
        await page.locator(".question-card").first.wait_for()
        await page.locator("#open-all").click()
        await page.evaluate("for (const one of document.querySelectorAll('.editor details')) one.open = true")

        assert await page.evaluate(CONTRAST) == []
        assert await page.evaluate(UNNAMED) == []
        assert await page.evaluate(JUMPS) == []
        assert await page.evaluate(UNLABELLED) == []


UNLABELLED = """() => [...document.querySelectorAll('.editor input, .editor select, .editor textarea')]
    .filter(e => e.checkVisibility() && !(e.ariaLabel || e.labels?.length)).map(e => e.outerHTML)"""


@pytest.mark.parametrize("size", [SMALL, TELEPHONE, DESK], ids=["small", "telephone", "desk"])
async def test_everything_fits_and_can_be_hit(browser, office, size):
    """No sideways scrolling, nothing smaller than a fingertip; on a telephone the other one is behind a tab."""
    async with signed_in(browser, office, size=size) as page:
        await edited(page, office)
        assert await fits(page)
        assert await page.evaluate(TOO_SMALL) == []
        assert await page.locator("#telephone").is_visible() is (size == DESK)

        for tab in ("picture", "text", *(("phone",) if size != DESK else ())):
            await page.locator(f"#tab-{tab}").click()
            assert await fits(page)
            assert await page.evaluate(TOO_SMALL) == []
        assert await page.locator("#telephone").is_visible()


# --- what two did, brought together ---------------------------------------------------------------------------------

ROUND = """async (address) => {
    const { applied, between, merged, same } = await import(address);
    let seed = 7;
    const next = (most) => { seed = (seed * 1103515245 + 12345) % 2147483648; return seed % most; };
    const word = () => 'abcdef'[next(6)].repeat(1 + next(3));
    const maybe = (made) => (next(2) ? made() : {});
    const branch = () => ({ branch: [{ when: word(), to: word() }] });
    const question = (key) => ({ key, text: { en: word(), ...maybe(() => ({ de: word() })) }, ...maybe(branch) });
    const table = () => {
        const keys = [...new Set(Array.from({ length: 1 + next(5) }, word))];
        return { title: { en: word() }, ...maybe(() => ({ unhappy: word() })), question: keys.map(question) };
    };
    const faults = [];
    for (let n = 0; n < 3000; n += 1) {
        const [was, mine, theirs] = [table(), table(), table()];
        if (!same(applied(was, between(was, mine)), mine)) faults.push(['between', was, mine]);
        if (!same(merged(was, mine, was).table, mine)) faults.push(['mine alone', was, mine]);
        if (!same(merged(was, was, theirs).table, theirs)) faults.push(['theirs alone', was, theirs]);
        if (merged(was, mine, mine).torn.length) faults.push(['the same twice', was, mine]);
    }
    return faults.slice(0, 3);
}"""


async def test_what_two_did_comes_together_for_any_survey(browser, office):
    """Three thousand made-up ones: the edits from one to another lead there; who was alone has it as they left it."""
    async with signed_in(browser, office) as page:
        await page.goto(office.base + DELIVERY)
        module = await page.locator("script[src*='survey_edit.js']").get_attribute("src")

        assert await page.evaluate(ROUND, module.replace("survey_edit.js", "survey_table.js")) == []


# --- what the cards do ----------------------------------------------------------------------------------------------

CONDITIONS = """async (address) => {
    const { askedAbout, read, written } = await import(address);
    const asked = askedAbout({ question: [
        { key: 'rating', kind: 'csat' }, { key: 'why', kind: 'choice', options: [{ key: 'late' }] },
        { key: 'again', kind: 'yes_no' }, { key: 'liked', kind: 'choices', options: [{ key: 'food' }] },
        { key: 'day', kind: 'date' }, { key: 'said', kind: 'text' },
        { key: 'stay', kind: 'matrix', rows: [{ key: 'room' }] }, { key: 'hello', kind: 'statement' },
    ] });
    const back = (source) => { const found = read(source, asked); return found && written(found, asked); };
    return (sources) => sources.map(back);
}"""


async def test_conditions_are_read_into_selects_and_written_again(browser, office):
    """What the selects can say comes back as it was; everything else is left to be written freely."""
    chosen = [
        "rating <= 2",
        "rating >= 4 and stay_room == 1",
        'why == "late" or again == "no"',
        '"food" in liked',
        '"food" not in liked and day >= "2026-11-01"',
        'said != "x y"',
    ]
    freely = [
        "(rating <= 2)",
        "rating in [1, 2]",
        'customer.tier == "gold"',
        "rating <= 2 and again or liked",
        "x <= 2",
    ]
    freely += ["rating <=", "not (again)", "hello == 1", "rating < 2 < 3", "rating == why", "stay <= 2", "rating ~ 2"]
    async with signed_in(browser, office) as page:
        await page.goto(office.base + DELIVERY)
        module = await page.locator("script[src*='survey_edit.js']").get_attribute("src")
        reader = await page.evaluate_handle(CONDITIONS, module.replace("survey_edit.js", "survey_conditions.js"))

        assert await reader.evaluate("(back, sources) => back(sources)", chosen) == chosen
        assert await reader.evaluate("(back, sources) => back(sources)", freely) == [None] * len(freely)
        assert await reader.evaluate("(back, sources) => back(sources)", ["again", "not again"]) == [
            'again == "yes"',
            'again == "no"',
        ]


async def test_a_new_option_gets_its_key_by_itself_and_a_key_takes_along_what_names_it(browser, office):
    """Nobody has to know what a key is; whoever changes one breaks no branch."""
    async with signed_in(browser, office) as page:
        await page.goto(office.base + DELIVERY)
        await saved(page)
        await page.locator("#kinds > summary").click()
        await page.get_by_role("button", name="One of several").click()
        await page.locator("#question-3-options-0-label-en").fill("A friend told me")
        await page.locator("#question-3-options-1-label-en").fill("我在地图上看到的")
        await page.keyboard.press("Enter")
        await page.keyboard.type("Somewhere else")
        await page.locator("#question-3-branch-add").click()
        await page.locator("#question-3-further > summary").click()
        await page.locator("#question-3-key").fill("found_by")
        await page.keyboard.press("Tab")
        await page.locator("#card-found_by").wait_for()
        await saved(page)
        text = await source(office)

        assert [line.split('"')[1] for line in text.splitlines() if line.startswith("    { key")][-3:] == [
            "a_friend_told",
            "option_2",
            "somewhere_else",
        ]
        assert "when = 'found_by == \"a_friend_told\"'" in text or 'when = "found_by == \\"a_friend_told\\""' in text
        assert "question_4" not in text


async def test_another_kind_keeps_what_it_can_have(browser, office):
    """The text stays, a scale goes; nothing is left in the file that the kind does not know."""
    async with signed_in(browser, office) as page:
        await edited(page, office)
        await page.locator("#question-1-further > summary").click()
        await page.locator("#question-1-kind").select_option("ranking")
        await page.locator("#question-1-top").select_option("2")
        await saved(page)
        assert "top = 2" in await source(office)
        await page.locator("#question-1-kind").select_option("text")
        await saved(page)
        text = await source(office)

        assert "options" not in text
        assert "top = 2" not in text
        assert "What could have gone better?" in text


async def test_a_key_that_was_published_stays(browser, office):
    """Answers are kept under it."""
    async with signed_in(browser, office) as page:
        await edited(page, office)
        await page.locator("#question-0-further > summary").click()

        assert await page.locator("#question-0-key").count() == 0
        assert await page.get_by_text("Key: satisfaction. It was published, so it stays").is_visible()


async def test_a_link_leads_to_a_field(browser, office):
    """From the translations, from the picture, from what a colleague sent."""
    async with signed_in(browser, office) as page:
        await page.goto(f"{office.base}{DELIVERY}#question-1-text-zh-Hans")
        await page.locator("#question-1-text-zh-Hans").wait_for()
        await page.wait_for_function("() => document.activeElement.id.startsWith('question-1-text')")
        await page.locator("#tab-picture").click()
        await page.locator(".branches-drawn").get_by_role("link", name="What happened?").click()
        await page.wait_for_function(
            "() => document.activeElement.closest('[data-key]')?.dataset.key === 'what_happened'"
        )
