"""A peer: python-telegram-bot as its documentation has it, with ConversationHandler and PicklePersistence.

The conversation's place is pickled every second, which is the least that a restart needs; the default is 60 s.
Updates are taken one after the other, as ConversationHandler asks for. The edit that shows the choice is a task of
its own, so that nobody waits for it.
"""

import logging
from collections.abc import Callable, Coroutine
from typing import Any, Final

import aiosqlite
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    PicklePersistence,
    filters,
)

from tests.bench.peers import survey

Context = ContextTypes.DEFAULT_TYPE
Handler = Callable[[Update, Context], Coroutine[Any, Any, int]]

COMMENT: Final = len(survey.RATINGS)


class Answers:
    """The open database; it is opened on the loop, after the handlers are made."""

    connection: aiosqlite.Connection

    async def open(self, application: Any) -> None:
        self.connection = await survey.open_answers()

    async def close(self, application: Any) -> None:
        await self.connection.close()


answers = Answers()


def keyboard(question: int) -> InlineKeyboardMarkup:
    rows = survey.rows_of(question)
    return InlineKeyboardMarkup([[InlineKeyboardButton(text, callback_data=tap) for text, tap in row] for row in rows])


async def start(update: Update, context: Context) -> int:
    assert update.effective_chat
    await update.effective_chat.send_message(survey.RATINGS[0][1], reply_markup=keyboard(0))
    return 0


def rating(question: int) -> Handler:
    async def rate(update: Update, context: Context) -> int:
        query = update.callback_query
        assert query
        assert query.data
        assert update.effective_chat
        key, value = query.data.split(":")
        await survey.keep(answers.connection, update.effective_chat.id, key, value)
        await query.answer()
        if question + 1 < COMMENT:
            text = survey.RATINGS[question + 1][1]
            await update.effective_chat.send_message(text, reply_markup=keyboard(question + 1))
        else:
            await update.effective_chat.send_message(survey.COMMENT)
        context.application.create_task(query.edit_message_text(survey.chosen(question, value)), update=update)
        return question + 1

    return rate


async def comment(update: Update, context: Context) -> int:
    assert update.effective_chat
    assert update.message
    assert update.message.text
    await survey.keep(answers.connection, update.effective_chat.id, "comment", update.message.text)
    await update.effective_chat.send_message(survey.THANKS)
    return ConversationHandler.END


def conversation() -> ConversationHandler[Context]:
    states: dict[object, list[Any]] = {
        number: [CallbackQueryHandler(rating(number), pattern=f"^{key}:")]
        for number, (key, _, _) in enumerate(survey.RATINGS)
    }
    states[COMMENT] = [MessageHandler(filters.TEXT & ~filters.COMMAND, comment)]
    begin: Any = CommandHandler("start", start)
    return ConversationHandler([begin], states, [begin], name="survey", persistent=True)


def main() -> None:
    logging.basicConfig(level=logging.WARNING)
    persistence = PicklePersistence(survey.FOLDER / "conversations.pickle", update_interval=1)
    application = (
        Application.builder()
        .token(survey.TOKEN)
        .base_url(f"{survey.API}/bot")
        .persistence(persistence)
        .post_init(answers.open)
        .post_shutdown(answers.close)
        .build()
    )
    application.add_handler(conversation())
    application.run_polling(poll_interval=0.0, timeout=survey.POLL_SECONDS)


if __name__ == "__main__":
    main()
