"""Where staff are with the surveys, each in their own chat: what is shown there, and what is asked for next."""

from storage.rows import Row, Table


class SurveyDesk(Row, frozen=True):
    """One chat. `view` counts what was shown in it, so that a tap on an older message is known for one.

    `message_id` is the outbox row that shows it now; `state` is the rest, as `bot.surveying.desk` writes it.
    """

    address_id: int
    view: int
    message_id: int | None
    state: str


class SurveyDesks(Table):
    """Desks by their chat."""

    __slots__ = ()

    def of(self, address_id: int) -> SurveyDesk | None:
        """Return the desk of a chat, None where nobody ever opened the surveys."""
        row = self._execute("SELECT * FROM survey_desk WHERE address_id = :id", {"id": address_id}).fetchone()
        return SurveyDesk(*row) if row else None

    def keep(self, desk: SurveyDesk) -> None:
        """Keep a desk in place of what was there before."""
        self._execute(
            """
            INSERT INTO survey_desk (address_id, view, message_id, state)
            VALUES (:address, :view, :message, :state)
            ON CONFLICT (address_id) DO UPDATE
            SET view = excluded.view, message_id = excluded.message_id, state = excluded.state
            """,
            {"address": desk.address_id, "view": desk.view, "message": desk.message_id, "state": desk.state},
        )
