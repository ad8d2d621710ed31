"""Staff as Flask-Security knows them: values only, read anew with every request."""

from typing import Any

from flask_security import RoleMixin, UserMixin
from flask_security.datastore import UserDatastore

from storage import doors
from storage.database import Database
from storage.tables import Staff


class Account(UserMixin):
    """One member of staff who is signed in. `fs_uniquifier` is the mark of their door."""

    id: Any = None
    email: str = ""
    password: str | None = None
    fs_uniquifier: str = ""
    active: bool = False
    roles: list[Any] = []  # noqa: RUF012 (roles are ours: people/access.py)

    def __init__(self, member: Staff, mark: str) -> None:
        """Copy what is needed, so that nothing hangs on a session of the database."""
        self.id, self.email, self.password = member.id, member.email, member.password_hash
        self.fs_uniquifier, self.active = mark, member.left_at is None


class Accounts(UserDatastore):
    """Where Flask-Security looks an account up. It never writes: we do, in our own transactions."""

    def __init__(self, database: Database) -> None:
        """Remember the database."""
        super().__init__(Account, RoleMixin)
        self._database = database

    def find_user(self, case_insensitive: bool = False, **wanted: Any) -> Account | None:  # noqa: ARG002, FBT001, FBT002 (the library's signature)
        """Return who has a mark, unless they have left."""
        mark = wanted.get("fs_uniquifier")
        if not mark:
            return None
        with self._database.transaction() as session:
            member = doors.by_mark(session, str(mark))
            return Account(member, str(mark)) if member else None

    def find_role(self, role: str) -> None:
        """Return nothing: what roles may do is decided in people/access.py."""
        del role

    def put(self, model: Any) -> Any:
        """Keep nothing."""
        return model

    def commit(self) -> None:
        """Keep nothing."""
