"""RapidPro's routers: the tests after a wait say what is asked, those without one where the way parts."""

import re
from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from conversations.importing import kinds, remarks
from conversations.importing.claims import FALSE, Answered, Claim, Compared, Fact, Unsaid, every, some
from conversations.importing.drafts import Asked, Node, Option, Sketch, Way
from conversations.importing.loose import figure, set_of
from conversations.importing.rapidpro_texts import path_of
from conversations.surveys import Texts

To = Callable[[str], str]

_WORDS: Final = set_of("has_any_word has_all_words has_phrase has_only_phrase has_only_text has_beginning has_category")
_ORDERED: Final = {"eq": "==", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}
_SUCCESS: Final = ("success", "complete", "completed", "answered")
_YES: Final = re.compile(r"\b(?:yes|yeah|y|oui|si|sí|sim|ndiyo|ja)\b", re.IGNORECASE)
_NO: Final = re.compile(r"\b(?:no|n|non|não|nao|hapana|nein)\b", re.IGNORECASE)
_HINTS: Final = frozenset({"image", "audio", "video"})


class Case(msgspec.Struct):
    """One test of a reply, and the category it gives."""

    test: str
    arguments: list[str]
    category: str


Reading = Callable[[str, Case], Claim]
"""Given the name of an answer: the claim that a test makes about it."""


class Category(msgspec.Struct):
    """What a reply counts as, and where it leads."""

    ident: str
    name: str
    label: Texts
    to: str


class Router(msgspec.Struct, kw_only=True):
    """Where the way parts, with or without waiting for a reply first."""

    waits: bool
    hint: str
    operand: str
    result: str
    cases: list[Case]
    categories: list[Category]
    default: str
    timeout: str
    chance: bool = False

    def category(self, ident: str) -> Category | None:
        return next((one for one in self.categories if one.ident == ident), None)

    def to(self, ident: str) -> str:
        found = self.category(ident)
        return found.to if found else ""


class Result(msgspec.Struct):
    """What is known of an answer that others ask about: its name, and its categories' names."""

    name: str
    categories: dict[str, Claim] = {}


# --- a question -------------------------------------------------------------------------------------------------------


def ask(sketch: Sketch, node: Node, router: Router, to: To, result: Result, replies: list[Texts]) -> None:
    """Make the node a question whose kind is what the router looks for."""
    asked = node.asked = Asked("text", {}, result.name)
    node.then = to(router.to(router.default))
    tests = {case.test for case in router.cases}
    claim: Reading = _unsaid
    if router.hint == "location":
        sketch.remark(node.where, remarks.AS_TEXT, what=router.hint)
    elif router.hint in _HINTS:
        sketch.remark(node.where, remarks.FILE)
    elif tests and all(test.startswith("has_number") for test in tests):
        _number(sketch, node, asked, router)
        claim = _of_number
    elif tests and tests <= _WORDS:
        claim = _choice(sketch, node, asked, router, replies)
    elif tests and all(test.startswith("has_date") for test in tests):
        asked.kind, claim = "date", _of_answered
    elif tests == {"has_email"} or tests == {"has_phone"}:
        asked.kind, claim = "contact", _of_answered
        asked.wants = ("email",) if tests == {"has_email"} else ("phone",)
    elif not tests and replies:
        _only_replies(sketch, node, asked, replies)
    elif tests - {"has_text"}:
        sketch.remark(node.where, remarks.VALIDATION, what=", ".join(sorted(tests)))
        claim = _of_any_kind
    else:
        claim = _of_answered
    _lead(sketch, node, router, to, result, claim)


def _lead(sketch: Sketch, node: Node, router: Router, to: To, result: Result, claim: Reading) -> None:
    """Lead from the question by its categories, in the order of the tests."""
    for case in router.cases:
        said = claim(result.name, case)
        category = router.category(case.category)
        if category is None:
            sketch.remark(node.where, remarks.UNREADABLE)
            continue
        node.ways.append(Way(said, to(category.to)))
        known = result.categories.get(category.name.lower())
        result.categories[category.name.lower()] = said if known is None else some(known, said)


