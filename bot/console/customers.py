"""Customers as one staff member may see them: the list, and one history of everything that is known of somebody."""

from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
from babel.dates import format_datetime

from bot.clock import moment
from bot.console.cases import sees, stage_words
from bot.console.today import Reader
from bot.console.wording import cause, ending, invitation_words, said_elsewhere, words
from bot.experiment_words import name as side_name
from bot.house import House
from bot.phrases import NAMES, babel_locale, language_for
from bot.unhappy import rating_line
from bot.wall_clock import wall_day
from conversations.surveys import Survey, said_in
from recovery.money import Money, written
from storage.customer_pages import (
    FoundCustomer,
    PastAnswer,
    PastCase,
    PastComment,
    PastEvent,
    PastOffer,
    PastTalk,
)
from storage.customers import Customer
from storage.unit import Unit

SHOWN: Final = 25
"""Customers on one page."""

MOST: Final = 60
"""Things of one kind in a history: more than that nobody reads."""

RATINGS: Final = frozenset({"csat", "nps", "ces", "stars"})


class CustomerLine(msgspec.Struct, frozen=True):
    """A customer in the list, ready to be shown."""

    id: int
    name: str
    reference: str
    phone: str
    cases: str
    standing: bool
    opted_out: bool


class CustomerList(msgspec.Struct, frozen=True):
    """One page of the list. `before` is where the next one begins, None on the last."""

    lines: tuple[CustomerLine, ...]
    before: int | None


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """Something in a customer's history. `case` is the number of the case it leads to, where it does."""

    at: int
    when: str
    kind: str
    title: str
    lines: tuple[str, ...] = ()
    quote: str = ""
    case: int | None = None


class CustomerView(msgspec.Struct, frozen=True):
    """The page of a customer."""

    customer: Customer
    name: str
    language: str
    chats: str
    opted_out: str
    entries: tuple[Entry, ...]


def page_of_customers(reader: Reader, house: House, q: str, before: int | None) -> Callable[[Unit], CustomerList]:
    """Return the work that reads one page of the list."""

    def work(unit: Unit) -> CustomerList:
        rows = unit.customer_pages.page(house.brand, q, sees(reader), before, SHOWN + 1)
        lines = tuple(_line(row, reader.member.language) for row in rows[:SHOWN])
        return CustomerList(lines, rows[SHOWN - 1].id if len(rows) > SHOWN else None)

    return work


def _line(row: FoundCustomer, language: str) -> CustomerLine:
    return CustomerLine(
        row.id,
        row.name or row.reference,
        row.reference,
        row.phone or "",
        words("cases_count", language, count=row.cases) if row.cases else "",
        bool(row.standing),
        row.opted_out_at is not None,
    )


def view_of(reader: Reader, house: House, customer_id: int) -> Callable[[Unit], CustomerView | None]:
    """Return the work that reads a customer; None for one that there is not, or not for this reader."""

    def work(unit: Unit) -> CustomerView | None:
        if not unit.customer_pages.may_see(house.brand, customer_id, sees(reader)):
            return None
        return _Reading(unit, house, reader, unit.customers.get(customer_id)).view()

    return work


