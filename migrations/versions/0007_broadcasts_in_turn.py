"""Broadcasts take turns; the bucket remembers flood warnings; what was given up is found without a search."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def _index_pending(*columns: str) -> None:
    pending = sa.text("state = 0")
    op.drop_index("ix_outbox_pending", "outbox")
    op.create_index(
        "ix_outbox_pending",
        "outbox",
        list(columns),
        unique=False,
        sqlite_where=pending,
        postgresql_where=pending,
    )


def _index_rare(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=False, sqlite_where=condition, postgresql_where=condition)


def upgrade() -> None:
    _index_pending("lane", "broadcast_id", "not_before", "id")
    _index_rare("ix_outbox_undelivered", "outbox", ["state", "reason"], "state IN (3, 4, 5, 7)")
    _index_rare("ix_inbox_given_up", "inbox", ["state"], "state > 2")
    op.drop_table("bucket")  # holds the tokens of the last second
    op.create_table(
        "bucket",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("tokens", sa.Float(), nullable=False),
        sa.Column("refilled_at", sa.BigInteger(), nullable=False),
        sa.Column("blocked_until", sa.BigInteger(), nullable=True),
        sa.Column("share", sa.Float(), nullable=False),
        sa.Column("last_broadcast", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_bucket"),
    )
    if op.get_bind().dialect.name == "postgresql":
        # a queue's dead rows slow every claim down; a share of the table would let millions gather
        op.execute("ALTER TABLE outbox SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000)")


def downgrade() -> None:
    op.drop_index("ix_inbox_given_up", "inbox")
    op.drop_index("ix_outbox_undelivered", "outbox")
    op.drop_table("bucket")
    op.create_table(
        "bucket",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("tokens", sa.Float(), nullable=False),
        sa.Column("refilled_at", sa.BigInteger(), nullable=False),
        sa.Column("blocked_until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_bucket"),
    )
    _index_pending("lane", "not_before", "id")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE outbox RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold)")
