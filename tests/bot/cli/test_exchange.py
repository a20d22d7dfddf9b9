"""Surveys of other programs at the terminal: imported with a report, counted by the folder, exported as files."""

import asyncio
import json

import pytest

from conversations.reading import read
from tests import laid

SURVEY = {
    "title": "Stay",
    "locale": "en",
    "elements": [
        {"type": "rating", "name": "score", "title": "How satisfied are you?", "isRequired": True},
        {"type": "dropdown", "name": "from", "title": "Where from?", "choices": ["map", "friend"], "isRequired": True},
    ],
}


@pytest.fixture
def survey(place):
    path = place / "stay.json"
    path.write_text(json.dumps(SURVEY), "utf-8")
    return path


def changed(place, **more):
    path = place / "changed.json"
    path.write_text(json.dumps({**SURVEY, **more}), "utf-8")
    return path


def test_an_import_says_what_it_became_and_what_comes_next(makegood, place, survey):
    """Where it was written, and the two commands that follow."""
    told = makegood("survey", "import", "stay.json")

    assert told.code == 0
    assert "stay.json became the survey stay, exactly: 2 questions, in en." in told.out
    assert told.out.splitlines()[-2:] == ["  makegood survey check stay.toml", "  makegood survey rehearse stay.toml"]
    assert [one.kind for one in read((place / "stay.toml").read_text("utf-8")).questions] == ["csat", "choice"]
    assert makegood("survey", "check", "stay.toml").out.splitlines()[-1] == "ok"


def test_what_changed_stands_in_the_report(makegood, place):
    """Each kind of change once, with its reason and its places."""
    changed(place, cookieName="x", maxTimeToFinish=9)
    told = makegood("survey", "import", "changed.json")

    assert "with changes: 2 questions" in told.out
    assert '- The setting "cookieName" is left out. A chat has no place for it.\n      survey' in told.out


@pytest.mark.parametrize(("language", "said"), [("zh-Hans", "已成为问卷stay"), ("zh-Hant", "已成為問卷stay")])
def test_the_report_speaks_our_languages(makegood, survey, language, said):
    """Authors read it, not only programmers."""
    assert said in makegood("survey", "import", "stay.json", "--language", language).out.replace(" ", "")


def test_the_report_for_programs_names_everything(makegood, place):
    """The chat and the web editors show the same."""
    changed(place, cookieName="x")
    told = json.loads(makegood("survey", "import", "changed.json", "--json").out)

    assert (told["verdict"], told["format"], told["key"], told["languages"]) == (
        "with changes",
        "surveyjs",
        "stay",
        ["en"],
    )
    assert told["changes"] == [
        {"where": "survey", "what": 'The setting "cookieName" is left out.', "why": "A chat has no place for it."}
    ]
    assert told["written"] == "stay.toml"


def test_another_file_is_never_overwritten_unasked(makegood, place, survey):
    """The author may have worked on it since."""
    (place / "stay.toml").write_text("mine", "utf-8")
    told = makegood("survey", "import", "stay.json")

    assert (told.code, (place / "stay.toml").read_text("utf-8")) == (2, "mine")
    assert "--output" in told.err


def test_the_survey_can_go_to_the_terminal(makegood, survey):
    """For a pipe."""
    assert read(makegood("survey", "import", "stay.json", "--output", "-").out).key == "stay"


@pytest.mark.parametrize(
    ("content", "more", "said"),
    [
        ("{", (), "no.json:1: The file is no JSON from line 1 on."),
        ("{}", (), "is no definition of formbricks, typebot, surveyjs, rapidpro, xlsform"),
        (json.dumps(SURVEY), ("--from", "typebot"), "is no definition of typebot"),
        (json.dumps(SURVEY), ("--part", "Other"), 'The file has no "Other"; it has Stay.'),
    ],
)
def test_what_cannot_be_read_is_told_in_a_sentence(makegood, place, content, more, said):
    """What, where, and how to mend it; exit code 2."""
    (place / "no.json").write_text(content, "utf-8")
    told = makegood("survey", "import", "no.json", *more)

    assert told.code == 2
    assert said in told.err
    assert "Traceback" not in told.err


def test_a_definition_without_a_survey_ends_with_1(makegood, place):
    """A script must notice."""
    flow = {
        "flows": [{"name": "Pay", "nodes": [{"uuid": "n", "actions": [{"type": "transfer_airtime"}], "exits": []}]}]
    }
    (place / "pay.json").write_text(json.dumps(flow), "utf-8")
    told = makegood("survey", "import", "pay.json")

    assert told.code == 1
    assert "pay.json cannot become a survey:" in told.out


def test_a_folder_is_counted(makegood, place):
    """By the folders in it; what is no definition is counted apart."""
    (place / "all" / "peer").mkdir(parents=True)
    (place / "all" / "peer" / "a.json").write_text(json.dumps(SURVEY), "utf-8")
    (place / "all" / "peer" / "b.json").write_text(json.dumps({**SURVEY, "cookieName": "x"}), "utf-8")
    (place / "all" / "peer" / "c.json").write_text("[]", "utf-8")
    told = makegood("survey", "import", "all")

    assert told.code == 0
    assert "| peer | 3 | 2 | 1 | 1 | 0 | 100.0% | 2 | 0 | 1 |" in told.out.splitlines()
    assert '- 1: The setting "…" is left out.' in told.out.splitlines()
    assert not list(place.glob("*.toml"))


def test_what_we_ship_can_be_exported(makegood, root):
    """As it stands, with its comments: a beginning for one of your own."""
    told = makegood("survey", "export", "after_delivery")

    assert told.out == (root / "conversations" / "library" / "after_delivery.toml").read_text("utf-8")


def test_an_export_can_be_a_file(makegood, place):
    """And is checked like any other."""
    assert makegood("survey", "export", "pulse", "--output", "pulse.toml").code == 0
    assert makegood("survey", "check", "pulse.toml").out.splitlines()[-1] == "ok"


def test_what_was_published_is_exported_as_it_was(makegood, place):
    """To the letter, comments too; the file it came from may be another one by now."""
    head = '# mine\nformat = 1\nkey = "mine"\ntouchpoint = "visit"\nlanguages = ["en"]\n'
    source = f'{head}[[question]]\nkey = "a"\nkind = "text"\ntext.en = "Why?"\n'

    async def publish() -> None:
        database = await laid.opened(place / "data" / "makegood.db")
        try:
            await database.run(lambda unit: unit.surveys.publish(1, "mine", source, "digest", "visit", "editor", 1))
        finally:
            await database.close()

    (place / "data").mkdir()
    asyncio.run(publish())

    assert makegood("survey", "export", "mine").out == source


def test_an_unknown_key_is_told_so(makegood, place):
    """With the command that names them."""
    told = makegood("survey", "export", "nothing")

    assert told.code == 2
    assert "there is no survey 'nothing'; makegood survey list names them." in told.err
