"""XLSForm (ODK, KoboToolbox): the sheets `survey`, `choices` and `settings`, as a workbook, JSON, CSV or Markdown."""

import re
from typing import Final

from conversations.importing import kinds, languages, remarks
from conversations.importing.claims import TRUE, Claim, every
from conversations.importing.drafts import Asked, Node, Option, Sketch, in_order, joined
from conversations.importing.formulas import bounds_of, claim_of
from conversations.importing.loose import figure, set_of, whole, yes
from conversations.importing.plain import shown
from conversations.importing.results import NotReadable
from conversations.importing.workbook import Row, Sheets, sheets_of
from conversations.phrases import phrase
from conversations.surveys import Texts

MOST_LEVELS: Final = 20
_PIPED: Final = re.compile(r"\$\{([^{}\n]{1,120})\}")
_UNASKED: Final = set_of(
    "start end today deviceid subscriberid simserial phonenumber username email audit start-geopoint "
    "background-audio background-geopoint xml-external csv-external"
)
_KNOWN: Final = set_of(
    "type name label hint guidance_hint relevant relevance required required_message constraint "
    "constraint_message appearance default calculation calculate read_only readonly choice_filter repeat_count "
    "parameters image audio video media media::image media::audio media::video big-image kuid qpath xpath "
    "autoname select_from_list_name randomize seed trigger anchor _or_other autovalue select_from note body "
    "accuracythreshold bind::esri:fieldtype bind::esri:fieldlength list_name"
)
_PLACES: Final = frozenset({"geopoint", "geotrace", "geoshape", "gps", "location"})
_FILES: Final = frozenset({"image", "photo", "audio", "video", "file"})
_SPELLED: Final = {"select one": "select_one", "select multiple": "select_multiple", "add select one prompt using":
                   "select_one", "select all that apply from": "select_multiple", "string": "text", "int": "integer",
                   "q string": "text", "add note prompt": "note", "begin group": "begin_group",
                   "end group": "end_group",
                   "begin repeat": "begin_repeat", "end repeat": "end_repeat"}  # fmt: skip


