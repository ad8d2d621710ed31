"""cover, duty, hours, specialists, the off switch, recovery codes"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def _subjects(names: str) -> None:
    op.drop_constraint(op.f("ck_alerts_one_subject"), "alerts", type_="check")
    op.create_check_constraint(
        op.f("ck_alerts_one_subject"), "alerts", f"num_nonnulls({names}) = 1"
    )


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "absences",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("cover_id", sa.Uuid(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("set_by_id", sa.Uuid(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("said_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("until_on >= from_on", name=op.f("ck_absences_days")),
        sa.ForeignKeyConstraint(["cover_id"], ["staff.id"], name=op.f("fk_absences_cover_id")),
        sa.ForeignKeyConstraint(["set_by_id"], ["staff.id"], name=op.f("fk_absences_set_by_id")),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_absences_staff_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
    )
    op.create_index(op.f("ix_absences_staff_id"), "absences", ["staff_id"], unique=False)
    op.create_index(op.f("ix_absences_until_on"), "absences", ["until_on"], unique=False)
    op.create_table(
        "duties",
        sa.Column("council", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("set_by_id", sa.Uuid(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["set_by_id"], ["staff.id"], name=op.f("fk_duties_set_by_id")),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_duties_staff_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("council", "day", name=op.f("pk_duties")),
    )
    op.create_table(
        "opening_hours",
        sa.Column("council", sa.String(length=40), nullable=False),
        sa.Column("hours", sa.JSON(), nullable=False),
        sa.Column("set_by_id", sa.Uuid(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["set_by_id"], ["staff.id"], name=op.f("fk_opening_hours_set_by_id")
        ),
        sa.PrimaryKeyConstraint("council", name=op.f("pk_opening_hours")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("code_index", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_recovery_codes_staff_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
        sa.UniqueConstraint("code_index", name=op.f("uq_recovery_codes_code_index")),
    )
    op.create_index(
        op.f("ix_recovery_codes_staff_id"), "recovery_codes", ["staff_id"], unique=False
    )
    op.create_table(
        "switched_off",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("off_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("off_by_id", sa.Uuid(), nullable=False),
        sa.Column("on_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("on_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["off_by_id"], ["staff.id"], name=op.f("fk_switched_off_off_by_id")
        ),
        sa.ForeignKeyConstraint(["on_by_id"], ["staff.id"], name=op.f("fk_switched_off_on_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_switched_off")),
    )
    op.create_index(
        "uq_switched_off_now",
        "switched_off",
        [sa.literal_column("(on_at is null)")],
        unique=True,
        postgresql_where=sa.text("on_at is null"),
    )
    op.create_table(
        "told_away",
        sa.Column("absence_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["absence_id"],
            ["absences.id"],
            name=op.f("fk_told_away_absence_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["chat_id"], ["chats.id"], name=op.f("fk_told_away_chat_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("absence_id", "chat_id", name=op.f("pk_told_away")),
    )
    op.create_index(op.f("ix_told_away_chat_id"), "told_away", ["chat_id"], unique=False)
    op.create_table(
        "also_for",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("flag_id", sa.BigInteger(), nullable=True),
        sa.Column("request_id", sa.BigInteger(), nullable=True),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "num_nonnulls(flag_id, request_id) = 1", name=op.f("ck_also_for_one_subject")
        ),
        sa.ForeignKeyConstraint(
            ["flag_id"], ["flags.id"], name=op.f("fk_also_for_flag_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_also_for_request_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_also_for_staff_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_also_for")),
        sa.UniqueConstraint("flag_id", "staff_id", name=op.f("uq_also_for_flag_id_staff_id")),
        sa.UniqueConstraint("request_id", "staff_id", name=op.f("uq_also_for_request_id_staff_id")),
    )
    op.create_index(op.f("ix_also_for_staff_id"), "also_for", ["staff_id"], unique=False)
    op.add_column("alerts", sa.Column("kind", sa.String(length=20), nullable=True))
    op.add_column("alerts", sa.Column("about", sa.String(length=60), nullable=True))
    op.add_column("alerts", sa.Column("once_key", sa.String(length=140), nullable=True))
    op.create_unique_constraint(op.f("uq_alerts_once_key"), "alerts", ["once_key"])
    _subjects("flag_id, request_id, statement_id, task_id, kind")
    op.create_index(op.f("ix_traces_about"), "traces", ["about"], unique=False)
    op.add_column(
        "staff",
        sa.Column(
            "topics",
            postgresql.ARRAY(sa.String(length=40)),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
    )
    op.execute("update staff set topics = array[specialist_in] where specialist_in is not null")


def downgrade() -> None:
    """Go back."""
    op.drop_column("staff", "topics")
    op.drop_index(op.f("ix_traces_about"), table_name="traces")
    op.execute("delete from alerts where kind is not null")
    _subjects("flag_id, request_id, statement_id, task_id")
    op.drop_constraint(op.f("uq_alerts_once_key"), "alerts", type_="unique")
    op.drop_column("alerts", "once_key")
    op.drop_column("alerts", "about")
    op.drop_column("alerts", "kind")
    op.drop_index(op.f("ix_also_for_staff_id"), table_name="also_for")
    op.drop_table("also_for")
    op.drop_index(op.f("ix_told_away_chat_id"), table_name="told_away")
    op.drop_table("told_away")
    op.drop_index(
        "uq_switched_off_now", table_name="switched_off", postgresql_where=sa.text("on_at is null")
    )
    op.drop_table("switched_off")
    op.drop_index(op.f("ix_recovery_codes_staff_id"), table_name="recovery_codes")
    op.drop_table("recovery_codes")
    op.drop_table("opening_hours")
    op.drop_table("duties")
    op.drop_index(op.f("ix_absences_until_on"), table_name="absences")
    op.drop_index(op.f("ix_absences_staff_id"), table_name="absences")
    op.drop_table("absences")
