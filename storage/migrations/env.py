"""Alembic's own entry: one transaction around every migration that is due."""

from alembic import context
from sqlalchemy import Connection, Engine


def _check_keys(connection: Connection) -> None:
    """Refuse a migration that leaves a row pointing nowhere."""
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchone()
    if broken is not None:
        raise SystemExit(f"a migration leaves a row of {broken[0]} pointing at no {broken[2]}")


engine: Engine = context.config.attributes["engine"]
with engine.connect() as connection:
    context.configure(connection=connection, transactional_ddl=True, transaction_per_migration=False)
    with context.begin_transaction():
        context.run_migrations()
        _check_keys(connection)
