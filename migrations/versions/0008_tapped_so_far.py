"""What was tapped so far in answer to a question."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tapped",
        sa.Column("attempt_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("picked", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("attempt_id", name="pk_tapped"),
    )
    op.create_index("ix_tapped_chat", "tapped", ["chat_id"], unique=False)


def downgrade() -> None:
    op.drop_table("tapped")
