"""Ways that go in rounds, part and join, made into an order of questions with branches forwards.

worded    a wait for an answer gets the message before it as its question
cut       a way back to the same question is what makegood does by itself; any other way back ends the survey
folded    a place where the way only parts becomes branches of the questions before it
ordered   the nodes in an order in which every way leads forwards
"""

from collections.abc import Iterator
from typing import Final

from conversations.importing import remarks
from conversations.importing.claims import FALSE, TRUE, Answered, Claim, Compared, Every, Fact, Not, Some, Unsaid, every
from conversations.importing.drafts import AGAIN, END, Asked, Node, Option, Sketch, Way, joined

MOST_WAYS: Final = 300
"""Ways out of one question while places are folded into it."""

MOST_COPIES: Final = 4


def collapse(sketch: Sketch) -> None:
    """Lead past the places where nothing is asked, said or decided."""
    past: dict[str, str] = {}
    for at in sketch.nodes:
        trail: dict[str, None] = {}
        to = at
        while to in sketch.nodes and to not in trail and _is_empty(sketch.nodes[to]):
            trail[to] = None
            to = past.get(to, sketch.nodes[to].then)
        past.update(dict.fromkeys(trail, END if to in trail else to))
    for node in sketch.nodes.values():
        for way in node.ways:
            way.to = past.get(way.to, way.to)
        node.then = past.get(node.then, node.then)
    sketch.entry = past.get(sketch.entry, sketch.entry)
    for at in past:
        del sketch.nodes[at]


def _is_empty(node: Node) -> bool:
    return node.asked is None and not node.ways


def offer_others(sketch: Sketch) -> None:
    """Add the option for any other reply where such a reply leads somewhere."""
    for node in sketch.nodes.values():
        asked = node.asked
        if asked and asked.other and asked.kind in ("choice", "yes_no"):
            asked.kind = "choice"
            sketch.remark(node.where, remarks.OTHER_REPLY, what=asked.other)
            asked.options = [*asked.options, Option(("\0other",), {sketch.default: asked.other})]


# --- questions without words ------------------------------------------------------------------------------------------


def word(sketch: Sketch) -> None:
    """Give every question that has no words the message which leads to it."""
    for node in [node for node in sketch.nodes.values() if node.asks and node.asked and not node.asked.text]:
        _word(sketch, node)


def _word(sketch: Sketch, node: Node) -> None:
    assert node.asked  # noqa: S101 - only called with questions
    before = [one for one in sketch.nodes.values() if one.says and not one.ways and one.then == node.id]
    first = reached(sketch, sketch.entry, avoiding=node.id)
    again = reached_without_asking(sketch, node)
    leading = [one for one in before if one.id in first]
    for one in before:
        if one.id in again and one.id not in first:
            sketch.remark(one.where, remarks.RETRY)
            one.then = AGAIN
    if not leading:
        sketch.remark(node.where, remarks.NO_WORDS)
        node.asked.text = {sketch.default: node.asked.name or node.where}
        return
    for one in leading[1:MOST_COPIES]:
        _copy_into(one, node)
    _take_words(sketch, leading[0], node)


def _copy_into(message: Node, node: Node) -> None:
    """Make a message the question itself: what is asked in other words is another question."""
    assert message.asked  # noqa: S101 - only called with what asks or says something
    assert node.asked  # noqa: S101 - as above
    kind = node.asked
    message.asked = Asked(
        kind.kind, message.asked.text, kind.name, kind.options, kind.rows, kind.scale, kind.low, kind.high,
        kind.optional, kind.wants, kind.sense, kind.earliest, kind.latest, kind.top, kind.other,
    )  # fmt: skip
    message.ways, message.then = [Way(way.when, way.to, way.shows) for way in node.ways], node.then
    if node.id in node.targets:
        message.then = AGAIN if node.then == node.id else node.then
        message.ways = [Way(way.when, AGAIN if way.to == node.id else way.to) for way in message.ways]


def _take_words(sketch: Sketch, message: Node, node: Node) -> None:
    assert message.asked  # noqa: S101 - only called with what asks or says something
    assert node.asked  # noqa: S101 - as above
    node.asked.text = message.asked.text
    for one in sketch.nodes.values():
        for way in one.ways:
            way.to = node.id if way.to == message.id else way.to
        one.then = node.id if one.then == message.id else one.then
    sketch.entry = node.id if sketch.entry == message.id else sketch.entry
    del sketch.nodes[message.id]


def reached(sketch: Sketch, start: str, *, avoiding: str = END) -> dict[str, None]:
    """Return the nodes that can be come to from there, in order, not going beyond the one to avoid."""
    found: dict[str, None] = {}
    waiting = [start]
    while waiting:
        one = waiting.pop()
        if one in found or one not in sketch.nodes or one == avoiding:
            continue
        found[one] = None
        waiting.extend(reversed(sketch.nodes[one].targets))
    return found


