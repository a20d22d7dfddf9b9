"""Claims about experiments in turns: a customer's side is decided once, kept, and followed to the end."""

from collections import Counter
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from random import Random

import msgspec
import pytest

from bot import experiments, trying
from bot.editing import drafts, versions
from bot.editing.drafts import Behind, NothingPublished, Saved
from bot.editing.experiments import NoSuchSide, kept
from bot.experiment_words import printed
from bot.responses import response_told
from conversations.experiments import as_asked
from conversations.reading import read
from conversations.surveys import Survey
from reports.experiments import Verdict
from storage.sqlite import SqliteEngine
from storage.unit import Unit
from storage.verifying import verify
from tests.bot.turning import World
from tests.experiments import SURVEY

KEY = "after_visit"
FIRSTS = {"a": "How was your visit?", "b": "How likely are you to recommend us to a friend?"}
SECONDS = {"a": FIRSTS["b"], "b": "And how was today's visit?"}


class Worlds:
    """The lives of an installation, one after the other or side by side; all are closed whatever a test finds."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: list[World] = []

    async def open(self, source: str | None = SURVEY, name: str = "makegood") -> World:
        """One more life on the database of that name, in which that survey is published."""
        world = await World.open(self._folder / f"{name}.db", start_survey=KEY)
        self._open.append(world)
        if source is not None:
            await publish(world, source)
        return world

    async def close(self) -> None:
        """End all lives that are not over yet."""
        while self._open:
            await self._open.pop().close()


async def publish(world: World, source: str) -> None:
    """As an editor does: a draft, looked at, published."""
    now = world.clock.now()

    def work(unit: Unit) -> None:
        begun = drafts.begun(unit, 1, KEY, source, "staff:1", "", now)
        assert isinstance(begun, Saved)
        versions.published(unit, 1, KEY, begun.row.revision, "staff:1", now)

    await world.run(work)
    world.house.shelf.forget_published()


@pytest.fixture
async def worlds(tmp_path: Path) -> AsyncIterator[Worlds]:
    worlds = Worlds(tmp_path)
    yield worlds
    await worlds.close()


@pytest.fixture
async def world(worlds: Worlds) -> World:
    return await worlds.open()


async def sides(world: World) -> dict[str, str | None]:
    """The side of each chat's newest conversation."""
    rows = await world.run(
        lambda unit: unit.all(
            "SELECT address.chat, conversation.variant FROM conversation"
            " JOIN address ON address.id = conversation.address_id ORDER BY conversation.id"
        )
    )
    return dict(rows)


async def answers(world: World, chat: str, label: str) -> None:
    """Tap an answer of the newest message that has it."""
    rows = [row for message in reversed(await world.messages(chat)) for row in message.rows]
    press = next(button.press for row in rows for button in row if button.label.startswith(label))
    await world.receive(world.pressed(chat, press))


# --- who is asked how ------------------------------------------------------------------------------------------------


async def test_each_customer_is_asked_as_their_side_says(world):
    """The first question, the second one, and what is stored: all of the same side."""
    chats = [str(n) for n in range(24)]
    for chat in chats:
        await world.receive(world.wrote(chat, "/start"))
        await answers(world, chat, "5")
    found = await sides(world)

    assert set(found.values()) == {"a", "b"}
    for chat in chats:
        first, second = [text for text in await world.texts(chat) if "?" in text][:2]
        assert FIRSTS[found[chat] or ""] in first
        assert SECONDS[found[chat] or ""] in second


async def test_a_side_stays_over_restarts_and_versions(worlds):
    """Another process, another edition, another conversation: the same customer, the same side."""
    world = await worlds.open()
    chats = [str(n) for n in range(24)]
    for chat in chats:
        await world.receive(world.wrote(chat, "/start"))
        await world.receive(world.wrote(chat, "/stop"))
    before = await sides(world)
    await worlds.close()

    world = await worlds.open(None)
    await publish(world, 'thanks.en = "Thanks."\nthanks.zh-Hans = "谢谢。"\n' + SURVEY)
    for chat in chats:
        await world.receive(world.wrote(chat, "/start"))
    after = await sides(world)

    assert set(before.values()) == {"a", "b"}
    assert after == before


