"""an index for each that claims what is due"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

OUR_TURN = "'check_in', 'nudge', 'rights_date', 'in_touch', 'birthday'"


def upgrade() -> None:
    """Go forward."""
    _index("ix_due_contacts_our_turn", OUR_TURN)
    _index("ix_due_contacts_events", "'event'")


def downgrade() -> None:
    """Go back."""
    op.drop_index("ix_due_contacts_events", table_name="due_contacts")
    op.drop_index("ix_due_contacts_our_turn", table_name="due_contacts")


def _index(name: str, kinds: str) -> None:
    op.create_index(
        name,
        "due_contacts",
        ["due_at", "id"],
        postgresql_where=sa.text(f"state = 'waiting' and kind in ({kinds})"),
    )
