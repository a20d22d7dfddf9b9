"""RapidPro's flows before version 13: `action_sets` that do something, `rule_sets` that decide."""

from typing import Any, Final, TypeVar

from conversations.importing import remarks
from conversations.importing.drafts import Sketch
from conversations.importing.loose import Table, listed, table, tables, words
from conversations.importing.rapidpro_routers import Case, Category, Router
from conversations.surveys import Texts

S = TypeVar("S")

_TESTS: Final = {
    "contains_any": "has_any_word", "contains": "has_all_words", "contains_phrase": "has_phrase",
    "contains_only_phrase": "has_only_phrase", "starts": "has_beginning", "regex": "has_pattern",
    "eq": "has_number_eq", "lt": "has_number_lt", "lte": "has_number_lte", "gt": "has_number_gt",
    "gte": "has_number_gte", "between": "has_number_between", "number": "has_number", "date": "has_date",
    "date_before": "has_date_lt", "date_after": "has_date_gt", "date_equal": "has_date_eq", "phone": "has_phone",
    "not_empty": "has_text", "state": "has_state", "district": "has_district", "ward": "has_ward",
    "in_group": "has_group", "webhook_status": "has_webhook_status", "subflow": "has_subflow",
    "airtime_status": "has_airtime", "interrupted_status": "has_interrupted", "has_email": "has_email",
    "yes": "has_any_word", "no": "has_any_word",
}  # fmt: skip
_WAITS: Final = {
    "wait_message": "", "wait_photo": "image", "wait_video": "video", "wait_audio": "audio", "wait_gps": "location",
    "wait_recording": "audio", "wait_digit": "digits", "wait_digits": "digits", "wait_menu": "digits",
}  # fmt: skip
_OUTSIDE: Final = {"webhook": "@webhook", "resthook": "@webhook", "airtime": "@airtime", "subflow": "@child.status"}


def steps_of_legacy(sketch: Sketch, flow: Table, make: Any) -> tuple[list[Any], str]:
    """Return the steps of a flow, made by `make(ident, actions, router, then)`, and where it begins."""
    found: list[Any] = []
    heights: list[tuple[float, str]] = []
    for n, one in enumerate(listed(flow.get("action_sets"))):
        if not isinstance(one, dict) or not words(one.get("uuid")):
            sketch.remark(f"action_sets[{n}]", remarks.UNREADABLE)
            continue
        found.append(make(words(one["uuid"]), tables(one.get("actions")), None, words(one.get("destination"))))
        heights.append((_height(one), words(one["uuid"])))
    for n, one in enumerate(listed(flow.get("rule_sets"))):
        if not isinstance(one, dict) or not words(one.get("uuid")):
            sketch.remark(f"rule_sets[{n}]", remarks.UNREADABLE)
            continue
        found.append(make(words(one["uuid"]), _actions(one), _router(sketch, one), ""))
        heights.append((_height(one), words(one["uuid"])))
    entry = words(flow.get("entry"))
    return found, entry or (min(heights)[1] if heights else "")


def _height(step: Table) -> float:
    y = step.get("y")
    return float(y) if isinstance(y, int | float) and abs(y) < 1e9 else 1e9


def _actions(rules: Table) -> list[Table]:
    """Return what a rule set does before it decides: call a web service, enter another flow."""
    kind = words(rules.get("ruleset_type"))
    config = table(rules.get("config"))
    if kind == "subflow":
        return [{"type": "enter_flow", "flow": table(config.get("flow"))}]
    if kind in ("webhook", "resthook") or words(rules.get("webhook")):
        return [{"type": "call_webhook"}]
    return [{"type": "transfer_airtime"}] if kind == "airtime" else []


def _router(sketch: Sketch, source: Table) -> Router:
    kind = words(source.get("ruleset_type"))
    operand = words(source.get("operand"))
    waits = kind in _WAITS or (not kind and operand in ("", "@step.value") and not words(source.get("webhook")))
    if kind == "form_field":
        sketch.remark(words(source.get("label")) or kind, remarks.VARIABLE, what=kind)
    categories: list[Category] = []
    cases: list[Case] = []
    default = timeout = ""
    for n, rule in enumerate(tables(source.get("rules"))):
        ident = words(rule.get("uuid")) or f"{n}"
        name = _category(sketch, rule.get("category"))
        said = next(iter(name.values()), "") or f"{n + 1}"
        same = next((one for one in categories if one.name == said and one.to == words(rule.get("destination"))), None)
        if same is None:
            categories.append(Category(ident, said, name, words(rule.get("destination"))))
        ident = same.ident if same else ident
        test = table(rule.get("test"))
        match words(test.get("type")):
            case "true":
                default = ident
            case "timeout":
                timeout = ident
            case tested:
                cases.append(Case(_TESTS.get(tested, tested), _arguments(test), ident))
    return Router(
        waits=waits,
        hint=_WAITS.get(kind, ""),
        operand=_OUTSIDE.get(kind) or ("@form" if kind == "form_field" else operand),
        result=words(source.get("label")),
        cases=cases,
        categories=categories,
        default=default,
        timeout=timeout,
        chance=kind == "random",
    )


def _category(sketch: Sketch, source: Any) -> Texts:
    return sketch.texts("category", source, piped=False)


def _arguments(test: Table) -> list[str]:
    if words(test.get("type")) == "between":
        return [words(test.get("min")), words(test.get("max"))]
    if words(test.get("type")) in ("yes", "no"):
        return [words(test.get("type"))]
    value = test.get("test", test.get("base"))
    said = words(value) or next((words(one) for one in table(value).values() if words(one)), "")
    return [said] if said else []
