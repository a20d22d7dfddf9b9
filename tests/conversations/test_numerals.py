"""Claims about whole numbers in Chinese."""

from hypothesis import given
from hypothesis import strategies as st

from conversations.numerals import whole_number


@given(st.integers(0, 9999))
def test_every_chinese_numeral_is_read(value):
    """Up to 9999 as it is properly written: the inverse of an independent way of writing it."""
    assert whole_number(_chinese(value)) == value


def _chinese(value: int) -> str:
    """Write by padding: every place, then the zeros folded."""
    digits = "零一二三四五六七八九"
    text = "".join(digits[int(d)] + u for d, u in zip(f"{value:04}", "千百十 ", strict=True)).strip()
    for unit in "千百十":
        text = text.replace("零" + unit, "零")
    while "零零" in text:
        text = text.replace("零零", "零")
    text = text.strip("零") or "零"
    return text.removeprefix("一") if text.startswith("一十") else text
