"""Two hundred conversations under way while twenty versions come and go: each ends on its own, and loses nothing."""

from functools import partial
from pathlib import Path
from random import Random

from bot.editing import drafts, versions
from bot.editing.drafts import Saved
from bot.house import House
from conversations.state import Closed, load
from storage.unit import Unit
from tests.bot.turning import World

PEOPLE = 200
VERSIONS = 20
SEED = 20_261_122

SURVEY = """format = 1
key = "csat_reason"
touchpoint = "service"
languages = ["en"]
expires = "72h"
remind = []
thanks.en = "Thank you. This was version {number}."

[[question]]
key = "satisfaction"
kind = "csat"
text.en = "How was it? ({number})"
{extra}
[[question]]
key = "words_{number}"
kind = "text"
text.en = "Tell us more, please. ({number})"

[[question]]
key = "again"
kind = "yes_no"
text.en = "Will you come again? ({number})"
"""
EXTRA = """
[[question]]
key = "ease_{number}"
kind = "ces"
text.en = "How hard was it? ({number})"
"""


def edition(number: int) -> str:
    """Every version asks another question, every third one more than the others."""
    extra = EXTRA.format(number=number) if number % 3 == 0 else ""
    return SURVEY.format(number=number, extra=extra)


def _publish(unit: Unit, house: House, number: int, random: Random, now: int) -> None:
    if number % 4 == 0:
        versions.rolled_back(unit, house.brand, "csat_reason", random.randint(2, number), "staff:1", now)
        return
    begun = drafts.opened(unit, house.brand, "csat_reason", "staff:1", now)
    source = edition(number)
    after = drafts.saved(unit, house.brand, "csat_reason", begun.row.revision, source, "staff:1", "", now)
    assert isinstance(after, Saved)
    versions.published(unit, house.brand, "csat_reason", after.row.revision, "staff:1", now)


async def test_every_conversation_ends_on_the_version_it_began_with(tmp_path: Path):
    """Whoever was asked one question is never asked the next one of another version."""
    random = Random(SEED)
    world = await World.open(tmp_path / "makegood.db")
    publish_at = sorted(random.sample(range(40, PEOPLE * 4), VERSIONS))
    waiting, done, published = list(range(PEOPLE)), set[int](), 0
    steps = dict.fromkeys(waiting, 0)
    moment = 0
    while len(done) < PEOPLE:
        moment += 1
        if published < VERSIONS and moment >= publish_at[published]:
            published += 1
            number, now = published + 1, world.clock.now()
            await world.run(partial(_publish, house=world.house, number=number, random=random, now=now))
            world.house.shelf.forget_published()
        person = random.choice([each for each in range(max(1, min(PEOPLE, moment // 3))) if each not in done] or [0])
        steps[person] += 1
        if await _goes_on(world, str(person), first=steps[person] == 1):
            done.add(person)

    assert published == VERSIONS
    ended = await world.run(_ended)
    assert len(ended) == PEOPLE
    for keys, answered, thanked, number in ended:
        assert set(answered) == set(keys), number
        assert thanked
    assert len({number for *_, number in ended}) > VERSIONS // 2
    await world.close()


async def _goes_on(world: World, chat: str, *, first: bool) -> bool:
    """One step of one person: begin, or answer what they were asked last. True once they were thanked."""
    if first:
        await world.receive(world.wrote(chat, "/start"))
        return False
    last = (await world.messages(chat))[-1]
    if last.text.startswith("Thank you"):
        return True
    taps = [button for row in last.rows for button in row if button.label in ("4", "Yes")]
    await world.receive(world.pressed(chat, taps[0].press) if taps else world.wrote(chat, "It was fine."))
    return False


def _ended(unit: Unit) -> list[tuple[list[str], list[str], bool, int]]:
    """Of every closed conversation: its version's questions, the answered ones, whether it was thanked, the version."""
    found = []
    for conversation_id, version_id, state in unit.all(
        "SELECT id, survey_version_id, state FROM conversation WHERE closed_at IS NOT NULL"
    ):
        version = unit.surveys.get(version_id)
        number = version.number
        closed = load(state)
        answers = [answer.question for answer in unit.answers.of(conversation_id) if answer.current]
        keys = [line.split('"')[1] for line in version.source.splitlines() if line.startswith("key = ")][1:]
        if number == 1:  # the one that we ship asks on only when somebody is not content
            keys = ["satisfaction"]
        found.append((keys, answers, isinstance(closed, Closed) and closed.outcome == "complete", number))
    return found
