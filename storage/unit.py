"""A unit of work's hands: the tables, and plain SQL for what no table has a query for.

The same classes serve SQLite and PostgreSQL; only `execute` differs. A unit lives as long as its connection and
is used on the connection's thread alone, inside the work given to `Database.run` or `Database.read`. The work
never touches the transaction: it returns, and is committed, or raises, and left no trace.
"""

from typing import Any

from storage.addresses import Addresses
from storage.anonymous import Anonymous
from storage.answers import Answers
from storage.api_keys import StoredKeys
from storage.assignments import Assignments
from storage.calendars import Calendars
from storage.case_lists import CaseLists
from storage.case_messages import CaseMessages
from storage.case_steps import CaseSteps
from storage.cases import Cases
from storage.chats import ChatCustomers
from storage.clocks import Clocks
from storage.conversations import Conversations
from storage.customer_pages import CustomerPages
from storage.customers import Customers
from storage.drafts import Drafts
from storage.due import DueRows
from storage.events import Invitations, ServiceEvents
from storage.experiments import Experiments
from storage.feedback import Feedback
from storage.history import Facts, History
from storage.inbox import Inbox
from storage.ledger import Ledger
from storage.links import Links, Sessions
from storage.media import Media
from storage.messages import Messages
from storage.notifications import Notifications
from storage.offers import Offers
from storage.outbox import Outbox
from storage.pasts import Pasts
from storage.phone_calls import PhoneCalls
from storage.places import Places
from storage.recoveries import Recoveries
from storage.responses import Responses
from storage.rollups import Rollups
from storage.rows import Execute, Insert, Parameters
from storage.sign_ins import SignIns
from storage.silence import Silence
from storage.spending import Spending
from storage.staff import Staff
from storage.survey_desks import SurveyDesks
from storage.surveys import SurveyVersions
from storage.tasks import Tasks
from storage.teams import Teams
from storage.today import Today
from storage.vouchers import Vouchers
from storage.web_entries import WebEntries

_NOTHING: Parameters = {}


class Unit:
    """The tables of one connection. `execute` takes SQL with `:name` parameters and returns its rows."""

    __slots__ = (
        "addresses",
        "anonymous",
        "answers",
        "api_keys",
        "assignments",
        "calendars",
        "case_lists",
        "case_messages",
        "case_steps",
        "cases",
        "chat_customers",
        "clocks",
        "conversations",
        "customer_pages",
        "customers",
        "drafts",
        "due",
        "execute",
        "experiments",
        "facts",
        "feedback",
        "history",
        "inbox",
        "invitations",
        "ledger",
        "links",
        "media",
        "messages",
        "notifications",
        "offers",
        "outbox",
        "pasts",
        "phone_calls",
        "places",
        "recoveries",
        "responses",
        "rollups",
        "service_events",
        "sessions",
        "sign_ins",
        "silence",
        "spending",
        "staff",
        "survey_desks",
        "surveys",
        "tasks",
        "teams",
        "today",
        "vouchers",
        "web_entries",
    )

    def __init__(self, execute: Execute, insert: Insert) -> None:
        self.execute = execute
        self.addresses = Addresses(execute, insert)
        self.anonymous = Anonymous(execute, insert)
        self.answers = Answers(execute, insert)
        self.api_keys = StoredKeys(execute, insert)
        self.assignments = Assignments(execute, insert)
        self.calendars = Calendars(execute, insert)
        self.case_messages = CaseMessages(execute, insert)
        self.case_steps = CaseSteps(execute, insert)
        self.case_lists = CaseLists(execute, insert)
        self.cases = Cases(execute, insert)
        self.chat_customers = ChatCustomers(execute, insert)
        self.clocks = Clocks(execute, insert)
        self.conversations = Conversations(execute, insert)
        self.customer_pages = CustomerPages(execute, insert)
        self.customers = Customers(execute, insert)
        self.drafts = Drafts(execute, insert)
        self.due = DueRows(execute, insert)
        self.experiments = Experiments(execute, insert)
        self.facts = Facts(execute, insert)
        self.feedback = Feedback(execute, insert)
        self.history = History(execute, insert)
        self.inbox = Inbox(execute, insert)
        self.invitations = Invitations(execute, insert)
        self.ledger = Ledger(execute, insert)
        self.links = Links(execute, insert)
        self.media = Media(execute, insert)
        self.messages = Messages(execute, insert)
        self.notifications = Notifications(execute, insert)
        self.offers = Offers(execute, insert)
        self.outbox = Outbox(execute, insert)
        self.pasts = Pasts(execute, insert)
        self.phone_calls = PhoneCalls(execute, insert)
        self.places = Places(execute, insert)
        self.recoveries = Recoveries(execute, insert)
        self.responses = Responses(execute, insert)
        self.rollups = Rollups(execute, insert)
        self.service_events = ServiceEvents(execute, insert)
        self.sessions = Sessions(execute, insert)
        self.sign_ins = SignIns(execute, insert)
        self.spending = Spending(execute, insert)
        self.silence = Silence(execute, insert)
        self.staff = Staff(execute, insert)
        self.survey_desks = SurveyDesks(execute, insert)
        self.surveys = SurveyVersions(execute, insert)
        self.tasks = Tasks(execute, insert)
        self.teams = Teams(execute, insert)
        self.today = Today(execute, insert)
        self.vouchers = Vouchers(execute, insert)
        self.web_entries = WebEntries(execute, insert)

    def one(self, sql: str, parameters: Parameters = _NOTHING) -> tuple[Any, ...] | None:
        """Return the first row, or None."""
        row: tuple[Any, ...] | None = self.execute(sql, parameters).fetchone()
        return row

    def all(self, sql: str, parameters: Parameters = _NOTHING) -> list[tuple[Any, ...]]:
        """Return all rows."""
        return self.execute(sql, parameters).fetchall()
