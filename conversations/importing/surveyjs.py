"""SurveyJS: pages, panels and elements, their conditions and triggers; also the older form with `questions`."""

import re
from typing import Any, Final

from conversations.importing import languages, remarks
from conversations.importing.claims import TRUE, Claim, Not, every, names, some, unsaid
from conversations.importing.drafts import END, Asked, Node, Sketch, Way, in_order, joined
from conversations.importing.formulas import claim_of, old_trigger
from conversations.importing.loose import Table, listed, says, set_of, table, tables, words
from conversations.importing.plain import shown
from conversations.importing.surveyjs_kinds import Kinds
from conversations.phrases import phrase
from conversations.surveys import Texts

_PIPED: Final = re.compile(r"\{([^{}\n]{1,120})\}")
_TYPES: Final = set_of(
    "text comment radiogroup dropdown checkbox tagbox buttongroup boolean rating ranking imagepicker file signaturepad "
    "html image expression matrix matrixdropdown matrixdynamic multipletext panel paneldynamic slider"
)
_ELEMENT_KNOWN: Final = set_of(
    "type name title description isRequired visibleIf visible enableIf requiredIf choices choicesByUrl choicesOrder "
    "hasOther showOtherItem otherText otherPlaceholder hasNone showNoneItem noneText hasComment showCommentArea "
    "commentText rateMin rateMax rateStep rateValues rateCount rateType rateDisplayMode minRateDescription "
    "maxRateDescription mininumRateDescription maximumRateDescription rows columns items elements templateElements "
    "questions templateTitle inputType validators html placeholder placeHolder multiSelect min max correctAnswer "
    "defaultValue defaultValueExpression setValueExpression labelTrue labelFalse valueTrue valueFalse cellType "
    "colCount maxSize acceptedTypes allowMultiple imageLink choicesVisibleIf choicesEnableIf valueName "
    "hasSelectAll showSelectAllItem selectAllText startWithNewLine maxSelectedChoices minSelectedChoices "
    "isAllRowRequired eachRowRequired readOnly contentMode rowsOrder storeDataAsText state"
)
_LOOK: Final = set_of(
    "colCount startWithNewLine width minWidth maxWidth indent titleLocation descriptionLocation imageHeight imageWidth "
    "showLabel size rows cols autoGrow hideNumber showNumber renderAs displayMode errorLocation horizontalScroll "
    "columnMinWidth columnColCount showPreview rateColorMode scaleColorMode imageFit innerIndent showQuestionNumbers "
    "textWrapMode separateSpecialChoices searchEnabled itemSize allowClear textUpdateMode maxWidth gridLayoutColumns "
    "addRowText removeRowText panelAddText panelRemoveText keyDuplicationError showHeader alternateRows"
)
_SURVEY_KNOWN: Final = set_of(
    "pages questions elements title description locale completedHtml completedHtmlOnCondition triggers "
    "calculatedValues maxTimeToFinish timeLimit maxTimeToFinishPage timeLimitPerPage firstPageIsStarted "
    "firstPageIsStartPage startSurveyText logo completedBeforeHtml navigateToUrl navigateToUrlOnCondition "
    "showCompletedPage showCompletePage"
)
_PAGE_KNOWN: Final = set_of(
    "name title description elements questions visibleIf visible enableIf requiredIf isRequired type "
    "maxTimeToFinish timeLimit questionsOrder state id"
)


def parts(source: Any) -> list[Table]:
    """Return the survey in a file; an empty list when it is none of SurveyJS's."""
    survey = table(source)
    for inner in ("json", "survey", "schema"):
        if isinstance(survey.get(inner), dict) and not _is_survey(survey):
            return parts(survey[inner])
    return [survey] if _is_survey(survey) else []


def _is_survey(survey: Table) -> bool:
    pages = tables(survey.get("pages")) or [survey]
    return any(
        words(one.get("type")) in _TYPES and ("name" in one or "html" in one or "title" in one)
        for page in pages
        for one in _elements(page)
        if isinstance(one, dict)
    )


def title(survey: Table) -> str:
    """Return what a survey calls itself."""
    said = survey.get("title")
    return words(said) or words(table(said).get("default"))


