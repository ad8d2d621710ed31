"""Flags: one for an episode, raised by words, never lowered or closed except by a person."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from people import cover, routing
from people.hours import Rota
from safeguarding.judgement import Screening
from safeguarding.levels import Category, Level
from storage import also
from storage.tables import Alert, Chat, Flag, FlagMessage, Message, Staff
from storage.tables.base import new_reference
from storage.tables.people import Role

#: safety.md 3.1: how soon a person must have read it. Immediate is wall time, the rest working time.
READ_WITHIN = {
    Level.IMMEDIATE: timedelta(minutes=15),
    Level.SAME_DAY: timedelta(hours=2),
    Level.CONCERN: timedelta(hours=8),
}


#: What a specialist is also asked to look at. Which topics there are: `routing.TOPICS`.
TOPIC_OF_CATEGORY = {str(Category.HOMELESS): "housing", str(Category.DESTITUTION): "local_offer"}


def due_at(level: Level, rota: Rota, now: datetime) -> datetime:
    """Return by when a person must have read a flag of this level."""
    if level is Level.IMMEDIATE:
        return now + READ_WITHIN[level]
    return rota.after(now, READ_WITHIN[level])


def open_flag(session: Session, chat: Chat, *, about_staff: bool) -> Flag | None:
    """Return the open flag of a chat. One about staff is kept apart from the others."""
    return session.scalar(
        select(Flag)
        .where(
            Flag.chat_id == chat.id,
            Flag.closed_at.is_(None),
            Flag.about_staff.is_(about_staff),
        )
        .with_for_update()
    )


def raise_flag(
    session: Session,
    chat: Chat,
    message: Message,
    screening: Screening,
    *,
    rota: Rota,
    council: str | None,
    rules_version: str,
    now: datetime,
) -> tuple[Flag, bool]:
    """Raise a flag or add to the open one; return it, and whether staff must be told (again).

    New words can raise the level and add categories; nothing lowers or closes it. The
    caller commits; alerts go out after that.
    """
    flag = open_flag(session, chat, about_staff=screening.about_staff)
    if flag is None:
        flag = _new(session, chat, screening, rota, council, rules_version, now)
        worse = True
    else:
        worse = _add(flag, screening, rota, now)
    session.flush()
    if session.get(FlagMessage, (flag.id, message.id)) is None:
        session.add(FlagMessage(flag_id=flag.id, message_id=message.id))
    if worse:
        tell_staff(session, flag, council=council, now=now)
    _tell_specialist(session, flag, council, now)
    return flag, worse


def _tell_specialist(session: Session, flag: Flag, council: str | None, now: datetime) -> None:
    """Let the specialist for a topic have this flag as well, never one that is about staff."""
    topics = [TOPIC_OF_CATEGORY[one] for one in flag.categories if one in TOPIC_OF_CATEGORY]
    if not topics or flag.about_staff:
        return
    one = routing.specialist(cover.day_at(session, now), topics[0], council)
    if one is not None and one.id not in {flag.owner_id, flag.hidden_from_id}:
        also.give(session, flag, one.id, topics[0], now)


def _new(
    session: Session,
    chat: Chat,
    screening: Screening,
    rota: Rota,
    council: str | None,
    rules_version: str,
    now: datetime,
) -> Flag:
    adviser = chat.person.adviser if chat.person else None
    hidden = adviser.id if adviser and screening.about_staff else None
    where = routing.route(
        session,
        chat,
        "flag",
        "",
        about_adviser=screening.about_staff,
        council=council,
        now=now,
    )
    flag = Flag(
        reference=new_reference("F"),
        chat_id=chat.id,
        level=screening.level,
        categories=[str(one) for one in screening.categories] or [str(Category.HELP_WORD)],
        third_party=screening.third_party,
        about_staff=screening.about_staff,
        hidden_from_id=hidden,
        owner_id=where.staff.id if where.staff else None,
        why=_why(screening),
        rules_version=rules_version,
        raised_at=now,
        last_sign_at=now,
        due_at=due_at(screening.level, rota, now),
    )
    session.add(flag)
    return flag


def _add(flag: Flag, screening: Screening, rota: Rota, now: datetime) -> bool:
    worse = not Level(flag.level).at_least(screening.level)
    added = [str(one) for one in screening.categories if str(one) not in flag.categories]
    if worse:
        flag.level = screening.level
        flag.due_at = min(flag.due_at, due_at(screening.level, rota, now))
        flag.opened_at = flag.opened_by_id = None
    flag.categories = [*flag.categories, *added]
    flag.third_party = flag.third_party and screening.third_party
    flag.why = [*flag.why, *_why(screening)][-50:]
    flag.last_sign_at = now
    return worse


def _why(screening: Screening) -> list[dict[str, str]]:
    signs = [
        {
            "rule": sign.rule,
            "layer": str(sign.layer),
            "category": str(sign.category),
            "level": str(sign.level),
        }
        for sign in screening.signs
    ]
    words = [{"matched": word} for word in screening.matched]
    facts = [{"fact": fact} for fact in screening.facts]
    demoted = [{"demoted_by": rule} for rule in screening.demoted_by]
    return signs + words + facts + demoted


def tell_staff(session: Session, flag: Flag, *, council: str | None, now: datetime) -> None:
    """Make an alert due for each who must know; the sender retries until a channel accepts it."""
    urgent = Level(flag.level).at_least(Level.SAME_DAY)
    people = [
        one for one in _who_must_know(session, flag, council, now) if one.id != flag.hidden_from_id
    ]
    for one in people:
        session.add(Alert(flag_id=flag.id, staff_id=one.id, urgent=urgent, made_at=now, due_at=now))
    if not people:
        # Nobody is named: the duty address, or the console, still hears of it.
        session.add(Alert(flag_id=flag.id, urgent=urgent, made_at=now, due_at=now))


def _who_must_know(session: Session, flag: Flag, council: str | None, now: datetime) -> list[Staff]:
    """Return whose it is today, and the managers who are there; all of them when nobody is."""
    day = cover.day_at(session, now)
    owner = session.get(Staff, flag.owner_id) if flag.owner_id else None
    if owner is not None:
        owner = day.stand_in(owner, but=flag.hidden_from_id)
    alone = Level(flag.level) is Level.CONCERN and owner is not None
    managers = [] if alone else day.managers(council)
    if owner is None and not managers:
        managers = [
            one for one in day.team if one.role == Role.MANAGER and council in {None, one.council}
        ]
    return list(dict.fromkeys([*([owner] if owner else []), *managers]))
