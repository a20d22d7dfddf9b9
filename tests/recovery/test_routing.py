"""Claims about who gets a case, why, and that equals share evenly."""

import sys
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.phrases import say
from recovery.calendars import Calendar, office
from recovery.routing import URGENT, Candidate, Choice, Needs, choose
from tests.recovery.calendar_cases import at

TUESDAY = at("2026-03-03 10:00 +01:00")
NIGHT = at("2026-03-02 22:40 +01:00")
BERLIN, SHANGHAI = office("Europe/Berlin"), office("Asia/Shanghai")

ANA = Candidate(1, "Ana", frozenset({"repair", "billing"}), frozenset({"north"}), frozenset({"en", "zh"}))
BO = Candidate(2, "Bo", frozenset({"repair"}), frozenset({"north"}), frozenset({"en"}))
CY = Candidate(3, "Cy", frozenset({"repair"}), frozenset({"south"}), frozenset({"en"}))
REPAIR = Needs(skill="repair", area="north", language="zh")


def said(choice: Choice, candidate: int) -> list[str]:
    """The reasons for one candidate, in English."""
    [reason] = [reason for reason in choice.reasons if reason.candidate == candidate]
    return [say(why, "en") for why in reason.why]


# --- who ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("needs", "candidates", "chosen", "step"),
    [
        (REPAIR, (ANA, BO, CY), 1, "fits"),
        (REPAIR, (BO, CY), 2, "other_language"),
        (REPAIR, (CY,), 3, "other_area"),
        (replace(REPAIR, skill="billing"), (BO, CY), None, "team"),
        (REPAIR, (replace(ANA, present=False), BO), 2, "other_language"),
        (REPAIR, (replace(ANA, load=20), BO), 2, "other_language"),
        (REPAIR, (replace(ANA, load=20),), None, "team"),
        (replace(REPAIR, severity=URGENT), (replace(ANA, load=20),), 1, "overloaded"),
        (replace(REPAIR, excluded=frozenset({1})), (ANA,), None, "team"),
        (replace(REPAIR, another_person=True), (replace(ANA, knows_it=True), BO), 2, "other_language"),
        (replace(REPAIR, another_person=True), (replace(ANA, knows_it=True),), 1, "same_person"),
        (REPAIR, (), None, "team"),
        (Needs(), (BO, CY), 2, "fits"),
        (REPAIR, (replace(ANA, areas=frozenset()),), 1, "fits"),
        (Needs(severity=URGENT), (replace(BO, limit=3),), 2, "fits"),
        (Needs(), (replace(BO, limit=0),), None, "team"),
        (Needs(), (replace(BO, knows_it=True, load=9), CY), 2, "fits"),
        (Needs(), (replace(BO, load=4), replace(CY, load=3)), 3, "fits"),
        (Needs(), (replace(BO, load=4), replace(CY, load=3, limit=10)), 2, "fits"),
        (Needs(), (replace(BO, given_at=9), replace(CY, given_at=8)), 3, "fits"),
        (Needs(), (replace(BO, given_at=9), CY), 3, "fits"),
    ],
)
def test_a_case_goes_where_the_steps_lead(
    needs: Needs, candidates: tuple[Candidate, ...], chosen: int | None, step: str
):
    """The list at the top of the module, step by step."""
    choice = choose(needs, candidates, TUESDAY)

    assert (choice.candidate, choice.step) == (chosen, step)


def test_at_night_the_case_waits_for_whoever_comes_first():
    """Shanghai opens before Berlin; the customer hears when somebody will be there."""
    here, there = replace(ANA, calendar=BERLIN), replace(BO, calendar=SHANGHAI)
    choice = choose(REPAIR, (here, there), NIGHT)

    assert (choice.candidate, choice.step, choice.at) == (2, "comes_first", at("2026-03-03 09:00 +08:00"))


def test_whoever_is_on_duty_at_night_has_it():
    """A complaint at 22:40 does not wait for the morning where somebody is there."""
    choice = choose(REPAIR, (replace(ANA, calendar=BERLIN), BO), NIGHT)

    assert (choice.candidate, choice.step, choice.at) == (2, "other_language", None)


