"""Statements through the real transaction: rows, versions, routes, alerts, and who may see what."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.engine import Engine, Heard
from bot.handling import handle
from content.library import Library
from nlu.understanding import NOT_UNDERSTOOD
from people import sight
from people.hours import Rota
from safeguarding import alerts
from safeguarding.judgement import NOTHING, Screening
from safeguarding.levels import Category, Level
from scheduler import retention
from storage import chats, erasure, inbox, persons_data
from storage.tables import (
    Alert,
    Answer,
    Button,
    Chat,
    Flag,
    Message,
    Person,
    ScenarioCopy,
    Send,
    Staff,
    Statement,
    StatementEvent,
    Update,
)
from storage.tables.people import Role
from tests import cast
from tests.bot.test_conversation import found
from tests.cast import AMARA, NOW, STRANGER

SECRET = "she never rings me back and i am fed up"


@dataclass
class Front:
    """The front door: somebody writes or taps, and it is handled as the bot does."""

    session: Session
    engine: Engine
    telegram_id: int
    now: datetime = NOW
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def says(
        self, text: str, screening: Screening = NOTHING, *, ago: float = 0, number: int = 1
    ) -> list[str]:
        """Write something, and return what is said back."""
        message = {"text": text, **self._place(), "message_id": number}
        return self._handle({"message": message}, screening, ago)

    def edits(self, number: int, text: str) -> list[str]:
        """Change a message that was sent before."""
        message = {"text": text, **self._place(), "message_id": number, "edit_date": 1}
        return self._handle({"edited_message": message}, NOTHING, 0)

    def sends_photo(self, caption: str) -> list[str]:
        """Send a picture with words under it."""
        message = {"photo": [{"file_id": "p"}], "caption": caption, **self._place()}
        return self._handle({"message": message}, NOTHING, 0)

    def presses(self, label: str) -> list[str]:
        """Press the newest button with this label."""
        rows = self.session.scalars(
            select(Send).where(Send.chat_id == self.chat.id).order_by(Send.id.desc())
        )
        data = next(
            key["data"]
            for send in rows
            for row in (send.body or {}).get("rows", ())
            for key in row
            if key["text"] == label and self._unused(key["data"])
        )
        query = {"id": "q", "data": data, "message": self._place()}
        return self._handle({"callback_query": query}, NOTHING, 0)

    def _unused(self, token: str) -> bool:
        button = self.session.scalar(select(Button).where(Button.token == token))
        return button is not None and button.used_at is None

    def _place(self) -> dict[str, object]:
        return {"message_id": 1, "chat": {"id": self.telegram_id, "type": "private"}}

    def _handle(self, raw: dict[str, object], screening: Screening, ago: float) -> list[str]:
        self.now += timedelta(seconds=20)
        index = chats.index_of(self.telegram_id)
        number = next(self.numbers) + self.telegram_id * 1_000
        update = {"update_id": number, **raw}
        inbox.save(self.session, 1, [(index, update)], self.now - timedelta(seconds=ago))
        waiting = inbox.next_for(self.session, index)
        assert waiting is not None
        handle(self.session, self.engine, waiting, Heard(screening, NOT_UNDERSTOOD), self.now)
        self.session.flush()
        sends = self.session.scalars(
            select(Send).where(Send.update_id == waiting.id).order_by(Send.id)
        )
        return [str((one.body or {}).get("text", "")) for one in sends]

    @property
    def chat(self) -> Chat:
        """The chat at the other end."""
        found = chats.find(self.session, chats.index_of(self.telegram_id))
        assert found is not None
        return found

    def tells(self, scenario: str) -> None:
        """Begin a statement from the menu."""
        self.says("/tell")
        self.presses(self.engine.library.scenarios[scenario].title)

    def tells_all(self, scenario: str, words: str = SECRET) -> Statement:
        """Answer every question of a statement, up to where it is read back."""
        self.tells(scenario)
        for _ in range(20):
            statement = self.statement
            question = self.engine.library.scenarios[scenario].question(statement.question)
            if question is None:
                return statement
            picks = {"feeling": "🙂 Good", "number": "7"}
            label = question.choices[0].label if question.choices else picks.get(question.kind)
            self.presses(label) if label else self.says(words)
        raise AssertionError("it never ends")

    @property
    def statement(self) -> Statement:
        """The newest statement."""
        self.session.expire_all()
        query = select(Statement).order_by(Statement.id.desc()).limit(1)
        return self.session.scalars(query).one()


@pytest.fixture
def wren(session: Session) -> Staff:
    return cast.wren(session)


@pytest.fixture
def lee(session: Session) -> Staff:
    return cast.lee(session)


@pytest.fixture
def amara(session: Session, wren: Staff) -> Person:
    return cast.person(session, wren)


@pytest.fixture
def front(session: Session, engine: Engine, amara: Person) -> Front:
    cast.chat(session, AMARA, amara)
    return Front(session, engine, AMARA)


@pytest.fixture
def stranger(session: Session, engine: Engine) -> Front:
    cast.chat(session, STRANGER)
    return Front(session, engine, STRANGER)


def current(session: Session, statement: Statement) -> dict[str, object]:
    """Return the answers that count."""
    rows = session.scalars(
        select(Answer).where(Answer.statement_id == statement.id, Answer.replaced_at.is_(None))
    )
    return {one.question: one.value for one in rows}


# Keeping


def test_a_statement_is_kept_answer_by_answer_and_sealed(front: Front, session: Session) -> None:
    front.tells("problem")
    front.says("the bus never comes")
    front.presses("🙁 Not good")

    statement = front.statement
    assert (statement.state, statement.question, statement.stage) == ("draft", "time", "ask")
    assert (statement.age_band, statement.council) == ("18_20", "cheshire_east")
    assert statement.feelings == ["not_good"]
    assert current(session, statement) == {
        "what": {"words": "the bus never comes"},
        "feel": {"feeling": "not_good"},
    }
    raw = session.connection().exec_driver_sql("select value from answers").scalars().all()
    assert all("bus" not in str(one) for one in raw)


def test_a_changed_answer_points_at_the_one_it_replaced(front: Front, session: Session) -> None:
    front.tells_all("adviser_visit", "it was a waste of time")
    front.presses("Change an answer")
    front.presses("What helped")
    front.says("no, it did help")

    rows = list(
        session.scalars(select(Answer).where(Answer.question == "helpful").order_by(Answer.id))
    )
    first, second = rows
    assert first.value == {"words": "it was a waste of time"}
    assert first.replaced_at is not None
    assert (second.former_id, second.value) == (first.id, {"words": "no, it did help"})


def test_an_edited_message_changes_the_answer_it_gave(front: Front, session: Session) -> None:
    front.tells("problem")
    front.says("the bus never coms", number=71)
    before = front.statement.question

    quiet = [front.edits(71, "the bus never comes"), front.edits(71, "the bus hardly comes")]

    assert quiet == [[], []]
    assert front.statement.question == before
    assert current(session, front.statement) == {"what": {"words": "the bus hardly comes"}}
    assert len(list(session.scalars(select(Answer)))) == 3


def test_somebody_half_way_finishes_the_version_they_began(
    session: Session, engine: Engine, library: Library, front: Front
) -> None:
    front.tells("problem")
    newer = dict(library.scenarios["problem"].body)
    newer["version"] = 2
    newer["questions"] = [
        {**one, "prompt": "A brand new question?"} for one in newer["questions"][:2]
    ]
    changed = type(library.scenarios["problem"]).from_body(newer)
    scenarios = {**library.scenarios, "problem": changed}
    front.engine = replace(engine, library=replace(library, scenarios=scenarios))

    said = front.says("the bus never comes")

    assert "How does it make you feel?" in said[0]
    assert front.statement.scenario_version == 1
    [kept] = session.scalars(select(ScenarioCopy))
    assert kept.version == 1


def test_what_came_before_we_asked_is_part_of_the_answer_before(
    front: Front, session: Session
) -> None:
    front.tells("problem")
    front.says("so")

    quiet = [front.says(one, ago=60) for one in ("i was at the stop", "and it never came")]

    assert quiet == [[], []]
    statement = front.statement
    assert statement.question == "feel"
    assert current(session, statement) == {
        "what": {"words": "so\ni was at the stop\nand it never came"}
    }
    assert "How long" in front.says("😢")[0]


def test_words_under_a_picture_are_kept_and_the_question_comes_again(
    front: Front, session: Session
) -> None:
    front.tells("problem")

    said = front.sends_photo("look at this damp wall")

    assert "damp" not in said[0]
    assert "How does it make you feel?" in said[-1]
    assert current(session, front.statement) == {"what": {"words": "look at this damp wall"}}


def test_fifty_messages_at_once_all_end_in_the_statement(front: Front, session: Session) -> None:
    front.tells("problem")
    words = [f"part number {number}" for number in range(50)]
    front.says(words[0])
    frozen = front.now
    for one in words[1:]:
        front.now = frozen - timedelta(seconds=20)
        front.says(one, ago=1)

    told = current(session, front.statement)["what"]
    assert isinstance(told, dict)
    assert str(told["words"]).split("\n") == words


# Sending


def letter(session: Session, library: Library) -> alerts.Notification:
    """Return what staff are told."""
    told: list[alerts.Notification] = []

    def notify(one: alerts.Notification) -> str:
        told.append(one)
        return "test"

    later = NOW + timedelta(days=1)
    alerts.send_next(
        session, notify, library, address="http://x", duty_email="duty@example.org", now=later
    )
    return told[0]


@pytest.mark.parametrize(
    ("choose", "route", "who"),
    [
        (None, "adviser", "wren@example.org"),
        ("A manager", "manager", "lee@example.org"),
        ("My reviewing officer", "pass_on", "lee@example.org"),
        ("Without my name", "duty", "duty@example.org"),
    ],
)
def test_it_goes_to_whom_they_chose_and_they_are_told_without_a_word_of_it(
    session: Session,
    library: Library,
    front: Front,
    lee: Staff,
    choose: str | None,
    route: str,
    who: str,
) -> None:
    front.tells_all("problem")
    if choose:
        front.presses("Choose who sees it")
        front.presses(choose)
    said = front.presses("Send it")

    statement = front.statement
    assert (statement.state, statement.route) == ("sent", route)
    assert statement.reference in said[0]
    assert statement.due_at is not None
    told = letter(session, library)
    assert told.to == who
    assert statement.reference in told.subject
    for personal in (SECRET, "Amara", "rings"):
        assert personal not in told.subject + told.text
    assert lee.name not in told.text
    states = list(session.scalars(select(StatementEvent.state).order_by(StatementEvent.id)))
    assert states == ["draft", "sent"]


def test_a_complaint_begun_as_a_stranger_is_hidden_once_they_joined(
    session: Session, stranger: Front, amara: Person, wren: Staff
) -> None:
    stranger.tells("complaint")
    stranger.says("it began before i had a link")
    stranger.chat.person_id = amara.id
    session.flush()
    session.expire_all()

    stranger.says("last week")

    assert stranger.statement.hidden_from_id == wren.id
    assert stranger.statement.person_id == amara.id


def test_without_a_name_it_goes_to_the_participation_team(
    session: Session, library: Library, front: Front
) -> None:
    kim = cast.staff(session, "Kim", Role.PARTICIPATION)
    front.tells_all("care_leaver_voice")
    front.presses("Send it")

    assert front.statement.owner_id == kim.id
    assert not sight.may_see_name(front.statement)
    assert letter(session, library).to == kim.email


@pytest.mark.parametrize("scenario", ["about_my_adviser", "complaint"])
def test_what_is_about_the_adviser_cannot_be_seen_by_the_adviser(
    session: Session, front: Front, wren: Staff, lee: Staff, scenario: str
) -> None:
    front.says("hello before")
    front.tells_all(scenario)
    front.presses("Send it")
    statement = front.statement
    front.says("i feel unsafe tonight", found(Level.SAME_DAY, Category.SUICIDE))

    assert (statement.owner_id, statement.hidden_from_id) == (lee.id, wren.id)
    assert sight.may_read(statement, lee)
    assert not sight.may_read(statement, wren)
    [flag] = session.scalars(select(Flag))
    flagged = [
        one.id
        for one in session.scalars(select(Message))
        if one.text == "i feel unsafe tonight" and flag
    ]
    may = sight.visible(front.chat, wren, flagged, after=timedelta(minutes=30))
    seen = [one.text or "" for one in session.scalars(select(Message).where(*may))]
    assert "i feel unsafe tonight" in seen
    assert not [one for one in seen if SECRET in one]
    assert not [one for one in seen if "complain" in one.casefold()]


def test_words_meant_for_somebody_else_are_not_shown_around_a_flag(
    session: Session, front: Front, wren: Staff, lee: Staff
) -> None:
    front.tells_all("problem")
    front.presses("Choose who sees it")
    front.presses("A manager")
    front.presses("Send it")
    front.says("i feel unsafe", found(Level.SAME_DAY, Category.SUICIDE))

    def seen(member: Staff) -> str:
        may = sight.visible(front.chat, member, [], after=timedelta(minutes=30))
        return "\n".join(one.text or "" for one in session.scalars(select(Message).where(*may)))

    assert SECRET not in seen(wren)
    assert SECRET in seen(lee)


def test_a_flagged_answer_is_shown_to_whoever_reads_the_flag(
    session: Session, front: Front, wren: Staff
) -> None:
    front.tells("problem")
    front.says(SECRET, found(Level.CONCERN))

    flagged = [one.id for one in session.scalars(select(Message)) if one.text == SECRET]
    may = sight.visible(front.chat, wren, flagged, after=timedelta(minutes=30))

    assert SECRET in [one.text for one in session.scalars(select(Message).where(*may))]
    assert current(session, front.statement)["what"] == {"words": SECRET}


@pytest.mark.parametrize(
    ("state", "audience", "reads"),
    [
        ("draft", "manager", set()),
        ("kept", "only_me", set()),
        ("withdrawn", "adviser", set()),
        ("sent", "adviser", {"Wren", "Lee"}),
        ("opened", "manager", {"Lee"}),
        ("sent", "participation_anonymous", {"Kim"}),
    ],
)
def test_only_whom_they_chose_may_read_it(
    session: Session, wren: Staff, lee: Staff, state: str, audience: str, reads: set[str]
) -> None:
    kim, sam = cast.staff(session, "Kim", Role.PARTICIPATION), cast.sam(session)
    owner = {"adviser": wren, "manager": lee}.get(audience, kim)
    made = Statement(
        council="cheshire_east",
        state=state,
        audience=audience,
        owner_id=owner.id if state in {"sent", "opened"} else None,
        sent_at=NOW if state != "draft" else None,
    )

    assert {one.name for one in (wren, lee, kim, sam) if sight.may_read(made, one)} == reads


def test_a_complaint_is_due_in_ten_working_days_and_its_letter_says_so(
    session: Session, library: Library, front: Front, lee: Staff
) -> None:
    front.tells_all("complaint")
    said = front.presses("Send it")

    statement = front.statement
    assert statement.complaint
    assert statement.answer_by == Rota().working_days(NOW, 10)
    assert statement.owner_id == lee.id
    assert "Tuesday 8 December" in said[0]
    told = letter(session, library)
    assert "Answer it by Tuesday 8 December" in told.text


def test_a_strangers_complaint_goes_to_duty_and_waits_for_its_answer(
    session: Session, library: Library, stranger: Front
) -> None:
    stranger.tells_all("complaint")
    stranger.presses("Send it")

    retention.forget_next(session, NOW + timedelta(days=3))

    statement = stranger.statement
    assert (statement.route, statement.state) == ("duty", "sent")
    assert statement.chat_id is not None
    assert letter(session, library).to == "duty@example.org"


# Taking back, consent, copies


def test_what_nobody_opened_can_be_taken_back_and_nobody_is_told(
    session: Session, front: Front
) -> None:
    front.tells_all("problem")
    front.presses("Send it")
    front.says("/mine")
    front.presses("Sort a problem, 24 Nov")
    front.presses("Take it back")

    assert front.statement.state == "withdrawn"
    assert list(session.scalars(select(Alert).where(Alert.statement_id.is_not(None)))) == []


def test_what_was_opened_meanwhile_is_not_taken_back(session: Session, front: Front) -> None:
    front.tells_all("problem")
    front.presses("Send it")
    front.says("/mine")
    front.presses("Sort a problem, 24 Nov")
    opened = front.statement
    opened.state, opened.opened_at = "opened", front.now
    session.flush()

    said = front.presses("Take it back")

    assert "cannot take it back" in said[0]
    assert front.statement.state == "opened"


def test_a_deleted_statement_keeps_no_word(session: Session, front: Front) -> None:
    front.tells_all("problem")
    front.presses("Send it")
    front.says("/mine")
    front.presses("Sort a problem, 24 Nov")
    front.presses("Delete it")
    front.presses("Yes, delete")

    assert front.statement.state == "deleted"
    assert list(session.scalars(select(Answer))) == []
    assert "nothing here yet" in front.says("/mine")[0]


def test_consent_is_kept_with_its_time_and_withdrawn_again(session: Session, front: Front) -> None:
    front.tells_all("problem")
    front.presses("Send it")
    front.presses("Yes")
    [what] = session.scalars(select(Answer).where(Answer.question == "what"))
    assert (what.consent, what.consent_at is not None) == ("yes", True)

    front.presses("Who may use my words")
    front.presses("What is wrong")
    front.presses("No")

    session.expire_all()
    assert {one.consent for one in session.scalars(select(Answer)) if one.question == "what"} == {
        "no"
    }
    [want] = session.scalars(select(Answer).where(Answer.question == "want"))
    assert want.consent == "yes"


def test_their_copy_is_a_file_with_every_word(session: Session, front: Front) -> None:
    front.tells_all("problem")
    front.presses("Send it")
    front.presses("Get my copy")

    [file] = session.scalars(select(Send).where(Send.method == "sendDocument"))
    assert file.body is not None
    for said in ("Sort a problem", "What is wrong:", SECRET, "🙂 Good", front.statement.reference):
        assert said in file.body["text"]


# Their rights, and how long it is kept


def test_all_of_it_is_in_their_data_the_former_words_too(
    session: Session, library: Library, front: Front
) -> None:
    front.tells_all("adviser_visit", "a first thought")
    front.presses("Change an answer")
    front.presses("What helped")
    front.says("a second thought")

    text = persons_data.as_text(session, front.chat, library.say)

    for said in ("a first thought", "a second thought", "A visit from my adviser", "⏩ Soon"):
        assert said in text
    assert front.statement.reference in text


def test_erasing_a_person_erases_what_they_told(
    session: Session, front: Front, amara: Person
) -> None:
    front.tells_all("problem")
    front.presses("Send it")

    erasure.erase(session, amara, front.chat)

    for table in (Statement, Answer, StatementEvent, Alert):
        assert list(session.scalars(select(table))) == []


def test_delete_takes_drafts_and_leaves_what_somebody_is_seeing_to(
    session: Session, front: Front
) -> None:
    front.tells_all("problem")
    front.presses("Send it")
    under_way = front.statement
    under_way.state, under_way.opened_at = "in_hand", front.now
    front.tells("good_news")
    front.says("my cat had kittens")

    front.says("DELETE")
    front.says("yes")

    session.expire_all()
    assert [one.state for one in session.scalars(select(Statement))] == ["in_hand"]


def close(statement: Statement, at: datetime) -> None:
    """Let a statement be done."""
    statement.state, statement.closed_at = "done", at


def test_thirty_days_after_it_is_done_nothing_joins_it_to_a_person(
    session: Session, front: Front
) -> None:
    front.tells_all("problem")
    front.presses("Send it")
    front.presses("No")
    front.presses("Who may use my words")
    front.presses("What would help")
    front.presses("Yes")
    close(front.statement, NOW + timedelta(days=1))
    session.flush()

    retention.forget_next(session, NOW + timedelta(days=30))
    assert front.statement.chat_id is not None
    retention.forget_next(session, NOW + timedelta(days=32))

    statement = front.statement
    assert (statement.chat_id, statement.person_id) == (None, None)
    assert statement.feelings == ["good"]
    kept = {one.question: one.update_id for one in session.scalars(select(Answer))}
    assert "what" not in kept
    assert "want" in kept
    assert set(kept.values()) == {None}


@pytest.mark.parametrize(
    ("how", "days"),
    [("draft", 30), ("withdrawn", 30), ("kept", 365), ("done", 730)],
)
def test_each_kind_is_kept_as_long_as_the_page_says(
    session: Session, front: Front, how: str, days: int
) -> None:
    front.tells_all("problem")
    if how == "done":
        front.presses("Send it")
    statement = front.statement
    statement.state, statement.closed_at = how, NOW
    session.flush()

    retention.forget_next(session, NOW + timedelta(days=days - 1))
    assert len(list(session.scalars(select(Statement)))) == 1
    retention.forget_next(session, NOW + timedelta(days=days + 1))

    assert list(session.scalars(select(Statement))) == []


def test_an_open_complaint_is_kept_whatever_its_age(session: Session, front: Front) -> None:
    front.tells_all("complaint")
    front.presses("Send it")

    retention.forget_next(session, NOW + timedelta(days=2_000))
    assert SECRET in str(current(session, front.statement))
    close(front.statement, NOW)
    session.flush()
    retention.forget_next(session, NOW + timedelta(days=700))
    assert SECRET in str(current(session, front.statement))
    retention.forget_next(session, NOW + timedelta(days=731))

    assert list(session.scalars(select(Statement))) == []


def test_what_a_stranger_sent_without_a_name_outlives_their_chat(
    session: Session, stranger: Front
) -> None:
    stranger.tells_all("care_leaver_voice", "more things on at weekends")
    stranger.presses("Send it")
    stranger.tells("problem")
    stranger.says("only a draft")

    retention.forget_next(session, NOW + timedelta(days=2))

    assert list(session.scalars(select(Chat))) == []
    [left] = session.scalars(select(Statement))
    assert (left.scenario, left.chat_id) == ("care_leaver_voice", None)
    assert list(session.scalars(select(Update))) == []
