"""Writes a migration: what the tables in code have that the migrations do not make yet.

    make migration MESSAGE="what changed"

It is compared with a database of its own, made for the purpose and thrown away.
"""

import sys
import tempfile
from pathlib import Path

from alembic import command

from storage.database import connect, embedded_url, migration_settings, upgrade


def main() -> int:
    """Write the migration and print where it is; read it before you commit it."""
    message = " ".join(sys.argv[1:]).strip()
    if not message:
        sys.stderr.write('Say what changed: make migration MESSAGE="what changed"\n')
        return 2
    with tempfile.TemporaryDirectory(prefix="kith") as folder:
        database = connect(embedded_url(Path(folder)))
        try:
            upgrade(database)
            number = len(list((Path(__file__).parent / "versions").glob("[0-9]*.py"))) + 1
            command.revision(
                migration_settings(database),
                message=message,
                autogenerate=True,
                rev_id=f"{number:04}",
            )
        finally:
            database.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
