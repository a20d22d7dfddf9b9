"""Forms of XLSForm, as written here: JSON, Markdown, CSV and workbooks, groups, choices, relevance."""

import io
import zipfile

import pytest

from conversations.importing import NotReadable, read
from tests.conversations.importing.conftest import read_whole

FORM = """
| survey   |                    |           |                  |          |                |
|          | type               | name      | label            | required | relevant       |
|          | text               | who       | Your name?       | yes      |                |
|          | integer            | age       | Your age, ${who}? | yes     |                |
|          | select_one mood    | mood      | How are you?     | yes      | ${age} > 17    |
|          | select_multiple mood | moods   | And often?       |          | selected(${mood}, 'bad') |
|          | note               | bye       | Goodbye.         |          |                |
| choices  |                    |           |                  |          |                |
|          | list_name          | name      | label            |          |                |
|          | mood               | good      | Good             |          |                |
|          | mood               | bad       | Bad              |          |                |
| settings |                    |           |                  |          |                |
|          | form_title         | default_language |           |          |                |
|          | Moods              | en        |                  |          |                |
"""


def form(*rows, choices=(), **settings):
    return {"survey": list(rows), "choices": list(choices), "settings": {"default_language": "en", **settings}}


def branches(question):
    return [(branch.when, branch.to) for branch in question.branches]


def test_a_form_in_markdown_is_read_exactly():
    """The way forms are shown in forums."""
    made = read_whole("form.md", FORM.encode())

    assert (made.format, made.verdict) == ("xlsform", "exact")
    assert [(one.key, one.kind) for one in made.survey.questions] == [
        ("who", "text"),
        ("age", "number"),
        ("mood", "choice"),
        ("moods", "choices"),
    ]
    assert made.survey.thanks == {"en": "Goodbye."}
    assert made.survey.question("age").text == {"en": "Your age, {{ answers.who }}?"}
    assert branches(made.survey.question("age")) == [("age > 17", "mood"), ("true", "end")]


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ({"type": "text"}, "text"),
        ({"type": "integer"}, "number"),
        ({"type": "date"}, "date"),
        ({"type": "note"}, "statement"),
        ({"type": "select_one a"}, "choice"),
        ({"type": "select multiple from a"}, "choices"),
        ({"type": "rank a"}, "ranking"),
        ({"type": "acknowledge"}, "yes_no"),
        ({"type": "geopoint"}, "text"),
        ({"type": "image"}, "text"),
        ({"type": "range", "parameters": "start=1 end=5 step=1"}, "number"),
    ],
)
def test_types_become_kinds(imported, row, kind):
    """Whatever has no kind of ours is asked openly, and named."""
    choices = [{"list_name": "a", "name": name, "label": name} for name in ("x", "y", "z")]
    made = imported(form({"name": "q", "label": "Well?", **row}, choices=choices))

    assert made.survey.questions[0].kind == kind


def test_a_form_as_kobotoolbox_keeps_it_is_read(imported):
    """The content of an asset: labels as lists by language, or as tables; choices in one list, or by their lists."""
    one = {
        "name": "Tea",
        "content": {
            "translations": [None, "Français (fr)"],
            "survey": [{"type": "select_one", "$autoname": "tea", "$kuid": "x", "select_from_list_name": "l",
                        "label": ["Which tea?", "Quel thé ?"], "required": True}],
            "choices": [{"list_name": "l", "name": name, "label": [name, name]} for name in ("green", "black")],
        },
    }  # fmt: skip
    other = {
        "translations": [{"$anchor": "t0", "name": ""}],
        "survey": [{"type": "select_one", "name": "tea", "select_from": "l", "label": {"t0": "Which tea?"}}],
        "choices": {"l": [{"value": "green", "label": {"t0": "Green"}}, {"value": "black", "label": {"t0": "Black"}}]},
    }

    assert imported(one).survey.questions[0].text == {"en": "Which tea?", "fr": "Quel thé ?"}
    assert imported(one).survey.title["en"] == "Tea"
    assert [option.key for option in imported(other).survey.question("tea").options] == ["green", "black"]


def test_a_group_is_asked_when_its_condition_holds(imported):
    """The condition of a group counts for all that is in it."""
    made = imported(
        form(
            {"type": "integer", "name": "n", "label": "How many?", "required": "yes"},
            {"type": "begin_group", "name": "g", "relevant": "${n} > 0"},
            {"type": "text", "name": "a", "label": "Which?", "required": "yes"},
            {"type": "text", "name": "b", "label": "Why?", "required": "yes", "relevant": "${n} > 5"},
            {"type": "end_group"},
            {"type": "text", "name": "c", "label": "Anything else?", "required": "yes"},
        )
    )

    assert branches(made.survey.question("n"))[0] == ("n > 0", "a")
    assert made.survey.question("a").branches[0].to == "b"


