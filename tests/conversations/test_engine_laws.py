"""Laws of the engine: for any survey, whatever people type and tap, and in whatever order it comes."""

from datetime import date, timedelta
from typing import Any, NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from conversations import asking, engine
from conversations.contact_details import details
from conversations.events import (
    Amended,
    Ask,
    Decision,
    Effect,
    Event,
    Keep,
    LanguageChosen,
    Note,
    OpenCase,
    Replied,
    Resumed,
    Say,
    Shared,
    Showed,
    Silent,
    Stopped,
    Tapped,
    WentBack,
)
from conversations.events import PatienceEnded as Patience
from conversations.facts import Facts
from conversations.state import Asking, Closed, load, save
from conversations.surveys import Branch, Kind, Option, Question, Row, Scale, Survey

NOON = 1_772_452_800_000
HOUR = 3_600_000
SCALES: dict[str, Scale] = {"csat": Scale(1, 5), "nps": Scale(0, 10), "ces": Scale(1, 7), "stars": Scale(1, 5)}
KINDS: tuple[Kind, ...] = (
    *("csat", "nps", "ces", "stars", "choice", "choices", "yes_no", "text", "number", "statement"),
    *("matrix", "ranking", "date", "contact"),
)
ROWS = ("staff", "price")
OPTIONS = tuple(Option(key, {"en": key.title()}) for key in ("late", "wet", "cold"))
FACTS = Facts(customer={"name": "Ana"}, zone="Asia/Shanghai")

figures = ["5", "1", "12", "4.5", "10/10", "五星", "⭐⭐", "two stars", "not 5"]
words = ["yes", "no", "late", "wet,cold", "满意", "太差了", "stop", "thanks", "/start", "talk to a person"]
odd = ["fire", "受伤", "", " ", "\x00", "A" * 5000]
days = ["today", "昨天", "03/04/2026", "11月22日", "2026-11-22", "22/11/26", "32.1."]
ways = ["+44 20 7946 0958", "ana@example.org", "138 0013 8000 ana@example.org", "ana@", "2 1 3", "wet > late > cold"]
texts = st.text(max_size=40) | st.sampled_from([*figures, *words, *odd]) | st.sampled_from([*days, *ways])
choices = st.sampled_from(["1", "2", "5", "_change", "yes", "late"]) | st.sampled_from(
    ["0", "1", "2", "5", "10", "11", "-1", "yes", "no", "late", "wet", "_skip", "_done", "_person", "_change", "_keep"]
)
choices |= st.sampled_from(["wet", "cold", "_over", "_done", "2026-03-02", "2026-03-01", "2026-13-01"])


class Act(NamedTuple):
    """One thing that happens: what, after how many hours, and which earlier prompt or reply it is about."""

    what: str
    text: str
    choice: str
    about: int
    hours: int


LIKELY = [
    "low",
    "low",
    "high",
    "high",
    "tap",
    "retap",
    "retap",
    "confirm",
    "confirm",
    "edit",
    "reply",
    "back",
    "tap newest",
]
SELDOM = [
    "show",
    "share",
    "language",
    "resumed",
    "silent",
    "patience",
    "reply",
    "low",
    "high",
    "tap newest",
    "confirm",
    "stop",
]
acts = st.builds(
    Act,
    st.sampled_from(LIKELY) | st.sampled_from(SELDOM),
    texts,
    choices,
    st.integers(0, 8),
    st.sampled_from([0, 0, 0, 1, 30]),
)


@st.composite
def surveys(draw: st.DrawFn) -> Survey:
    """Any survey of one to five questions, with branches, an unhappy condition and a question that explains."""
    kinds = draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=5))
    asked = [_question(draw, f"q{number}", kind, len(kinds)) for number, kind in enumerate(kinds)]
    firsts = {question.key: f"{question.key}_{ROWS[0]}" for question in asked if question.kind == "matrix"}
    questions = [row for question in asked for row in _rows(_led(question, firsts))]
    rated = [question.key for question in questions if question.scale is not None and question.kind != "number"]
    told = [question.key for question in questions if question.kind == "text"]
    unhappy = f"{draw(st.sampled_from(rated))} <= 2" if rated else ""
    return Survey(
        key="any",
        touchpoint="any",
        languages=("en", "zh-Hans"),
        questions=tuple(questions),
        unhappy=draw(st.sampled_from(["", unhappy, unhappy])),
        explain=draw(st.none() | st.sampled_from(told)) if told else None,
        consent=draw(st.sampled_from(["line", "step"])),
        remind=(timedelta(hours=24),),
    )


