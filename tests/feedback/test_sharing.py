"""For many at once: actions, surveys, questions to the council, and what no theme covers."""

from datetime import date, datetime, time, timedelta

import numpy as np
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from checkins import noting, planning
from checkins.holds import OF_CIRCUMSTANCE, CircumstanceKind
from content.library import Library
from content.surveys import load_surveys
from feedback import actions, asking, emerging, pushing, surveys
from feedback.actions import ActionError, Change
from feedback.asking import AskingError
from feedback.emerging import Uncovered
from feedback.surveys import Group, SurveyError
from meaning.encoder import Vectors
from people.hours import LONDON, Rota
from scheduler import hearing_retention
from storage import asked, hearing_back
from storage.tables import Action, Asked, Chat, Flag, Person, Push, Raised, Send, Staff
from storage.tables.outbox import Lane
from storage.tables.people import Role
from tests import cast
from tests.cast import COUNCIL, NOW
from tests.feedback.sparing import SPARING

ROTA = Rota()
NIGHT = datetime(2026, 11, 24, 23, 30, tzinfo=LONDON)
MORNING = datetime(2026, 11, 25, 9, 0, tzinfo=LONDON)
USUAL = ["we had a cup of tea"] * 30


@pytest.fixture
def pat(session: Session) -> Staff:
    """Pat is the participation team."""
    return cast.staff(session, "Pat", Role.PARTICIPATION)


@pytest.fixture
def amara(session: Session) -> Chat:
    """Amara's chat: she raised repairs, and wants to hear back."""
    chat = cast.chat(session, cast.AMARA, cast.person(session))
    hearing_back.note_raised(session, chat.id, ["repairs"], COUNCIL, NOW)
    hearing_back.set_hearing(session, chat, NOW, wanted=True)
    return chat


@pytest.fixture
def ben(session: Session) -> Chat:
    """Ben's chat: he raised something else, and wants to hear back."""
    chat = cast.chat(session, cast.BEN, cast.person(session, name="Ben"))
    hearing_back.note_raised(session, chat.id, ["moves"], COUNCIL, NOW)
    hearing_back.set_hearing(session, chat, NOW, wanted=True)
    return chat


def flag(session: Session, chat: Chat, level: str = "same_day") -> Flag:
    """Open a flag."""
    made = Flag(
        reference="F-222222",
        chat_id=chat.id,
        level=level,
        categories=["low_mood"],
        third_party=False,
        about_staff=False,
        why=[],
        rules_version="test",
        raised_at=NOW,
        last_sign_at=NOW,
        due_at=NOW,
    )
    session.add(made)
    session.flush()
    return made


def action(
    session: Session, pat: Staff, did: str | None = "Damp is looked at in five days."
) -> Action:
    """Add an action about repairs."""
    return actions.add(session, pat, "repairs", COUNCIL, "Faster repairs", Change(did=did), NOW)


def send_all(session: Session, library: Library, now: datetime = NOW) -> list[Send]:
    """Send what is due, and return what was put in the outbox."""
    while pushing.send_next(session, library, SPARING, now):
        pass
    return list(session.scalars(select(Send).order_by(Send.id)))


# You said, we did


def test_an_action_is_told_to_who_raised_it_and_to_nobody_else(
    session: Session, library: Library, pat: Staff, amara: Chat, ben: Chat
) -> None:
    actions.publish(session, action(session, pat), pat, NOW)

    [send] = send_all(session, library)

    assert (send.chat_id, send.lane) == (amara.id, Lane.BULK)
    assert send.body is not None
    assert "Damp is looked at" in send.body["text"]
    assert "Repairs" not in send.body["text"][:100]
    assert ben.id != amara.id


def test_an_action_is_published_once(session: Session, pat: Staff, amara: Chat) -> None:
    made = action(session, pat)
    assert len(actions.publish(session, made, pat, NOW)) == 1

    with pytest.raises(ActionError):
        actions.publish(session, made, pat, NOW)

    assert [one.chat_id for one in session.scalars(select(Push))] == [amara.id]


