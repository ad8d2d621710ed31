"""Journeys 1 to 6 of statements: from the menu and from words, interrupted, resumed, sent, kept."""

from sqlalchemy import select

from storage.tables import Alert, Answer, Flag, Statement
from tests.fakes.bot_api import SentMessage
from tests.journeys.conftest import AMARA, BEN, STRANGER, World
from tests.journeys.letters import letters, letters_about

WREN, LEE = "wren@example.org", "lee@example.org"
OFFER = "can i stay at my foster mums after 18"
DANGER = "im gonna kill myself tonight"


def statements(world: World) -> list[Statement]:
    """Return every statement, oldest first."""
    with world.session() as session:
        return list(session.scalars(select(Statement).order_by(Statement.id)))


def told(world: World, statement: Statement) -> dict[str, object]:
    """Return the answers that count, by question."""
    with world.session() as session:
        rows = session.scalars(
            select(Answer).where(Answer.statement_id == statement.id, Answer.replaced_at.is_(None))
        )
        return {one.question: one.value for one in rows}


def finish(world: World, chat_id: int, words: str = "it was alright i suppose") -> SentMessage:
    """Answer every question that is left, and return the message that asks whether to send."""
    for _ in range(20):
        newest = statements(world)[-1]
        if newest.stage == "review":
            return world.telegram.sent(chat_id)[-1]
        asked = world.telegram.sent(chat_id)[-1]
        skips = {"◀ Back", "Skip", "Next topic", "Stop and keep it", "Say more to my last answer"}
        modes = {"Short and easy", "With my worker", "All the questions"}
        picks = [one for one in asked.labels if one not in skips | modes]
        if picks:
            world.telegram.tap(chat_id, picks[0])
        else:
            world.telegram.say(chat_id, words)
        world.telegram.wait_for(chat_id)
        settle(world, chat_id)
    raise AssertionError(f"it never ends: {[one.text for one in world.telegram.sent(chat_id)]}")


def mine(world: World, chat_id: int, title: str) -> SentMessage:
    """Open one statement of the list."""
    listed = world.telegram.ask(chat_id, "/mine")
    label = next(one for one in listed.labels if one.startswith(f"{title}, "))
    return world.telegram.press(chat_id, label)


def settle(world: World, chat_id: int) -> None:
    """Let everything arrive, and look past it."""
    world.wait_until_handled()
    world.wait_until_sent()
    world.telegram.wait_for(chat_id, 0)


def test_from_the_menu_to_being_sent_with_a_change_a_choice_and_a_copy(talking: World) -> None:
    talking.join(AMARA)

    menu = talking.telegram.ask(AMARA, "MENU")
    talking.telegram.press(AMARA, "Tell us something")
    first = talking.telegram.press(AMARA, "A visit from my adviser")
    check = finish(talking, AMARA)

    assert "Tell us something" in menu.labels
    assert "Nobody sees it until you send it" in first.text
    assert "Wren Hart, your adviser" in first.text
    assert "Wren Hart, your adviser" in check.text
    assert talking.mail.messages == []
    talking.telegram.press(AMARA, "Change an answer")
    talking.telegram.tap(AMARA, "What helped")
    talking.telegram.wait_for(AMARA)
    talking.telegram.say(AMARA, "she listened this time")
    settle(talking, AMARA)
    talking.telegram.tap(AMARA, "Choose who sees it")
    audience = talking.telegram.wait_for(AMARA)[-1]
    assert "Lee Moss, a manager" in audience.text
    talking.telegram.tap(AMARA, "A manager")
    settle(talking, AMARA)
    sent, consent = _both(talking, "Send it")

    [statement] = statements(talking)
    assert statement.reference in sent.text
    assert "Lee Moss, a manager" in sent.text
    assert "without your name" in consent.text
    assert told(talking, statement)["helpful"] == {"words": "she listened this time"}
    assert [one.to for one in letters_about(talking, statement.reference)] == [LEE]
    talking.telegram.press(AMARA, "Yes, but reworded")
    talking.telegram.tap(AMARA, "Get my copy")
    settle(talking, AMARA)
    [copy] = [one for one in talking.telegram.sent(AMARA) if one.method == "sendDocument"]
    assert "she listened this time" in copy.document
    assert "she listened this time" not in copy.text


