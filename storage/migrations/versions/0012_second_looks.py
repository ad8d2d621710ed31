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
    _marks()
    _late_traces()


def downgrade() -> None:
    """Go back."""
    op.drop_table("late_traces")
    op.drop_table("marks")
    op.drop_column("flags", "escalated_by_id")
    op.drop_column("people", "contact_safely")


def _marks() -> None:
    op.create_table(
        "marks",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("flag_id", sa.BigInteger(), nullable=False),
        sa.Column("verdict", sa.String(length=12), nullable=False),
        sa.Column("right_level", sa.String(length=10), nullable=True),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("second_id", sa.Uuid(), nullable=True),
        sa.Column("second_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.CheckConstraint(
            "verdict in ('true', 'not_danger', 'wrong_level')", name=op.f("ck_marks_verdict")
        ),
        sa.CheckConstraint(
            "right_level in ('immediate', 'same_day', 'concern')",
            name=op.f("ck_marks_right_level"),
        ),
        sa.CheckConstraint("second_id <> by_id", name=op.f("ck_marks_two_people")),
        sa.ForeignKeyConstraint(
            ["flag_id"], ["flags.id"], name=op.f("fk_marks_flag_id_flags"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_marks_by_id_staff")),
        sa.ForeignKeyConstraint(
            ["second_id"], ["staff.id"], name=op.f("fk_marks_second_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marks")),
        sa.UniqueConstraint("flag_id", name=op.f("uq_marks_flag_id")),
    )


def _late_traces() -> None:
    op.create_table(
        "late_traces",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("about", sa.String(length=60), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("request_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_late_traces_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_late_traces")),
    )
