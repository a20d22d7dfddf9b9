"""The business's own times: which target holds for a case, and who is told when it runs out."""

from datetime import timedelta

from recovery.clocks import Target
from recovery.timing import Timing

TIMING = Timing()
HOUR = timedelta(hours=1)


def spans(*named, severity=2, **more):
    return {target.owed: target.allowed for target in TIMING.targets(named, severity, **more)}


def test_every_case_has_two_targets_of_ours():
    """Whatever a plan says or leaves out: somebody gets in touch, and it is put right."""
    assert spans() == {"first_contact": HOUR, "resolve": 16 * HOUR}
    assert spans(severity=4) == {"first_contact": HOUR / 4, "resolve": 4 * HOUR}


def test_a_plan_names_its_own():
    """In the order in which they are owed, with a clock for each step that has a time."""
    named = spans(Target("resolve", 8 * HOUR), Target("empathy", 2 * HOUR), Target("acknowledge", HOUR / 2))

    assert list(named.items()) == [
        ("acknowledge", HOUR / 2),
        ("first_contact", HOUR),
        ("empathy", 2 * HOUR),
        ("resolve", 8 * HOUR),
    ]


def test_what_is_urgent_has_the_shorter_of_the_two():
    """A leisurely plan is no excuse, and a strict one stays strict."""
    named = spans(Target("first_contact", 3 * HOUR), Target("resolve", HOUR), severity=4)

    assert named == {"first_contact": HOUR / 4, "resolve": HOUR}


def test_only_what_is_urgent_runs_around_the_clock():
    """Nobody is woken for what can wait until morning."""
    urgent, usual = (TIMING.targets((), severity, around_the_clock=True) for severity in (4, 3))

    assert {target.around_the_clock for target in urgent} == {True}
    assert {target.around_the_clock for target in usual} == {False}


def test_what_is_urgent_is_told_at_once_and_its_supervisors_before_it_is_too_late():
    """The ladder of what is grave begins with the case, not with its warning."""
    rungs = TIMING.ladder("first_contact", 4).rungs

    assert (rungs[0].who, rungs[0].when, rungs[0].patience) == ("person", "started", timedelta(minutes=5))
    assert [rung.when for rung in rungs if rung.who == "supervisor"] == ["warned"]


def test_who_works_alone_is_asked_for_no_answer():
    """There is nobody to turn to, so nobody is turned to before the time is over."""
    patience = {rung.patience for rung in TIMING.ladder("first_contact", 4, alone=True).rungs}

    assert patience == {timedelta(days=365)}


def test_the_ladder_has_the_times_of_the_settings():
    """What is written there holds for the supervisors and the managers, and for everybody's patience."""
    timing = Timing(unanswered=timedelta(minutes=7), supervisor=2 * HOUR, manager=3 * HOUR)
    rungs = {rung.who: rung for rung in timing.ladder("resolve", 2).rungs}

    assert (rungs["supervisor"].later, rungs["manager"].later) == (2 * HOUR, 3 * HOUR)
    assert {rung.patience for rung in rungs.values()} == {timedelta(minutes=7)}
