"""Claims about days as people type them: what is plain is taken, what can be read in two ways is asked."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.dates import meant, said_near, today_in, written

TODAY = date(2026, 3, 2)

PLAIN = {
    "2026-11-22": "2026-11-22",
    "2026/11/22": "2026-11-22",
    "20261122": "2026-11-22",
    "２０２６－１１－２２": "2026-11-22",
    "22.11.2026": "2026-11-22",
    "22. 11. 2026": "2026-11-22",
    "11/22/2026": "2026-11-22",
    "04/04/2026": "2026-04-04",
    "22 Nov 2026": "2026-11-22",
    "Nov 22nd, 2026.": "2026-11-22",
    "22nd of November": "2025-11-22",
    "Sunday, 22 November 2026": "2026-11-22",
    "2026年11月22日": "2026-11-22",
    "2026年11月22號": "2026-11-22",
    "二〇二六年十一月二十二日": "2026-11-22",
    "2026年11月22日（星期日）": "2026-11-22",
    "11月22日": "2025-11-22",
    "3月2日": "2026-03-02",
    "2月29日": "2024-02-29",
    "去年5月1号": "2025-05-01",
    "today": "2026-03-02",
    "Yesterday!": "2026-03-01",
    "the day before yesterday": "2026-02-28",
    "tomorrow": "2026-03-03",
    "今天": "2026-03-02",
    "昨天": "2026-03-01",
    "明天": "2026-03-03",
    "大後天": "2026-03-05",
    "3 days ago": "2026-02-27",
    "三天前": "2026-02-27",
    "in 3 days": "2026-03-05",
}
ASKED = {
    "03/04/2026": ["2026-04-03", "2026-03-04"],
    "3.4.": ["2025-04-03", "2025-03-04"],
    "22/11/26": ["2026-11-22", "2022-11-26"],
    "26年11月22日": ["2026-11-22"],
}
NONE = """
    5|22号|monday|last week|3 days|soon|31.2.2026|2026-13-01|9999 days ago|2026-11-22 14:00|Monday, 22 November 2026
    |农历八月十五|03/04/3026|22/11/2026/1|not today|\u202e2026-11-22|0000-00-00|in 0x3 days|
""".replace("\n", "")


@pytest.mark.parametrize("text", PLAIN)
def test_a_plain_day_is_taken(text):
    """As people write it, in figures of any width and in words of both languages."""
    found = meant(text, TODAY, "past")

    assert found.plainly
    assert [str(day) for day in found.days] == [PLAIN[text]]


@pytest.mark.parametrize("text", ASKED)
def test_what_can_be_read_in_two_ways_is_not_plain(text):
    """Guessing would be wrong for half of the world."""
    found = meant(text, TODAY, "past")

    assert not found.plainly
    assert [str(day) for day in found.days] == ASKED[text]


@pytest.mark.parametrize("text", [each.strip() for each in NONE.split("|")])
def test_what_is_no_day_is_none(text):
    """It is asked once more; a weekday that belongs to another day says that something is wrong."""
    assert meant(text, TODAY, "past").days == ()


@pytest.mark.parametrize(("sense", "day"), [("past", "2025-11-22"), ("future", "2026-11-22"), ("", "2025-11-22")])
def test_a_year_that_was_left_out_is_the_nearest_on_the_side_asked_about(sense, day):
    """A visit was, a delivery will be; without a side the nearer one counts."""
    assert [str(one) for one in meant("22 Nov", TODAY, sense).days] == [day]


@given(st.text(max_size=30), st.sampled_from(["past", "future", ""]))
def test_whatever_is_typed_does_no_harm(text, sense):
    """A reply is never an error."""
    found = meant(text, TODAY, sense)

    assert not found.plainly or len(found.days) == 1


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_a_day_written_out_reads_back(day):
    """ISO, dots with the day first where it can be nothing else, and Chinese mean the same day."""
    assert meant(day.isoformat(), TODAY, "").days == (day,)
    assert meant(f"{day.year}年{day.month}月{day.day}日", TODAY, "").days == (day,)
    assert day in meant(f"{day.day}.{day.month}.{day.year}", TODAY, "").days
    assert written(day.isoformat()) == day


def test_today_is_the_customers_own_day():
    """At eight in the evening in London it is tomorrow in Shanghai."""
    evening = 1_772_481_600_000  # 2026-03-02 20:00 UTC

    assert today_in("Europe/London", evening) == date(2026, 3, 2)
    assert today_in("Asia/Shanghai", evening) == date(2026, 3, 3)
    assert today_in("Nowhere/Land", evening) == today_in("", evening) == date(2026, 3, 2)


@pytest.mark.parametrize(
    ("day", "words"), [(2, "Today"), (1, "Yesterday"), (3, "Tomorrow"), (9, "{day} {month} {year}")]
)
def test_a_button_says_the_date_beside_today(day, words):
    """After midnight *Today* alone would mean another day than it did when it was shown."""
    assert said_near(date(2026, 3, day), TODAY).sentence.startswith(words)
