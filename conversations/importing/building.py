"""From a sketch to a survey that passes the check and whose every branch can be taken, or the reason why not."""

import re
from typing import Final

from msgspec.structs import replace

from conversations import branching, checking, rehearsing
from conversations.conditions import mentions
from conversations.importing import graphs, remarks
from conversations.importing.assembling import assembled, with_branches
from conversations.importing.drafts import Sketch, brief
from conversations.importing.results import Import, Verdict
from conversations.phrases import Phrase, phrase
from conversations.problems import Problem
from conversations.reading import MOST_QUESTIONS, read
from conversations.surveys import RATINGS, Question, Survey
from conversations.writing import toml

MOST_MENDS: Final = 60
MOST_STEPS: Final = 1500
"""Replies with which a survey is tried; one with more ways than that keeps branches that nobody may take."""

_WORDS: Final = re.compile(r'"[^"]')
_FACTS: Final = re.compile(r"\b(?:customer|service|business)\.")


def built(sketch: Sketch) -> Import:
    """Return what became of a sketch."""
    said = sum(node.asked is not None for node in sketch.nodes.values())
    _prepare(sketch)
    if not sketch.nodes:
        sketch.remark(sketch.name or sketch.file, remarks.NOTHING)
        return _result(sketch, None, "", said)
    if not any(node.asks for node in sketch.nodes.values()):
        sketch.remark(sketch.name or sketch.file, remarks.NOTHING_ASKED)
    survey, source = _walked(sketch, assembled(sketch))
    return _result(sketch, survey, source, said)


def _result(sketch: Sketch, survey: Survey | None, source: str, said: int) -> Import:
    verdict: Verdict = "cannot" if survey is None else "with changes" if sketch.changes else "exact"
    return Import(
        format=sketch.format,
        survey=survey,
        verdict=verdict,
        changes=tuple(sketch.changes),
        assumed=(*sketch.assumed, *_assumed(survey)) if survey else (),
        toml=source,
        part=sketch.name,
        parts=sketch.parts or ((sketch.name,) if sketch.name else ()),
        said=said,
    )


def _prepare(sketch: Sketch) -> None:
    graphs.collapse(sketch)
    graphs.begin_with_question(sketch)
    graphs.word(sketch)
    for decide in sketch.later:
        decide()
    graphs.drop_unreached(sketch)
    graphs.cut(sketch)
    graphs.drop_unreached(sketch)
    graphs.offer_others(sketch)
    graphs.fold(sketch)
    graphs.drop_unreached(sketch)
    graphs.end_with_thanks(sketch)
    graphs.end_after(sketch, 3 * MOST_QUESTIONS)
    graphs.join_messages(sketch, MOST_QUESTIONS)
    graphs.end_after(sketch, MOST_QUESTIONS)
    graphs.drop_unreached(sketch)


def _assumed(survey: Survey) -> list[Phrase]:
    """Return what no other program's file says and a survey of ours needs."""
    touchpoint = phrase(
        'The touchpoint is "{touchpoint}": write the one that your service events name.', touchpoint=survey.touchpoint
    )
    rating = next((one for one in survey.questions if one.kind in RATINGS and one.scale), None)
    if rating is None or rating.scale is None:
        return [touchpoint]
    low = rating.scale.low + (rating.scale.high - rating.scale.low) // 4
    condition = f'unhappy = "{rating.key} <= {low}"'
    measures = phrase(
        "It only measures. To open cases for the unhappy, write {condition} at the top.", condition=condition
    )
    return [touchpoint, measures]


# --- until every branch can be taken ----------------------------------------------------------------------------------


def _walked(sketch: Sketch, survey: Survey) -> tuple[Survey | None, str]:
    """Return the survey without questions and branches that no answers lead to, and its file.

    One condition alone may hold, and yet never where it is asked. A survey with too many ways stays as it is.
    """
    mended, source = _mended(sketch, survey)
    for _ in range(MOST_MENDS):
        if mended is None:
            break
        walk = rehearsing.walk(mended, MOST_STEPS)
        surely = walk.whole and not any(_FACTS.search(one.when) for each in mended.questions for one in each.branches)
        if surely and walk.unasked and (less := _without_questions(sketch, mended, set(walk.unasked))):
            mended, source = _mended(sketch, less)
        elif surely and (dead := _dead(mended, walk.untaken)):
            mended, source = _mended(sketch, _without_branches(mended, dead))
        else:
            break
    return mended, source


def _dead(survey: Survey, untaken: tuple[tuple[str, int], ...]) -> set[tuple[str, int]]:
    """Return the branches that no answers lead to; what is typed freely may always be the very words."""
    typed = {question.key for question in survey.questions if question.kind in ("text", "contact")}
    conditions_of = {(key, n): survey.question(key).branches[n].when for key, n in untaken}
    return {at for at, when in conditions_of.items() if not _WORDS.search(when) or not typed & mentions(when)}


def _without_branches(survey: Survey, dead: set[tuple[str, int]]) -> Survey:
    kept = (
        replace(one, branches=tuple(each for n, each in enumerate(one.branches) if (one.key, n) not in dead))
        for one in survey.questions
    )
    return replace(survey, questions=tuple(with_branches(one, one.branches) for one in kept))


def _mended(sketch: Sketch, survey: Survey) -> tuple[Survey | None, str]:
    """Return the survey without what the check refuses, and its file; None when that does not help."""
    complaint = ""
    for _ in range(MOST_MENDS):
        unreached = {one.key for one in survey.questions} - branching.Ways(survey).reachable()
        if unreached and (less := _without_questions(sketch, survey, unreached)):
            survey = less
            continue
        source = toml(survey)
        errors = [problem for problem in checking.check(source, sketch.file) if problem.severity == "error"]
        if not errors:
            return read(source, sketch.file), source  # as the file has it: lines, and what each kind brings along
        complaint = f"{errors[0].message} {errors[0].mend}"
        refused = {at for problem in errors if (at := _branch_at(survey, problem))}
        if not refused:
            break
        for key, _ in sorted(refused):
            sketch.remark(_where(survey.question(key)), remarks.RULE_NEVER)
        survey = _without_branches(survey, refused)
    sketch.remark(sketch.name or sketch.file, remarks.REFUSED, what=complaint)
    return None, ""


def _branch_at(survey: Survey, problem: Problem) -> tuple[str, int] | None:
    """Return the branch that a problem is about, by the question that has it and its position."""
    match problem.path:
        case ("question", int(table), "branch", int(branch), *_):
            starts = [n for n, one in enumerate(survey.questions) if one.row is None or one.row.position == 1]
            last = [*starts, len(survey.questions)][table + 1] - 1
            return survey.questions[last].key, branch
    return None


def _without_questions(sketch: Sketch, survey: Survey, keys: set[str]) -> Survey | None:
    """Take questions out of the sketch and build the survey anew, so that no text shows their answers.

    A matrix goes when nobody comes to any of its rows. None when nothing would be left, or nothing would change.
    """
    order = graphs.order(sketch)
    tables: list[list[str]] = []
    for one in survey.questions:
        if one.row is None or one.row.position == 1:
            tables.append([])
        tables[-1].append(one.key)
    gone = [at for at, table in zip(order, tables, strict=True) if keys.issuperset(table)]
    if not gone or len(gone) == len(order):
        return None
    for at in gone:
        sketch.remark(sketch.nodes[at].where, remarks.UNREACHED)
        graphs.pass_by(sketch, at)
    graphs.drop_unreached(sketch)
    return assembled(sketch)


def _where(question: Question) -> str:
    return brief(next(iter(question.text.values()), question.key))