def _both(world: World, label: str) -> list[SentMessage]:
    """Press a button that is answered by two messages."""
    world.telegram.tap(AMARA, label)
    return world.telegram.wait_for(AMARA, 2)


def test_words_begin_it_and_nothing_they_wrote_is_asked_again(talking: World) -> None:
    talking.join(AMARA)

    reply = talking.telegram.ask(AMARA, "i passed my driving test")

    [statement] = statements(talking)
    assert (statement.scenario, statement.question) == ("good_news", "feel")
    assert told(talking, statement) == {"what": {"words": "i passed my driving test"}}
    assert "How do you feel about it?" in reply.text


def test_a_question_and_danger_in_between_and_the_statement_waits(talking: World) -> None:
    talking.join(AMARA)
    talking.telegram.ask(AMARA, "/tell")
    talking.telegram.press(AMARA, "Where I live")
    talking.telegram.press(AMARA, "😐 OK")

    answer, again = _ask_for_two(talking, OFFER)
    assert "until you are 21" in answer.text
    assert "Back to what you were telling us" in again.text
    assert "Do you feel safe there?" in again.text
    card = talking.telegram.ask(AMARA, DANGER)
    warm = talking.telegram.ask(AMARA, "i dont know")

    assert "Call 999" in card.text
    assert "safe there" not in warm.text
    [statement] = statements(talking)
    assert (statement.question, statement.state) == ("safe", "draft")
    assert told(talking, statement) == {"feel": {"feeling": "ok"}}
    assert len(talking.flags()) == 1
    mine(talking, AMARA, "Where I live")
    resumed = talking.telegram.press(AMARA, "Carry on with it")
    assert "Do you feel safe there?" in resumed.text


def _ask_for_two(world: World, text: str) -> list[SentMessage]:
    world.telegram.say(AMARA, text)
    return world.telegram.wait_for(AMARA, 2)


def test_killed_in_the_middle_it_goes_on_where_it_was(talking: World) -> None:
    talking.join(AMARA)
    talking.telegram.ask(AMARA, "/tell")
    talking.telegram.press(AMARA, "My plans")
    talking.telegram.ask(AMARA, "my own place by the sea")

    talking.kill_bot()
    talking.telegram.say(AMARA, "🙂")
    talking.start_bot()
    [next_question] = talking.telegram.wait_for(AMARA)

    [statement] = statements(talking)
    assert told(talking, statement) == {
        "dream": {"words": "my own place by the sea"},
        "feel": {"feeling": "good"},
    }
    assert "How ready do you feel" in next_question.text


def test_fifty_messages_at_once_are_all_kept_and_not_answered_fifty_times(talking: World) -> None:
    talking.join(AMARA)
    talking.telegram.ask(AMARA, "/tell")
    talking.telegram.press(AMARA, "Good news")
    before = len(talking.telegram.sent(AMARA))
    words = [f"I passed the driving test, part {number} of the story" for number in range(50)]

    talking.telegram.push(*(talking.telegram.message(AMARA, text=one) for one in words))
    talking.wait_until_handled(60)
    talking.wait_until_sent(30)

    [statement] = statements(talking)
    kept = str(told(talking, statement))
    assert [one for one in words if one not in kept] == []
    assert len(talking.telegram.sent(AMARA)) - before < 10


def test_a_picture_in_an_answer_is_said_to_be_unseen_and_its_words_are_kept(
    talking: World,
) -> None:
    talking.join(AMARA)
    talking.telegram.ask(AMARA, "/tell")
    talking.telegram.press(AMARA, "Where I live")
    talking.telegram.press(AMARA, "😐 OK")
    photo = [{"file_id": "p", "file_unique_id": "p", "width": 9, "height": 9}]

    talking.telegram.send(AMARA, photo=photo, caption="most of the time yes")
    unseen, again = talking.telegram.wait_for(AMARA, 2)

    assert "can't see" in unseen.text or "cannot see" in unseen.text
    assert "What is good about it?" in again.text
    [statement] = statements(talking)
    assert told(talking, statement)["safe"] == {"words": "most of the time yes"}


