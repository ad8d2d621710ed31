"""Staff accounts, found and made."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.tables import Staff


def by_email(session: Session, email: str) -> Staff | None:
    """Return the member of staff with an e-mail, unless they have left."""
    return session.scalar(
        select(Staff).where(Staff.email == email.casefold(), Staff.left_at.is_(None))
    )


def at_work(session: Session, council: str | None) -> list[Staff]:
    """Return the staff of a council who have not left, whoever came first on top; of all without one."""
    query = select(Staff).where(Staff.left_at.is_(None)).order_by(Staff.added_at)
    return [one for one in session.scalars(query) if council is None or one.council == council]


def add(
    session: Session, *, email: str, name: str, role: str, council: str, now: datetime
) -> Staff:
    """Add a member of staff. The caller commits."""
    staff = Staff(email=email.casefold(), name=name, role=role, council=council, added_at=now)
    session.add(staff)
    session.flush()
    return staff