def _question(draw: st.DrawFn, key: str, kind: Kind, count: int) -> Question:
    number = int(key[1:])
    branches: tuple[Branch, ...] = ()
    if kind in SCALES and draw(st.booleans()):
        later = [f"q{after}" for after in range(number + 1, count)]
        branches = (Branch(f"{key} <= {draw(st.integers(0, 5))}", draw(st.sampled_from([*later, "end"]))),)
    return Question(
        key=key,
        kind=kind,
        text={"en": f"{key}?", "zh-Hans": f"{key}？"},
        scale=SCALES.get(kind, Scale(1, 5) if kind == "matrix" else None),
        options=OPTIONS if kind in ("choice", "choices", "ranking") else (),
        optional=draw(st.booleans()),
        branches=branches,
        top=draw(st.integers(0, 2)) if kind == "ranking" else 0,
        wants=draw(st.sampled_from([("phone",), ("email",), ("phone", "email")])) if kind == "contact" else (),
        sense=draw(st.sampled_from(["", "past", "future"])) if kind == "date" else "",
        latest=draw(st.sampled_from(["", "today"])) if kind == "date" else "",
    )


def _led(question: Question, firsts: dict[str, str]) -> Question:
    """As reading does it: a branch to a matrix leads to its first row."""
    branches = tuple(replace(branch, to=firsts.get(branch.to, branch.to)) for branch in question.branches)
    return replace(question, branches=branches)


def _rows(question: Question) -> list[Question]:
    if question.kind != "matrix":
        return [question]
    keys = tuple(f"{question.key}_{row}" for row in ROWS)
    return [
        replace(
            question,
            key=key,
            row=Row(question.key, question.text, n, keys),
            branches=question.branches if n == len(keys) else (),
        )
        for n, key in enumerate(keys, 1)
    ]


class Step(NamedTuple):
    """One turn of a conversation: where it stood, what came, and what followed."""

    before: Asking | Closed
    event: Event
    now: int
    after: Decision


def begun(survey: Survey) -> Decision:
    return engine.begin(survey, "seed", "en", FACTS, NOON)


def played(survey: Survey, script: list[Act]) -> list[Step]:
    """What becomes of a conversation in which all that happens, saved and loaded between any two turns."""
    state, now, steps, said = begun(survey).state, NOON, [], 0
    for act in script:
        now += act.hours * HOUR
        event = _event(survey, act, state, said)
        said += isinstance(event, Replied | Shared)
        assert isinstance(state, Asking | Closed)
        after = engine.advance(survey, state, event, now)
        steps.append(Step(state, event, now, after))
        state = load(save(after.state))
    return steps


def _event(survey: Survey, act: Act, state: Any, said: int) -> Event:
    match act.what:
        case "low" | "high" if isinstance(state, Asking):
            return _answer(asking.question_of(survey, state.question), act.what, state.prompt(), f"m{said}", act)
        case "confirm" if asking.CHANGE in state.shown:
            return Tapped(
                state.prompt(len(state.shown) - 1 - state.shown[::-1].index(asking.CHANGE)),
                "_change" if act.about % 3 else act.choice,
            )
        case "reply":
            return Replied(act.text, f"m{said}")
        case "tap":
            count = act.about % len(state.shown) if state.shown and act.hours else act.about
            return Tapped(f"seed.{count}", act.choice)
        case "retap":  # somebody thinks better of a rating, on its old button
            return Tapped(f"seed.{act.about % 3 % max(len(state.shown), 1)}", "5" if act.about % 2 else "1")
        case "tap newest":
            return Tapped(state.prompt(), act.choice)
        case "edit":
            return Amended(act.text, f"m{act.about}")
        case "show":
            return Showed("photo", *(((act.about,), act.text, f"m{said}") if act.about % 3 else ()))
        case "share":
            return Shared(act.text, f"m{said}")
        case _:
            plain: dict[str, Event] = {
                "language": LanguageChosen("zh-Hans"),
                "back": WentBack(),
                "stop": Stopped(),
                "resumed": Resumed(),
                "silent": Silent(),
                "patience": Patience(),
            }
            return plain.get(act.what, Tapped(state.prompt(), "_change"))


def _answer(question: Question, end: str, prompt: str, ref: str, act: Act) -> Event:
    """What somebody sends who means to answer: a figure at one end of the scale, typed or tapped."""
    if question.scale is None:
        return Replied(fitting(question) or act.text, ref)
    figure = str(question.scale.low if end == "low" else question.scale.high)
    return Tapped(prompt, figure) if act.about % 2 else Replied(figure, ref)


