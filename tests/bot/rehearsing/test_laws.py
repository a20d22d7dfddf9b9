"""What holds for every rehearsal, whatever is tapped or typed, and however the draft looks."""

import asyncio
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channels.messages import Message
from bot.outgoing import message_of
from bot.publishing import library
from bot.rehearsing.playing import played
from bot.rehearsing.shown import Shown, as_now
from bot.rehearsing.steps import Back, Contact, Language, Photo, Say, Step, Stop, Tap, Wait
from conversations.desk import STATUS
from conversations.facts import Facts
from conversations.reading import draft, read
from tests.bot.turning import World

FOLDER = Path(__file__).parents[2] / "transcripts" / "surveys"
SOURCES = {file.survey.key: file.source for file in library()}
OTHERS = {read(source).key: source for source in (path.read_text("utf-8") for path in FOLDER.glob("*.toml"))}
SURVEYS = {key: read(source) for key, source in (SOURCES | OTHERS).items()}
ASKED = sorted(SURVEYS.keys() - {"follow_up"})
NAMED = [key for key in ASKED if not SURVEYS[key].anonymous]  # of the others nothing is left to compare with
FOLLOW_UP = SURVEYS["follow_up"]
ANA = Facts({"name": "Ana"}, {}, {"name": "Corner Shop"}, "UTC")

WORDS = (
    *("1", "5", "10", "three", "a bit late", "很好", "谢谢", "it is urgent, call me", "I want to talk to a person"),
    *("stop", "/back", "/language zh-Hant", "yes", "no", "2 1 3", "yesterday", "138 0013 8000", "Skip"),
    *("x" * 600, "🙂", "{{ x }}", ""),
)
LABELS = (
    "1",
    "2",
    "3",
    "5",
    "9",
    "Yes",
    "No",
    "Skip",
    "Done",
    "Change it",
    "Leave it",
    "Talk to a person now",
    "Complain",
)

said = st.sampled_from(WORDS).map(Say) | st.text(max_size=40).map(Say)
steps = st.lists(
    said
    | st.sampled_from(LABELS).map(lambda label: Tap(label=label))
    | st.sampled_from([Back(), Stop(), Photo("see"), Photo(), Contact("138 0013 8000"), Language("zh-Hans")])
    | st.integers(1, 80).map(lambda hours: Wait(timedelta(hours=hours))),
    max_size=14,
)


@given(st.sampled_from(ASKED), st.sampled_from(["en", "zh-Hans", "zh-Hant"]), steps)
def test_what_is_played_twice_is_the_same(key, language, taken):
    """Every step of a telephone plays all of them again: nothing may move under the author's hand."""
    survey = SURVEYS[key]
    once = played(survey, language, ANA, taken, follow_up=FOLLOW_UP)

    assert once == played(survey, language, ANA, taken, follow_up=FOLLOW_UP)


@given(st.sampled_from(ASKED), steps, st.integers(0, 14))
def test_a_step_more_only_adds(key, taken, number):
    """What was seen before stays as it was: a chat can be told only what is new."""
    survey = SURVEYS[key]
    before = played(survey, "en", ANA, taken[:number], follow_up=FOLLOW_UP).shown
    after = played(survey, "en", ANA, taken, follow_up=FOLLOW_UP).shown

    assert after[: len(before)] == before
    assert all(each.step >= number for each in after[len(before) :])


@given(st.sampled_from(ASKED), steps)
def test_time_never_goes_back_and_no_step_is_lost(key, taken):
    """Each step shows something of itself, even if only that it was left out."""
    shown = played(SURVEYS[key], "en", ANA, taken, follow_up=FOLLOW_UP).shown

    assert [each.at for each in shown] == sorted(each.at for each in shown)
    assert {each.step for each in shown} == {-1, *range(len(taken))}


@given(st.data())
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
def test_no_draft_makes_it_fail(data):
    """An author cuts, doubles and mistypes lines, and the telephone beside it says what it can."""
    lines = SOURCES[data.draw(st.sampled_from(sorted(SOURCES)))].splitlines()
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(lines) - 1))
        match data.draw(st.sampled_from(["cut", "twice", "mistyped", "moved"])):
            case "cut":
                del lines[at]
            case "twice":
                lines.insert(at, lines[at])
            case "moved":
                lines.insert(data.draw(st.integers(0, len(lines) - 1)), lines.pop(at))
            case _:
                cut = data.draw(st.integers(0, len(lines[at])))
                lines[at] = lines[at][:cut] + data.draw(st.sampled_from(["", '"', "}", "{{", "=", "1", "x"]))
        lines = lines or [""]
    survey = draft("\n".join(lines)).survey
    found = played(survey, "en", ANA, data.draw(steps), follow_up=FOLLOW_UP)

    assert found.shown or found.trouble


