"""Figures in words, in the language of whoever reads them: what the chat says and the pictures bear."""

from datetime import date
from typing import Final

from babel.dates import format_date

from bot.figures import Line, Report
from bot.phrases import babel_locale, say
from conversations.phrases import Phrase, phrase
from conversations.surveys import Texts, said_in
from reports.periods import Period, date_of
from reports.scores import Change, Figure, Unit, change
from reports.summaries import Asked, Summary

SCORES: Final[dict[str, Phrase]] = {
    "csat": phrase("Satisfied (CSAT)"),
    "stars": phrase("Satisfied (stars)"),
    "nps": phrase("Would recommend us (NPS)"),
    "ces": phrase("Found it easy (CES)"),
}
RESPONSE: Final = phrase("Answered")
COMPLETION: Final = phrase("Finished")
RECOVERY: Final = phrase("Put right")

ANSWERS: Final = phrase("answers: {count}")
ASKED: Final = phrase("asked: {count}")
BEGUN: Final = phrase("begun: {count}")
CLOSED: Final = phrase("closed cases: {count}")

EXPLAINED: Final = phrase("In brackets: where the true value most likely lies (95 %).")
DRAWN: Final = phrase("Band: where the true value most likely lies. Triangle: before.")
COUNTING: Final = phrase("These figures are still being counted. Please look again in some minutes.")
NOBODY: Final = phrase("Nobody was asked in these days.")

HELP: Final[tuple[Phrase, ...]] = (
    phrase("Satisfied (CSAT): the share of answers 4 and 5 of 5."),
    phrase("Would recommend us (NPS): the share of 9 and 10 less the share of 0 to 6, from −100 to +100."),
    phrase("Found it easy (CES): the share of answers on the easy side. As a mean, a high number is hard."),
    phrase("Answered: of those we asked, how many gave at least one rating."),
    phrase("Finished: of those who began, how many came to the end."),
    phrase("Put right: of the closed cases, in how many the customer said that it was put right."),
    phrase("Each answer counts for the day on which its customer was asked, so the newest days still grow."),
)
"""What each figure means, in the words of docs/figures.md."""


def number(value: float, unit: Unit) -> str:
    """Return a value as it is read: `86%`, `+42`, `2.3`."""
    match unit:
        case "share":
            return f"{100 * value:.0f}%"
        case "points":
            return f"{value:+.0f}".replace("-", "−") if round(value) else "0"
        case "mean":
            return f"{value:.1f}"


def span(figure: Figure, language: str) -> str:
    """Return a figure's interval: `80% to 90%`."""
    if figure.around is None:
        return ""
    low, high = number(figure.around.low, figure.unit), number(figure.around.high, figure.unit)
    return say(phrase("{low} to {high}", low=low, high=high), language)


def counted(figure: Figure, of: Phrase, fewest: int) -> Phrase:
    """Return what a figure stands on; where that is not enough, how much would be."""
    stands = Phrase(of.sentence, {"count": figure.count})
    return (
        stands
        if figure.enough
        else phrase("not enough yet, {stands} of at least {fewest}", stands=stands, fewest=fewest)
    )


def told(
    what: Phrase | str, figure: Figure, of: Phrase, fewest: int, language: str, before: Figure | None = None
) -> str:
    """Return a line of a report: what, how much, how sure, on how many, and how it was before."""
    stands = counted(figure, of, fewest)
    if not figure.enough or figure.value is None:
        return say(phrase("{what}: {stands}", what=what, stands=stands), language)
    words = phrase(
        "{what}: {value} ({span}), {stands}",
        what=what,
        value=number(figure.value, figure.unit),
        span=span(figure, language),
        stands=stands,
    )
    moved = None if before is None else change(figure, before)
    if before is None or before.value is None or moved is None:
        return say(words, language)
    return say(phrase("{figure}; {change}", figure=words, change=_moved(moved, before)), language)


def _moved(moved: Change, before: Figure) -> Phrase:
    was = number(before.value or 0.0, before.unit)
    if not moved.clear:
        return phrase("before: {was}, no clear change", was=was)
    return phrase("clearly up from {was}", was=was) if moved.value > 0 else phrase("clearly down from {was}", was=was)


def name_of(line: Line, language: str) -> str:
    """Return the name of a touchpoint or survey: its survey's own title, else its key as words."""
    return titled(line.key, line.title, language)


