"""Words at rest: unreadable without the keys, bound to their column, and sealed again when a key changes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from bot.engine import Background, Engine, Heard
from bot.handling import handle, incoming_of, words_to_screen
from checkins import hearing
from checkins.hearing import Answer
from checkins.sending import Clock
from feedback import keeping, wizard
from feedback.drafts import Audience
from nlu.understanding import NOT_UNDERSTOOD
from people import emergency
from people.records import invite
from storage import audit, chats, contacts, doors, encryption, inbox, switch
from storage.database import Database, DatabaseError, unlock
from storage.encryption import DecryptionError, Keyring
from storage.rotation import rotate, sealed_columns
from storage.tables import (
    Asked,
    Base,
    CheckInAnswer,
    Circumstance,
    Count,
    Event,
    Flag,
    Message,
    Note,
    Person,
    Release,
    Send,
    Staff,
    StatementEvent,
    Update,
)
from tests import cast
from tests.cast import AMARA, NOW
from tests.conftest import KEYS

#: Planted in everything a young person can write; it must never be readable in the database.
SENTINEL = "zqxdisclosure"
OLD, NEW = KEYS[0], "n" * 40


def hear(session: Session, engine: Engine, chat_id: int, words: str, number: int) -> None:
    """Let a message go all the way from Telegram's JSON to the rows it causes."""
    raw = {
        "update_id": number,
        "message": {
            "message_id": number,
            "text": words,
            "chat": {"id": chat_id, "type": "private"},
        },
    }
    inbox.save(session, 1, [(chats.index_of(chat_id), raw)], NOW)
    heard = inbox.next_for(session, chats.index_of(chat_id))
    assert heard is not None
    incoming = incoming_of(heard)
    assert incoming is not None
    screening = engine.screen(words_to_screen(incoming), Background())
    handle(session, engine, heard, Heard(screening, NOT_UNDERSTOOD), NOW)


def live(session: Session, engine: Engine) -> None:
    """Live through a little of everything, with the sentinel in every word."""
    wren = cast.wren(session)
    wren.totp_secret = SENTINEL
    amara, code = invite(
        session,
        adviser=wren.email,
        name=f"Amara {SENTINEL}",
        born_on=date(2008, 5, 1),
        council=cast.COUNCIL,
        now=NOW,
    )
    said = [
        f"/start {code}",
        f"blah {SENTINEL}",
        f"i want to kill myself {SENTINEL}",
        "human",
        f"about my {SENTINEL}",
        "my data",
    ]
    for number, words in enumerate(said, 1):
        hear(session, engine, AMARA, words, number)
    assert amara.name.endswith(SENTINEL)
    tell(session, engine, wren)
    keep_in_touch(session, engine, amara)
    work(session, wren)
    look_after(session, wren, amara)


def work(session: Session, wren: Staff) -> None:
    """Let staff announce, come in, look and write down, each with the sentinel in it."""
    session.add(
        Event(
            reference="E-1",
            council=cast.COUNCIL,
            interest="forums",
            youngest=16,
            oldest=25,
            title=SENTINEL,
            words=SENTINEL,
            made_by_id=wren.id,
            made_at=NOW,
        )
    )
    flag = session.scalars(select(Flag)).first()
    assert flag is not None
    flag.done = SENTINEL
    session.add(Note(flag_id=flag.id, staff_id=wren.id, words=SENTINEL, at=NOW))
    audit.record(
        session,
        staff_id=wren.id,
        action="read_flag",
        about=flag.reference,
        now=NOW,
        request_id="r1",
        reason=SENTINEL,
        address=SENTINEL,
    )
    october = date(2026, 10, 1)
    about = {"council": cast.COUNCIL, "first_month": october, "last_month": october}
    session.add(Count(what="statements", cells=[[SENTINEL, "", "", 1]], counted_at=NOW, **about))
    session.add(Release(reference="R-1", shown=[SENTINEL], made_at=NOW, **about))
    switch.turn_off(session, wren.id, SENTINEL, NOW)
    switch.turn_on(session, wren.id, NOW)
    doors.keep_visit(session, "cookie", {"setting_up": SENTINEL}, wren.id, NOW)
    session.flush()


