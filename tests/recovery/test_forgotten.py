"""Claims about who is forgotten: nothing is, as long as something will bring it back."""

import pytest

from recovery import cases, forgotten
from recovery.forgotten import Known, Running

NOW = 1_772_452_800_000
HOUR = 3_600_000


@pytest.mark.parametrize(
    ("case", "known", "reason"),
    [
        (cases.Case(stage="closed", outcome="recovered"), Known(), None),
        (cases.Case(stage="closed"), Known(), "no_outcome"),
        (cases.Case(stage="resolved"), Known(planned=(NOW + HOUR,)), None),
        (cases.Case(stage="resolved"), Known(asked=True), None),
        (cases.Case(stage="resolved"), Known(calls=1), None),
        (cases.Case(stage="resolved"), Known(), "nobody_asks"),
        (cases.Case(stage="open"), Known(planned=(NOW + HOUR,)), None),
        (cases.Case(stage="taken", owner=1), Known(calls=1), None),
        (cases.Case(stage="taken", owner=1), Known(), "nobody_looks"),
        (cases.Case(stage="open"), Known(planned=(NOW - HOUR,)), None),
        (cases.Case(stage="settled", outcome="recovered"), Known(calls=1), None),
        (cases.Case(stage="settled", outcome="recovered"), Known(), "no_cause"),
    ],
)
def test_a_case_is_forgotten_when_nothing_brings_it_back(case, known, reason):
    """An owner alone is none: people fall ill, and then nothing would ever tell anybody."""
    assert forgotten.forgotten(case, known) == reason


def test_a_promise_that_is_over_is_late_and_not_forgotten():
    """Somebody knows of it and was told; that is another failing than not knowing."""
    known = Known(
        clocks=(Running("resolve", "breached", NOW - HOUR), Running("first_contact", "running", NOW + HOUR)),
        planned=(NOW + HOUR,),
    )
    case = cases.Case(stage="taken", owner=1)

    assert forgotten.forgotten(case, known) is None
    assert forgotten.late(case, known, NOW) == ("resolve",)


def test_a_clock_that_ran_out_unseen_is_late_as_well():
    """Whether or not its row was looked at since."""
    known = Known(clocks=(Running("resolve", "running", NOW - 1),))

    assert forgotten.late(cases.Case(stage="open"), known, NOW) == ("resolve",)


def test_nothing_is_late_in_a_case_that_is_over():
    """What it took is in the reports."""
    known = Known(clocks=(Running("resolve", "breached", NOW - 1),))

    assert forgotten.late(cases.Case(stage="closed", outcome="recovered"), known, NOW) == ()
