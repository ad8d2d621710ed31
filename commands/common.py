"""What every command shares: where it prints, and how it fails in one sentence."""

import contextlib
from collections.abc import Iterator

import typer
from rich.console import Console

from settings import Settings, load_or_exit
from wiring import base

out = Console(highlight=False, soft_wrap=True)
errors = Console(stderr=True, highlight=False, soft_wrap=True)


def fail(sentence: str) -> typer.Exit:
    """Say what went wrong in one sentence, and end with status 1."""
    errors.print(sentence, style="bold red", markup=False)
    return typer.Exit(1)


def started() -> Settings:
    """Return the settings, with logging set up for a command."""
    settings = load_or_exit()
    base.set_up_logging(settings)
    return settings


#: An error of ours is a sentence that says what to do; so are the machine's about files and networks.
OURS = frozenset(
    {
        "bot",
        "checkins",
        "content",
        "dashboard",
        "feedback",
        "nlu",
        "participation",
        "people",
        "safeguarding",
        "scheduler",
        "storage",
        "settings",
    }
)


def foreseen(error: Exception) -> bool:
    """Whether an error says by itself what is wrong."""
    return (
        type(error).__module__.split(".")[0] in OURS
        or isinstance(error, OSError)
        or type(error).__name__ == "OperationalError"
    )


@contextlib.contextmanager
def failing_clearly() -> Iterator[None]:
    """Turn an error that we foresee into one sentence."""
    try:
        yield
    except typer.Exit:
        raise
    except Exception as error:
        if not foreseen(error):
            raise
        raise fail(str(error)) from error
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


@contextlib.contextmanager
def desk_errors() -> Iterator[None]:
    """Turn a wrong reference or name into one sentence."""
    from people.desk import DeskError

    try:
        yield
    except DeskError as error:
        raise fail(str(error)) from error
