"""The editor's routes: the draft read and changed, two at once, steps back, and who may."""

import json
from typing import Any

import httpx
import pytest

from bot.access.policy import Role
from conversations.reading import LARGEST_FILE
from tests.bot.console.office import ROLES, Browser, Office
from tests.bot.console.test_survey_pages import VISIT, published

DRAFT = "/console/surveys/visit/draft"
TEXT = ["question", 0, "text", "en"]


async def asked(office: Office, role: str = "editor", language: str = "en", name: str = "Mei") -> Browser:
    """Somebody signed in, and a survey that is published."""
    browser, _ = await office.at_work(name, role, language)
    return browser


@pytest.fixture
async def editor(office: Office) -> Browser:
    browser = await asked(office)
    await published(office, browser)
    return browser


async def send(browser: Browser, path: str, body: Any, **headers: str) -> httpx.Response:
    """What the page's script sends."""
    content = body if isinstance(body, bytes | str) else json.dumps(body)
    told = {"Content-Type": "application/json", "Accept": "application/json", "X-CSRF-Token": browser.csrf, **headers}
    return await browser.http.post(path, content=content, headers=told)


async def put(browser: Browser, base: int, value: Any, path: list[Any] = TEXT, what: str = "") -> httpx.Response:
    return await send(browser, DRAFT, {"base": base, "what": what, "edits": [{"put": path, "value": value}]})


async def revisions(office: Office) -> list[tuple[int, str]]:
    return await office.rows("SELECT revision, actor FROM draft WHERE key = 'visit' AND ended_at IS NULL ORDER BY id")


def question(told: dict[str, Any]) -> str:
    return str(told["table"]["question"][0]["text"]["en"])


# --- reading --------------------------------------------------------------------------------------------------------


async def test_looking_begins_no_draft(office, editor):
    """What is published is shown as revision 0; the list of surveys says only then that somebody writes one."""
    page = await editor.get("/console/surveys/visit/edit")
    told = (await editor.get(DRAFT)).json()

    assert page.status_code == 200
    assert (told["revision"], told["source"], told["can_undo"]) == (0, VISIT, False)
    assert await revisions(office) == []


async def test_a_draft_tells_its_table_its_problems_and_what_never_changes(office, editor):
    """Everything that the page shows comes in one answer."""
    told = (await editor.get(DRAFT)).json()

    assert question(told) == "How was it?"
    assert told["languages"] == ["en"]
    assert told["fixed"] == ["satisfaction"]
    assert told["expected_seconds"] > 0


async def test_who_has_seen_the_newest_gets_nothing(office, editor):
    """A page that hears of a change somewhere asks, and reading and checking is spared."""
    await put(editor, 0, "How was your visit?")
    seen = (await editor.get(DRAFT)).json()["revision"]

    assert (await editor.get(f"{DRAFT}?seen={seen}")).status_code == 204
    assert (await editor.get(f"{DRAFT}?seen={seen - 1}")).status_code == 200


async def test_a_day_of_the_file_is_a_text_in_json(office, editor):
    """TOML knows days, JSON does not; what the page sends back is read the same."""
    dated = VISIT + '\n[[question]]\nkey = "when"\nkind = "date"\nearliest = 2026-01-01\ntext.en = "When?"\n'
    told = (await send(editor, DRAFT, {"base": 0, "source": dated})).json()

    assert told["table"]["question"][1]["earliest"] == "2026-01-01"
    again = await put(editor, told["revision"], "2026-02-01", ["question", 1, "earliest"])
    assert again.json()["problems"] == []


# --- changing -------------------------------------------------------------------------------------------------------


async def test_an_edit_is_a_revision_in_the_name_of_whoever_made_it(office, editor):
    """The first begins the draft by itself, so that it can be undone, too."""
    told = (await put(editor, 0, "How was your visit?")).json()

    assert question(told) == "How was your visit?"
    assert [actor for _, actor in await revisions(office)] == ["staff:1", "staff:1"]
    assert told["can_undo"]


async def test_every_kind_of_edit_is_done_in_order(office, editor):
    """Put, insert, move and drop in one save are one revision."""
    edits = [
        {"insert": ["question"], "at": 1, "table": {"key": "why", "kind": "text", "text": {"en": "Why?"}}},
        {"move": ["question"], "at": 1, "to": 0},
        {"put": ["title", "en"], "value": "A visit"},
        {"drop": ["unhappy"]},
    ]
    told = (await send(editor, DRAFT, {"base": 0, "what": "edited", "edits": edits})).json()

    assert [each["key"] for each in told["table"]["question"]] == ["why", "satisfaction"]
    assert told["table"]["title"] == {"en": "A visit"}
    assert "unhappy" not in told["table"]
    assert len(await revisions(office)) == 2


