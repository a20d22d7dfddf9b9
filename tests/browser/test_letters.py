"""The Chromium that the other tests look with."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

SAME_PICTURE = """() => {
    const draw = text => {
        const canvas = document.createElement('canvas');
        const pen = canvas.getContext('2d');
        pen.font = '40px sans-serif';
        pen.fillText(text, 10, 60);
        return canvas.toDataURL();
    };
    return draw('您') === draw('評');
}"""


async def test_the_browser_has_letters_for_chinese(browser):
    """Without a font every character is the same empty box, and a screenshot proves nothing."""
    page = await browser.new_page()

    assert not await page.evaluate(SAME_PICTURE)
