"""Lately: what each staff member was given, read without the cases."""

from storage.migrations.scripts import run

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add what is new."""
    run("migrations/0004.sql")
