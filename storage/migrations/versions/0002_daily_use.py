"""More ways to a customer, files, keys, feedback from elsewhere, notifications, and the first figures."""

from storage.migrations.scripts import run

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add what is new; each chat speaks at first for the customer it had."""
    run("migrations/0002.sql")
