"""Where one staff member is with the surveys in their own chat, and what they see of it.

Everything of it is a row, so a restart loses nothing. Each time something is shown a count goes up, and the buttons
carry it: a tap on what was shown before is known for one. What is shown stands in one message, which changes with
each tap; what somebody typed is answered below it, by a new one.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from bot.access.policy import Act
from bot.channels.messages import Button, Message
from bot.channels.telegram.limits import LONGEST_TEXT, units
from bot.outgoing import SURVEYS
from bot.phrases import say
from bot.staff_talk import StaffTalk
from bot.surveying.door import ASKING, PROMPT, WORDS, waits
from bot.surveying.sheet import Sheet, loaded
from conversations.amending import Edit
from conversations.phrases import Phrase, phrase
from storage.outbox import OutboxRow
from storage.survey_desks import SurveyDesk
from storage.unit import Unit

_ROOM: Final = 3_900
_CUT: Final = phrase("… The rest is too long for a chat: look at it in the console, or tap Export.")

Choice = tuple[str, str]
"""A button: what it reads, in the reader's language, and its act."""

Rows = Sequence[Sequence[Choice]]


class Trying(msgspec.Struct, frozen=True, omit_defaults=True):
    """A rehearsal under way: its number in this chat, in which language, and what its customer did so far.

    `shown` is how much of it was sent; `rows` are the outbox rows of its newest messages, by their place in it.
    """

    id: int
    language: str
    steps: tuple[tuple[str, ...], ...] = ()
    shown: int = 0
    rows: tuple[tuple[int, int], ...] = ()