async def test_a_language_that_is_written_into_the_text_brings_the_ends_of_the_scales(office, editor):
    """As on the page of the translations and in the chat."""
    typed = VISIT.replace('languages = ["en"]', 'languages = ["en", "fr"]')
    told = (await send(editor, DRAFT, {"base": 0, "source": typed})).json()
    other = (await put(editor, told["revision"], ["en", "fr", "de"], ["languages"])).json()

    assert told["table"]["question"][0]["low"] == {"en": "very dissatisfied"}
    assert other["table"]["question"][0]["low"] == {"en": "very dissatisfied"}


async def test_comments_of_the_file_stay(office, editor):
    """Somebody wrote down there why it is asked this way."""
    source = VISIT.replace('kind = "csat"', 'kind = "csat"  # asked since 2019')
    told = (await send(editor, DRAFT, {"base": 0, "source": source})).json()
    after = (await put(editor, told["revision"], "And now?")).json()

    assert "# asked since 2019" in after["source"]


async def test_a_problem_says_where_it_is_in_the_viewers_language(office, editor):
    """The page shows it at the field of that very path."""
    await published(office, editor, VISIT)
    li = await asked(office, language="zh-Hans", name="Li")
    told = (await put(li, 0, "satisfaction > 9", ["unhappy"])).json()

    [problem] = [each for each in told["problems"] if each["severity"] == "error"]
    assert problem["path"] == ["unhappy"]
    assert any("\u4e00" <= character <= "\u9fff" for character in problem["message"])


async def test_what_is_no_toml_is_kept_and_told_by_line(office, editor):
    """Nothing typed is lost because it cannot be read yet."""
    told = (await send(editor, DRAFT, {"base": 0, "source": VISIT + "\nkey ="})).json()

    assert told["table"] is None
    assert told["source"].endswith("key =")
    assert told["problems"][0]["line"] == VISIT.count("\n") + 2


async def test_single_places_of_what_is_no_toml_cannot_be_changed(office, editor):
    """It is said in words what to do first, and nothing changes."""
    told = (await send(editor, DRAFT, {"base": 0, "source": "key ="})).json()
    answer = await put(editor, told["revision"], "How?")

    assert answer.status_code == 422
    assert "Mend it as text first" in answer.json()["detail"]


# --- two at once ----------------------------------------------------------------------------------------------------


async def test_who_comes_too_late_learns_what_the_other_did(office, editor):
    """Nothing is changed; the newest and the difference come back, with the name of whoever it was."""
    bo = await asked(office, name="Bo")
    first = (await put(editor, 0, "How was your visit?")).json()
    late = await put(bo, 0, "And you?")

    assert late.status_code == 409
    told = late.json()
    assert told["behind"]["revision"] == first["revision"]
    assert told["behind"]["by"] == "Mei"
    assert [(each["question"], each["before"], each["after"]) for each in told["changed"]] == [
        ("satisfaction", "How was it?", "How was your visit?")
    ]
    assert len(await revisions(office)) == 2


async def test_a_draft_that_was_published_meanwhile_is_met_as_what_is_published(office, editor):
    """The one who still types goes on from there, in a draft of their own."""
    told = (await put(editor, 0, "How was your visit?")).json()
    await editor.get("/console/surveys/visit")
    await editor.post("/console/surveys/visit/publish", revision=str(told["revision"]))
    late = await put(editor, told["revision"], "And you?")

    assert late.status_code == 409
    behind = late.json()["behind"]
    assert (behind["revision"], question(behind)) == (0, "How was your visit?")
    assert question((await put(editor, 0, "And you?")).json()) == "And you?"


async def test_edits_of_a_revision_that_is_not_there_are_shown_the_newest(office, editor):
    """A page that was open for weeks still has what it was made from, and brings both together."""
    late = await put(editor, 77, "And you?")

    assert late.status_code == 409
    assert (question(late.json()["behind"]), late.json()["changed"]) == ("How was it?", [])


async def test_every_page_hears_that_a_survey_changed(office, editor):
    """The stream names the kind of thing; pages ask what it was."""
    heard = []
    office.world.turns.after_each(lambda done: heard.append(done.touched))
    await put(editor, 0, "How was your visit?")

    assert heard == [{"surveys"}]


async def test_the_same_again_tells_nobody(office, editor):
    """A page that saves by itself saves often."""
    told = (await put(editor, 0, "How was your visit?")).json()
    heard = []
    office.world.turns.after_each(lambda done: heard.append(done.touched))
    again = await put(editor, told["revision"], "How was your visit?")

    assert again.json()["revision"] == told["revision"]
    assert heard == []


