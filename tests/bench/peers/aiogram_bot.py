# mypy: ignore-errors
# The peers' venv has aiogram, the one that mypy looks into does not.
"""A peer: aiogram 3 as its documentation has it, with its finite state machine kept in SQLite.

aiogram ships no storage for SQLite, so this one is ours: a row for each chat, a commit for each change.
Updates of a batch run as tasks beside each other, which is aiogram's default.
"""

import asyncio
import json
import logging

from aiogram import Bot, Dispatcher, F
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import CommandStart
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.base import BaseStorage, StorageKey
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from tests.bench.peers import survey


class Asked(StatesGroup):
    csat = State()
    nps = State()
    ces = State()
    comment = State()


STATES = (Asked.csat, Asked.nps, Asked.ces, Asked.comment)


class SqliteStorage(BaseStorage):
    """Where each chat stands. It shares the connection of the answers."""

    def __init__(self, connection):
        self._connection = connection

    async def prepare(self):
        await self._write(
            "CREATE TABLE IF NOT EXISTS fsm (chat TEXT PRIMARY KEY, state TEXT, facts TEXT NOT NULL DEFAULT '{}')", ()
        )

    async def set_state(self, key: StorageKey, state=None):
        name = state.state if isinstance(state, State) else state
        await self._write(
            "INSERT INTO fsm (chat, state) VALUES (?, ?) ON CONFLICT (chat) DO UPDATE SET state = excluded.state",
            (_chat(key), name),
        )

    async def get_state(self, key: StorageKey):
        return await self._read("SELECT state FROM fsm WHERE chat = ?", key)

    async def set_data(self, key: StorageKey, data):
        await self._write(
            "INSERT INTO fsm (chat, facts) VALUES (?, ?) ON CONFLICT (chat) DO UPDATE SET facts = excluded.facts",
            (_chat(key), json.dumps(dict(data))),
        )

    async def get_data(self, key: StorageKey):
        return json.loads(await self._read("SELECT facts FROM fsm WHERE chat = ?", key) or "{}")

    async def close(self):
        """Nothing of its own to close."""

    async def _write(self, sql, values):
        await self._connection.execute(sql, values)
        await self._connection.commit()

    async def _read(self, sql, key):
        rows = list(await self._connection.execute_fetchall(sql, (_chat(key),)))
        return rows[0][0] if rows else None


def _chat(key: StorageKey) -> str:
    return f"{key.bot_id}:{key.chat_id}:{key.user_id}"


def keyboard(question):
    rows = survey.rows_of(question)
    return InlineKeyboardMarkup(
        inline_keyboard=[[InlineKeyboardButton(text=text, callback_data=tap) for text, tap in row] for row in rows]
    )


async def start(message: Message, state: FSMContext):
    await state.set_state(STATES[0])
    await message.answer(survey.RATINGS[0][1], reply_markup=keyboard(0))


def rating(question, connection):
    async def rate(query: CallbackQuery, state: FSMContext):
        key, value = query.data.split(":")
        await survey.keep(connection, query.message.chat.id, key, value)
        await state.set_state(STATES[question + 1])
        await query.answer()
        if question + 1 < len(survey.RATINGS):
            await query.message.answer(survey.RATINGS[question + 1][1], reply_markup=keyboard(question + 1))
        else:
            await query.message.answer(survey.COMMENT)
        await query.message.edit_text(survey.chosen(question, value))

    return rate


def comment(connection):
    async def comment_on(message: Message, state: FSMContext):
        await survey.keep(connection, message.chat.id, "comment", message.text)
        await state.clear()
        await message.answer(survey.THANKS)

    return comment_on


async def main():
    logging.basicConfig(level=logging.WARNING)
    connection = await survey.open_answers()
    storage = SqliteStorage(connection)
    await storage.prepare()
    bot = Bot(survey.TOKEN, session=AiohttpSession(api=TelegramAPIServer.from_base(survey.API)))
    dispatcher = Dispatcher(storage=storage)
    dispatcher.message.register(start, CommandStart())
    for number, (key, _, _) in enumerate(survey.RATINGS):
        dispatcher.callback_query.register(rating(number, connection), STATES[number], F.data.startswith(f"{key}:"))
    dispatcher.message.register(comment(connection), Asked.comment, F.text)
    try:
        await dispatcher.start_polling(bot, polling_timeout=survey.POLL_SECONDS)
    finally:
        await connection.close()


if __name__ == "__main__":
    asyncio.run(main())
