"""What is due is found without reading what waits behind it."""

from collections.abc import Collection
from datetime import timedelta

import pytest
from sqlalchemy import text, update
from sqlalchemy.orm import Session

from checkins import inviting, sending
from storage import due
from storage.database import Database
from storage.tables import Due
from storage.tables.keeping_in_touch import DueKind, DueState
from tests import cast
from tests.cast import NOW
from tests.storage.reading import most_rows_read

#: With so many and nothing counted, PostgreSQL sorts all of them unless an index is made for the question.
MANY = 20_000
FILL = text("""
insert into due_contacts (person_id, kind, what, due_at, expires_at, once_key, made_at)
select :person, :kind, 'much', cast(:now as timestamptz) - number * interval '1 second',
       cast(:now as timestamptz) + interval '1 day', 'much' || number, :now
from generate_series(1, :many) number
""")


def fill(session: Session, kind: str) -> None:
    """Let very much wait for somebody, all of it due."""
    person = cast.person(session, cast.wren(session))
    session.execute(FILL, {"person": person.id, "kind": kind, "now": NOW, "many": MANY})


@pytest.mark.parametrize("kinds", [sending.KINDS, inviting.KINDS])
def test_a_claim_reads_one_row_however_many_wait(
    database: Database, kinds: Collection[DueKind]
) -> None:
    with database.transaction() as session:
        fill(session, next(iter(kinds)))

    assert most_rows_read(database, due.first_due(NOW, kinds)) == 1


def test_a_look_reads_one_row_however_many_were_sent_at_once(database: Database) -> None:
    with database.transaction() as session:
        fill(session, DueKind.CHECK_IN)
        session.execute(update(Due).values(state=DueState.SENT, look_again_at=NOW))

    assert most_rows_read(database, due.first_look(NOW)) == 1


def test_a_claim_takes_what_has_been_due_longest_of_its_kinds(session: Session) -> None:
    fill(session, DueKind.EVENT)

    first = due.claim(session, NOW, inviting.KINDS)

    assert first is not None
    assert first.once_key == f"much{MANY}"
    assert due.claim(session, NOW, sending.KINDS) is None
    assert due.claim(session, NOW - timedelta(seconds=MANY + 1), inviting.KINDS) is None
