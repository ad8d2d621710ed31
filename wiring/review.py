"""What the review list needs from the database, when there is one. Never starts one for it."""

from datetime import date, timedelta

from sqlalchemy.exc import OperationalError

from content.review import Usage
from settings import Settings, SettingsError, load
from storage import answers
from storage.database import DatabaseError
from wiring.base import opened

LOOK_BACK = timedelta(days=365)


def usage(today: date) -> tuple[Usage | None, str]:
    """Return how answers were used in the last year, or None and the reason why it is not known."""
    try:
        settings = load()
        if not _has_database(settings):
            return None, "there is no database here"
        with opened(settings) as database, database.transaction() as session:
            month = (today - LOOK_BACK).replace(day=1)
            return Usage(
                asked=answers.asked_since(session, month),
                wrong=answers.outcomes_since(session, month, "wrong"),
                old=answers.outcomes_since(session, month, "old"),
                unanswered=answers.outcomes_since(session, month, "unanswered"),
            ), ""
    except (SettingsError, DatabaseError, OSError) as error:
        return None, str(error)
    except OperationalError:
        return None, "the database cannot be opened"


def _has_database(settings: Settings) -> bool:
    """Whether there is one already: the embedded one would be made by opening it."""
    return settings.database_url is not None or (settings.data_dir / "postgres").exists()
