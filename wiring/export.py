"""The safe export, built from the settings."""

import uuid
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from participation.making import ExportError, Made, make
from participation.periods import Period
from settings import Settings
from storage import staff
from wiring.base import load_library, opened


def themes(
    settings: Settings,
    days: tuple[date, date],
    kind: str,
    file: Path,
    *,
    council: str | None,
    by: str | None,
    now: datetime,
) -> Made:
    """Write the report of the months that hold these days into a new file. Raises ExportError.

    The release is kept before the file is: a file that exists shows nothing that is not on record.
    """
    library, zone = load_library(settings), ZoneInfo(settings.timezone)
    about = library.councils.get(council or settings.council)
    if about is None:
        message = f"The council must be one of {', '.join(library.councils)}."
        raise ExportError(message)
    if file.exists():
        message = f"{file} exists. An export is always a new file."
        raise ExportError(message)
    period = Period.around(*days, now.astimezone(zone).date())
    with opened(settings) as database, database.transaction() as session:
        member = staff.by_email(session, by) if by else None
        if by and member is None:
            message = f"No member of staff has the e-mail {by}."
            raise ExportError(message)
        made = make(
            session,
            (about.id, about.name),
            period,
            kind,
            by=member,
            zone=zone,
            now=now,
            request_id=uuid.uuid4().hex,
        )
    with file.open("xb") as new:
        new.write(made.body)
    return made
