"""what a flag needs to its end"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go forward."""
    op.add_column("people", sa.Column("contact_safely", sa.Text(), nullable=True))
    op.add_column("flags", sa.Column("escalated_by_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        "fk_flags_escalated_by_id_staff", "flags", "staff", ["escalated_by_id"], ["id"]
    )


def downgrade() -> None:
    """Go back."""
    op.drop_column("flags", "escalated_by_id")
    op.drop_column("people", "contact_safely")
