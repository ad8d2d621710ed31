"""What staff type about who is away and who is on duty."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from commands.common import fail, out, started
from storage.tables import Staff
from wiring import base

LONGEST_ROTA = timedelta(days=366)


def staff_away(
    email: str,
    from_: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day away.")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The last day away.")
    ] = None,
    cover: Annotated[
        str | None, typer.Option(help="Who looks after their people: an e-mail.")
    ] = None,
    *,
    back: Annotated[
        bool, typer.Option("--back", help="They are back, or it is called off.")
    ] = False,
) -> None:
    """Set days on which somebody is away and who covers them; or note that they are back."""
    settings, now = started(), datetime.now(UTC)
    with base.opened(settings) as database, database.transaction() as session:
        member = found(session, email)
        if back:
            out.print(_back(session, member, now), markup=False)
            return
        if from_ is None or until is None:
            raise fail("Give --from and --until, or --back.")
        named = found(session, cover) if cover else None
        out.print(_set(session, member, named, from_, until, now), markup=False)


def found(session: Session, email: str) -> Staff:
    """Return the member of staff with an e-mail, or fail in a sentence."""
    from storage import staff

    member = staff.by_email(session, email)
    if member is None:
        raise fail(f"No member of staff has the e-mail {email}.")
    return member


def _set(
    session: Session,
    member: Staff,
    named: Staff | None,
    first: datetime,
    last: datetime,
    now: datetime,
) -> str:
    from dashboard.words import words
    from people import cover

    try:
        cover.set_away(session, member, named, (first.date(), last.date()), by=None, now=now)
    except cover.CoverError as error:
        raise fail(words("problems", str(error))) from error
    who = named.name if named else "whoever is on duty, else a manager"
    return f"{member.name} is away from {first:%d %B} until {last:%d %B %Y}. Cover: {who}."


def _back(session: Session, member: Staff, now: datetime) -> str:
    from people import cover
    from storage import absences

    today = cover.day_of(now)
    mine = [
        one
        for one in absences.from_day(session, today, staff_id=member.id)
        if one.staff_id == member.id
    ]
    if not mine:
        raise fail(f"{member.name} is not away.")
    cover.end(mine[0], now)
    return f"{member.name} is back. What is still open is theirs again."


def staff_duty(
    email: str,
    from_: Annotated[
        datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day on duty.")
    ],
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The last day; else one day.")
    ] = None,
) -> None:
    """Put somebody on duty on one day or several. A later word about a day replaces an earlier."""
    from people import cover
    from storage import duties

    settings, now = started(), datetime.now(UTC)
    last = (until or from_).date()
    if not from_.date() <= last <= from_.date() + LONGEST_ROTA:
        raise fail("Give a last day that is not before the first, and within a year.")
    with base.opened(settings) as database, database.transaction() as session:
        member = found(session, email)
        if member.role not in cover.CASEWORKERS:
            raise fail("Only advisers and managers can be on duty.")
        day = from_.date()
        while day <= last:
            duties.put(session, member.council, day, member.id, by=None, now=now)
            day += timedelta(days=1)
    out.print(f"{member.name} is on duty from {from_:%d %B} to {last:%d %B %Y}.", markup=False)
