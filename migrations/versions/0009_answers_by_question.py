"""Answers by question, so that marking those to one question again does not read all."""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_attempt_question", "attempt", ["question_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_attempt_question", "attempt")
