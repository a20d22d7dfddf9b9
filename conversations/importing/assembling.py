"""A sketch as a survey: every question with its key, every way as a branch in our language."""

import json
from collections.abc import Callable
from typing import Final

from msgspec.structs import replace

from conversations import branching
from conversations.importing import naming, remarks
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
from conversations.importing.drafts import END, Node, Sketch
from conversations.importing.graphs import order as in_order
from conversations.importing.loose import figure
from conversations.importing.loose import written as number
from conversations.importing.questions import Keys, keys_of, questions_of, wording
from conversations.surveys import Branch, Question, Survey

TOUCHPOINT: Final = "service"


def assembled(sketch: Sketch) -> Survey:
    """Return the survey of a sketch whose ways all lead forwards. It may still hold what the check refuses."""
    order = [sketch.nodes[at] for at in in_order(sketch)]
    keys = keys_of(sketch, order)
    tables = {node.id: questions_of(sketch, node, keys) for node in order}
    ways = _Ways(sketch, order, keys, tables)
    questions: list[Question] = []
    for n, node in enumerate(order):
        following = order[n + 1].id if n + 1 < len(order) else END
        *rows, last = tables[node.id]
        questions += [*rows, with_branches(last, ways.branches(node, following))]
    languages = tuple(sketch.languages)
    taken: set[str] = set()
    return Survey(
        key=naming.key(sketch.name, taken, "imported"),
        touchpoint=TOUCHPOINT,
        languages=languages,
        questions=tuple(questions),
        title={tag: text[:120] for tag, text in wording(sketch, "", sketch.title, keys, plain=True).items()},
        thanks=wording(sketch, "", sketch.thanks, keys),
    )


def with_branches(question: Question, branches: tuple[Branch, ...]) -> Question:
    """Return the question with its branches, without a last one that no answer is left for."""
    whole = replace(question, branches=branches)
    if branches and branches[-1].when == "true" and len(branches) - 1 in branching.never_taken(whole):
        return replace(question, branches=branches[:-1])
    return whole


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