def fitting(question: Question) -> str:
    """What answers a question that has no scale; nothing for one that takes any words."""
    ranked = " ".join("213"[: question.places] if question.places != 1 else "2")
    telephone = "ana@example.org" if question.wants == ("email",) else "138 0013 8000"
    fits = {"choice": "late", "choices": "wet", "yes_no": "yes", "consent": "yes", "number": "7"}
    return (fits | {"ranking": ranked, "date": "today", "contact": telephone}).get(question.kind, "")


def all_effects(survey: Survey, steps: list[Step]) -> list[Effect]:
    return [*begun(survey).effects, *(effect for step in steps for effect in step.after.effects)]


scripts = st.lists(acts, min_size=3, max_size=16)


@given(surveys(), scripts)
def test_saved_state_reads_back_equal(survey: Survey, script: list[Act]):
    """Whatever was said is still known after a restart."""
    for step in played(survey, script):
        assert load(save(step.after.state)) == step.after.state


@given(surveys(), scripts)
def test_every_conversation_ends_when_patience_does(survey: Survey, script: list[Act]):
    """Nobody is left inside a conversation for ever."""
    steps = played(survey, script)
    state = steps[-1].after.state if steps else begun(survey).state
    assert isinstance(state, Asking | Closed)
    over = engine.advance(survey, state, Patience(), NOON + 1000 * HOUR).state

    assert isinstance(over, Closed)


@given(surveys(), st.sampled_from(["1", "5", "low"]))
def test_whoever_answers_reaches_the_end(survey: Survey, taste: str):
    """A customer who answers each question is through after as many steps as there are questions."""
    state = begun(survey).state
    for _ in range(len(survey.questions) + 2):
        if not isinstance(state, Asking):
            break
        question = asking.question_of(survey, state.question)
        figure = str(question.scale.low if question.scale and taste == "low" else 3)
        answer = figure if question.scale else fitting(question) or "some words"
        state = engine.advance(survey, state, Replied(answer), NOON).state

    assert isinstance(state, Closed)
    assert state.outcome == "complete"


@given(surveys(), scripts)
def test_no_answer_is_lost(survey: Survey, script: list[Act]):
    """What the state takes for an answer is stored, and what is stored stands in the state."""
    statements = {question.key for question in survey.questions if question.kind == "statement"}
    for step in played(survey, script):
        kept = {e.question: e.given for e in step.after.effects if isinstance(e, Keep) and e.role == "answer"}
        answers = step.after.state.answers
        changed = {key for key, given in answers.items() if step.before.answers.get(key) != given} - statements

        assert changed <= set(kept)
        assert all(answers[key] == given for key, given in kept.items())
        assert set(step.before.answers) <= set(answers)


@given(surveys(), scripts)
def test_no_words_are_lost(survey: Survey, script: list[Act]):
    """What is typed while a question is open is an answer, a comment, or the wish to stop; only consent comes first."""
    for step in played(survey, script):
        if (
            isinstance(step.before, Asking)
            and isinstance(step.event, Replied | Shared)
            and step.before.question != "_consent"
        ):
            kept = any(isinstance(effect, Keep) for effect in step.after.effects)

            assert kept or getattr(step.after.state, "outcome", "") == "stopped"


@given(surveys(), scripts)
def test_nothing_shown_is_lost(survey: Survey, script: list[Act]):
    """A photo is an answer or a comment, with what was written below it."""
    for step in played(survey, script):
        if isinstance(step.before, Asking) and isinstance(step.event, Showed) and step.before.question != "_consent":
            kept = {id_ for effect in step.after.effects if isinstance(effect, Keep) for id_ in effect.given.media}

            assert kept == set(step.event.media) or getattr(step.after.state, "outcome", "") == "stopped"


@given(surveys(), scripts)
def test_a_tap_that_comes_twice_changes_nothing_more(survey: Survey, script: list[Act]):
    """Impatient thumbs, and copies of a message: at most a word in passing follows. A tick is there to be taken off."""
    for step in played(survey, script):
        state = step.after.state
        ticked = isinstance(state, Asking) and (state.chosen or getattr(step.before, "chosen", ()))
        offered = isinstance(step.event, Tapped) and any(isinstance(e, Say) and e.prompt for e in step.after.effects)
        if not isinstance(step.event, Tapped) or ticked or offered:
            continue
        assert isinstance(state, Asking | Closed)
        again = engine.advance(survey, state, step.event, step.now)

        assert again.state == state
        assert all(isinstance(effect, Note) for effect in again.effects)


