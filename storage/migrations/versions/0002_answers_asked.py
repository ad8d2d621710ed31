"""how often answers were asked"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "answers_shown",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("council", sa.String(length=40), nullable=False),
        sa.Column("article", sa.String(length=60), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("month", "council", "article", name=op.f("pk_answers_shown")),
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("answers_shown")
