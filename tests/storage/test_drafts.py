"""Revisions of drafts, on both databases: which are forgotten, and which stay."""

NOON = 1_772_452_800_000


def write(unit, key: str, count: int, at: int = NOON) -> None:
    """Some more revisions of the draft of a survey."""
    for number in range(unit.drafts.last(1, key) + 1, unit.drafts.last(1, key) + 1 + count):
        unit.drafts.add(1, key, number, f"text {number}", "staff:1", "", at, based_on=None)


def left(unit, key: str) -> list[int]:
    rows = unit.execute("SELECT revision FROM draft WHERE key = :key ORDER BY revision", {"key": key}).fetchall()
    return [int(row[0]) for row in rows]


def test_drafts_with_many_old_revisions_are_found(unit):
    """The nightly tidying looks at nothing else."""
    write(unit, "long", 4)
    write(unit, "short", 3)
    write(unit, "young", 4, NOON + 1)
    write(unit, "ended", 4)
    unit.drafts.end(1, "ended", NOON)

    assert [(one.brand_id, one.key) for one in unit.drafts.crowded(NOON + 1, 3)] == [(1, "long")]


def test_revisions_are_forgotten_from_one_to_another(unit):
    write(unit, "visit", 5)

    assert unit.drafts.forget(1, "visit", 2, 3) == 2
    assert left(unit, "visit") == [1, 4, 5]


def test_of_a_published_draft_the_last_revision_stays(unit):
    """The version has its text; the numbers of a next draft go on from it."""
    write(unit, "visit", 4)
    unit.surveys.publish(1, "visit", "text 4", "digest", "service", "editor", NOON)
    unit.drafts.end(1, "visit", NOON)

    assert unit.drafts.forget_ended(NOON, 10) == 0
    assert (unit.drafts.forget_ended(NOON + 1, 2), left(unit, "visit")) == (2, [3, 4])
    assert (unit.drafts.forget_ended(NOON + 1, 2), left(unit, "visit")) == (1, [4])


def test_a_draft_that_was_thrown_away_keeps_its_steps_until_another_is_begun(unit):
    """It can be brought back with all of them until then."""
    write(unit, "visit", 3)
    unit.drafts.end(1, "visit", NOON)
    first = (unit.drafts.forget_ended(NOON + 1, 10), left(unit, "visit"))
    write(unit, "visit", 2)
    second = (unit.drafts.forget_ended(NOON + 1, 10), left(unit, "visit"))

    assert first == (0, [1, 2, 3])
    assert second == (2, [3, 4, 5])