def _unsaid(name: str, case: Case) -> Claim:
    return Unsaid(f"{case.test} {' '.join(case.arguments)}".strip())


def _of_answered(name: str, case: Case) -> Claim:
    return Answered(name) if case.test in ("has_text", "has_date", "has_email", "has_phone") else _unsaid(name, case)


def _of_any_kind(name: str, case: Case) -> Claim:
    return Answered(name) if case.test == "has_text" else _unsaid(name, case)


def _number(sketch: Sketch, node: Node, asked: Asked, router: Router) -> None:
    """Make it a number within all that its tests look for; a rating, when its words are those of one."""
    bounds = [
        found
        for case in router.cases
        for argument in case.arguments
        if case.test in ("has_number_between", "has_number_eq") and (found := figure(argument)) is not None
    ]
    closed = all(case.test in ("has_number_between", "has_number_eq") for case in router.cases)
    if not closed or len(set(bounds)) < 2:
        asked.kind = "number"
        return
    low, high = min(bounds), max(bounds)
    kinds.number(sketch, node.where, asked, low, high)

    def worded() -> None:
        if asked.scale and 2 <= high - low <= 10 and low in (0, 1) and kinds.is_rating(asked.text):
            kinds.rating(sketch, node.where, asked, (int(low), int(high)))

    sketch.later.append(worded)


def _of_number(name: str, case: Case) -> Claim:
    suffix = case.test.removeprefix("has_number").removeprefix("_")
    if not suffix:
        return Answered(name)
    values = [argument for argument in case.arguments if figure(argument) is not None]
    if suffix == "between" and len(values) == 2:
        if float(values[0]) > float(values[1]):
            return FALSE
        return every(Compared(name, ">=", values[0]), Compared(name, "<=", values[1]))
    if suffix in _ORDERED and len(values) == 1:
        return Compared(name, _ORDERED[suffix], values[0])
    return _unsaid(name, case)


def _choice(sketch: Sketch, node: Node, asked: Asked, router: Router, replies: list[Texts]) -> Reading:
    """Make it a choice between the categories that are found by words; with one of them, a text that is compared."""
    found = list(dict.fromkeys(case.category for case in router.cases))
    categories = [category for ident in found if (category := router.category(ident))]
    matched = [(reply, _matching(router, reply)) for reply in replies]
    if matched and all(category for _, category in matched):
        options = [Option((f"{ident}:{n}", ident, *reply.values()), reply) for n, (reply, ident) in enumerate(matched)]
        by_category = {
            ident: [option.values[0] for option in options if option.values[1] == ident] for _, ident in matched
        }
        for option in options:
            option.values = (option.values[0], *option.values[2:])
        kinds.choice(sketch, node.where, asked, options)
        return lambda name, case: some(*(Compared(name, "==", one) for one in by_category.get(case.category, [])))
    if len(categories) < 2:
        sketch.remark(node.where, remarks.VALIDATION, what=", ".join(sorted({case.test for case in router.cases})))
        return lambda name, case: some(*(Compared(name, "==", word) for word in _words_of(case)))
    sketch.remark(node.where, remarks.REPLY_WORDS)
    default = router.category(router.default)
    asked.other = default.name if default and default.ident not in found else ""
    options = [Option((one.name, one.ident), one.label or {sketch.default: one.name}) for one in categories]
    if len(options) == 2 and _is_yes_and_no(router, categories):
        asked.kind, asked.options = "yes_no", options
    else:
        kinds.choice(sketch, node.where, asked, options)
    return lambda name, case: Compared(name, "==", case.category)


def _words_of(case: Case) -> list[str]:
    joined = " ".join(case.arguments)
    return joined.split()[:10] if case.test == "has_any_word" else [joined] if joined else []


