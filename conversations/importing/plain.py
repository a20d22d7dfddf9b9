"""Texts of web pages as a chat shows them: without HTML and Markdown, and with marks where something is filled in.

What is filled in stands between two private characters until keys are known: `shown("answer", "name")`. Such
characters in a source are taken out first, so nobody can write one.
"""

import re
from html.parser import HTMLParser
from typing import Final

from conversations.importing.loose import set_of
from conversations.spelling import clean

LONGEST: Final = 6000
"""Characters of one text; a chat message holds 4096."""

OPEN: Final = "\ue000"
CLOSE: Final = "\ue001"
MARK: Final = re.compile(f"{OPEN}([a-z]+):([^{OPEN}{CLOSE}]*){CLOSE}")
_PRIVATE: Final = re.compile("[\ue000\ue001]")
_TAG: Final = re.compile(r"<[/!]?[A-Za-z][^<>]*>|&(?:[A-Za-z]{2,8}|#[0-9]{1,6});")
_LINES: Final = set_of("p div br li ul ol tr h1 h2 h3 h4 h5 h6 blockquote section table")
_UNSEEN: Final = frozenset({"script", "style", "template", "head"})
_MEDIA: Final = frozenset({"img", "video", "audio", "iframe", "embed", "object", "svg"})
_LINK: Final = re.compile(r"(!?)\[([^\[\]]{1,300})\]\(([^()\s]{1,500})\)")
_BOLD: Final = re.compile(r"(\*\*|__)(?=\S)([^*_\n]{1,300}?)(?<=\S)\1")
_HEADING: Final = re.compile(r"^#{1,6} +", re.MULTILINE)


def shown(scope: str, name: str) -> str:
    """Return the mark of something that is filled in: scope `answer`, or a fact's `customer`, `service`, `business`."""
    return f"{OPEN}{scope}:{_PRIVATE.sub('', name)}{CLOSE}"


class Plain:
    """One text made plain, and what had to go: `media`, when a picture or film was in it."""

    def __init__(self, source: str, *, markdown: bool = False) -> None:
        source = _PRIVATE.sub("", source)
        self.cut = len(source) > LONGEST
        source = source[:LONGEST]
        self.media = False
        if _TAG.search(source):
            source = self._without_html(source)
        if markdown:
            source = self._without_markdown(source)
        lines = (" ".join(line.split()) for line in source.replace("\r", "").split("\n"))
        self.text = clean(re.sub(r"\n{3,}", "\n\n", "\n".join(lines)))

    def _without_html(self, source: str) -> str:
        reader = _Reader()
        reader.feed(source)
        reader.close()
        self.media = reader.media
        return "".join(reader.parts)

    def _without_markdown(self, source: str) -> str:
        self.media = self.media or any(link[1] for link in _LINK.finditer(source))
        source = _LINK.sub(lambda link: "" if link[1] else _linked(link[2], link[3]), source)
        return _HEADING.sub("", _BOLD.sub(lambda bold: bold[2], source))


def _linked(label: str, address: str) -> str:
    return label if label == address else f"{label} ({address})"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.media = False
        self._unseen = 0
        self._address = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in _UNSEEN
        self.media = self.media or tag in _MEDIA
        if tag in _LINES:
            self.parts.append("\n• " if tag == "li" else "\n")
        if tag == "a":
            self._address = next((value for name, value in attrs if name == "href" and value), "")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        if tag in _LINES and tag not in ("br", "li"):
            self.parts.append("\n")
        if tag == "a" and self._address.startswith(("http://", "https://", "mailto:", "tel:")):
            self.parts.append(f" ({self._address})")
            self._address = ""

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.parts.append(data)