class _Reading:
    def __init__(self, unit: Unit, house: House, reader: Reader, customer: Customer) -> None:
        self._unit = unit
        self._house = house
        self._reader = reader
        self._customer = customer
        self._language = reader.member.language

    def view(self) -> CustomerView:
        customer, language = self._customer, self._language
        chats = {address.channel for address in self._unit.addresses.of_customer(customer.id)}
        opted_out = customer.opted_out_at
        entries = [*self._events(), *self._talks(), *self._cases(), *self._offers(), *self._comments()]
        return CustomerView(
            customer,
            customer.name or customer.reference,
            NAMES[language_for(customer.language)] if customer.language else "",
            ", ".join(words(f"chat_{chat}", language) for chat in sorted(chats)),
            "" if opted_out is None else words("opted_out", language, day=self._day(opted_out)),
            tuple(sorted(entries, key=attrgetter("at"), reverse=True)),
        )

    def _events(self) -> Iterator[Entry]:
        for row in self._unit.customer_pages.events(self._customer.id, MOST):
            yield self._event(row)

    def _event(self, row: PastEvent) -> Entry:
        language = self._language
        lines = [words("was_cancelled", language)] if row.cancelled else []
        lines += [words("served_by", language, name=row.served_by)] if row.served_by else []
        lines += [invitation_words(row.invitation, row.reason, language)] if row.invitation else []
        title = words("service_of", language, touchpoint=row.touchpoint.replace("_", " "))
        return self._entry(row.occurred_at, "event", title, lines)

    def _talks(self) -> Iterator[Entry]:
        talks = self._unit.customer_pages.talks(self._customer.id, MOST)
        answers: dict[int, list[PastAnswer]] = {}
        if talks:
            for answer in self._unit.customer_pages.answers(self._customer.id, talks[-1].id):
                answers.setdefault(answer.conversation_id, []).append(answer)
        for talk in talks:
            if given := answers.get(talk.id):
                yield self._talk(talk, given)

    def _talk(self, talk: PastTalk, given: list[PastAnswer]) -> Entry:
        survey = self._survey(talk)
        lines = [self._answer(survey, answer) for answer in given]
        title = said_in(survey.title, self._language, survey.languages[0]) if survey and survey.title else ""
        name = title or (talk.touchpoint or "").replace("_", " ")
        name = f"{name} ({side_name(talk.variant)})" if talk.variant is not None else name
        said = words("answered_follow_up" if talk.purpose == "follow_up" else "answered", self._language, survey=name)
        return self._entry(talk.opened_at, "answers", said, lines)

    def _survey(self, talk: PastTalk) -> Survey | None:
        version = talk.survey_version_id
        return None if version is None else self._house.shelf.asked(self._unit, version, talk.variant)

    def _answer(self, survey: Survey | None, answer: PastAnswer) -> str:
        if answer.kind in RATINGS and answer.number is not None:
            return rating_line(survey, answer.question, answer.number, self._language)
        return f"“{answer.raw}”"

    def _cases(self) -> Iterator[Entry]:
        team = sees(self._reader)
        for row in self._unit.customer_pages.cases(self._customer.id, MOST):
            yield self._case(row, mine=team is None or row.team_id in (None, team))

    def _case(self, row: PastCase, *, mine: bool) -> Entry:
        language = self._language
        ended = ending(row.outcome, language) if row.closed_at is not None else stage_words(row.stage, language)
        title = words("case", language, number=row.number)
        return self._entry(
            row.opened_at, "case", title, [cause(row.cause, language), ended], case=row.number if mine else None
        )

    def _offers(self) -> Iterator[Entry]:
        team = sees(self._reader)
        for row in self._unit.customer_pages.offers(self._customer.id, MOST):
            if team is None or row.team_id in (None, team):
                yield self._offer(row)

    def _offer(self, row: PastOffer) -> Entry:
        language = self._language
        worth = written(Money(row.worth, row.currency)) if row.worth else ""
        what = " · ".join(part for part in (row.what, worth) if part)
        lines = [words("voucher_redeemed", language, day=self._day(row.redeemed_at))] if row.redeemed_at else []
        if row.valid_until is not None and row.redeemed_at is None:
            lines.append(words("voucher_until", language, day=self._day(row.valid_until)))
        title = words("offered", language, what=what)
        return self._entry(row.created_at, "offer", title, lines, case=row.case_number)

    def _comments(self) -> Iterator[Entry]:
        for row in self._unit.customer_pages.comments(self._customer.id, MOST):
            yield self._comment(row)

    def _comment(self, row: PastComment) -> Entry:
        title = said_elsewhere(row.kind, self._language, source=row.source)
        return msgspec.structs.replace(self._entry(row.occurred_at, "comment", title, []), quote=row.text)

    def _entry(self, at: int, kind: str, title: str, lines: list[str], case: int | None = None) -> Entry:
        return Entry(at=at, when=self._when(at), kind=kind, title=title, lines=tuple(filter(None, lines)), case=case)

    def _when(self, at: int) -> str:
        local = moment(at).astimezone(ZoneInfo(self._house.zone))
        pattern = "y年M月d日 HH:mm" if self._language.startswith("zh") else "d MMM y HH:mm"
        return str(format_datetime(local, pattern, locale=babel_locale(self._language)))

    def _day(self, at: int) -> str:
        return wall_day(at, self._house.zone, self._language)