def titled(key: str, title: Texts, language: str) -> str:
    """Return a title in a language, else the key as words."""
    return said_in(title, language, next(iter(title))) if title else key.replace("_", " ")


def score_name(asked: Asked, summary: Summary) -> Phrase | str:
    """Return what a score is called; where there are two of a kind, the question's key says which."""
    key = asked.question.replace("_", " ")
    known = SCORES.get(asked.score.kind)
    if known is None:
        return key
    alike = sum(other.score.kind == asked.score.kind for other in summary.scores)
    return known if alike == 1 else phrase("{score}, {question}", score=known, question=key)


def earlier(asked: Asked, before: Summary | None) -> Asked | None:
    """Return the same question's score in the period before, if there is one."""
    if before is None:
        return None
    same = (asked.survey, asked.question)
    return next((other for other in before.scores if (other.survey, other.question) == same), None)


def summary_lines(now: Summary, before: Summary | None, fewest: int, language: str) -> list[str]:
    """Return all that a summary comes to, a line each: the scores, then the rates."""
    lines = []
    for asked in now.scores:
        was = earlier(asked, before)
        figure = asked.score.headline
        lines.append(
            told(score_name(asked, now), figure, ANSWERS, fewest, language, was.score.headline if was else None)
        )
        if asked.score.kind == "ces" and figure.enough:
            lines.append(_effort(asked, language))
    return lines + rate_lines(now, before, fewest, language)


def short_lines(line: Line, fewest: int, language: str) -> list[str]:
    """Return what a telephone has room for: one score of each kind, how many answered, and how many were won back."""
    firsts = {each.score.kind: each for each in reversed(line.now.scores) if not each.matrix}
    scores = tuple(each for each in line.now.scores if firsts.get(each.score.kind) is each)
    lines = []
    for asked in scores:
        was = earlier(asked, line.before)
        before = was.score.headline if was else None
        lines.append(told(SCORES[asked.score.kind], asked.score.headline, ANSWERS, fewest, language, before))
    if line.now.invited:
        lines.append(told(RESPONSE, line.now.response, ASKED, fewest, language))
    if line.now.recovery.count:
        lines.append(told(RECOVERY, line.now.recovery, CLOSED, fewest, language))
    return lines


def rate_lines(now: Summary, before: Summary | None, fewest: int, language: str) -> list[str]:
    """Return how many answered, finished, and were won back, a line each; without what nobody came to."""
    rates = []
    if now.invited:
        rates.append((RESPONSE, now.response, ASKED, before.response if before else None))
    if now.completion.count:
        rates.append((COMPLETION, now.completion, BEGUN, before.completion if before else None))
    if now.recovery.count:
        rates.append((RECOVERY, now.recovery, CLOSED, before.recovery if before else None))
    return [told(what, figure, of, fewest, language, was) for what, figure, of, was in rates]


def _effort(asked: Asked, language: str) -> str:
    mean, high = asked.score.mean, asked.score.high
    value = number(mean.value or 0.0, "mean")
    words = phrase(
        "Mean effort {value} of {high} ({span}); a high number is hard",
        value=value,
        high=high,
        span=span(mean, language),
    )
    return say(words, language)


def days(period: Period, language: str) -> str:
    """Return a period's first and last day."""
    first, last = _day(date_of(period.first), language), _day(date_of(period.last), language)
    if period.first == period.last:
        return first
    return say(phrase("{first} to {last}", first=first, last=last), language)


def _day(on: date, language: str) -> str:
    return str(format_date(on, "medium", locale=babel_locale(language)))


def as_text(report: Report, language: str) -> str:
    """Return a report by touchpoint as a message; all there is to say is in the terminal and on the pages."""
    blocks = [days(report.period, language)]
    if not report.whole:
        blocks.append(say(COUNTING, language))
    for line in report.lines:
        lines = short_lines(line, report.fewest, language)
        blocks.append("\n".join((name_of(line, language), *lines)))
    if not report.lines:
        blocks.append(say(NOBODY, language))
    elif any(_has_interval(line) for line in report.lines):
        blocks.append(say(EXPLAINED, language))
    return "\n\n".join(blocks)


def _has_interval(line: Line) -> bool:
    """Return whether anything that a chat shows of a line has an interval to explain."""
    figures = [line.now.response, line.now.recovery, *(each.score.headline for each in line.now.scores)]
    return any(figure.enough and figure.around is not None for figure in figures)