def test_constraints_of_a_number_are_its_bounds(imported):
    """Any other check is named."""
    row = {"type": "integer", "name": "n", "label": "Age?", "constraint": ". >= 18 and . < 120"}
    [question] = imported(form(row)).survey.questions

    assert (question.scale.low, question.scale.high) == (18, 119)


def test_translated_columns_become_languages(imported):
    """As Excel has them, by name and code."""
    row = {"type": "text", "name": "q", "label::English (en)": "Why?", "label::Français (fr)": "Pourquoi ?"}
    made = imported(form(row, default_language="English (en)"))

    assert made.survey.questions[0].text == {"en": "Why?", "fr": "Pourquoi ?"}


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ({"calculation": "1 + 1", "type": "calculate"}, "The calculation is left out: 1 + 1."),
        ({"type": "text", "appearance": "multiline"}, "Left out, the look of a page: appearance multiline."),
        ({"type": "text", "default": "x"}, "The answer that stood there beforehand is left out."),
        ({"type": "text", "media::image": "a.png"}, "A picture, film or sound is left out."),
        ({"type": "text", "constraint": "regex(., 'x')"}, "The check of the answer is left out (regex(., 'x'))."),
        ({"type": "begin_repeat"}, "What could be filled in several times is asked once."),
        ({"type": "datetime"}, "Of date and time only the date is asked."),
        ({"type": "decimal"}, "The number is asked as a whole one."),
        ({"type": "teleport"}, "The kind teleport is not known; it is asked as an open question."),
        ({"type": "start", "label": ""}, 'The setting "start" is left out.'),
    ],
)
def test_what_has_no_place_is_named(imported, changes, row, what):
    """Never dropped silently."""
    made = imported(form({"type": "text", "name": "first", "label": "First?"}, {"name": "q", "label": "Well?", **row}))

    assert what in changes(made)


# --- workbooks --------------------------------------------------------------------------------------------------------

HEAD = '<?xml version="1.0"?>'
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LINKS = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'


def workbook(sheet, **more):
    """An .xlsx with one sheet, as small as one can be."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        sheets = f'<workbook {MAIN} {LINKS}><sheets><sheet name="survey" sheetId="1" r:id="r1"/></sheets></workbook>'
        archive.writestr("xl/workbook.xml", HEAD + sheets)
        target = '<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>'
        archive.writestr("xl/_rels/workbook.xml.rels", HEAD + target)
        archive.writestr("xl/worksheets/sheet1.xml", HEAD + sheet)
        for name, content in more.items():
            archive.writestr(f"xl/{name}.xml", content)
    return written.getvalue()


def cells(*rows):
    made = ""
    for n, row in enumerate(rows, 1):
        inner = "".join(
            f'<c r="{chr(65 + m)}{n}" t="inlineStr"><is><t>{cell}</t></is></c>' for m, cell in enumerate(row) if cell
        )
        made += f'<row r="{n}">{inner}</row>'
    return f"<worksheet {MAIN}><sheetData>{made}</sheetData></worksheet>"


def test_a_workbook_is_read():
    """Empty cells are left out of its rows; columns are found by their letters."""
    sheet = cells(("type", "name", "label", "required"), ("text", "", "Why?", "yes"), ("integer", "n", "How many?", ""))
    made = read_whole("form.xlsx", workbook(sheet))

    assert [(one.kind, one.optional) for one in made.survey.questions] == [("text", False), ("number", True)]


def test_cells_may_be_shared():
    """Excel keeps each text once, and names it by its number."""
    shared = (
        f"{HEAD}<sst {MAIN}>" + "".join(f"<si><t>{one}</t></si>" for one in ("type", "name", "text", "q")) + "</sst>"
    )
    rows = [[0, 1], [2, 3]]
    sheet = f"<worksheet {MAIN}><sheetData>"
    for n, row in enumerate(rows, 1):
        inner = "".join(f'<c r="{chr(65 + m)}{n}" t="s"><v>{text}</v></c>' for m, text in enumerate(row))
        sheet += f'<row r="{n}">{inner}</row>'
    sheet += "</sheetData></worksheet>"
    made = read_whole("form.xlsx", workbook(sheet, sharedStrings=shared))

    assert made.survey.questions[0].key == "q"


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04 and nothing else",
        b"\xd0\xcf\x11\xe0 an old workbook",
        workbook('<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>'),
        workbook("<worksheet"),
        workbook(cells(("no", "form"))),
    ],
)
def test_a_workbook_that_is_none_is_refused(content):
    """With a sentence, never a traceback; a document type could make it explode."""
    with pytest.raises(NotReadable):
        read("form.xlsx", content)


def test_a_workbook_that_unpacks_to_far_more_is_refused():
    """Fifty megabytes of spaces pack into a few kilobytes."""
    bomb = workbook(f"<worksheet {MAIN}>" + " " * 50_000_000 + "</worksheet>")

    assert len(bomb) < 100_000
    with pytest.raises(NotReadable):
        read("form.xlsx", bomb)
