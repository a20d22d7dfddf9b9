"""The discreet way out below a first question, for whoever opened a link that was meant for somebody else."""

from typing import Final

from bot.channels.messages import Button
from bot.people import Speaker, newcomers_reference
from bot.phrases import say
from conversations.phrases import phrase
from storage.unit import Unit

NOT_ME_PROMPT: Final = "notme"
NOT_ME: Final = phrase("This isn't me")


def way_out(speaker: Speaker, unit: Unit, language: str) -> tuple[tuple[Button, ...], ...]:
    """Return the row that lets a person say that they are not this customer; empty once they answered anything.

    Somebody known only by their chat is whoever they are.
    """
    address = speaker.address
    if speaker.customer.reference == newcomers_reference(address.channel, address.chat):
        return ()
    link_id = unit.chat_customers.untried_link(address.id, speaker.customer.id)
    return () if link_id is None else ((Button(say(NOT_ME, language), f"1:{NOT_ME_PROMPT}:ask-{link_id}"),),)