def survey_of(survey: Table, file: str) -> Sketch:
    """Return the sketch of one survey."""
    return _Reader(survey, file).read()


def _elements(source: Table) -> list[Any]:
    return [*listed(source.get("elements")), *listed(source.get("questions"))]


class _Reader:
    def __init__(self, survey: Table, file: str) -> None:
        self.survey = survey
        self.sketch = Sketch("surveyjs", file)
        self.sketch.piping = self._piped
        self.kinds = Kinds(self.sketch)
        self.laid: list[tuple[Node, Claim]] = []
        self.shown_by: dict[str, Claim] = {}
        self.pages_shown_by: dict[str, Claim] = {}
        self.ends: list[Claim] = []
        self.ends_after: dict[str, list[Way]] = {}
        self.names = _names_in(survey)
        self.panel = 0

    def read(self) -> Sketch:
        sketch, survey = self.sketch, self.survey
        self._languages()
        sketch.name = title(survey)
        sketch.title = sketch.texts("title", survey.get("title"), piped=False)
        self._triggers()
        self._started()
        for n, page in enumerate(listed(survey.get("pages"))):
            self._page(page, f"pages[{n}]")
        for element in _elements(survey):
            self._element(element, "survey", TRUE)
        self._finished()
        in_order(sketch, self.laid)
        self._jumps()
        self._settings()
        return sketch

    def _languages(self) -> None:
        sketch = self.sketch
        locale = languages.tag(words(self.survey.get("locale")))
        if locale is None:
            locale = languages.guessed(_some_text(self.survey))
            sketch.assumed.append(
                phrase('The file does not say its first language; taken is "{language}".', language=locale)
            )
        sketch.codes["default"] = locale
        sketch.languages.append(locale)

    # --- before and after ---------------------------------------------------------------------------------------------

    def _add(self, node: Node, claim: Claim) -> Node:
        self.laid.append((self.sketch.add(node), claim))
        return node

    def _say(self, where: str, text: Texts, claim: Claim) -> None:
        if any(text.values()):
            self._add(Node(f"say:{len(self.laid)}", where, Asked("statement", text)), claim)

    def _started(self) -> None:
        self._say("description", self.sketch.texts("description", self.survey.get("description")), TRUE)

    def _finished(self) -> None:
        sketch = self.sketch
        for one in tables(self.survey.get("completedHtmlOnCondition")):
            claim = claim_of(words(one.get("expression")))
            sketch.remark("completedHtmlOnCondition", remarks.ENDING)
            if unsaid(claim):
                sketch.remark("completedHtmlOnCondition", remarks.RULE, what=words(one.get("expression")))
            else:
                self._say("completedHtmlOnCondition", sketch.texts("completedHtml", one.get("html")), claim)
        sketch.thanks = sketch.texts("completedHtml", self.survey.get("completedHtml"))
        if self.survey.get("navigateToUrl") or self.survey.get("navigateToUrlOnCondition"):
            sketch.remark("survey", remarks.REDIRECT)

    def _settings(self) -> None:
        sketch, survey = self.sketch, self.survey
        if any(
            survey.get(name) for name in ("maxTimeToFinish", "timeLimit", "maxTimeToFinishPage", "timeLimitPerPage")
        ):
            sketch.remark("survey", remarks.TIMER)
        if survey.get("logo"):
            sketch.remark("logo", remarks.MEDIA)
        for one in tables(survey.get("calculatedValues")):
            sketch.remark("calculatedValues", remarks.CALCULATION, what=words(one.get("name")) or "?")
        sketch.leftover("survey", survey, _SURVEY_KNOWN)

    # --- triggers -----------------------------------------------------------------------------------------------------

    def _triggers(self) -> None:
        for trigger in tables(self.survey.get("triggers")):
            name, kind = words(trigger.get("name")), words(trigger.get("type"))
            if source := words(trigger.get("expression")):
                claim = claim_of(source)
            else:
                claim = old_trigger(name, words(trigger.get("operator")), trigger.get("value"))
            where = f"triggers: {kind} {name}".strip()
            match kind.removesuffix("trigger"):
                case "visible":
                    for one in listed(trigger.get("questions")):
                        self.shown_by[words(one)] = some(self.shown_by.get(words(one), Not(TRUE)), claim)
                    for one in listed(trigger.get("pages")):
                        self.pages_shown_by[words(one)] = some(self.pages_shown_by.get(words(one), Not(TRUE)), claim)
                case "complete":
                    self._leads(where, claim, END)
                case "skip":
                    self._leads(where, claim, words(trigger.get("gotoName")))
                case "setvalue" | "copyvalue" | "runexpression":
                    sketch_name = words(trigger.get("setToName"))
                    self.sketch.remark(where, remarks.VARIABLE, what=sketch_name or kind)
                case _:
                    self.sketch.remark(where, remarks.UNKNOWN_PART, what=kind or "trigger")

    def _leads(self, where: str, claim: Claim, to: str) -> None:
        """Note a jump: it is looked at after the last of the questions that it depends on."""
        about = names(claim)
        if not about:
            self.sketch.remark(where, remarks.RULE, what=where)
        for name in about:
            self.ends_after.setdefault(name, []).append(Way(claim, to))

    def _jumps(self) -> None:
        at = {node.asked.name: node for node, _ in self.laid if node.asked and node.asked.name}
        for name, ways in self.ends_after.items():
            node = at.get(name)
            if node is None:
                self.sketch.remark("triggers", remarks.RULE_NEVER)
                continue
            for way in ways:
                target = at.get(way.to)
                if way.to and target is None:
                    self.sketch.remark("triggers", remarks.UNKNOWN_PART, what=way.to)
                    continue
                node.ways.insert(0, Way(way.when, target.id if target else END))

    # --- pages, panels, questions -------------------------------------------------------------------------------------

    def _page(self, page: Any, where: str) -> None:
        if not isinstance(page, dict):
            self.sketch.remark(where, remarks.UNREADABLE)
            return
        name = words(page.get("name")) or where
        claim = self._shown(name, page, self.pages_shown_by.get(name))
        self._inside(page, name, claim)

    def _inside(self, source: Table, where: str, claim: Claim) -> None:
        """Ask what a page or a panel holds, after its title and description."""
        sketch = self.sketch
        for name, remark in (("enableIf", remarks.RULE), ("requiredIf", remarks.OPTIONAL_NOW)):
            if source.get(name):
                sketch.remark(where, remark, what=words(source[name]))
        if words(source.get("questionsOrder")) == "random":
            sketch.remark(where, remarks.RANDOM)
        if source.get("maxTimeToFinish") or source.get("timeLimit"):
            sketch.remark(where, remarks.TIMER)
        said = joined(sketch.texts(where, source.get("title")), sketch.texts(where, source.get("description")))
        self._say(where, said, claim)
        for element in _elements(source):
            self._element(element, where, claim)
        sketch.leftover(where, source, _PAGE_KNOWN | _ELEMENT_KNOWN)

    def _shown(self, name: str, source: Table, by_trigger: Claim | None) -> Claim:
        claim = claim_of(words(source.get("visibleIf")))
        if by_trigger is not None:
            return by_trigger if source.get("visible") is False else some(claim, by_trigger)
        if source.get("visible") is False and "visibleIf" not in source:
            return Not(TRUE)
        return claim

    def _element(self, element: Any, where: str, outer: Claim) -> None:
        if not isinstance(element, dict):
            self.sketch.remark(where, remarks.UNREADABLE)
            return
        name = words(element.get("name"))
        claim = every(outer, self._shown(name, element, self.shown_by.get(name)))
        if Not(TRUE) in (claim, *getattr(claim, "parts", ())):
            self.sketch.remark(name or where, remarks.HIDDEN)
            return
        match words(element.get("type")):
            case "panel":
                self.panel += 1
                if self.panel < 20:  # a panel in a panel in a panel
                    self._inside(element, name or where, claim)
                self.panel -= 1
            case "paneldynamic":
                self.sketch.remark(name or where, remarks.ONCE)
                said = joined(
                    self.sketch.texts(name, element.get("title")), self.sketch.texts(name, element.get("templateTitle"))
                )
                self._say(name, said, claim)
                for inner in listed(element.get("templateElements")):
                    self._element(inner, name, claim)
            case _:
                self._question(name, element, claim)

    def _question(self, name: str, element: Table, claim: Claim) -> None:
        sketch = self.sketch
        head = sketch.texts(name, element.get("title")) or ({sketch.default: name} if name else {})
        where = next(iter(head.values()), "") or name or "element"
        if "{" in where or not where.strip("\ue000\ue001"):
            where = name or where
        text = joined(head, sketch.texts(where, element.get("description")))
        asked = Asked(
            "text", text, words(element.get("valueName")) or name, optional=element.get("isRequired") is not True
        )
        self._remarks(where, element, asked)
        for made, shown_if in self.kinds.questions(name, where, element, asked):
            self._add(Node(made.name or name, where, made), every(claim, shown_if))

    def _remarks(  # noqa: C901 - one line for each setting
        self, where: str, element: Table, asked: Asked
    ) -> None:
        sketch = self.sketch
        if says(element.get("placeholder")) or says(element.get("placeHolder")):
            sketch.remark(where, remarks.PLACEHOLDER)
        if element.get("requiredIf"):
            sketch.remark(where, remarks.OPTIONAL_NOW)
        if element.get("enableIf"):
            sketch.remark(where, remarks.RULE, what=words(element["enableIf"]))
        if "correctAnswer" in element:
            sketch.remark(where, remarks.QUIZ)
        if any(name in element for name in ("defaultValue", "defaultValueExpression", "setValueExpression")):
            sketch.remark(where, remarks.DEFAULT)
        if element.get("hasComment") is True or element.get("showCommentArea") is True:
            sketch.remark(where, remarks.COMMENT)
        if words(element.get("choicesOrder")) == "random" or words(element.get("rowsOrder")) == "random":
            sketch.remark(where, remarks.RANDOM)
        if element.get("choicesVisibleIf") or element.get("choicesEnableIf"):
            sketch.remark(
                where, remarks.RULE, what=words(element.get("choicesVisibleIf") or element["choicesEnableIf"])
            )
        if element.get("maxSelectedChoices") or element.get("minSelectedChoices"):
            sketch.remark(where, remarks.LIMITS)
        for key in element:
            if key in _LOOK and not isinstance(element[key], list) and element[key] not in (None, ""):
                sketch.remark(where, remarks.STYLE, what=str(key))
        sketch.leftover(where, element, _ELEMENT_KNOWN | _LOOK)

    # --- texts --------------------------------------------------------------------------------------------------------

    def _piped(self, where: str, text: str) -> str:
        return _PIPED.sub(lambda found: self._filled(where, found), text)

    def _filled(self, where: str, found: re.Match[str]) -> str:
        name = found[1].strip()
        if name in self.names:
            return shown("answer", name)
        if re.fullmatch(r"[A-Za-z_][\w.\[\]#-]*", name):
            self.sketch.remark(where, remarks.PIPED, what=name)
            return "…"
        return found[0]


def _names_in(survey: Table) -> frozenset[str]:
    """Return the names of all questions, also inside panels, tables and lists of fields."""
    found: set[str] = set()
    waiting: list[Any] = [survey]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting.extend(one)
        elif isinstance(one, dict):
            if isinstance(one.get("type"), str) and one.get("name"):
                own = words(one["name"])
                found.add(own)
                found.update(f"{own}.{words(item.get('name'))}" for item in tables(one.get("items")))
                found.update(f"{own}.{words(table(row).get('value')) or words(row)}" for row in listed(one.get("rows")))
            waiting.extend(one.get(key) for key in ("pages", "elements", "questions", "templateElements"))
    return frozenset(found)


def _some_text(survey: Table) -> str:
    pages = tables(survey.get("pages")) or [survey]
    found = [one for page in pages for one in _elements(page) if isinstance(one, dict)]
    return " ".join(words(one.get("title")) or words(table(one.get("title")).get("default")) for one in found[:8])[
        :2000
    ]
