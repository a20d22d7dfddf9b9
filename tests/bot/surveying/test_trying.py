"""*Try it* in the chat: asked as a customer is, and nothing of it is kept."""

from tests.bot.surveying.chatting import Editor


async def begun(eva: Editor, language: str = "English") -> str:
    await eva.says("/surveys after_delivery")
    return await eva.taps("Try it", language)


async def counted(eva: Editor) -> list[int]:
    return [
        await eva.world.count("SELECT COUNT(*) FROM conversation"),
        await eva.world.count("SELECT COUNT(*) FROM answer"),
        await eva.world.count("SELECT COUNT(*) FROM recovery_case"),
        await eva.world.count("SELECT COUNT(*) FROM customer"),
    ]


async def test_it_asks_in_the_language_that_was_chosen(eva: Editor):
    asked = await begun(eva, "繁體中文")

    assert "配送滿意嗎？" in asked
    assert asked.endswith("[1] [2] [3] [4] [5]")


async def test_several_are_marked_on_the_question_itself(eva: Editor):
    """As a customer sees it: the tick comes on the button, not in another message."""
    await begun(eva)
    await eva.taps("3")
    marked = await eva.taps("It came late")
    thanked = await eva.taps("✓ It came late", "It was damaged", "Done")

    assert "[✓ It came late]" in marked
    assert "▶ The rehearsal is over. Nothing of it was stored." in thanked
    assert any("Thank you, Ana." in message.text for _, message in await eva.screen())


async def test_what_the_product_would_do_is_told(eva: Editor):
    await begun(eva)
    await eva.taps("1")
    told = "\n".join(message.text for _, message in await eva.screen())

    assert "⚙ The apology goes at once, a case is opened, and staff hear of it." in told
    assert await counted(eva) == [0, 0, 0, 0]


async def test_customers_commands_are_the_customers_there(eva: Editor):
    """`/back` is nobody's command among staff; while one tries, it is the customer's."""
    await begun(eva)
    await eva.taps("3")
    asked = await eva.says("/back")

    assert "How satisfied are you with the delivery" in asked


async def test_the_draft_is_played_as_it_is_now(eva: Editor):
    """A colleague changes the next question while one tries: that is what one is asked then."""
    await begun(eva)
    finn = await Editor.hired(eva.world, "Finn", "71")
    await finn.says("/surveys after_delivery")
    await finn.taps("2", "Words", "Question text", "English")
    await finn.says("What else?")

    assert "What else?" in await eva.taps("3")


async def test_an_old_rehearsal_is_over(eva: Editor):
    await begun(eva)
    row, message = (await eva.screen())[-1]
    old = message.rows[0][2].press
    await eva.says("/surveys after_delivery")
    await eva.taps("Try it", "English")
    await eva.presses(old, row)

    assert eva.notices[-1] == "That rehearsal is over."


async def test_cancel_stops_it(eva: Editor):
    await begun(eva)
    tree = await eva.says("/cancel")
    told = await eva.says("It was fine")

    assert tree.startswith("After a delivery (after_delivery)")
    assert "I did not ask for words just now" in told


async def test_a_photo_is_the_customers(eva: Editor):
    await begun(eva)
    await eva.taps("1")
    await eva.world.receive(eva.world.sent(eva.chat, "photo"))
    texts = [message.text for _, message in await eva.screen()]

    assert not any("This went to nobody" in text for text in texts)
    assert await eva.world.count("SELECT COUNT(*) FROM media") == 0


async def test_a_survey_that_cannot_be_read_says_so(eva: Editor):
    await eva.says("/surveys")
    await eva.taps("＋ New survey", "Blank")
    await eva.says("Empty")
    told = await eva.taps("Try it")

    assert "▶ The rehearsal is over." in told
