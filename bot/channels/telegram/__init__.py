"""Telegram: updates in by polling or webhook, messages out through the Bot API.

The hot path (getUpdates, sendMessage, editMessageText, answerCallbackQuery) is `http`, `parse`, `poller`, `channel`
and loads in a few hundredths of a second. Everything else asks python-telegram-bot's `Bot`, in `admin`, which is
imported late: `import telegram` alone takes half a second.
"""
