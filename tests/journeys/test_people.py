"""Journey 12: reaching a person. Whose it is, who hears, and the bot quiet while a person talks."""

import re

from sqlalchemy import select

from storage.tables import Request, Staff
from tests.journeys.conftest import AMARA, BEN, STRANGER, World
from tests.journeys.letters import letters, letters_about

WREN, LEE, SAM = "wren@example.org", "lee@example.org", "sam@example.org"
#: A true time: when they stop work today, or when they are back.
WHEN = re.compile(r"(at work until|back at) \d{1,2}(:\d\d)?(am|pm)")


def requests(world: World) -> list[Request]:
    """Return every request, oldest first."""
    with world.session() as session:
        return list(session.scalars(select(Request).order_by(Request.id)))


def email_of(world: World, request: Request) -> str | None:
    """Return the address of whoever has a request."""
    with world.session() as session:
        staff = session.get(Staff, request.staff_id) if request.staff_id else None
        return staff.email if staff else None


def test_each_way_of_asking_reaches_the_right_person(talking: World) -> None:
    talking.join(AMARA)
    wanted = {
        "talk to my pa": ({"talk_to_adviser"}, {"adviser"}, WREN),
        "can someone call me back": ({"talk_to_adviser", "talk_to_a_person"}, {"adviser"}, WREN),
        "need an advocate": ({"want_advocate"}, {"adviser"}, WREN),
        "my pa never replies": ({"adviser_not_replying"}, {"manager"}, LEE),
        "can i have a different pa": ({"change_adviser"}, {"manager"}, LEE),
    }

    wrong: list[tuple[object, ...]] = []
    for number, (said, (kinds, routes, whose)) in enumerate(wanted.items()):
        reply = talking.telegram.ask(AMARA, said)
        made = requests(talking)
        if len(made) != number + 1 or not WHEN.search(reply.text):
            wrong.append((said, reply.text))
            break
        newest, who = made[-1], email_of(talking, made[-1])
        named = "Wren Hart" if who == WREN else "a manager"
        told = [one.to for one in letters_about(talking, newest.reference)]
        if (
            newest.kind not in kinds
            or newest.route not in routes
            or whose not in {None, who}
            or named not in reply.text
            or told != [who]
        ):
            wrong.append((said, newest.kind, newest.route, who, told, reply.text))
        assert newest.due_at > newest.asked_at
        talking.telegram.press(AMARA, "That's all")

    assert wrong == []
    for letter in letters(talking, len(wanted)):
        for personal in ("Amara", "never replies", str(AMARA)):
            assert personal not in letter.subject + letter.text
    listed = talking.kith("requests")
    assert "Amara" in listed
    assert all(one.reference in listed for one in requests(talking))


def test_the_adviser_is_named_and_an_advocate_can_be_found_at_once(talking: World) -> None:
    talking.join(AMARA)

    named = talking.telegram.ask(AMARA, "who is my pa")
    asked = talking.telegram.press(AMARA, "Ask them to get in touch")
    talking.telegram.press(AMARA, "That's all")
    advocate = talking.telegram.ask(AMARA, "need an advocate")

    assert "Your personal adviser is Wren Hart" in named.text
    assert "saved this for Wren Hart" in asked.text
    assert [one.kind for one in requests(talking)] == ["talk_to_adviser", "want_advocate"]
    # No advocate's number may be published until it is checked live; the website may.
    assert "coramvoice.org.uk" in advocate.text


def test_somebody_over_21_is_welcomed_back(talking: World) -> None:
    talking.join(BEN, name="Ben", born="2004-03-02")

    known = talking.telegram.ask(BEN, "i want a pa back im 22")
    stranger = talking.telegram.ask(STRANGER, "i want a pa back im 22")

    for reply in (known, stranger):
        assert "elcome back" in reply.text
        assert "25" in reply.text
        assert WHEN.search(reply.text)
    made = requests(talking)
    assert [one.route for one in made] == ["adviser", "duty"]
    assert [email_of(talking, one) for one in made] == [WREN, LEE]
    assert sorted(one.to for one in letters(talking, 2)) == [LEE, WREN]


