"""`python -m benchmarks.pages`: the staff pages with 5,000 people and 2 million messages, fifty staff at once.

Fills a database of its own, serves the real dashboard beside it, signs fifty members of staff in as a
browser does, and lets them click. Writes `docs/benchmarks-pages.md`.
"""

import argparse
import os
import random
import re
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import httpx
from passlib.totp import TOTP

from benchmarks import filling, machine, report
from benchmarks.filling import PASSWORD, Account
from benchmarks.processes import Started, free_port
from benchmarks.tables import listed, milliseconds, table
from storage.database import connect, embedded_url, unlock, upgrade

ROOT = Path(__file__).parent.parent
PROGRAM = Path(sys.executable).with_name("kith")
KEY = "b" * 40
WANTED = 0.3
#: How long somebody looks at a page before the next: between these, so five seconds on average.
LOOKS = (2.0, 8.0)
STARTS_WITHIN = 120.0
ADVISER = ("/day", "/flags", "/requests", "/statements", "/people", "/people?sort=heard")
MANAGER = (*ADVISER, "/people?sort=name", "/people?only=late", "/announcements", "/staff")
PARTICIPATION = ("/day", "/statements", "/announcements", "/surveys", "/gaps", "/content")
PAGES = {"adviser": ADVISER, "manager": MANAGER, "participation": PARTICIPATION}
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
PERSON = re.compile(r'href="(/people/[0-9a-f-]{36})"')


@dataclass
class Clicked:
    """What came of the clicks on each page: seconds, and answers that were no page."""

    seconds: dict[tuple[str, str], list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    #: Seconds of processor time that the dashboard used.
    processor: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, role: str, page: str, seconds: float, status: int) -> None:
        """Keep one answer."""
        with self.lock:
            self.seconds[page, role].append(seconds)
            if status != httpx.codes.OK:
                self.wrong[f"{page} ({status})"] += 1


def main() -> int:
    """Fill, measure, print and write."""
    options = _options()
    busy, started = machine.busy(), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="kith-pages-", ignore_cleanup_errors=True) as folder:
        database = connect(embedded_url(Path(folder)))
        upgrade(database)
        unlock(database, (KEY,))
        accounts = filling.fill(database, options.people, options.messages, datetime.now(UTC))
        database.close()
        filled = time.monotonic() - started
        clicked = _measure(Path(folder), database.url, accounts[: options.staff], options.seconds)
    facts = [*machine.facts(), report.business(busy)]
    text = _written(options, facts, clicked, filled)
    options.out.write_text(text, "utf-8")
    sys.stdout.write(text)
    return 1 if clicked.wrong else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__)
    parser.add_argument("--people", type=int, default=5_000)
    parser.add_argument("--messages", type=int, default=2_000_000)
    parser.add_argument("--staff", type=int, default=50, help="how many click at once, at most 50")
    parser.add_argument("--seconds", type=float, default=120.0, help="for how long")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "benchmarks-pages.md")
    parser.add_argument("--on", type=date.fromisoformat, default=datetime.now(UTC).date())
    return parser.parse_args()


