"""`makegood responses export`: everything answered, nothing run by the program that opens it."""

import csv
import io
import json
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import Config
from bot.settings.sections import Storage
from bot.sheets import Sheet, cell
from storage.database import Database
from storage.unit import Unit

NOW = 1_772_445_600_000
WORDS = '=HYPERLINK("http://x","y")\nand, "more" 中文'


@pytest.fixture
async def answered(place) -> Path:
    """One conversation with two answers, a formula among them."""
    config = Config(storage=Storage(folder=place / "data"))
    config.folder.mkdir()
    database = await Database.open(config.database)

    def work(unit: Unit) -> None:
        customer = unit.customers.ensure(1, "=c-9", NOW, "Ana")
        address = unit.addresses.add(1, "webchat", "w1", "customer", NOW, customer_id=customer.id)
        talk = unit.conversations.open(1, address.id, customer.id, "survey", "seed", "{}", NOW)
        chain = unit.answers.add(talk.id, "satisfaction", "answer", "csat", 5, None, "5", NOW, "")
        unit.answers.add(talk.id, "reason", "answer", "text", None, WORDS, WORDS, NOW + 86_400_000, chain)

        for shown, question in (("ab/first", "reason"), ("cd/second", "reason"), ("ef/unkept", "satisfaction")):
            media_id = unit.media.want(1, "telegram", "7", "photo", shown, NOW + 1000)
            unit.media.answers([media_id], talk.id, question)
            unit.media.claim(NOW + 1000, NOW + 2000, [shown])
            if "unkept" not in shown:
                unit.media.kept(media_id, "image/jpeg", 5, "digest")

    await database.run(work)
    await database.close()
    return config.database


def test_what_was_shown_is_named_beside_its_answer(makegood, answered):
    """Where it lies below the media folder; of what is not kept there is nothing to name."""
    lines = [json.loads(line) for line in makegood("responses", "export", "--format", "jsonl").out.splitlines()]
    table = list(csv.DictReader(io.StringIO(makegood("responses", "export").out, newline="")))

    assert [line["files"] for line in lines] == [[], ["ab/first", "cd/second"]]
    assert [line["files"] for line in table] == ["", "ab/first cd/second"]


def test_a_table_has_a_line_for_each_answer(makegood, answered):
    """The words come back whole, with an apostrophe that keeps them words."""
    told = makegood("responses", "export")
    assert told.code == 0, told.err
    first, second = csv.DictReader(io.StringIO(told.out, newline=""))

    assert (first["number"], first["at"], first["customer"]) == ("5", "2026-03-02T10:00:00.000Z", "'=c-9")
    assert second["text"] == f"'{WORDS}"


def test_lines_of_json_hold_the_words_as_they_are(makegood, answered):
    """No spreadsheet opens these, and a program wants what was written."""
    told = makegood("responses", "export", "--format", "jsonl")
    second = json.loads(told.out.splitlines()[1])

    assert (second["text"], second["current"], second["number"]) == (WORDS, True, None)


def test_a_file_is_for_its_owner_alone(makegood, answered, place):
    """It holds what customers wrote."""
    told = makegood("responses", "export", "--output", "answers.csv", "--bom", "--since", "2026-03-03")

    content = (place / "answers.csv").read_bytes()
    assert (told.code, told.err) == (0, "1 answer exported.\n")
    assert stat.S_IMODE((place / "answers.csv").stat().st_mode) == 0o600
    assert content.startswith("\ufeffid,".encode())
    assert b"\r\n" in content
    assert not (place / "answers.csv.part").exists()


def test_a_wrong_day_is_told_so(makegood, answered):
    """An empty export would look like an answer."""
    told = makegood("responses", "export", "--since", "yesterday")

    assert (told.code, "write a day such as 2026-03-01" in told.err) == (2, True)


RISKY = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\0=1", "＝1", "＋1", "－1", "＠x", " =1", "\u3000=1"]


@pytest.mark.parametrize("text", RISKY)
def test_a_text_that_begins_like_a_formula_stays_text(text):
    """The program that opens the table would run it, with the rights of whoever opened it."""
    assert cell(text).startswith("'")


@pytest.mark.parametrize(
    ("value", "shown"), [(None, ""), (-5, "-5"), (True, "true"), ("five", "five"), ("五星", "五星")]
)
def test_what_is_harmless_stays_as_it_is(value, shown):
    """A figure with an apostrophe is no figure any more."""
    assert cell(value) == shown


@given(st.lists(st.text(), min_size=1, max_size=5))
def test_a_table_reads_back_as_it_was_written(texts):
    """Whatever quotes, commas and line ends people write; only the guard and NUL differ."""
    out = io.StringIO(newline="")
    Sheet(out).write(texts)
    [row] = csv.reader(io.StringIO(out.getvalue(), newline=""), strict=True)

    assert row == [cell(text) for text in texts]
    assert all(
        text.replace("\0", "") == shown.removeprefix("'") or text == shown
        for text, shown in zip(texts, row, strict=True)
    )
