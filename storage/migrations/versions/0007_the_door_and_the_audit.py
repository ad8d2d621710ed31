"""the door and the audit"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

#: Rows of the audit are added and never changed or taken out. Sealing words again under a new key
#: changes `reason` and `address`, which are not part of the chain.
ONLY_ADDED = """
create function traces_are_only_added() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and (old.id, old.at, old.action, old.about, old.request_id, old.chain)
      = (new.id, new.at, new.action, new.about, new.request_id, new.chain)
      and old.staff_id is not distinct from new.staff_id
      and old.person_id is not distinct from new.person_id then
    return new;
  end if;
  raise exception 'rows of the audit are only ever added';
end $$;
create trigger traces_are_only_added before update or delete on traces
  for each row execute function traces_are_only_added();
create trigger traces_are_not_emptied before truncate on traces
  for each statement execute function traces_are_only_added();
"""


def upgrade() -> None:
    """Go forward."""
    op.create_table('doors',
    sa.Column('staff_id', sa.Uuid(), nullable=False),
    sa.Column('mark', sa.String(length=64), nullable=False),
    sa.Column('link_index', sa.LargeBinary(), nullable=True),
    sa.Column('link_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_step', sa.BigInteger(), nullable=True),
    sa.Column('failures', sa.SmallInteger(), server_default='0', nullable=False),
    sa.Column('failing_since', sa.DateTime(timezone=True), nullable=True),
    sa.Column('locked_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_in_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_doors_staff_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('staff_id', name=op.f('pk_doors')),
    sa.UniqueConstraint('link_index', name=op.f('uq_doors_link_index')),
    sa.UniqueConstraint('mark', name=op.f('uq_doors_mark'))
    )
    op.create_table('traces',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('staff_id', sa.Uuid(), nullable=True),
    sa.Column('action', sa.String(length=40), nullable=False),
    sa.Column('about', sa.String(length=60), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('address', sa.Text(), nullable=True),
    sa.Column('request_id', sa.String(length=32), nullable=False),
    sa.Column('chain', sa.LargeBinary(length=32), nullable=False),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_traces_staff_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_traces'))
    )
    op.create_index(op.f('ix_traces_at'), 'traces', ['at'], unique=False)
    op.create_index(op.f('ix_traces_person_id'), 'traces', ['person_id'], unique=False)
    op.create_index(op.f('ix_traces_staff_id'), 'traces', ['staff_id'], unique=False)
    op.create_table('visits',
    sa.Column('id_index', sa.LargeBinary(), nullable=False),
    sa.Column('data', sa.Text(), nullable=False),
    sa.Column('staff_id', sa.Uuid(), nullable=True),
    sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_visits_staff_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id_index', name=op.f('pk_visits'))
    )
    op.create_index(op.f('ix_visits_seen_at'), 'visits', ['seen_at'], unique=False)
    op.create_index(op.f('ix_visits_staff_id'), 'visits', ['staff_id'], unique=False)
    op.create_table('notes',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('flag_id', sa.BigInteger(), nullable=False),
    sa.Column('staff_id', sa.Uuid(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['flag_id'], ['flags.id'], name=op.f('fk_notes_flag_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['staff_id'], ['staff.id'], name=op.f('fk_notes_staff_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notes'))
    )
    op.create_index(op.f('ix_notes_flag_id'), 'notes', ['flag_id'], unique=False)
    op.add_column('flags', sa.Column('done', sa.Text(), nullable=True))
    op.add_column('flags', sa.Column('closing_id', sa.Uuid(), nullable=True))
    op.add_column('flags', sa.Column('verdict', sa.String(length=12), nullable=True))
    op.add_column('flags', sa.Column('snoozed_until', sa.DateTime(timezone=True), nullable=True))
    op.add_column('flags', sa.Column('version', sa.Integer(), server_default='1', nullable=False))
    op.create_foreign_key(op.f('fk_flags_closing_id'), 'flags', 'staff', ['closing_id'], ['id'])
    op.execute(ONLY_ADDED)


def downgrade() -> None:
    """Go back."""
    op.drop_constraint(op.f('fk_flags_closing_id'), 'flags', type_='foreignkey')
    op.drop_column('flags', 'version')
    op.drop_column('flags', 'snoozed_until')
    op.drop_column('flags', 'verdict')
    op.drop_column('flags', 'closing_id')
    op.drop_column('flags', 'done')
    op.drop_index(op.f('ix_notes_flag_id'), table_name='notes')
    op.drop_table('notes')
    op.drop_index(op.f('ix_visits_staff_id'), table_name='visits')
    op.drop_index(op.f('ix_visits_seen_at'), table_name='visits')
    op.drop_table('visits')
    op.drop_index(op.f('ix_traces_staff_id'), table_name='traces')
    op.drop_index(op.f('ix_traces_person_id'), table_name='traces')
    op.drop_index(op.f('ix_traces_at'), table_name='traces')
    op.drop_table('traces')
    op.execute('drop function traces_are_only_added')
    op.drop_table('doors')
