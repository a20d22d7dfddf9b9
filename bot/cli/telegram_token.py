"""The bot's token: asked for, and proven by asking Telegram who it belongs to."""

from bot.channels.messages import NotDelivered
from bot.channels.telegram.http import BotApi
from bot.channels.telegram.looking import Looker
from bot.cli.common import Mistake
from bot.cli.questions import Questions
from bot.config import Config, known_settings
from bot.installing.choices import Unclear
from bot.phrases import say
from conversations.phrases import phrase


async def token_of(asks: Questions, given: str | None, config: Config) -> tuple[str, str | None]:
    """Return the token and the user name of its bot, which Telegram is asked right away.

    A token that Telegram refuses is asked for again; where Telegram cannot be reached now it is kept unchecked, and
    said so. Raises Mistake for a refused one when nobody can be asked.
    """
    question = phrase("The bot's token, from @BotFather (empty: web chat alone)")
    while True:
        token = asks.answer(given, question, config.telegram.token, _token)
        if not token:
            return "", None
        try:
            username = await _username(token, config)
        except NotDelivered as error:
            if error.reason != "STOPPED":
                asks.say(
                    phrase("Telegram cannot be reached now ({why}); the token is kept unchecked.", why=error.detail)
                )
                return token, None
            refused = phrase("Telegram does not know this token. Please copy it again from @BotFather.")
            if given is not None or not asks.asks:
                raise Mistake(say(refused, asks.language))
            asks.say(refused)
        else:
            asks.say(phrase("Telegram knows the bot as @{username}.", username=username))
            return token, username


def _token(text: str) -> str:
    try:
        return str(known_settings()["telegram.token"].read(text))
    except ValueError:
        raise Unclear(phrase("A token reads like 123456789:AbC-dEf; copy all of it from @BotFather."))


async def _username(token: str, config: Config) -> str:
    api = BotApi(token, config.telegram.api_base, config.telegram.proxy or None)
    try:
        return (await Looker(api).me()).username
    finally:
        await api.close()
