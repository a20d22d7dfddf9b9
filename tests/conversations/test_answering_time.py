"""Claims about how long a survey is said to take."""

from conversations.answering_time import expected_seconds
from conversations.checking import expected_seconds as as_checked
from conversations.reading import draft, read

HEAD = 'format = 1\nkey = "stay"\ntouchpoint = "check_out"\nlanguages = ["en", "zh-Hans"]\n'
RATING = '[[question]]\nkey = "satisfaction"\nkind = "csat"\ntext.en = "How was it?"\ntext.zh-Hans = "您满意吗？"\n'
WHY = '[[question]]\nkey = "why"\nkind = "text"\ntext.en = "Why?"\ntext.zh-Hans = "为什么呢？"\n'


def test_one_tap_takes_some_seconds():
    """The promise of one tap is kept: reading eleven letters, and a tap."""
    assert expected_seconds(read(HEAD + RATING)) == 5


def test_typing_takes_longer_than_tapping():
    """Three open questions tire more than ten ratings."""
    assert expected_seconds(read(HEAD + WHY)) > 4 * expected_seconds(read(HEAD + RATING))


def test_the_longest_way_counts():
    """Whoever is asked everything was promised the same."""
    branch = '[[question.branch]]\nwhen = "satisfaction >= 4"\nto = "end"\n'

    assert expected_seconds(read(HEAD + RATING + branch + WHY)) == expected_seconds(read(HEAD + RATING + WHY))


def test_a_question_that_nobody_comes_to_takes_no_time():
    """It is said to be unreachable elsewhere."""
    away = '[[question.branch]]\nto = "end"\n'

    assert expected_seconds(read(HEAD + RATING + away + WHY)) == 5


def test_chinese_is_read_character_by_character():
    """Five characters take longer than five letters."""
    chinese = HEAD.replace('"en", "zh-Hans"', '"zh-Hans", "en"')

    assert expected_seconds(read(chinese + RATING + WHY)) >= expected_seconds(read(HEAD + RATING + WHY))


def test_a_draft_that_is_half_written_has_a_time_too():
    """The editor shows it while a question still has no kind, no text or a branch to nowhere, and in a round."""
    half = draft('format = 1\n[[question]]\nkey = "a"\n[[question.branch]]\nto = "a"\n[[question]]\nkind = "choice"\n')

    assert half.survey is not None
    assert as_checked(half.survey) >= 0