# --- steps ----------------------------------------------------------------------------------------------------------


async def test_steps_go_back_and_on(office, editor):
    """What is typed into one field is one of them."""
    told = (await put(editor, 0, "How")).json()
    for words in ("One", "One two", "One two three"):
        told = (await put(editor, told["revision"], words, what="typed:question-0-text-en")).json()
    seen = []
    for step in ("undo", "undo", "undo", "redo", "redo"):
        told = (await send(editor, f"{DRAFT}/{step}", {"base": told["revision"]})).json()
        seen.append(question(told))

    assert seen == ["How", "How was it?", "How was it?", "How", "One two three"]
    assert (told["can_undo"], told["can_redo"]) == (True, False)


async def test_an_undo_that_comes_too_late_takes_nothing_back(office, editor):
    """It would take back what somebody else has just done, unseen."""
    told = (await put(editor, 0, "How was your visit?")).json()
    bo = await asked(office, name="Bo")
    await put(bo, told["revision"], "And you?")
    answer = await send(editor, f"{DRAFT}/undo", {"base": told["revision"]})

    assert answer.status_code == 409
    assert question(answer.json()["behind"]) == "And you?"


async def test_there_is_nothing_to_undo_before_anything_was_done(office, editor):
    """The draft is not even begun."""
    answer = await send(editor, f"{DRAFT}/undo", {"base": 0})

    assert (answer.status_code, answer.json()["revision"]) == (200, 0)
    assert await revisions(office) == []


# --- who may, and what nobody may -----------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
async def test_only_editors_edit(office, editor, role):
    """For all others there is nothing."""
    somebody = await asked(office, role, name="Bo")
    may = role == Role.EDITOR
    found = [
        (await somebody.get("/console/surveys/visit/edit")).status_code,
        (await somebody.get(DRAFT)).status_code,
        (await put(somebody, 0, "How was your visit?")).status_code,
        (await send(somebody, f"{DRAFT}/undo", {"base": 0})).status_code,
    ]

    assert found == ([200, 200, 200, 409] if may else [404] * 4)


async def test_an_editor_who_was_removed_changes_nothing_any_more(office, editor):
    """Not even with a page that was open before."""
    await office.world.run(lambda unit: unit.execute("UPDATE staff_member SET removed_at = 1"))

    assert (await put(editor, 0, "How?")).status_code in (401, 404)
    assert await revisions(office) == []


@pytest.mark.parametrize("headers", [{"X-CSRF-Token": "0" * 32}, {"Origin": "https://elsewhere.example"}])
async def test_what_no_page_of_ours_sent_is_refused(office, editor, headers):
    """Another site could send it with this editor's cookie."""
    answer = await send(editor, DRAFT, {"base": 0, "source": VISIT + "# x\n"}, **headers)

    assert answer.status_code == 403
    assert await revisions(office) == []


@pytest.mark.parametrize("key", ["nothing", "..%2fvisit", "%00", "visit'--", "9" * 300, "访"])
async def test_a_key_that_is_nobodys_is_nothing(office, editor, key):
    """Whatever stands in the address."""
    for path in ("edit", "draft"):
        assert (await editor.get(f"/console/surveys/{key}/{path}")).status_code == 404
    assert (await send(editor, f"/console/surveys/{key}/draft", {"base": 0, "source": VISIT})).status_code == 404


async def test_another_brands_survey_is_nothing(office, editor):
    """Keys are a brand's own."""

    def work(unit) -> None:
        unit.execute("INSERT INTO brand (id, name) VALUES (2, 'other')")
        unit.execute(
            "INSERT INTO draft (brand_id, key, revision, source, actor, what, at)"
            " VALUES (2, 'theirs', 1, 'x', '', '', 1)"
        )

    await office.world.run(work)
    assert (await editor.get("/console/surveys/theirs/draft")).status_code == 404