def test_who_is_away_is_not_waited_for():
    """Nobody knows when they come back, whatever their calendar says."""
    choice = choose(REPAIR, (replace(ANA, calendar=BERLIN, present=False),), NIGHT)

    assert choice.step == "team"


def test_whose_calendar_never_opens_is_not_waited_for():
    """A case would lie there for ever."""
    never = Calendar("Europe/Berlin", ((), (), (), (), (), (), ()))

    assert choose(REPAIR, (replace(ANA, calendar=never),), NIGHT).step == "team"


def test_after_reopening_the_same_person_is_waited_for_only_where_there_is_nobody_else():
    """Somebody new in the morning is better than the one who could not do it, now."""
    before, other = replace(ANA, knows_it=True), replace(BO, calendar=BERLIN)
    reopened = replace(REPAIR, another_person=True)

    assert choose(reopened, (before, other), NIGHT).candidate == 2
    assert choose(reopened, (replace(before, calendar=BERLIN),), NIGHT).step == "same_later"


# --- why ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("needs", "candidates", "reasons"),
    [
        (REPAIR, (ANA,), ["Chosen: nobody else could have it."]),
        (REPAIR, (BO, CY), ["Chosen: nobody else could have it.", "Does not speak the customer's language."]),
        (Needs(), (BO, CY), ["Chosen: first in order among equals."]),
        (Needs(), (replace(BO, knows_it=True), CY), ["Chosen: knows the case already."]),
        (Needs(), (replace(BO, load=2), replace(CY, load=3)), ["Chosen: has the least to do, 2 now and 0 lately."]),
        (Needs(), (BO, replace(CY, given_at=8)), ["Chosen: has waited longest for a case."]),
        (
            replace(REPAIR, severity=URGENT),
            (replace(BO, load=20, areas=frozenset()), replace(CY, load=20)),
            [
                "Chosen: works in the area.",
                "Has enough to do: 20 of 20.",
                "Does not speak the customer's language.",
            ],
        ),
    ],
)
def test_the_chosen_one_hears_why(needs: Needs, candidates: tuple[Candidate, ...], reasons: list[str]):
    """ "Why me?" has an answer."""
    choice = choose(needs, candidates, TUESDAY)

    assert said(choice, 2 if needs != REPAIR or len(candidates) > 1 else 1) == reasons


@pytest.mark.parametrize(
    ("needs", "other", "reasons"),
    [
        (
            replace(REPAIR, excluded=frozenset({2})),
            BO,
            ["Is not to have this case.", "Does not speak the customer's language."],
        ),
        (replace(REPAIR, skill="billing", language=None), BO, ["Does not have the skill: billing."]),
        (replace(REPAIR, language="en"), replace(BO, present=False), ["Is away until further notice."]),
        (replace(REPAIR, language="en"), replace(BO, load=20), ["Has enough to do: 20 of 20."]),
        (
            replace(REPAIR, language="en"),
            replace(BO, areas=frozenset({"south"})),
            ["Does not work in this area: north."],
        ),
        (REPAIR, BO, ["Does not speak the customer's language."]),
        (replace(REPAIR, language="en"), replace(BO, load=1), ["Has more to do than Ana: 1 now and 0 lately."]),
        (replace(REPAIR, language="en"), replace(BO, given_at=1), ["Was given a case more recently than Ana."]),
        (replace(REPAIR, language="en"), BO, ["Would do as well; Ana comes first in order."]),
        (
            replace(REPAIR, another_person=True, language="en"),
            replace(BO, knows_it=True),
            ["Had this case before; somebody else is to look at it."],
        ),
    ],
)
def test_everybody_else_hears_why_not(needs: Needs, other: Candidate, reasons: list[str]):
    """ "Why not me?" has an answer too, with all that stood in the way."""
    choice = choose(needs, (ANA, other), TUESDAY)

    assert choice.candidate == 1
    assert said(choice, 2) == reasons


