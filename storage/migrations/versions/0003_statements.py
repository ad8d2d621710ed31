"""statements"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = '0003'
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go forward."""
    op.create_table('scenario_copies',
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('scenario', sa.String(length=40), nullable=False),
    sa.Column('version', sa.SmallInteger(), nullable=False),
    sa.Column('body', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('kept_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_scenario_copies'))
    )
    op.create_index(op.f('ix_scenario_copies_scenario'), 'scenario_copies', ['scenario'], unique=False)
    op.create_table('statements',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('reference', sa.String(length=10), nullable=False),
    sa.Column('chat_id', sa.BigInteger(), nullable=True),
    sa.Column('person_id', sa.Uuid(), nullable=True),
    sa.Column('council', sa.String(length=40), nullable=True),
    sa.Column('age_band', sa.String(length=8), nullable=True),
    sa.Column('scenario', sa.String(length=40), nullable=False),
    sa.Column('scenario_version', sa.SmallInteger(), nullable=False),
    sa.Column('copy_digest', sa.String(length=64), nullable=False),
    sa.Column('origin', sa.String(length=12), nullable=False),
    sa.Column('easy', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('stage', sa.String(length=12), nullable=False),
    sa.Column('question', sa.String(length=40), server_default='', nullable=False),
    sa.Column('audience', sa.String(length=30), nullable=True),
    sa.Column('complaint', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('hidden_from_id', sa.Uuid(), nullable=True),
    sa.Column('route', sa.String(length=20), nullable=True),
    sa.Column('owner_id', sa.Uuid(), nullable=True),
    sa.Column('feelings', postgresql.ARRAY(sa.String(length=10)), server_default='{}', nullable=False),
    sa.Column('sorted', sa.Boolean(), nullable=True),
    sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('touched_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('rested_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answer_by', sa.DateTime(timezone=True), nullable=True),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("origin in ('own', 'easy', 'with_worker', 'check_in', 'survey')", name=op.f('ck_statements_origin')),
    sa.CheckConstraint("state in ('draft', 'kept', 'sent', 'opened', 'in_hand', 'done', 'cannot', 'withdrawn', 'deleted')", name=op.f('ck_statements_state')),
    sa.ForeignKeyConstraint(['chat_id'], ['chats.id'], name=op.f('fk_statements_chat_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['copy_digest'], ['scenario_copies.digest'], name=op.f('fk_statements_copy_digest')),
    sa.ForeignKeyConstraint(['hidden_from_id'], ['staff.id'], name=op.f('fk_statements_hidden_from_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['staff.id'], name=op.f('fk_statements_owner_id')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_statements_person_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_statements')),
    sa.UniqueConstraint('reference', name=op.f('uq_statements_reference'))
    )
    op.create_index(op.f('ix_statements_chat_id'), 'statements', ['chat_id'], unique=False)
    op.create_index(op.f('ix_statements_closed_at'), 'statements', ['closed_at'], unique=False)
    op.create_index(op.f('ix_statements_copy_digest'), 'statements', ['copy_digest'], unique=False)
    op.create_index(op.f('ix_statements_council'), 'statements', ['council'], unique=False)
    op.create_index('ix_statements_open', 'statements', ['due_at'], unique=False, postgresql_where=sa.text('closed_at is null'))
    op.create_index(op.f('ix_statements_owner_id'), 'statements', ['owner_id'], unique=False)
    op.create_index(op.f('ix_statements_person_id'), 'statements', ['person_id'], unique=False)
    op.create_index(op.f('ix_statements_scenario'), 'statements', ['scenario'], unique=False)
    op.create_index(op.f('ix_statements_sent_at'), 'statements', ['sent_at'], unique=False)
    op.create_index(op.f('ix_statements_state'), 'statements', ['state'], unique=False)
    op.create_index('uq_statements_active', 'statements', ['chat_id'], unique=True, postgresql_where=sa.text("state = 'draft' and rested_at is null"))
    op.create_table('answers',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('statement_id', sa.BigInteger(), nullable=False),
    sa.Column('question', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.Column('quotable', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('consent', sa.String(length=10), server_default='no', nullable=False),
    sa.Column('consent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('former_id', sa.BigInteger(), nullable=True),
    sa.Column('update_id', sa.BigInteger(), nullable=True),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('replaced_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("consent in ('yes', 'reworded', 'no')", name=op.f('ck_answers_consent')),
    sa.ForeignKeyConstraint(['former_id'], ['answers.id'], name=op.f('fk_answers_former_id'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['statement_id'], ['statements.id'], name=op.f('fk_answers_statement_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['update_id'], ['inbox.id'], name=op.f('fk_answers_update_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_answers'))
    )
    op.create_index(op.f('ix_answers_former_id'), 'answers', ['former_id'], unique=False)
    op.create_index(op.f('ix_answers_statement_id'), 'answers', ['statement_id'], unique=False)
    op.create_index(op.f('ix_answers_update_id'), 'answers', ['update_id'], unique=False)
    op.create_index('uq_answers_current', 'answers', ['statement_id', 'question'], unique=True, postgresql_where=sa.text('replaced_at is null'))
    op.create_table('statement_events',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('statement_id', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_id', sa.Uuid(), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.CheckConstraint("state in ('draft', 'kept', 'sent', 'opened', 'in_hand', 'done', 'cannot', 'withdrawn', 'deleted')", name=op.f('ck_statement_events_state')),
    sa.ForeignKeyConstraint(['by_id'], ['staff.id'], name=op.f('fk_statement_events_by_id')),
    sa.ForeignKeyConstraint(['statement_id'], ['statements.id'], name=op.f('fk_statement_events_statement_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_statement_events'))
    )
    op.create_index(op.f('ix_statement_events_by_id'), 'statement_events', ['by_id'], unique=False)
    op.create_index(op.f('ix_statement_events_statement_id'), 'statement_events', ['statement_id'], unique=False)
    op.create_table('statement_themes',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('statement_id', sa.BigInteger(), nullable=False),
    sa.Column('theme', sa.String(length=60), nullable=False),
    sa.Column('source', sa.String(length=8), nullable=False),
    sa.Column('refused', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('confidence', sa.Float(), nullable=True),
    sa.Column('by_id', sa.Uuid(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("source in ('machine', 'person', 'staff')", name=op.f('ck_statement_themes_source')),
    sa.ForeignKeyConstraint(['by_id'], ['staff.id'], name=op.f('fk_statement_themes_by_id')),
    sa.ForeignKeyConstraint(['statement_id'], ['statements.id'], name=op.f('fk_statement_themes_statement_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_statement_themes'))
    )
    op.create_index(op.f('ix_statement_themes_by_id'), 'statement_themes', ['by_id'], unique=False)
    op.create_index(op.f('ix_statement_themes_statement_id'), 'statement_themes', ['statement_id'], unique=False)
    op.create_index(op.f('ix_statement_themes_theme'), 'statement_themes', ['theme'], unique=False)
    op.add_column('alerts', sa.Column('statement_id', sa.BigInteger(), nullable=True))
    op.create_index(op.f('ix_alerts_statement_id'), 'alerts', ['statement_id'], unique=False)
    op.create_foreign_key(op.f('fk_alerts_statement_id'), 'alerts', 'statements', ['statement_id'], ['id'], ondelete='CASCADE')
    op.drop_constraint(op.f("ck_alerts_one_subject"), "alerts", type_="check")
    op.create_check_constraint(op.f("ck_alerts_one_subject"), "alerts", "num_nonnulls(flag_id, request_id, statement_id) = 1")


def downgrade() -> None:
    """Go back."""
    op.drop_constraint(op.f("ck_alerts_one_subject"), "alerts", type_="check")
    op.execute("delete from alerts where statement_id is not null")
    op.create_check_constraint(op.f("ck_alerts_one_subject"), "alerts", "num_nonnulls(flag_id, request_id) = 1")
    op.drop_constraint(op.f('fk_alerts_statement_id'), 'alerts', type_='foreignkey')
    op.drop_index(op.f('ix_alerts_statement_id'), table_name='alerts')
    op.drop_column('alerts', 'statement_id')
    op.drop_index(op.f('ix_statement_themes_theme'), table_name='statement_themes')
    op.drop_index(op.f('ix_statement_themes_statement_id'), table_name='statement_themes')
    op.drop_index(op.f('ix_statement_themes_by_id'), table_name='statement_themes')
    op.drop_table('statement_themes')
    op.drop_index(op.f('ix_statement_events_statement_id'), table_name='statement_events')
    op.drop_index(op.f('ix_statement_events_by_id'), table_name='statement_events')
    op.drop_table('statement_events')
    op.drop_index('uq_answers_current', table_name='answers', postgresql_where=sa.text('replaced_at is null'))
    op.drop_index(op.f('ix_answers_update_id'), table_name='answers')
    op.drop_index(op.f('ix_answers_statement_id'), table_name='answers')
    op.drop_index(op.f('ix_answers_former_id'), table_name='answers')
    op.drop_table('answers')
    op.drop_index('uq_statements_active', table_name='statements', postgresql_where=sa.text("state = 'draft' and rested_at is null"))
    op.drop_index(op.f('ix_statements_state'), table_name='statements')
    op.drop_index(op.f('ix_statements_sent_at'), table_name='statements')
    op.drop_index(op.f('ix_statements_scenario'), table_name='statements')
    op.drop_index(op.f('ix_statements_person_id'), table_name='statements')
    op.drop_index(op.f('ix_statements_owner_id'), table_name='statements')
    op.drop_index('ix_statements_open', table_name='statements', postgresql_where=sa.text('closed_at is null'))
    op.drop_index(op.f('ix_statements_council'), table_name='statements')
    op.drop_index(op.f('ix_statements_copy_digest'), table_name='statements')
    op.drop_index(op.f('ix_statements_closed_at'), table_name='statements')
    op.drop_index(op.f('ix_statements_chat_id'), table_name='statements')
    op.drop_table('statements')
    op.drop_index(op.f('ix_scenario_copies_scenario'), table_name='scenario_copies')
    op.drop_table('scenario_copies')