# --- beside the real turns ------------------------------------------------------------------------------------------

TAPS = st.integers(0, 11).map(lambda number: ("tap", number))
REPLIES = st.lists(TAPS | st.sampled_from(WORDS[:-1]).map(lambda word: ("say", word)), max_size=8)


Look = tuple[str, list[list[str]]]


def seen(message: Message | Shown) -> Look:
    """What a customer sees of a message."""
    return message.text, [[button.label for button in row] for row in message.rows]


class Beside:
    """The same customer in a rehearsal and before the real turns, who taps and types the same at the same moments."""

    def __init__(self, world: World, key: str, language: str) -> None:
        self.world = world
        self.survey = SURVEYS[key]
        self.language = language
        self.begins_at = world.clock.now()
        self.steps: list[Step] = []

    def rehearsed(self) -> tuple[Shown, ...]:
        return played(self.survey, self.language, ANA, self.steps, begins_at=self.begins_at).shown

    async def reply(self, kind: str, what: int | str) -> None:
        """Take one step on both sides; a tap on the n-th of the buttons that can be tapped."""
        self.world.clock.pass_by(60)
        if isinstance(what, str):
            self.steps.append(Say(what))
            await self.world.receive(self.world.wrote("7", what, language=self.language))
            return
        messages = [each for each in as_now(self.rehearsed()) if each.kind == "message"]
        buttons = [(place, button) for place, each in enumerate(messages) for row in each.rows for button in row]
        buttons = [each for each in buttons if not each[1].press.startswith(f"1:{STATUS}:")]  # told in words of its own
        if not buttons:
            return
        place, button = buttons[what % len(buttons)]
        self.steps.append(Tap(press=button.press, label=button.label))
        looks = await self.looks()
        press = next(one.press for row in looks[place].rows for one in row if one.label == button.label)
        await self.world.receive(self.world.pressed("7", press, language=self.language))

    async def looks(self) -> list[Message]:
        """The messages before the real customer as they look now."""
        looks: dict[int, Message] = {}
        for row in await self.world.rows("7"):
            looks[row.id if row.edits is None else row.edits] = message_of(row)
        return list(looks.values())


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
@given(key=st.sampled_from(NAMED), replies=REPLIES)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_rehearsal_says_what_the_real_turns_say(language, key, replies):
    """To the same replies the same words, with the same buttons: else an author tries out something else."""

    async def beside() -> tuple[list[Look], list[Look]]:
        with tempfile.TemporaryDirectory() as folder:
            world = await World.open(Path(folder) / "makegood.db", start_survey=key, language=language)
            try:
                if key in OTHERS:
                    await world.publish(OTHERS[key], key)
                both = Beside(world, key, language)
                await world.receive(world.wrote("7", "/start", language=language))
                for kind, what in replies:
                    await both.reply(kind, what)
                rehearsed = [seen(each) for each in as_now(both.rehearsed()) if each.kind == "message"]
                return rehearsed, [seen(each) for each in await both.looks()]
            finally:
                await world.close()

    rehearsed, real = asyncio.run(beside())

    assert rehearsed == real


@pytest.mark.parametrize("key", ["after_delivery", "after_checkout", "nps_reason"])
def test_silence_is_played_as_the_real_due_rows_fire(key):
    """The reminder and the end come at the same moments, with the same words."""

    async def beside() -> tuple[list[Look], list[Look]]:
        with tempfile.TemporaryDirectory() as folder:
            world = await World.open(Path(folder) / "makegood.db", start_survey=key)
            try:
                both = Beside(world, key, "en")
                await world.receive(world.wrote("7", "/start"))
                for _ in range(175):  # an hour each, so that each row fires in its own
                    both.steps.append(Wait(timedelta(hours=1)))
                    world.clock.pass_by(3600)
                    await world.fire_due()
                found = played(both.survey, "en", ANA, both.steps, begins_at=both.begins_at)
                assert found.outcome == "none"
                assert await world.count("SELECT count(*) FROM conversation WHERE outcome = 'none'") == 1
                return [seen(each) for each in as_now(found.shown) if each.kind == "message"], [
                    seen(each) for each in await both.looks()
                ]
            finally:
                await world.close()

    rehearsed, real = asyncio.run(beside())

    assert rehearsed == real
    assert len(real) > 1
