"""events, interests, test chats; what is let be, why somebody cannot be reached"""

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
    op.create_table('events',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('reference', sa.String(length=10), nullable=False),
    sa.Column('council', sa.String(length=40), nullable=False),
    sa.Column('interest', sa.String(length=30), nullable=False),
    sa.Column('place', sa.String(length=60), nullable=True),
    sa.Column('youngest', sa.SmallInteger(), nullable=False),
    sa.Column('oldest', sa.SmallInteger(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('happens_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('state', sa.String(length=10), server_default='draft', nullable=False),
    sa.Column('made_by_id', sa.Uuid(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('approved_by_id', sa.Uuid(), nullable=True),
    sa.Column('approved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sent_by_id', sa.Uuid(), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cancelled_by_id', sa.Uuid(), nullable=True),
    sa.Column('cancelled_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state in ('draft', 'sending', 'cancelled')", name=op.f('ck_events_state')),
    sa.CheckConstraint('approved_by_id <> made_by_id', name=op.f('ck_events_approved_by_another')),
    sa.CheckConstraint('oldest >= youngest', name=op.f('ck_events_ages')),
    sa.ForeignKeyConstraint(['approved_by_id'], ['staff.id'], name=op.f('fk_events_approved_by_id')),
    sa.ForeignKeyConstraint(['cancelled_by_id'], ['staff.id'], name=op.f('fk_events_cancelled_by_id')),
    sa.ForeignKeyConstraint(['made_by_id'], ['staff.id'], name=op.f('fk_events_made_by_id')),
    sa.ForeignKeyConstraint(['sent_by_id'], ['staff.id'], name=op.f('fk_events_sent_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_events')),
    sa.UniqueConstraint('reference', name=op.f('uq_events_reference'))
    )
    op.create_table('interests',
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(length=66), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_interests_person_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('person_id', 'name', name=op.f('pk_interests'))
    )
    op.create_table('trial_chats',
    sa.Column('staff_id', sa.Uuid(), nullable=False),
    sa.Column('code_index', sa.LargeBinary(), nullable=True),
    sa.Column('code_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('chat_id', sa.BigInteger(), nullable=True),
    sa.ForeignKeyConstraint(['chat_id'], ['chats.id'], name=op.f('fk_trial_chats_chat_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_trial_chats_staff_id')),
    sa.PrimaryKeyConstraint('staff_id', name=op.f('pk_trial_chats')),
    sa.UniqueConstraint('chat_id', name=op.f('uq_trial_chats_chat_id')),
    sa.UniqueConstraint('code_index', name=op.f('uq_trial_chats_code_index'))
    )


def downgrade() -> None:
    """Go back."""
    op.drop_table("trial_chats")
    op.drop_table("interests")
    op.drop_table("events")
    op.execute("update outbox set state = 'failed' where state = 'dropped'")
    _states(STATES)
    op.drop_column("chats", "unreachable_why")