def test_an_action_without_words_is_not_published(session: Session, pat: Staff) -> None:
    made = action(session, pat, None)

    with pytest.raises(ActionError):
        actions.publish(session, made, pat, NOW)

    actions.update(made, pat, Change(did="We did it.", status="done"), NOW)
    actions.publish(session, made, pat, NOW)
    assert made.status == "done"


@pytest.mark.parametrize(
    "change", [Change(status="finished"), Change(title=""), Change(did="x" * 601)]
)
def test_a_change_that_cannot_be_is_refused(session: Session, pat: Staff, change: Change) -> None:
    made = action(session, pat)

    with pytest.raises(ActionError):
        actions.update(made, pat, change, NOW)


def test_only_the_councils_own_staff_write_actions(session: Session, pat: Staff) -> None:
    made = action(session, pat)

    for stranger in (cast.wren(session), cast.sam(session)):
        with pytest.raises(ActionError):
            actions.publish(session, made, stranger, NOW)


def test_who_does_not_want_to_hear_is_not_told(session: Session, pat: Staff, amara: Chat) -> None:
    hearing_back.set_hearing(session, amara, NOW, wanted=False)

    assert actions.publish(session, action(session, pat), pat, NOW) == []


def test_nobody_is_told_at_night(
    session: Session, library: Library, pat: Staff, amara: Chat
) -> None:
    actions.publish(session, action(session, pat), pat, NIGHT)

    assert send_all(session, library, NIGHT) == []
    [send] = send_all(session, library, MORNING)

    assert send.chat_id == amara.id


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"stopped_at": NOW}, "stopped"),
        ({"unreachable_at": NOW}, "unreachable"),
        ({"paused_until": NOW + timedelta(days=1)}, "paused"),
        ({"held_until": NOW + timedelta(minutes=5)}, "held"),
    ],
)
def test_nobody_is_told_at_a_bad_moment(
    session: Session,
    library: Library,
    pat: Staff,
    amara: Chat,
    change: dict[str, datetime],
    reason: str,
) -> None:
    actions.publish(session, action(session, pat), pat, NOW)
    for name, value in change.items():
        setattr(amara, name, value)

    assert send_all(session, library) == []
    [push] = session.scalars(select(Push))
    assert (push.state, push.reason) == ("not_sent", reason)


def test_nobody_is_told_while_a_serious_flag_is_open(
    session: Session, library: Library, pat: Staff, amara: Chat
) -> None:
    actions.publish(session, action(session, pat), pat, NOW)
    flag(session, amara)

    assert send_all(session, library) == []
    assert session.scalar(select(Push.reason)) == "flag_open"


# Surveys


def survey(
    session: Session, library: Library, pat: Staff, group: Group | None = None
) -> dict[str, str]:
    """Send the Promise survey; return what became of it for each name."""
    _, pushes = surveys.send(
        session,
        pat,
        "promise_survey",
        load_surveys(library.scenarios),
        group or Group(COUNCIL),
        NOW,
    )
    names = {one.id: one.name for one in session.scalars(select(Person))}
    return {names[one.person_id]: str(one.reason or one.state) for one in pushes if one.person_id}


def test_a_survey_is_sent_with_a_reason_for_each_who_gets_none(
    session: Session, library: Library, pat: Staff, amara: Chat, ben: Chat
) -> None:
    cast.person(session, name="Cy")
    flag(session, ben)

    assert survey(session, library, pat) == {
        "Amara": "waiting",
        "Ben": "flag_open",
        "Cy": "not_linked",
    }
    assert [one.chat_id for one in send_all(session, library)] == [amara.id]


def test_nobody_is_asked_the_same_again_within_its_interval(
    session: Session, library: Library, pat: Staff, amara: Chat
) -> None:
    assert amara.person_id is not None
    survey(session, library, pat)
    send_all(session, library)

    assert survey(session, library, pat) == {"Amara": "asked_lately"}


