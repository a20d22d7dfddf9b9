"""Definitions of other programs, read as surveys: `read`.

    file --opening--> values --formbricks, typebot, ...--> Sketch --graphs--> Sketch --building--> Survey
                              questions and ways          rounds cut, ways    keys, conditions, texts;
                              as the source has them      folded, in order    checked until it passes

Everything is pure. Nothing of a source is dropped without a `Change` that names it.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from conversations.importing import formbricks, rapidpro, remarks, surveyjs, typebot, xlsform
from conversations.importing.building import built
from conversations.importing.drafts import Sketch
from conversations.importing.opening import opened, too_deep
from conversations.importing.results import FORMATS, Change, Format, Group, Import, NotReadable, Verdict, grouped
from conversations.phrases import phrase

Part = tuple[str, Callable[[], Sketch]]
"""One definition of a file: its name, and what reads it."""


def read(
    name: str,
    content: bytes,
    format: str | None = None,  # noqa: A002 - the word of its users
    *,
    part: str | None = None,
) -> Import:
    """Return the survey that a file defines, and everything that is not as it was there.

    `name` is how reports call the file. Without `format` it is recognised, where that is certain. Of several
    definitions in one file `part` names the one to read; without it the first one that asks something is read.

    Raises NotReadable, and nothing else.
    """
    try:
        return _read(name, content, format, part)
    except RecursionError:
        raise too_deep(name)


def _read(name: str, content: bytes, wanted: str | None, part: str | None) -> Import:
    found, definitions = _parts(name, content, wanted)
    names = tuple(definition for definition, _ in definitions)
    if part is not None:
        chosen = next((sketch for definition, sketch in definitions if definition == part), None)
        if chosen is None:
            known = ", ".join(names[:10])
            raise NotReadable(phrase('The file has no "{part}"; it has {known}.', part=part, known=known), name)
        return _finished(chosen, names)
    best: Import | None = None
    for _, sketch in definitions[:50]:
        one = _finished(sketch, names)
        if best is None or _worth(one) > _worth(best):
            best = one
        if _worth(one) == _ASKS:
            break
    if best is None:
        raise _not_of(name, found)
    return best


_ASKS: Final = 2


def _worth(made: Import) -> int:
    if made.survey is None:
        return 0
    return _ASKS if any(question.kind != "statement" for question in made.survey.questions) else 1


def _finished(sketch: Callable[[], Sketch], names: tuple[str, ...]) -> Import:
    made = sketch()
    made.parts = names
    for other in names:
        if other != made.name and len(names) > 1:
            made.remark(other, remarks.OTHER_PART)
    return built(made)


def _parts(name: str, content: bytes, wanted: str | None) -> tuple[Format, list[Part]]:
    if wanted is not None and wanted not in FORMATS:
        raise NotReadable(
            phrase('There is no format "{format}"; there are {known}.', format=wanted, known=", ".join(FORMATS)), name
        )
    if wanted == "xlsform" or (wanted is None and xlsform.recognised(name, content)):
        form = xlsform.opened(name, content)
        return "xlsform", [(xlsform.title(form, name), lambda: xlsform.survey_of(form, name))]
    source = opened(name, content)
    for each, module in _JSON.items():
        if wanted in (None, each) and (found := _of(module, source, name)):
            return each, found
    if wanted is None:
        raise NotReadable(
            phrase(
                "The file is no definition of {known}. If it is one, say which with --from.", known=", ".join(FORMATS)
            ),
            name,
        )
    raise _not_of(name, wanted)


def _of(module: Any, source: Any, file: str) -> list[Part]:
    taken: dict[str, Part] = {}
    for one in module.parts(source):
        title = module.title(one) or file
        count = 2
        while title in taken:
            title, count = f"{title} ({count})", count + 1
        taken[title] = (title, partial(_sketched, module, one, file, title))
    return list(taken.values())


def _sketched(module: Any, definition: Any, file: str, title: str) -> Sketch:
    sketch: Sketch = module.survey_of(definition, file)
    sketch.name = title
    return sketch


def _not_of(name: str, wanted: str) -> NotReadable:
    return NotReadable(
        phrase(
            "The file is no definition of {format}. Export the survey from there, or choose another --from.",
            format=wanted,
        ),
        name,
    )


_JSON: Final[dict[Format, Any]] = {
    "typebot": typebot,
    "rapidpro": rapidpro,
    "formbricks": formbricks,
    "surveyjs": surveyjs,
}

__all__ = ["FORMATS", "Change", "Format", "Group", "Import", "NotReadable", "Verdict", "grouped", "read"]
