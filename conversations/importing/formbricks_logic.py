"""Formbricks' conditions, of blocks and of the questions before them, as claims."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from conversations.importing.claims import FALSE, TRUE, Answered, Claim, Compared, Fact, Not, Unsaid, every, some
from conversations.importing.loose import Table, table, tables, words

_ORDERED: Final = {
    "isGreaterThan": ">",
    "isGreaterThanOrEqual": ">=",
    "isLessThan": "<",
    "isLessThanOrEqual": "<=",
    "isAfter": ">",
    "isBefore": "<",
}
_OLD: Final = {
    "submitted": "isSubmitted",
    "skipped": "isSkipped",
    "accepted": "isAccepted",
    "clicked": "isClicked",
    "booked": "isBooked",
    "uploaded": "isSubmitted",
    "notUploaded": "isSkipped",
    "notEquals": "doesNotEqual",
    "lessThan": "isLessThan",
    "lessEqual": "isLessThanOrEqual",
    "greaterThan": "isGreaterThan",
    "greaterEqual": "isGreaterThanOrEqual",
    "includesAll": "includesAllOf",
    "includesOne": "includesOneOf",
    "isCompletelySubmitted": "isSubmitted",
}


class Logic:
    """Reads conditions. `kind_of` are the kinds of the elements by their names, `hidden` the names of hidden fields."""

    def __init__(self, kind_of: Mapping[str, str], hidden: Collection[str]) -> None:
        self.kind_of = kind_of
        self.hidden = hidden

    def claim(self, group: Any) -> Claim:
        """Return the claim of a group of conditions."""
        inner = table(group)
        claims = [
            self.claim(one) if "conditions" in one else self._condition(one) for one in tables(inner.get("conditions"))
        ]
        return some(*claims) if inner.get("connector") == "or" else every(*claims)

    def _condition(self, condition: Table) -> Claim:
        left, right = condition.get("leftOperand"), condition.get("rightOperand")
        name = words(table(left).get("value"))
        kind = words(table(left).get("type"))
        row = words(table(table(left).get("meta")).get("row"))
        values = table(right).get("value") if isinstance(right, dict) else right
        if table(right).get("type") not in ("static", None) or kind == "variable":
            return Unsaid(f"{name} {words(condition.get('operator'))}")
        if row:
            name = f"{name}.{row}"
        if kind == "hiddenField" or name in self.hidden:
            return _of_fact(name, words(condition.get("operator")), words(values))
        return self._compared(name, words(condition.get("operator")), values)

    def old_claim(self, name: str, rule: Table) -> Claim:
        """Return the claim of a rule of one word about the question that it follows."""
        return self._compared(
            name, _OLD.get(words(rule.get("condition")), words(rule.get("condition"))), rule.get("value")
        )

    def _compared(self, name: str, operator: str, value: Any) -> Claim:
        values = [words(one) for one in value] if isinstance(value, list) else [words(value)]
        statement = self.kind_of.get(name) == "cta"
        consent = self.kind_of.get(name) == "consent"
        match operator:
            case (
                "isSubmitted"
                | "isClicked"
                | "isAccepted"
                | "isBooked"
                | "isCompletelySubmitted"
                | "isSet"
                | "isNotEmpty"
            ):
                return TRUE if statement else Compared(name, "==", "yes") if consent else Answered(name)
            case "isSkipped" | "isNotClicked" | "isEmpty" | "isNotSet":
                return FALSE if statement else Not(Compared(name, "==", "yes")) if consent else Not(Answered(name))
            case "equals" | "equalsOneOf" | "isAnyOf":
                return some(*(Compared(name, "==", one) for one in values))
            case "doesNotEqual":
                return Not(some(*(Compared(name, "==", one) for one in values)))
            case "includesAllOf":
                return every(*(Compared(name, "has", one) for one in values))
            case "includesOneOf":
                return some(*(Compared(name, "has", one) for one in values))
            case "doesNotIncludeOneOf":
                return Not(every(*(Compared(name, "has", one) for one in values)))
            case "doesNotIncludeAllOf":
                return Not(some(*(Compared(name, "has", one) for one in values)))
        if (op := _ORDERED.get(operator)) is not None and len(values) == 1:
            return Compared(name, op, values[0])
        return Unsaid(f"{name} {operator} {', '.join(values)}")


def _of_fact(name: str, operator: str, value: str) -> Claim:
    match operator:
        case "isSet" | "isNotEmpty" | "isSubmitted":
            return Fact("service", name)
        case "isNotSet" | "isEmpty" | "isSkipped":
            return Not(Fact("service", name))
        case "equals":
            return Fact("service", name, "==", value)
        case "doesNotEqual":
            return Not(Fact("service", name, "==", value))
    op = _ORDERED.get(operator)
    return Fact("service", name, op, value) if op else Unsaid(f"{name} {operator} {value}")
