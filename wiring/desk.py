"""The staff desk, the bot's name for links, and the doctor: built from the settings."""

from collections.abc import Callable
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rich.console import Console

from checkins.desk import KeepingDesk
from nlu import models
from people.desk import Desk
from safeguarding.screening import Screener
from settings import Settings
from wiring.base import load_library, opened

if TYPE_CHECKING:
    from feedback.desk import StatementDesk
    from feedback.notes_desk import NotesDesk
    from feedback.sharing_desk import SharingDesk


def staff_desk(settings: Settings, out: Console) -> Desk:
    """Return the desk that staff commands work at."""
    return Desk(
        lambda: opened(settings),
        load_library(settings),
        out,
        settings.council,
        ZoneInfo(settings.timezone),
    )


def keeping_desk(settings: Settings) -> KeepingDesk:
    """Return the desk for everything about keeping in touch."""
    return KeepingDesk(
        lambda: opened(settings), load_library(settings), ZoneInfo(settings.timezone)
    )


def statement_desk(settings: Settings, out: Console) -> "StatementDesk":
    """Return the desk at which statements are worked on."""
    from feedback.desk import StatementDesk

    zone = ZoneInfo(settings.timezone)
    return StatementDesk(lambda: opened(settings), load_library(settings), out, zone)


def notes_desk(settings: Settings, out: Console) -> "NotesDesk":
    """Return the desk for what young people say in check-ins and let us count."""
    from feedback.notes_desk import NotesDesk

    return NotesDesk(lambda: opened(settings), out, ZoneInfo(settings.timezone))


def sharing_desk(settings: Settings, out: Console) -> "SharingDesk":
    """Return the desk at which the participation team works for everybody at once."""
    from feedback.sharing_desk import SharingDesk

    zone = ZoneInfo(settings.timezone)
    return SharingDesk(lambda: opened(settings), load_library(settings), out, zone)


def diagnose(settings: Settings) -> list[str]:
    """Return what is well and what is not, a line each."""
    lines = []

    def check(name: str, work: Callable[[], str]) -> None:
        try:
            lines.append(f"✓ {name}: {work()}")
        except Exception as error:  # noqa: BLE001 (whatever is wrong is the answer)
            lines.append(f"✗ {name}: {type(error).__name__}: {error}")

    def database_answers() -> str:
        with opened(settings) as database:
            return f"{database.engine.dialect.name} answers"

    check("content", lambda: f"{len(load_library(settings).articles)} articles")
    check("screening", lambda: type(Screener.load()).__name__ + " loads")
    check("database", database_answers)
    check("model", lambda: models.current(settings.data_dir).name)
    missing = (
        load_library(settings).councils[settings.council].missing()
        if settings.council in load_library(settings).councils
        else ("council",)
    )
    lines.append(
        f"{'!' if missing else '✓'} council numbers: {'missing ' + ', '.join(missing) if missing else 'all there'}"
    )
    lines.append(
        f"{'✓' if settings.telegram_token else '!'} Telegram token: {'set' if settings.telegram_token else 'not set, practice only'}"
    )
    lines.append(
        f"{'✓' if settings.smtp_url else '!'} e-mail: {'set' if settings.smtp_url else 'not set, alerts go to the console'}"
    )
    return lines


#: Stands in links for the bot's name when that is not known.
NO_NAME = "YOUR_BOT"


async def bot_username(settings: Settings) -> str:
    """Return the bot's name for links, or what stands for it when Telegram cannot be asked."""
    if settings.telegram_token is None:
        return NO_NAME
    from bot.telegram.api import Api

    api = Api(settings.telegram_token.get_secret_value(), settings.telegram_api_url)
    try:
        await api.start()
    except Exception:  # noqa: BLE001 (the link is a help, not a need)
        return NO_NAME
    await api.stop()
    return api.username
