"""Claims about calls, the silent and what cases took, on both databases."""

from storage.recoveries import ClockOf

NOON = 1_772_452_800_000
DAY = 86_400_000


def a_task(unit, key="t", **more):
    """A call to Ana, and Bo who may make it; return the ids of Ana, the task and Bo."""
    ana = unit.customers.ensure(1, "ana", NOON)
    bo = unit.staff.by_name(1, "Bo") or unit.staff.add(1, "Bo", "staff", "en", NOON)
    return ana.id, unit.tasks.add(1, "telephone", key, NOON, customer_id=ana.id, **more), bo.id


def a_case(unit, reference="ana", **more):
    """A customer's open case; return it."""
    customer = unit.customers.ensure(1, reference, NOON)
    address = unit.addresses.add(1, "telegram", reference, "customer", NOON, customer_id=customer.id)
    return unit.cases.open(1, customer.id, address.id, "unhappy", "{}", "open", NOON, **more)


def close(unit, case, at, outcome="recovered"):
    unit.cases.save(
        case.id, case.revision, state="{}", stage="closed", owner_id=None, urgent=False, outcome=outcome, closed_at=at
    )


def test_a_call_keeps_what_was_typed_and_what_is_added(unit):
    """The words often come after the buttons; nothing that was typed first may be lost."""
    ana, task, bo = a_task(unit)
    more = {"put_right": False, "question": "satisfaction", "rated_on": "csat 1 5", "rating": 2}
    call = unit.phone_calls.add(1, task, ana, bo, "reached", NOON, **more)
    unit.phone_calls.say(call, "Cold")
    unit.phone_calls.say(call, "and late")
    kept = unit.phone_calls.at(ana, NOON)

    assert (kept.outcome, kept.put_right, kept.rated_on, kept.rating) == ("reached", 0, "csat 1 5", 2)
    assert kept.words == "Cold\nand late"
    assert unit.phone_calls.at(ana, NOON + 1) is None


def test_a_call_belongs_to_the_case_that_came_of_it(unit):
    """So that the case's story holds it."""
    ana, task, bo = a_task(unit)
    case = a_case(unit, "ana")
    call = unit.phone_calls.add(1, task, ana, bo, "reached", NOON)
    unit.phone_calls.belong(call, case.id)

    assert [one.id for one in unit.phone_calls.of_case(case.id)] == [call]


def test_calls_of_a_period_come_page_by_page(unit):
    """A report of a year reads them without holding the database for long."""
    ana, task, bo = a_task(unit)
    for n in range(3):
        unit.phone_calls.add(1, task, ana, bo, "no_answer", NOON + n * DAY)
    first = unit.phone_calls.between(1, NOON, NOON + 2 * DAY, limit=1)
    rest = unit.phone_calls.between(1, NOON, NOON + 2 * DAY, first[0].id)

    assert [call.at for call in (*first, *rest)] == [NOON, NOON + DAY]


def test_a_try_that_failed_counts_until_the_task_is_done(unit):
    """So that nobody is rung a fourth time."""
    _, task, _ = a_task(unit)
    unit.tasks.try_again(task, NOON + DAY)
    unit.tasks.done(task, NOON)
    unit.tasks.try_again(task, NOON + 2 * DAY)
    known = unit.tasks.get(task)

    assert (known.tries, known.not_before) == (1, NOON + DAY)


def test_what_is_to_be_done_about_a_case_is_found_by_the_case(unit):
    """A customer who answers after all makes the call needless."""
    case = a_case(unit)
    first = unit.tasks.add(1, "telephone", "a", NOON, case_id=case.id)
    unit.tasks.add(1, "telephone", "b", NOON, case_id=case.id)
    unit.tasks.done(first, NOON)

    assert [task.dedupe_key for task in unit.tasks.of_case(case.id)] == ["b"]


# --- the silent ------------------------------------------------------------------------------------------------------


def silent(unit, reference, closed_at=NOON, outcome="none", phone="+49 30 1"):
    """A customer who was asked and said nothing; return the invitation's id."""
    customer = unit.customers.ensure(1, reference, NOON)
    unit.customers.reached_by(customer.id, phone, None)
    address = unit.addresses.add(1, "telegram", reference, "customer", NOON, customer_id=customer.id)
    version = unit.surveys.by_key(1, "visit")
    if version is None:
        unit.surveys.publish(1, "visit", "", "d", "service", "folder", NOON)
        version = unit.surveys.by_key(1, "visit")
    talk = unit.conversations.open(
        1, address.id, customer.id, "survey", reference, "{}", NOON, survey_version_id=version.id
    )
    unit.conversations.save(talk.id, 1, "{}", "", outcome, closed_at)
    invitation = unit.invitations.add(1, customer.id, None, version.id, "service", "planned", NOON)
    unit.invitations.decide(invitation.id, "sent", None, NOON, talk.id)
    return invitation.id


