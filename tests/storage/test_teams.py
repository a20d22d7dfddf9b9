"""Teams, calendars, clocks and who was given what, on both databases."""

from recovery import cases

NOON = 1_772_452_800_000
DAY = 86_400_000


def a_case(unit, reference, *, stage="open", owner=None, assignee=None, severity=2):
    """A case of a customer of that name; return its id."""
    customer = unit.customers.ensure(1, reference, NOON)
    address = unit.addresses.add(1, "telegram", reference, "customer", NOON, customer_id=customer.id)
    state = cases.save(cases.Case())
    case = unit.cases.open(1, customer.id, address.id, "unhappy", state, "open", NOON, severity=severity)
    if assignee is not None:
        unit.assignments.add(case.id, assignee, None, "makegood", "", NOON)
    if stage != "open" or owner is not None:
        closed = NOON if stage == "closed" else None
        unit.cases.save(case.id, 1, state=state, stage=stage, owner_id=owner, urgent=False, closed_at=closed)
    return case.id


def test_a_team_of_a_name_is_there_once_and_comes_back(unit):
    """A team that was ended and is wanted again is the same one, with its past."""
    first = unit.teams.add(1, "Repairs", NOON)
    twice = unit.teams.add(1, "Repairs", NOON)
    unit.teams.remove(first.id, NOON + 1)
    gone = unit.teams.by_name(1, "Repairs")
    back = unit.teams.add(1, "Repairs", NOON + 2)

    assert (twice, gone, back.id, back.removed_at) == (None, None, first.id, None)


def test_with_a_team_its_people_and_open_cases_are_everybodys(unit):
    """What belongs to a team that is not there would be seen by nobody."""
    team = unit.teams.add(1, "Repairs", NOON)
    bo = unit.staff.add(1, "Bo", "staff", "en", NOON)
    unit.execute("UPDATE staff_member SET team_id = :team WHERE id = :id", {"team": team.id, "id": bo.id})
    case = a_case(unit, "ana")
    unit.assignments.add(case, bo.id, team.id, "makegood", "", NOON)
    unit.teams.remove(team.id, NOON)

    assert (unit.staff.get(bo.id).team_id, unit.cases.get(case).team_id) == (None, None)


def test_a_calendar_has_one_edition_that_holds(unit):
    """The same again is no new edition; another one ends it, and both are kept."""
    first = unit.calendars.put(1, "shop", "{}", NOON)
    same = unit.calendars.put(1, "shop", "{}", NOON + 1)
    other = unit.calendars.put(1, "shop", '{"zone": "UTC"}', NOON + 2)

    assert (same.id, unit.calendars.by_key(1, "shop").id) == (first.id, other.id)
    assert (unit.calendars.get(first.id).until_at, unit.calendars.get(other.id).until_at) == (NOON + 2, None)
    assert [one.id for one in unit.calendars.listing(1)] == [other.id]


def test_a_calendar_of_another_key_is_the_same_edition(unit):
    """Whoever works by it still does, and the clocks that run by its edition notice nothing."""
    shop = unit.calendars.put(1, "shop", "{}", NOON)
    late = unit.calendars.put(1, "late", "{}", NOON)
    team = unit.teams.add(1, "Repairs", NOON)
    bo, eva = (unit.staff.add(1, name, "staff", "en", NOON) for name in ("Bo", "Eva"))
    unit.execute("UPDATE team SET calendar = 'shop' WHERE id = :id", {"id": team.id})
    unit.execute("UPDATE staff_member SET calendar = 'shop' WHERE id = :id", {"id": bo.id})
    unit.execute("UPDATE staff_member SET calendar = 'late' WHERE id = :id", {"id": eva.id})
    unit.calendars.rename(1, "shop", "early")

    assert (unit.calendars.by_key(1, "early").id, unit.calendars.by_key(1, "shop")) == (shop.id, None)
    assert unit.calendars.users(1, "early") == [bo.name, team.name]
    assert (unit.calendars.by_key(1, "late").id, unit.calendars.users(1, "late")) == (late.id, [eva.name])


