"""What a file says, read beside the database, for chat and console: ours, those of other programs, and neither."""

import io
import zipfile

import pytest

from bot.editing.bringing import read_file
from bot.phrases import say

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LINKS = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'


def workbook(*rows: tuple[str, ...]) -> bytes:
    """An .xlsx with one sheet, as small as one can be."""
    lines = ""
    for n, row in enumerate(rows, 1):
        cells = (f'<c r="{chr(65 + m)}{n}" t="inlineStr"><is><t>{cell}</t></is></c>' for m, cell in enumerate(row))
        lines += f'<row r="{n}">{"".join(cells)}</row>'
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        sheets = f'<workbook {MAIN} {LINKS}><sheets><sheet name="survey" sheetId="1" r:id="r1"/></sheets></workbook>'
        archive.writestr("xl/workbook.xml", sheets)
        target = '<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>'
        archive.writestr("xl/_rels/workbook.xml.rels", target)
        archive.writestr("xl/worksheets/sheet1.xml", f"<worksheet {MAIN}><sheetData>{lines}</sheetData></worksheet>")
    return written.getvalue()


def test_a_form_in_a_workbook_is_read():
    """People who write forms in Excel send them as they are."""
    found = read_file("visit.xlsx", workbook(("type", "name", "label"), ("text", "why", "Why?")))

    assert found.refused is None
    assert 'text.en = "Why?"' in found.source


def test_our_own_file_keeps_its_comments_and_its_key():
    source = '# Mine.\nformat = 1\nkey = "visit"\n'
    found = read_file("other_name.toml", source.encode())

    assert (found.key, found.source) == ("visit", source)


def test_a_key_that_cannot_be_one_is_made_from_the_files_name():
    """A draft needs one to be found again; the rest is mended in the chat."""
    found = read_file("After a visit.toml", b'format = 1\nkey = "After a visit!"\n')

    assert found.key == "after_a_visit"
    assert 'key = "after_a_visit"' in found.source


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("x.toml", b"\xff\xfe\x00", "not in UTF-8"),
        ("x.toml", b"#" * 300_000, "larger than 256 KB"),
        ("x.json", b"{}", "--from"),
        ("x.json", b"{" * 100_000, ""),
        ("x.xlsx", b"PK\x03\x04nothing", ""),
    ],
)
def test_what_is_no_survey_is_refused_with_the_reason(name: str, content: bytes, words: str):
    found = read_file(name, content)

    assert found.source == ""
    assert found.refused is not None
    assert words in say(found.refused, "en")


def test_what_is_no_toml_says_on_which_line():
    found = read_file("x.toml", b'format = 1\nkey = "x\n')

    assert (found.source, found.problems[0].line) == ("", 2)


def test_our_own_file_with_mistakes_is_taken_with_what_is_wrong():
    """The console's editor mends it as text, even where it says no survey yet."""
    found = read_file("visit.toml", b'key = "visit"\n')

    assert (found.key, found.source, found.survey) == ("visit", 'key = "visit"\n', None)
    assert 'does not say its "format"' in found.problems[0].message


def test_what_an_import_became_is_checked():
    """Whoever brings it reads what is to be mended before they keep it."""
    found = read_file("visit.xlsx", workbook(("type", "name", "label"), ("integer", "n", "How many, you fool?")))

    assert found.survey is not None
    assert {problem.name for problem in found.problems} <= {f"{found.key}.toml"}
