"""Journey 8: the words that always work, and what they do."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from content.library import Library
from storage.tables import Chat, Message, Request, Update
from tests.journeys.conftest import AMARA, STRANGER, World
from tests.journeys.letters import letters

#: What is said to bring a stranger somewhere, and how many replies that has.
STATES = {
    "fresh": (),
    "asked for an age": (("/start", 2),),
    "asked for a council": (("/start", 2), ("17", 1)),
    "asked whether to delete": (("DELETE", 1),),
    "asked for more words": (("HUMAN", 1),),
    "stopped": (("STOP", 1),),
    "paused": (("PAUSE", 1),),
    "after danger": (("i wanna die", 1),),
}
WORDS = {
    "STOP": "control.stopped",
    "PAUSE": "control.paused",
    "RESUME": "control.resumed",
    "HELP": "safety.help_word.same_day.self.any",
    "HUMAN": "people.talk_to_a_person.stranger",
    "DELETE": "control.delete_ask_stranger",
    "MY DATA": "control.my_data",
    "MENU": "menu.topics",
}
MISSPELT = {
    "stpo": "STOP",
    "Stop.": "STOP",
    "pasue": "PAUSE",
    "resme": "RESUME",
    "hlep": "HELP",
    "helpp": "HELP",
    "humna": "HUMAN",
    "delte": "DELETE",
    "deleet": "DELETE",
    "mydata": "MY DATA",
    "my dta": "MY DATA",
    "my daat": "MY DATA",
    "menuu": "MENU",
}


def beginning(library: Library, reply_id: str) -> str:
    """Return the fixed words that a reply begins with."""
    return library.replies[reply_id].partition("{{")[0].strip()


def test_every_control_word_works_in_every_state(talking: World, library: Library) -> None:
    chats = {
        (state, word): 9_000 + number
        for number, (state, word) in enumerate((state, word) for state in STATES for word in WORDS)
    }
    for (state, _), chat in chats.items():
        for said, replies in STATES[state]:
            talking.telegram.ask(chat, said, replies)

    talking.telegram.push(
        *(talking.telegram.message(chat, text=word) for (_, word), chat in chats.items())
    )

    wrong = []
    for (state, word), chat in chats.items():
        found = talking.telegram.wait_for(chat, 2 if word == "MY DATA" else 1, seconds=60)
        expected = beginning(library, WORDS[word])
        if word == "HELP":  # after danger the card for it is the more urgent one
            expected = "You asked for help."
        elif (state, word) == ("asked whether to delete", "DELETE"):  # said twice is a clear yes
            expected = beginning(library, "control.deleted_stranger")
        if not any(expected in one.text for one in found):
            wrong.append((state, word, found[-1].text))
    assert wrong == []


def test_a_slip_in_a_control_word_is_forgiven(talking: World, library: Library) -> None:
    chats = {said: 9_500 + number for number, said in enumerate(MISSPELT)}

    talking.telegram.push(
        *(talking.telegram.message(chat, text=said) for said, chat in chats.items())
    )

    wrong = []
    for said, word in MISSPELT.items():
        found = talking.telegram.wait_for(chats[said], seconds=30)
        meant = [
            one
            for one, reply_id in WORDS.items()
            if any(beginning(library, reply_id) in reply.text for reply in found)
        ]
        if word != "MY DATA" and meant != [word]:
            wrong.append((said, found[0].text))
    talking.wait_until_handled()
    wrong += [
        (said, talking.telegram.sent(chats[said])[0].text)
        for said in ("mydata", "my dta", "my daat")
        if not any(one.document for one in talking.telegram.sent(chats[said]))
    ]
    assert wrong == []


def test_stop_is_kept_to_until_resume_except_for_danger(talking: World) -> None:
    talking.join(AMARA)

    stopped = talking.telegram.ask(AMARA, "STOP")
    still = talking.telegram.ask(AMARA, "can i stay at my foster mums after 18")
    card = talking.telegram.ask(AMARA, "im gonna kill myself tonight")
    resumed = talking.telegram.ask(AMARA, "resume")
    answer = talking.telegram.ask(AMARA, "can i stay at my foster mums after 18")

    assert stopped.labels == ["Start again"]
    assert "stay" not in still.text.replace("staying quiet", "")
    assert "RESUME" in still.text
    assert "Call 999 now" in card.text
    assert resumed.text == "I'm here. Ask me anything."
    assert "until you are 21" in answer.text


def test_pause_lasts_a_week_and_questions_are_still_answered(talking: World) -> None:
    talking.join(AMARA)

    paused = talking.telegram.ask(AMARA, "pause")
    answer = talking.telegram.ask(AMARA, "can i stay at my foster mums after 18")

    assert "week" in paused.text
    assert "until you are 21" in answer.text
    with talking.session() as session:
        until = session.scalars(select(Chat.paused_until)).one()
    assert until is not None
    assert timedelta(days=6) < until - datetime.now(UTC) <= timedelta(days=7)
    talking.telegram.press(AMARA, "Start again")
    with talking.session() as session:
        assert session.scalars(select(Chat.paused_until)).one() is None


def test_my_data_is_a_readable_file_of_all_that_is_held(talking: World) -> None:
    talking.join(AMARA)
    talking.telegram.ask(AMARA, "can i stay at my foster mums after 18")
    talking.telegram.ask(AMARA, "HUMAN")
    talking.telegram.ask(AMARA, "its about my flat in Crewe")
    talking.telegram.ask(AMARA, "i wanna die")

    talking.telegram.say(AMARA, "MY DATA")

    file = next(
        one for one in talking.telegram.wait_for(AMARA, 2) if one.method == "sendDocument"
    ).document
    [flag] = talking.flags()
    with talking.session() as session:
        request = session.scalars(select(Request)).one()
    for held in (
        "Name: Amara",
        "2008-05-01",
        "Wren Hart",
        str(AMARA),
        "you said OK",
        "can i stay at my foster mums after 18",
        "until you are 21",
        "its about my flat in Crewe",
        "i wanna die",
        flag.reference,
        request.reference,
    ):
        assert held in file


def test_delete_erases_once_confirmed_and_keeps_what_staff_must_act_on(talking: World) -> None:
    talking.join(AMARA)
    talking.telegram.ask(AMARA, "can i stay at my foster mums after 18")
    talking.telegram.ask(AMARA, "i wanna die")

    asked = talking.telegram.ask(AMARA, "DELETE")
    kept = talking.telegram.press(AMARA, "No, keep it")
    with talking.session() as session:
        before = [one.text for one in session.scalars(select(Message))]
    talking.telegram.ask(AMARA, "delete my data")
    done = talking.telegram.press(AMARA, "Yes, delete")

    assert "within one month" in asked.text
    assert "nothing is deleted" in kept.text
    assert "can i stay at my foster mums after 18" in before
    assert "deleted" in done.text
    with talking.session() as session:
        left = [
            one.text
            for one in session.scalars(select(Message))
            if one.text and one.text != done.text
        ]
        raw = [one.raw for one in session.scalars(select(Update)) if one.raw]
        request = session.scalars(select(Request)).one()
    assert left == ["i wanna die"]
    assert not any("foster" in one for one in raw)
    assert request.kind == "erase_my_data"
    assert timedelta(days=27) < request.due_at - datetime.now(UTC) < timedelta(days=32)
    assert any("erase my data" in one.text for one in letters(talking, 3))
    [flag] = talking.flags()
    assert flag.closed_at is None
    assert "A flag is open" in talking.kith(
        "person", "erase", str(talking.person("Amara").id), "--yes", ok=False
    )
    assert (
        "until you are 21"
        in talking.telegram.ask(AMARA, "can i stay at my foster mums after 18").text
    )


def test_a_stranger_can_have_everything_deleted(talking: World) -> None:
    talking.telegram.ask(STRANGER, "/start", 2)
    talking.telegram.ask(STRANGER, "can i stay at my foster mums after 18")

    talking.telegram.ask(STRANGER, "DELETE")
    done = talking.telegram.ask(STRANGER, "yes")

    assert done.text.startswith("Done. I deleted our chat.")
    with talking.session() as session:
        left = [one.text for one in session.scalars(select(Message)) if one.text != done.text]
        raw = [one.raw for one in session.scalars(select(Update)) if one.raw]
    assert left == []
    assert not any("foster" in one for one in raw)
    assert talking.flags() == []


def test_what_is_said_right_after_a_deletion_is_not_lost(talking: World) -> None:
    talking.join(AMARA)
    talking.telegram.ask(AMARA, "DELETE")

    talking.telegram.push(
        *(
            talking.telegram.message(AMARA, text=said)
            for said in ("yes", "im gonna kill myself tonight")
        )
    )

    done, card = talking.telegram.wait_for(AMARA, 2)
    assert done.text.startswith("Done.")
    assert "Call 999 now" in card.text
    assert [flag.level for flag in talking.flags()] == ["immediate"]


def test_a_yes_to_something_else_deletes_nothing(talking: World) -> None:
    talking.join(AMARA)
    talking.telegram.ask(AMARA, "DELETE")
    talking.telegram.ask(AMARA, "can i stay at my foster mums after 18")

    reply = talking.telegram.ask(AMARA, "yeah")

    assert "Done." not in reply.text
    with talking.session() as session:
        assert "can i stay at my foster mums after 18" in [
            one.text for one in session.scalars(select(Message))
        ]
