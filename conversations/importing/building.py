"""From a sketch to a survey that passes the check, or the reason why not."""

import json
from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from conversations import branching, checking
from conversations.importing import graphs, naming, remarks
from conversations.importing.claims import (
    TRUE,
    Answered,
    Claim,
    Compared,
    Fact,
    Rule,
    Said,
    Unsaid,
    decided,
    unsaid,
    written,
)
from conversations.importing.comparing import comparison, of_any
from conversations.importing.drafts import END, Node, Sketch, brief
from conversations.importing.loose import figure
from conversations.importing.loose import written as number
from conversations.importing.questions import Keys, keys_of, questions_of, wording
from conversations.importing.results import Import, NotReadable, Verdict
from conversations.phrases import phrase
from conversations.problems import Problem
from conversations.reading import MOST_QUESTIONS
from conversations.surveys import RATINGS, Branch, Question, Survey
from conversations.writing import toml

MOST_NODES: Final = 1500
MOST_MENDS: Final = 60
TOUCHPOINT: Final = "service"


def built(sketch: Sketch) -> Import:
    """Return what became of a sketch. Raises NotReadable when it holds far more than a survey."""
    if len(sketch.nodes) > MOST_NODES:
        raise NotReadable(phrase("The file holds far more than a survey. Export only one survey."), sketch.file)
    said = sum(node.asked is not None for node in sketch.nodes.values())
    _prepare(sketch)
    if not sketch.nodes:
        sketch.remark(sketch.name or sketch.file, remarks.NOTHING)
        return _result(sketch, None, "", said)
    if not any(node.asks for node in sketch.nodes.values()):
        sketch.remark(sketch.name or sketch.file, remarks.NOTHING_ASKED)
    survey, source = _mended(sketch, _survey(sketch))
    return _result(sketch, survey, source, said)