def recognised(name: str, content: bytes) -> bool:
    """Return whether a file is certainly a form: a workbook, or sheets that are called as those of a form."""
    if content[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        return True
    start = content[:4000].lstrip().lower()
    if start[:1] == b"|":
        return b"survey" in start[:200]
    if start[:1] == b"{":
        return re.search(rb'"survey"\s*:\s*\[', content[:200_000]) is not None
    first = start.splitlines()[0] if start.splitlines() else b""
    return name.lower().endswith(".csv") and (b"type" in first or first.startswith(b"survey"))


def opened(name: str, content: bytes) -> Sheets:
    """Return the sheets of a form. Raises NotReadable when there is no sheet that asks."""
    sheets = sheets_of(name, content)
    if not any(_type(row) for row in sheets.get("survey", [])):
        sentence = phrase(
            'The file has no sheet "{sheet}" with a column "{column}". Export the form as XLSForm.',
            sheet="survey",
            column="type",
        )
        raise NotReadable(sentence, name)
    return sheets


def title(form: Sheets, file: str) -> str:
    """Return what a form calls itself."""
    settings = (form.get("settings") or [{}])[0]
    return (
        settings.get("form_title")
        or settings.get("title")
        or settings.get("form_id")
        or settings.get("identifier")
        or ""
    )


def survey_of(form: Sheets, file: str) -> Sketch:
    """Return the sketch of a form."""
    return _Reader(form, file).read()


def _type(row: Row) -> str:
    return next((value for key, value in row.items() if key.lower() == "type"), "")


class _Reader:
    def __init__(self, form: Sheets, file: str) -> None:
        self.form = form
        self.sketch = Sketch("xlsform", file)
        self.sketch.markdown = True
        self.sketch.piping = self._piped
        self.settings = (form.get("settings") or [{}])[0]
        self.lists: dict[str, list[Row]] = {}
        for row in form.get("choices", []):
            self.lists.setdefault(_one(row, "list_name", "list name"), []).append(row)
        self.laid: list[tuple[Node, Claim]] = []
        self.groups: list[tuple[str, Claim]] = []
        self.names = {_one(row, "name", "autoname") for row in form.get("survey", [])} - {""}

    def read(self) -> Sketch:
        sketch = self.sketch
        sketch.name = title(self.form, sketch.file)
        self._language()
        sketch.title = sketch.texts("settings", sketch.name, piped=False)
        for key in self.settings:
            if key.lower() not in (
                "form_title",
                "title",
                "form_id",
                "version",
                "default_language",
                "id_string",
                "style",
            ):
                sketch.remark("settings", remarks.SETTING, what=key)
        for n, row in enumerate(self.form.get("survey", []), 2):
            self._row(row, _one(row, "name", "autoname") or f"survey, {n}")
        in_order(sketch, self.laid)
        return sketch

    def _language(self) -> None:
        sketch = self.sketch
        asked = languages.tag(self.settings.get("default_language", ""))
        if asked is None:
            columns = [key for row in self.form.get("survey", [])[:50] for key in row if "::" in key and _is_text(key)]
            plain = any("label" in row for row in self.form.get("survey", []))
            asked = None if plain else next((found for key in columns if (found := languages.tag(_code(key)))), None)
        if asked is None:
            asked = languages.guessed(" ".join(_one(row, "label") for row in self.form.get("survey", [])[:8])[:2000])
            sketch.assumed.append(
                phrase('The file does not say its first language; taken is "{language}".', language=asked)
            )
        sketch.codes[""] = asked
        sketch.languages.append(asked)

    # --- rows ---------------------------------------------------------------------------------------------------------

    def _row(self, row: Row, where: str) -> None:
        kind, _, rest = _spelled(_type(row)).partition(" ")
        claim = claim_of(_one(row, "relevant", "relevance"))
        match kind:
            case "":
                if row:
                    self.sketch.remark(where, remarks.UNREADABLE)
            case "begin_group" | "begin_repeat":
                self._begin(row, where, kind, claim)
            case "end_group" | "end_repeat":
                if self.groups:
                    self.groups.pop()
            case "calculate" | "hidden":
                self.sketch.remark(where, remarks.CALCULATION, what=_one(row, "calculation", "calculate") or where)
            case kind if kind in _UNASKED and not self._texts(row, "label", where):
                self.sketch.remark(where, remarks.SETTING, what=kind)
            case _:
                self._question(row, where, kind, rest.strip(), claim)

    def _begin(self, row: Row, where: str, kind: str, claim: Claim) -> None:
        if len(self.groups) > MOST_LEVELS:
            self.groups.append((where, TRUE))
            return
        if kind == "begin_repeat":
            self.sketch.remark(where, remarks.ONCE)
        if _one(row, "appearance"):
            self.sketch.remark(where, remarks.STYLE, what=f"appearance {_one(row, 'appearance')}")
        outer = self.groups[-1][1] if self.groups else TRUE
        self.groups.append((where, every(outer, claim)))
        if label := self._texts(row, "label", where):
            self._add(Node(f"group:{where}", where, Asked("statement", label)), TRUE)

    def _add(self, node: Node, claim: Claim) -> None:
        outer = self.groups[-1][1] if self.groups else TRUE
        self.laid.append((self.sketch.add(node), every(outer, claim)))

    def _question(self, row: Row, name: str, kind: str, rest: str, claim: Claim) -> None:
        sketch = self.sketch
        label = self._texts(row, "label", name)
        where = next((text for text in label.values() if "\ue000" not in text), name)
        text = joined(label, self._texts(row, "hint", where)) or {sketch.default: name}
        asked = Asked("text", text, name, optional=not yes(_one(row, "required")))
        if _one(row, "required") and "(" in _one(row, "required") and not yes(_one(row, "required")):
            sketch.remark(where, remarks.OPTIONAL_NOW)
        self._remarks(row, where)
        follow_up = self._kind(row, where, kind, rest, asked)
        self._checked(row, where, asked)
        self._add(Node(name, where, asked), claim)
        if follow_up:
            other = claim_of(f"selected(${{{name}}}, 'other')")
            self._add(Node(f"{name}_other", where, follow_up), every(claim, other))

    def _remarks(self, row: Row, where: str) -> None:
        sketch = self.sketch
        for key, value in row.items():
            plain = (
                key.split("::")[0].lower() if not key.lower().startswith(("bind::", "body::", "instance::")) else key
            )
            if plain in ("image", "audio", "video", "big-image", "media") or key.lower().startswith("media::"):
                sketch.remark(where, remarks.MEDIA)
            elif plain == "appearance":
                sketch.remark(where, remarks.STYLE, what=f"appearance {value}")
            elif plain == "default":
                sketch.remark(where, remarks.DEFAULT)
            elif plain == "choice_filter":
                sketch.remark(where, remarks.RULE, what=value)
            elif plain in ("calculation", "calculate", "trigger"):
                sketch.remark(where, remarks.CALCULATION, what=value)
            elif plain == "guidance_hint":
                sketch.remark(where, remarks.PLACEHOLDER)
            elif plain in ("parameters", "randomize") and "randomize" in f"{plain}{value}":
                sketch.remark(where, remarks.RANDOM)
            elif plain not in _KNOWN and not plain.startswith("$"):
                sketch.remark(where, remarks.SETTING, what=key)

    def _kind(  # noqa: C901 - one case for each kind
        self, row: Row, where: str, kind: str, rest: str, asked: Asked
    ) -> Asked | None:
        sketch = self.sketch
        match kind:
            case "text":
                pass
            case "integer" | "decimal":
                kinds.number(sketch, where, asked, None, None)
                if kind == "decimal":
                    sketch.remark(where, remarks.FRACTION)
            case "range":
                self._range(row, where, asked)
            case "select_one" | "select_multiple" | "rank":
                return self._select(row, where, kind, rest, asked)
            case "note":
                asked.kind = "statement"
            case "date" | "datetime" | "dateTime":
                asked.kind = "date"
                if kind != "date":
                    sketch.remark(where, remarks.TIME_OF_DAY)
            case "acknowledge" | "trigger":
                asked.kind = "yes_no"
                sketch.remark(where, remarks.CONSENT)
            case "email":
                asked.kind, asked.wants = "contact", ("email",)
            case "phonenumber":
                asked.kind, asked.wants = "contact", ("phone",)
            case kind if kind in _FILES:
                sketch.remark(where, remarks.FILE)
            case kind if kind in _PLACES or kind in ("time", "barcode"):
                sketch.remark(where, remarks.AS_TEXT, what=kind)
            case _:
                sketch.remark(where, remarks.UNKNOWN_KIND, what=kind)
        return None

    def _range(self, row: Row, where: str, asked: Asked) -> None:
        given = dict(part.partition("=")[::2] for part in _one(row, "parameters").replace(",", " ").split())
        low, high = whole(given.get("start", "0")), whole(given.get("end", "10"))
        step = figure(given.get("step", "1"))
        if low is None or high is None or step != 1:
            self.sketch.remark(where, remarks.FRACTION)
            kinds.number(self.sketch, where, asked, figure(given.get("start")), figure(given.get("end")))
        elif kinds.is_rating(asked.text):
            kinds.rating(self.sketch, where, asked, (low, high))
        else:
            kinds.number(self.sketch, where, asked, low, high)

    def _select(self, row: Row, where: str, kind: str, rest: str, asked: Asked) -> Asked | None:
        list_name, _, more = rest.partition(" ")
        list_name = list_name or _one(row, "select_from_list_name", "select_from")
        options = [
            Option((_one(one, "name", "value", "autovalue"),), self._label(one, where))
            for one in self.lists.get(list_name, [])
        ]
        for one in self.lists.get(list_name, []):
            if any(key.lower().startswith(("media::", "image", "audio")) for key in one):
                self.sketch.remark(where, remarks.MEDIA)
        other = "or_other" in f"{rest} {more}" or yes(_one(row, "_or_other"))
        if other:
            options.append(Option(("other",), {self.sketch.default: "Other"}))
        kinds.choice(self.sketch, where, asked, options, several=kind != "select_one")
        if kind == "rank" and asked.kind == "choices":
            asked.kind = "ranking"
        if not other or asked.kind not in ("choice", "choices"):
            return None
        self.sketch.remark(where, remarks.OTHER)
        return kinds.follow_up_text({self.sketch.default: "Other"}, f"{asked.name}_other")

    def _label(self, row: Row, where: str) -> Texts:
        return self._texts(row, "label", where) or {self.sketch.default: _one(row, "name", "value") or "?"}

    def _checked(self, row: Row, where: str, asked: Asked) -> None:
        """Turn the check of a number into its bounds; name any other check."""
        constraint = _one(row, "constraint")
        if not constraint:
            return
        if asked.kind == "number" and (bounds := bounds_of(constraint)):
            kinds.number(self.sketch, where, asked, *bounds)
        elif asked.kind == "date" and re.fullmatch(r"\.\s*<=\s*today\(\)", constraint.strip()):
            asked.latest = "today"
        elif asked.kind == "date" and re.fullmatch(r"\.\s*>=\s*today\(\)", constraint.strip()):
            asked.earliest = "today"
        else:
            self.sketch.remark(where, remarks.VALIDATION, what=constraint)

    # --- texts --------------------------------------------------------------------------------------------------------

    def _texts(self, row: Row, column: str, where: str) -> Texts:
        """Return a text by the languages of its columns: `label`, `label::English (en)`."""
        found: dict[str, str] = {}
        for key, value in row.items():
            name, _, code = key.partition("::")
            if not code:
                name, _, code = key.partition(":")
            if name.strip().lower() == column:
                found[code.strip()] = value
        return self.sketch.texts(where, found) if found else {}

    def _piped(self, where: str, text: str) -> str:
        return _PIPED.sub(lambda found: self._filled(where, found[1].strip()), text)

    def _filled(self, where: str, name: str) -> str:
        return shown("answer", name) if name in self.names else self._unknown(where, name)

    def _unknown(self, where: str, name: str) -> str:
        self.sketch.remark(where, remarks.PIPED, what=name)
        return "…"


def _spelled(kind: str) -> str:
    """Return a type as it is written today: `select one from list` is `select_one list`."""
    kind = " ".join(kind.split())
    lower = kind.lower()
    for old, new in _SPELLED.items():
        if lower == old or lower.startswith(f"{old} "):
            return f"{new} {kind[len(old) :].strip().removeprefix('from ')}".strip()
    first, _, rest = kind.partition(" ")
    return f"{first.lower()} {rest}".strip()


def _one(row: Row, *names: str) -> str:
    """Return the first of those cells that is filled."""
    lower = {key.lower(): value for key, value in row.items()}
    return next((lower[name] for name in names if lower.get(name)), "")


def _is_text(key: str) -> bool:
    return key.split("::", maxsplit=1)[0].strip().lower() in ("label", "hint")


def _code(key: str) -> str:
    return key.partition("::")[2]
