"""The one policy: every act against every role, written out, so that a widened right is seen in review."""

import pytest

from bot.access.policy import (
    COMMAND_ACTS,
    NOBODY,
    STAFF_COMMAND_ACTS,
    Act,
    Principal,
    Role,
    Subject,
    allowed,
    case_of,
)
from bot.case_acts import CASE_ACTS
from bot.staff_commands import COMMANDS

OWN = Subject("chat", "webchat:w1")
OTHER = Subject("chat", "webchat:w2")

# Columns: nobody customer staff supervisor manager editor admin operator sender author approver
MATRIX = {
    Act.SEE_FRONT: "yyyyyyyyyyy",
    Act.SEE_ALIVE: "yyyyyyyyyyy",
    Act.OPEN_LINK: "yyyyyyyyyyy",
    Act.CHAT_AS_SELF: "-yyyyyy----",
    Act.RECEIVE_TELEGRAM: "yyyyyyyyyyy",
    Act.POST_SERVICE_EVENTS: "-------yy--",
    Act.SEE_SERVICE_EVENTS: "-------yy--",
    Act.KEEP_CUSTOMERS: "-------yy--",
    Act.POST_FEEDBACK: "-------yy--",
    Act.READ_RESPONSES: "-------yy--",
    Act.KEEP_KEYS: "-------y---",
    Act.SEND_AGAIN: "------yy---",
    Act.MAKE_LINKS: "------yyy--",
    Act.RECORD_SERVICE: "--yyy-yy---",
    Act.MAKE_PLACES: "------yy---",
    Act.INVITE_STAFF: "------yy---",
    Act.KEEP_TEAMS: "------yy---",
    Act.SAY_PRESENCE: "--yyy------",
    Act.REGISTER_STAFF_GROUP: "---yy-y----",
    Act.SEE_CASE: "--yyy------",
    Act.SEE_CUSTOMER: "--yyy------",
    Act.SEE_TEAM: "---yy-y----",
    Act.TAKE_CASE: "--yyy------",
    Act.WRITE_TO_CUSTOMER: "--yyy------",
    Act.RESOLVE_CASE: "--yyy------",
    Act.OPEN_CASE: "--yyy------",
    Act.HAND_CASE: "--yyy------",
    Act.NOTE_IN_CASE: "--yyy------",
    Act.SEE_TEAM_DAY: "---yy------",
    Act.MAKE_OFFERS: "--yyy------",
    Act.DECIDE_OFFERS: "---yy-y---y",
    Act.SEE_OFFERS: "--yyy-yyy--",
    Act.SEE_VOUCHERS: "--yyy-yyy--",
    Act.REDEEM_VOUCHERS: "--yyy-yyy--",
    Act.KEEP_VOUCHERS: "------yy---",
    Act.PUBLISH_SURVEYS: "-----y-y-y-",
    Act.EDIT_SURVEYS: "-----y-y-y-",
    Act.EXPORT_RESPONSES: "----y--y---",
    Act.SEE_FIGURES: "---yy-yy---",
    Act.COUNT_ANEW: "-------y---",
    Act.READ_HEALTH: "------yy---",
    Act.USE_CONSOLE: "--yyyyy----",
    Act.SIGN_IN_STAFF: "-------y---",
    Act.FINISH_TASK: "--yyy------",
    Act.MOVE_DEMO_LEVERS: "-------y---",
}


@pytest.mark.parametrize("act", Act)
def test_the_matrix_of_roles_and_acts(act):
    """A right is given on purpose: the table here must be changed with the policy's."""
    said = "".join("y" if allowed(Principal(frozenset({role}), "webchat:w1"), act, OWN) else "-" for role in Role)

    assert said == MATRIX[act]


@pytest.mark.parametrize("role", Role)
def test_nobody_speaks_in_another_persons_chat(role):
    """Whatever somebody is: a chat belongs to who is in it."""
    assert not allowed(Principal(frozenset({role}), "webchat:w1"), Act.CHAT_AS_SELF, OTHER)


def test_an_own_act_without_its_subject_is_refused():
    """A caller that forgets to say which chat is meant must not be let in."""
    assert not allowed(Principal(frozenset({Role.CUSTOMER}), "webchat:w1"), Act.CHAT_AS_SELF)
    assert not allowed(Principal(frozenset({Role.CUSTOMER})), Act.CHAT_AS_SELF, Subject("chat", ""))


# Rows: whose team somebody is in; columns: a case of team 1, of team 2, of nobody's.
TEAMS = {
    (Role.STAFF, None): "yyy",
    (Role.STAFF, 1): "y-y",
    (Role.STAFF, 2): "-yy",
    (Role.SUPERVISOR, None): "yyy",
    (Role.SUPERVISOR, 1): "y-y",
    (Role.MANAGER, None): "yyy",
    (Role.MANAGER, 1): "yyy",
    (Role.ADMIN, 1): "---",
    (Role.EDITOR, None): "---",
    (Role.CUSTOMER, None): "---",
    (Role.OPERATOR, None): "---",
}


@pytest.mark.parametrize("act", [Act.SEE_CASE, Act.TAKE_CASE, Act.WRITE_TO_CUSTOMER, Act.RESOLVE_CASE])
@pytest.mark.parametrize("who", TEAMS, ids=lambda who: f"{who[0]}-{who[1]}")
def test_the_matrix_of_teams(who, act):
    """A team's cases are its own: what a colleague of another team may not see they may not work, either."""
    role, team = who
    principal = Principal(frozenset({role}), team=team)
    said = "".join("y" if allowed(principal, act, case_of(17, of)) else "-" for of in (1, 2, None))

    assert said == TEAMS[who]


def test_roles_add_up():
    """An admin who also works cases holds both roles; neither takes from the other."""
    both = Principal(frozenset({Role.ADMIN, Role.STAFF}))

    assert (allowed(both, Act.INVITE_STAFF), allowed(both, Act.TAKE_CASE)) == (True, True)


def test_nobody_may_do_almost_nothing():
    """Deny by default: what a stranger may do is short enough to be written here."""
    assert {act for act in Act if allowed(NOBODY, act)} == {
        Act.SEE_FRONT,
        Act.SEE_ALIVE,
        Act.OPEN_LINK,
        Act.RECEIVE_TELEGRAM,
    }


def test_a_customer_reaches_no_staff_button_and_no_admin_command():
    """E of the threat model: who knows the callback data of a staff button has gained nothing."""
    customer = Principal(frozenset({Role.CUSTOMER}), "webchat:w1")

    assert not any(allowed(customer, act, OWN) for act in (one.act for one in CASE_ACTS.values()))
    assert not allowed(customer, COMMAND_ACTS["group"], OWN)


def test_every_command_of_staff_names_its_act():
    """A command without a rule must not run, so it fails here before it fails for somebody."""
    assert set(STAFF_COMMAND_ACTS) == set(COMMANDS)
