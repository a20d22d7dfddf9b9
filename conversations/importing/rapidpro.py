"""RapidPro: exports of the versions 3 to 14 and the flows that goflow runs.

Older ones keep `action_sets` and `rule_sets`, newer ones `nodes` with a router; both become the same steps here. A
wait for a message is a question: its kind is what the tests after it look for. Another flow of the same file that
is entered stands in its place.
"""

from collections.abc import Callable
from typing import Any, Final

from conversations.importing import languages, remarks
from conversations.importing.drafts import END, Asked, Node, Sketch
from conversations.importing.loose import Table, listed, set_of, table, tables, words
from conversations.importing.rapidpro_legacy import steps_of_legacy
from conversations.importing.rapidpro_routers import Case, Category, Result, Router, ask, part_ways
from conversations.importing.rapidpro_texts import filled, path_of, results_key
from conversations.importing.results import Remark
from conversations.phrases import phrase
from conversations.surveys import Texts

MOST_ENTERED: Final = 20
"""Flows that are read in place of entering them."""

_SAID: Final = frozenset({"send_msg", "reply", "say_msg", "say"})
_RECORD: Final = set_of(
    "set_contact_field set_contact_name set_contact_language set_contact_channel set_contact_status "
    "set_contact_timezone add_contact_groups remove_contact_groups add_contact_urn save lang add_group del_group "
    "channel add_label add_input_labels"
)
_TO_OTHERS: Final = set_of("send_broadcast send_email email send start_session trigger-flow open_ticket request_optin")
_VOICE: Final = frozenset({"play_audio", "play", "dial"})
_WEB: Final = frozenset({"call_webhook", "call_resthook", "api", "webhook"})


class Step:
    """One node of a flow, whichever version it is written in: what it does, then where it goes."""

    def __init__(self, ident: str, actions: list[Table], router: Router | None, then: str) -> None:
        self.ident = ident
        self.actions = actions
        self.router = router
        self.then = then


def parts(source: Any) -> list[Table]:
    """Return the flows in a file, each with all the others; an empty list when it is no file of RapidPro's."""
    export = table(source)
    flows = [flow for one in tables(export.get("flows")) if (flow := _flow(one))]
    if not flows and (own := _flow(export)):
        flows = [own]
    campaigns = any(listed(export.get(name)) for name in ("campaigns", "triggers"))
    return [{"flow": flow, "all": flows, "campaigns": campaigns} for flow in flows[:200]]


def _flow(source: Table) -> Table | None:
    """Return a flow with its definition at the top, None when it is none."""
    inner = table(source.get("definition"))
    flow = {**source, **inner} if inner else source
    if any(isinstance(flow.get(name), list) for name in ("nodes", "action_sets", "rule_sets")):
        return flow
    return None


def title(part: Table) -> str:
    """Return what a flow calls itself."""
    flow = table(part.get("flow"))
    return words(flow.get("name")) or words(table(flow.get("metadata")).get("name")) or words(flow.get("uuid"))


def survey_of(part: Table, file: str) -> Sketch:
    """Return the sketch of one flow."""
    return _Reader(part, file).read()


