"""the first tables"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "heartbeats",
        sa.Column("part", sa.String(length=30), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("part", name=op.f("pk_heartbeats")),
    )
    op.create_table(
        "inbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("bot_id", sa.BigInteger(), nullable=False),
        sa.Column("update_id", sa.BigInteger(), nullable=False),
        sa.Column("telegram_index", sa.LargeBinary(), nullable=False),
        sa.Column("raw", sa.Text(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("bot_id", "update_id", name=op.f("uq_inbox_bot_id_update_id")),
    )
    op.create_index(op.f("ix_inbox_handled_at"), "inbox", ["handled_at"], unique=False)
    op.create_index(op.f("ix_inbox_received_at"), "inbox", ["received_at"], unique=False)
    op.create_index(
        "ix_inbox_waiting",
        "inbox",
        ["telegram_index", "id"],
        unique=False,
        postgresql_where=sa.text("handled_at is null"),
    )
    op.create_table(
        "questions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("council", sa.String(length=40), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("article", sa.String(length=60), nullable=True),
        sa.Column("offered", postgresql.ARRAY(sa.String(length=60)), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
    )
    op.create_index(op.f("ix_questions_month"), "questions", ["month"], unique=False)
    op.create_table(
        "secrets",
        sa.Column("name", sa.String(length=30), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_secrets")),
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("council", sa.String(length=40), nullable=False),
        sa.Column("specialist_in", sa.String(length=40), nullable=True),
        sa.Column("phone", sa.String(length=30), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("totp_secret", sa.Text(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "role in ('adviser', 'manager', 'participation', 'admin')", name=op.f("ck_staff_role")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("email", name=op.f("uq_staff_email")),
    )
    op.create_table(
        "people",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("born_on", sa.Text(), nullable=False),
        sa.Column("council", sa.String(length=40), nullable=False),
        sa.Column("adviser_id", sa.Uuid(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["adviser_id"], ["staff.id"], name=op.f("fk_people_adviser_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
    )
    op.create_index(op.f("ix_people_adviser_id"), "people", ["adviser_id"], unique=False)
    op.create_table(
        "chats",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("telegram_index", sa.LargeBinary(), nullable=False),
        sa.Column("telegram_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("age", sa.SmallInteger(), nullable=True),
        sa.Column("council", sa.String(length=40), nullable=True),
        sa.Column("memory", sa.Text(), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_by_id", sa.Uuid(), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unreachable_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("code_tries", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("code_tries_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["held_by_id"], ["staff.id"], name=op.f("fk_chats_held_by_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_chats_person_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chats")),
        sa.UniqueConstraint("person_id", name=op.f("uq_chats_person_id")),
        sa.UniqueConstraint("telegram_index", name=op.f("uq_chats_telegram_index")),
    )
    op.create_index(op.f("ix_chats_heard_at"), "chats", ["heard_at"], unique=False)
    op.create_table(
        "invitations",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("code_index", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_invitations_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("code_index", name=op.f("uq_invitations_code_index")),
    )
    op.create_index(op.f("ix_invitations_person_id"), "invitations", ["person_id"], unique=False)
    op.create_table(
        "flags",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("reference", sa.String(length=10), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("categories", postgresql.ARRAY(sa.String(length=30)), nullable=False),
        sa.Column("third_party", sa.Boolean(), nullable=False),
        sa.Column("about_staff", sa.Boolean(), nullable=False),
        sa.Column("hidden_from_id", sa.Uuid(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("rules_version", sa.String(length=64), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_sign_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said_wrong_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_by_id", sa.Uuid(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.String(length=60), nullable=True),
        sa.CheckConstraint(
            "level in ('immediate', 'same_day', 'concern')", name=op.f("ck_flags_level")
        ),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name=op.f("fk_flags_chat_id")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["staff.id"], name=op.f("fk_flags_closed_by_id")),
        sa.ForeignKeyConstraint(
            ["hidden_from_id"], ["staff.id"], name=op.f("fk_flags_hidden_from_id")
        ),
        sa.ForeignKeyConstraint(["opened_by_id"], ["staff.id"], name=op.f("fk_flags_opened_by_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["staff.id"], name=op.f("fk_flags_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flags")),
        sa.UniqueConstraint("reference", name=op.f("uq_flags_reference")),
    )
    op.create_index(op.f("ix_flags_chat_id"), "flags", ["chat_id"], unique=False)
    op.create_index(op.f("ix_flags_owner_id"), "flags", ["owner_id"], unique=False)
    op.create_index(
        "uq_flags_open",
        "flags",
        ["chat_id", "about_staff"],
        unique=True,
        postgresql_where=sa.text("closed_at is null"),
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("update_id", sa.BigInteger(), nullable=True),
        sa.Column("direction", sa.String(length=3), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("telegram_message_id", sa.BigInteger(), nullable=True),
        sa.Column("edit_of_id", sa.BigInteger(), nullable=True),
        sa.Column("level", sa.String(length=10), server_default="none", nullable=False),
        sa.Column("degraded", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("reply_ids", sa.String(length=400), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("direction in ('in', 'out')", name=op.f("ck_messages_direction")),
        sa.CheckConstraint(
            "level in ('immediate', 'same_day', 'concern', 'none')", name=op.f("ck_messages_level")
        ),
        sa.ForeignKeyConstraint(
            ["chat_id"], ["chats.id"], name=op.f("fk_messages_chat_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["edit_of_id"], ["messages.id"], name=op.f("fk_messages_edit_of_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["update_id"], ["inbox.id"], name=op.f("fk_messages_update_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
    )
    op.create_index("ix_messages_chat_id_at", "messages", ["chat_id", "at"], unique=False)
    op.create_index(op.f("ix_messages_edit_of_id"), "messages", ["edit_of_id"], unique=False)
    op.create_index(op.f("ix_messages_update_id"), "messages", ["update_id"], unique=False)
    op.create_table(
        "notices",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.String(length=80), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["chat_id"], ["chats.id"], name=op.f("fk_notices_chat_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_notices_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )
    op.create_index(op.f("ix_notices_chat_id"), "notices", ["chat_id"], unique=False)
    op.create_index(op.f("ix_notices_person_id"), "notices", ["person_id"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("update_id", sa.BigInteger(), nullable=True),
        sa.Column("lane", sa.String(length=10), nullable=False),
        sa.Column("once_key", sa.String(length=80), nullable=False),
        sa.Column("method", sa.String(length=30), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("reply_id", sa.String(length=80), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("tries", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("telegram_message_id", sa.BigInteger(), nullable=True),
        sa.Column("failure", sa.String(length=60), nullable=True),
        sa.CheckConstraint(
            "state in ('waiting', 'sending', 'sent', 'failed', 'unknown')",
            name=op.f("ck_outbox_state"),
        ),
        sa.ForeignKeyConstraint(
            ["chat_id"], ["chats.id"], name=op.f("fk_outbox_chat_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["update_id"], ["inbox.id"], name=op.f("fk_outbox_update_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("once_key", name=op.f("uq_outbox_once_key")),
    )
    op.create_index(op.f("ix_outbox_chat_id"), "outbox", ["chat_id"], unique=False)
    op.create_index(
        "ix_outbox_due",
        "outbox",
        ["lane", "due_at"],
        unique=False,
        postgresql_where=sa.text("state in ('waiting', 'sending')"),
    )
    op.create_index(op.f("ix_outbox_sent_at"), "outbox", ["sent_at"], unique=False)
    op.create_index(op.f("ix_outbox_update_id"), "outbox", ["update_id"], unique=False)
    op.create_table(
        "requests",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("reference", sa.String(length=10), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("update_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("topic", sa.String(length=30), nullable=True),
        sa.Column("route", sa.String(length=20), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("hidden_from_id", sa.Uuid(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["staff.id"], name=op.f("fk_requests_answered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["chat_id"], ["chats.id"], name=op.f("fk_requests_chat_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["hidden_from_id"], ["staff.id"], name=op.f("fk_requests_hidden_from_id")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_requests_staff_id")),
        sa.ForeignKeyConstraint(
            ["update_id"], ["inbox.id"], name=op.f("fk_requests_update_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requests")),
        sa.UniqueConstraint("reference", name=op.f("uq_requests_reference")),
    )
    op.create_index(op.f("ix_requests_chat_id"), "requests", ["chat_id"], unique=False)
    op.create_index(op.f("ix_requests_staff_id"), "requests", ["staff_id"], unique=False)
    op.create_index(op.f("ix_requests_update_id"), "requests", ["update_id"], unique=False)
    op.create_table(
        "alerts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("flag_id", sa.BigInteger(), nullable=True),
        sa.Column("request_id", sa.BigInteger(), nullable=True),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("channel", sa.String(length=20), nullable=True),
        sa.Column("failure", sa.String(length=60), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(flag_id, request_id) = 1", name=op.f("ck_alerts_one_subject")
        ),
        sa.ForeignKeyConstraint(
            ["flag_id"], ["flags.id"], name=op.f("fk_alerts_flag_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_alerts_request_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_alerts_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
    )
    op.create_index(
        "ix_alerts_due",
        "alerts",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("accepted_at is null"),
    )
    op.create_index(op.f("ix_alerts_flag_id"), "alerts", ["flag_id"], unique=False)
    op.create_index(op.f("ix_alerts_request_id"), "alerts", ["request_id"], unique=False)
    op.create_table(
        "buttons",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("send_id", sa.BigInteger(), nullable=False),
        sa.Column("action", sa.String(length=200), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["chat_id"], ["chats.id"], name=op.f("fk_buttons_chat_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["send_id"], ["outbox.id"], name=op.f("fk_buttons_send_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_buttons")),
        sa.UniqueConstraint("token", name=op.f("uq_buttons_token")),
    )
    op.create_index(op.f("ix_buttons_chat_id"), "buttons", ["chat_id"], unique=False)
    op.create_index(op.f("ix_buttons_expires_at"), "buttons", ["expires_at"], unique=False)
    op.create_index(op.f("ix_buttons_send_id"), "buttons", ["send_id"], unique=False)
    op.create_table(
        "flag_messages",
        sa.Column("flag_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["flag_id"], ["flags.id"], name=op.f("fk_flag_messages_flag_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["messages.id"],
            name=op.f("fk_flag_messages_message_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("flag_id", "message_id", name=op.f("pk_flag_messages")),
    )
    op.create_index(
        op.f("ix_flag_messages_message_id"), "flag_messages", ["message_id"], unique=False
    )


def downgrade() -> None:
    """Go back."""
    op.drop_index(op.f("ix_flag_messages_message_id"), table_name="flag_messages")
    op.drop_table("flag_messages")
    op.drop_index(op.f("ix_buttons_send_id"), table_name="buttons")
    op.drop_index(op.f("ix_buttons_expires_at"), table_name="buttons")
    op.drop_index(op.f("ix_buttons_chat_id"), table_name="buttons")
    op.drop_table("buttons")
    op.drop_index(op.f("ix_alerts_request_id"), table_name="alerts")
    op.drop_index(op.f("ix_alerts_flag_id"), table_name="alerts")
    op.drop_index(
        "ix_alerts_due", table_name="alerts", postgresql_where=sa.text("accepted_at is null")
    )
    op.drop_table("alerts")
    op.drop_index(op.f("ix_requests_update_id"), table_name="requests")
    op.drop_index(op.f("ix_requests_staff_id"), table_name="requests")
    op.drop_index(op.f("ix_requests_chat_id"), table_name="requests")
    op.drop_table("requests")
    op.drop_index(op.f("ix_outbox_update_id"), table_name="outbox")
    op.drop_index(op.f("ix_outbox_sent_at"), table_name="outbox")
    op.drop_index(
        "ix_outbox_due",
        table_name="outbox",
        postgresql_where=sa.text("state in ('waiting', 'sending')"),
    )
    op.drop_index(op.f("ix_outbox_chat_id"), table_name="outbox")
    op.drop_table("outbox")
    op.drop_index(op.f("ix_notices_person_id"), table_name="notices")
    op.drop_index(op.f("ix_notices_chat_id"), table_name="notices")
    op.drop_table("notices")
    op.drop_index(op.f("ix_messages_update_id"), table_name="messages")
    op.drop_index(op.f("ix_messages_edit_of_id"), table_name="messages")
    op.drop_index("ix_messages_chat_id_at", table_name="messages")
    op.drop_table("messages")
    op.drop_index(
        "uq_flags_open", table_name="flags", postgresql_where=sa.text("closed_at is null")
    )
    op.drop_index(op.f("ix_flags_owner_id"), table_name="flags")
    op.drop_index(op.f("ix_flags_chat_id"), table_name="flags")
    op.drop_table("flags")
    op.drop_index(op.f("ix_invitations_person_id"), table_name="invitations")
    op.drop_table("invitations")
    op.drop_index(op.f("ix_chats_heard_at"), table_name="chats")
    op.drop_table("chats")
    op.drop_index(op.f("ix_people_adviser_id"), table_name="people")
    op.drop_table("people")
    op.drop_table("staff")
    op.drop_table("secrets")
    op.drop_index(op.f("ix_questions_month"), table_name="questions")
    op.drop_table("questions")
    op.drop_index(
        "ix_inbox_waiting", table_name="inbox", postgresql_where=sa.text("handled_at is null")
    )
    op.drop_index(op.f("ix_inbox_received_at"), table_name="inbox")
    op.drop_index(op.f("ix_inbox_handled_at"), table_name="inbox")
    op.drop_table("inbox")
    op.drop_table("heartbeats")