async def test_another_experiment_shares_customers_out_anew(world):
    """Some change sides; nobody is asked less."""
    chats = [str(n) for n in range(40)]
    for chat in chats:
        await world.receive(world.wrote(chat, "/start"), world.wrote(chat, "/stop"))
    before = await sides(world)
    await publish(world, SURVEY.replace("recommend_first", "once_more"))
    for chat in chats:
        await world.receive(world.wrote(chat, "/start"))

    assert 8 <= sum(before[chat] != side for chat, side in (await sides(world)).items()) <= 32


async def test_without_an_experiment_nothing_is_decided_and_nothing_stored(worlds):
    """No side, no salt, no statement more."""
    world = await worlds.open(SURVEY.partition("[[variant]]")[0].replace("experiment.", "# "))
    await world.receive(world.wrote("1", "/start"))

    assert await sides(world) == {"1": None}
    assert await world.run(lambda unit: unit.facts.get(1, trying.SALT)) is None


async def statements(world: World, *taps: str) -> list[str]:
    """What the database is asked by the turn of an answer. Delivery works beside it, and commits go as they come."""
    engine = world.database._writer
    assert isinstance(engine, SqliteEngine)
    asked: list[str] = []
    await world.receive(world.wrote("7", "/start"))
    rows = [row for message in reversed(await world.messages("7")) for row in message.rows]
    press = next(button.press for row in rows for button in row if button.label.startswith(taps[0]))
    await world.run(lambda _: engine._raw.set_trace_callback(asked.append))
    await world.receive(world.pressed("7", press))
    await world.run(lambda _: engine._raw.set_trace_callback(None))
    begins = (" ".join(statement.split()[:4]) for statement in asked)
    return [each for each in begins if not each.startswith(("BEGIN", "COMMIT", "UPDATE outbox"))]


async def test_a_rating_turn_asks_the_database_nothing_more_on_either_side(worlds):
    """The side is in the row that the turn reads anyway; its survey is made once."""
    plain = await worlds.open(SURVEY.partition("[[variant]]")[0].replace("experiment.", "# "))
    tried = await worlds.open(name="tried")

    assert await statements(plain, "5") == await statements(tried, "5")


async def test_another_language_and_a_step_back_stay_on_the_side(world):
    """Whatever is shown again is shown as it was asked."""
    for chat in (str(n) for n in range(12)):
        await world.receive(world.wrote(chat, "/start"))
        await answers(world, chat, "5")
        await world.receive(world.wrote(chat, "/language zh-Hans"))
        await world.receive(world.wrote(chat, "/back"))
    found = await sides(world)

    for chat, side in found.items():
        said = "\n".join(await world.texts(chat))
        assert ("那么，今天这次光临您满意吗？" in said) == (side == "b")
        assert ("您对这次光临满意吗？" in said) == (side == "a")


async def test_an_invitation_is_asked_as_its_side_says(world):
    """Planned after a service, sent later: the same side as when they came by themselves."""
    before = await play(world, 8)

    def plan(unit: Unit) -> None:
        version = unit.surveys.by_key(1, KEY)
        assert version is not None
        for [customer] in unit.all("SELECT customer_id FROM address WHERE customer_id IS NOT NULL ORDER BY id"):
            unit.execute("UPDATE customer SET opted_out_at = NULL WHERE id = :id", {"id": customer})
            invitation = unit.invitations.add(1, customer, None, version.id, "visit", "planned", world.clock.now())
            assert invitation is not None
            unit.due.add(1, "invite", invitation.id, f"invite:{invitation.id}", world.clock.now())

    world.clock.pass_by(86_400)
    await world.run(plan)
    await world.fire_due()

    rows = await world.run(lambda unit: unit.all("SELECT COUNT(*) FROM conversation WHERE closed_at IS NULL"))
    assert rows == [(8,)]
    assert await sides(world) == before


async def test_who_answers_at_a_place_has_a_side_like_everybody(world):
    """By the customer that their chat stands for, whom nobody knows by name."""
    await world.run(lambda unit: unit.places.add(1, "till", "Till", "visit", "p_till-000000000000", 1))
    for n in range(16):
        await world.receive(world.wrote(str(n), "/start p_till-000000000000"))

    found = await sides(world)
    assert set(found.values()) == {"a", "b"}
    for chat, side in found.items():
        assert any(FIRSTS[side or ""] in text for text in await world.texts(chat))