def _matching(router: Router, reply: Texts) -> str:
    said = next(iter(reply.values()), "").lower()
    for case in router.cases:
        arguments = " ".join(case.arguments).lower()
        if said == arguments or (case.test == "has_any_word" and set(said.split()) & set(arguments.split())):
            return case.category
    return router.default


def _is_yes_and_no(router: Router, categories: list[Category]) -> bool:
    """Return whether the first category is found by yes and the second by no."""
    yes, no = ([*(argument for case in router.cases if case.category == one.ident for argument in case.arguments),
                one.name] for one in categories)  # fmt: skip
    return bool(_YES.search(" ".join(yes)) and _NO.search(" ".join(no)) and not _YES.search(" ".join(no)))


def _only_replies(sketch: Sketch, node: Node, asked: Asked, replies: list[Texts]) -> None:
    options = [Option(tuple(reply.values()), reply) for reply in replies]
    if len(options) > 1:
        kinds.choice(sketch, node.where, asked, options)


# --- where the way parts ----------------------------------------------------------------------------------------------


def part_ways(
    sketch: Sketch, node: Node, router: Router, to: To, results: Mapping[str, Result], fields: Mapping[str, str]
) -> None:
    """Make the node a place where the way parts by what was answered before, or by facts.

    What depends on anything else takes the way of success, else the usual one.
    """
    subject = _subject(router.operand, results, fields)
    if subject is None and (success := next((one for one in router.categories if _succeeds(one)), None)):
        node.then = to(success.to)
        if len({category.to for category in router.categories}) > 1:
            sketch.remark(node.where, remarks.RULE, what=router.operand or "?")
        return
    node.then = to(router.to(router.default))
    for case in router.cases:
        category = router.category(case.category)
        if category is not None:
            said = subject(case) if subject else Unsaid(f"{router.operand} {' '.join(case.arguments)}".strip() or "?")
            node.ways.append(Way(said, to(category.to)))


def _succeeds(category: Category) -> bool:
    return category.name.lower() in _SUCCESS


def _subject(operand: str, results: Mapping[str, Result], fields: Mapping[str, str]) -> Callable[[Case], Claim] | None:
    """Return how tests of an operand read as claims, None when it is neither an answer nor a fact."""
    match path_of(operand.strip().removeprefix("@")):
        case ["results" | "flow" | "child", name, *more] if name in results:
            return lambda case: _of_result(results[name], case, more)
        case ["contact", "fields", field] | ["fields", field] | ["contact", field] if field not in _NO_FIELDS:
            if field in fields and fields[field] in results:
                return lambda case: _of_result(results[fields[field]], case, [])
            return lambda case: _of_fact(field, case)
    return None


_NO_FIELDS: Final = set_of("groups urn urns uuid id language timezone channel created_on tel fields tickets")


def _of_result(result: Result, case: Case, more: list[str]) -> Claim:
    said = " ".join(case.arguments).lower()
    if "category" in more or case.test == "has_category":
        return some(*(result.categories.get(one.lower(), _unsaid(result.name, case)) for one in case.arguments))
    if case.test.startswith("has_number"):
        return _of_number(result.name, case)
    if case.test == "has_text":
        return Answered(result.name)
    if case.test in _WORDS and said in result.categories:
        return result.categories[said]
    if case.test in _WORDS:
        return some(*(Compared(result.name, "==", word) for word in _words_of(case)))
    return _unsaid(result.name, case)


def _of_fact(field: str, case: Case) -> Claim:
    suffix = case.test.removeprefix("has_number_")
    if case.test in ("has_text", "has_date", "has_number", "has_email", "has_phone"):
        return Fact("customer", field)
    if suffix in _ORDERED and len(case.arguments) == 1:
        return Fact("customer", field, _ORDERED[suffix], case.arguments[0])
    if suffix == "between" and len(case.arguments) == 2:
        low, high = case.arguments
        return every(Fact("customer", field, ">=", low), Fact("customer", field, "<=", high))
    if case.test in _WORDS:
        return some(*(Fact("customer", field, "==", word) for word in _words_of(case)))
    return _unsaid(field, case)
