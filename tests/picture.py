"""Makes the pictures of the demo page, in each language, and of a survey in its console: `make picture`.

They are screenshots of the real page after an unhappy answer, so they change when the product does.
"""

import asyncio
from pathlib import Path
from typing import Final

from playwright.async_api import Page, Response, ViewportSize, async_playwright

from bot.demo.routes import demo_router, visitor_door
from bot.demo.running import free_port
from bot.demo.world import World
from bot.phrases import LANGUAGES
from bot.serving import served, web_of

CHROMIUM: Final = "/usr/bin/chromium"
FOLDER: Final = Path(__file__).parent.parent / "docs" / "pictures"
SURVEY: Final = "/console/surveys/after_delivery"
SIZE: Final[ViewportSize] = {"width": 1280, "height": 800}


async def answer_unhappily(page: Page) -> None:
    """Play the story to where staff know: delivered, asked, rated 1."""
    await page.locator("#deliver.next").click()
    customer, staff = page.frame_locator("iframe[name=customer]"), page.frame_locator("iframe[name=staff]")
    await customer.locator(".rows button").first.click()
    await staff.locator(".rows button").first.wait_for()
    await page.locator("#steps li[data-step=case].done").wait_for()


async def picture(language: str, folder: Path, page: Page, base: str) -> None:
    """Take one picture of the page in a language."""
    await page.goto(f"{base}/?lang={language}")
    await answer_unhappily(page)
    await page.evaluate("document.activeElement.blur()")
    await page.wait_for_timeout(1200)
    await page.screenshot(path=folder / f"demo-{language}.png")


def _saves(answer: Response) -> bool:
    return answer.url.endswith("/draft") and answer.request.method == "POST"


async def picture_of_survey(folder: Path, world: World, page: Page, base: str) -> None:
    """Take the picture of a survey whose draft is asked later, and counts more answers as unhappy."""
    link = await world.sign_in_link(await world.cast("en"))
    await page.goto(f"{base}/console/sign-in/{link.token}")
    await page.get_by_role("button").first.click()
    await page.goto(f"{base}{SURVEY}/settings")
    await page.locator("#saving[data-now=saved]").wait_for()
    for field, value in (("#delay", "3"), ("#share", "50")):
        async with page.expect_response(_saves):
            await page.locator(field).fill(value)
            await page.locator(field).blur()
    async with page.expect_response(_saves):
        await page.locator("[name=unhappy_1]").select_option("satisfaction <= 3")
    await page.goto(base + SURVEY)
    await page.screenshot(path=folder / "surveys-en.png")


async def make(language: str, folder: Path, tmp: Path) -> None:
    """Make the picture of one language, in a world of its own."""
    port = free_port()
    world = World(tmp, port, language)
    await world.app.start()
    try:
        web = web_of(world.app, routers=[demo_router(world, port)], doors=[visitor_door])
        async with served(world.app, web, port), async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            page = await browser.new_page(viewport=SIZE, color_scheme="light")
            await picture(language, folder, page, f"http://127.0.0.1:{port}")
            if language == "en":
                await picture_of_survey(folder, world, page, f"http://127.0.0.1:{port}")
            await browser.close()
    finally:
        await world.app.stop()


if __name__ == "__main__":
    import tempfile

    FOLDER.mkdir(parents=True, exist_ok=True)
    for each in LANGUAGES:
        with tempfile.TemporaryDirectory() as tmp:
            asyncio.run(make(each, FOLDER, Path(tmp)))
    print(f"made {len(LANGUAGES) + 1} pictures in docs/pictures")  # noqa: T201 - a command's answer
