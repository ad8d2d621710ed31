"""check-ins: plans, what is due, answers, the ledger, in-touch windows, tasks"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "circumstances",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("noted_by_id", sa.Uuid(), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["noted_by_id"], ["staff.id"], name=op.f("fk_circumstances_noted_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_circumstances_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circumstances")),
    )
    op.create_index(
        op.f("ix_circumstances_person_id"), "circumstances", ["person_id"], unique=False
    )
    op.create_table(
        "contacts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("two_way", sa.Boolean(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind in ('bot', 'call', 'visit', 'message', 'other')", name=op.f("ck_contacts_kind")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["staff.id"], name=op.f("fk_contacts_by_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_contacts_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
    )
    op.create_index("ix_contacts_person_id_at", "contacts", ["person_id", "at"], unique=False)
    op.create_index(
        "uq_contacts_bot_day",
        "contacts",
        ["person_id", "on_day"],
        unique=True,
        postgresql_where=sa.text("kind = 'bot'"),
    )
    op.create_table(
        "in_touch",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("birthday", sa.SmallInteger(), nullable=False),
        sa.Column("status", sa.String(length=28), nullable=False),
        sa.Column("evidence", sa.String(length=20), nullable=False),
        sa.Column("evidence_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("set_by_id", sa.Uuid(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status in ('in_touch', 'not_in_touch', 'returned_home', 'no_longer_requires_services')",
            name=op.f("ck_in_touch_status"),
        ),
        sa.CheckConstraint("birthday between 17 and 21", name=op.f("ck_in_touch_birthday")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_in_touch_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["set_by_id"], ["staff.id"], name=op.f("fk_in_touch_set_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_in_touch")),
        sa.UniqueConstraint("person_id", "birthday", name=op.f("uq_in_touch_person_id_birthday")),
    )
    op.create_table(
        "plans",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("every", sa.String(length=12), nullable=False),
        sa.Column("weekday", sa.SmallInteger(), nullable=False),
        sa.Column("at", sa.Time(), nullable=False),
        sa.Column(
            "topics_off",
            postgresql.ARRAY(sa.String(length=12)),
            server_default="{}",
            nullable=False,
        ),
        sa.Column("quiet_from", sa.Time(), nullable=False),
        sa.Column("quiet_to", sa.Time(), nullable=False),
        sa.Column(
            "lesson_days", postgresql.ARRAY(sa.SmallInteger()), server_default="{}", nullable=False
        ),
        sa.Column("lessons_from", sa.Time(), nullable=True),
        sa.Column("lessons_to", sa.Time(), nullable=True),
        sa.Column("snoozed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asking_stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("offered_less_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pathway_review_on", sa.Date(), nullable=True),
        sa.Column("set_by", sa.String(length=8), nullable=False),
        sa.Column("set_by_id", sa.Uuid(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("planned_from", sa.Text(), nullable=True),
        sa.Column("plan_again_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "every in ('weekly', 'fortnightly', 'monthly', 'quarterly', 'half_yearly', 'yearly')",
            name=op.f("ck_plans_every"),
        ),
        sa.CheckConstraint(
            "set_by in ('standard', 'person', 'staff')", name=op.f("ck_plans_set_by")
        ),
        sa.CheckConstraint("weekday between 0 and 6", name=op.f("ck_plans_weekday")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_plans_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["set_by_id"], ["staff.id"], name=op.f("fk_plans_set_by_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_plans")),
    )
    op.create_index(op.f("ix_plans_plan_again_at"), "plans", ["plan_again_at"], unique=False)
    op.create_table(
        "tasks",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("reference", sa.String(length=10), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("tried", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.String(length=60), nullable=True),
        sa.CheckConstraint(
            "kind in ('silent', 'blocked', 'not_delivered', 'one_word', 'low', 'not_sent')",
            name=op.f("ck_tasks_kind"),
        ),
        sa.ForeignKeyConstraint(["closed_by_id"], ["staff.id"], name=op.f("fk_tasks_closed_by_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_tasks_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_tasks_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
        sa.UniqueConstraint("reference", name=op.f("uq_tasks_reference")),
    )
    op.create_index(op.f("ix_tasks_staff_id"), "tasks", ["staff_id"], unique=False)
    op.create_index(
        "uq_tasks_open",
        "tasks",
        ["person_id", "kind"],
        unique=True,
        postgresql_where=sa.text("closed_at is null"),
    )
    op.create_table(
        "due_contacts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("what", sa.String(length=60), nullable=False),
        sa.Column("about_id", sa.BigInteger(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=10), server_default="waiting", nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("afterwards", sa.String(length=40), nullable=True),
        sa.Column("once_key", sa.String(length=80), nullable=False),
        sa.Column("send_id", sa.BigInteger(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=10), nullable=True),
        sa.Column("look_again_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind in ('check_in', 'nudge', 'rights_date', 'in_touch', 'survey', 'event', 'birthday')",
            name=op.f("ck_due_contacts_kind"),
        ),
        sa.CheckConstraint(
            "state in ('waiting', 'sent') or reason is not null",
            name=op.f("ck_due_contacts_reason_when_not_sent"),
        ),
        sa.CheckConstraint(
            "state in ('waiting', 'sent', 'skipped', 'superseded', 'expired')",
            name=op.f("ck_due_contacts_state"),
        ),
        sa.ForeignKeyConstraint(
            ["about_id"],
            ["due_contacts.id"],
            name=op.f("fk_due_contacts_about_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_due_contacts_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["send_id"], ["outbox.id"], name=op.f("fk_due_contacts_send_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_due_contacts")),
        sa.UniqueConstraint("once_key", name=op.f("uq_due_contacts_once_key")),
    )
    op.create_index(op.f("ix_due_contacts_about_id"), "due_contacts", ["about_id"], unique=False)
    op.create_index(
        "ix_due_contacts_due",
        "due_contacts",
        ["due_at", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        "ix_due_contacts_look_again",
        "due_contacts",
        ["look_again_at"],
        unique=False,
        postgresql_where=sa.text("look_again_at is not null"),
    )
    op.create_index(
        "ix_due_contacts_person_id_due_at", "due_contacts", ["person_id", "due_at"], unique=False
    )
    op.create_index(op.f("ix_due_contacts_send_id"), "due_contacts", ["send_id"], unique=False)
    op.create_table(
        "check_in_answers",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("due_id", sa.BigInteger(), nullable=True),
        sa.Column("question", sa.String(length=60), nullable=False),
        sa.Column("question_version", sa.SmallInteger(), nullable=False),
        sa.Column("feeling", sa.SmallInteger(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("category_of", sa.String(length=10), nullable=True),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_as", sa.Text(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "category_of in ('living', 'activity')", name=op.f("ck_check_in_answers_category_of")
        ),
        sa.CheckConstraint("feeling between 1 and 5", name=op.f("ck_check_in_answers_feeling")),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["staff.id"], name=op.f("fk_check_in_answers_confirmed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["due_id"],
            ["due_contacts.id"],
            name=op.f("fk_check_in_answers_due_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            name=op.f("fk_check_in_answers_person_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in_answers")),
    )
    op.create_index(op.f("ix_check_in_answers_at"), "check_in_answers", ["at"], unique=False)
    op.create_index(
        op.f("ix_check_in_answers_due_id"), "check_in_answers", ["due_id"], unique=False
    )
    op.create_index(
        op.f("ix_check_in_answers_person_id"), "check_in_answers", ["person_id"], unique=False
    )
    op.add_column("outbox", sa.Column("not_after", sa.DateTime(timezone=True), nullable=True))
    op.add_column("alerts", sa.Column("task_id", sa.BigInteger(), nullable=True))
    op.create_index(op.f("ix_alerts_task_id"), "alerts", ["task_id"], unique=False)
    op.create_foreign_key(
        op.f("fk_alerts_task_id"), "alerts", "tasks", ["task_id"], ["id"], ondelete="CASCADE"
    )
    op.drop_constraint(op.f("ck_alerts_one_subject"), "alerts", type_="check")
    op.create_check_constraint(
        op.f("ck_alerts_one_subject"), "alerts", "num_nonnulls(flag_id, request_id, statement_id, task_id) = 1"
    )


def downgrade() -> None:
    """Go back."""
    op.execute("delete from alerts where task_id is not null")
    op.drop_constraint(op.f("ck_alerts_one_subject"), "alerts", type_="check")
    op.create_check_constraint(
        op.f("ck_alerts_one_subject"), "alerts", "num_nonnulls(flag_id, request_id, statement_id) = 1"
    )
    op.drop_constraint(op.f("fk_alerts_task_id"), "alerts", type_="foreignkey")
    op.drop_index(op.f("ix_alerts_task_id"), table_name="alerts")
    op.drop_column("alerts", "task_id")
    op.drop_column("outbox", "not_after")
    op.drop_index(op.f("ix_check_in_answers_person_id"), table_name="check_in_answers")
    op.drop_index(op.f("ix_check_in_answers_due_id"), table_name="check_in_answers")
    op.drop_index(op.f("ix_check_in_answers_at"), table_name="check_in_answers")
    op.drop_table("check_in_answers")
    op.drop_index(op.f("ix_due_contacts_send_id"), table_name="due_contacts")
    op.drop_index("ix_due_contacts_look_again", table_name="due_contacts")
    op.drop_index("ix_due_contacts_person_id_due_at", table_name="due_contacts")
    op.drop_index(
        "ix_due_contacts_due",
        table_name="due_contacts",
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.drop_index(op.f("ix_due_contacts_about_id"), table_name="due_contacts")
    op.drop_table("due_contacts")
    op.drop_index(
        "uq_tasks_open", table_name="tasks", postgresql_where=sa.text("closed_at is null")
    )
    op.drop_index(op.f("ix_tasks_staff_id"), table_name="tasks")
    op.drop_table("tasks")
    op.drop_index(op.f("ix_plans_plan_again_at"), table_name="plans")
    op.drop_table("plans")
    op.drop_table("in_touch")
    op.drop_index(
        "uq_contacts_bot_day", table_name="contacts", postgresql_where=sa.text("kind = 'bot'")
    )
    op.drop_index("ix_contacts_person_id_at", table_name="contacts")
    op.drop_table("contacts")
    op.drop_index(op.f("ix_circumstances_person_id"), table_name="circumstances")
    op.drop_table("circumstances")
