"""How Alembic reaches the database: through the connection or engine that Kith hands it."""

from alembic import context
from sqlalchemy import Connection

from storage.tables import Base

config = context.config


def migrate(connection: Connection) -> None:
    """Migrate on one connection, in one transaction."""
    context.configure(connection=connection, target_metadata=Base.metadata, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()


if (given := config.attributes.get("connection")) is not None:
    migrate(given)
else:
    with config.attributes["engine"].connect() as own:
        migrate(own)
        own.commit()