# --- the experiment changes under way --------------------------------------------------------------------------------


async def test_two_hundred_conversations_end_on_their_own_sides(world):
    """While the experiment is changed, ended, begun again and published without: nobody changes horses."""
    random = Random(20_261_122)
    editions = [
        SURVEY.replace("How was your visit?", "How did we do?").replace("today's visit", "it today"),
        SURVEY.partition("[[variant]]")[0].replace("experiment.", "# "),
        SURVEY.replace("recommend_first", "another").replace("share = 0.5", "share = 0.8"),
        SURVEY,
    ]
    steps = dict.fromkeys((str(n) for n in range(200)), 0)
    publish_at = {200: 0, 350: 1, 450: 2, 550: 3}
    moment = 0
    while waiting := [chat for chat, step in steps.items() if step < 3]:
        moment += 1
        if moment in publish_at:
            await publish(world, editions[publish_at[moment]])
        chat = random.choice(waiting[:60])
        if steps[chat] == 0:
            await world.receive(world.wrote(chat, "/start"))
        else:
            await answers(world, chat, "5")
        steps[chat] += 1

    assert moment > 550
    rows = await world.run(
        lambda unit: unit.all(
            "SELECT address.chat, variant, survey_version_id, outcome FROM conversation"
            " JOIN address ON address.id = conversation.address_id"
        )
    )
    assert Counter(outcome for *_, outcome in rows) == {"complete": 200}
    assert {variant for _, variant, *_ in rows} == {"a", "b", None}
    for chat, variant, version, _ in rows:
        survey = await world.run(partial(_survey, version=version))
        asked = [question.text["en"] for question in as_asked(survey, variant).questions]
        said = [text for text in await world.texts(chat) if "?" in text]
        assert all(text in shown for text, shown in zip(asked, said, strict=False)), (chat, variant)


def _survey(unit: Unit, version: int) -> Survey:
    return read(unit.surveys.get(version).source)


# --- what is counted -------------------------------------------------------------------------------------------------


async def play(world: World, people: int) -> dict[str, str | None]:
    """Everybody answers: as it is written nobody is happy, on the other side everybody; each third stops half-way."""
    for n in range(people):
        chat = str(n)
        await world.receive(world.wrote(chat, "/start"))
        side = (await sides(world))[chat]
        satisfied = "5" if side == "b" else "3"
        for label in ("9", satisfied) if side == "b" else (satisfied, "9"):
            await answers(world, chat, label)
            if n % 3 == 2:
                await world.receive(world.wrote(chat, "/stop"))
                break
    return await sides(world)


async def test_both_sides_count_as_one_survey_in_the_figures(world, tmp_path):
    """So that no report has a hole for the time of an experiment; and each figure is what its rows add up to."""
    await play(world, 24)
    [[ratings]] = await world.run(
        lambda unit: unit.all("SELECT SUM(count) FROM rollup WHERE survey = :key AND measure = 'rating'", {"key": KEY})
    )

    assert ratings == 24 + 16
    found = verify(tmp_path / "makegood.db", 1)
    assert found.differences == ()
    assert found.sound


async def test_an_experiment_is_read_from_the_answers_themselves(world):
    """Both sides, each customer once, and a sentence for each measure."""
    found = await play(world, 30)
    for chat in list(found)[:6]:  # what they say the second time does not count again
        await world.receive(world.wrote(chat, "/start"))
        await answers(world, chat, "1")
    standing = await world.run(lambda unit: experiments.read(unit, world.house, KEY))

    result = standing.result
    assert (standing.running, standing.key, standing.versions) == (True, "recommend_first", (1,))
    assert result.customers == dict(Counter(found.values()))
    satisfied = result.measures[0].comparisons[0]
    assert (satisfied.as_written.value, satisfied.varied.value) == (0.0, 1.0)
    assert satisfied.verdict is Verdict.TOO_FEW
    ended = result.measures[-1].comparisons[0]
    assert ended.as_written.count + ended.varied.count == 30
    assert "Too few answers to say" in "\n".join(printed(standing, "UTC", "en"))


