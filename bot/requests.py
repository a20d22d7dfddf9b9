"""What a customer asks of us by a command: to begin, to stop, another language, the question before, help."""

from typing import Final

from bot import anonymous, candid, inviting, mistaken
from bot.channels.messages import Button, Message
from bot.commands import LANGUAGE_PROMPT
from bot.effects import holds_for, state_of
from bot.outgoing import ShownMenu
from bot.phrases import LANGUAGES, NAMES, say
from bot.scene import Talking
from bot.talk import CustomerTalk
from conversations import desk
from conversations.events import AskedForPerson, LanguageChosen, Stopped, WentBack
from conversations.phrases import Phrase, phrase

HELLO: Final = phrase(
    "Hello! I ask how it went, and see to it that what went wrong is put right. You can write to me here at any time."
)
HELP: Final = phrase(
    "Just tap or type your answer. You can also write here at any time: a person will read it.\n\n"
    "/back – the question before\n"
    "/language – another language\n"
    "/complain – something went wrong\n"
    "/status – how your case is\n"
    "/privacy – what happens with your answers\n"
    "/notme – a link that was meant for somebody else\n"
    "/stop – no more questions"
)
PRIVACY: Final = phrase(
    "{business} keeps your answers to improve its service and to put right what went wrong. They are read by its own"
    " people only. Send /stop and you will not be asked again."
)

NAMELESS: Final = phrase(
    "Where I say that your answers are kept without your name, what connects them with you is deleted as soon as those"
    " questions are over, unless you say yes when I ask whether somebody may contact you."
)


class Requests:
    """The commands of one customer in one turn."""

    def __init__(self, talk: CustomerTalk) -> None:
        self.talk = talk

    def carry_out(self, name: str, rest: str) -> None:
        """Carry out a command; one that nobody knows is answered with help."""
        match name:
            case "start":
                self._start()
            case "stop":
                self._stop()
            case "language":
                self._language(rest)
            case "back":
                self._back()
            case "help":
                self.talk.say(HELP)
            case "complain":
                self._complain()
            case "status":
                candid.say_standing(
                    self.talk.scene, Talking(self.talk.speaker, None, None), self.talk.language, tells_staff=True
                )
            case "privacy":
                self._privacy()
            case "notme":
                mistaken.asked(self.talk)
            case _:
                self.talk.say(HELP)

    def _start(self) -> None:
        """Begin what waits, show the open question again, or begin the installation's own first survey."""
        if self.talk.speaker.customer.opted_out_at is not None:
            self.talk.unit.chat_customers.opt_in(self.talk.speaker.address.id)
        if inviting.begin_waiting(self.talk.speaker, self.talk.scene):
            return
        talk = self.talk.speaker.conversation
        if talk is not None and talk.survey_version_id is not None:
            self.talk.advance(talk, LanguageChosen(state_of(talk).language))
            return
        if self.talk.house.start_survey is None:
            self.talk.say(HELLO)
            return
        version_id, survey = self.talk.house.shelf.published(
            self.talk.unit, self.talk.house.brand, self.talk.house.start_survey
        )
        inviting.begin(self.talk.speaker, version_id, survey, self.talk.scene)

    def _stop(self) -> None:
        talk = self.talk.speaker.conversation
        for one in self.talk.unit.chat_customers.of(self.talk.speaker.address.id):
            for invitation in self.talk.unit.invitations.waiting_of(one.customer_id):
                self.talk.unit.invitations.decide(invitation.id, "withheld", "opt_out", self.talk.now)
        if talk is not None:
            self.talk.advance(talk, Stopped())
            return
        names = self.talk.unit.chat_customers.opt_out(self.talk.speaker.address.id, self.talk.now)
        self.talk.say(desk.STOPPED)
        if len(names) > 1:
            self.talk.say(holds_for(names, self.talk.language))

    def _language(self, chosen: str) -> None:
        if chosen:
            self.choose_language(chosen)
            return
        buttons = tuple(Button(NAMES[tag], f"1:{LANGUAGE_PROMPT}:{tag}") for tag in LANGUAGES)
        self.talk.say(phrase("Which language would you like?"), *((button,) for button in buttons))

    def choose_language(self, tag: str) -> None:
        """Speak that language from now on, the open question included."""
        if tag not in LANGUAGES:
            self._language("")
            return
        self.talk.unit.addresses.set_language(self.talk.speaker.address.id, tag)
        self.talk.unit.customers.set_language(self.talk.speaker.customer.id, tag)
        self.talk.out.menus.append(ShownMenu(self.talk.speaker.address, tag))
        talk = self.talk.speaker.conversation
        words = say(phrase("All right, English it is."), tag)
        self.talk.out.post(self.talk.speaker.address, Message(words), "reply")
        if talk is not None:
            self.talk.advance(talk, LanguageChosen(tag))

    def _back(self) -> None:
        talk = self.talk.speaker.conversation
        if talk is None or talk.survey_version_id is None:
            self.talk.say(phrase("There is no open question to go back from."))
            return
        self.talk.advance(talk, WentBack())

    def _complain(self) -> None:
        if self.talk.speaker.case_id is not None:
            self.talk.say(
                phrase("I'm sorry. Please write what happened: it goes straight to the colleague who looks after it.")
            )
            return
        open_talk = self.talk.speaker.conversation
        if open_talk is not None and anonymous.under_way(open_talk):  # who complains is known; that is asked first
            self.talk.advance(open_talk, AskedForPerson())
            return
        inviting.close_open(self.talk.speaker, self.talk.scene)
        self.talk.sort(desk.complain(self.talk.house.seed(), self.talk.language, self.talk.facts(), self.talk.now))

    def _privacy(self) -> None:
        name = self.talk.house.business.get("name") or say(phrase("The business"), self.talk.language)
        text = say(Phrase(PRIVACY.sentence, {"business": name}), self.talk.language)
        if anonymous.is_promised(self.talk.scene):
            text = f"{text}\n\n{say(NAMELESS, self.talk.language)}"
        if self.talk.house.privacy_url:
            text = f"{text}\n\n{self.talk.house.privacy_url}"
        self.talk.out.post(self.talk.speaker.address, Message(text), "reply")
