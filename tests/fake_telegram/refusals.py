"""What Telegram says no with: the error code, its sentence and its parameters.

The sentences are Telegram's own (reliability.md §0.1, Client.cpp:60-200): clients tell refusals apart by them.
"""

import msgspec


class Refused(Exception):
    """Telegram refuses this call; nothing was done."""

    def __init__(
        self, code: int, description: str, *, retry_after: int | None = None, migrate_to_chat_id: int | None = None
    ) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        self.retry_after = retry_after
        self.migrate_to_chat_id = migrate_to_chat_id

    def body(self) -> bytes:
        """The JSON that Telegram answers with."""
        answer: dict[str, object] = {"ok": False, "error_code": self.code, "description": self.description}
        parameters = {
            name: value
            for name, value in (("retry_after", self.retry_after), ("migrate_to_chat_id", self.migrate_to_chat_id))
            if value is not None
        }
        if parameters:
            answer["parameters"] = parameters
        return msgspec.json.encode(answer)


BLOCKED = "Forbidden: bot was blocked by the user"
DEACTIVATED = "Forbidden: user is deactivated"
KICKED_FROM_GROUP = "Forbidden: bot was kicked from the group chat"
KICKED_FROM_SUPERGROUP = "Forbidden: bot was kicked from the supergroup chat"
NOT_A_MEMBER = "Forbidden: bot is not a member of the supergroup chat"
CHAT_NOT_FOUND = "Bad Request: chat not found"
CANNOT_PARSE = "Bad Request: can't parse entities: Can't find end of the entity starting at byte offset 0"
NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a"
    " current content and reply markup of the message"
)
NOT_FOUND_TO_EDIT = "Bad Request: message to edit not found"
NOT_FOUND_TO_DELETE = "Bad Request: message to delete not found"
NOT_FOUND_TO_REPLY = "Bad Request: message to be replied not found"
CANNOT_EDIT = "Bad Request: message can't be edited"
QUERY_TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"
MIGRATED = "Bad Request: group chat was upgraded to a supergroup chat"
NO_RIGHTS = "Bad Request: not enough rights to send text messages to the chat"
OTHER_POLLER = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
POLL_ENDED_BY_WEBHOOK = "Conflict: terminated by setWebhook request"
