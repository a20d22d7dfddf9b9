"""Laws of writing surveys: whatever was built reads back as the same survey."""

from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from conversations.particulars import TODAY
from conversations.questions import ENDS, SCALES
from conversations.reading import read
from conversations.slots import RESERVED
from conversations.surveys import RATINGS, Branch, Option, Question, Row, Scale, Survey
from conversations.writing import toml

LANGUAGES = ("en", "zh-Hans", "pt-BR", "de")
ODD = [
    '"',
    "\\",
    "{{ customer.name }}",
    "\n",
    "\t",
    "\x00",
    "\x7f",
    "'''",
    '"""',
    "#",
    "= [",
    "\u202e",
    "😀",
    "\\u0041",
]
FIXED = {"nps": [Scale(0, 10)], "ces": [Scale(1, 7), Scale(1, 5)], "stars": [Scale(1, 5), Scale(1, 10)]}

said = st.lists(st.sampled_from(ODD) | st.text(st.characters(codec="utf-8"), max_size=8), min_size=1, max_size=5)
words = said.map("".join).filter(str.strip)
keys = st.from_regex(r"[a-z][a-z0-9_]{0,12}", fullmatch=True).filter(lambda key: key not in RESERVED)
spans = st.integers(1, 99_999).map(lambda minutes: timedelta(minutes=minutes))


@st.composite
def surveys(draw: st.DrawFn) -> Survey:
    """A survey with everything that one can have, in up to four languages."""
    languages = tuple(draw(st.lists(st.sampled_from(LANGUAGES), min_size=1, max_size=4, unique=True)))
    texts = st.fixed_dictionaries(dict.fromkeys(languages, words))
    maybe: st.SearchStrategy[dict[str, str]] = st.just({}) | texts
    names = draw(st.lists(keys, min_size=1, max_size=6, unique=True))
    questions: list[Question] = []
    for name in names:
        questions += _question(draw, name, names, languages, texts)
    expires = timedelta(hours=draw(st.integers(1, 24 * 90)))
    remind = draw(st.sets(st.integers(1, min(99_999, int(expires.total_seconds() // 60) - 1)), max_size=3))
    return Survey(
        key=draw(keys),
        touchpoint=draw(keys),
        languages=languages,
        questions=tuple(questions),
        title=draw(st.just({}) | st.fixed_dictionaries(dict.fromkeys(languages, st.just("A title")))),
        unhappy=draw(st.sampled_from(["", 'a <= 2 or "b" in c'])),
        explain=draw(st.none() | st.just("why")),
        apology=draw(maybe),
        thanks=draw(maybe),
        delay=draw(st.just(timedelta(0)) | spans),
        expires=expires,
        remind=tuple(timedelta(minutes=minutes) for minutes in sorted(remind)),
        follow_up=draw(spans),
        share=draw(st.floats(0, 1)),
        consent=draw(st.sampled_from(["line", "step"])),
        anonymous=draw(st.booleans()),
    )


def _question(draw: st.DrawFn, key: str, names: list[str], languages: tuple[str, ...], texts: Any) -> list[Question]:
    kind: Any = draw(
        st.sampled_from([*RATINGS, "choice", "ranking", "number", "date", "contact", "text", "statement", "consent"])
    )
    low, high = _ends(draw, kind, languages, texts)
    options = [Option(f"o{n}", dict.fromkeys(languages, f"Label {n}")) for n in range(draw(st.integers(2, 4)))]
    question = Question(
        key=key,
        kind=kind,
        text=draw(texts),
        scale=_scale(draw, kind),
        low_end=low,
        high_end=high,
        options=tuple(options) if kind in ("choice", "ranking") else (),
        optional=kind != "statement" and draw(st.booleans()),
        aspect=draw(st.none() | keys) if kind in RATINGS and kind != "matrix" else None,
        branches=tuple(
            Branch(draw(st.sampled_from(["true", 'x == "y" and not z'])), draw(st.sampled_from(["end", *names])))
            for _ in range(draw(st.integers(0, 2)))
        ),
        top=draw(st.sampled_from([0, 1])) if kind == "ranking" else 0,
        wants=draw(st.sampled_from([("phone",), ("email",), ("phone", "email")])) if kind == "contact" else (),
        sense=draw(st.sampled_from(["", "past"])) if kind == "date" else "",
        earliest=draw(st.sampled_from(["", "2026-01-31"])) if kind == "date" else "",
        latest=draw(st.sampled_from(["", TODAY, "2026-12-01"])) if kind == "date" else "",
    )  # fmt: skip
    if kind != "matrix":
        return [question]
    own = draw(st.lists(keys, min_size=2, max_size=4, unique=True))
    full = tuple(f"{key}_{one}" for one in own)
    rows = [
        replace(question, key=one, text=draw(texts), row=Row(key, question.text, n, full), aspect=draw(keys))
        for n, one in enumerate(full, 1)
    ]  # fmt: skip
    return [*(replace(row, branches=()) for row in rows[:-1]), rows[-1]]


def _scale(draw: st.DrawFn, kind: str) -> Scale | None:
    if kind == "number":
        return draw(st.none() | st.just(Scale(3, 70)))
    if kind not in RATINGS:
        return None
    return draw(st.sampled_from(FIXED.get(kind, [SCALES[kind], Scale(0, 4), Scale(1, 10)])))


def _ends(draw: st.DrawFn, kind: str, languages: tuple[str, ...], texts: Any) -> tuple[Any, Any]:
    """Words of its own, or what its kind brings along in all of the languages."""
    if kind not in RATINGS:
        return None, None
    if draw(st.booleans()):
        short = st.fixed_dictionaries(dict.fromkeys(languages, st.sampled_from(["low", "高", 'a "b"'])))
        return draw(short), draw(short)
    low, high = ENDS.get(kind, ({}, {}))
    return (low, high) if low and all(tag in low for tag in languages) else (None, None)


def placeless(survey: Survey) -> Survey:
    """The survey without the lines that its file has, and with branches that lead to a matrix leading to it."""
    firsts = {one.row.matrix: one.row.keys[0] for one in survey.questions if one.row}
    return replace(
        survey,
        questions=tuple(
            replace(
                one,
                line=0,
                branches=tuple(Branch(branch.when, firsts.get(branch.to, branch.to)) for branch in one.branches),
            )
            for one in survey.questions
        ),
    )


@given(surveys())
def test_what_is_written_reads_back_the_same(survey):
    """An editor saves, an import writes, and nothing is lost or changed on the way."""
    assert placeless(read(toml(survey))) == placeless(survey)


@given(surveys())
def test_writing_what_was_read_changes_nothing(survey):
    """So a file stays the same however often it is exported and imported."""
    written = toml(read(toml(survey)))

    assert toml(read(written)) == written


def test_what_a_reader_assumes_is_not_written():
    """A small survey is a small file."""
    survey = read('format = 1\nkey = "a"\ntouchpoint = "b"\nlanguages = ["en"]\n\n[[question]]\nkey = "s"\n'
                  'kind = "csat"\ntext.en = "How was it?"\n')  # fmt: skip

    assert toml(survey).splitlines() == [
        "format = 1",
        'key = "a"',
        'touchpoint = "b"',
        'languages = ["en"]',
        "",
        "[[question]]",
        'key = "s"',
        'kind = "csat"',
        'text.en = "How was it?"',
    ]


def test_the_library_survives_being_written(root):
    """Real surveys, with matrices, branches and three languages."""
    for file in sorted((root / "conversations" / "library").glob("*.toml")):
        survey = read(file.read_text("utf-8"))

        assert placeless(read(toml(survey))) == placeless(survey)
