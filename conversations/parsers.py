"""What the parsers of TOML and of Jinja2 say is wrong, in our words.

They speak English only. Imported late: it is met when something cannot be read. What is not known here keeps the
parser's own words.
"""

import re
from typing import Final

from conversations.phrases import Phrase, phrase
from conversations.problems import in_words

_TOML: Final = (
    ("invalid statement", phrase("here begins nothing that can be read")),
    ("expected newline or end of document after a statement", phrase("something follows after the value")),
    (r"found invalid character (?P<found>.+)", phrase("the character {found} cannot stand here")),
    (r"illegal character '(?:\\r)?\\n'", phrase("the line ends before its text does")),
    (r"illegal character (?P<found>.+)", phrase("the character {found} cannot stand here")),
    (r"cannot declare (?P<key>.+) twice", phrase("the table {key} is there twice")),
    ("cannot overwrite a value", phrase("the key has a value already")),
    (r"cannot (?:mutate immutable|redefine) namespace (?P<key>.+)", phrase("the table {key} is finished already")),
    (r"duplicate inline table key (?P<key>.+)", phrase("the key {key} is there twice in one pair of braces")),
    (r"expected '\]+' at the end of an? (?:table|array) declaration", phrase("a heading is not closed")),
    ("expected '=' after a key in a key/value pair", phrase('after a key there is no "="')),
    ("invalid initial character for a key part", phrase("a key is missing, or begins with something that no key has")),
    ("unclosed array", phrase("a list is not closed")),
    ("unclosed inline table", phrase("a pair of braces is not closed")),
    (r"unescaped '\\' in a string", phrase("a backslash stands alone in a text")),
    ("invalid hex value", phrase("the figures after a backslash are no character")),
    ("escaped character is not a unicode scalar value", phrase("the figures after a backslash are no character")),
    ("unterminated string", phrase("a text is not closed")),
    (r"expected (?P<found>.+)", phrase("{found} is missing")),
    ("invalid date or datetime", phrase("there is no such day or time")),
    ("invalid value", phrase("a value is missing, or cannot be read")),
)
_JINJA: Final = (
    ("it ends too early", phrase("it ends too early")),
    (r"unexpected end of template.*", phrase("it ends too early")),
    (r"unexpected 'end of template'", phrase("it ends too early")),
    (r"unexpected '(?P<found>.)', expected '(?P<wanted>.)'", phrase('there is "{found}" where "{wanted}" belongs')),
    (r"unexpected char '(?P<found>.+)' at \d+", phrase('"{found}" cannot stand here')),
    (r"unexpected ['\"](?P<found>.+)['\"]", phrase('"{found}" cannot stand here')),
    (
        r"expected token '(?:end of print statement|end of statement block)', got '(?P<found>.+)'",
        phrase('"{found}" cannot stand here'),
    ),
    (r"expected token '(?P<wanted>.+)', got 'end of .+'", phrase('"{wanted}" is missing')),
    (r"expected token '(?P<wanted>.+)', got '(?P<found>.+)'", phrase('there is "{found}" where "{wanted}" belongs')),
    (r"encountered unknown tag '(?P<found>.+?)'.*", phrase('"{found}" cannot stand here')),
    (r"expected an expression, got '.+'", phrase("there is nothing where a name or value belongs")),
    (r"expected (?:name or number|subscript expression)", phrase("after a full stop there is no name")),
    ("invalid character in identifier", phrase("a name holds a character that no name has")),
    ("tag name expected", phrase("after {sign} there is no word", sign="{%")),
)


def of_toml(said: str) -> Phrase:
    """Return what tomllib said, without its place, as the end of a sentence."""
    return _among(_TOML, said)


def of_jinja(said: str | None) -> Phrase:
    """Return what Jinja2 said, as the end of a sentence."""
    return _among(_JINJA, (said or "it ends too early").rstrip("."))


def _among(known: tuple[tuple[str, Phrase], ...], said: str) -> Phrase:
    for pattern, meaning in known:
        if found := re.fullmatch(pattern, said, re.IGNORECASE | re.DOTALL):
            return Phrase(meaning.sentence, {**meaning.places, **found.groupdict()})
    return in_words(said[:1].lower() + said[1:])
