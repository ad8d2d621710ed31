"""Sealing every word again under the newest key, a batch at a time, so that it can be stopped and resumed."""

from sqlalchemy import Column, Table, select, type_coerce, update
from sqlalchemy.types import Text

from storage import encryption
from storage.database import Database
from storage.encryption import Sealed
from storage.tables import Base

BATCH = 500


def sealed_columns() -> list[Column[str]]:
    """Return every column that holds sealed words."""
    return [
        column
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Sealed)
    ]


def rotate(database: Database) -> int:
    """Seal again what an older key sealed, and return how many values that was.

    Each batch is one transaction: stopped half-way, the next run goes on where it was.
    """
    return sum(_rotate(database, column) for column in sealed_columns())


def _rotate(database: Database, column: Column[str]) -> int:
    table, ring = column.table, encryption.keyring()
    stored = type_coerce(column, Text)
    newest = f"{encryption.PREFIX}.{ring.newest}.%"
    done = 0
    if not isinstance(table, Table):
        return done
    keys = list(table.primary_key.columns)
    while True:
        with database.transaction() as session:
            rows = session.execute(
                select(*keys, stored.label("stored"))
                .where(column.is_not(None), stored.not_like(newest))
                .limit(BATCH)
                .with_for_update()
            ).all()
            for row in rows:
                name = column.type.column if isinstance(column.type, Sealed) else ""
                fresh = ring.seal(ring.open(row.stored, column=name), column=name)
                where = [key == value for key, value in zip(keys, row, strict=False)]
                session.execute(
                    update(table).where(*where).values({column: type_coerce(fresh, Text)})
                )
            done += len(rows)
        if len(rows) < BATCH:
            return done
