"""The sheets of a form: from an .xlsx workbook, from JSON, CSV or Markdown, each as rows of named cells.

A workbook is a zip of XML from somebody else: entries, their sizes, rows and columns are bounded before and while
they are read, and a document type, which is how XML is made to explode, is refused.
"""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element, ParseError, fromstring

from conversations.importing.loose import table, tables, words
from conversations.importing.opening import opened, text_of
from conversations.importing.results import NotReadable
from conversations.phrases import phrase

Row = dict[str, str]
Sheets = dict[str, list[Row]]

LARGEST_ENTRY: Final = 16 * 1024 * 1024
"""Bytes of one unpacked sheet."""

MOST_ROWS: Final = 5000
MOST_COLUMNS: Final = 200
_NAMES: Final = ("survey", "choices", "settings")
_ENCODING: Final = re.compile(rb"\s*(?:\xef\xbb\xbf)?<\?xml[^>]*?encoding\s*=\s*['\"]([^'\"]+)")
_LETTERS: Final = re.compile(r"([A-Z]{1,3})[0-9]+")


def sheets_of(name: str, content: bytes) -> Sheets:
    """Return the sheets of a form by their names. Raises NotReadable."""
    if content[:4] == b"PK\x03\x04":
        return _of_workbook(name, content)
    if content[:4] == b"\xd0\xcf\x11\xe0":
        raise NotReadable(phrase("The file is an old workbook (.xls). Save it as .xlsx and import that."), name)
    if content.lstrip()[:1] in (b"{", b"["):
        return _of_json(opened(name, content))
    text = text_of(name, content)
    return _of_markdown(text) if text.lstrip().startswith("|") else _of_csv(name, text)


def named(rows: list[list[str]]) -> list[Row]:
    """Return rows by the names in the first one that has any, without empty rows."""
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    if not filled:
        return []
    heads = [head.strip() for head in filled[0]]
    found = []
    for row in filled[1:]:
        cells = {head: cell.strip() for head, cell in zip(heads, row, strict=False) if head and cell.strip()}
        if cells:
            found.append(cells)
    return found


# --- JSON, Markdown, CSV ----------------------------------------------------------------------------------------------


def _of_json(source: object) -> Sheets:
    """Return the sheets of a form as KoboToolbox keeps it: alone, or as the content of an asset that has the name."""
    outer = table(source)
    form = table(outer.get("content")) or table(outer.get("asset")) or outer
    found: Sheets = {}
    for name in _NAMES:
        found[name] = [_flat(row, form) for row in _rows_of(form.get(name))[:MOST_ROWS]]
    if words(outer.get("name")):
        settings = found["settings"][0] if found["settings"] else {}
        found["settings"] = [{"form_title": words(outer["name"]), **settings}]
    return found


def _rows_of(value: object) -> list[dict[str, object]]:
    """Return the rows of a sheet: a list, one row alone, or choices by the names of their lists."""
    if isinstance(value, list):
        return tables(value)
    alone = table(value)
    if any(isinstance(one, list) for one in alone.values()):
        return [{**row, "list_name": name} for name, rows in alone.items() for row in tables(rows)]
    return [alone] if alone else []


def _flat(row: dict[str, object], form: dict[str, object]) -> Row:
    """Return a row with one cell for each language of a translated column."""
    translations = form.get("translations")
    codes = translations if isinstance(translations, list) else []
    anchors = {words(one.get("$anchor")): words(one.get("name")) for one in tables(codes)}
    found: Row = {}
    for key, value in row.items():
        if isinstance(value, dict):
            said = [(anchors.get(str(code), str(code)), one) for code, one in value.items()]
        elif isinstance(value, list):
            said = [(words(codes[n]) if n < len(codes) else "", one) for n, one in enumerate(value)]
        else:
            said = [("", value)]
        name = key.removeprefix("$")
        found.update({f"{name}::{code}" if code else name: words(one) for code, one in said if words(one)})
    return found


def _of_markdown(text: str) -> Sheets:
    """Return the sheets of a table in which the first cell of a line names the sheet that begins there."""
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in text.splitlines() if "|" in line]
    return _by_first_cell([row for row in rows if not all(set(cell) <= set("-: ") and cell for cell in row)])


def _of_csv(name: str, text: str) -> Sheets:
    try:
        rows = [row[:MOST_COLUMNS] for row, _ in zip(csv.reader(io.StringIO(text)), range(MOST_ROWS), strict=False)]
    except csv.Error:
        raise NotReadable(phrase("The file is no CSV that can be read. Save the sheet again as CSV, in UTF-8."), name)
    firsts = {row[0].strip().lower() for row in rows if row}
    if "survey" in firsts:
        return _by_first_cell(rows)
    return {"survey": named(rows), "choices": [], "settings": []}


