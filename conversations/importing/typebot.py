"""Typebot: groups of blocks joined by edges, in the versions 3 to 6 (and, with `steps`, those before).

A block is a node: what it says is a message, what it takes in a question, what it decides a place where the way
parts. Variables that an input fills are answers; those that a block sets are not known here.
"""

import re
from typing import Any, Final

from conversations.importing import kinds, languages, remarks
from conversations.importing.claims import Answered, Claim, Compared, Not, Unsaid, every, some
from conversations.importing.drafts import END, Asked, Node, Option, Sketch, Way
from conversations.importing.loose import Table, figure, listed, set_of, table, tables, whole, words
from conversations.importing.plain import shown
from conversations.importing.results import Remark
from conversations.phrases import phrase
from conversations.surveys import Texts

_PIPED: Final = re.compile(r"\{\{([^{}\n]{1,200})\}\}")
_INTEGRATIONS: Final = {
    "google sheets": "Google Sheets", "google analytics": "Google Analytics", "zapier": "Zapier",
    "make.com": "Make.com",
    "pabbly": "Pabbly", "pabbly connect": "Pabbly", "chatwoot": "Chatwoot", "pixel": "Pixel", "cal.com": "Cal.com",
    "qr-code": "QR code", "zendesk": "Zendesk", "posthog": "PostHog", "segment": "Segment", "gmail": "Gmail",
    "nocodb": "NocoDB", "blink": "Blink",
}  # fmt: skip
_MODELS: Final = set_of(
    "openai anthropic mistral together-ai open-router groq dify-ai elevenlabs zemantic-ai perplexity deepseek chatnode "
    "zemanticai"
)
_MEDIA: Final = frozenset({"image", "video", "embed", "audio"})
_BOT_KNOWN: Final = set_of(
    "version id name events groups blocks edges variables theme settings selectedThemeTemplateId createdAt updatedAt "
    "icon folderId publicId publishedTypebotId customDomain resultsTablePreferences isArchived isClosed "
    "whatsAppCredentialsId workspaceId riskLevel typebotId isBeingEdited steps"
)


def parts(source: Any) -> list[Table]:
    """Return the bots in a file; an empty list when it is none of Typebot's."""
    if isinstance(source, list):
        return [bot for one in source[:100] for bot in parts(one)]
    bot = table(source)
    if isinstance(bot.get("typebot"), dict) and not _is_bot(bot):
        return parts(bot["typebot"])
    return [bot] if _is_bot(bot) else []


def _is_bot(bot: Table) -> bool:
    groups = _groups(bot)
    return "edges" in bot and bool(groups) and any("blocks" in group or "steps" in group for group in groups)


def title(bot: Table) -> str:
    """Return what a bot calls itself."""
    return words(bot.get("name"))


def survey_of(bot: Table, file: str) -> Sketch:
    """Return the sketch of one bot."""
    return _Reader(bot, file).read()


def _groups(bot: Table) -> list[Table]:
    return tables(bot.get("groups")) or tables(bot.get("blocks"))


def _blocks(group: Table) -> list[Any]:
    return listed(group.get("blocks")) or listed(group.get("steps"))


