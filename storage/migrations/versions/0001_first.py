"""The first schema. A fresh database is laid from `storage/schema.sql` and never comes here."""

from storage.migrations.scripts import run

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Lay the schema as it was released."""
    run("migrations/0001.sql")
