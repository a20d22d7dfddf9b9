"""What falls due while nobody speaks: reminders, the end of patience, the follow-up; and whether it may go then."""

from datetime import timedelta
from typing import Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

from conversations.contact import Facts, Kind, Rules, Verdict, may_we_ask
from conversations.surveys import Survey

MILLISECOND: Final = timedelta(milliseconds=1)


class Due(NamedTuple):
    """Something that falls due at a moment in ms, for the conversation of that seed."""

    at: int
    kind: Literal["expire", "follow_up", "remind"]
    seed: str


class Patience:
    """What is due, and what the contact rules want to know of one customer."""

    def __init__(self, rules: Rules, zone: str) -> None:
        self.rules = rules
        self.zone = zone if _known(zone) else "UTC"
        self.opted_out = False
        self.heard_at: int | None = None
        self.began_at: int | None = None
        self._due: list[Due] = []

    def plan_silence(self, seed: str, survey: Survey, now: int) -> None:
        """Plan a conversation's reminders, and the end of our patience."""
        self.began_at = now
        self._due = [due for due in self._due if due.kind == "follow_up"]
        self._due += [Due(now + after // MILLISECOND, "remind", seed) for after in survey.remind]
        self.expire_at(seed, now + survey.expires // MILLISECOND)

    def expire_at(self, seed: str, at: int) -> None:
        """Plan the end of our patience with a conversation."""
        self._due.append(Due(at, "expire", seed))

    def ask_again_at(self, at: int | None) -> None:
        """Plan the follow-up for that moment, or not at all."""
        self._due = [due for due in self._due if due.kind != "follow_up"]
        if at is not None:
            self._due.append(Due(at, "follow_up", ""))

    def put_off(self, seed: str, until: int) -> None:
        """Plan a reminder for later."""
        self._due.append(Due(until, "remind", seed))

    def next(self) -> Due | None:
        """Return what falls due first, None when nothing does."""
        return min(self._due, default=None)

    def taken(self, due: Due) -> None:
        """Forget what happens now."""
        self._due.remove(due)

    def forget(self, seed: str) -> None:
        """Nothing is due any more for a conversation that is over."""
        self._due = [due for due in self._due if due.kind == "follow_up" or due.seed not in (seed, "")]

    def may(self, kind: Kind, now: int, *, case_open: bool, in_conversation: bool) -> Verdict:
        """Return whether something that we begin may go now."""
        facts = self._facts(case_open=case_open, in_conversation=in_conversation)
        return may_we_ask(kind, facts, self.rules, now)

    def _facts(self, *, case_open: bool, in_conversation: bool) -> Facts:
        return Facts(
            opted_out=self.opted_out,
            consented=True,
            last_asked_at=None,
            last_proactive_at=self.began_at,
            zone=self.zone,
            has_open_case=case_open,
            in_conversation=in_conversation,
            reachable=True,
            has_address=True,
            sampled=True,
            last_spoke_at=self.heard_at,
        )


def _known(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (LookupError, ValueError, OSError):
        return False
    return True