def test_what_is_about_the_adviser_never_lands_with_the_adviser(talking: World) -> None:
    talking.environment["COLUMNS"] = "300"
    talking.join(AMARA)
    talking.join(BEN, name="Ben")
    talking.telegram.ask(AMARA, "talk to my pa")

    reply = talking.telegram.ask(AMARA, "my pa never replies to me")
    asked = talking.telegram.ask(BEN, "can i have a different pa")
    talking.telegram.ask(BEN, "it has been like this since june")
    talking.telegram.ask(BEN, "im gonna kill myself tonight")
    talking.wait_until_handled()

    first, about, changed = requests(talking)
    assert [email_of(talking, one) for one in (first, about, changed)] == [WREN, LEE, LEE]
    assert "not go to your adviser" in reply.text
    assert "Wren" not in asked.text
    assert "never replies" not in (first.words or "")
    assert "since june" in (changed.words or "")
    # What is said about staff may be a worry as well: that is kept from the adviser too.
    worries = [flag.reference for flag in talking.flags() if flag.about_staff]
    hidden = (about.reference, changed.reference, *worries)
    assert {one.to for one in letters_about(talking, *hidden)} == {LEE}
    for reference in hidden:
        refused = talking.kith("reply", reference, "what is wrong", "--by", WREN, ok=False)
        assert "There is no request" in refused
    [danger] = [flag for flag in talking.flags() if flag.level == "immediate"]
    shown = talking.kith("flags", "open", danger.reference, "--by", WREN)
    assert "im gonna kill myself tonight" in shown
    for about_her in ("different pa", "since june", "like this"):
        assert about_her not in shown


def test_a_specialist_gets_what_is_about_their_topic_as_well(talking: World) -> None:
    talking.kith(
        "staff", "add", SAM, "--role", "adviser", "--name", "Sam Reed", "--specialist", "housing"
    )
    talking.join(AMARA)
    talking.telegram.ask(AMARA, "can i stay at my foster mums after 18")
    talking.telegram.press(AMARA, "Who can help")

    reply = talking.telegram.press(AMARA, "Talk to a person")

    [request] = requests(talking)
    assert (request.topic, request.route, email_of(talking, request)) == (
        "housing",
        "adviser",
        WREN,
    )
    assert sorted(one.to for one in letters(talking, 2)) == [SAM, WREN]
    # Truthful: it names both who get it.
    assert "Wren Hart and Sam Reed" in reply.text


def test_a_reply_comes_from_a_named_person_and_the_bot_is_quiet_until_released(
    talking: World,
) -> None:
    talking.environment["COLUMNS"] = "300"  # a wide terminal: no word is broken over two lines
    talking.join(AMARA)
    talking.telegram.ask(AMARA, "talk to my pa")
    added = talking.telegram.ask(AMARA, "friday afternoons are best")
    [request] = requests(talking)
    listed = talking.kith("requests")
    letters(talking, 2)

    talking.kith("reply", request.reference, "Hi Amara, I can come at 2 on Friday.", "--by", WREN)

    words, held = talking.telegram.wait_for(AMARA, 2)
    assert "read that too" in added.text
    assert "friday afternoons are best" in listed
    assert (
        words.text == "Wren Hart, from Cheshire East, says:\n\nHi Amara, I can come at 2 on Friday."
    )
    assert "I'll stay quiet" in held.text
    assert request.reference not in talking.kith("requests")

    talking.telegram.say(AMARA, "friday is good thanks")
    talking.telegram.say(AMARA, "can i stay at my foster mums after 18")
    menu = talking.telegram.ask(AMARA, "MENU")
    card = talking.telegram.ask(AMARA, "im gonna kill myself tonight")
    released = talking.telegram.ask(AMARA, "RESUME")
    answer = talking.telegram.ask(AMARA, "can i stay at my foster mums after 18")

    assert "Somewhere to live" in menu.labels
    assert "Call 999 now" in card.text
    assert released.text == "I'm here. Ask me anything."
    assert "until you are 21" in answer.text
    # Notice, OK, request, words added, reply, held, menu, card, resumed, answer: nothing between.
    assert len(talking.telegram.sent(AMARA)) == 10


def test_what_is_written_back_to_a_person_reaches_that_person(talking: World) -> None:
    talking.environment["COLUMNS"] = "300"
    talking.join(AMARA)
    talking.telegram.ask(AMARA, "talk to my pa")
    [request] = requests(talking)
    talking.kith("reply", request.reference, "When suits you?", "--by", WREN)
    talking.telegram.wait_for(AMARA, 2)
    before = len(letters(talking, 1))

    talking.telegram.say(AMARA, "friday at 2, i need the forms too")
    talking.telegram.send(
        AMARA, photo=[{"file_id": "p", "file_unique_id": "p", "width": 9, "height": 9}]
    )
    talking.wait_until_handled()

    assert [one.to for one in letters(talking, before + 1)][before:][:1] == [WREN]
    assert "friday at 2, i need the forms too" in talking.kith("requests")
    assert [flag.level for flag in talking.flags()] == ["concern"]
    talking.kith("release", request.reference)
    assert (
        "until you are 21"
        in talking.telegram.ask(AMARA, "can i stay at my foster mums after 18").text
    )