class _Reader:
    def __init__(self, bot: Table, file: str) -> None:
        self.bot = bot
        self.sketch = Sketch("typebot", file)
        self.sketch.piping = self._piped
        self.variables = {words(one.get("id")): words(one.get("name")) for one in tables(bot.get("variables"))}
        self.filled = self._filled_by_answers()
        self.first: dict[str, str] = {}
        self.edges: dict[str, tuple[str, str]] = {}
        self.edge_from: dict[str, str] = {}
        for edge in tables(bot.get("edges")):
            self._edge(edge)

    def _edge(self, edge: Table) -> None:
        start, to = table(edge.get("from")), table(edge.get("to"))
        target = (words(to.get("groupId")) or words(to.get("blockId")), words(to.get("blockId") or to.get("stepId")))
        ident = words(edge.get("id"))
        self.edges[ident] = target
        for name in ("itemId", "buttonId", "eventId", "blockId", "stepId"):
            if origin := words(start.get(name)):
                self.edge_from.setdefault(origin, ident)
                break

    def _filled_by_answers(self) -> set[str]:
        found: set[str] = set()
        for group in _groups(self.bot):
            for block in tables(_blocks(group)):
                if "input" in words(block.get("type")):
                    variable = words(table(block.get("options")).get("variableId"))
                    found.add(self.variables.get(variable, variable))
        return found

    def read(self) -> Sketch:
        sketch = self.sketch
        sketch.name = title(self.bot)
        self._language()
        sketch.title = sketch.texts("name", sketch.name, piped=False)
        groups = _groups(self.bot)
        for group in groups:
            self._name_first(group)
        for group in groups:
            self._group(group)
        sketch.entry = self._entry(groups)
        for part in ("theme", "settings"):
            if table(self.bot.get(part)):
                sketch.remark("typebot", remarks.STYLE, what=part)
        sketch.leftover("typebot", self.bot, _BOT_KNOWN)
        return sketch

    def _language(self) -> None:
        text = " ".join(self._said_by(block) for group in _groups(self.bot)[:8] for block in tables(_blocks(group))[:8])
        found = languages.guessed(text[:3000])
        self.sketch.languages.append(found)
        self.sketch.assumed.append(
            phrase('The file does not say its first language; taken is "{language}".', language=found)
        )

    def _entry(self, groups: list[Table]) -> str:
        """Return where the bot begins: after its start event, or after the block of kind start."""
        for event in tables(self.bot.get("events")):
            if words(event.get("type")) == "start":
                ident = words(event.get("outgoingEdgeId")) or self.edge_from.get(words(event.get("id")), "")
                return self._to(ident) if ident in self.edges else self._first_of(groups)
            self.sketch.remark("events", remarks.UNKNOWN_PART, what=words(event.get("type")) or "event")
        for group in groups:
            for block in tables(_blocks(group)):
                if words(block.get("type")) == "start":
                    return words(block.get("id"))
        return self._first_of(groups)

    def _first_of(self, groups: list[Table]) -> str:
        return next(
            (self.first[words(group.get("id"))] for group in groups if words(group.get("id")) in self.first), END
        )

    # --- groups and blocks --------------------------------------------------------------------------------------------

    def _name_first(self, group: Table) -> None:
        blocks = tables(_blocks(group))
        if blocks:
            self.first.setdefault(words(group.get("id")), words(blocks[0].get("id")))

    def _group(self, group: Table) -> None:
        blocks = _blocks(group)
        said = next((text for block in tables(blocks) if (text := self._said_by(block).strip())), "")
        where = words(group.get("title")) or said or words(group.get("id"))
        if not all(isinstance(block, dict) for block in blocks):
            self.sketch.remark(where, remarks.UNREADABLE)
        kept = tables(blocks)
        for n, block in enumerate(kept):
            ident = words(block.get("id"))
            if ident in self.sketch.nodes or not ident:
                self.sketch.remark(where, remarks.UNREADABLE)
                continue
            following = words(kept[n + 1].get("id")) if n + 1 < len(kept) else END
            node = self.sketch.add(Node(ident, where))
            node.then = self._next(block, following)
            self._block(node, block)

    def _next(self, block: Table, following: str) -> str:
        ident = words(block.get("outgoingEdgeId")) or self.edge_from.get(words(block.get("id")), "")
        return self._to(ident) if ident in self.edges else following

    def _to(self, edge: str) -> str:
        group, block = self.edges.get(edge, ("", ""))
        return block or self.first.get(group, END)

    def _block(self, node: Node, block: Table) -> None:
        kind = words(block.get("type"))
        options = table(block.get("options"))
        if kind == "text":
            said = self.sketch.text(node.where, self._said_by(block))
            node.asked = Asked("statement", {self.sketch.default: said}) if said else None
        elif kind.lower() in _MEDIA:
            self.sketch.remark(node.where, remarks.MEDIA)
        elif "input" in kind:
            self._input(node, block, kind, options)
        else:
            self._logic(node, block, kind, options)

    def _said_by(self, block: Table) -> str:
        content = block.get("content")
        if isinstance(content, dict):
            return _rich(content.get("richText")) or words(content.get("html")) or words(content.get("plainText"))
        return words(content) if words(block.get("type")) == "text" else ""

    # --- inputs -------------------------------------------------------------------------------------------------------

    def _input(  # noqa: C901 - one case for each kind
        self, node: Node, block: Table, kind: str, options: Table
    ) -> None:
        sketch, where = self.sketch, node.where
        variable = words(options.get("variableId"))
        name = self.variables.get(variable, variable) or node.id
        node.asked = asked = Asked("text", {}, name)
        labels = table(options.get("labels"))
        if labels.get("placeholder"):
            sketch.remark(where, remarks.PLACEHOLDER)
        if labels.get("button") or labels.get("sendButton") or options.get("buttonLabel"):
            sketch.remark(where, remarks.BUTTON_LABEL)
        match kind:
            case "choice input" | "buttons input":
                self._choice(node, asked, block, options)
            case "picture choice input":
                sketch.remark(where, remarks.MEDIA)
                self._choice(node, asked, block, options)
            case "number input":
                kinds.number(sketch, where, asked, figure(options.get("min")), figure(options.get("max")))
            case "email input":
                asked.kind, asked.wants = "contact", ("email",)
            case "phone number input" | "phone input":
                asked.kind, asked.wants = "contact", ("phone",)
            case "date input":
                asked.kind = "date"
                if options.get("isRange") is True:
                    sketch.remark(where, remarks.SETTING, what="isRange")
                if options.get("hasTime") is True:
                    sketch.remark(where, remarks.TIME_OF_DAY)
            case "rating input":
                self._rating(where, asked, options)
            case "file input":
                sketch.remark(where, remarks.FILE)
                asked.optional = options.get("isRequired") is False
            case "payment input":
                sketch.remark(where, remarks.PAYMENT, what=words(options.get("provider")) or kind)
                node.asked = None
            case "url input" | "time input":
                sketch.remark(where, remarks.AS_TEXT, what=kind)
            case "cards input":
                sketch.remark(where, remarks.MEDIA)
                self._choice(node, asked, block, options)
            case "text input":
                self._attachments(where, options)
            case _:
                sketch.remark(where, remarks.UNKNOWN_KIND, what=kind)
        if node.asked:
            self._invalid(node, options)

    def _attachments(self, where: str, options: Table) -> None:
        for name in ("audioClip", "attachments"):
            if table(options.get(name)).get("isEnabled") is True:
                self.sketch.remark(where, remarks.SETTING, what=name)

    def _invalid(self, node: Node, options: Table) -> None:
        if words(options.get("retryMessageContent")):
            self.sketch.remark(node.where, remarks.RETRY)
        if options.get("isSearchable") is True or options.get("dynamicVariableId"):
            self.sketch.remark(node.where, remarks.SETTING, what="dynamicVariableId / isSearchable")

    def _choice(self, node: Node, asked: Asked, block: Table, options: Table) -> None:
        several = options.get("isMultipleChoice") is True
        made: list[Option] = []
        ways: list[Way] = []
        for n, item in enumerate(tables(block.get("items")), 1):
            label = self._label(node.where, item) or {self.sketch.default: f"{n}"}
            ident = words(item.get("id")) or f"{n}"
            made.append(Option((*label.values(), words(item.get("value")), ident), label))
            if table(item.get("displayCondition")).get("isEnabled") is True:
                self.sketch.remark(node.where, remarks.RULE, what="displayCondition")
            edge = words(item.get("outgoingEdgeId")) or self.edge_from.get(ident, "")
            if edge in self.edges:
                ways.append(Way(Compared(asked.name, "has" if several else "==", ident), self._to(edge)))
        if len(made) == 1 and not several:
            self.sketch.remark(node.where, remarks.CONTINUE)
            node.asked, node.then = None, ways[0].to if ways else node.then
            return
        kinds.choice(self.sketch, node.where, asked, made, several=several)
        if ways and len(ways) == len(made) and not several:  # nobody is left for the usual way
            node.then = ways.pop().to
        node.ways = ways

    def _label(self, where: str, item: Table) -> Texts:
        said = item.get("content") or item.get("title") or ""
        return self.sketch.texts(where, said if isinstance(said, str) else "")

    def _rating(self, where: str, asked: Asked, options: Table) -> None:
        labels = table(options.get("labels"))
        asked.low = self.sketch.texts(where, labels.get("left"))
        asked.high = self.sketch.texts(where, labels.get("right"))
        low = whole(options.get("startsAt", 1))
        high = whole(options.get("length", 10)) or 10
        icons = words(options.get("buttonType")) == "Icons"
        kinds.rating(self.sketch, where, asked, (1 if low is None else low, high), stars=icons)

    # --- logic --------------------------------------------------------------------------------------------------------

    def _logic(  # noqa: C901 - one case for each kind
        self, node: Node, block: Table, kind: str, options: Table
    ) -> None:
        match kind.lower():
            case "start":
                pass
            case "condition":
                self._condition(node, block)
            case "jump":
                group, target = words(options.get("groupId")), words(options.get("blockId"))
                node.then = target or self.first.get(group, END)
            case "set variable":
                variable = self.variables.get(words(options.get("variableId")), "?")
                self._remark(node, remarks.VARIABLE, variable)
            case "typebot link" | "typebot":
                self._link(node, options)
            case "redirect":
                self._remark(node, remarks.REDIRECT)
            case "wait":
                self._remark(node, remarks.PAUSE)
            case "code" | "script":
                self._remark(node, remarks.CODE)
            case "ab test" | "a/b test":
                self._ab_test(node, block)
            case "webhook" | "http request":
                self._remark(node, remarks.WEB_HOOK, words(table(options.get("webhook")).get("url")) or kind)
            case "email" | "send email":
                self._remark(node, remarks.TO_STAFF, kind)
            case "return":
                self._remark(node, remarks.UNKNOWN_PART, kind)
                node.then = END
            case name if name.replace(" ", "-") in _MODELS:
                self._remark(node, remarks.MODEL, kind)
            case name if name in _INTEGRATIONS:
                self._remark(node, remarks.INTEGRATION, _INTEGRATIONS[name])
            case _:
                self._remark(node, remarks.UNKNOWN_PART, kind or "?")

    def _remark(self, node: Node, remark: Remark, what: str = "") -> None:
        places = {"what": what} if what else {}
        self.sketch.remark(node.where, remark, **places)

    def _link(self, node: Node, options: Table) -> None:
        """Follow a link within this bot; another bot is not in the file."""
        target, group = words(options.get("typebotId")), words(options.get("groupId"))
        if target in ("current", "", words(self.bot.get("id"))):
            node.then = self.first.get(group, END) if group else END
        else:
            self._remark(node, remarks.SUBFLOW, target)

    def _ab_test(self, node: Node, block: Table) -> None:
        self._remark(node, remarks.CHANCE)
        for item in tables(block.get("items")):
            edge = words(item.get("outgoingEdgeId")) or self.edge_from.get(words(item.get("id")), "")
            if edge in self.edges:
                node.then = self._to(edge)
                return

    def _condition(self, node: Node, block: Table) -> None:
        for item in tables(block.get("items")):
            edge = words(item.get("outgoingEdgeId")) or self.edge_from.get(words(item.get("id")), "")
            content = table(item.get("content"))
            claims = [self._comparison(one) for one in tables(content.get("comparisons"))]
            claim = some(*claims) if content.get("logicalOperator") == "OR" else every(*claims)
            if edge in self.edges:
                node.ways.append(Way(claim, self._to(edge)))

    def _comparison(self, one: Table) -> Claim:  # noqa: C901 - one case for each comparison
        name = self.variables.get(words(one.get("variableId")), "")
        operator, value = words(one.get("comparisonOperator")), words(one.get("value"))
        said = Unsaid(f"{name or '?'} {operator} {value}")
        if not name or name not in self.filled or _PIPED.search(value):
            return said
        match operator:
            case "Equal to":
                return Compared(name, "==", value) if value else Not(Answered(name))
            case "Not equal" | "Not equal to":
                return Not(Compared(name, "==", value)) if value else Answered(name)
            case "Contains":
                return Compared(name, "has", value)
            case "Does not contain":
                return Not(Compared(name, "has", value))
            case "Greater than":
                return Compared(name, ">", value)
            case "Greater or equal to" | "Greater than or equal to":
                return Compared(name, ">=", value)
            case "Less than":
                return Compared(name, "<", value)
            case "Less or equal to" | "Less than or equal to":
                return Compared(name, "<=", value)
            case "Is set":
                return Answered(name)
            case "Is empty":
                return Not(Answered(name))
        return said

    # --- texts --------------------------------------------------------------------------------------------------------

    def _piped(self, where: str, text: str) -> str:
        return _PIPED.sub(lambda found: self._shown(where, found[1].strip()), text)

    def _shown(self, where: str, name: str) -> str:
        if name in self.filled:
            return shown("answer", name)
        self.sketch.remark(where, remarks.PIPED, what=name)
        return "…"


def _rich(source: Any, depth: int = 0) -> str:
    """Return the text of what an editor calls rich: paragraphs, lists and links."""
    if depth > 12:
        return ""
    lines: list[str] = []
    for one in tables(source):
        kind = words(one.get("type"))
        inner = _inline(one.get("children"), depth)
        if kind in ("ul", "ol"):
            inner = "\n".join(f"• {line}" for line in _rich(one.get("children"), depth + 1).split("\n") if line.strip())
        elif kind == "variable":
            inner = _rich(one.get("children"), depth + 1)
        lines.append(inner)
    return "\n".join(lines)


def _inline(source: Any, depth: int) -> str:
    found = ""
    for one in tables(source):
        if "text" in one:
            found += words(one.get("text"))
        elif depth < 12:
            inner = _inline(one.get("children"), depth + 1)
            address = words(one.get("url"))
            found += f"{inner} ({address})" if address and address != inner else inner
            found += "\n" if words(one.get("type")) in ("p", "li", "lic") and found and len(tables(source)) > 1 else ""
    return found
