"""Browsers that ask to be signed in: each shows a code, and a staff member says yes or no to it in their own chat.

Nothing that opens anything is kept: the browser, the code and what its QR code carries are digests.
"""

from storage.rows import Row, Table


class SignIn(Row, frozen=True):
    """One browser's wish to be signed in. `seen_as` names the browser as it named itself."""

    id: int
    brand_id: int
    browser: str
    code: str
    token: str
    seen_as: str
    created_at: int
    expires_at: int
    staff_member_id: int | None
    answer: str | None
    answered_at: int | None
    used_at: int | None


class SignIns(Table):
    """The wishes that were not answered for long are forgotten whenever a new one comes."""

    __slots__ = ()

    def begin(
        self, brand: int, browser: str, code: str, token: str, seen_as: str, now: int, expires_at: int
    ) -> SignIn | None:
        """Keep a browser's wish. None when another one shows the same code at this moment: take another."""
        self._execute("DELETE FROM sign_in WHERE expires_at <= :now", {"now": now})
        row = self._execute(
            """
            INSERT INTO sign_in (brand_id, browser, code, token, seen_as, created_at, expires_at)
            VALUES (:brand, :browser, :code, :token, :seen_as, :now, :expires_at)
            ON CONFLICT DO NOTHING
            RETURNING *
            """,
            {
                "brand": brand,
                "browser": browser,
                "code": code,
                "token": token,
                "seen_as": seen_as,
                "now": now,
                "expires_at": expires_at,
            },
        ).fetchone()
        return SignIn(*row) if row else None

    def count(self, brand: int, now: int) -> int:
        """Return how many wishes stand at `now`."""
        count: int = self._execute(
            "SELECT COUNT(*) FROM sign_in WHERE brand_id = :brand AND expires_at > :now", {"brand": brand, "now": now}
        ).fetchone()[0]
        return count

    def by_browser(self, brand: int, browser: str, now: int) -> SignIn | None:
        """Return the wish of the browser that holds the secret with this digest, None when it is over."""
        row = self._execute(
            "SELECT * FROM sign_in WHERE brand_id = :brand AND browser = :browser AND expires_at > :now",
            {"brand": brand, "browser": browser, "now": now},
        ).fetchone()
        return SignIn(*row) if row else None

    def by_code(self, brand: int, code: str, now: int) -> SignIn | None:
        """Return the wish that shows the code with this digest, None when there is none now."""
        row = self._execute(
            "SELECT * FROM sign_in WHERE brand_id = :brand AND code = :code AND expires_at > :now",
            {"brand": brand, "code": code, "now": now},
        ).fetchone()
        return SignIn(*row) if row else None

    def by_token(self, brand: int, token: str, now: int) -> SignIn | None:
        """Return the wish whose QR code carries the token with this digest, None when there is none now."""
        row = self._execute(
            "SELECT * FROM sign_in WHERE brand_id = :brand AND token = :token AND expires_at > :now",
            {"brand": brand, "token": token, "now": now},
        ).fetchone()
        return SignIn(*row) if row else None

    def get(self, sign_in_id: int) -> SignIn | None:
        """Return the wish, over or not; None once it is forgotten."""
        row = self._execute("SELECT * FROM sign_in WHERE id = :id", {"id": sign_in_id}).fetchone()
        return SignIn(*row) if row else None

    def ask(self, sign_in_id: int, staff_member_id: int) -> bool:
        """Let this staff member be the one who is asked. False: somebody else is, or it was answered."""
        return (
            self._execute(
                """
                UPDATE sign_in SET staff_member_id = :member
                WHERE id = :id AND answer IS NULL AND (staff_member_id IS NULL OR staff_member_id = :member)
                """,
                {"id": sign_in_id, "member": staff_member_id},
            ).rowcount
            == 1
        )

    def settle(self, sign_in_id: int, staff_member_id: int, answer: str, now: int, expires_at: int) -> bool:
        """Keep what whoever was asked said, once, while the wish stands. False: it is over, or not theirs."""
        return (
            self._execute(
                """
                UPDATE sign_in SET answer = :answer, answered_at = :now, expires_at = :expires_at
                WHERE id = :id AND staff_member_id = :member AND answer IS NULL AND expires_at > :now
                """,
                {
                    "id": sign_in_id,
                    "member": staff_member_id,
                    "answer": answer,
                    "now": now,
                    "expires_at": expires_at,
                },
            ).rowcount
            == 1
        )

    def use(self, brand: int, browser: str, now: int) -> SignIn | None:
        """Spend a yes, once and for all, as the browser that asked. None: there is none, or it was spent."""
        row = self._execute(
            """
            UPDATE sign_in SET used_at = :now
            WHERE brand_id = :brand AND browser = :browser AND answer = 'yes' AND used_at IS NULL AND expires_at > :now
            RETURNING *
            """,
            {"brand": brand, "browser": browser, "now": now},
        ).fetchone()
        return SignIn(*row) if row else None

    def withdraw(self, staff_member_id: int) -> None:
        """Forget every wish that this staff member was asked about."""
        self._execute("DELETE FROM sign_in WHERE staff_member_id = :member", {"member": staff_member_id})
