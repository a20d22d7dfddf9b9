"""What Telegram refuses in a message before it looks at the chat: text, entities, buttons, commands."""

import json
import re
from typing import Any

from tests.fake_telegram.parameters import Json
from tests.fake_telegram.refusals import Refused

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
CALLBACK_ANSWER_LIMIT = 200
ENTITY_KINDS = frozenset(
    [
        "mention",
        "hashtag",
        "cashtag",
        "bot_command",
        "url",
        "email",
        "phone_number",
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "spoiler",
        "blockquote",
        "expandable_blockquote",
        "code",
        "pre",
        "text_link",
        "text_mention",
        "custom_emoji",
    ]
)
BUTTON_ACTIONS = frozenset(
    [
        "url",
        "callback_data",
        "web_app",
        "login_url",
        "switch_inline_query",
        "switch_inline_query_current_chat",
        "copy_text",
        "switch_inline_query_chosen_chat",
        "callback_game",
        "pay",
    ]
)


def units(text: str) -> int:
    """The length of a text in UTF-16 units, as Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def text(params: Json) -> str:
    value = params.get("text")
    if not isinstance(value, str) or value == "":
        raise Refused(400, "Bad Request: message text is empty")
    if not value.strip():
        raise Refused(400, "Bad Request: text must be non-empty")
    if units(value) > TEXT_LIMIT:
        raise Refused(400, "Bad Request: message is too long")
    if params.get("parse_mode"):
        # makegood sends plain text with entities; a parse mode here is a mistake worth an error.
        raise Refused(400, "Bad Request: unsupported parse_mode")
    return value


def caption(params: Json) -> str | None:
    value = params.get("caption")
    if value is not None and units(str(value)) > CAPTION_LIMIT:
        raise Refused(400, "Bad Request: message caption is too long")
    return str(value) if value else None


def entities(given: Any, text: str) -> list[Json] | None:
    """The entities, each inside the text and not through the middle of a character."""
    if given is None or given == []:
        return None
    if not isinstance(given, list):
        raise Refused(400, "Bad Request: expected an Array of MessageEntity")
    octets = text.encode("utf-16-le", "surrogatepass")
    for entity in given:
        _entity(entity, octets)
    return list(given)


def _entity(entity: Any, octets: bytes) -> None:
    if not isinstance(entity, dict) or entity.get("type") not in ENTITY_KINDS:
        raise Refused(400, "Bad Request: can't parse MessageEntity: unsupported type specified")
    offset, length = entity.get("offset"), entity.get("length")
    if not isinstance(offset, int) or not isinstance(length, int):
        raise Refused(400, "Bad Request: can't parse MessageEntity: offset and length must be of type Number")
    if offset < 0 or length <= 0 or 2 * (offset + length) > len(octets):
        raise Refused(400, "Bad Request: ENTITY_BOUNDS_INVALID")
    try:
        octets[2 * offset : 2 * (offset + length)].decode("utf-16-le")
    except UnicodeDecodeError:
        raise Refused(400, "Bad Request: entity begins or ends in the middle of a UTF-16 symbol") from None
    if entity["type"] == "text_link" and not re.match(r"(https?|tg|mailto|tel):", str(entity.get("url", ""))):
        raise Refused(400, "Bad Request: can't parse MessageEntity: Wrong HTTP URL")


def markup(given: Any) -> Json | None:
    """A reply markup whose buttons Telegram would take."""
    if not given:
        return None
    if not isinstance(given, dict):
        raise Refused(400, "Bad Request: object expected as reply markup")
    if given.get("force_reply"):
        _placeholder(given)
    elif "inline_keyboard" in given:
        _inline_keyboard(given["inline_keyboard"])
    elif not ("keyboard" in given or given.get("remove_keyboard")):
        raise Refused(400, "Bad Request: reply markup has no known kind")
    return dict(given)


def inline_markup(given: Any) -> Json | None:
    """The part of a reply markup that a message shows for ever, or None: an empty keyboard is none."""
    checked = markup(given) or {}
    rows = [row for row in checked.get("inline_keyboard", []) if row]
    return {"inline_keyboard": rows} if rows else None


def _placeholder(given: Json) -> None:
    placeholder = given.get("input_field_placeholder")
    if placeholder is not None and not 1 <= len(placeholder) <= 64:
        raise Refused(400, "Bad Request: input field placeholder must be 1 to 64 characters")


def _inline_keyboard(rows: Any) -> None:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise Refused(400, "Bad Request: inline keyboard must be an Array of Arrays of InlineKeyboardButton")
    for row in rows:
        for button in row:
            _button(button)
    if sum(map(len, rows)) > 100:
        raise Refused(400, "Bad Request: reply markup is too long")


def _button(button: Any) -> None:
    if not isinstance(button, dict) or not str(button.get("text", "")).strip():
        raise Refused(400, "Bad Request: can't parse inline keyboard button: text must be non-empty")
    if len(BUTTON_ACTIONS & button.keys()) != 1:
        raise Refused(400, "Bad Request: can't parse inline keyboard button: exactly one action must be given")
    if "callback_data" in button:
        press = button["callback_data"]
        if not isinstance(press, str) or not 1 <= len(press.encode()) <= 64:
            raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")
    if "url" in button and not re.match(r"(https?://|tg://)[^\s/]+", str(button["url"])):
        raise Refused(400, f"Bad Request: inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")


def commands(given: Any) -> list[Json]:
    if not isinstance(given, list) or len(given) > 100:
        raise Refused(400, "Bad Request: expected an Array of at most 100 BotCommand")
    for command in given:
        if not isinstance(command, dict) or not re.fullmatch(r"[a-z0-9_]{1,32}", str(command.get("command", ""))):
            raise Refused(400, "Bad Request: BOT_COMMAND_INVALID")
        if not 1 <= len(str(command.get("description", ""))) <= 256:
            raise Refused(400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
    return list(given)


def scope_key(params: Json) -> tuple[str, str]:
    """Where a list of commands holds: its scope and its language, of two letters or none."""
    language = str(params.get("language_code") or "")
    if not re.fullmatch(r"([a-z]{2})?", language):
        raise Refused(400, "Bad Request: invalid language code specified")
    scope = params.get("scope") or {"type": "default"}
    return json.dumps(scope, sort_keys=True), language
