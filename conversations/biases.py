"""What pulls answers to one side: words that lead, words that beg, scales with two good ends.

Advice only: nobody but the author knows how a sentence is meant. The lists are short and plain, so that what they find
is seldom wrong.
"""

import re
from collections.abc import Iterator
from typing import Final

from conversations.phrases import Phrase, phrase
from conversations.placing import all_texts, label_texts, placed, tables
from conversations.problems import Advice, KeyPath
from conversations.surveys import RATINGS, Question, Survey, Texts

HEARTS: Final = re.compile(
    "[\u2661\u2665\u2763-\u2765\u10e6\U0001f48c\U0001f493-\U0001f49f\U0001f5a4\U0001f60d\U0001f618\U0001f63b"
    "\U0001f90d-\U0001f90e\U0001f970\U0001f9e1\U0001fa75-\U0001fa77\U0001faf6]"
)
"""Hearts, and faces and hands that are one."""

_FLATTERING: Final = re.compile(
    r"\b(?:great|excellent|amazing|awesome|wonderful|fantastic|outstanding|perfect|superb|love|loved|enjoy|enjoyed"
    r"|first-class|world-class)\b"
    r"|优质|優質|卓越|完美|一流|出色|贴心|貼心|精心|周到|优秀|優秀|超值|多么|多麼|有多(?:喜欢|喜歡)",
    re.IGNORECASE,
)
_LEADING: Final = re.compile(
    r"\b(?:don['’]t|didn['’]t|wouldn['’]t|isn['’]t|wasn['’]t|aren['’]t|weren['’]t|won['’]t|haven['’]t)"
    r" (?:you|it|they|we|our|the|this|that)\b"
    r"|\bof course\b|\bsurely\b|\bas you (?:know|can imagine)\b|\beverybody knows\b|\byou (?:must|will surely) agree\b"
    r"|\bhow (?:good|nice|lovely|much did you like)\b"
    r"|难道|難道|不是吗|不是嗎|对吧|對吧|想必|一定很|肯定很|是不是很|是否很|相信您|您也觉得|您也覺得|大家都",
    re.IGNORECASE,
)
_BEGGING: Final = re.compile(
    r"\b(?:give|rate|leave|tap|choose|press)\b[^.?!\n]{0,30}(?<!to )\b(?:5|five|10|ten|top|full|highest|best)\b"
    r"[^.?!\n]{0,3}\b(?:stars?|marks?|points?|rating|score)\b|\btop marks\b|\b(?:5|five)[- ]star (?:rating|review)"
    r"|[给給打求留赏賞][^。？！\n]{0,5}(?:满分|滿分|高分|五星|5星|五颗星|五顆星|好评|好評)",
    re.IGNORECASE,
)

_WELL: Final = (
    "good|great|excellent|fantastic|perfect|wonderful|amazing|awesome|outstanding|superb|nice|lovely|happy|satisfied"
    "|pleased|delighted|easy|fast|quick|friendly|helpful|likely|agree|clear|comfortable"
)
_ILL: Final = (
    "bad|poor|terrible|awful|horrible|worst|weak|unpleasant|unhappy|unsatisfied|dissatisfied|disappointed"
    "|disappointing|hard|difficult|slow|rude|unlikely|disagree|unclear|uncomfortable"
)
_HOW: Final = (
    "very|quite|extremely|really|pretty|rather|somewhat|highly|completely|totally|fully|absolutely|strongly|slightly"
    "|fairly|so"
)
_ENGLISH: Final = re.compile(
    rf"(?P<no>not (?:at all )?)?(?:(?:{_HOW}) )*(?:(?P<well>{_WELL})|(?P<ill>{_ILL}))\W*", re.IGNORECASE
)
_CHINESE: Final = re.compile(
    r"(?:非常|十分|比较|比較|相当|相當|特别|特別|极其|極其|完全|很|挺|太|超|最|有点|有點|有些)*(?P<no>不(?:太|是很|怎么|怎麼)?)?"
    r"(?:(?P<well>好|优秀|優秀|良好|满意|滿意|棒|赞|讚|喜欢|喜歡|轻松|輕鬆|容易|快|同意|可能|愿意|願意|完美|出色|高兴|高興|开心|開心"
    r"|清楚|方便|友好|错|錯)"
    r"|(?P<ill>差|糟糕|糟|坏|壞|慢|难|難|困难|困難|费力|費力|失望|麻烦|麻煩))[了！!。]*"
)
_DOUBLE: Final = ("错", "錯")
"""A word for bad that is only said with a not before it."""

FEWEST: Final = 3
"""Labels that judge, before the options are taken for a scale."""


def advice(survey: Survey) -> Iterator[Advice]:
    """Yield what pulls the answers to a survey to one side."""
    for path, texts in all_texts(survey):
        yield from _found(
            path, texts, _BEGGING, phrase('"{word}" asks for a high rating, which is then worth nothing.')
        )
        if path[0] == "question":
            yield from _found(path, texts, _LEADING, phrase('"{word}" tells people what to answer.'))
    for place, question in placed(survey):
        if question.kind in RATINGS:
            said = phrase('"{word}" leads people to a high rating.')
            yield from _found((*place, "text"), question.text, _FLATTERING, said)
    for path, texts in label_texts(survey):
        for language, text in texts.items():
            if HEARTS.search(text):
                yield (
                    (*path, language),
                    phrase("A heart on a button pulls answers towards it."),
                    phrase("Use words alone."),
                )
    for place, question in tables(survey):
        yield from _one_sided_ends((*place, "low"), question)
        yield from _one_sided_options((*place, "options"), question)


def _found(path: KeyPath, texts: Texts, pattern: re.Pattern[str], said: Phrase) -> Iterator[Advice]:
    for language, text in texts.items():
        if found := pattern.search(text):
            yield (*path, language), Phrase(said.sentence, {"word": found[0]}), phrase("Ask in neutral words.")


def _one_sided_ends(path: KeyPath, question: Question) -> Iterator[Advice]:
    low, high = question.low_end or {}, question.high_end or {}
    for language in low.keys() & high.keys():
        if sign(low[language]) * sign(high[language]) > 0:
            yield (
                (*path, language),
                phrase('"{low}" and "{high}" lie on the same side.', low=low[language], high=high[language]),
                phrase("Name a bad end and a good one, equally strong."),
            )


def _one_sided_options(path: KeyPath, question: Question) -> Iterator[Advice]:
    if question.kind != "choice":
        return
    for language in question.options[0].label if question.options else ():
        signs = [sign(option.label.get(language, "")) for option in question.options]
        good, bad = signs.count(1), signs.count(-1)
        if good + bad >= FEWEST and abs(good - bad) > 1:
            said = phrase("{good} of the options are good and {bad} bad: answers shift.", good=good, bad=bad)
            yield path, said, phrase("Use as many good ones as bad ones.")
            return


def sign(label: str) -> int:
    """Return 1 for a label that only says how good something is, -1 for how bad, 0 for any other."""
    words = " ".join(label.split())
    found = _ENGLISH.fullmatch(words) or _CHINESE.fullmatch(words)
    if found is None:
        return 0
    judged = 1 if found["well"] else -1
    if found["well"] in _DOUBLE:
        return 1 if found["no"] else 0
    return -judged if found["no"] else judged