async def test_versions_with_the_same_experiment_count_together_and_others_do_not(world):
    """Thanks may change under way; other words begin the count anew, and going back takes it up again."""
    await play(world, 6)
    await publish(world, 'thanks.en = "T"\nthanks.zh-Hans = "谢"\n' + SURVEY)
    together = await world.run(lambda unit: experiments.read(unit, world.house, KEY))
    await publish(world, SURVEY.replace("today's", "this"))
    anew = await world.run(lambda unit: experiments.read(unit, world.house, KEY))
    now = world.clock.now()
    await world.run(lambda unit: versions.rolled_back(unit, 1, KEY, 1, "staff:1", now))
    again = await world.run(lambda unit: experiments.read(unit, world.house, KEY))

    assert (together.versions, sum(together.result.customers.values())) == ((1, 2), 6)
    assert (anew.versions, sum(anew.result.customers.values())) == ((3,), 0)
    assert (again.versions, sum(again.result.customers.values())) == ((1, 2, 4), 6)


async def test_what_is_over_can_still_be_read(world):
    """The draft is published, and the figures of the experiment stay."""
    await play(world, 6)
    await publish(world, SURVEY.partition("[[variant]]")[0].replace("experiment.", "# "))
    standing = await world.run(lambda unit: experiments.read(unit, world.house, KEY))

    assert not standing.running
    assert sum(standing.result.customers.values()) == 6


async def test_a_survey_that_was_never_tried_has_nothing_to_show(world):
    """Said as such, and not as an empty table."""
    with pytest.raises(experiments.NoExperiment):
        await world.run(lambda unit: experiments.read(unit, world.house, "csat_reason"))


async def test_a_response_says_its_side(world):
    """For whoever reckons for themselves."""
    found = await play(world, 4)
    lines = await world.run(lambda unit: unit.responses.page(1, 0, 100, 100))
    exported = await world.run(lambda unit: unit.answers.page(0, 100))

    assert Counter(response_told(line, ())["variant"] for line in lines) == Counter(found.values())
    assert {line.variant for line in exported} == set(found.values())


# --- the end ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("side", ["a", "b"])
async def test_keeping_a_side_writes_it_as_the_survey(world, side):
    """A draft, with nothing tried any more; what is published goes on until somebody publishes it."""
    now = world.clock.now()
    done = await world.run(lambda unit: kept(unit, 1, KEY, side, "staff:1", now))

    assert isinstance(done, Saved)
    assert done.problems == ()
    assert done.survey is not None
    assert done.survey.experiment is None
    asked = as_asked(read(SURVEY), side).questions
    assert [(each.key, each.text) for each in done.survey.questions] == [(each.key, each.text) for each in asked]
    assert await world.run(lambda unit: experiments.running(unit, world.house, KEY)) is not None


async def test_a_draft_that_is_being_written_is_not_written_over(world):
    """Somebody's work of an hour is worth more than a button."""
    now = world.clock.now()
    begun = await world.run(lambda unit: drafts.opened(unit, 1, KEY, "staff:2", now))
    done = await world.run(lambda unit: kept(unit, 1, KEY, "b", "staff:1", now))

    assert isinstance(done, Behind)
    assert done.newest.row.revision == begun.row.revision


async def test_only_what_there_is_can_be_kept(world):
    """A side of another experiment, a survey without one, a survey that nobody is asked."""
    now = world.clock.now()
    for key, side, sides_ in ((KEY, "c", ("a", "b")), ("csat_reason", "a", ())):
        with pytest.raises(NoSuchSide) as refused:
            await world.run(partial(kept, brand=1, key=key, side=side, actor="staff:1", now=now))
        assert refused.value.sides == sides_
    with pytest.raises(NothingPublished):
        await world.run(lambda unit: kept(unit, 1, "nobody", "a", "staff:1", now))


async def test_an_experiment_is_told_to_other_programs_in_full(world):
    """Every field that docs/figures.md names, and nothing that JSON cannot hold."""
    await play(world, 6)
    standing = await world.run(lambda unit: experiments.read(unit, world.house, KEY))
    told = msgspec.json.decode(msgspec.json.encode(experiments.as_json(standing, str)))

    assert [(side["variant"], side["share"]) for side in told["sides"]] == [("a", 0.5), ("b", 0.5)]
    assert {one["verdict"] for measure in told["measures"] for one in measure["comparisons"]} == {"too_few"}
    assert [measure["question"] for measure in told["measures"]] == ["satisfaction", "recommend", None]
