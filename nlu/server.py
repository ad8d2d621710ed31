"""Runs Rasa's server: on this machine only, with a token, a checked model and nothing else."""

import asyncio
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from nlu import environment, models
from nlu.client import Client, NluError
from nlu.environment import ROOT

#: For the first words after a start, and for measuring: nobody is waiting.
PATIENT = timedelta(seconds=10)
_STARTS_WITHIN = timedelta(seconds=90)
_ENDS_WITHIN = timedelta(seconds=10)
_LOOPBACK = {"127.0.0.1", "localhost"}
_NOTHING = ROOT / "nlu" / "nothing.yml"


class ServerError(Exception):
    """Rasa's server did not start. Its own words, if any, are in its log."""


def command(model: Path, port: int) -> list[str]:
    """Return the command that serves a model. Raise if the model or Rasa is not to be trusted.

    The token is not in it, since anybody may list processes: it goes by `serving_variables`.
    """
    models.verify(model)
    options = {
        "--model": model.resolve(),
        "--interface": "127.0.0.1",
        "--port": port,
        "--endpoints": _NOTHING,
        "--credentials": _NOTHING,
        "--response-timeout": 10,
        "--request-timeout": 1,
    }
    arguments = [str(part) for option in options.items() for part in option]
    start = [str(environment.python()), "-m", "nlu.components.launch", "run"]
    return [*start, "--enable-api", "--quiet", *arguments]


def serving_variables(data_dir: Path, token: str) -> dict[str, str]:
    """Return the environment for `command`, the token in it."""
    if not token:
        raise ServerError("Rasa needs a token: without one it answers anybody.")
    return environment.variables(data_dir) | {"KITH_RASA_TOKEN": token}


def run(model: Path, *, url: str, token: str, data_dir: Path) -> None:
    """Become Rasa's server at the URL. Does not return. Raise ServerError if it is elsewhere."""
    place = urlsplit(url)
    if place.hostname not in _LOOPBACK or place.port is None:
        raise ServerError("Rasa is served on 127.0.0.1 only: KITH_NLU_URL says somewhere else.")
    serve = command(model, place.port)
    os.chdir(environment.home(data_dir))
    os.execve(serve[0], serve, serving_variables(data_dir, token))  # noqa: S606  Our own command.


@contextmanager
def start(model: Path, *, token: str, data_dir: Path, port: int | None = None) -> Iterator[str]:
    """Give the URL of a server of our own, ready for its first message, and end it afterwards.

    Takes a free port unless told one. Raise ServerError if it is not ready in time.
    """
    port = port or _free_port()
    log = environment.home(data_dir) / f"server-{port}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(  # noqa: S603  Our own command.
            command(model, port),
            cwd=environment.home(data_dir),
            env=serving_variables(data_dir, token),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(process, Client(url, token, PATIENT), log)
        yield url
    finally:
        _end(process)
    log.unlink(missing_ok=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(process: "subprocess.Popen[bytes]", client: Client, log: Path) -> None:
    late = time.monotonic() + _STARTS_WITHIN.total_seconds()
    while time.monotonic() < late:
        if process.poll() is not None:
            raise ServerError(f"Rasa ended with {process.returncode} at start; see {log.name}.")
        if asyncio.run(client.ready()):
            return _warm(client)
        time.sleep(0.25)  # At start, before anything is served.
    raise ServerError(f"Rasa was not ready in time; see {log.name}.")


def _warm(client: Client) -> None:
    try:
        client.parse_now("hello")
    except NluError as error:
        raise ServerError(f"Rasa is up but does not answer: {error}") from error


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(_ENDS_WITHIN.total_seconds())
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