class _Reader:
    def __init__(self, part: Table, file: str) -> None:
        self.part = part
        self.flow = table(part.get("flow"))
        self.sketch = Sketch("rapidpro", file)
        self.sketch.piping = self._piped
        self.by_id = {ident: flow for flow in tables(part.get("all")) for ident in _names(flow)}
        self.results: dict[str, Result] = {}
        self.fields: dict[str, str] = {}
        self.entered = 0
        self.replies: list[Texts] = []
        self.before: Step | None = None

    def read(self) -> Sketch:
        sketch = self.sketch
        sketch.name = title(self.part)
        self._language()
        sketch.title = sketch.texts("name", sketch.name, piped=False)
        if self.part.get("campaigns"):
            sketch.remark("campaigns, triggers", remarks.CAMPAIGN)
        if words(self.flow.get("type")) in ("voice", "V") or words(self.flow.get("flow_type")) == "V":
            sketch.remark(sketch.name or "flow", remarks.VOICE, what="voice flow")
        sketch.entry = self._read(self.flow, "", END, [])
        return sketch

    def _language(self) -> None:
        base = words(self.flow.get("language")) or words(self.flow.get("base_language"))
        found = languages.tag(base) if base not in ("base", "und", "mul", "") else None
        if found is None:
            found = languages.guessed(_some_text(self.flow))
            self.sketch.assumed.append(
                phrase('The file does not say its first language; taken is "{language}".', language=found)
            )
        for code in ("base", "und", "mul", ""):
            self.sketch.codes[code] = found
        self.sketch.languages.append(found)

    # --- steps --------------------------------------------------------------------------------------------------------

    def _read(self, flow: Table, prefix: str, after: str, inside: list[str]) -> str:
        """Read a flow; return where it begins. `after` is where its ends lead."""
        name = title({"flow": flow})
        localized = table(flow.get("localization"))
        if isinstance(flow.get("nodes"), list):
            steps = self._steps(flow, localized)
            entry = steps[0].ident if steps else ""
        else:
            steps, entry = steps_of_legacy(self.sketch, flow, Step)
        known = {step.ident for step in steps}
        self._notice_results(steps)
        leading = {step.then: step for step in reversed(steps) if step.router is None}
        for step in steps:
            self.before = leading.get(step.ident)
            self._step(step, prefix, after, known, [*inside, name], localized)
        return f"{prefix}{entry}" if entry in known else after

    def _notice_results(self, steps: list[Step]) -> None:
        for step in steps:
            if step.router and step.router.waits:
                key = results_key(step.router.result) or step.ident
                self.results.setdefault(key, Result(key))

    def _steps(self, flow: Table, localized: Table) -> list[Step]:
        found = []
        for n, node in enumerate(listed(flow.get("nodes"))):
            if not isinstance(node, dict) or not words(node.get("uuid")):
                self.sketch.remark(f"nodes[{n}]", remarks.UNREADABLE)
                continue
            exits = {words(one.get("uuid")): words(one.get("destination_uuid")) for one in tables(node.get("exits"))}
            router = self._router(table(node.get("router")), exits, localized) if node.get("router") else None
            then = next(iter(exits.values()), "")
            found.append(Step(words(node["uuid"]), tables(node.get("actions")), router, then))
        return found

    def _router(self, source: Table, exits: dict[str, str], localized: Table) -> Router:
        wait = table(source.get("wait"))
        categories = [
            Category(
                words(one.get("uuid")),
                words(one.get("name")),
                self._localized(localized, words(one.get("uuid")), "name", words(one.get("name"))),
                exits.get(words(one.get("exit_uuid")), ""),
            )
            for one in tables(source.get("categories"))
        ]
        cases = [
            Case(
                words(one.get("type")),
                [words(argument) for argument in listed(one.get("arguments"))],
                words(one.get("category_uuid")),
            )
            for one in tables(source.get("cases"))
        ]
        timeout = table(wait.get("timeout"))
        return Router(
            waits=bool(wait),
            hint=words(table(wait.get("hint")).get("type")) or ("dial" if wait.get("type") == "dial" else ""),
            operand=words(source.get("operand")),
            result=words(source.get("result_name")),
            cases=cases,
            categories=categories,
            default=words(source.get("default_category_uuid")),
            timeout=words(timeout.get("category_uuid")),
            chance=source.get("type") == "random",
        )

    def _localized(self, localized: Table, ident: str, name: str, base: str) -> Texts:
        found: Texts = {"": base}
        for code, entries in localized.items():
            said = listed(table(table(entries).get(ident)).get(name))
            if said and words(said[0]):
                found[str(code)] = words(said[0])
        return self.sketch.texts(base or ident, found, piped=False)

    # --- one step -----------------------------------------------------------------------------------------------------

    def _step(self, step: Step, prefix: str, after: str, known: set[str], inside: list[str], localized: Table) -> None:
        def to(ident: str) -> str:
            return f"{prefix}{ident}" if ident in known else after

        sketch = self.sketch
        where = self._where(step)
        at = sketch.add(Node(f"{prefix}{step.ident}", where))
        self.replies = []
        for n, action in enumerate(step.actions):
            node = Node(f"{at.id}:{n}", where)
            entered = self._action(node, action, localized, inside, f"{at.id}:{n}>", f"{prefix}{step.ident}:after{n}")
            if node.asked or entered:
                sketch.add(node)
                at.then, at = node.id, node
            if entered:
                at.then = entered
                at = sketch.add(Node(f"{prefix}{step.ident}:after{n}", where))
                if action.get("terminal") is True:
                    return
        if step.router is None:
            at.then = to(step.then)
            return
        last = sketch.add(Node(f"{prefix}{step.ident}:router", where))
        at.then = last.id
        self._route(last, step.router, to, localized)

    def _where(self, step: Step | None) -> str:
        if step is None:
            return ""
        for action in step.actions:
            if words(action.get("type")) in _SAID:
                said = action.get("text", action.get("msg"))
                if text := words(said) or next((words(one) for one in table(said).values()), ""):
                    return text
        return (step.router.result if step.router else "") or step.ident

    def _replies_before(self, localized: Table) -> list[Texts]:
        """Return the quick replies of the message in the step before, which are there to be tapped now."""
        for action in reversed(self.before.actions if self.before else []):
            if words(action.get("type")) in _SAID:
                return self._quick_replies(action, localized, words(action.get("uuid")), self._where(self.before))
        return []

    def _route(self, node: Node, router: Router, to: Callable[[str], str], localized: Table) -> None:
        if router.timeout:
            self.sketch.remark(node.where, remarks.TIMEOUT)
        if router.chance:
            self.sketch.remark(node.where, remarks.CHANCE)
            node.then = to(router.categories[0].to) if router.categories else to("")
        elif router.waits and router.hint != "dial":
            key = results_key(router.result) or node.id
            result = self.results.setdefault(key, Result(key))
            ask(self.sketch, node, router, to, result, self.replies or self._replies_before(localized))
        else:
            if router.hint == "dial":
                self.sketch.remark(node.where, remarks.VOICE, what="dial")
            part_ways(self.sketch, node, router, to, self.results, self.fields)

    def _action(self, node: Node, action: Table, localized: Table, inside: list[str], prefix: str, after: str) -> str:
        """Take in one action; return where a flow begins that is entered here, nothing for any other action."""
        kind = words(action.get("type"))
        if kind in _SAID:
            self._say(node, action, localized)
        elif kind in ("enter_flow", "flow"):
            return self._enter(node, action, inside, prefix, after)
        elif kind in _RECORD:
            self._note_field(action)
            self._remark(node, remarks.CONTACT_RECORD, kind)
        elif kind in _TO_OTHERS:
            self._remark(node, remarks.TO_STAFF, kind)
        elif kind in _VOICE:
            self._remark(node, remarks.VOICE, kind)
        elif kind in _WEB:
            self._remark(node, remarks.WEB_HOOK, kind)
        elif kind == "transfer_airtime":
            self._remark(node, remarks.PAYMENT, kind)
        elif kind in ("call_llm", "call_classifier"):
            self._remark(node, remarks.MODEL, kind)
        elif kind in ("set_run_result", "set_run_local"):
            self._remark(node, remarks.VARIABLE, words(action.get("name")) or words(action.get("local")) or kind)
        else:
            self._remark(node, remarks.UNKNOWN_PART, kind or "?")
        return ""

    def _remark(self, node: Node, remark: Remark, what: str) -> None:
        self.sketch.remark(node.where, remark, what=what)

    def _note_field(self, action: Table) -> None:
        """Remember that a field of the customer holds an answer of this flow."""
        field = table(action.get("field")).get("key") or action.get("field") or action.get("type")
        name = "name" if words(action.get("type")) == "set_contact_name" else words(field)
        value = words(action.get("value")) or words(action.get("name"))
        path = path_of(value.strip().removeprefix("@"))
        if path and path[0] in ("results", "flow") and len(path) > 1 and results_key(path[1]) in self.results:
            self.fields[results_key(name)] = results_key(path[1])

    def _say(self, node: Node, action: Table, localized: Table) -> None:
        said = action.get("text", action.get("msg"))
        ident = words(action.get("uuid"))
        if isinstance(said, dict):
            text = self.sketch.texts(node.where, said)
        else:
            base = {"": words(said)}
            for code, entries in localized.items():
                translated = listed(table(table(entries).get(ident)).get("text"))
                if translated and words(translated[0]):
                    base[str(code)] = words(translated[0])
            text = self.sketch.texts(node.where, base)
        if action.get("attachments") or any(words(one) for one in table(action.get("media")).values()):
            self.sketch.remark(node.where, remarks.MEDIA)
        if action.get("templating") or action.get("template"):
            self.sketch.remark(node.where, remarks.SETTING, what="templating")
        if action.get("all_urns") is True or action.get("send_all") is True:
            self.sketch.remark(node.where, remarks.SETTING, what="all_urns")
        if text:
            node.asked = Asked("statement", text)
            self.replies = self._quick_replies(action, localized, ident, node.where)

    def _quick_replies(self, action: Table, localized: Table, ident: str, where: str) -> list[Texts]:
        found = []
        for n, one in enumerate(listed(action.get("quick_replies"))):
            if isinstance(one, dict) and "text" not in one:
                found.append(self.sketch.texts(where, one, piped=False))
                continue
            base = {"": words(table(one).get("text")) if isinstance(one, dict) else words(one)}
            for code, entries in localized.items():
                translated = listed(table(table(entries).get(ident)).get("quick_replies"))
                if n < len(translated) and words(translated[n]):
                    base[str(code)] = words(translated[n])
            found.append(self.sketch.texts(where, base, piped=False))
        return [one for one in found if one]

    def _enter(self, node: Node, action: Table, inside: list[str], prefix: str, after: str) -> str:
        """Read the flow that is entered in this place; return where it begins."""
        called = table(action.get("flow"))
        name = words(called.get("name")) or words(called.get("uuid")) or "?"
        flow = self.by_id.get(words(called.get("uuid"))) or self.by_id.get(name)
        if flow is None:
            self.sketch.remark(node.where, remarks.SUBFLOW, what=name)
            return ""
        if title({"flow": flow}) in inside or self.entered >= MOST_ENTERED:
            self.sketch.remark(node.where, remarks.SUBFLOW_ROUND, what=name)
            return ""
        self.entered += 1
        return self._read(flow, prefix, after, inside)

    # --- texts --------------------------------------------------------------------------------------------------------

    def _piped(self, where: str, text: str) -> str:
        return filled(self.sketch, where, text, self.results, self.fields)


def _names(flow: Table) -> list[str]:
    meta = table(flow.get("metadata"))
    found = (flow.get("uuid"), meta.get("uuid"), flow.get("id"), flow.get("name"), meta.get("name"))
    return [words(one) for one in found if words(one)]


def _some_text(flow: Table) -> str:
    actions = [
        action
        for name in ("nodes", "action_sets")
        for node in tables(flow.get(name))[:20]
        for action in tables(node.get("actions"))
    ]
    said = [action.get("text", action.get("msg")) for action in actions]
    return " ".join(words(one) or next((words(text) for text in table(one).values()), "") for one in said)[:3000]
