"""The chat inside another site's page: who may frame what, and which cookies work there."""

import pytest

from tests.bot.channels.webchat.world import living

SHOP = "https://shop.example"


async def get(world, path, **headers):
    async with world.http.get(f"{world.base}{path}", headers=headers, allow_redirects=False) as answer:
        return answer.status, answer.headers, await answer.text()


@pytest.fixture
async def world(tmp_path):
    async with living(tmp_path, embedded_in=[SHOP]) as world:
        yield world


async def test_the_named_sites_may_frame_the_chat_and_nothing_else(world):
    """A page of staff in a foreign frame would be somebody's trap."""
    _, chat, _ = await get(world, f"/c/{await world.customer_link()}")
    _, other, _ = await get(world, "/nothing")

    assert f"frame-ancestors 'self' {SHOP}" in chat["Content-Security-Policy"]
    assert "X-Frame-Options" not in chat
    assert "frame-ancestors 'self';" in other["Content-Security-Policy"] + ";"
    assert other["X-Frame-Options"] == "SAMEORIGIN"


async def test_without_named_sites_there_is_no_script(tmp_path):
    """Who embeds nothing offers nothing."""
    async with living(tmp_path) as world:
        status, _, _ = await get(world, "/embed.js")
        _, chat, _ = await get(world, f"/c/{await world.customer_link()}")

    assert status == 404
    assert chat["X-Frame-Options"] == "SAMEORIGIN"


async def test_the_script_may_be_loaded_from_anywhere_and_is_renewed_within_the_hour(world):
    """Its address is written into other people's pages, so it can never change."""
    status, headers, text = await get(world, "/embed.js")

    assert status == 200
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert headers["Cache-Control"] == "public, max-age=3600"
    assert "data-link" in text


async def test_a_frames_cookies_are_kept_apart_for_each_site_and_hidden_from_scripts(world):
    """A browser sends a Lax cookie to no frame of another site."""
    token = await world.customer_link()
    address = f"{world.base}/c/{token}?embedded"
    async with world.http.post(address, headers={"Origin": world.base}, allow_redirects=False) as answer:
        cookies = answer.headers.getall("Set-Cookie")

    assert len(cookies) == 2
    for cookie in cookies:
        assert {"HttpOnly", "Partitioned", "SameSite=none", "Secure"} <= set(cookie.split("; "))


async def test_who_comes_back_in_the_frame_is_led_to_their_chat_and_nobody_else_is(world):
    """The way back is the session itself; a made-up one leads to the front like any newcomer."""
    token = await world.customer_link()
    address = f"{world.base}/c/{token}?embedded"
    async with world.http.post(address, headers={"Origin": world.base}, allow_redirects=False) as answer:
        back = next(c for c in answer.headers.getall("Set-Cookie") if "makegood_back" in c).partition(";")[0]
    status, headers, _ = await get(world, f"/c/{token}?embedded", Cookie=back)
    stranger, _, _ = await get(world, f"/c/{token}?embedded", Cookie=f"{back}x")
    alone, _, _ = await get(world, f"/c/{token}", Cookie=back)

    assert status == 303
    assert headers["Location"].startswith("/chat/w")
    assert stranger == alone == 200
