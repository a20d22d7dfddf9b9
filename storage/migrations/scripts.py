"""A migration that is an SQL script, run on the database it is for."""

from alembic import op

from storage.schema import postgres_statements, sqlite_statements


def run(script: str) -> None:
    """Run the statements of a script of this package, inside the migration's transaction."""
    bind = op.get_bind()
    for statement in (sqlite_statements if bind.dialect.name == "sqlite" else postgres_statements)(script):
        bind.exec_driver_sql(statement)
