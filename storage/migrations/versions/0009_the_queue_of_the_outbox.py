"""indexes for the order in which the outbox is served, and sent check-ins are looked at"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

UNSENT = "state in ('waiting', 'sending')"


def upgrade() -> None:
    """Go forward."""
    _index("ix_outbox_queue", ["lane", "id"])
    _index("ix_outbox_line", ["chat_id", "lane", "id"])
    op.drop_index("ix_outbox_due", table_name="outbox")
    _looks(["look_again_at", "id"])


def downgrade() -> None:
    """Go back."""
    _looks(["look_again_at"])
    _index("ix_outbox_due", ["lane", "due_at"])
    op.drop_index("ix_outbox_line", table_name="outbox")
    op.drop_index("ix_outbox_queue", table_name="outbox")


def _index(name: str, columns: list[str]) -> None:
    op.create_index(name, "outbox", columns, postgresql_where=sa.text(UNSENT))


def _looks(columns: list[str]) -> None:
    """Make the index of looks anew."""
    op.drop_index("ix_due_contacts_look_again", table_name="due_contacts")
    op.create_index(
        "ix_due_contacts_look_again",
        "due_contacts",
        columns,
        postgresql_where=sa.text("look_again_at is not null"),
    )
