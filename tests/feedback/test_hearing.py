"""Hearing back: each step of staff reaches its author once, and what is not sorted is opened again."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from content.library import Library
from content.scenarios import Scenario
from feedback import hearing, theming
from feedback.hearing import HearingError, Step
from feedback.themes.reader import Found, Reading
from people.hours import Rota
from storage import erasure, hearing_back, statements
from storage.tables import (
    Alert,
    Answer,
    Button,
    Chat,
    Flag,
    Look,
    Person,
    Raised,
    Send,
    Staff,
    Statement,
    StatementEvent,
)
from storage.tables.base import new_reference
from storage.tables.people import Role
from storage.tables.statements import StatementState as State
from storage.tables.statements import ThemeSource
from tests import cast
from tests.cast import NOW

ROTA = Rota()


def statement(
    session: Session,
    library: Library,
    chat: Chat,
    owner: Staff | None = None,
    *,
    scenario: str = "problem",
    audience: str = "adviser",
    words: str = "There is mould on my wall.",
    consent: str = "yes",
) -> Statement:
    """Add a statement that was sent."""
    kind = library.scenarios[scenario]
    statements.keep_copy(session, kind.digest, kind.body, NOW)
    made = Statement(
        reference=new_reference("S"),
        chat_id=chat.id,
        person_id=chat.person_id,
        council=cast.COUNCIL,
        scenario=scenario,
        scenario_version=1,
        copy_digest=kind.digest,
        origin="own",
        state=State.SENT,
        stage="review",
        audience=audience,
        route="adviser",
        owner_id=owner.id if owner else None,
        feelings=[],
        began_at=NOW,
        touched_at=NOW,
        sent_at=NOW,
    )
    session.add(made)
    session.flush()
    question = _quotable(kind)
    session.add(
        Answer(
            statement_id=made.id,
            question=question,
            kind="words",
            value={"words": words},
            quotable=True,
            consent=consent,
            given_at=NOW,
        )
    )
    session.flush()
    session.refresh(made)
    return made


def _quotable(kind: Scenario) -> str:
    return next(one.id for one in kind.questions if one.quotable)


@pytest.fixture
def wren(session: Session) -> Staff:
    """Wren is Amara's adviser."""
    return cast.wren(session)


@pytest.fixture
def amara(session: Session, wren: Staff) -> Chat:
    """Amara's chat."""
    return cast.chat(session, cast.AMARA, cast.person(session, wren))


@pytest.fixture
def told(session: Session, library: Library, amara: Chat, wren: Staff) -> Statement:
    """What Amara told Wren."""
    return statement(session, library, amara, wren)


def said(session: Session) -> list[str]:
    """Return everything that waits to be sent, oldest first."""
    return [str(one.reply_id) for one in session.scalars(select(Send).order_by(Send.id))]


def test_each_step_is_told_once(
    session: Session, library: Library, told: Statement, wren: Staff
) -> None:
    for state in (State.OPENED, State.IN_HAND, State.DONE):
        assert hearing.take(session, library, told, wren, Step(state), NOW)

    assert said(session) == ["hearing.opened", "hearing.in_hand", "hearing.done"]
    assert told.closed_at == NOW
    assert "sorted:" in session.scalars(select(Button.action)).all()[-1]


@pytest.mark.parametrize("again", [State.OPENED, State.IN_HAND, State.DONE])
def test_no_step_is_taken_twice(
    session: Session, library: Library, told: Statement, wren: Staff, again: State
) -> None:
    hearing.take(session, library, told, wren, Step(again), NOW)

    with pytest.raises(HearingError):
        hearing.take(session, library, told, wren, Step(again), NOW)

    assert len(said(session)) == 1


def test_what_cannot_be_done_says_why(
    session: Session, library: Library, told: Statement, wren: Staff
) -> None:
    with pytest.raises(HearingError):
        hearing.take(session, library, told, wren, Step(State.CANNOT), NOW)

    hearing.take(session, library, told, wren, Step(State.CANNOT, "No flats {{now}}."), NOW)

    [send] = session.scalars(select(Send))
    assert send.body is not None
    assert send.body["text"].endswith("They say: “No flats {{now}}.”")
    # What shows on a locked screen is ours, not what somebody typed.
    assert "No flats" not in send.body["text"][:100]


def test_who_said_stop_is_left_alone(
    session: Session, library: Library, told: Statement, wren: Staff, amara: Chat
) -> None:
    amara.stopped_at = NOW

    assert not hearing.take(session, library, told, wren, Step(State.OPENED), NOW)

    assert said(session) == []
    assert told.state == State.OPENED


def test_what_was_not_sorted_is_opened_again_with_an_owner(
    session: Session, library: Library, told: Statement, wren: Staff
) -> None:
    hearing.take(session, library, told, wren, Step(State.DONE), NOW)

    hearing.set_sorted(session, told, ROTA, NOW, is_sorted=False)

    assert (told.state, told.closed_at, told.sorted) == (State.IN_HAND, None, False)
    assert told.owner_id == wren.id
    assert told.due_at is not None
    assert told.due_at > NOW
    assert session.scalar(select(Alert.staff_id)) == wren.id
    hearing.take(session, library, told, wren, Step(State.DONE), NOW)
    assert said(session).count("hearing.done") == 2


def test_what_was_sorted_stays_closed(
    session: Session, library: Library, told: Statement, wren: Staff
) -> None:
    hearing.take(session, library, told, wren, Step(State.DONE), NOW)

    hearing.set_sorted(session, told, ROTA, NOW, is_sorted=True)

    assert (told.state, told.sorted) == (State.DONE, True)


