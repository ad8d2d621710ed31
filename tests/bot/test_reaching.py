"""Whether somebody can be reached: noted with the reason, told to their adviser once, and undone."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import reaching
from bot.engine import Engine
from storage.tables import Alert, Chat, Flag, Task
from tests import cast
from tests.cast import AMARA, NOW


def amara(session: Session) -> Chat:
    """Amara's chat; Wren is her adviser."""
    return cast.chat(session, AMARA, cast.person(session, cast.wren(session)))


def tasks(session: Session) -> list[Task]:
    """Return every task."""
    return list(session.scalars(select(Task).order_by(Task.id)))


def alerts(session: Session) -> list[Alert]:
    """Return every alert."""
    return list(session.scalars(select(Alert)))


def test_the_adviser_of_somebody_who_blocks_us_is_told(session: Session, engine: Engine) -> None:
    chat = amara(session)

    reaching.note_unreachable(session, engine, chat, "blocked", NOW)

    [task], [alert] = tasks(session), alerts(session)
    assert (chat.unreachable_at, chat.unreachable_why) == (NOW, "blocked")
    assert (task.kind, task.staff_id, task.closed_at) == (
        "blocked",
        chat.person and chat.person.adviser_id,
        None,
    )
    assert (alert.task_id, alert.staff_id) == (task.id, task.staff_id)
    assert task.due_at > NOW


def test_an_account_that_is_gone_is_told_apart(session: Session, engine: Engine) -> None:
    chat = amara(session)

    reaching.note_unreachable(session, engine, chat, "deactivated", NOW)

    assert chat.unreachable_why == "deactivated"
    assert [task.kind for task in tasks(session)] == ["not_delivered"]


def test_ten_messages_that_bounce_tell_the_adviser_once(session: Session, engine: Engine) -> None:
    chat = amara(session)

    for minutes in range(10):
        at = NOW + timedelta(minutes=minutes)
        reaching.note_unreachable(session, engine, chat, "blocked", at)

    assert (len(tasks(session)), len(alerts(session))) == (1, 1)


def test_coming_back_closes_the_task(session: Session, engine: Engine) -> None:
    chat = amara(session)
    reaching.note_unreachable(session, engine, chat, "blocked", NOW)

    reaching.note_reachable(session, chat, NOW + timedelta(hours=1))

    [task] = tasks(session)
    assert (chat.unreachable_at, chat.unreachable_why) == (None, None)
    assert task.closed_at == NOW + timedelta(hours=1)


def test_coming_and_going_in_a_day_opens_the_same_task_again(
    session: Session, engine: Engine
) -> None:
    chat = amara(session)
    for hours in (0, 2, 4):
        at = NOW + timedelta(hours=hours)
        reaching.note_unreachable(session, engine, chat, "blocked", at)
        reaching.note_reachable(session, chat, at + timedelta(hours=1))
    reaching.note_unreachable(session, engine, chat, "blocked", NOW + timedelta(hours=6))

    [task] = tasks(session)
    assert (task.closed_at, len(task.tried), len(alerts(session))) == (None, 4, 1)


def test_the_next_day_it_is_news_again(session: Session, engine: Engine) -> None:
    chat = amara(session)
    reaching.note_unreachable(session, engine, chat, "blocked", NOW)
    reaching.note_reachable(session, chat, NOW + timedelta(hours=1))

    reaching.note_unreachable(session, engine, chat, "blocked", NOW + timedelta(days=1, hours=1))

    assert (len(tasks(session)), len(alerts(session))) == (2, 2)


def test_a_stranger_who_blocks_us_is_nobodys_task(session: Session, engine: Engine) -> None:
    chat = cast.chat(session)

    reaching.note_unreachable(session, engine, chat, "blocked", NOW)

    assert (chat.unreachable_why, tasks(session)) == ("blocked", [])


def test_blocked_after_danger_is_a_flag_too(session: Session, engine: Engine) -> None:
    chat = amara(session)
    message = cast.message(session, chat)
    from bot import effects
    from safeguarding.levels import Level

    effects.flag(session, engine, chat, message, effects.unscreened("test", Level.SAME_DAY), NOW)
    later = NOW + timedelta(hours=1)

    reaching.note_unreachable(session, engine, chat, "blocked", later)

    assert session.scalars(select(Flag)).one().last_sign_at == later
