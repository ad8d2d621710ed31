"""Letters to staff about no young person: each due once, whoever asks for it again."""

import uuid
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from storage.tables import Alert


def write(
    session: Session,
    kind: str,
    about: str,
    staff_id: uuid.UUID | None,
    now: datetime,
    *,
    once_in: str = "",
) -> bool:
    """Make a letter due; False when there was one already about the same, in the same `once_in`.

    Without a member of staff it goes to the duty address. The caller commits.
    """
    made = session.execute(
        insert(Alert)
        .values(
            kind=kind,
            about=about,
            once_key=f"{kind}:{about}:{once_in}:{staff_id or 'duty'}",
            staff_id=staff_id,
            urgent=False,
            made_at=now,
            due_at=now,
        )
        .on_conflict_do_nothing()
        .returning(Alert.id)
    )
    return made.first() is not None
