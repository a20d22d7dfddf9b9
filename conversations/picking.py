"""Tapping several options of one question: ticks for `choices`, places one after another for a `ranking`."""

from typing import Final

from msgspec.structs import replace

from conversations import asking
from conversations.events import Choice, Decision, Note, ShowChosen
from conversations.phrases import phrase
from conversations.state import Asking
from conversations.surveys import Question

PICKED: Final = ("choices", "ranking")
"""The kinds whose options stay chosen or not until *Done*."""


def picks(question: Question, choice: str) -> bool:
    """Say whether a tap marks something of this question, and answers nothing yet."""
    return question.kind in PICKED and choice not in (asking.SKIP.key, asking.DONE.key)


def pick(state: Asking, question: Question, prompt: str, choice: str, more: tuple[Choice, ...]) -> Decision:
    """Mark an option, or take its mark off; `more` are the ways out that stand beside them now."""
    if question.kind == "ranking" and choice == asking.START_OVER.key:
        return _marked(state, question, prompt, (), more) if state.chosen else Decision(state)
    if choice not in {option.key for option in question.options}:
        return Decision(state)
    if choice in state.chosen:
        return _marked(state, question, prompt, tuple(key for key in state.chosen if key != choice), more)
    if question.kind == "ranking":
        if len(state.chosen) == question.places:
            full = phrase("All places are taken. Tap Done, or one of them to take it back.")
            return Decision(state, (Note(full),))
        return _marked(state, question, prompt, (*state.chosen, choice), more)
    ticked = tuple(o.key for o in question.options if o.key == choice or o.key in state.chosen)
    return _marked(state, question, prompt, ticked, more)


def _marked(
    state: Asking, question: Question, prompt: str, chosen: tuple[str, ...], more: tuple[Choice, ...]
) -> Decision:
    shown = ShowChosen(prompt, question, chosen, asking.ways_out(question, more, chosen))
    return Decision(replace(state, chosen=chosen), (shown,))
