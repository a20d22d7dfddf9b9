"""The one policy: may this principal do this act to this subject?

Chat, console and REST all ask `allowed`; what its table does not grant is refused. Roles are sets of rights and
not a line: an admin works no cases, a manager publishes no surveys, unless they hold that role too.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

import msgspec


class Role(StrEnum):
    """What somebody is to us. One person may hold several."""

    NOBODY = "nobody"  # anybody at all, before we know who
    CUSTOMER = "customer"
    STAFF = "staff"
    SUPERVISOR = "supervisor"
    MANAGER = "manager"
    EDITOR = "editor"
    ADMIN = "admin"
    OPERATOR = "operator"  # runs the installation
    SENDER = "sender"  # the business's own system, which calls the API with a key
    AUTHOR = "author"  # a key made for surveys: it writes and publishes them, nothing else
    APPROVER = "approver"  # such a key made in somebody's name: it says their yes or no to offers, nothing else


class Act(StrEnum):
    """Everything that can be asked of us. A route or a command names exactly one."""

    SEE_FRONT = "see the front"  # start page, pictures, styles: nothing of anybody
    SEE_ALIVE = "see that it lives"
    OPEN_LINK = "open a link"
    CHAT_AS_SELF = "chat as oneself"
    RECEIVE_TELEGRAM = "hand in Telegram's updates"  # the route compares Telegram's secret itself
    POST_SERVICE_EVENTS = "post service events"
    SEE_SERVICE_EVENTS = "see what became of service events"
    KEEP_CUSTOMERS = "tell and see facts of a customer"
    POST_FEEDBACK = "post comments from elsewhere"
    READ_RESPONSES = "read responses"
    KEEP_KEYS = "make and revoke API keys"
    SEND_AGAIN = "send again what receivers did not take"
    MAKE_LINKS = "make links"
    RECORD_SERVICE = "record whom one served"
    MAKE_PLACES = "make places"
    INVITE_STAFF = "invite staff"
    KEEP_TEAMS = "keep teams, hours and what people know"
    SAY_PRESENCE = "say that one is there or away"
    REGISTER_STAFF_GROUP = "register a staff group"
    SEE_CASE = "see a case"
    TAKE_CASE = "take a case"
    WRITE_TO_CUSTOMER = "write to the customer"
    RESOLVE_CASE = "resolve a case"
    MAKE_OFFERS = "offer something to a customer"
    DECIDE_OFFERS = "agree to somebody else's offer, or turn it down"  # never to one's own: the offer itself knows
    SEE_OFFERS = "see offers"
    SEE_VOUCHERS = "see a voucher"
    REDEEM_VOUCHERS = "redeem vouchers"
    KEEP_VOUCHERS = "import and list vouchers"
    OPEN_CASE = "open a case for a customer"
    HAND_CASE = "hand a case to a colleague"
    NOTE_IN_CASE = "write what only colleagues read in a case"
    SEE_CUSTOMER = "see a customer and their history"
    SEE_TEAM = "see who works here, when and with what"
    SEE_TEAM_DAY = "see the day of a team, and hand on what somebody has"
    EDIT_SURVEYS = "see, write and rehearse drafts of surveys"
    PUBLISH_SURVEYS = "publish surveys"  # and roll them back, and retire them
    EXPORT_RESPONSES = "export responses"
    SEE_FIGURES = "see figures"
    COUNT_ANEW = "count figures anew"
    READ_HEALTH = "read health"
    USE_CONSOLE = "use the console"  # its pages, one's own settings and sessions there
    SIGN_IN_STAFF = "make a sign-in link for a staff member"
    FINISH_TASK = "finish a task"
    MOVE_DEMO_LEVERS = "move the levers of the demo"


class Principal(msgspec.Struct, frozen=True):
    """Who asks. `chat` is the `channel:chat` they may speak for; `name` says who in logs and history, by id.

    `team` is the one whose cases are their business; None where the whole business is.
    """

    roles: frozenset[Role] = frozenset({Role.NOBODY})
    chat: str = ""
    customer_id: int | None = None
    staff_member_id: int | None = None
    name: str = "nobody"
    team: int | None = None


class Subject(msgspec.Struct, frozen=True):
    """What the act is done to: `kind` is chat, case, customer; `ident` its id, of a chat `channel:chat`.

    `team` is whose case it is; None where it is everybody's.
    """

    kind: str
    ident: str
    team: int | None = None


def case_of(number: int, team: int | None) -> Subject:
    """Return a case as the policy sees it."""
    return Subject("case", str(number), team)


NOBODY: Final = Principal()

_ANYBODY: Final = frozenset(Role)
_KNOWN_IN_CHAT: Final = _ANYBODY - {Role.NOBODY, Role.OPERATOR, Role.SENDER, Role.AUTHOR, Role.APPROVER}
_CASE_WORKERS: Final = frozenset({Role.STAFF, Role.SUPERVISOR, Role.MANAGER})
_SYSTEMS: Final = frozenset({Role.SENDER, Role.OPERATOR})
_STAFF: Final = _CASE_WORKERS | {Role.EDITOR, Role.ADMIN}

_GRANTED: Final[Mapping[Act, frozenset[Role]]] = {
    Act.SEE_FRONT: _ANYBODY,
    Act.SEE_ALIVE: _ANYBODY,
    Act.OPEN_LINK: _ANYBODY,
    Act.CHAT_AS_SELF: _KNOWN_IN_CHAT,
    Act.RECEIVE_TELEGRAM: _ANYBODY,
    Act.POST_SERVICE_EVENTS: _SYSTEMS,
    Act.SEE_SERVICE_EVENTS: _SYSTEMS,
    Act.KEEP_CUSTOMERS: _SYSTEMS,
    Act.POST_FEEDBACK: _SYSTEMS,
    Act.READ_RESPONSES: _SYSTEMS,
    Act.KEEP_KEYS: frozenset({Role.OPERATOR}),
    Act.SEND_AGAIN: frozenset({Role.ADMIN, Role.OPERATOR}),
    Act.MAKE_LINKS: frozenset({Role.SENDER, Role.ADMIN, Role.OPERATOR}),
    Act.RECORD_SERVICE: _CASE_WORKERS | {Role.ADMIN, Role.OPERATOR},
    Act.MAKE_PLACES: frozenset({Role.ADMIN, Role.OPERATOR}),
    Act.INVITE_STAFF: frozenset({Role.ADMIN, Role.OPERATOR}),
    Act.KEEP_TEAMS: frozenset({Role.ADMIN, Role.OPERATOR}),
    Act.SAY_PRESENCE: _CASE_WORKERS,
    Act.REGISTER_STAFF_GROUP: frozenset({Role.SUPERVISOR, Role.MANAGER, Role.ADMIN}),
    Act.SEE_CASE: _CASE_WORKERS,
    Act.TAKE_CASE: _CASE_WORKERS,
    Act.WRITE_TO_CUSTOMER: _CASE_WORKERS,
    Act.RESOLVE_CASE: _CASE_WORKERS,
    Act.OPEN_CASE: _CASE_WORKERS,
    Act.HAND_CASE: _CASE_WORKERS,
    Act.NOTE_IN_CASE: _CASE_WORKERS,
    Act.SEE_CUSTOMER: _CASE_WORKERS,
    Act.SEE_TEAM: frozenset({Role.SUPERVISOR, Role.MANAGER, Role.ADMIN}),
    Act.SEE_TEAM_DAY: frozenset({Role.SUPERVISOR, Role.MANAGER}),
    Act.MAKE_OFFERS: _CASE_WORKERS,
    Act.DECIDE_OFFERS: frozenset({Role.SUPERVISOR, Role.MANAGER, Role.ADMIN, Role.APPROVER}),
    Act.SEE_OFFERS: _SYSTEMS | _CASE_WORKERS | {Role.ADMIN},
    Act.SEE_VOUCHERS: _SYSTEMS | _CASE_WORKERS | {Role.ADMIN},
    Act.REDEEM_VOUCHERS: _SYSTEMS | _CASE_WORKERS | {Role.ADMIN},
    Act.KEEP_VOUCHERS: frozenset({Role.ADMIN, Role.OPERATOR}),
    Act.EDIT_SURVEYS: frozenset({Role.EDITOR, Role.AUTHOR, Role.OPERATOR}),
    Act.PUBLISH_SURVEYS: frozenset({Role.EDITOR, Role.AUTHOR, Role.OPERATOR}),
    Act.EXPORT_RESPONSES: frozenset({Role.MANAGER, Role.OPERATOR}),
    Act.SEE_FIGURES: frozenset({Role.SUPERVISOR, Role.MANAGER, Role.ADMIN, Role.OPERATOR}),
    Act.COUNT_ANEW: frozenset({Role.OPERATOR}),
    Act.READ_HEALTH: frozenset({Role.ADMIN, Role.OPERATOR}),
    Act.USE_CONSOLE: _STAFF,
    Act.SIGN_IN_STAFF: frozenset({Role.OPERATOR}),
    Act.FINISH_TASK: _CASE_WORKERS,
    Act.MOVE_DEMO_LEVERS: frozenset({Role.OPERATOR}),
}

# Acts on something that is one's own or nobody's business, whatever the role.
_OWN_ONLY: Final = frozenset({Act.CHAT_AS_SELF})

# What a chat command asks for, in any channel. A command that is not here is refused like unknown text.
COMMAND_ACTS: Final[Mapping[str, Act]] = {
    "start": Act.OPEN_LINK,
    "stop": Act.CHAT_AS_SELF,
    "language": Act.CHAT_AS_SELF,
    "back": Act.CHAT_AS_SELF,
    "help": Act.CHAT_AS_SELF,
    "complain": Act.CHAT_AS_SELF,
    "status": Act.CHAT_AS_SELF,
    "privacy": Act.CHAT_AS_SELF,
    "notme": Act.CHAT_AS_SELF,
    "group": Act.REGISTER_STAFF_GROUP,
}

# What a staff member's command asks for, in their own chat or the staff group; what is not here is answered with help.
STAFF_COMMAND_ACTS: Final[Mapping[str, Act]] = {
    "done": Act.RECORD_SERVICE,
    "cases": Act.SEE_CASE,
    "mine": Act.SEE_CASE,
    "case": Act.SEE_CASE,
    "hand": Act.HAND_CASE,
    "note": Act.NOTE_IN_CASE,
    "wow": Act.NOTE_IN_CASE,
    "today": Act.SEE_TEAM_DAY,
    "on": Act.SAY_PRESENCE,
    "off": Act.SAY_PRESENCE,
    "cancel": Act.CHAT_AS_SELF,
    "language": Act.CHAT_AS_SELF,
    "console": Act.USE_CONSOLE,
    "report": Act.SEE_FIGURES,
    "tasks": Act.FINISH_TASK,
    "offers": Act.SEE_OFFERS,
    "redeem": Act.REDEEM_VOUCHERS,
    "surveys": Act.EDIT_SURVEYS,
    "group": Act.CHAT_AS_SELF,  # in one's own chat it only says where to send it
}


def allowed(principal: Principal, act: Act, subject: Subject | None = None) -> bool:
    """Return whether `principal` may do `act` to `subject`. An act that nobody was granted is refused.

    Acts on one's own chat need the subject, and it must be the principal's. What is done to a case of a team is done
    by that team, by those who work for the whole business, and by managers.
    """
    if not principal.roles & _GRANTED.get(act, frozenset()):
        return False
    if act in _OWN_ONLY:
        return subject is not None and _owns(principal, subject)
    return subject is None or subject.kind != "case" or _concerns(principal, subject)


def _concerns(principal: Principal, subject: Subject) -> bool:
    return Role.MANAGER in principal.roles or None in (principal.team, subject.team) or principal.team == subject.team


def _owns(principal: Principal, subject: Subject) -> bool:
    return subject.kind == "chat" and principal.chat != "" and subject.ident == principal.chat
