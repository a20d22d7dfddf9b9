"""A customer's tap below an offer: it counts in the chat in which the offer was put, once, for what was shown there."""

from bot import offers
from bot.channels.updates import Pressed
from bot.offers_customer import NO, YES, read_prompt, show_answer, shown_in
from bot.phrases import say
from bot.talk import CustomerTalk
from conversations.phrases import phrase

_ACTS = {YES: offers.accept, NO: offers.decline}


def pressed(talk: CustomerTalk, update: Pressed, prompt: str, choice: str) -> bool:
    """Take a tap below an offer. False: it is no offer's, or none that was put in this chat."""
    found, act = read_prompt(prompt), _ACTS.get(choice)
    shown = None if found is None else shown_in(talk.scene, prompt)
    if found is None or act is None or shown is None or shown.address_id != talk.speaker.address.id:
        return False
    offered = act(talk.scene, *found)
    if offered.done:
        show_answer(talk.scene, shown, choice)
        if choice == NO:
            talk.say(phrase("Thank you for telling us. If we can do anything else, please just write here."))
    elif update.query:
        talk.out.notice(update.channel, update.chat, update.query, say(offered.said, talk.language))
    else:
        talk.say(offered.said)
    return True