def _by_first_cell(rows: list[list[str]]) -> Sheets:
    found: dict[str, list[list[str]]] = {}
    current = ""
    for row in rows[:MOST_ROWS]:
        if row and row[0].strip():
            current = row[0].strip().lower()
            found.setdefault(current, [])
        if current:
            found[current].append(row[1:])
    return {name: named(cells) for name, cells in found.items()}


# --- .xlsx ------------------------------------------------------------------------------------------------------------


def _of_workbook(name: str, content: bytes) -> Sheets:
    text_limit = len(content) > 8 * 1024 * 1024
    if text_limit:
        raise NotReadable(
            phrase("The file is larger than {most} MB. Export only the survey, without its answers.", most=8), name
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _sheets(name, archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, RuntimeError, OSError, ValueError):
        # all that the standard library raises over an archive that is cut short, garbled or locked
        raise _damaged(name)


def _damaged(name: str) -> NotReadable:
    return NotReadable(phrase("The workbook is damaged. Open it, save it again as .xlsx and import that."), name)


def _sheets(name: str, archive: zipfile.ZipFile) -> Sheets:
    shared = [_text(one) for one in _children(_xml(name, archive, "xl/sharedStrings.xml", must=False), "si")]
    targets = {
        one.get("Id", ""): one.get("Target", "")
        for one in _children(_xml(name, archive, "xl/_rels/workbook.xml.rels"), "Relationship")
    }
    found: Sheets = {}
    for sheet in _within(_xml(name, archive, "xl/workbook.xml"), "sheet"):
        title = sheet.get("name", "").strip().lower()
        relation = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), "")
        target = targets.get(relation, "").lstrip("/")
        if title in _NAMES and target:
            path = target if target.startswith("xl/") else f"xl/{target}"
            found[title] = named(list(_rows(_xml(name, archive, path), shared)))
    return found


def _xml(name: str, archive: zipfile.ZipFile, path: str, *, must: bool = True) -> Element:
    """Return one document of the workbook, within its bounds and without a document type."""
    if path not in archive.namelist():
        if must:
            raise _damaged(name)
        return Element("none")
    with archive.open(path) as entry:
        content = entry.read(LARGEST_ENTRY + 1)
    if len(content) > LARGEST_ENTRY:
        raise NotReadable(phrase("The workbook unpacks to far more than a form. Save only the form."), name)
    if not _is_plain(content):
        raise NotReadable(phrase("The workbook holds XML that a form does not need. Save it again as .xlsx."), name)
    try:
        return fromstring(content)  # noqa: S314 - no document type, so no entities; its size is bounded above
    except ParseError:
        raise _damaged(name)


def _is_plain(content: bytes) -> bool:
    """Return whether XML is in UTF-8 and declares nothing, so that it holds no more than can be seen."""
    declared = _ENCODING.match(content[:200])
    if b"\x00" in content[:200] or (declared and declared[1].lower() not in (b"utf-8", b"us-ascii")):
        return False
    return b"<!" not in content.replace(b"<![CDATA[", b"").replace(b"<!--", b"")


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _children(element: Element, tag: str) -> list[Element]:
    return [one for one in element if _local(one) == tag]


def _within(element: Element, tag: str) -> list[Element]:
    return [one for one in element.iter() if _local(one) == tag]


def _text(element: Element) -> str:
    return "".join(one.text or "" for one in element.iter() if _local(one) == "t")


def _rows(sheet: Element, shared: list[str]) -> Iterator[list[str]]:
    for row, _ in zip(_within(sheet, "row"), range(MOST_ROWS), strict=False):
        cells: dict[int, str] = {}
        for n, cell in enumerate(_children(row, "c")):
            at = _column(cell.get("r", ""), n)
            if at < MOST_COLUMNS:
                cells[at] = _cell(cell, shared)
        yield [cells.get(n, "") for n in range(max(cells, default=-1) + 1)]


def _column(reference: str, otherwise: int) -> int:
    found = _LETTERS.fullmatch(reference)
    if not found:
        return otherwise
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return column - 1


def _cell(cell: Element, shared: list[str]) -> str:
    if cell.get("t") == "inlineStr":
        return _text(cell)
    value = next((one.text or "" for one in _children(cell, "v")), "")
    if cell.get("t") == "s":
        return shared[int(value)] if value.isdecimal() and len(value) < 8 and int(value) < len(shared) else ""
    if cell.get("t") == "b":
        return "true" if value == "1" else "false"
    return value.removesuffix(".0") if value.endswith(".0") else value
