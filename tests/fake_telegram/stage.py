"""What people act upon, and how their acts become updates."""

import msgspec

from tests.fake_telegram.methods import member
from tests.fake_telegram.parameters import Json
from tests.fake_telegram.queries import Queries
from tests.fake_telegram.updates import MESSAGE_LIFE, Updates
from tests.fake_telegram.world import Chat, Membership, World


class Stage(msgspec.Struct, frozen=True):
    """What people act upon: the world, the queue of updates, and the taps."""

    world: World
    updates: Updates
    queries: Queries

    def publish(self, kind: str, message: Json, chat: Chat) -> None:
        """Queue a message update; it lives a day from the message's date or last edit."""
        written_at = int(message.get("edit_date") or message["date"])
        # The update keeps the message as it is now, whatever becomes of it later.
        as_now: Json = msgspec.json.decode(msgspec.json.encode(message))
        self.updates.put(kind, as_now, f"chat {chat.id}", life=written_at + MESSAGE_LIFE - self.world.clock.now())

    def change_bot(self, chat: Chat, by: Json, status: Membership) -> None:
        """The bot's place in a chat changes, and my_chat_member says so."""
        before, chat.bot = chat.bot, status
        self.updates.put(
            "my_chat_member",
            {
                "chat": chat.json(),
                "from": by,
                "date": int(self.world.clock.now()),
                "old_chat_member": member(self.world.bot, before),
                "new_chat_member": member(self.world.bot, status),
            },
            f"membership {chat.id}",
        )
