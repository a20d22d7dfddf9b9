"""A staff member at a page, as the chat's own use cases know a staff member in a chat.

Whatever can be done below a case is done here by the very functions that a tap or a text in the chat comes to. What
they would say in the chat is collected and shown on the page; what they ask is a form or a button there.
"""

from collections.abc import Sequence

import msgspec

from bot import composing_for, staff
from bot.case_buttons import pressed_act
from bot.channels.messages import Message
from bot.channels.updates import Pressed
from bot.outgoing import Outgoing
from bot.phrases import say
from bot.scene import Scene
from bot.staff_talk import NEXT, StaffTalk
from conversations.phrases import Phrase
from storage.addresses import Address
from storage.cases import Case
from storage.outbox import OutboxRow
from storage.staff import StaffMember
from storage.unit import Unit

HERE = 0
"""The id of no address: what is posted there is shown on the page."""


class Offered(msgspec.Struct, frozen=True):
    """A button of an answer: its label, and what a tap on it says."""

    label: str
    press: str

    @property
    def to(self) -> str:
        """Return where Today sends it: to the page of its case, or to what belongs to no case."""
        named = pressed_act(self.press)
        return f"/console/act/{self.press.split(':')[1]}" if named is None else f"/console/cases/{named.number}/act"


class Said(msgspec.Struct, frozen=True):
    """What came of an act: words, buttons below them, and what words are asked for (in the case of
    that number), if any."""

    text: str
    buttons: tuple[Offered, ...] = ()
    asks: str = ""
    number: int | None = None


class PageOutgoing(Outgoing):
    """What a turn wants said, where what is for the page is not sent."""

    def __init__(self, unit: Unit, now: int) -> None:
        super().__init__(unit, now)
        self.shown: list[tuple[Message, str]] = []

    def post(
        self,
        address: Address,
        message: Message,
        purpose: str,
        *,
        prompt: str | None = None,
        case_id: int | None = None,
        conversation_id: int | None = None,
        not_before: int = 0,
        dedupe_key: str | None = None,
        edits: int | None = None,
    ) -> OutboxRow | None:
        """Show a message on the page, or write it to the outbox for everybody else."""
        if address.id == HERE:
            self.shown.append((message, prompt or ""))
            return None
        return super().post(
            address,
            message,
            purpose,
            prompt=prompt,
            case_id=case_id,
            conversation_id=conversation_id,
            not_before=not_before,
            dedupe_key=dedupe_key,
            edits=edits,
        )


class PageTalk(StaffTalk):
    """One staff member in one act on a page."""

    def __init__(self, member: StaffMember, scene: Scene, page: PageOutgoing) -> None:
        super().__init__(_at_page(member, scene), member, scene)
        self._page = page
        self._number: int | None = None

    def ask_for_words(self, case: Case, what: str, own: Phrase, in_group: Phrase) -> None:
        """Ask for words in a form of the page: the next text in the chat goes where it went before."""
        self._number = case.number
        message = Message(say(own, self.member.language))
        self.out.post(self.address, message, "staff_reply", prompt=f"{NEXT}{what}", case_id=case.id)

    def said(self) -> Said | None:
        """Return what came of the act, None when nothing was said."""
        if not self._page.shown:
            return None
        texts = dict.fromkeys(message.text for message, _ in self._page.shown if message.text)
        buttons = tuple(
            Offered(button.label, button.press)
            for message, _ in self._page.shown
            for row in message.rows
            for button in row
        )
        asked = [prompt.removeprefix(NEXT) for _, prompt in self._page.shown if prompt.startswith(NEXT)]
        return Said("\n".join(texts), buttons, asked[-1] if asked else "", self._number)


def press(talk: PageTalk, data: str) -> None:
    """Do what a tap below a message of ours would do."""
    update = Pressed(channel="console", chat="", user="", ident="", sent_at=talk.now, press=data, ref="", query="")
    staff.pressed(talk, update)


def give(talk: PageTalk, case: Case, what: str, text: str, media: Sequence[int]) -> None:
    """Give words and files to what they are for, as the chat does."""
    composing_for.give(talk, composing_for.Meant(case, what), text, media)


def _at_page(member: StaffMember, scene: Scene) -> Address:
    return Address(
        id=HERE,
        brand_id=member.brand_id,
        channel="console",
        chat="",
        kind="staff",
        customer_id=None,
        staff_member_id=member.id,
        language=None,
        unreachable_at=None,
        unreachable_why=None,
        last_heard_at=None,
        created_at=scene.now,
    )