def test_a_complaint_about_the_adviser_reaches_a_manager_and_never_the_adviser(
    talking: World,
) -> None:
    talking.environment["COLUMNS"] = "300"
    talking.join(BEN, name="Ben")
    secret = "my pa has not come round since june"

    first = talking.telegram.ask(BEN, "i want to make a complaint")
    talking.telegram.ask(BEN, secret)
    settle(talking, BEN)
    check = finish(talking, BEN, "i want somebody else to sort it out")
    assert "Wren" not in first.text + check.text
    talking.telegram.tap(BEN, "Send it")
    [sent] = talking.telegram.wait_for(BEN)
    talking.telegram.ask(BEN, DANGER)

    [statement] = statements(talking)
    assert statement.complaint
    assert statement.reference in sent.text
    assert "answer by" in sent.text
    assert "advocate" in sent.text
    worries = [flag for flag in talking.flags() if flag.about_staff]
    about = (statement.reference, *(flag.reference for flag in worries))
    assert {one.to for one in letters_about(talking, *about)} == {LEE}
    for letter in letters(talking, 1):
        for personal in ("Ben", secret, "since june", str(BEN)):
            assert personal not in letter.subject + letter.text
    [flag] = [one for one in talking.flags() if one.level == "immediate"]
    shown = talking.kith("flags", "open", flag.reference, "--by", WREN)
    assert DANGER in shown
    for hidden in ("since june", "complain", "somebody else to sort"):
        assert hidden not in shown
    assert secret not in talking.kith("requests")
    refused = talking.kith("reply", statement.reference, "what", "--by", WREN, ok=False)
    assert "There is no request" in refused


def test_mine_shows_titles_only_and_lets_them_take_back_change_and_delete(talking: World) -> None:
    talking.join(AMARA)
    secret = "the tap in the hall is loose"
    talking.telegram.ask(AMARA, "/tell")
    talking.telegram.press(AMARA, "Good news")
    finish(talking, AMARA, secret)
    _both(talking, "Send it")
    talking.telegram.press(AMARA, "Yes")

    opened = mine(talking, AMARA, "Good news")
    assert secret not in opened.text
    ask = talking.telegram.press(AMARA, "Show my words")
    assert "Anyone holding your phone can read it" in ask.text
    talking.telegram.tap(AMARA, "Yes, show it")
    shown = talking.telegram.wait_for(AMARA, 2)
    assert secret in shown[0].text

    mine(talking, AMARA, "Good news")
    talking.telegram.press(AMARA, "Who may use my words")
    talking.telegram.press(AMARA, "My good news")
    talking.telegram.press(AMARA, "No")
    with talking.session() as session:
        quotable = session.scalars(select(Answer).where(Answer.quotable))
        consents = {one.question: one.consent for one in quotable}
    assert consents["what"] == "no"
    assert set(consents.values()) == {"no", "yes"}

    mine(talking, AMARA, "Good news")
    talking.telegram.press(AMARA, "Take it back")
    assert [one.state for one in statements(talking)] == ["withdrawn"]
    mine(talking, AMARA, "Good news")
    talking.telegram.press(AMARA, "Delete it")
    talking.telegram.press(AMARA, "Yes, delete")

    assert [one.state for one in statements(talking)] == ["deleted"]
    with talking.session() as session:
        assert session.scalar(select(Answer.id)) is None
    assert "nothing here yet" in talking.telegram.ask(AMARA, "/mine").text


def test_a_stranger_is_told_why_and_may_speak_without_a_name(talking: World) -> None:
    talking.telegram.ask(STRANGER, "/start", 2)
    talking.telegram.press(STRANGER, "Skip")
    talking.telegram.press(STRANGER, "Cheshire East")
    talking.telegram.ask(STRANGER, "/tell")

    first = talking.telegram.press(STRANGER, "Have your say")
    talking.telegram.ask(STRANGER, "more things on at weekends")
    for _ in range(5):
        talking.telegram.tap(STRANGER, "Next topic")
        talking.telegram.wait_for(STRANGER)
        settle(talking, STRANGER)
    talking.telegram.tap(STRANGER, "Send it")
    settle(talking, STRANGER)

    assert "I do not know who you are yet" in first.text
    [statement] = statements(talking)
    assert (statement.state, statement.audience) == ("sent", "participation_anonymous")
    with talking.session() as session:
        assert len(list(session.scalars(select(Alert)))) == 1
        assert session.scalar(select(Flag.id)) is None
