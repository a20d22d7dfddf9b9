"""Keyboards that a thumb can use."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.layout import layout, width
from bot.channels.messages import Button


def rows(*labels: str) -> list[list[str]]:
    return [[button.label for button in row] for row in layout([Button(label, label) for label in labels])]


def figures(first: int, last: int) -> list[str]:
    return [str(figure) for figure in range(first, last + 1)]


@pytest.mark.parametrize(
    ("labels", "sizes"),
    [
        (figures(0, 10), [6, 5]),
        (figures(1, 10), [5, 5]),
        (figures(1, 7), [7]),
        (figures(1, 5), [5]),
        (["Yes", "No"], [2]),
        (["是", "否"], [2]),
        (["😀", "🙂", "😐", "🙁", "😡"], [5]),
        (["非常满意", "满意", "一般", "不满意", "非常不满意"], [3, 2]),
        (["The room was not clean", "The staff were unkind", "It took too long"], [1, 1, 1]),
        ([], []),
    ],
)
def test_buttons_stand_so_that_a_telephone_shows_them(labels: list[str], sizes: list[int]):
    """Short ones side by side in rows of like length, long ones below each other."""
    laid = rows(*labels)

    assert [len(row) for row in laid] == sizes
    assert [label for row in laid for label in row] == labels


@pytest.mark.parametrize(("label", "columns"), [("10", 2), ("满意", 4), ("😀", 2), ("é", 1), ("e\u0301", 1)])
def test_width_is_what_the_eye_sees(label: str, columns: int):
    """A Chinese character is as wide as two letters."""
    assert width(label) == columns


@given(st.lists(st.text(min_size=1, max_size=30), max_size=40))
def test_no_button_is_lost_and_no_row_is_too_long(labels: list[str]):
    """Telegram shows at most eight in a row."""
    laid = rows(*labels)

    assert [label for row in laid for label in row] == labels
    assert all(1 <= len(row) <= 7 for row in laid)
