"""Formbricks' elements: what each kind of question becomes."""

from typing import Any, Final

from conversations.importing import kinds, remarks
from conversations.importing.drafts import Asked, Node, Option, Sketch, joined
from conversations.importing.loose import Table, listed, says, table, tables, whole, words

_FIELDS: Final = (
    ("firstName", "First name"),
    ("lastName", "Last name"),
    ("company", "Company"),
    ("addressLine1", "Address"),
    ("addressLine2", "Address, second line"),
    ("city", "City"),
    ("state", "State"),
    ("zip", "Postal code"),
    ("country", "Country"),
    ("email", "E-mail"),
    ("phone", "Telephone"),
)


class Kinds:
    """Reads elements into nodes, and remarks in the sketch what changes."""

    def __init__(self, sketch: Sketch) -> None:
        self.sketch = sketch

    def nodes(  # noqa: C901 - one case for each kind
        self, name: str, where: str, element: Table, asked: Asked
    ) -> list[Node]:
        """Return the nodes that an element becomes."""
        sketch = self.sketch
        match words(element.get("type")):
            case "openText":
                self._open_text(where, element, asked)
            case "rating" | "csat":
                self._rating(where, element, asked)
            case "nps":
                self._ends(where, element, asked)
                asked.kind = "nps"
            case "ces":
                sketch.remark(where, remarks.AS_RATING)
                self._rating(where, element, asked)
            case "multipleChoiceSingle" | "multipleChoiceMulti" as kind:
                return self._choice(name, where, element, asked, several=kind.endswith("Multi"))
            case "pictureSelection":
                sketch.remark(where, remarks.MEDIA)
                options = [
                    Option((words(one.get("id")),), {sketch.default: f"{n}"})
                    for n, one in enumerate(tables(element.get("choices")), 1)
                ]
                kinds.choice(sketch, where, asked, options, several=element.get("allowMulti") is True)
            case "cta":
                self._call_to_action(where, element, asked)
            case "consent":
                asked.kind = "yes_no"
                asked.text = joined(asked.text, sketch.texts(where, element.get("label")))
                sketch.remark(where, remarks.CONSENT)
            case "date":
                asked.kind = "date"
            case "ranking":
                kinds.choice(sketch, where, asked, self._labels(where, element.get("choices")), several=True)
                asked.kind = "ranking" if asked.kind == "choices" else asked.kind
            case "matrix":
                return self._matrix(name, where, element, asked)
            case "address" | "contactInfo":
                return self._fields_of(name, where, element, asked)
            case "fileUpload":
                sketch.remark(where, remarks.FILE)
                if element.get("maxSizeInMB") or element.get("allowedFileExtensions"):
                    sketch.remark(where, remarks.FILE_LIMITS)
            case "cal":
                sketch.remark(where, remarks.INTEGRATION, what="cal.com")
                sketch.remark(where, remarks.AS_TEXT, what="cal")
            case "statement" | "presentation":
                asked.kind = "statement"
            case kind:
                sketch.remark(where, remarks.UNKNOWN_KIND, what=kind or "?")
        return [Node(name, where, asked)]

    def _open_text(self, where: str, element: Table, asked: Asked) -> None:
        match words(element.get("inputType")):
            case "email":
                asked.kind, asked.wants = "contact", ("email",)
            case "phone":
                asked.kind, asked.wants = "contact", ("phone",)
            case "number":
                kinds.number(self.sketch, where, asked, None, None)
                self.sketch.remark(where, remarks.FRACTION)
            case "url":
                self.sketch.remark(where, remarks.VALIDATION, what="url")

    def _ends(self, where: str, element: Table, asked: Asked) -> None:
        asked.low = self.sketch.texts(where, element.get("lowerLabel"))
        asked.high = self.sketch.texts(where, element.get("upperLabel"))

    def _rating(self, where: str, element: Table, asked: Asked) -> None:
        self._ends(where, element, asked)
        symbols = words(element.get("scale"))
        steps = whole(element.get("range")) or 5
        if symbols == "smiley":
            self.sketch.remark(where, remarks.AS_FIGURES)
        kinds.rating(self.sketch, where, asked, (1, min(max(steps, 1), 1000)), stars=symbols == "star")

    def _labels(self, where: str, source: Any) -> list[Option]:
        found = []
        for one in listed(source):
            label = self.sketch.texts(where, one.get("label", one) if isinstance(one, dict) else one)
            ident = words(table(one).get("id"))
            if label or ident:
                found.append(Option(tuple(filter(None, (ident, *label.values()))), label))
            else:
                self.sketch.remark(where, remarks.UNREADABLE)
            if isinstance(one, dict) and one.get("imageUrl"):
                self.sketch.remark(where, remarks.MEDIA)
        return found

    def _choice(self, name: str, where: str, element: Table, asked: Asked, *, several: bool) -> list[Node]:
        options = self._labels(where, element.get("choices"))
        kinds.choice(self.sketch, where, asked, options, several=several)
        other = next((one for one in options if "other" in one.values), None)
        if other is None or asked.kind not in ("choice", "choices"):
            return [Node(name, where, asked)]
        self.sketch.remark(where, remarks.OTHER)
        text = self.sketch.texts(where, element.get("otherOptionPlaceholder")) or other.label
        return [Node(name, where, asked), Node(f"{name}:other", where, kinds.follow_up_text(text, f"{name}:other"))]

    def _call_to_action(self, where: str, element: Table, asked: Asked) -> None:
        asked.kind = "statement"
        if element.get("buttonExternal") is True and (address := words(element.get("buttonUrl"))):
            label = self.sketch.texts(where, element.get("ctaButtonLabel") or element.get("buttonLabel"))
            linked = {tag: f"{said}: {address[:500]}" for tag, said in label.items()}
            asked.text = joined(asked.text, linked or {self.sketch.default: address[:500]})
            self.sketch.remark(where, remarks.LINK)
        elif says(element.get("ctaButtonLabel")):
            self.sketch.remark(where, remarks.BUTTON_LABEL)

    def _matrix(self, name: str, where: str, element: Table, asked: Asked) -> list[Node]:
        rows, columns = self._labels(where, element.get("rows")), self._labels(where, element.get("columns"))
        if not rows or not columns:
            self.sketch.remark(where, remarks.NO_OPTIONS)
            return [Node(name, where, asked)]
        made = kinds.matrix(self.sketch, where, asked, rows, columns)
        return [Node(name if n == 0 else f"{name}:{n}", where, one) for n, (_, one) in enumerate(made)]

    def _fields_of(self, name: str, where: str, element: Table, asked: Asked) -> list[Node]:
        """Return a question for each field that an address or a contact asks for."""
        found: list[Node] = []
        for field, label in _FIELDS:
            inner = element.get(field)
            if not isinstance(inner, dict) or inner.get("show") is False:
                continue
            placeholder = self.sketch.texts(where, inner.get("placeholder")) or {self.sketch.default: label}
            one = Asked("text", placeholder, f"{name}.{field}", optional=inner.get("required") is not True)
            if field in ("email", "phone"):
                one.kind, one.wants = "contact", (field,)
            if not found:
                one.text = joined(asked.text, one.text)
            found.append(Node(name if not found else f"{name}:{field}", where, one))
        if not found:
            self.sketch.remark(where, remarks.AS_TEXT, what=words(element.get("type")))
            return [Node(name, where, asked)]
        self.sketch.remark(where, remarks.SEVERAL_FIELDS)
        return found
