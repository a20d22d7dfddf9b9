"""How delivery stands, for `makegood check`, the health page and the alarms."""

from datetime import timedelta

import msgspec

from bot.circuits import CircuitState


class ChannelHealth(msgspec.Struct, frozen=True, kw_only=True):
    """One channel: `state` says whether it sends; `asked_to_wait` is how many more seconds it told us to wait."""

    name: str
    state: CircuitState
    why: str
    asked_to_wait: float


class DeliveryHealth(msgspec.Struct, frozen=True, kw_only=True):
    """Counts of the outbox and the state of each channel. `storing` is false while nothing can be recorded."""

    queued: int
    oldest_queued_age: timedelta | None
    unknown: int
    dead: int
    in_air: int
    storing: bool
    channels: tuple[ChannelHealth, ...]

    @property
    def stopped(self) -> tuple[str, ...]:
        """Return the channels whose credentials are refused."""
        return tuple(channel.name for channel in self.channels if channel.state == "stopped")

    @property
    def circuit(self) -> tuple[str, ...]:
        """Return the channels that refused so many messages in a row that only probes are sent."""
        return tuple(channel.name for channel in self.channels if channel.state == "refusing")
