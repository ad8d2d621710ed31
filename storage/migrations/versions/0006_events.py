"""delivery: what is let be, why somebody cannot be reached"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

STATES = "'waiting', 'sending', 'sent', 'failed', 'unknown'"


def _states(allowed: str) -> None:
    op.drop_constraint(op.f("ck_outbox_state"), "outbox", type_="check")
    op.create_check_constraint(op.f("ck_outbox_state"), "outbox", f"state in ({allowed})")


def upgrade() -> None:
    """Go forward."""
    op.add_column("chats", sa.Column("unreachable_why", sa.String(length=12), nullable=True))
    _states(f"{STATES}, 'dropped'")


def downgrade() -> None:
    """Go back."""
    op.execute("update outbox set state = 'failed' where state = 'dropped'")
    _states(STATES)
    op.drop_column("chats", "unreachable_why")
