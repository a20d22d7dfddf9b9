"""The figures of recovery in words, in the language of whoever reads them: the terminal and the chat say the same."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from babel.units import format_unit

from bot.amounts import shown
from bot.figure_words import CLOSED, counted, days, told
from bot.phrases import babel_locale, say
from bot.recovery_figures import RecoveryReport
from conversations.phrases import Phrase, phrase
from conversations.surveys import said_in
from recovery.money import Money
from reports.recoveries import Band, Paired, Recovered, Spell, Times

OUTCOMES: Final[dict[str, Phrase]] = {
    "recovered": phrase("put right, says the customer"),
    "not_recovered": phrase("not put right"),
    "unreachable": phrase("could not be reached"),
    "corrected": phrase("a slip of the finger"),
    "joined": phrase("went on in another case"),
}

KINDS: Final[dict[str, Phrase]] = {
    "csat": phrase("Satisfaction, 1 to 5"),
    "stars": phrase("Stars"),
    "nps": phrase("Recommendation, 0 to 10"),
    "ces": phrase("Effort; a high number is hard"),
}

NOBODY: Final = phrase("No case was closed in these days.")
CASES: Final = phrase("cases: {count}")
RATING: Final = phrase("Rating")
CUSTOMERS: Final = phrase("customers: {count}")
NO_TOUCHPOINT: Final = phrase("Without a touchpoint")
NO_TEAM: Final = phrase("Without a team")
_MINUTE: Final = timedelta(minutes=1) // timedelta(milliseconds=1)


def printed(report: RecoveryReport, language: str) -> Iterator[str]:
    """Yield the lines of a report."""
    yield f"{days(report.period, language)} ({report.zone})"
    if not report.total.cases:
        yield say(NOBODY, language)
        yield from _calls(report, language)
        return
    for line in report.lines:
        yield ""
        yield _name(report, line, language)
        yield from (f"  {each}" for each in line_in_words(report, line, language))
    if len(report.lines) > 1:
        yield ""
        yield say(phrase("All together"), language)
        yield from (f"  {each}" for each in line_in_words(report, report.total, language))
    yield ""
    yield from _calls(report, language)
    yield say(
        phrase(
            "Times: half of the customers waited no longer than the first, nine in ten no longer than the"
            " second. In brackets at shares: where the true value most likely lies (95 %)."
        ),
        language,
    )


def in_short(report: RecoveryReport, language: str) -> Iterator[str]:
    """Yield the lines of a report for a chat: of all cases together."""
    yield days(report.period, language)
    yield ""
    if not report.total.cases:
        yield say(NOBODY, language)
    else:
        yield from line_in_words(report, report.total, language)
    yield from _calls(report, language)


def _name(report: RecoveryReport, line: Recovered, language: str) -> str:
    if not line.key:
        return say(NO_TOUCHPOINT if report.by == "touchpoint" else NO_TEAM, language)
    title = report.titles.get(line.key)
    return said_in(title, language, next(iter(title))) if title else line.key.replace("_", " ")


def line_in_words(report: RecoveryReport, line: Recovered, language: str) -> Iterator[str]:
    """Yield what one line comes to."""
    yield told(phrase("Put right"), line.recovery, CLOSED, report.fewest, language)
    how = [
        f"{say(OUTCOMES[name], language)} {figure.value or 0:.0%} ({round((figure.value or 0) * line.cases)})"
        for name, figure in line.outcomes.items()
        if name in OUTCOMES
    ]
    yield say(phrase("How they ended: {how}", how=" · ".join(how)), language)
    if line.typed:
        yield say(phrase("Of them typed by staff after a call: {count}", count=line.typed), language)
    yield _times(phrase("First word from a person"), line.first_contact, report.fewest, language)
    yield _times(phrase("Said to be put right"), line.resolution, report.fewest, language)
    yield told(phrase("On the spot, without asking anybody"), line.on_the_spot, CLOSED, report.fewest, language)
    yield told(phrase("Opened again"), line.reopened, CLOSED, report.fewest, language)
    if line.contacts.count:
        yield say(
            phrase(
                "Messages and calls to the customer: {median}, nine in ten no more than {ninetieth}",
                median=line.contacts.median or 0,
                ninetieth=line.contacts.ninetieth or 0,
            ),
            language,
        )
    yield from (_paired(paired, report.fewest, language) for paired in line.ratings)
    if line.unpaired:
        yield say(phrase("Ratings on another scale than before, not compared: {count}", count=line.unpaired), language)
    yield from _money(report, line, language)


def _times(what: Phrase, times: Times, fewest: int, language: str) -> str:
    if not times.wall.count:
        return say(phrase("{what}: never", what=what), language)
    words = phrase(
        "{what}: {wall}; in working time {worked}; {stands}",
        what=what,
        wall=_spell(times.wall, language),
        worked=_spell(times.worked, language),
        stands=_stands(times, fewest),
    )
    return say(words, language)


def _stands(times: Times, fewest: int) -> Phrase:
    stands = Phrase(CASES.sentence, {"count": times.wall.count})
    if not times.wall.enough:
        stands = phrase("not enough yet, {stands} of at least {fewest}", stands=stands, fewest=fewest)
    if not times.without:
        return stands
    return phrase("{stands}, never: {count}", stands=stands, count=times.without)


def _spell(spell: Spell, language: str) -> str:
    if spell.median is None or spell.ninetieth is None:
        return "–"
    return f"{span(spell.median, language)} / {span(spell.ninetieth, language)}"


def span(ms: int, language: str) -> str:
    """Return a span as people say it: in minutes up to two hours, then in hours, from two days on in days."""
    minutes = ms / _MINUTE
    locale = babel_locale(language)
    if minutes < 120:
        return str(format_unit(round(minutes), "minute", "short", locale=locale))
    if minutes < 2 * 24 * 60:
        return str(format_unit(round(minutes / 60, 1), "hour", "short", locale=locale))
    return str(format_unit(round(minutes / (24 * 60), 1), "day", "short", locale=locale))


def _paired(paired: Paired, fewest: int, language: str) -> str:
    known = KINDS.get(paired.rated_on.partition(" ")[0], RATING)
    words = phrase(
        "{kind}: {before} before, {after} after; better {better}, same {same}, worse {worse}; {stands}",
        kind=known,
        before=f"{paired.before:.1f}",
        after=f"{paired.after:.1f}",
        better=paired.better,
        same=paired.same,
        worse=paired.worse,
        stands=counted(paired.change, CUSTOMERS, fewest),
    )
    return say(words, language)


def _money(report: RecoveryReport, line: Recovered, language: str) -> Iterator[str]:
    if not report.currency or not line.spent:
        return
    spent = _amount(line.spent, report.currency, language)
    if line.spent_per_recovered is None:
        yield say(phrase("Spent: {spent}", spent=spent), language)
        return
    each = _amount(round(line.spent_per_recovered), report.currency, language)
    yield say(phrase("Spent: {spent}, for each customer won back {each}", spent=spent, each=each), language)
    yield say(phrase("How soon they heard from us, and what it then took:"), language)
    for band in line.bands:
        if band.cases:
            yield f"  {_band(band, report, language)}"


def _band(band: Band, report: RecoveryReport, language: str) -> str:
    head = phrase("later or never")
    if band.upto is not None:
        head = phrase("within {span}", span=span(band.upto, language))
    each = _amount(round(band.spent_each or 0), report.currency, language)
    recovered = phrase("put right {share}", share=_share(band.recovered.value))
    words = phrase(
        "{head}: {recovered}; compensated {compensated}, on average {each}; {stands}",
        head=head,
        recovered=recovered,
        compensated=_share(band.compensated.value),
        each=each,
        stands=counted(band.compensated, CASES, report.fewest),
    )
    return say(words, language)


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"


def _amount(minor: int, currency: str, language: str) -> str:
    return shown(Money(minor, currency), language)


def _calls(report: RecoveryReport, language: str) -> Iterator[str]:
    if report.typed_calls or report.missed_calls:
        words = phrase(
            "Calls to customers: reached {reached}, not reached {missed}. What was said in them is in no score.",
            reached=report.typed_calls,
            missed=report.missed_calls,
        )
        yield say(words, language)