HOSTILE: list[Any] = [
    {},
    {"base": 0},
    {"base": "0", "edits": [{"drop": ["title"]}]},
    {"base": True, "edits": [{"drop": ["title"]}]},
    {"base": -1, "edits": [{"drop": ["title"]}]},
    {"base": 10**30, "edits": [{"drop": ["title"]}]},
    {"base": 0, "edits": []},
    {"base": 0, "edits": {}},
    {"base": 0, "edits": [{"drop": ["title"]}] * 1001},
    {"base": 0, "edits": ["drop"]},
    {"base": 0, "edits": [{"put": ["title", "en"], "value": "x", "drop": ["title"]}]},
    {"base": 0, "edits": [{"put": ["title", "en"]}]},
    {"base": 0, "edits": [{"put": [], "value": "x"}]},
    {"base": 0, "edits": [{"put": ["a"] * 9, "value": "x"}]},
    {"base": 0, "edits": [{"put": "title", "value": "x"}]},
    {"base": 0, "edits": [{"put": ["x" * 65], "value": "x"}]},
    {"base": 0, "edits": [{"put": [""], "value": "x"}]},
    {"base": 0, "edits": [{"put": [None], "value": "x"}]},
    {"base": 0, "edits": [{"put": [0], "value": "x"}]},
    {"base": 0, "edits": [{"put": ["question", True, "key"], "value": "x"}]},
    {"base": 0, "edits": [{"put": ["question", 1.5, "key"], "value": "x"}]},
    {"base": 0, "edits": [{"put": ["question", -1, "key"], "value": "x"}]},
    {"base": 0, "edits": [{"put": ["question", 9, "key"], "value": "x"}]},
    {"base": 0, "edits": [{"put": ["question", 10**20, "key"], "value": "x"}]},
    {"base": 0, "edits": [{"put": ["key", "inside"], "value": "x"}]},
    {"base": 0, "edits": [{"put": ["title", "en"], "value": None}]},
    {"base": 0, "edits": [{"put": ["title", "en"], "value": [None]}]},
    {"base": 0, "edits": [{"put": ["title"], "value": {"": "x"}}]},
    {"base": 0, "edits": [{"drop": ["nothing"]}]},
    {"base": 0, "edits": [{"drop": ["question", -1]}]},
    {"base": 0, "edits": [{"insert": ["question"], "at": 7, "table": {}}]},
    {"base": 0, "edits": [{"insert": ["question"], "at": "0", "table": {}}]},
    {"base": 0, "edits": [{"insert": ["key"], "at": 0, "table": {}}]},
    {"base": 0, "edits": [{"move": ["question"], "at": 0, "to": 5}]},
    {"base": 0, "edits": [{"move": ["question"], "at": -1, "to": 0}]},
    {"base": 0, "what": 7, "edits": [{"put": ["title", "en"], "value": "x"}]},
    {"base": 0, "what": "x" * 201, "edits": [{"put": ["title", "en"], "value": "x"}]},
    {"base": 0, "source": 7},
]


async def test_an_edit_that_is_none_changes_nothing(office, editor):
    """It is refused with what was wanted, never with an error of ours."""
    answers = [(body, await send(editor, DRAFT, body)) for body in HOSTILE]

    assert [(body, answer.text) for body, answer in answers if answer.status_code != 422] == []
    assert all(answer.json()["detail"] for _, answer in answers)
    assert await revisions(office) == []


async def test_what_is_no_json_object_changes_nothing(office, editor):
    """Two readers could understand it differently."""
    bodies = ("", "[]", "{", b"\xff", '{"base": 0, "base": 1}', '{"base": NaN}', "[" * 5000)
    found = {body: (await send(editor, DRAFT, body)).status_code for body in bodies}

    assert {body: status for body, status in found.items() if status not in (400, 422)} == {}
    assert await revisions(office) == []


async def test_a_survey_has_a_largest_size(office, editor):
    """As a text and by edits; a whole file of the largest size comes through."""
    too_long = VISIT + "# " + "x" * LARGEST_FILE
    fits = VISIT + "# " + "x" * (LARGEST_FILE - len(VISIT.encode()) - 3) + "\n"

    assert (await send(editor, DRAFT, {"base": 0, "source": too_long})).status_code == 413
    assert (await put(editor, 0, "x" * LARGEST_FILE)).status_code == 413
    assert await revisions(office) == []
    assert (await send(editor, DRAFT, {"base": 0, "source": fits})).status_code == 200


@pytest.mark.parametrize(
    "words", ["\0", "a\0b", "\u202e</script><script>alert(1)</script>", "{{ 7 * 7 }}", "{% for x in y %}"]
)
async def test_words_of_any_kind_are_kept_as_words(office, editor, words):
    """NUL alone goes: no text needs it, and one of our databases cannot hold it."""
    told = (await put(editor, 0, words)).json()

    assert question(told) == words.replace("\0", "")
    assert (await editor.get(DRAFT)).json()["revision"] == told["revision"]


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ customer|attr('name') }}",
        "{% for a in range(999999999) %}x{% endfor %}",
        "{{ 'x' * 999999999 }}",
        "{{ answers.satisfaction.__init__ }}",
    ],
)
async def test_a_hostile_template_is_refused_at_its_field_and_kept_as_text(office, editor, text):
    """It is never run: a draft may say anything, and says what is wrong with it."""
    told = (await put(editor, 0, text)).json()

    assert ["question", 0, "text", "en"] in [each["path"] for each in told["problems"] if each["severity"] == "error"]
