"""Alembic's entry point: migrates over the connection it is handed, or over ``DATABASE_URL`` from the command line."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection, create_engine

from bot.storage.tables import metadata


def _run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=metadata, transaction_per_migration=False)
    with context.begin_transaction():
        context.run_migrations()


handed = context.config.attributes.get("connection")
if handed is not None:
    _run(handed)
else:
    arguments = context.get_x_argument(as_dictionary=True)
    engine = create_engine(arguments["url"])
    with engine.begin() as connection:
        _run(connection)
