"""Our own sentences: every one in every language, well set, and joined as that language joins."""

import ast
import gettext
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Final

import pytest

from bot.case_buttons import PUT_RIGHT, TAKE, WRITE
from bot.channels.webchat.wording import WORDS
from bot.phrases import LANGUAGES, language_for, say, script_of
from bot.publishing import library
from bot.staff_talk import HELP
from bot.web.problems import NOTICES
from conversations.asking import CONSENT, DONE, WHAT_HAPPENED
from conversations.phrases import Phrase, phrase
from conversations.replies import MISSED, NO, YES
from tests.catalogues import FLOORS, TRANSLATED, bring_up_to_date, catalogue, compiled, po_path, said, translated

CHINESE: Final = tuple(tag for tag in LANGUAGES if tag.startswith("zh"))


@pytest.fixture(scope="module")
def sentences(root: Path) -> dict[str, list[str]]:
    return said(root)


def places(sentence: str) -> list[str]:
    return sorted(re.findall(r"\{[^}]*\}", sentence))


# --- Complete ----------------------------------------------------------------------------------------------------


def called(source: str) -> Iterator[ast.expr]:
    """The first argument of every `phrase(…)` and `Phrase(…)`; a file without the word is not parsed for one."""
    if "hrase" not in source:
        return
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("phrase", "Phrase"):
            yield node.args[0]


def test_no_call_hides_its_sentence_from_the_catalogues(root, sentences):
    """Sentences are found by reading, not by running: inside an f-string, or put together, they would stay English."""
    files = [path for floor in FLOORS for path in (root / floor).rglob("*.py")]
    hidden = [
        f"{path.name}:{first.lineno}"
        for path in files
        for first in called(path.read_text("utf-8"))
        if not (isinstance(first, ast.Attribute) and first.attr == "sentence")
        and not (isinstance(first, ast.Constant) and first.value in sentences)
        and path.relative_to(root).as_posix() != "conversations/phrases.py"
    ]

    assert hidden == []


@pytest.mark.parametrize("locale", TRANSLATED)
def test_every_sentence_is_translated(root, sentences, locale):
    """One that is missing speaks English in the middle of a Chinese chat; `make phrases` lists it."""
    known = translated(root, locale)

    assert [sentence for sentence in sentences if not known.get(sentence)] == []


@pytest.mark.parametrize("locale", TRANSLATED)
def test_nothing_is_translated_that_is_never_said(root, sentences, locale):
    """A sentence that is gone wastes the next translator's time; `make phrases` drops it."""
    assert sorted(translated(root, locale).keys() - sentences.keys()) == []


@pytest.mark.parametrize("locale", TRANSLATED)
def test_a_translation_has_the_places_of_its_sentence(root, locale):
    """A place too many fails when the sentence is said, one too few leaves a name out."""
    known = translated(root, locale)

    assert {one: other for one, other in known.items() if other and places(one) != places(other)} == {}


@pytest.mark.parametrize("locale", TRANSLATED)
def test_what_is_read_is_what_is_written(root, sentences, locale):
    """A translation mended in the .po and not compiled would be mended for nobody."""
    known = {one: other for one, other in translated(root, locale).items() if one in sentences}
    made = catalogue(locale, {one: sentences[one] for one in known}, known)
    fresh, kept = (
        gettext.GNUTranslations(BytesIO(content))
        for content in (compiled(made), po_path(root, locale).with_suffix(".mo").read_bytes())
    )

    assert {one: kept.gettext(one) for one in known} == {one: fresh.gettext(one) for one in known}


def test_making_the_catalogues_twice_changes_nothing(root, tmp_path):
    """Dates, line numbers or another order would make every pull request touch them."""
    for floor in FLOORS:
        (tmp_path / floor).mkdir()
    (tmp_path / "bot" / "said.py").write_text('SAID = [phrase("Two {things}"), phrase("One thing")]\n', "utf-8")
    list(bring_up_to_date(tmp_path))
    paths = [po_path(tmp_path, locale).with_suffix(kind) for locale in TRANSLATED for kind in (".po", ".mo")]
    first = [path.read_bytes() for path in paths]
    told = list(bring_up_to_date(tmp_path))

    assert [path.read_bytes() for path in paths] == first
    assert told[:2] == ["zh_Hans: to translate: 'One thing'", "zh_Hans: to translate: 'Two {things}'"]
    assert str(tmp_path).encode() not in b"".join(first)


# --- Well set ----------------------------------------------------------------------------------------------------

HAN: Final = r"[\u3400-\u9fff]"
_FULL: Final = r"[\u3400-\u9fff，。？！：；、（）“”「」…]"
_HALF: Final = re.compile(rf"{HAN}[,.?!:;()]|[,?!:;(]{HAN}")
_SPACED: Final = re.compile(rf"{_FULL}[ \u3000](?!/[a-z])|(?<!✓)(?<!/)[ \u3000]{_FULL}")
_COMMAND: Final = re.compile(r"(/[a-z]+) ")
FAMILIAR: Final = re.compile("[你妳]")
FOREIGN: Final = {
    "zh-Hans": ("同仁", "訊息", "讯息", "连结", "「"),
    "zh-Hant": ("信息", "鏈接", "回復", "屏蔽", "“"),
}


