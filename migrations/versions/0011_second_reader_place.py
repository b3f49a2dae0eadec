"""Where the second reader was when a learner was asked: who agreed to one is asked again about another."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("learner", sa.Column("second_reader_at", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("learner", "second_reader_at")
