"""what was counted and released, and a voice for each author in a quarter"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0014"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

#: One voice for what one chat sent in one quarter; new in the quarter of the first.
VOICES = """
with sent as (
    select id, chat_id, date_trunc('quarter', sent_at at time zone 'Europe/London') as quarter,
           min(sent_at) over (partition by chat_id) as first_at
    from statements where sent_at is not null and chat_id is not null
), voices as (
    select chat_id, quarter, gen_random_uuid() as voice from sent group by chat_id, quarter
)
update statements set voice = voices.voice,
    new_voice = date_trunc('quarter', sent.first_at at time zone 'Europe/London') = sent.quarter
from sent join voices using (chat_id, quarter) where statements.id = sent.id
"""


def upgrade() -> None:
    """Go forward. Statements whose author was cut off get a voice each: who it was cannot be known."""
    op.create_table(
        "counts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("council", sa.String(length=40), nullable=False),
        sa.Column("what", sa.String(length=12), nullable=False),
        sa.Column("first_month", sa.Date(), nullable=False),
        sa.Column("last_month", sa.Date(), nullable=False),
        sa.Column("cells", sa.Text(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counts")),
    )
    op.create_index("ix_counts_of", "counts", ["council", "what", "first_month", "last_month"])
    op.create_table(
        "releases",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("reference", sa.String(length=10), nullable=False),
        sa.Column("council", sa.String(length=40), nullable=False),
        sa.Column("first_month", sa.Date(), nullable=False),
        sa.Column("last_month", sa.Date(), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Uuid(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["staff.id"], name=op.f("fk_releases_made_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_releases")),
        sa.UniqueConstraint("reference", name=op.f("uq_releases_reference")),
    )
    op.create_index("ix_releases_of", "releases", ["council", "first_month", "last_month"])
    op.add_column("statements", sa.Column("voice", sa.Uuid(), nullable=True))
    op.add_column(
        "statements",
        sa.Column("new_voice", sa.Boolean(), server_default="false", nullable=False),
    )
    op.execute(VOICES)
    op.execute(
        "update statements set voice = gen_random_uuid() where sent_at is not null and voice is null"
    )


def downgrade() -> None:
    """Go back."""
    op.drop_column("statements", "new_voice")
    op.drop_column("statements", "voice")
    op.drop_index("ix_releases_of", table_name="releases")
    op.drop_table("releases")
    op.drop_index("ix_counts_of", table_name="counts")
    op.drop_table("counts")
