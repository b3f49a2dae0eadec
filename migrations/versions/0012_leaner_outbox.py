"""A tip's row is known by its chat and its broadcast instead of by a key in words; learners are found by row number.

Writing a tip to many people then fills one index less, builds no list of states for each of them, and finds them in
SQLite without a second search. SQLite changes neither a column's type nor a constraint in place, so both tables are
copied there. From now on it gives no message the number of one that was deleted: what becomes of a message whose chat
was erased while it was on its way must not be taken for the fate of another.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_DUE = ("ix_learner_due", ["next_due"], "next_due IS NOT NULL")
_ENDED = ("ix_outbox_ended", ["ended_at"], "state > 1")
_LEASED = ("ix_outbox_leased", ["lease_until"], "state = 1")
_PENDING = ("ix_outbox_pending", ["lane", "broadcast_id", "not_before", "id"], "state = 0")
_OF_OUTBOX = (_ENDED, _LEASED, _PENDING)
_UNDELIVERED_AS_LIST = "state IN (3, 4, 5, 7)"
_UNDELIVERED = "state > 2 AND state <> 6"
"""The same without a list, which SQLite builds anew for every row that it writes."""


def _index(table: str, name: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def _learner(number: sa.types.TypeEngine[Any]) -> None:
    op.create_table(
        "learner",
        sa.Column("chat_id", number, autoincrement=False, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("prompt_at", sa.SmallInteger(), nullable=True),
        sa.Column("quiet_from", sa.SmallInteger(), nullable=False),
        sa.Column("quiet_until", sa.SmallInteger(), nullable=False),
        sa.Column("days_off", sa.SmallInteger(), nullable=False),
        sa.Column("assessment_on", sa.Text(), nullable=True),
        sa.Column("track", sa.Text(), nullable=False),
        sa.Column("plan_start", sa.Text(), nullable=True),
        sa.Column("plan_run", sa.SmallInteger(), nullable=False),
        sa.Column("last_plan_day", sa.SmallInteger(), nullable=False),
        sa.Column("paused_on", sa.Text(), nullable=True),
        sa.Column("paused_days", sa.SmallInteger(), nullable=False),
        sa.Column("last_prompt_on", sa.Text(), nullable=True),
        sa.Column("next_due", sa.BigInteger(), nullable=True),
        sa.Column("seen_on", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("second_reader", sa.Boolean(), nullable=True),
        sa.Column("second_reader_at", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("chat_id", name="pk_learner"),
    )


def _outbox(*constraints: sa.UniqueConstraint, numbers_once: bool = False) -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lane", sa.SmallInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=True),
        sa.Column("slot", sa.Text(), nullable=True),
        sa.Column("edits", sa.Boolean(), nullable=False),
        sa.Column("on_sent", sa.Text(), nullable=True),
        sa.Column("dedupe_key", sa.Text(), nullable=True),
        sa.Column("broadcast_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("ambiguous", sa.SmallInteger(), nullable=False),
        sa.Column("not_before", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("worker", sa.Text(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        *constraints,
        sqlite_autoincrement=numbers_once,
    )


def _index_undelivered(where: str) -> None:
    _index("outbox", "ix_outbox_undelivered", ["state", "reason"], where)


def _copy(table: str, make: Callable[[], None], indexes: tuple[tuple[str, list[str], str], ...]) -> None:
    """Make a table anew with what it holds. Its columns keep their order."""
    for name, _, _ in indexes:
        op.drop_index(name, table)
    op.rename_table(table, f"{table}_before")
    make()
    op.execute(f"INSERT INTO {table} SELECT * FROM {table}_before")  # noqa: S608 -- the names above
    op.drop_table(f"{table}_before")
    for name, columns, where in indexes:
        _index(table, name, columns, where)


def _sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def upgrade() -> None:
    op.drop_index("ix_outbox_chat", "outbox")
    op.drop_index("ix_outbox_undelivered", "outbox")
    if _sqlite():
        _copy("learner", lambda: _learner(sa.Integer()), (_DUE,))
        _copy("outbox", lambda: _outbox(numbers_once=True), _OF_OUTBOX)
    else:
        op.drop_constraint("uq_outbox_dedupe_key", "outbox")
    op.create_index("uq_outbox_chat", "outbox", ["chat_id", "broadcast_id"], unique=True)
    _index("outbox", "uq_outbox_dedupe_key", ["dedupe_key"], "dedupe_key IS NOT NULL", unique=True)
    _index_undelivered(_UNDELIVERED)


def downgrade() -> None:
    op.drop_index("ix_outbox_undelivered", "outbox")
    op.drop_index("uq_outbox_dedupe_key", "outbox")
    op.drop_index("uq_outbox_chat", "outbox")
    by_key = sa.UniqueConstraint("dedupe_key", name="uq_outbox_dedupe_key")
    if _sqlite():
        _copy("learner", lambda: _learner(sa.BigInteger()), (_DUE,))
        _copy("outbox", lambda: _outbox(by_key), _OF_OUTBOX)
    else:
        op.create_unique_constraint("uq_outbox_dedupe_key", "outbox", ["dedupe_key"])
    op.create_index("ix_outbox_chat", "outbox", ["chat_id"], unique=False)
    _index_undelivered(_UNDELIVERED_AS_LIST)