def test_whoever_works_by_a_calendar_is_moved(unit):
    """To another one, or to none of their own."""
    unit.calendars.put(1, "shop", "{}", NOON)
    team = unit.teams.add(1, "Repairs", NOON)
    bo = unit.staff.add(1, "Bo", "staff", "en", NOON)
    unit.execute("UPDATE team SET calendar = 'shop' WHERE id = :id", {"id": team.id})
    unit.execute("UPDATE staff_member SET calendar = 'shop' WHERE id = :id", {"id": bo.id})
    unit.calendars.move(1, "shop", "late")
    moved = (unit.teams.get(team.id).calendar, unit.staff.get(bo.id).calendar)
    unit.calendars.move(1, "late", None)

    assert moved == ("late", "late")
    assert (unit.teams.get(team.id).calendar, unit.staff.get(bo.id).calendar) == (None, None)


def test_a_removed_team_keeps_its_name(unit):
    """Its past stands under it, so no other team may be called so."""
    team = unit.teams.add(1, "Repairs", NOON)
    unit.teams.remove(team.id, NOON + 1)

    assert (unit.teams.by_name(1, "Repairs"), unit.teams.ever_named(1, "Repairs").id) == (None, team.id)
    assert unit.teams.ever_named(1, "Nobody") is None


def test_open_cases_of_a_team_are_counted(unit):
    """Those that are closed concern nobody when the team ends."""
    team = unit.teams.add(1, "Repairs", NOON)
    for name, stage in (("ana", "open"), ("eve", "closed")):
        case = a_case(unit, name, stage=stage)
        unit.execute("UPDATE recovery_case SET team_id = :team WHERE id = :id", {"team": team.id, "id": case})

    assert unit.teams.open_cases(team.id) == 1


def test_who_works_by_a_calendar(unit):
    """People and teams, but for those who are not here any more."""
    team = unit.teams.add(1, "Repairs", NOON)
    bo, gone = (unit.staff.add(1, name, "staff", "en", NOON) for name in ("Bo", "Gone"))
    unit.execute("UPDATE team SET calendar = 'shop' WHERE id = :id", {"id": team.id})
    unit.execute("UPDATE staff_member SET calendar = 'shop'")
    unit.staff.remove(gone.id, NOON)

    assert unit.calendars.users(1, "shop") == [bo.name, team.name]


def test_a_clock_that_begins_anew_takes_the_place_of_the_old(unit):
    """A case has one clock of each kind, also after it was opened again."""
    case = a_case(unit, "ana")
    first = unit.clocks.begin(case, "resolve", "{}", "{}", "running", NOON)
    again = unit.clocks.begin(case, "resolve", '{"a":1}', "{}", "running", NOON + 1)

    assert (first.id, again.due_at, len(unit.clocks.of(case))) == (again.id, NOON + 1, 1)
    assert [row.id for row in unit.clocks.of_open_cases(1)] == [first.id]


def test_how_much_everybody_has_to_do(unit):
    """A case is its owner's, else whose it was given to; what waits for the customer or is over weighs nothing."""
    bo, eva = (unit.staff.add(1, name, "staff", "en", NOON) for name in ("Bo", "Eva"))
    a_case(unit, "given", assignee=bo.id, severity=3)
    a_case(unit, "taken", stage="taken", owner=eva.id, assignee=bo.id, severity=4)
    a_case(unit, "resolved", stage="resolved", owner=eva.id, assignee=eva.id)
    a_case(unit, "closed", stage="closed", owner=eva.id, assignee=eva.id)

    assert unit.assignments.loads(1) == {bo.id: 3, eva.id: 4}
    assert unit.assignments.given_since(1, NOON) == {bo.id: 7, eva.id: 4}
    assert unit.assignments.given_since(1, NOON + 1) == {}
    assert len(unit.cases.held_by(bo.id)) == 2


def test_a_case_is_given_and_the_giving_is_kept(unit):
    """The case names who has it now, the record who had it before."""
    bo, eva = (unit.staff.add(1, name, "staff", "en", NOON) for name in ("Bo", "Eva"))
    case = a_case(unit, "ana", assignee=bo.id)
    unit.assignments.add(case, eva.id, None, "staff:1", "", NOON + 5)
    unit.assignments.add(case, None, None, "makegood", "{}", NOON + 6)

    assert unit.cases.get(case).assignee_id is None
    assert [line.staff_member_id for line in unit.assignments.of(case)] == [bo.id, eva.id, None]
    assert unit.assignments.newest(case).choice == "{}"
    assert unit.staff.get(eva.id).given_at == NOON + 5