def test_who_is_not_at_work_is_named_with_the_moment_they_come():
    """The supervisor sees whether it is worth waiting."""
    choice = choose(REPAIR, (ANA, replace(BO, calendar=BERLIN)), NIGHT)

    assert "Is not at work now." in said(choice, 2)
    assert choice.reasons[1].at == at("2026-03-03 09:00 +01:00")


def test_every_step_has_its_words():
    """The first line of the answer to "why?"."""
    chosen = [choose(REPAIR, group, TUESDAY) for group in ((ANA,), (BO,), (CY,), ())]

    assert len({choice.words.sentence for choice in chosen}) == len(chosen)


# --- fair -----------------------------------------------------------------------------------------------------------


def shared_out(seed: int, cases: int = 1000, people: int = 8) -> dict[int, int]:
    """The severity that each of some equals was given, when cases come and go at random."""
    drawn, open_cases = Random(seed), list[tuple[int, int]]()
    staff = {n: Candidate(n, f"N{n}", limit=1000) for n in range(1, people + 1)}
    for now in range(1, cases + 1):
        while open_cases and drawn.random() < 0.48:
            who, weight = open_cases.pop(drawn.randrange(len(open_cases)))
            staff[who] = replace(staff[who], load=staff[who].load - weight)
        severity = drawn.randint(1, 4)
        chosen = choose(Needs(severity=severity), staff.values(), now).candidate
        assert chosen is not None
        open_cases.append((chosen, severity))
        one = staff[chosen]
        staff[chosen] = replace(one, load=one.load + severity, given=one.given + severity, given_at=now)
    return {who: one.given for who, one in staff.items()}


@pytest.mark.parametrize("seed", range(3))
def test_over_a_thousand_cases_no_equals_load_differs_by_a_tenth(seed: int, capsys: pytest.CaptureFixture[str]):
    """Whoever closes quickly is not given more for it; `pytest -s` shows the figures."""
    given = shared_out(seed)
    mean = sum(given.values()) / len(given)
    apart = (max(given.values()) - min(given.values())) / mean
    with capsys.disabled():
        sys.stdout.write(f"\nequals, seed {seed}: severity given {sorted(given.values())}, {apart:.1%} apart\n")

    assert apart <= 0.10


@given(
    st.lists(
        st.builds(
            Candidate,
            id=st.integers(1, 99),
            load=st.integers(0, 25),
            present=st.booleans(),
            skills=st.sampled_from([frozenset(), frozenset({"repair"})]),
            languages=st.sampled_from([frozenset(), frozenset({"zh"})]),
            given_at=st.none() | st.integers(1, 9),
            knows_it=st.booleans(),
        ),
        max_size=6,
        unique_by=lambda one: one.id,
    ),
    st.builds(Needs, st.integers(1, 4), skill=st.none() | st.just("repair"), another_person=st.booleans()),
    st.randoms(use_true_random=False),
)
def test_the_order_of_the_list_decides_nothing(candidates: list[Candidate], needs: Needs, random: Random):
    """The same question has the same answer, and everybody a reason."""
    shuffled = random.sample(candidates, len(candidates))
    one, other = choose(needs, candidates, TUESDAY), choose(needs, shuffled, TUESDAY)

    assert (one.candidate, one.step) == (other.candidate, other.step)
    assert [reason.candidate for reason in one.reasons] == [each.id for each in candidates]
    assert all(reason.why for reason in one.reasons)


def test_a_part_time_limit_takes_its_share():
    """Half the limit, half the work."""
    staff = [Candidate(1, limit=20), Candidate(2, limit=10)]
    for now in range(1, 19):
        who = choose(Needs(), staff, now).candidate
        staff = [replace(one, load=one.load + 1, given_at=now) if one.id == who else one for one in staff]

    assert [one.load for one in staff] == [12, 6]


def test_the_choice_is_the_same_however_often_it_is_asked():
    """`why` asks again what was decided then."""
    choices = [choose(REPAIR, (ANA, BO, CY), TUESDAY) for _ in range(3)]

    assert all(one == other for one, other in pairwise(choices))
