"""A response and its answers as other programs read them: the API's pages and the command line's export alike."""

from collections.abc import Sequence
from typing import Any, Final

from bot.clock import iso
from storage.answers import Answer, AnswerLine
from storage.responses import ResponseLine

SEVERAL: Final = frozenset({"choices", "ranking"})


def answer_told(answer: Answer | AnswerLine) -> dict[str, Any]:
    """Return one answer: the figures and words it was understood as, what was typed, and when."""
    return {
        "question": answer.question,
        "role": answer.role,
        "kind": answer.kind,
        "number": answer.number,
        "text": answer.text,
        "raw": answer.raw,
        "shortened": bool(answer.shortened),
        "skipped": bool(answer.skipped),
        "current": bool(answer.current),
        "at": iso(answer.at),
    }


def conversation_told(line: AnswerLine | ResponseLine) -> dict[str, Any]:
    """Return what is said of the conversation that answers belong to."""
    return {
        "conversation_id": line.conversation_id,
        "outcome": line.outcome,
        "opened_at": iso(line.opened_at),
        "closed_at": iso(line.closed_at),
        "customer": line.customer,
        "customer_name": line.customer_name,
        "channel": line.channel,
        "survey": line.survey,
        "survey_number": line.survey_number,
        "touchpoint": line.touchpoint,
        "variant": line.variant,
    }


def response_told(line: ResponseLine, answers: Sequence[Answer]) -> dict[str, Any]:
    """Return a response with its answers; one that the customer replaced since is marked as not current."""
    event = None if line.source is None else {"source": line.source, "id": line.event_id}
    return {
        **conversation_told(line),
        "event": event,
        "case": line.case,
        "answers": [{**answer_told(answer), "value": value_of(answer)} for answer in answers],
    }


def value_of(answer: Answer) -> int | str | bool | list[str] | None:
    """Return an answer as its own type: a number, true or false, a list of keys, or a text; None when skipped."""
    if answer.skipped:
        return None
    if answer.role == "comment":
        return answer.text
    if answer.number is not None:
        return answer.number
    if answer.kind in SEVERAL:
        return [key for key in (answer.text or "").split(",") if key]
    return answer.text == "yes" if answer.kind == "yes_no" and answer.text else answer.text
