"""A survey file changed at a place keeps everything else: values, order, comments, empty lines."""

import tomllib
from importlib import resources
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from conversations.tables import Table, read_table, written

COMMENTED = """\
# What guests say.
# By Ana.

format = 1  # one

key = "stay" # the name
remind = [ # in order
    "1h", # soon
    # then
    "2h",
] # done
apology.en = "x"  # mild

[thanks] # said last
# politely
en = "Thank you"

# The first.
[[question]] # asked always
# its name
key = "q"
options = [
    # the usual
    { key = "a", label.en = "A" }, # often
    { key = "b", label = { en = "B" } }, # rarely
    # no more
]
text.en = "How?"

[[question.branch]] # away
to = "end"
# The end.
"""

SHIPPED = sorted(
    (file for file in (resources.files("conversations") / "library").iterdir() if file.name.endswith(".toml")),
    key=lambda file: file.name,
)

TEXTS = st.text(st.characters(codec="utf-8"), max_size=40)
KEYS = st.one_of(st.sampled_from(["key", "text", "options", "zh-Hans"]), TEXTS.filter(bool))
SCALARS = st.one_of(
    TEXTS, st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False), st.dates(), st.times()
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=12,
)
TABLES = st.dictionaries(
    st.one_of(KEYS, st.sampled_from(["question", "branch", "variant"])),
    st.one_of(VALUES, st.lists(st.dictionaries(KEYS, VALUES, max_size=3), min_size=1, max_size=3)),
    max_size=5,
)


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.name)
def test_what_nobody_changes_stays_letter_for_letter(file: Any) -> None:
    """An editor that reformats a file makes its owner read every line again."""
    source = file.read_text(encoding="utf-8")
    assert written(read_table(source)) == source


def test_every_comment_is_still_there() -> None:
    """Whoever wrote them may need them; a comment inside a list that becomes one line stands above it."""
    again = written(read_table(COMMENTED))
    said = [line.partition("#")[2].strip() for line in COMMENTED.splitlines() if "#" in line]
    assert sorted(line.partition("#")[2].strip() for line in again.splitlines() if "#" in line) == sorted(said)
    assert tomllib.loads(again) == tomllib.loads(COMMENTED)
    assert written(read_table(again)) == again


@given(TABLES)
def test_every_table_is_read_back(values: dict[str, Any]) -> None:
    """Whatever an editor or an import puts into a table, the file says the same."""
    assert tomllib.loads(written(Table(values))) == _plain(values)


@given(TEXTS)
@example('of\nthree """')
@example('of\nboth \\"')
def test_every_text_is_read_back(text: str) -> None:
    """Quotes, backslashes, lines and signs that nobody sees: what a customer is told stays as it was written."""
    source = written(Table({"text": {"en": text}}))
    assert tomllib.loads(source) == {"text": {"en": text}}
    assert read_table(source) == {"text": {"en": text}}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list) else value
