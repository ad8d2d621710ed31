"""notes from check-ins that may be counted"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go forward."""
    op.add_column('check_in_answers', sa.Column('words_at', sa.DateTime(timezone=True), nullable=True))
    op.create_table('counted_notes',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('answer_id', sa.BigInteger(), nullable=False),
    sa.Column('reference', sa.String(length=10), nullable=False),
    sa.Column('council', sa.String(length=40), nullable=False),
    sa.Column('tone', sa.String(length=8), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['answer_id'], ['check_in_answers.id'], name=op.f('fk_counted_notes_answer_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_counted_notes')),
    sa.UniqueConstraint('answer_id', name=op.f('uq_counted_notes_answer_id')),
    sa.UniqueConstraint('reference', name=op.f('uq_counted_notes_reference'))
    )
    op.create_index(op.f('ix_counted_notes_at'), 'counted_notes', ['at'], unique=False)
    op.create_table('note_themes',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('note_id', sa.BigInteger(), nullable=False),
    sa.Column('theme', sa.String(length=60), nullable=False),
    sa.Column('source', sa.String(length=8), nullable=False),
    sa.Column('refused', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('confidence', sa.Float(), nullable=True),
    sa.Column('by_id', sa.Uuid(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("source in ('machine', 'person', 'staff')", name=op.f('ck_note_themes_source')),
    sa.ForeignKeyConstraint(['by_id'], ['staff.id'], name=op.f('fk_note_themes_by_id')),
    sa.ForeignKeyConstraint(['note_id'], ['counted_notes.id'], name=op.f('fk_note_themes_note_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_note_themes'))
    )
    op.create_index(op.f('ix_note_themes_by_id'), 'note_themes', ['by_id'], unique=False)
    op.create_index(op.f('ix_note_themes_note_id'), 'note_themes', ['note_id'], unique=False)
    op.create_index(op.f('ix_note_themes_theme'), 'note_themes', ['theme'], unique=False)


def downgrade() -> None:
    """Go back."""
    op.drop_index(op.f('ix_note_themes_theme'), table_name='note_themes')
    op.drop_index(op.f('ix_note_themes_note_id'), table_name='note_themes')
    op.drop_index(op.f('ix_note_themes_by_id'), table_name='note_themes')
    op.drop_table('note_themes')
    op.drop_index(op.f('ix_counted_notes_at'), table_name='counted_notes')
    op.drop_table('counted_notes')
    op.drop_column('check_in_answers', 'words_at')