def test_a_group_is_by_age_and_by_review(
    session: Session, library: Library, pat: Staff, amara: Chat, ben: Chat
) -> None:
    reviewed = session.get_one(Person, amara.person_id)
    reviewed.reviewed_on = date(2026, 11, 20)
    other = session.get_one(Person, ben.person_id)
    other.born_on = "2004-01-01"
    session.flush()

    assert survey(session, library, pat, Group(COUNCIL, 18, 20)) == {"Amara": "waiting"}
    assert survey(session, library, pat, Group(COUNCIL, 21, 25)) == {"Ben": "waiting"}
    lately = Group(COUNCIL, had_review_since=date(2026, 11, 17))
    assert survey(session, library, pat, lately) == {"Amara": "asked_lately"}


def test_a_flag_raised_after_the_survey_was_sent_still_holds_it(
    session: Session, library: Library, pat: Staff, amara: Chat
) -> None:
    survey(session, library, pat)
    flag(session, amara, "immediate")

    assert send_all(session, library) == []


@pytest.mark.parametrize("kind", CircumstanceKind)
def test_whoever_is_left_alone_gets_no_survey_and_the_reason_is_kept(
    session: Session, library: Library, pat: Staff, amara: Chat, kind: CircumstanceKind
) -> None:
    assert amara.person is not None
    survey(session, library, pat)
    noting.note_circumstance(session, amara.person, None, kind, None, NOW)

    assert send_all(session, library) == []
    assert session.scalar(select(Push.reason)) == OF_CIRCUMSTANCE[kind]


@pytest.mark.parametrize(("topic", "sent"), [("survey", 0), ("event", 1)])
def test_whoever_turned_surveys_off_gets_none(
    session: Session, library: Library, pat: Staff, amara: Chat, topic: str, sent: int
) -> None:
    assert amara.person is not None
    plan = planning.ensure(session, amara.person, library, LONDON, NOW)
    plan.topics_off, plan.lesson_days = [topic], []
    survey(session, library, pat)

    assert len(send_all(session, library)) == sent
    assert session.scalar(select(Push.reason)) == (None if sent else "topic_off")


def test_a_survey_waits_for_the_end_of_their_own_quiet_hours(
    session: Session, library: Library, pat: Staff, amara: Chat
) -> None:
    assert amara.person is not None
    plan = planning.ensure(session, amara.person, library, LONDON, NOW)
    plan.lesson_days, plan.quiet_to = [], time(12)
    survey(session, library, pat)

    assert send_all(session, library) == []
    assert len(send_all(session, library, NOW + timedelta(hours=2))) == 1


def test_only_surveys_are_sent_and_only_by_those_who_may(
    session: Session, library: Library, pat: Staff
) -> None:
    intervals = load_surveys(library.scenarios)

    with pytest.raises(SurveyError):
        surveys.send(session, pat, "complaint", intervals, Group(COUNCIL), NOW)
    with pytest.raises(SurveyError):
        surveys.send(session, cast.wren(session), "wellbeing", intervals, Group(COUNCIL), NOW)


@pytest.mark.parametrize(
    ("text", "read"), [(None, (None, None)), ("18-20", (18, 20)), ("17", (17, 17))]
)
def test_ages_are_read(text: str | None, read: tuple[int | None, int | None]) -> None:
    assert surveys.ages(text) == read


def test_ages_that_are_none_are_refused() -> None:
    with pytest.raises(SurveyError):
        surveys.ages("young")


# Ask the council


def question(session: Session, chat: Chat) -> Asked:
    """Ask something."""
    return asking.ask(
        session,
        chat,
        asking.fresh_reference(),
        "Why do buses stop at six?",
        council=COUNCIL,
        rota=ROTA,
        now=NOW,
    )


