"""Texts written to harm: the twenty-three that were tried against the sandbox alone, and as many as anybody wants.

`reliability.md` §0.5 says of each what the sandbox did with it: some ran for ever, some took gigabytes, some reached
what they should not. The generated ones come from a grammar that knows what harms and what is allowed, so that about
a third of them is good and has to be filled in, within bounds.
"""

import random
from typing import Final

KNOWN: Final[dict[str, str]] = {
    "class of a fact": "{{ customer.__class__.__mro__[1].__subclasses__() }}",
    "class of a text": "{{ ''.__class__.__base__ }}",
    "attr filter": "{{ customer|attr('__class__') }}",
    "attr of format": "{{ ('{0.__class__}'|attr('format'))(customer) }}",
    "globals of cycler": "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "lipsum": "{{ lipsum(n=20000) }}",
    "long range": "{{ range(100001)|join }}",
    "nested ranges": "{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}",
    "wordwrap": "{{ ('A' * 10000000)|wordwrap(1) }}",
    "multiplied text": "{{ 'A' * 10 ** 9 }}",
    "centred text": "{{ 'x'|center(1000000000) }}",
    "wide figure": "{{ '%1000000000d' % 1 }}",
    "doubled text": "{% set a = 'AAAAAAAA' %}" + "{% set a = a ~ a %}" * 30 + "{{ a }}",
    "tower of powers": "{{ 9 ** 9 ** 9 }}",
    "large power": "{{ 2 ** (10 ** 8) }}",
    "three hundred ifs": "{% if 1 %}" * 300 + "{% endif %}" * 300,
    "three thousand parentheses": "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}",
    "macro that calls itself": "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "format method": "{{ '{0.__class__.__init__.__globals__}'.format(customer) }}",
    "format_map": "{{ '{a.__class__}'.format_map(customer) }}",
    "format by a detour": "{{ {'f': '{0.__class__}'.format}['f'](customer) }}",
    "include": "{% include '/etc/passwd' %}{% import 'os' as os %}",
    "self": "{{ self._TemplateReference__context.parent }}{{ self.__init__ }}",
}
"""The twenty-three, by what they try."""

QUESTIONS: Final = ("satisfaction", "reason")

_NAMES: Final = (
    "customer",
    "service",
    "business",
    "answers",
    "self",
    "cycler",
    "namespace",
    "satisfaction",
    "loop",
    "x",
)
_FIELDS: Final = ("name", "item", "satisfaction", "reason", "__class__", "_x", "items", "mro", "format", "os")
_FILTERS: Final = (
    *("upper", "lower", "title", "capitalize", "trim", "first", "last", "default('you')", "truncate(9)", "join(', ')"),
    *(
        "attr('__class__')",
        "center(99999999)",
        "format(1)",
        "replace('', 'x')",
        "wordwrap(1)",
        "safe",
        "list",
        "tojson",
    ),
    *("truncate(99999999)", "join", "map('upper')", "default", "xmlattr", "pprint", "string", "join(customer.name)"),
)
_CONSTANTS: Final = (
    "1",
    "0",
    "4",
    "'gold'",
    "''",
    '"{0.__class__}"',
    "true",
    "none",
    "9" * 30,
    "1e9",
    "'%99999d'",
    "-1",
)
_OPERATORS: Final = ("==", "!=", "<", "<=", ">", ">=", "in", "not in", "+", "*", "**", "~", "%", "//", "is")
_BLOCKS: Final = (
    ("{% for a in range(99999) %}", "{% endfor %}"),
    ("{% macro m() %}", "{% endmacro %}"),
    ("{% filter upper %}", "{% endfilter %}"),
    ("{% raw %}", "{% endraw %}"),
    ("{% with a = 1 %}", "{% endwith %}"),
    ("{% block b %}", "{% endblock %}"),
    ("{% call customer.name() %}", "{% endcall %}"),
)
_ALONE: Final = (
    *("{% include 'a' %}", "{% set a = customer %}", "{% extends 'a' %}", "{% do x() %}", "{% else %}", "{% endif %}"),
    *(
        "{#",
        "#}",
        "{{",
        "}}",
        "{%",
        "%}",
        "{{-",
        "-}}",
        "\u202e",
        "\x00",
        "\n",
        "{# note #}",
        "   ,  ",
        "(",
        "）",
        "\ud800",
    ),
)
_WORDS: Final = ("How was it, ", "?", "您满意吗？", "Thank you", " ", ", ", "\n\n", "<b>", "&amp;", "%s", "{0}", "$x")


def generated(chance: random.Random) -> str:
    """Return a text of the grammar; mostly short, sometimes one piece a thousand times."""
    text = "".join(_piece(chance, 0) for _ in range(chance.randint(1, 4)))
    if chance.random() < 0.002:
        text *= chance.choice((10, 100, 1000))
    return text


def condition(chance: random.Random) -> str:
    """Return a condition of the same grammar."""
    return _expression(chance, 0)


def _piece(chance: random.Random, depth: int) -> str:
    what = chance.random()
    if what < 0.35 or depth > 4:
        return chance.choice(_WORDS)
    if what < 0.65:
        return f"{{{{ {_expression(chance, depth)} }}}}"
    if what < 0.85:
        return f"{{% if {_expression(chance, depth)} %}}{_piece(chance, depth + 1)}{{% endif %}}"
    if what < 0.93:
        before, after = chance.choice(_BLOCKS)
        return f"{before}{_piece(chance, depth + 1)}{after}"
    return chance.choice(_ALONE)


def _expression(chance: random.Random, depth: int) -> str:
    what = chance.random()
    if what < 0.45 or depth > 5:
        return _value(chance)
    if what < 0.6:
        return f"{_value(chance)}|{chance.choice(_FILTERS)}"
    if what < 0.8:
        left, right = _expression(chance, depth + 1), _expression(chance, depth + 1)
        return f"{left} {chance.choice(_OPERATORS[:8] if chance.random() < 0.6 else _OPERATORS)} {right}"
    if what < 0.9:
        left, right = _expression(chance, depth + 1), _expression(chance, depth + 1)
        return f"{left} {chance.choice(('and', 'or', 'if'))} {right}"
    inner = _expression(chance, depth + 1)
    return chance.choice((f"({inner})", f"not {inner}", f"[{inner}]", f"{inner}()", f"{inner}[0]", f"{{'a': {inner}}}"))


def _value(chance: random.Random) -> str:
    what = chance.random()
    if what < 0.5:
        return f"{chance.choice(_NAMES[:4])}.{chance.choice(_FIELDS[:4])}"
    if what < 0.7:
        return f"{chance.choice(_NAMES)}.{chance.choice(_FIELDS)}"
    return chance.choice(_NAMES) if what < 0.8 else chance.choice(_CONSTANTS)