def reached_without_asking(sketch: Sketch, node: Node) -> set[str]:
    """Return the nodes that follow this one before anything else is asked."""
    found: set[str] = set()
    waiting = list(node.targets)
    while waiting:
        one = waiting.pop()
        if one not in found and one in sketch.nodes and not sketch.nodes[one].asks:
            found.add(one)
            waiting.extend(sketch.nodes[one].targets)
    return found


def begin_with_question(sketch: Sketch) -> None:
    """Begin elsewhere when nobody comes to a question from the start, and there is one."""
    if any(sketch.nodes[at].asks for at in reached(sketch, sketch.entry)):
        return
    led_to = {to for node in sketch.nodes.values() for to in node.targets}
    starts = [at for at in sketch.nodes if at not in led_to and at != sketch.entry] or list(sketch.nodes)
    asked = {at: sum(sketch.nodes[one].asks for one in reached(sketch, at)) for at in starts[:20]}
    best = max(asked, key=lambda at: asked[at], default=END)
    if asked.get(best):
        sketch.remark(sketch.nodes[best].where, remarks.ELSEWHERE)
        sketch.entry = best


# --- rounds -----------------------------------------------------------------------------------------------------------


def cut(sketch: Sketch) -> None:
    """Cut every round where it closes."""
    on_way: dict[str, None] = {}
    done: set[str] = set()
    stack: list[tuple[str, Iterator[int]]] = []
    if sketch.entry in sketch.nodes:
        stack.append((sketch.entry, _edges(sketch.nodes[sketch.entry])))
        on_way[sketch.entry] = None
    while stack:
        at, edges = stack[-1]
        edge = next(edges, None)
        if edge is None:
            stack.pop()
            on_way.pop(at)
            done.add(at)
            continue
        node = sketch.nodes[at]
        to = _target(node, edge)
        if to in on_way:
            _lead(node, edge, _closing(sketch, node, to, list(on_way)))
        elif to in sketch.nodes and to not in done:
            on_way[to] = None
            stack.append((to, _edges(sketch.nodes[to])))
    _settle_again(sketch)


def _edges(node: Node) -> Iterator[int]:
    return iter(range(-1, len(node.ways)))


def _target(node: Node, edge: int) -> str:
    return node.then if edge < 0 else node.ways[edge].to


def _lead(node: Node, edge: int, to: str) -> None:
    if edge < 0:
        node.then = to
    else:
        node.ways[edge].to = to


def _closing(sketch: Sketch, node: Node, to: str, way: list[str]) -> str:
    """Return where a way leads instead that would close a round."""
    within = [sketch.nodes[one] for one in way[way.index(to) :]]
    if sketch.nodes[to].asks and not any(one.asks for one in within[1:]):
        return AGAIN
    if any(one.asks for one in within) or any(one.says for one in within):
        sketch.remark(node.where, remarks.ROUND)
    return END


def _settle_again(sketch: Sketch) -> None:
    """Take out the ways that only ask again; what they say in between goes with them."""
    changed = True
    while changed:
        changed = False
        for node in sketch.nodes.values():
            if node.asks or (node.then == AGAIN and all(way.to == AGAIN for way in node.ways)):
                continue
            changed = _without_again(node) or changed
        for node in list(sketch.nodes.values()):
            if not node.asks and node.then == AGAIN and all(way.to == AGAIN for way in node.ways):
                if node.says:
                    sketch.remark(node.where, remarks.RETRY)
                _redirect(sketch, node.id, AGAIN)
                del sketch.nodes[node.id]
                changed = True
    for node in sketch.nodes.values():
        if node.asks:
            _without_again(node)


def _without_again(node: Node) -> bool:
    kept = [way for way in node.ways if way.to != AGAIN]
    changed = len(kept) != len(node.ways)
    node.ways = kept
    if node.then == AGAIN:
        changed = True
        if node.asked is not None:
            node.asked.other = ""
        node.then = kept.pop().to if kept else END
    return changed


def _redirect(sketch: Sketch, gone: str, to: str) -> None:
    for node in sketch.nodes.values():
        for way in node.ways:
            way.to = to if way.to == gone else way.to
        node.then = to if node.then == gone else node.then
    sketch.entry = to if sketch.entry == gone else sketch.entry


# --- where the way parts ----------------------------------------------------------------------------------------------


def fold(sketch: Sketch) -> None:
    """Fold the places that ask and say nothing into the ways that lead to them, and find the first question."""
    lists: dict[str, list[tuple[Claim, bool, str]]] = {}
    for at in reversed(order(sketch)):
        node = sketch.nodes[at]
        ways = _unfolded(sketch, node, lists)
        if node.asked is None:
            lists[at] = ways
        else:
            node.ways = [Way(claim, to, shows) for claim, shows, to in ways[:-1]]
            node.then = ways[-1][2]
    if sketch.entry in lists:
        sketch.entry = _first(sketch, lists[sketch.entry])
    for at in lists:
        del sketch.nodes[at]


