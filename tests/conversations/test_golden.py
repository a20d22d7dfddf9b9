"""Claims about surveys published long ago."""

from pathlib import Path

import msgspec

from conversations.reading import read
from conversations.surveys import Survey

GOLDEN = Path(__file__).parent / "golden"


def test_a_survey_of_format_1_is_read_as_it_always_was():
    """A conversation goes on with the version it began with, also after an upgrade in between."""
    survey = read((GOLDEN / "survey_1.toml").read_text("utf-8"))

    assert survey == msgspec.json.decode((GOLDEN / "survey_1.json").read_bytes(), type=Survey)
