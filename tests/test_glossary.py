"""The glossary is what the screens say: in each language one word for one thing."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.catalogues import TRANSLATED, said, translated

EVERYDAY: Final = {
    *("answer", "business", "closed", "kept", "key", "message", "not put right", "place", "question", "taken")
}
"""Terms that our sentences also use as ordinary words: "the question before", "nobody has taken it"."""

Glossary = dict[str, tuple[str, ...]]


@pytest.fixture(scope="module")
def glossary(root: Path) -> Glossary:
    """Each English term with its words, in the order of the columns."""
    lines = (root / "docs" / "glossary.md").read_text("utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    return {row[0]: tuple(row[1:3]) for row in rows if row[0] != "English"}


@pytest.fixture(scope="module")
def sentences(root: Path) -> dict[str, str]:
    """Every sentence of ours, found in the code once."""
    return dict.fromkeys(said(root), "")


def speaking_of(term: str, sentences: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The sentences that use a term, alone or with an s, with their translations; "in case" is no case."""
    used = re.compile(rf"(?<!in )\b{re.escape(term)}s?\b", re.IGNORECASE)
    for sentence, translation in sentences.items():
        if used.search(re.sub(r"\{\w+\}", "", sentence)):
            yield sentence, translation


@pytest.mark.parametrize(("column", "locale"), list(enumerate(TRANSLATED)))
def test_a_screen_uses_the_words_of_the_glossary(root, glossary, column, locale):
    """A case that is 个案 here and 工单 there is two things to whoever reads it."""
    known = translated(root, locale)

    assert [
        (term, translation)
        for term in glossary.keys() - EVERYDAY
        for _, translation in speaking_of(term, known)
        if translation and glossary[term][column] not in translation
    ] == []


@pytest.mark.parametrize(
    "term", ["case", "customer", "staff member", "colleague", "follow-up", "rating", "root cause", "recovered"]
)
def test_the_words_that_matter_are_on_the_screens(sentences, glossary, term):
    """Comparing words that nobody says would prove nothing."""
    assert term in glossary
    assert list(speaking_of(term, sentences)) != []


def test_each_term_is_explained_once_in_every_language(root, glossary):
    """A word with two rows has two meanings, one with an empty cell none."""
    text = (root / "docs" / "glossary.md").read_text("utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ") and not line.startswith("| English")]

    assert len(rows) == len(glossary)
    assert [row for row in rows if any(not cell.strip() for cell in row.strip("|").split("|"))] == []
