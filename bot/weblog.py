"""The web chat's log, links and sessions in the database: the real `bot.channels.webchat.log.ChatLog`."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final, TypeVar

import msgspec

from bot.access.policy import Role
from bot.access.secrets import PLACE_PREFIX, digest, new_chat
from bot.channels.webchat.log import (
    NAME,
    Body,
    Edited,
    Entry,
    LinkRefused,
    NoSuchChat,
    Opened,
    Peeked,
    Said,
    Visitor,
    chat_of,
)
from bot.clock import Clock
from bot.links import RETURN
from bot.storing import or_unavailable
from storage.addresses import Address
from storage.database import Database
from storage.links import Link
from storage.places import PlaceRow
from storage.unit import Unit

SESSION_LASTS: Final = timedelta(days=90)
REOPENS_FOR: Final = timedelta(days=90)
"""How long after its claim a personal link opens its chat again on another device."""

MOST_TURNS: Final = 20
"""So many people who were not meant may open one link, each leaving it to the next."""

_KINDS: Final = {"Said": "said", "Edited": "edited", "Heard": "heard", "Chosen": "heard"}
_STAFF_ROLES: Final = (Role.SUPERVISOR, Role.MANAGER, Role.EDITOR, Role.ADMIN)
_PURPOSES: Final = ("customer", "staff")

T = TypeVar("T")
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Body).decode


class WebLog:
    """Implements `ChatLog` for one brand."""

    def __init__(self, database: Database, clock: Clock, brand: int = 1) -> None:
        self._database = database
        self._clock = clock
        self._brand = brand

    async def append(self, chat: str, body: Body, *, outbox_id: int | None, dedupe_key: str) -> int | None:
        at, kind, text = self._clock.now(), _KINDS[type(body).__name__], _encode(body).decode()

        def work(unit: Unit) -> int | None:
            address = self._address(unit, chat)
            if address is None:
                raise NoSuchChat(chat)
            if isinstance(body, Edited) and body.message.gone:  # nothing of it is left in what a page is sent
                said = _encode(Said(body.ref, body.message)).decode()
                unit.web_entries.say_instead(address.id, int(body.ref), said)
            return unit.web_entries.add(address.id, kind, outbox_id, text, dedupe_key, at)

        return await or_unavailable(self._database.run(work))

    async def after(self, chat: str, entry_id: int, limit: int) -> Sequence[Entry]:
        def work(unit: Unit) -> list[Entry]:
            address = self._address(unit, chat)
            rows = unit.web_entries.after(address.id, entry_id, limit) if address else []
            return [Entry(row.id, row.at, _decode(row.body)) for row in rows]

        return await self._read(work)

    async def before_newest(self, chat: str, keep: int) -> int:
        def work(unit: Unit) -> int:
            address = self._address(unit, chat)
            return unit.web_entries.before_newest(address.id, keep) if address else 0

        return await self._read(work)

    async def peek(self, token: str) -> Peeked | LinkRefused:
        now = self._clock.now()

        def work(unit: Unit) -> Peeked | LinkRefused:
            if (place := self._place(unit, token)) is not None:
                return Peeked("place", None, begun=False) if place.retired_at is None else LinkRefused("retired")
            found = self._usable(unit, token, now)
            if isinstance(found, LinkRefused):
                return found
            link, chat = found
            return Peeked(link.purpose, self._language_of(unit, link, chat), link.claimed_at is not None)

        return await self._read(work)

    async def open(self, token: str, session_digest: str) -> Opened | LinkRefused:
        now, real = self._clock.now(), self._clock.real()

        def work(unit: Unit) -> Opened | LinkRefused:
            if (place := self._place(unit, token)) is not None:
                if place.retired_at is not None:
                    return LinkRefused("retired")
                address = unit.addresses.add(self._brand, NAME, new_chat(), "customer", now)
                ends = real + _ms(SESSION_LASTS)
                unit.sessions.add(self._brand, session_digest, NAME, real, ends, address_id=address.id)
                return Opened(address.chat, None)
            found = self._usable(unit, token, now)
            if isinstance(found, LinkRefused):
                return found
            link, chat = found
            if link.claimed_at is None:
                unit.links.claim(self._brand, link.digest, f"{NAME}:{chat}", now)
            address = self._address(unit, chat) or self._new_address(unit, link, chat, now)
            unit.sessions.add(self._brand, session_digest, NAME, real, real + _ms(SESSION_LASTS), address_id=address.id)
            return Opened(chat, self._language_of(unit, link, chat), returning=link.purpose == RETURN)

        return await or_unavailable(self._database.run(work, chat=f"{NAME}:{chat_of(token)}"))

    async def visitor(self, chat: str, session_digest: str) -> Visitor | None:
        real = self._clock.real()

        def work(unit: Unit) -> Visitor | None:
            session = unit.sessions.by_digest(self._brand, session_digest, real)
            address = self._address(unit, chat)
            if session is None or address is None or session.address_id != address.id:
                return None
            return _visitor(unit, address)

        return await self._read(work)

    def _usable(self, unit: Unit, token: str, now: int) -> tuple[Link, str] | LinkRefused:
        """Return the link of a token and the chat it opens: its own, or the one that it leads back into."""
        link = unit.links.look(self._brand, digest(token))
        if link is None or link.purpose != RETURN:
            chat = self._chat_of(unit, link, token)
            usable = _usable(link, chat, now)
            return usable if isinstance(usable, LinkRefused) else (usable, chat)
        chat = (link.claimed_by or "").removeprefix(f"{NAME}:")
        address = self._address(unit, chat)
        theirs = address is not None and any(
            each.customer_id == link.customer_id for each in unit.chat_customers.of(address.id)
        )
        if address is None or address.kind != "customer" or not theirs:
            return LinkRefused("used")  # the chat is not theirs any more
        return (link, chat) if link.expires_at > now else LinkRefused("expired")

    def _chat_of(self, unit: Unit, link: Link | None, token: str) -> str:
        """Return the chat that a link opens: the next one where somebody had opened it who was not meant."""
        for turn in range(MOST_TURNS):
            chat = chat_of(f"{token}.{turn}" if turn else token)
            if link is None or link.claimed_by == f"{NAME}:{chat}":
                return chat
            if link.claimed_at is None and self._address(unit, chat) is None:
                return chat
        return chat_of(token)

    def _place(self, unit: Unit, token: str) -> PlaceRow | None:
        return unit.places.by_token(self._brand, token) if token.startswith(PLACE_PREFIX) else None

    def _address(self, unit: Unit, chat: str) -> Address | None:
        return unit.addresses.at(self._brand, NAME, chat)

    def _new_address(self, unit: Unit, link: Link, chat: str, now: int) -> Address:
        return unit.addresses.add(
            self._brand,
            NAME,
            chat,
            link.purpose,
            now,
            customer_id=link.customer_id,
            staff_member_id=link.staff_member_id,
            link_id=link.id,
        )

    def _language_of(self, unit: Unit, link: Link, chat: str) -> str | None:
        address = self._address(unit, chat)
        if address is not None and address.language is not None:
            return address.language
        return _language(unit, link.customer_id, link.staff_member_id)

    async def _read(self, work: Callable[[Unit], T]) -> T:
        return await or_unavailable(self._database.read(work))


def _usable(link: Link | None, chat: str, now: int) -> Link | LinkRefused:
    """Return the link if it opens this chat at `now`: unclaimed and in time, or claimed for this very chat."""
    if link is None or link.purpose not in _PURPOSES:
        return LinkRefused("unknown")
    if link.claimed_at is None:
        return link if link.expires_at > now else LinkRefused("expired")
    if link.claimed_by != f"{NAME}:{chat}":
        return LinkRefused("used")
    return link if link.claimed_at + _ms(REOPENS_FOR) > now else LinkRefused("expired")


def _visitor(unit: Unit, address: Address) -> Visitor | None:
    """Return who speaks in a chat; None for a staff member who was removed."""
    language = address.language or _language(unit, address.customer_id, address.staff_member_id)
    if address.staff_member_id is None:
        return Visitor(address.chat, frozenset({Role.CUSTOMER}), language, customer_id=address.customer_id)
    member = unit.staff.get(address.staff_member_id)
    if member.removed_at is not None:
        return None
    roles = {Role.STAFF} | {role for role in _STAFF_ROLES if role in member.roles.split(",")}
    return Visitor(address.chat, frozenset(roles), language, member.name, staff_member_id=member.id)


def _language(unit: Unit, customer_id: int | None, staff_member_id: int | None) -> str | None:
    if staff_member_id is not None:
        return unit.staff.get(staff_member_id).language
    return None if customer_id is None else unit.customers.get(customer_id).language


def _ms(span: timedelta) -> int:
    return span // timedelta(milliseconds=1)