def look_after(session: Session, wren: Staff, amara: Person) -> None:
    """Let staff note how to reach her, open her record, and be traced late, with the sentinel in each."""
    amara.contact_safely = SENTINEL
    emergency.open_up(session, wren, amara, f"in need {SENTINEL}", NOW)
    audit.write_later(
        session,
        staff_id=wren.id,
        action="read_flag",
        about="F-1",
        now=NOW,
        request_id="r2",
        person_id=amara.id,
        address=SENTINEL,
    )


def tell(session: Session, engine: Engine, wren: Staff) -> None:
    """Tell somebody something with the sentinel in it, and let them say something about it."""
    chat = chats.find(session, chats.index_of(AMARA))
    assert chat is not None
    begun = wizard.begin(
        engine.library.scenarios["problem"],
        reference="S-1",
        audience=Audience.ADVISER,
        words=f"the bus {SENTINEL}",
    )
    kept = keeping.keep(session, chat, begun.draft, council=None, age=18, update_id=None, now=NOW)
    event = StatementEvent(
        statement_id=kept.id, state="cannot", at=NOW, by_id=wren.id, note=SENTINEL
    )
    session.add(event)
    question = Asked(
        reference="Q-1",
        chat_id=chat.id,
        council=cast.COUNCIL,
        state="answered",
        words=SENTINEL,
        put=SENTINEL,
        why=SENTINEL,
        answer=SENTINEL,
        asked_at=NOW,
        due_at=NOW,
    )
    session.add(question)
    session.flush()


def keep_in_touch(session: Session, engine: Engine, amara: Person) -> None:
    """Let Amara answer a check-in, and staff note what they note."""
    said = Answer("living", words=f"cold {SENTINEL}", category_of="living", category=SENTINEL)
    hearing.answered(session, Clock(engine.library, engine.zone), amara, said, NOW)
    session.scalars(select(CheckInAnswer)).one().confirmed_as = SENTINEL
    session.add(Circumstance(person_id=amara.id, kind=SENTINEL, since=NOW, noted_at=NOW))
    tried = [{"at": NOW.isoformat(), "what": SENTINEL, "came": "arrived"}]
    contacts.open_task(session, amara, "silent", tried, due_at=NOW, now=NOW)
    session.flush()


def every_value(session: Session) -> Iterator[tuple[str, str]]:
    """Yield every value of every table as PostgreSQL gives it to whoever has no key."""
    for name in Base.metadata.tables:
        for row in session.execute(text(f'select * from "{name}"')):  # noqa: S608
            yield from ((name, str(value)) for value in row)


def test_no_column_shows_what_was_written(session: Session, engine: Engine) -> None:
    live(session, engine)

    for name, value in every_value(session):
        assert SENTINEL not in value, name
        assert value != str(AMARA), name


def test_every_sealed_column_was_put_to_the_test(session: Session, engine: Engine) -> None:
    live(session, engine)

    unused = [
        f"{column.table.name}.{column.name}"
        for column in sealed_columns()
        if not session.scalar(select(1).where(column.is_not(None)).limit(1))
    ]
    assert unused == []


def test_every_sealed_column_is_bound_to_its_own_name() -> None:
    for column in sealed_columns():
        assert isinstance(column.type, encryption.Sealed)
        assert column.type.column == str(column)


def test_the_same_words_never_look_the_same_twice() -> None:
    ring = Keyring(KEYS)

    assert ring.seal("hello", column="messages.text") != ring.seal("hello", column="messages.text")


def test_the_wrong_key_is_refused_at_the_start(database: Database) -> None:
    with pytest.raises(DatabaseError, match="KITH_SECRET_KEYS"):
        unlock(database, ("w" * 40,))


def test_the_right_key_beside_others_opens_everything(database: Database) -> None:
    with database.transaction() as session:
        kept = cast.person(session).id

    unlock(database, (NEW, "another key that is long enough too", OLD))

    with database.transaction() as session:
        assert session.get_one(Person, kept).name == "Amara"