@given(surveys(), scripts)
def test_wakes_too_early_or_too_often_are_harmless(survey: Survey, script: list[Act]):
    """A timer may come late, twice or for nothing: only its own moment counts."""
    for step in played(survey, script):
        state = step.after.state
        assert isinstance(state, Asking | Closed)
        if isinstance(state, Closed):
            assert engine.advance(survey, state, Patience(), step.now) == Decision(state)
            assert engine.advance(survey, state, Silent(), step.now) == Decision(state)
        else:
            assert engine.advance(survey, state, Patience(), state.expires_at - 1) == Decision(state)
            reminded = engine.advance(survey, state, Silent(), step.now).effects
            assert not (reminded and asking.answered(survey, state))


@given(surveys(), scripts)
def test_each_prompt_is_shown_once(survey: Survey, script: list[Act]):
    """A tap says which showing of a question it answers, so no two may share a prompt."""
    effects = all_effects(survey, played(survey, script))
    prompts = [effect.prompt for effect in effects if isinstance(effect, Ask | Say) and effect.prompt]

    assert len(prompts) == len(set(prompts))


@given(surveys(), scripts)
def test_what_is_over_asks_nothing_more(survey: Survey, script: list[Act]):
    """After the thanks there is no next question, and it never opens again."""
    for step in played(survey, script):
        if isinstance(step.before, Closed):
            assert isinstance(step.after.state, Closed)
            assert not any(isinstance(effect, Ask) for effect in step.after.effects)


@given(surveys(), scripts)
@settings(max_examples=200)
def test_turning_unhappy_is_one_apology_and_one_case(survey: Survey, script: list[Act]):
    """Exactly when the condition begins to hold: sorry is said once, and one case is asked for."""
    for step in played(survey, script):
        turned = step.after.state.unhappy and not step.before.unhappy
        opened = [e for e in step.after.effects if isinstance(e, OpenCase) and e.cause == "unhappy"]
        sorry = [e for e in step.after.effects if isinstance(e, Say) and e.apology]

        assert len(opened) == len(sorry) == int(turned)


@given(surveys(), scripts)
def test_an_unhappy_customer_is_asked_only_what_happened(survey: Survey, script: list[Act]):
    """After the apology the rest of the survey is not put to somebody who is upset."""
    explain = asking.explain_question(survey)
    for step in played(survey, script):
        if isinstance(step.before, Asking) and step.before.explaining and step.after.state.unhappy:
            asked = {e.question.key for e in step.after.effects if isinstance(e, Ask)}

            assert asked <= {explain.key} or isinstance(step.event, WentBack) or asked <= {step.before.question}


@given(surveys(), scripts)
def test_who_stops_is_asked_nothing_more(survey: Survey, script: list[Act]):
    """One word ends it."""
    for step in played(survey, script):
        if isinstance(step.event, Stopped) and isinstance(step.before, Asking):
            assert isinstance(step.after.state, Closed)
            assert step.after.state.outcome == "stopped"


@given(surveys(), scripts)
def test_a_matrix_is_introduced_before_its_rows(survey: Survey, script: list[Act]):
    """A row alone says too little; its matrix's words come whenever one comes to it from elsewhere."""
    for step in played(survey, script):
        for shown in step.after.effects:
            if isinstance(shown, Ask) and shown.question.row and isinstance(step.before, Asking) and not shown.brief:
                assert shown.introduces or step.before.question in shown.question.row.keys


@given(surveys(), scripts)
def test_a_ranking_has_each_option_once_and_a_date_is_a_day(survey: Survey, script: list[Act]):
    """Whatever was tapped or typed, and however it was changed: what is stored is what was asked for."""
    kinds = {question.key: question for question in survey.questions}
    for step in played(survey, script):
        for kept in step.after.effects:
            if not isinstance(kept, Keep) or kept.role != "answer" or not kept.given.text:
                continue
            if kept.kind == "ranking":
                placed = kept.given.text.split(",")
                assert len(placed) == len(set(placed)) == kinds[kept.question].places
            if kept.kind == "date":
                assert date.fromisoformat(kept.given.text).isoformat() == kept.given.text
            if kept.kind == "contact":
                assert details(kept.given.text, kinds[kept.question].wants) is not None