def _result(sketch: Sketch, survey: Survey | None, source: str, said: int) -> Import:
    verdict: Verdict = "cannot" if survey is None else "with changes" if sketch.changes else "exact"
    return Import(
        format=sketch.format,
        survey=survey,
        verdict=verdict,
        changes=tuple(sketch.changes),
        assumed=tuple(sketch.assumed) if survey else (),
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


# --- the survey -------------------------------------------------------------------------------------------------------


def _survey(sketch: Sketch) -> Survey:
    order = [sketch.nodes[at] for at in graphs.order(sketch)]
    keys = keys_of(sketch, order)
    tables = {node.id: questions_of(sketch, node, keys) for node in order}
    ways = _Ways(sketch, order, keys, tables)
    questions: list[Question] = []
    for n, node in enumerate(order):
        following = order[n + 1].id if n + 1 < len(order) else END
        *rows, last = tables[node.id]
        questions += [*rows, _with_branches(last, ways.branches(node, following))]
    languages = tuple(sketch.languages)
    _assume(sketch, questions)
    taken: set[str] = set()
    return Survey(
        key=naming.key(sketch.name, taken, "imported"),
        touchpoint=TOUCHPOINT,
        languages=languages,
        questions=tuple(questions),
        title={tag: text[:120] for tag, text in wording(sketch, "", sketch.title, keys, plain=True).items()},
        thanks=wording(sketch, "", sketch.thanks, keys),
    )


def _with_branches(question: Question, branches: tuple[Branch, ...]) -> Question:
    """Return the question with its branches, without a last one that no answer is left for."""
    whole = replace(question, branches=branches)
    if branches and branches[-1].when == "true" and len(branches) - 1 in branching.never_taken(whole):
        return replace(question, branches=branches[:-1])
    return whole


def _assume(sketch: Sketch, questions: list[Question]) -> None:
    sketch.assumed.append(
        phrase('The touchpoint is "{touchpoint}": write the one that your service events name.', touchpoint=TOUCHPOINT)
    )
    rating = next((one for one in questions if one.kind in RATINGS and one.scale), None)
    if rating and rating.scale:
        low = rating.scale.low + (rating.scale.high - rating.scale.low) // 4
        sketch.assumed.append(
            phrase(
                "It only measures. To open cases for the unhappy, write {condition} at the top.",
                condition=f'unhappy = "{rating.key} <= {low}"',
            )
        )


class _Ways:
    """The ways between the nodes as branches in our language."""

    def __init__(self, sketch: Sketch, order: list[Node], keys: Keys, tables: dict[str, tuple[Question, ...]]) -> None:
        self.sketch = sketch
        self.keys = keys
        self.tables = tables
        self.before: dict[str, frozenset[str]] = {}
        self.always: dict[str, frozenset[str]] = {}
        leading: dict[str, list[str]] = {node.id: [] for node in order}
        for node in order:
            for to in dict.fromkeys(node.targets):
                if to in leading:
                    leading[to].append(node.id)
        for node in order:
            own = frozenset({node.id})
            own_before = [self.before[one] for one in leading[node.id]]
            self.before[node.id] = own.union(*own_before)
            all_ways = [self.always[one] for one in leading[node.id]]
            self.always[node.id] = own | (frozenset.intersection(*all_ways) if all_ways else frozenset())

    def branches(self, node: Node, following: str) -> tuple[Branch, ...]:
        leaf = self._leaf(node)
        rules = [rule for way in node.ways if (rule := self._rule(node, written(way.when, leaf), way.to, way.shows))]
        conditions = decided(rules, node.then)
        if conditions is None:
            self.sketch.remark(node.where, remarks.RULES_TOO_MANY)
            conditions = decided([], node.then) or []
        while len(conditions) > 1 and conditions[-2][1] == conditions[-1][1]:  # the last one is for all that is left
            conditions.pop(-2)
        if conditions and conditions[-1][1] == following:  # what follows in the file needs no branch
            conditions.pop()
        return tuple(Branch(when, self._key(to)) for when, to in conditions)

    def _key(self, to: str) -> str:
        return self.keys.first.get(to, branching.END)

    def _rule(self, node: Node, claim: Claim, to: str, shows: bool) -> Rule | None:
        if not (source := unsaid(claim)):
            return Rule(claim, to)
        if shows and to in self.sketch.nodes:
            shown = self.sketch.nodes[to]
            self.sketch.remark(shown.where, remarks.SHOWN, what=source)
            return Rule(TRUE, to)
        self.sketch.remark(node.where, remarks.RULE, what=source)
        return None

    def _leaf(self, node: Node) -> Callable[[Compared | Answered | Fact], Claim]:
        def leaf(claim: Compared | Answered | Fact) -> Claim:
            return self._of_fact(node, claim) if isinstance(claim, Fact) else self._of_answer(node, claim)

        return leaf

    def _of_answer(self, node: Node, claim: Compared | Answered) -> Claim:
        about = self.keys.named.get(claim.of)
        if about is None:
            if claim.of in self.sketch.facts:
                scope, field = self.sketch.facts[claim.of]
                op, value = (claim.op, claim.value) if isinstance(claim, Compared) else ("", "")
                return self._of_fact(node, Fact(scope, field, op, value))
            return Unsaid(f"{claim.of} {claim.op} {claim.value}" if isinstance(claim, Compared) else claim.of)
        found = [
            comparison(question, self.keys.options.get(question.key, {}), claim, self._sure(node, at, question))
            for at, question in about
            if at in self.before[node.id]
        ]
        return of_any(found)

    def _sure(self, node: Node, at: str, question: Question) -> bool:
        return at in self.always[node.id] and not question.optional

    def _of_fact(self, node: Node, fact: Fact) -> Claim:
        name = f"{fact.scope}.{naming.spelled(fact.field) or 'field'}"
        source = _fact_source(name, fact)
        if source is None:
            return Unsaid(f"{name} {fact.op} {fact.value}")
        self.sketch.remark(node.where, remarks.FACT_ASKED, what=name)
        return Said(source, f"not ({source})", False)


def _fact_source(name: str, fact: Fact) -> str | None:
    if not fact.op:
        return f'{name} != ""'
    value = figure(fact.value)
    if fact.op in ("==", "!="):
        return f"{name} {fact.op} {json.dumps(fact.value, ensure_ascii=False)}"
    return f"{name} {fact.op} {number(value)}" if fact.op in ("<", "<=", ">", ">=") and value is not None else None


# --- until it passes --------------------------------------------------------------------------------------------------


def _mended(sketch: Sketch, survey: Survey) -> tuple[Survey | None, str]:
    """Return the survey without what the check refuses, and its file; None when that does not help."""
    errors: list[Problem] = []
    for _ in range(MOST_MENDS):
        source = toml(survey)
        errors = [problem for problem in checking.check(source, sketch.file) if problem.severity == "error"]
        if not errors:
            return survey, source
        mended = _without(sketch, survey, errors[0])
        if mended is None:
            sketch.remark(sketch.name or sketch.file, remarks.REFUSED, what=f"{errors[0].message} {errors[0].mend}")
            return None, ""
        survey = mended
    sketch.remark(sketch.name or sketch.file, remarks.REFUSED, what=errors[0].message)
    return None, ""


def _without(sketch: Sketch, survey: Survey, problem: Problem) -> Survey | None:
    match problem.path:
        case ("question", int(table), "branch", int(branch), *_):
            return _without_branch(sketch, survey, table, branch)
        case ("question", int(table)) | ("question", int(table), "rows", *_) if "is ever asked" in problem.message:
            return _without_question(sketch, survey, table)
    return None


def _starts(survey: Survey) -> list[int]:
    """Return where each table of the file begins among the questions: a matrix is one table."""
    return [n for n, one in enumerate(survey.questions) if one.row is None or one.row.position == 1]


def _without_branch(sketch: Sketch, survey: Survey, table: int, branch: int) -> Survey:
    starts = [*_starts(survey), len(survey.questions)]
    last = starts[table + 1] - 1
    question = survey.questions[last]
    sketch.remark(_where(question), remarks.RULE_NEVER)
    kept = (*question.branches[:branch], *question.branches[branch + 1 :])
    changed = replace(question, branches=kept)
    return replace(survey, questions=(*survey.questions[:last], changed, *survey.questions[last + 1 :]))


def _without_question(sketch: Sketch, survey: Survey, table: int) -> Survey | None:
    starts = [*_starts(survey), len(survey.questions)]
    if len(starts) <= 2:
        return None
    gone = survey.questions[starts[table] : starts[table + 1]]
    sketch.remark(_where(gone[0]), remarks.UNREACHED)
    after = survey.questions[starts[table + 1]].key if starts[table + 1] < len(survey.questions) else branching.END
    names = {question.key for question in gone}
    kept = (*survey.questions[: starts[table]], *survey.questions[starts[table + 1] :])
    return replace(survey, questions=tuple(_led_past(question, names, after) for question in kept))


def _led_past(question: Question, gone: set[str], after: str) -> Question:
    branches = tuple(replace(one, to=after) if one.to in gone else one for one in question.branches)
    return replace(question, branches=branches)


def _where(question: Question) -> str:
    return brief(next(iter(question.text.values()), question.key))