def drawn(unit, before=None, span=500):
    newest = unit.silence.newest() if before is None else before
    found = unit.silence.found(1, newest, span, NOON - DAY, NOON + DAY, NOON - 90 * DAY, 100)
    return [one.invitation_id for one in found]


def test_who_said_nothing_in_the_week_is_found(unit):
    """And nobody of another week, who said something, or whom we cannot ring."""
    first = silent(unit, "a")
    silent(unit, "b", closed_at=NOON - 2 * DAY)
    silent(unit, "c", closed_at=NOON + DAY)
    silent(unit, "d", outcome="partial")
    silent(unit, "e", phone=None)
    last = silent(unit, "f")

    assert drawn(unit) == [first, last]


def test_who_has_a_case_or_was_rung_up_lately_is_left_in_peace(unit):
    """An old call is no reason."""
    with_case, rung, rung_long_ago = (silent(unit, name) for name in "abc")
    customers = {name: unit.customers.by_reference(1, name).id for name in "abc"}
    unit.cases.open(1, customers["a"], unit.addresses.at(1, "telegram", "a").id, "unhappy", "{}", "open", NOON)
    for name, at in (("b", NOON - DAY), ("c", NOON - 91 * DAY)):
        task = unit.tasks.add(1, "telephone", name, at, customer_id=customers[name])
        unit.tasks.done(task, at)

    assert drawn(unit) == [rung_long_ago]
    assert with_case != rung


def test_closings_are_read_backwards_a_span_at_a_time(unit):
    """Each span once, until they are older than the week."""
    everybody = [silent(unit, str(n)) for n in range(5)]
    newest = unit.silence.newest()
    spans = [drawn(unit, before, 2) for before in (newest, newest - 2, newest - 4)]

    assert sorted(one for span in spans for one in span) == everybody
    assert unit.silence.reaches_back(newest, 2, NOON)
    assert not unit.silence.reaches_back(newest, 2, NOON + 1)
    assert not unit.silence.reaches_back(1, 2, NOON)


# --- what cases took -------------------------------------------------------------------------------------------------


def test_what_a_case_took_is_kept_bit_by_bit(unit):
    """Each turn knows one thing more, and takes nothing back that another knew."""
    case = a_case(unit)
    unit.cases.keep_effect(case.id, first_contact_at=NOON + 1, contacts=1)
    unit.cases.keep_effect(case.id, contacts=2, on_the_spot=True, rating_after=4, rating_after_on="csat 1 5")
    unit.cases.keep_effect(case.id, told_by="customer")
    known = unit.cases.get(case.id)

    assert (known.first_contact_at, known.contacts, known.on_the_spot) == (NOON + 1, 2, 1)
    assert (known.rating_after, known.rating_after_on, known.told_by) == (4, "csat 1 5", "customer")
    assert known.revision == case.revision


def test_closed_cases_come_in_the_order_of_their_ends(unit):
    """Two of one moment, too, and page by page; what is open or of another time is not among them."""
    at = {"a": NOON + 3, "b": NOON + 1, "c": NOON + 3, "d": NOON + DAY}
    for name, ended in at.items():
        close(unit, a_case(unit, name), ended)
    a_case(unit, "e")
    page = unit.recoveries.closed(1, NOON, NOON + DAY, limit=2)
    rest = unit.recoveries.closed(1, NOON, NOON + DAY, (page[-1].closed_at, page[-1].id))

    assert [case.closed_at for case in (*page, *rest)] == [NOON + 1, NOON + 3, NOON + 3]
    assert len({case.id for case in (*page, *rest)}) == 3
    assert {case.spent for case in page} == {0}


def test_an_open_case_is_told_with_all_that_brings_it_up_again(unit):
    """Its tasks, its planned follow-up, its clocks."""
    case = a_case(unit)
    unit.tasks.add(1, "telephone", "t", NOON, case_id=case.id)
    unit.due.add(1, "follow_up", case.id, f"follow_up:{case.id}:{NOON}", NOON)
    clock = unit.clocks.begin(case.id, "resolve", "{}", "{}", "running", NOON + DAY)
    unit.due.add(1, "clock", clock.id, f"clock:{clock.id}:{NOON}", NOON + 1)
    unit.due.add(1, "expire", case.id, "expire:1", NOON)
    [known] = unit.recoveries.unfinished(1)

    assert (known.id, known.asked, known.calls) == (case.id, 0, 1)
    assert sorted((due.case_id, due.due_at) for due in unit.recoveries.planned(1)) == [
        (case.id, NOON),
        (case.id, NOON + 1),
    ]
    assert unit.recoveries.clocks(1) == [ClockOf(case.id, "resolve", "running", NOON + DAY)]
    assert unit.recoveries.unfinished(1, case.id) == []


def test_an_end_without_an_outcome_is_counted(unit):
    """There must be none."""
    close(unit, a_case(unit, "a"), NOON)
    close(unit, a_case(unit, "b"), NOON, outcome=None)

    assert unit.recoveries.without_outcome(1) == 1
