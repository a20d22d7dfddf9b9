"""Formbricks: surveys of blocks with elements, or of questions (before blocks), their logic and their endings.

Read as exported (`questions` or `blocks` at the top), as a template (`preset`), or as the management interface
answers (`data`).
"""

import re
from itertools import pairwise
from typing import Any, Final

from conversations.importing import languages, remarks
from conversations.importing.claims import (
    Compared,
    supposed,
)
from conversations.importing.drafts import END, Asked, Node, Sketch, Way, joined
from conversations.importing.formbricks_kinds import Kinds
from conversations.importing.formbricks_logic import Logic
from conversations.importing.loose import Table, listed, says, set_of, table, tables, words
from conversations.importing.plain import shown
from conversations.phrases import phrase
from conversations.surveys import Texts

_RECALL: Final = re.compile(r"#recall:([^/#\s]{1,80})/fallback:([^#]{0,200})#|@([A-Za-z][\w-]{0,60})/fallback:[^#\s]*")
_PLACEHOLDER: Final = re.compile(r"\$\[([A-Za-z][\w ]{0,40})\]|\{\{([A-Za-z][\w]{0,40})\}\}")
_BUSINESS: Final = frozenset({"workspacename", "projectname", "productname", "companyname", "organizationname"})

_KNOWN: Final = set_of(
    "id type headline subheader html required scale range lowerLabel upperLabel choices rows columns inputType "
    "placeholder label buttonLabel backButtonLabel dismissButtonLabel ctaButtonLabel buttonExternal buttonUrl logic "
    "charLimit shuffleOption longAnswer isColorCodingEnabled imageUrl videoUrl allowMultipleFiles maxSizeInMB "
    "allowedFileExtensions otherOptionPlaceholder allowMulti format logicFallback addressLine1 addressLine2 city state "
    "zip country firstName lastName email phone company isDraft insightsEnabled validationRules validation "
    "displayType calUserName calHost skippable"
)
_SURVEY_KNOWN: Final = set_of(
    "id name createdAt updatedAt environmentId createdBy status type welcomeCard questions blocks endings hiddenFields "
    "variables languages thankYouCard environment workspaceId projectId isTemplate version attributeFilters "
    "showLanguageSwitch displayCount responseCount slug creator inlineTriggers"
)


def parts(source: Any) -> list[Table]:
    """Return the surveys in a file; an empty list when it is none of Formbricks'."""
    if isinstance(source, list):
        return [survey for one in source[:100] for survey in parts(one)]
    survey = table(source)
    for inner in ("preset", "data", "survey"):
        if isinstance(survey.get(inner), dict | list) and not _is_survey(survey):
            found = parts(survey[inner])
            return [{"name": survey.get("name"), **one} for one in found]
    return [survey] if _is_survey(survey) else []


def _is_survey(survey: Table) -> bool:
    if any("elements" in block for block in tables(survey.get("blocks"))):
        return True
    return any("headline" in one or "subheader" in one for one in tables(survey.get("questions")))


def survey_of(survey: Table, file: str) -> Sketch:
    """Return the sketch of one survey."""
    return _Reader(survey, file).read()


