"""Surveys: experiments, and responses that are kept without a link to the customer."""

from storage.migrations.scripts import run

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add what is new."""
    run("migrations/0003.sql")
