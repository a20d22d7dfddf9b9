"""The rate table: counted as it is said, and published as the command prints it."""

import json
from pathlib import Path

import pytest

from bot.cli.exchange import _definitions, table
from conversations.importing.rates import Counting, Rate, total

CORPUS = Path(__file__).resolve().parents[4] / "shared" / "corpus"
BEGINS, ENDS = "<!-- rates -->\n", "<!-- end of rates -->"


def counted(path: Path) -> list[Rate]:
    peers: dict[str, Counting] = {}
    for peer, file in _definitions(path):
        peers.setdefault(peer, Counting(peer)).add(file.name, file.read_bytes())
    return [counting.rate for counting in peers.values()]


@pytest.fixture(scope="module")
def rates() -> list[Rate]:
    """The rates of the collection, which is other people's work and lies outside the project."""
    if not CORPUS.is_dir():
        pytest.skip("the collection of definitions is not here")
    return counted(CORPUS)


def test_the_published_table_is_what_the_command_prints(rates, root):
    """A rate that is written by hand is a wish."""
    page = (root / "docs" / "import.md").read_text("utf-8")
    published = page.partition(BEGINS)[2].partition(ENDS)[0]

    assert published.strip() == "\n".join(table(rates, "en"))


def test_nearly_all_definitions_become_surveys(rates):
    """Ninety-five in a hundred is what was aimed at; each is rehearsed on every branch."""
    together = total(rates, "all")

    assert together.share is not None
    assert together.share >= 0.95
    assert together.rehearsed == together.converted


def test_every_definition_of_a_file_counts(tmp_path):
    """Exports hold several flows; what only pays is counted apart, and a file of another kind too."""
    asks = {"uuid": "a", "actions": [{"type": "send_msg", "text": "Why?"}],
            "router": {"type": "switch", "wait": {"type": "msg"}, "result_name": "Why", "operand": "@input.text",
                       "categories": [{"uuid": "c", "name": "All", "exit_uuid": "x"}], "default_category_uuid": "c"},
            "exits": [{"uuid": "x"}]}  # fmt: skip
    pays = {"uuid": "b", "actions": [{"type": "transfer_airtime"}], "exits": []}
    flows = [{"name": "Asks", "language": "eng", "nodes": [asks]}, {"name": "Pays", "nodes": [pays]}]
    counting = Counting("peer")
    counting.add("flows.json", json.dumps({"flows": flows}).encode())
    counting.add("other.json", b"[]")
    rate = counting.rate

    assert (rate.files, rate.definitions, rate.empty, rate.unread, rate.rehearsed) == (2, 1, 1, 1, 1)
    assert rate.share == 1.0


def test_without_a_definition_there_is_no_rate():
    """Unknown, not zero."""
    assert Rate("peer").share is None