class _Reader:
    def __init__(self, survey: Table, file: str) -> None:
        self.survey = survey
        self.sketch = Sketch("formbricks", file)
        self.sketch.piping = self._piped
        self.kind_of: dict[str, str] = {}
        self.endings: dict[str, Texts] = {}
        self.hidden: set[str] = set()
        self.kinds = Kinds(self.sketch)
        self.logic = Logic(self.kind_of, self.hidden)

    def read(self) -> Sketch:
        sketch, survey = self.sketch, self.survey
        sketch.name = words(survey.get("name")) or words(survey.get("id"))
        self._languages()
        self._fields()
        sketch.title = sketch.texts("name", sketch.name)
        self._endings()
        items = self._items()
        self._lay_out(items)
        sketch.leftover("survey", survey, _SURVEY_KNOWN)
        return sketch

    # --- what the survey says of itself -------------------------------------------------------------------------------

    def _languages(self) -> None:
        sketch = self.sketch
        for one in tables(self.survey.get("languages")):
            code = words(table(one.get("language")).get("code")) or words(one.get("code"))
            found = languages.tag(code)
            if one.get("default") is True and found:
                sketch.codes["default"] = found
                sketch.languages.insert(0, found)
        if "default" not in sketch.codes:
            found = languages.guessed(_some_text(self.survey))
            sketch.codes["default"] = found
            sketch.languages.append(found)
            sketch.assumed.append(
                phrase('The file does not say its first language; taken is "{language}".', language=found)
            )

    def _fields(self) -> None:
        fields = table(self.survey.get("hiddenFields"))
        for name in listed(fields.get("fieldIds")):
            if isinstance(name, str):
                self.hidden.add(name)
                self.sketch.facts[name] = ("service", name)
        for one in tables(self.survey.get("variables")):
            self.sketch.remark(words(one.get("name")) or "variables", remarks.VARIABLE, what=words(one.get("name")))

    def _endings(self) -> None:
        sketch = self.sketch
        endings = tables(self.survey.get("endings"))
        card = table(self.survey.get("thankYouCard"))
        if not endings and card.get("enabled", bool(card)):
            endings = [card]
        for n, ending in enumerate(endings):
            where = words(ending.get("id")) or "ending"
            if ending.get("type") == "redirectToUrl" or ending.get("redirectUrl") or ending.get("url"):
                sketch.remark(where, remarks.REDIRECT)
            if ending.get("buttonLabel") or ending.get("buttonLink"):
                sketch.remark(where, remarks.BUTTON_LABEL)
            self._media(where, ending)
            said = joined(sketch.texts(where, ending.get("headline")), sketch.texts(where, ending.get("subheader")))
            self.endings[where] = said
            if n == 0:
                sketch.thanks = said

    def _media(self, where: str, source: Table) -> None:
        if source.get("imageUrl") or source.get("videoUrl") or source.get("fileUrl"):
            self.sketch.remark(where, remarks.MEDIA)

    # --- questions ----------------------------------------------------------------------------------------------------

    def _items(self) -> list[tuple[str, Table, list[Table], str]]:
        """Return each question with its block, the logic that follows it, and where that leads otherwise."""
        blocks = listed(self.survey.get("blocks"))
        if not blocks:
            found = []
            for one in listed(self.survey.get("questions")):
                if isinstance(one, dict):
                    found.append((words(one.get("id")), one, tables(one.get("logic")), words(one.get("logicFallback"))))
                else:
                    self.sketch.remark("questions", remarks.UNREADABLE)
            return found
        found = []
        for n, source in enumerate(blocks):
            elements = listed(table(source).get("elements"))
            if not isinstance(source, dict) or not all(isinstance(one, dict) for one in elements) or not elements:
                self.sketch.remark(f"blocks[{n}]", remarks.UNREADABLE)
            block = table(source)
            readable = tables(elements)
            for m, element in enumerate(readable):
                last = m == len(readable) - 1
                logic = tables(block.get("logic")) if last else []
                fallback = words(block.get("logicFallback")) if last else ""
                found.append((words(block.get("id")), element, logic, fallback))
            if any(says(block.get(name)) for name in ("buttonLabel", "backButtonLabel")):
                self.sketch.remark(words(block.get("name")) or f"blocks[{n}]", remarks.BUTTON_LABEL)
        return found

    def _lay_out(self, items: list[tuple[str, Table, list[Table], str]]) -> None:
        sketch = self.sketch
        self.first_of: dict[str, str] = {}
        made: list[tuple[list[Node], list[Table], str]] = []
        welcome = self._welcome()
        for n, (block, element, logic, fallback) in enumerate(items):
            name = words(element.get("id")) or f"{n + 1}"
            self.kind_of[name] = words(element.get("type"))
            nodes = [sketch.add(node) for node in self._nodes(name, element)]
            for alias in (block, name):
                if alias:
                    self.first_of.setdefault(alias, nodes[0].id)
            made.append((nodes, logic, fallback))
        firsts = [nodes[0].id for nodes, _, _ in made]
        for n, (nodes, logic, fallback) in enumerate(made):
            following = firsts[n + 1] if n + 1 < len(firsts) else END
            self._connect(nodes, logic, fallback, following)
        sketch.entry = firsts[0] if firsts else END
        if welcome:
            welcome.then, sketch.entry = sketch.entry, sketch.add(welcome).id

    def _welcome(self) -> Node | None:
        card = table(self.survey.get("welcomeCard"))
        if card.get("enabled") is not True:
            return None
        text = joined(
            self.sketch.texts("welcomeCard", card.get("headline")),
            self.sketch.texts("welcomeCard", card.get("subheader") or card.get("html")),
        )
        self._media("welcomeCard", card)
        if says(card.get("buttonLabel")):
            self.sketch.remark("welcomeCard", remarks.BUTTON_LABEL)
        self.sketch.leftover(
            "welcomeCard", card, set_of("enabled headline subheader html buttonLabel fileUrl videoUrl")
        )
        return Node("welcomeCard", "welcomeCard", Asked("statement", text)) if text else None

    def _connect(self, nodes: list[Node], logic: list[Table], fallback: str, following: str) -> None:
        """Lead from the last node of a question by its logic; those before it (a follow-up to *Other*) first."""
        for before, after in pairwise(nodes):
            before.then = after.id
        ways: list[Way] = []
        for rule in logic:
            ways.extend(self._ways(nodes[0], rule))
        rest = self._target(nodes[0].where, fallback) if fallback else following
        last = nodes[-1]
        last.ways, last.then = [*last.ways, *ways], rest
        if len(nodes) == 2 and nodes[1].id.endswith(":other"):
            asked = nodes[0].asked
            op = "has" if asked and asked.kind == "choices" else "=="
            nodes[0].ways = [Way(Compared(nodes[0].asked.name if nodes[0].asked else "", op, "other"), nodes[1].id)]
            nodes[0].ways += [Way(way.when, way.to) for way in ways]
            nodes[0].then = rest
            if asked and op == "==":  # after the field beside Other, nothing else was chosen
                last.ways = [Way(supposed(way.when, asked.name, "other"), way.to) for way in ways]

    def _target(self, where: str, target: str) -> str:
        """Return the node that a jump leads to; another ending than the first is said before the end."""
        if target in self.first_of:
            return self.first_of[target]
        if target not in self.endings:
            if target not in ("", "end"):
                self.sketch.remark(where, remarks.UNKNOWN_PART, what=target)
            return END
        if target == next(iter(self.endings)) or not self.endings[target]:
            return END
        at = f"ending:{target}"
        if at not in self.sketch.nodes:
            self.sketch.remark(target, remarks.ENDING)
            self.sketch.add(Node(at, target, Asked("statement", self.endings[target])))
        return at

    # --- one question -------------------------------------------------------------------------------------------------

    def _nodes(self, name: str, element: Table) -> list[Node]:
        sketch = self.sketch
        headline = sketch.texts(name, element.get("headline"))
        where = next(iter(headline.values()), "") or name
        text = joined(headline, sketch.texts(where, element.get("subheader") or element.get("html")))
        asked = Asked("text", text, name, optional=element.get("required") is not True)
        self._media(where, element)
        if says(element.get("placeholder")):
            sketch.remark(where, remarks.PLACEHOLDER)
        if says(element.get("buttonLabel")) or says(element.get("backButtonLabel")):
            sketch.remark(where, remarks.BUTTON_LABEL)
        if element.get("isColorCodingEnabled") is True:
            sketch.remark(where, remarks.STYLE, what="isColorCodingEnabled")
        if words(element.get("shuffleOption")) not in ("", "none"):
            sketch.remark(where, remarks.RANDOM)
        limit = element.get("charLimit")
        if table(limit).get("enabled") is True or (isinstance(limit, int) and limit is not True and limit > 0):
            sketch.remark(where, remarks.VALIDATION, what="charLimit")
        if element.get("validationRules") or table(element.get("validation")).get("rules"):
            sketch.remark(where, remarks.VALIDATION, what="validation")
        sketch.leftover(where, element, _KNOWN)
        return self.kinds.nodes(name, where, element, asked)

    # --- logic --------------------------------------------------------------------------------------------------------

    def _ways(self, node: Node, rule: Table) -> list[Way]:
        claim = (
            self.logic.old_claim(node.asked.name if node.asked else "", rule)
            if "condition" in rule
            else self.logic.claim(rule.get("conditions"))
        )
        found: list[Way] = []
        actions = tables(rule.get("actions")) or ([{"objective": "jumpToQuestion", "target": rule["destination"]}]
                                                  if "destination" in rule else [])  # fmt: skip
        for action in actions:
            match words(action.get("objective")):
                case "jumpToQuestion" | "jumpToBlock":
                    found.append(Way(claim, self._target(node.where, words(action.get("target")))))
                case "calculate":
                    self.sketch.remark(node.where, remarks.CALCULATION, what=words(action.get("variableId")) or "?")
                case "requireAnswer":
                    self.sketch.remark(node.where, remarks.REQUIRES)
                case objective:
                    self.sketch.remark(node.where, remarks.UNKNOWN_PART, what=objective or "?")
        return found

    # --- texts --------------------------------------------------------------------------------------------------------

    def _piped(self, where: str, text: str) -> str:
        text = _RECALL.sub(lambda found: shown("answer", found[1] or found[3] or ""), text)
        return _PLACEHOLDER.sub(_of_business, text)


def _of_business(found: re.Match[str]) -> str:
    name = (found[1] or found[2]).replace(" ", "")
    return shown("business", "name") if name.lower() in _BUSINESS else found[0]


def _some_text(survey: Table) -> str:
    blocks = tables(survey.get("blocks"))
    asked = [one for block in blocks for one in tables(block.get("elements"))] or tables(survey.get("questions"))
    return " ".join(words(table(one.get("headline")).get("default")) for one in asked[:5])[:2000]


def title(survey: Table) -> str:
    """Return what a survey calls itself."""
    return words(survey.get("name")) or words(survey.get("id"))