def _unfolded(
    sketch: Sketch, node: Node, lists: dict[str, list[tuple[Claim, bool, str]]]
) -> list[tuple[Claim, bool, str]]:
    found: list[tuple[Claim, bool, str]] = []
    for claim, shows, to in [*((way.when, way.shows, way.to) for way in node.ways), (TRUE, False, node.then)]:
        for inner, inner_shows, target in lists.get(to, [(TRUE, False, to)]):
            if len(found) < MOST_WAYS or (to == node.then and inner == TRUE):
                found.append((every(claim, inner), shows or inner_shows, target))
            else:
                sketch.remark(node.where, remarks.RULES_TOO_MANY)
    return found


def _first(sketch: Sketch, ways: list[tuple[Claim, bool, str]]) -> str:
    """Return the first question: nothing is answered yet, and what depends on facts is not known beforehand."""
    for claim, shows, to in ways:
        verdict = _at_first(claim)
        if verdict is None:
            sketch.remark(sketch.nodes[to].where if to in sketch.nodes else sketch.file, remarks.ENTRY)
        if verdict or (verdict is None and shows):
            return to
    return END


def _at_first(claim: Claim) -> bool | None:
    """Return whether the claim holds while nothing is answered; None when that cannot be said."""
    match claim:
        case Compared() | Answered():
            return False
        case Fact() | Unsaid():
            return None
        case Not(part=part):
            verdict = _at_first(part)
            return None if verdict is None else not verdict
        case Every(parts=parts) | Some(parts=parts):
            deciding = isinstance(claim, Some)
            verdicts = [_at_first(part) for part in parts]
            if deciding in verdicts:
                return deciding
            return None if None in verdicts else not deciding
    return claim != FALSE


# --- order ------------------------------------------------------------------------------------------------------------


def order(sketch: Sketch) -> list[str]:
    """Return the nodes that can be come to, so that every way leads forwards; what usually follows stands next."""
    finished: list[str] = []
    seen = {sketch.entry}
    stack = [(sketch.entry, iter(sketch.nodes[sketch.entry].targets))] if sketch.entry in sketch.nodes else []
    while stack:
        at, targets = stack[-1]
        to = next((one for one in targets if one in sketch.nodes and one not in seen), None)
        if to is None:
            finished.append(at)
            stack.pop()
        else:
            seen.add(to)
            stack.append((to, iter(sketch.nodes[to].targets)))
    return finished[::-1]


def drop_unreached(sketch: Sketch) -> None:
    """Take out and name what nobody comes to."""
    kept = reached(sketch, sketch.entry)
    for at, node in list(sketch.nodes.items()):
        if at not in kept:
            if node.asked is not None:
                sketch.remark(node.where, remarks.UNREACHED)
            del sketch.nodes[at]


def pass_by(sketch: Sketch, at: str) -> None:
    """Take a node out, and lead those who would come to it to what usually follows it."""
    _redirect(sketch, at, sketch.nodes[at].then)
    del sketch.nodes[at]


def end_with_thanks(sketch: Sketch) -> None:
    """Make the message that every way ends with the survey's thanks."""
    last = [node for node in sketch.nodes.values() if END in node.targets]
    if sketch.thanks or len(last) != 1 or not last[0].says or last[0].ways or len(sketch.nodes) < 2:
        return
    assert last[0].asked  # noqa: S101 - it says something
    sketch.thanks = last[0].asked.text
    _redirect(sketch, last[0].id, END)
    del sketch.nodes[last[0].id]


def join_messages(sketch: Sketch, most: int) -> None:
    """Join messages that follow each other, as many as are too many."""
    while len(sketch.nodes) > most:
        pair = next(((one, two) for one in sketch.nodes.values() if (two := _only_follower(sketch, one))), None)
        if pair is None:
            return
        one, two = pair
        assert one.asked  # noqa: S101 - only called with what asks or says something
        assert two.asked  # noqa: S101 - as above
        sketch.remark(one.where, remarks.MESSAGE_JOINED)
        one.asked.text = joined(one.asked.text, two.asked.text, "\n\n")
        one.ways, one.then = two.ways, two.then
        del sketch.nodes[two.id]


def _only_follower(sketch: Sketch, node: Node) -> Node | None:
    follower = sketch.nodes.get(node.then)
    if not node.says or node.ways or follower is None or not follower.says:
        return None
    leading = [one for one in sketch.nodes.values() if follower.id in one.targets]
    return follower if leading == [node] else None


def end_after(sketch: Sketch, most: int) -> None:
    """End the survey where its limit is, and name what comes after."""
    late = set(order(sketch)[most:])
    for at in late:
        sketch.remark(sketch.nodes.pop(at).where, remarks.TOO_MANY)
    for node in sketch.nodes.values():
        for way in node.ways:
            way.to = END if way.to in late else way.to
        node.then = END if node.then in late else node.then
