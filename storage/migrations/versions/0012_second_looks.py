"""what a flag needs to its end"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
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
    _openings()
    _second_reads()


def downgrade() -> None:
    """Go back."""
    op.drop_table("second_reads")
    op.drop_table("draws")
    op.execute("delete from alerts where opening_id is not null")
    op.drop_constraint(op.f("ck_alerts_one_subject"), "alerts", type_="check")
    op.drop_column("alerts", "opening_id")
    _one_subject()
    op.drop_table("openings")
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


def _openings() -> None:
    op.create_table(
        "openings",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("reference", sa.String(length=10), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("hidden_from_id", sa.Uuid(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_openings_staff_id_staff")),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_openings_person_id_people"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["hidden_from_id"], ["staff.id"], name=op.f("fk_openings_hidden_from_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_openings")),
        sa.UniqueConstraint("reference", name=op.f("uq_openings_reference")),
    )
    for column in ("staff_id", "person_id", "until"):
        op.create_index(op.f(f"ix_openings_{column}"), "openings", [column])
    op.add_column("alerts", sa.Column("opening_id", sa.BigInteger(), nullable=True))
    op.create_index(op.f("ix_alerts_opening_id"), "alerts", ["opening_id"])
    op.create_foreign_key(
        "fk_alerts_opening_id_openings",
        "alerts",
        "openings",
        ["opening_id"],
        ["id"],
        ondelete="CASCADE",
    )
    op.drop_constraint(op.f("ck_alerts_one_subject"), "alerts", type_="check")
    _one_subject()


#: What an alert can be about: whichever of these columns the table has by then.
SUBJECTS = ("flag_id", "request_id", "statement_id", "task_id", "kind", "opening_id")


def _one_subject() -> None:
    """Say that an alert is about one thing."""
    there = {one["name"] for one in sa.inspect(op.get_bind()).get_columns("alerts")}
    subjects = ", ".join(one for one in SUBJECTS if one in there)
    op.create_check_constraint(
        op.f("ck_alerts_one_subject"), "alerts", f"num_nonnulls({subjects}) = 1"
    )


def _second_reads() -> None:
    op.create_table(
        "draws",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("council", sa.String(length=40), nullable=False),
        sa.Column("week_on", sa.Date(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("among", sa.Integer(), nullable=False),
        sa.Column("notice", sa.String(length=80), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draws")),
        sa.UniqueConstraint("council", "week_on", name=op.f("uq_draws_council_week_on")),
    )
    op.create_table(
        "second_reads",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("reference", sa.String(length=10), nullable=False),
        sa.Column("draw_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reader_id", sa.Uuid(), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finding", sa.String(length=8), nullable=True),
        sa.Column("level", sa.String(length=10), nullable=True),
        sa.Column("flag_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("finding in ('nothing', 'missed')", name=op.f("ck_second_reads_finding")),
        sa.CheckConstraint(
            "level in ('immediate', 'same_day', 'concern')", name=op.f("ck_second_reads_level")
        ),
        sa.ForeignKeyConstraint(
            ["draw_id"],
            ["draws.id"],
            name=op.f("fk_second_reads_draw_id_draws"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["chat_id"],
            ["chats.id"],
            name=op.f("fk_second_reads_chat_id_chats"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["reader_id"], ["staff.id"], name=op.f("fk_second_reads_reader_id_staff")
        ),
        sa.ForeignKeyConstraint(
            ["flag_id"],
            ["flags.id"],
            name=op.f("fk_second_reads_flag_id_flags"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_reads")),
        sa.UniqueConstraint("reference", name=op.f("uq_second_reads_reference")),
        sa.UniqueConstraint("chat_id", "day", name=op.f("uq_second_reads_chat_id_day")),
    )
    op.create_index(op.f("ix_second_reads_draw_id"), "second_reads", ["draw_id"])
    op.create_index(op.f("ix_second_reads_read_at"), "second_reads", ["read_at"])
