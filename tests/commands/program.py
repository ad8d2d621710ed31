"""The program as somebody types it, with a database of its own."""

from typer.testing import CliRunner, Result

from cli import app


class Kith:
    """The program, with a database of its own."""

    def __init__(self, environment: dict[str, str]) -> None:
        """Remember where it is."""
        self.environment = environment

    def __call__(self, *arguments: str, ok: bool = True) -> str:
        """Type a command and return what it printed."""
        found: Result = CliRunner().invoke(app, list(arguments), env=self.environment)
        assert (found.exit_code == 0) is ok, found.output
        return found.output
