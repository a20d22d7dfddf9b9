"""The catalogues of our own sentences, kept beside the code that says them: `make phrases`.

It looks for every `phrase("…")` and `Phrase("…")` in the floors, brings `bot/locale/*/LC_MESSAGES/makegood.po` up to
date and compiles the `.mo` that makegood reads. Nothing is guessed: a new or changed sentence is empty until
somebody translates it, one that is gone is dropped. The files hold no date, no line number and no name of a
machine, so they change only when a sentence does.
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

FLOORS: Final = ("bot", "conversations", "recovery", "reports", "storage")
KEYWORDS: Final[dict[str, tuple[int, ...] | None]] = {"phrase": None, "Phrase": None}
TRANSLATED: Final = ("zh_Hans", "zh_Hant")
HEADER: Final = "The sentences of makegood. A {place} stays as it is; `make phrases` compiles them and adds new ones."


class Sentences(Catalog):
    """A catalogue whose header says only what its readers need."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """The charset, without which gettext reads ASCII, and the language."""
        return [
            ("Language", str(self.locale or "en")),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]


def po_path(root: Path, locale: str) -> Path:
    """Return where a language's sentences are written."""
    return root / "bot" / "locale" / locale / "LC_MESSAGES" / "makegood.po"


def said(root: Path) -> dict[str, list[str]]:
    """Return every sentence of ours in the code, with the files that say it."""
    found: dict[str, list[str]] = {}
    for floor in FLOORS:
        for name, _, sentence, _, _ in extract_from_dir(
            root / floor, method_map=[("**.py", "python")], keywords=KEYWORDS
        ):
            if isinstance(sentence, str):
                found.setdefault(sentence, []).append(f"{floor}/{Path(name).as_posix()}")
    return found


def translated(root: Path, locale: str) -> dict[str, str]:
    """Return a language's sentences by the English ones."""
    path = po_path(root, locale)
    if not path.exists():
        return {}
    with path.open("rb") as file:
        catalogue = read_po(file, locale)
    return {str(message.id): str(message.string) for message in catalogue if message.id}


def catalogue(locale: str, sentences: dict[str, list[str]], known: dict[str, str]) -> Sentences:
    """Return the catalogue of those sentences, with the translations that are known."""
    made = Sentences(locale, header_comment=f"# {HEADER}", fuzzy=False)
    for sentence in sorted(sentences):
        flags = ["python-brace-format"] if "{" in sentence else []
        places = [(path, 0) for path in sorted(set(sentences[sentence]))]
        made.add(sentence, known.get(sentence, ""), locations=places, flags=flags)
    return made


def compiled(made: Catalog) -> bytes:
    """Return the bytes that gettext reads."""
    file = io.BytesIO()
    write_mo(file, made)
    return file.getvalue()


def written(made: Catalog) -> bytes:
    """Return the text that translators read."""
    file = io.BytesIO()
    write_po(file, made, width=120, sort_output=True, include_lineno=False)
    return file.getvalue()


def bring_up_to_date(root: Path) -> Iterator[str]:
    """Write every catalogue anew; yield a line for each sentence that somebody must translate."""
    sentences = said(root)
    for locale in TRANSLATED:
        known = translated(root, locale)
        made = catalogue(locale, sentences, known)
        path = po_path(root, locale)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written(made))
        path.with_suffix(".mo").write_bytes(compiled(made))
        missing = sorted(sentence for sentence in sentences if not known.get(sentence))
        yield from (f"{locale}: to translate: {sentence!r}" for sentence in missing)
        yield from (f"{locale}: no longer said: {sentence!r}" for sentence in sorted(known.keys() - sentences.keys()))


def main() -> None:
    """Bring the catalogues of this project up to date."""
    sys.stdout.writelines(f"{line}\n" for line in bring_up_to_date(Path(__file__).resolve().parent.parent))


if __name__ == "__main__":
    main()