def test_more_words_go_to_whoever_has_it(session: Session, told: Statement, wren: Staff) -> None:
    hearing.add_words(session, told, "and the window", None, NOW)
    hearing.add_words(session, told, "and the door", None, NOW)

    assert [words for _, words in hearing_back.words_of(session, told)][1:] == [
        "and the window",
        "and the door",
    ]
    assert set(session.scalars(select(Alert.staff_id))) == {wren.id}


def test_whoever_is_without_a_name_hears_from_the_team(
    session: Session, library: Library, amara: Chat
) -> None:
    pat = cast.staff(session, "Pat", Role.PARTICIPATION)
    nameless = statement(session, library, amara, pat, audience="participation_anonymous")

    hearing.take(session, library, nameless, pat, Step(State.OPENED), NOW)

    [send] = session.scalars(select(Send))
    assert send.body is not None
    assert send.body["text"].startswith("The participation team has read")


# Themes


class FixedReader:
    """Reads the same in everything."""

    def __init__(self, tone: str = "problem") -> None:
        """Remember how it sounds."""
        self.tone = tone

    def read(self, text: str) -> Reading:
        """Return repairs for sure and moves perhaps."""
        found = (Found("repairs", 0.9, (text[:5],)), Found("moves", 0.4, ()))
        return Reading(found, self.tone, "", 0.0)


def read_all(session: Session, tone: str = "problem") -> None:
    """Read what every statement is about."""
    reader = FixedReader(tone)
    while theming.read_next(session, lambda: reader, lambda *_: ROTA, NOW):  # type: ignore[arg-type, return-value]
        pass


def about(session: Session, one: Statement) -> dict[str, str]:
    """Return the themes that stand, with who says so."""
    return {
        each.theme: each.source for each in theming.stands(hearing_back.themes_said(session, one))
    }


def test_a_problem_gets_an_owner_and_a_day_in_working_time(
    session: Session, library: Library, amara: Chat
) -> None:
    lee = cast.lee(session)
    nobodys = statement(session, library, amara)

    read_all(session)

    assert nobodys.tone == "problem"
    assert nobodys.owner_id == lee.id
    assert nobodys.due_at == ROTA.after(NOW, hearing.FOLLOW_UP_WITHIN)
    assert hearing_back.count_overdue(session, NOW) == 0
    assert hearing_back.count_overdue(session, NOW + timedelta(days=9)) == 1


def test_a_bad_feeling_is_followed_up_whatever_the_words(
    session: Session, library: Library, amara: Chat, wren: Staff
) -> None:
    one = statement(session, library, amara, wren, scenario="wellbeing")
    one.feelings = ["awful"]

    read_all(session, "good")

    assert one.tone == "both"
    assert hearing.needs_follow_up(one)


def test_good_news_is_closed_when_it_was_read(
    session: Session, library: Library, amara: Chat, wren: Staff
) -> None:
    one = statement(session, library, amara, wren, scenario="good_news")
    read_all(session, "good")

    hearing.take(session, library, one, wren, Step(State.OPENED), NOW)

    assert one.closed_at == NOW


def test_staff_win_over_the_machine(session: Session, told: Statement, wren: Staff) -> None:
    read_all(session)
    assert about(session, told) == {"repairs": "machine"}

    theming.correct(session, told, wren, NOW, add=["housing_wait"], remove=["repairs"])
    hearing_back.say_theme(session, told, "repairs", ThemeSource.MACHINE, NOW, confidence=0.99)

    assert about(session, told) == {"housing_wait": "staff"}
    assert {
        one.by_id for one in hearing_back.themes_said(session, told) if one.source == "staff"
    } == {wren.id}


def test_an_unknown_theme_is_refused(session: Session, told: Statement, wren: Staff) -> None:
    with pytest.raises(theming.ThemeError):
        theming.correct(session, told, wren, NOW, add=["weather"], remove=[])


def test_the_area_its_author_chose_is_kept_beside(
    session: Session, library: Library, amara: Chat, wren: Staff
) -> None:
    one = statement(session, library, amara, wren, scenario="care_leaver_voice")

    read_all(session)

    kept = {row.theme: row.source for row in hearing_back.themes_said(session, one)}
    assert "person" in kept.values()
    assert about(session, one) == {"repairs": "machine"}


def test_who_raised_a_theme_is_remembered_and_a_stranger_is_not(
    session: Session, library: Library, told: Statement
) -> None:
    statement(session, library, cast.chat(session))

    read_all(session)

    assert [(one.chat_id, one.theme) for one in session.scalars(select(Raised))] == [
        (told.chat_id, "repairs")
    ]


def test_everything_goes_when_a_person_is_erased(
    session: Session, told: Statement, wren: Staff, amara: Chat
) -> None:
    read_all(session)
    hearing_back.set_hearing(session, amara, NOW, wanted=True)
    hearing_back.note_look(
        session, wren, "statement", told.reference, NOW, chat_id=amara.id, person_id=amara.person_id
    )
    person = session.get_one(Person, amara.person_id)
    session.flush()

    erasure.erase(session, person, amara)
    session.expire_all()

    for table in (Statement, StatementEvent, Answer, Raised, Flag):
        assert session.scalars(select(table)).all() == []
    # Who looked at what is kept for six years, without whose it was.
    [look] = session.scalars(select(Look))
    assert (look.person_id, look.chat_id) == (None, None)


def test_a_review_date_is_kept_on_the_record(session: Session, amara: Chat) -> None:
    person = session.get_one(Person, amara.person_id)
    person.reviewed_on = date(2026, 11, 20)
    session.flush()
    session.refresh(person)

    assert person.reviewed_on == date(2026, 11, 20)
