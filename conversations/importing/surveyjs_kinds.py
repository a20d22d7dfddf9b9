"""SurveyJS's elements: what each kind of question, table and list of fields becomes."""

from typing import Any

from conversations.importing import kinds, remarks
from conversations.importing.claims import TRUE, Claim, Compared
from conversations.importing.drafts import Asked, Option, Sketch, joined
from conversations.importing.loose import Table, figure, listed, says, table, tables, whole, words


class Kinds:
    """Reads elements into questions, and remarks in the sketch what changes."""

    def __init__(self, sketch: Sketch) -> None:
        self.sketch = sketch

    def questions(  # noqa: C901 - one case for each kind
        self, name: str, where: str, element: Table, asked: Asked
    ) -> list[tuple[Asked, Claim]]:
        """Return the questions that an element becomes, each with the claim under which it is asked."""
        sketch = self.sketch
        match kind := words(element.get("type")):
            case "text":
                self._text(where, element, asked)
            case "comment":
                self._validators(where, element, asked)
            case "radiogroup" | "dropdown" | "buttongroup" | "checkbox" | "tagbox" | "imagepicker":
                several = kind in ("checkbox", "tagbox") or element.get("multiSelect") is True
                return self._choice(name, where, element, asked, several=several)
            case "ranking":
                found = self._choice(name, where, element, asked, several=True)
                asked.kind = "ranking" if asked.kind == "choices" else asked.kind
                return found
            case "boolean":
                asked.kind = "yes_no"
                asked.options = [
                    Option(
                        (words(element.get("valueTrue", True)), "true"), sketch.texts(where, element.get("labelTrue"))
                    ),
                    Option(
                        (words(element.get("valueFalse", False)), "false"),
                        sketch.texts(where, element.get("labelFalse")),
                    ),
                ]
                if any(option.label for option in asked.options):
                    sketch.remark(where, remarks.BUTTON_LABEL)
                else:
                    asked.options = []
            case "rating":
                self._rating(where, element, asked)
            case "slider":
                kinds.number(sketch, where, asked, figure(element.get("min")), figure(element.get("max")))
            case "file":
                sketch.remark(where, remarks.FILE)
                if any(element.get(one) for one in ("maxSize", "acceptedTypes", "allowMultiple", "allowImagesPreview")):
                    sketch.remark(where, remarks.FILE_LIMITS)
            case "signaturepad":
                sketch.remark(where, remarks.AS_TEXT, what=kind)
            case "html":
                asked.kind, asked.text = "statement", sketch.texts(where, element.get("html"))
                return [(asked, TRUE)] if asked.text else []
            case "image":
                sketch.remark(where, remarks.MEDIA)
                return []
            case "expression":
                sketch.remark(where, remarks.CALCULATION, what=name or "expression")
                return []
            case "matrix":
                return self._matrix(name, where, element, asked)
            case "matrixdropdown" | "matrixdynamic":
                return self._table(name, where, element, asked)
            case "multipletext":
                return self._several_texts(name, where, element, asked)
            case _:
                sketch.remark(where, remarks.UNKNOWN_KIND, what=kind or "?")
        return [(asked, TRUE)]

    # --- kinds --------------------------------------------------------------------------------------------------------

    def _text(self, where: str, element: Table, asked: Asked) -> None:
        low, high = figure(element.get("min")), figure(element.get("max"))
        match words(element.get("inputType")):
            case "number" | "range":
                kinds.number(self.sketch, where, asked, low, high)
            case "date" | "datetime" | "datetime-local" | "month" | "week" as kind:
                asked.kind = "date"
                if kind != "date":
                    self.sketch.remark(where, remarks.TIME_OF_DAY)
                if says(element.get("min")) or says(element.get("max")):
                    self.sketch.remark(where, remarks.VALIDATION, what="min, max")
            case "email":
                asked.kind, asked.wants = "contact", ("email",)
            case "tel":
                asked.kind, asked.wants = "contact", ("phone",)
            case "" | "text":
                pass
            case kind:
                self.sketch.remark(where, remarks.AS_TEXT, what=kind)
        self._validators(where, element, asked)

    def _validators(self, where: str, element: Table, asked: Asked) -> None:
        for validator in tables(element.get("validators")):
            match words(validator.get("type")).removesuffix("validator"):
                case "email" if asked.kind in ("text", "contact"):
                    asked.kind, asked.wants = "contact", ("email",)
                case "numeric":
                    low, high = figure(validator.get("minValue")), figure(validator.get("maxValue"))
                    kinds.number(self.sketch, where, asked, low, high)
                case kind:
                    self.sketch.remark(where, remarks.VALIDATION, what=kind or "validator")
        for limit in ("maxLength", "minLength"):
            if element.get(limit):
                self.sketch.remark(where, remarks.VALIDATION, what=limit)

    def _options(self, where: str, source: Any) -> list[Option]:
        found = []
        for one in listed(source):
            value = words(table(one).get("value")) if isinstance(one, dict) else words(one)
            said = table(one).get("text") if isinstance(one, dict) else None
            label = self.sketch.texts(where, said) or self.sketch.texts(where, value)
            if not label:
                self.sketch.remark(where, remarks.UNREADABLE)
                continue
            if isinstance(one, dict):
                if one.get("visibleIf") or one.get("enableIf"):
                    self.sketch.remark(where, remarks.RULE, what=words(one.get("visibleIf") or one.get("enableIf")))
                if one.get("imageLink"):
                    self.sketch.remark(where, remarks.MEDIA)
            found.append(Option((value,), label))
        return found

    def _choice(
        self, name: str, where: str, element: Table, asked: Asked, *, several: bool
    ) -> list[tuple[Asked, Claim]]:
        options = self._options(where, element.get("choices"))
        if element.get("choicesByUrl"):
            self.sketch.remark(where, remarks.WEB_HOOK, what="choicesByUrl")
        if element.get("hasNone") is True or element.get("showNoneItem") is True:
            label = self.sketch.texts(where, element.get("noneText")) or {self.sketch.default: "None"}
            options.append(Option(("none",), label))
        if element.get("hasSelectAll") is True or element.get("showSelectAllItem") is True:
            self.sketch.remark(where, remarks.SETTING, what="showSelectAllItem")
        other = element.get("hasOther") is True or element.get("showOtherItem") is True
        label = self.sketch.texts(where, element.get("otherText")) or {self.sketch.default: "Other"}
        if other:
            options.append(Option(("other",), label))
        kinds.choice(self.sketch, where, asked, options, several=several)
        if not other or asked.kind not in ("choice", "choices"):
            return [(asked, TRUE)]
        self.sketch.remark(where, remarks.OTHER)
        text = self.sketch.texts(where, element.get("otherPlaceholder")) or label
        follow_up = kinds.follow_up_text(text, f"{name}-Comment")
        return [(asked, TRUE), (follow_up, Compared(asked.name, "has" if asked.kind == "choices" else "==", "other"))]

    def _rating(self, where: str, element: Table, asked: Asked) -> None:
        sketch = self.sketch
        asked.low = sketch.texts(where, element.get("minRateDescription") or element.get("mininumRateDescription"))
        asked.high = sketch.texts(where, element.get("maxRateDescription") or element.get("maximumRateDescription"))
        symbols = words(element.get("rateType")) or words(element.get("rateDisplayMode"))
        if symbols == "smileys":
            sketch.remark(where, remarks.AS_FIGURES)
        values = self._options(where, element.get("rateValues"))
        if values:
            figures = [whole(option.values[0]) for option in values]
            low = figures[0] or 0
            if figures != list(range(low, low + len(figures))):
                asked.low = asked.high = {}
                kinds.choice(sketch, where, asked, values)
                return
            if any(not label.lstrip("-").isdecimal() for option in values for label in option.label.values()):
                asked.low, asked.high = values[0].label, values[-1].label
                if len(values) > 2:
                    sketch.remark(where, remarks.STEPS)
            scale = (low, low + len(figures) - 1)
        else:
            low = whole(element.get("rateMin", 1)) or 0
            count = whole(element.get("rateCount"))
            high = whole(element.get("rateMax")) or (low + count - 1 if count else low + 4)
            step = whole(element.get("rateStep", 1)) or 1
            if step > 1 and (high - low) // step <= 19:
                options = [Option((f"{n}",), {sketch.default: f"{n}"}) for n in range(low, high + 1, step)]
                kinds.choice(sketch, where, asked, options)
                return
            scale = (low, high)
        kinds.rating(sketch, where, asked, scale, stars=symbols == "stars")

    def _matrix(self, name: str, where: str, element: Table, asked: Asked) -> list[tuple[Asked, Claim]]:
        rows, columns = self._options(where, element.get("rows")), self._options(where, element.get("columns"))
        if not columns:
            self.sketch.remark(where, remarks.NO_OPTIONS)
            return [(asked, TRUE)]
        if not rows:
            kinds.choice(self.sketch, where, asked, columns)
            return [(asked, TRUE)]
        return [(one, TRUE) for _, one in kinds.matrix(self.sketch, where, asked, rows, columns)]

    def _table(self, name: str, where: str, element: Table, asked: Asked) -> list[tuple[Asked, Claim]]:
        """Return a question for each cell; of rows that are added freely, those of one."""
        rows = self._options(where, element.get("rows"))
        if not rows:
            self.sketch.remark(where, remarks.ONCE)
        self.sketch.remark(where, remarks.AS_QUESTIONS)
        found: list[tuple[Asked, Claim]] = [(Asked("statement", asked.text), TRUE)]
        for row in rows or [Option(("",), {})]:
            for column in tables(element.get("columns")):
                found += self._cell(name, where, element, row, column, optional=asked.optional)
        return found

    def _cell(
        self, name: str, where: str, element: Table, row: Option, column: Table, *, optional: bool
    ) -> list[tuple[Asked, Claim]]:
        sketch = self.sketch
        own = words(column.get("name"))
        label = sketch.texts(where, column.get("title")) or {sketch.default: own}
        text = joined(row.label, label, ": ") if row.label else label
        called = ".".join(filter(None, (name, row.values[0], own)))
        asked = Asked("text", text, called, optional=optional and column.get("isRequired") is not True)
        kind = words(column.get("cellType")) or words(element.get("cellType")) or "dropdown"
        inner = {**column, "type": kind, "name": called}
        if kind in ("dropdown", "radiogroup", "checkbox", "tagbox") and not listed(column.get("choices")):
            inner["choices"] = listed(element.get("choices"))
        if kind in ("matrixdynamic", "matrixdropdown", "paneldynamic", "panel"):
            sketch.remark(where, remarks.UNKNOWN_KIND, what=kind)
            return [(asked, TRUE)]
        if column.get("visibleIf"):
            sketch.remark(where, remarks.SHOWN, what=words(column["visibleIf"]))
        return self.questions(called, where, inner, asked)

    def _several_texts(self, name: str, where: str, element: Table, asked: Asked) -> list[tuple[Asked, Claim]]:
        self.sketch.remark(where, remarks.SEVERAL_FIELDS)
        found: list[tuple[Asked, Claim]] = []
        for item in tables(element.get("items")):
            own = words(item.get("name"))
            label = self.sketch.texts(where, item.get("title")) or {self.sketch.default: own}
            text = label if found else joined(asked.text, label)
            required = item.get("isRequired") is True or not asked.optional
            one = Asked("text", text, f"{name}.{own}", optional=not required)
            self._text(where, item, one)
            found.append((one, TRUE))
        return found or [(asked, TRUE)]