class State(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a desk remembers. `asks` is the act that the next text is for; `hold` what is put together in taps.

    `late` are changes that came after somebody else's, made from revision `base`, as `what` says in words. `head` is
    the first line of what is shown.
    """

    version: int = 1
    key: str = ""
    revision: int = 0
    asks: str = ""
    hold: str = ""
    late: tuple[Edit, ...] = ()
    base: int = 0
    what: str = ""
    head: str = ""
    trying: Trying | None = None


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(State).decode


class Room:
    """One staff member at one survey, in one turn; `tapped` is the message whose button brought them here."""

    def __init__(self, talk: StaffTalk, desk: SurveyDesk, tapped: OutboxRow | None = None) -> None:
        self.talk = talk
        self.state: State = _decode(desk.state)
        self.desk = desk
        self.news: list[str] = []  # what stands above the next screen: what was just done
        self._tapped = tapped
        self._sheet: Sheet | None = None

    @property
    def unit(self) -> Unit:
        """Return the turn's unit of work."""
        return self.talk.unit

    @property
    def brand(self) -> int:
        """Return whose surveys these are."""
        return self.talk.house.brand

    @property
    def language(self) -> str:
        """Return the language that whoever edits reads."""
        return self.talk.member.language

    @property
    def may_publish(self) -> bool:
        """Say whether they may let customers be asked with it."""
        return self.talk.may(Act.PUBLISH_SURVEYS)

    def say(self, words: Phrase) -> str:
        """Return a sentence of ours in their language."""
        return say(words, self.language)

    def sheet(self) -> Sheet | None:
        """Return the survey as it stands now; None when there is none of that key any more."""
        if self._sheet is None or self._sheet.key != self.state.key:
            self._sheet = loaded(self.unit, self.brand, self.state.key) if self.state.key else None
        return self._sheet

    def forget_sheet(self) -> None:
        """Read the survey anew when it is looked at next, here and on pages that are open: it was changed."""
        self._sheet = None
        self.talk.out.touched.add(SURVEYS)

    def forget_tapped(self) -> None:
        """Show what follows in a new message: something else was said below the one that was tapped."""
        self._tapped = None

    def tell(self, words: Phrase) -> None:
        """Let a sentence stand above what is shown next."""
        self.news.append(self.say(words))

    # -- what is shown

    def show(
        self,
        text: str,
        rows: Rows = (),
        *,
        asks: str = "",
        hold: str = "",
        late: tuple[Edit, ...] = (),
        base: int = 0,
        what: str = "",
    ) -> None:
        """Show a screen, in the message that was tapped or in a new one below; `asks` lets the next text be for it."""
        view = self.desk.view + 1
        message = Message(self._fitting(text), tuple(tuple(_button(view, *one) for one in row) for row in rows if row))
        message_id = self._edited(message) or self._posted(message)
        sheet = self.sheet()
        self.state = State(
            key=self.state.key,
            revision=sheet.revision if sheet is not None else 0,
            asks=asks,
            hold=hold,
            late=late,
            base=base,
            what=what,
            head=text.partition("\n")[0][:80],
            trying=self.state.trying,
        )
        self._wait_for_words(bool(asks))
        self.keep(view, message_id)

    def keep(self, view: int, message_id: int | None) -> None:
        """Keep the desk as it is from now on."""
        self.desk = SurveyDesk(self.talk.address.id, view, message_id, _encode(self.state).decode())
        self.unit.survey_desks.keep(self.desk)

    def turn_to(self, key: str) -> None:
        """Turn to another survey, or to none; kept with what is shown next."""
        self.state = State(key=key, head=self.state.head)
        self.forget_sheet()

    def _fitting(self, text: str) -> str:
        whole = "\n\n".join((*self.news, text))
        self.news = []
        if units(whole) <= _ROOM:
            return whole
        lines, room = [], _ROOM - 200
        for line in whole.split("\n"):
            room -= units(line) + 1
            if room < 0:
                break
            lines.append(line)
        return "\n".join((*(lines or [whole[: LONGEST_TEXT // 4]]), "", self.say(_CUT)))

    def _edited(self, message: Message) -> int | None:
        """Change the message that was tapped, when it is the newest; return its id."""
        tapped = self._tapped
        if tapped is None or tapped.id != self.desk.message_id:
            return None
        self.talk.out.edit(self.talk.address, tapped, message, again=True)
        return tapped.id

    def _posted(self, message: Message) -> int | None:
        """Say it below; of what stood there before one line stays, without its buttons: things are not so any more."""
        before = self.unit.outbox.get(self.desk.message_id) if self.desk.message_id else None
        row = self.talk.out.post(self.talk.address, message, "staff_reply")
        if before is not None and before.address_id == self.talk.address.id:
            self.talk.out.edit(self.talk.address, before, Message(f"{self.state.head} ↓"), again=True)
        return row.id if row is not None else None

    def _wait_for_words(self, asking: bool) -> None:
        member = self.talk.member
        if asking:
            self.unit.staff.compose_survey(member.id, self.talk.now + ASKING, WORDS)
        elif waits(self.talk):
            self.unit.staff.compose_nothing(member.id)


def room_of(talk: StaffTalk, tapped: OutboxRow | None = None) -> Room:
    """Return where a staff member is with the surveys in this chat."""
    desk = talk.unit.survey_desks.of(talk.address.id)
    return Room(talk, desk or SurveyDesk(talk.address.id, 0, None, "{}"), tapped)


# --- taps -----------------------------------------------------------------------------------------------------------

_FIGURES: Final = "0123456789abcdefghijklmnopqrstuvwxyz"


def _button(view: int, label: str, act: str) -> Button:
    return Button(label, f"1:{PROMPT}:{spelled(view)}.{act}")


def spelled(number: int) -> str:
    """Return a count in as few letters as can be: a button carries 64 bytes."""
    digits = ""
    while True:
        number, digit = divmod(number, len(_FIGURES))
        digits = _FIGURES[digit] + digits
        if not number:
            return digits


def parsed(choice: str) -> tuple[int, str] | None:
    """Return on which view which act was tapped; None for what is none of ours."""
    written, dot, act = choice.partition(".")
    if not dot or not act or not written.isascii() or not written.isalnum() or len(written) > 8:
        return None
    try:
        return int(written, len(_FIGURES)), act
    except ValueError:
        return None