def test_a_value_copied_to_another_column_does_not_open(session: Session) -> None:
    cast.person(session)

    session.execute(text("update people set name = born_on"))

    with pytest.raises(DecryptionError, match=r"people\.name"):
        session.scalars(select(Person.name)).all()


@pytest.mark.parametrize(
    "stored", ["", "hello", "k1.x.y", "k2.00000000.AAAA", "k1." + "0" * 8 + ".%%%"]
)
def test_what_was_never_sealed_does_not_open(stored: str) -> None:
    with pytest.raises(DecryptionError):
        Keyring(KEYS).open(stored, column="messages.text")


def test_a_value_changed_by_one_letter_does_not_open() -> None:
    sealed = Keyring(KEYS).seal("hello there", column="messages.text")
    at = len(sealed) // 2 + 10
    changed = sealed[:at] + ("A" if sealed[at] != "A" else "B") + sealed[at + 1 :]

    with pytest.raises(DecryptionError):
        Keyring(KEYS).open(changed, column="messages.text")


@pytest.mark.parametrize(
    "words",
    [
        "",
        "\x00 nul",
        "half \ud83d a character",
        "🏳️‍🌈 and \u202eright to left",
        "'; drop table people; --",
    ],
)
def test_strange_words_are_kept(session: Session, words: str) -> None:
    kept = cast.message(session, cast.chat(session), words)

    session.expire(kept)

    assert kept.text == words.encode("utf-8", "replace").decode()


def sealed_values(database: Database) -> list[str]:
    """Return every sealed value as it is stored."""
    found: list[str] = []
    with database.engine.connect() as connection:
        for column in sealed_columns():
            query = f'select "{column.name}" from "{column.table.name}" where "{column.name}" is not null'  # noqa: S608
            found += connection.scalars(text(query)).all()
    return found


def test_rotation_seals_everything_under_the_newest_key(database: Database, engine: Engine) -> None:
    with database.transaction() as session:
        live(session, engine)
    held = len(sealed_values(database))
    unlock(database, (NEW, OLD))

    done = rotate(database)

    newest = Keyring((NEW,)).newest
    assert done == held
    assert all(value.startswith(f"k1.{newest}.") for value in sealed_values(database))
    assert rotate(database) == 0


def test_after_rotation_the_old_key_can_be_thrown_away(database: Database, engine: Engine) -> None:
    with database.transaction() as session:
        live(session, engine)
    unlock(database, (NEW, OLD))
    rotate(database)

    unlock(database, (NEW,))

    with database.transaction() as session:
        assert SENTINEL in str(session.scalars(select(Message.text)).all())
        assert chats.find(session, chats.index_of(AMARA)) is not None


@dataclass(frozen=True)
class Dying(Database):
    """A database that goes away after so many transactions."""

    lives: list[None]

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Give a session while there are lives left."""
        if not self.lives:
            raise ConnectionError
        self.lives.pop()
        with super().transaction() as session:
            yield session


def test_a_rotation_that_died_goes_on_where_it_was(database: Database, engine: Engine) -> None:
    with database.transaction() as session:
        live(session, engine)
    held = len(sealed_values(database))
    unlock(database, (NEW, OLD))
    with pytest.raises(ConnectionError):
        rotate(Dying(database.url, database.engine, database.sessions, [None] * 6))
    newest = Keyring((NEW,)).newest
    before = sum(value.startswith(f"k1.{newest}.") for value in sealed_values(database))

    after = rotate(database)

    assert 0 < before < held
    assert before + after == held


def test_half_way_through_a_rotation_everything_can_be_read(
    database: Database, engine: Engine
) -> None:
    with database.transaction() as session:
        live(session, engine)
    unlock(database, (NEW, OLD))
    with pytest.raises(ConnectionError):
        rotate(Dying(database.url, database.engine, database.sessions, [None] * 6))

    with database.transaction() as session:
        kept: list[Any] = [
            *session.scalars(select(Person.name)),
            *session.scalars(select(Message.text)),
            *session.scalars(select(Staff.totp_secret)),
        ]
        kept += [*session.scalars(select(Send.body)), *session.scalars(select(Update.raw))]

    assert sum(SENTINEL in str(one) for one in kept) > 5
