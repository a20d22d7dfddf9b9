"""What the tests in a browser stand on: one Chromium for each file, and a web chat for each test."""

import pytest_asyncio

from tests.bot.channels.webchat.world import living


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser():
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def world(tmp_path):
    async with living(tmp_path) as world:
        yield world
