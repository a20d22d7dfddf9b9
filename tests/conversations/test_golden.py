"""Claims about surveys published long ago."""

from pathlib import Path

import msgspec
import pytest

from conversations.reading import read
from conversations.surveys import Survey

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("name", ["survey_1", "survey_more_kinds_1", "survey_experiment_1"])
def test_a_survey_of_format_1_is_read_as_it_always_was(name):
    """A conversation goes on with the version it began with, also after an upgrade in between."""
    survey = read((GOLDEN / f"{name}.toml").read_text("utf-8"))

    assert survey == msgspec.json.decode((GOLDEN / f"{name}.json").read_bytes(), type=Survey)