def _measure(folder: Path, url: str, accounts: Sequence[Account], seconds: float) -> Clicked:
    port, clicked = free_port(), Clicked()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KITH_")}
    environment = kept | {
        "KITH_DATABASE_URL": url,
        "KITH_SECRET_KEYS": KEY,
        "KITH_DATA_DIR": str(folder / "data"),
        "KITH_DASHBOARD_PORT": str(port),
        "KITH_LOG_LEVEL": "ERROR",
    }
    command = [PROGRAM, "dashboard"]
    with Started("dashboard", command, folder=folder, environment=environment) as dashboard:
        address = f"http://127.0.0.1:{port}"
        _wait(address)
        browsers = [_sign_in(address, one) for one in accounts]
        ends_at, used = time.monotonic() + seconds, dashboard.processor_time()
        threads = [
            threading.Thread(target=_click, args=(browser, one, ends_at, clicked))
            for browser, one in zip(browsers, accounts, strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        clicked.processor = dashboard.processor_time() - used
    return clicked


def _wait(address: str) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        try:
            if httpx.get(f"{address}/healthz").status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise SystemExit("The dashboard did not start.")


def _sign_in(address: str, account: Account) -> httpx.Client:
    """Sign in by the form. The cookie is for TLS only, so it is carried by hand."""
    browser = httpx.Client(base_url=address, timeout=60.0)
    form = browser.get("/sign-in")
    _carry(browser, form)
    token = TOKEN.search(form.text)
    given = {
        "csrf_token": token[1] if token else "",
        "email": account.email,
        "password": PASSWORD,
        "code": str(TOTP(key=account.key).generate().token),
    }
    answer = browser.post("/sign-in", data=given)
    _carry(browser, answer)
    if answer.status_code != httpx.codes.SEE_OTHER:
        raise SystemExit(f"Somebody could not sign in: {answer.status_code}.")
    return browser


def _carry(browser: httpx.Client, answer: httpx.Response) -> None:
    cookie = answer.headers.get("set-cookie", "").partition(";")[0]
    if cookie:
        browser.headers["Cookie"] = cookie


def _click(browser: httpx.Client, account: Account, ends_at: float, clicked: Clicked) -> None:
    """Look at one page after another, as one member of staff would."""
    chance = random.Random(account.email)  # noqa: S311 (which page comes next)
    people: list[str] = []
    time.sleep(chance.uniform(0, LOOKS[1]))
    while time.monotonic() < ends_at:
        pages = list(PAGES[account.role])
        pages += [chance.choice(people), f"{chance.choice(people)}/timeline"] if people else []
        page = chance.choice(pages)
        began = time.monotonic()
        answer = browser.get(page)
        took = time.monotonic() - began
        clicked.note(account.role, _name(page), took, answer.status_code)
        if page.startswith("/people?") or page == "/people":
            people = PERSON.findall(answer.text) or people
        time.sleep(chance.uniform(*LOOKS))


def _name(page: str) -> str:
    return re.sub(r"[0-9a-f-]{36}", "…", page)


def _share(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def _written(options: argparse.Namespace, facts: list[str], clicked: Clicked, filled: float) -> str:
    rows = [
        (
            f"`{page}`",
            role,
            str(len(taken)),
            milliseconds(_share(taken, 0.5)),
            milliseconds(_share(taken, 0.95)),
            milliseconds(max(taken)),
        )
        for (page, role), taken in sorted(clicked.seconds.items())
    ]
    everything = [one for taken in clicked.seconds.values() for one in taken]
    rate = len(everything) / options.seconds
    over = sorted(
        {page for (page, _), taken in clicked.seconds.items() if _share(taken, 0.95) > WANTED}
    )
    about = [
        f"Measured on {options.on.day} {options.on:%B %Y}; filled in {filled / 60:.1f} minutes",
        *facts,
        f"{options.people:,} people, {options.messages:,} messages, {filling.ADVISERS} advisers",
        f"{options.staff} staff signed in at once for {options.seconds:.0f} s, a page each {LOOKS[0]:.0f} to {LOOKS[1]:.0f} s: {rate:.1f} a second",
        f"{milliseconds(clicked.processor / max(1, len(everything)))} ms of processor time a page, without the database's",
    ]
    wrong = listed(f"{page}: {count}" for page, count in sorted(clicked.wrong.items()))
    heads = ("Page", "As", "Times", "p50, ms", "p95, ms", "Longest, ms")
    return f"""# Benchmarks: the staff pages

Written by `python -m benchmarks.pages`, part of `make bench`; do not edit.

{listed(about)}
Wanted: p95 of {WANTED * 1000:.0f} ms or less on every list. All pages together: p50 {milliseconds(_share(everything, 0.5))} ms,
p95 {milliseconds(_share(everything, 0.95))} ms. Above it: {", ".join(f"`{one}`" for one in over) or "none"}.

{table(heads, rows)}
{f"Answers that were no page:{chr(10)}{chr(10)}{wrong}" if wrong else "Every answer was a page."}

One `kith dashboard` process with its eight threads, the embedded PostgreSQL and the fifty clients share the cores. An adviser has
{options.people // filling.ADVISERS} people, a manager all of them. Each page is the whole of it: who asks, the rows, the trace in the audit, the HTML.
"""


if __name__ == "__main__":
    sys.exit(main())
