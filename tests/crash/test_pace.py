"""The pace that Telegram asks for, also across a death in the middle: a bot is counted, not its process (N14)."""

from tests.crash.installation import Installation
from tests.fake_telegram import FakeTelegram, Person

DEFAULTS = ("delivery.edit_delay=0s",)
PEOPLE, EACH = 12, 5
JITTER = 0.2  # seconds by which a send may seem early here: it was held up on the way before the one before it


async def test_the_default_pace_holds_across_a_restart(lives, tmp_path):
    """At most 30 in any second; one a second in each chat after a burst of three."""
    async with FakeTelegram() as telegram:
        installation = Installation(tmp_path / "house", lives, telegram, *DEFAULTS)
        people = [telegram.person(f"Guest {number}") for number in range(PEOPLE)]
        for person in people:
            for _ in range(EACH):
                await person.says("/help")
        async with await installation.begin() as child:
            await telegram.ledger.wait("sendMessage", times=20)
            child.kill()
            await child.ended()
        installation.died()
        async with await installation.begin() as child:
            await installation.settled()
            child.kill()
            await child.ended()
        copies = await installation.verify()
        assert len(telegram.ledger.sent()) >= PEOPLE * EACH - 1
        assert telegram.ledger.busiest(1.0) <= 30
        doubled = copies + 1  # what was in doubt is not known to have counted
        assert all(worst(telegram, person) <= 3 + doubled for person in people)
        assert sum(worst(telegram, person) > 3 + JITTER for person in people) <= copies + 1


def worst(telegram: FakeTelegram, person: Person) -> float:
    """By how much a chat was ever ahead of one message a second."""
    moments = [call.at for call in telegram.ledger.sent(person.id)]
    return max(
        (last - first + 1) - (moments[last] - moments[first])
        for first in range(len(moments))
        for last in range(first, len(moments))
    )