def ill_set(text: str, language: str) -> list[str]:
    """What a Chinese reader would stumble over in a text that a customer or a staff member reads."""
    plain = _COMMAND.sub(r"\1", text)  # Telegram finds a command between spaces only
    found = [*_HALF.findall(plain), *_SPACED.findall(plain), *FAMILIAR.findall(plain)]
    found += [word for word in FOREIGN[language] if word in plain]
    charset = "gb2312" if language == "zh-Hans" else "big5"
    return found + [c for c in re.findall(HAN, plain) if not c.encode(charset, "ignore")]


def catalogue_texts(language: str) -> Iterator[str]:
    yield from translated(Path(__file__).parents[2], script_of(language)).values()


def survey_texts(language: str) -> Iterator[str]:
    surveys = [file.survey for file in library()]
    for survey in surveys:
        yield from (texts[language] for texts in (survey.title, survey.apology, survey.thanks) if texts)
    for question in [*(each for survey in surveys for each in survey.questions), CONSENT, WHAT_HAPPENED]:
        yield question.text[language]
        yield from (ends[language] for ends in (question.low_end, question.high_end) if ends)
        yield from (option.label[language] for option in question.options)


@pytest.mark.parametrize("language", CHINESE)
def test_the_catalogue_is_set_as_chinese_is(language):
    """Half-width marks, spaces and 你 are what a machine writes; a wrong script is what a customer cannot forgive."""
    assert {text: wrong for text in catalogue_texts(language) if (wrong := ill_set(text, language))} == {}


@pytest.mark.parametrize("language", CHINESE)
def test_the_shipped_surveys_are_set_as_chinese_is(language):
    """They are the first thing a customer reads of us."""
    texts = [re.sub(r"\{%.*?%\}", "", re.sub(r"\{\{.*?\}\}", "Ana", text)) for text in survey_texts(language)]

    assert {text: wrong for text in texts if (wrong := ill_set(text, language))} == {}


@pytest.mark.parametrize("language", CHINESE)
def test_the_web_pages_are_set_as_chinese_is(language):
    """They have words of their own, which no catalogue holds."""
    texts = [*WORDS[language].values(), *(words for page in NOTICES.values() for words in page[language])]

    assert {text: wrong for text in texts if (wrong := ill_set(text, language))} == {}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("您好,李娜", "zh-Hans"),
        ("满意吗?", "zh-Hans"),
        ("谢谢 您", "zh-Hans"),
        ("谢谢你", "zh-Hans"),
        ("謝謝您", "zh-Hans"),
        ("谢谢您", "zh-Hant"),
        ("會有同仁回復您", "zh-Hant"),
        ("点“完成” 就好", "zh-Hans"),
    ],
)
def test_what_is_ill_set_is_found(text, language):
    """A rule that finds nothing may be one that looks at nothing."""
    assert ill_set(text, language) != []


# --- Consistent --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("sentence", "buttons"),
    [(HELP, (TAKE, WRITE, PUT_RIGHT)), (MISSED["choices"], (DONE.label,)), (MISSED["consent"], (YES, NO))],
    ids=["help", "choices", "consent"],
)
def test_a_sentence_names_buttons_as_they_read(language, sentence, buttons):
    """Nobody finds the button "Done" when it says something else."""
    assert [words for button in buttons if (words := say(button, language)) not in say(sentence, language)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_choosing_a_language_is_confirmed_in_that_language(language):
    """Somebody who tapped the wrong one sees it at once, and can still read what to do."""
    confirmed = {"zh-Hans": "好的，之后用简体中文。", "zh-Hant": "好的，之後用繁體中文。"}
    english = "All right, English it is."

    assert say(phrase(english), language) == confirmed.get(language, english)


# --- Languages ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hint", "language"),
    [
        ("en", "en"),
        ("en-GB", "en"),
        ("zh", "zh-Hans"),
        ("zh-hans", "zh-Hans"),
        ("zh-CN", "zh-Hans"),
        ("zh-SG", "zh-Hans"),
        ("zh-hant", "zh-Hant"),
        ("zh_Hant", "zh-Hant"),
        ("zh-TW", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("zh-Hant-TW", "zh-Hant"),
        ("zh-Hans-HK", "zh-Hans"),
        ("zh-hans-raw", "zh-Hans"),
        ("de", "en"),
        ("", "en"),
    ],
)
def test_a_telegram_hint_finds_the_nearest_of_our_languages(hint, language):
    """Telegram passes on whatever tag the customer's app was translated by."""
    assert language_for(hint) == language


@pytest.mark.parametrize(
    ("hint", "default", "language"),
    [
        ("de", "zh-Hant", "zh-Hant"),
        ("zh", "zh-Hant", "zh-Hant"),
        ("zh-CN", "zh-Hant", "zh-Hans"),
        ("en-US", "zh-Hans", "en"),
    ],
)
def test_a_hint_that_says_little_leaves_it_to_the_house(hint, default, language):
    """A shop in Taipei writes traditional characters to whoever only says Chinese."""
    assert language_for(hint, default) == language


def test_a_sentence_nobody_translated_is_said_in_english():
    """A business's own build may be ahead of its catalogue; silence would be worse."""
    assert say(Phrase("Nobody translated {this}.", {"this": "one"}), "zh-Hans") == "Nobody translated one."


def test_a_phrase_inside_a_phrase_is_said_in_the_same_language():
    """Half a sentence in another language is no sentence."""
    outer = phrase("Already recorded: {answer}", answer=phrase("Skipped"))

    assert [say(outer, tag) for tag in CHINESE] == ["已经记录：已跳过", "已經記錄：已略過"]