def test_a_question_is_answered_for_everybody_and_whoever_asked_is_told(
    session: Session, library: Library, pat: Staff, amara: Chat
) -> None:
    one = question(session, amara)
    assert asked.answered(session, COUNCIL, 5) == []

    asking.approve(session, library, one, pat, "Why is there no late bus?", NOW)
    asking.answer(session, library, one, pat, by="Councillor Vale", text="We are asking.", now=NOW)

    [public] = asked.answered(session, COUNCIL, 5)
    assert (public.put, public.answer) == ("Why is there no late bus?", "We are asking.")
    sent = [str(send.reply_id) for send in session.scalars(select(Send).order_by(Send.id))]
    assert sent == ["ask_council.approved", "ask_council.answered"]


def test_a_question_that_is_not_passed_on_is_published_nowhere(
    session: Session, library: Library, pat: Staff, amara: Chat
) -> None:
    one = question(session, amara)
    with pytest.raises(AskingError):
        asking.reject(session, library, one, pat, "", NOW)

    asking.reject(session, library, one, pat, "It names somebody.", NOW)

    assert asked.answered(session, COUNCIL, 5) == []
    with pytest.raises(AskingError):
        asking.answer(session, library, one, pat, by="Councillor Vale", text="No.", now=NOW)


def test_only_so_many_questions_a_day(session: Session, amara: Chat) -> None:
    for _ in range(asking.MOST_A_DAY):
        assert asking.may_ask(session, amara, NOW)
        question(session, amara)

    assert not asking.may_ask(session, amara, NOW)
    assert asking.may_ask(session, amara, NOW + timedelta(days=2))


def test_the_asker_is_let_go_and_the_answer_stays(
    session: Session, library: Library, pat: Staff, amara: Chat
) -> None:
    one = question(session, amara)
    asking.approve(session, library, one, pat, "", NOW)
    asking.answer(session, library, one, pat, by="Councillor Vale", text="Yes.", now=NOW)
    session.flush()

    hearing_retention.forget(session, NOW + timedelta(days=31))
    session.expire_all()

    [kept] = session.scalars(select(Asked))
    assert (kept.chat_id, kept.words, kept.answer) == (None, None, "Yes.")
    hearing_retention.forget(session, NOW + timedelta(days=731))
    assert session.scalars(select(Asked)).all() == []
    assert session.scalars(select(Raised)).all() == []


# What no theme covers


def alike(texts: list[str]) -> Vectors:
    """Return one direction for everything about bins, another for the rest."""
    return np.array([[1, 0] if "bins" in one else [0, 1] for one in texts], dtype=np.float32)


def some(count: int, *, may_quote: bool = True) -> list[Uncovered]:
    """Return what so many people said about bins."""
    return [Uncovered(str(n), f"the bins are overflowing {n}", may_quote) for n in range(count)]


def test_what_few_people_said_is_not_shown() -> None:
    assert emerging.topics(some(4), USUAL, alike) == []


def test_examples_are_hidden_until_ten_people_said_something_alike() -> None:
    [few] = emerging.topics(some(9), USUAL, alike)[:1]
    [many] = emerging.topics(some(10), USUAL, alike)[:1]

    assert (few.people, few.examples) == (9, ())
    assert many.people == 10
    assert len(many.examples) == emerging.MOST_EXAMPLES
    assert "bins" in " ".join(many.words)


def test_words_to_be_reworded_are_never_an_example() -> None:
    [topic] = emerging.topics(some(12, may_quote=False), USUAL, alike)[:1]

    assert (topic.people, topic.examples) == (12, ())


def test_one_person_who_says_it_often_is_one_person() -> None:
    often = [Uncovered("one", f"the bins are overflowing {n}", may_quote=True) for n in range(20)]

    assert emerging.topics(often, USUAL, alike) == []


def test_words_that_are_usual_do_not_emerge() -> None:
    usual = ["the bins are overflowing again"] * 10

    assert emerging.topics(some(12), usual, alike) == []
