"""The first schema. Until there is a second, it is `storage/schema.sql` as it stands.

A fresh database is laid from that file and never comes here; this is the ground that later migrations stand on.
"""

from alembic import op

from storage.schema import postgres_statements, sqlite_statements

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Lay the schema."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in sqlite_statements() if sqlite else postgres_statements():
        op.get_bind().exec_driver_sql(statement)
