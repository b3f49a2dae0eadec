"""A second reader: who agreed to it, which answers wait for it, and which points it found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("learner", sa.Column("second_reader", sa.Boolean(), nullable=True))
    op.add_column("marking", sa.Column("second", sa.Text(), nullable=True))
    op.create_table(
        "second_reading",
        sa.Column("attempt_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("attempt_id", name="pk_second_reading"),
    )
    op.create_index("ix_second_reading_chat", "second_reading", ["chat_id"], unique=False)


def downgrade() -> None:
    op.drop_table("second_reading")
    op.drop_column("marking", "second")
    op.drop_column("learner", "second_reader")
