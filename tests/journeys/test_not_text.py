"""Journey 9: everything that is not text. Answered honestly, screened where it has words, never fetched."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from content.library import Library
from storage.tables import Message, Update
from tests.journeys.conftest import AMARA, BEN, STRANGER, World

PLACE = {"latitude": 53.098712, "longitude": -2.440391}
CARD = {"phone_number": "+447700900123", "first_name": "Shaz"}
PHOTO = [{"file_id": "p", "file_unique_id": "p", "width": 9, "height": 9}]
FILE = {"file_id": "f", "file_unique_id": "f", "duration": 3}
QUESTION = {"id": "1", "question": "which bus", "options": [{"text": "38"}, {"text": "X5"}]}
#: What is sent, and the reply that says what we make of it.
KINDS: Sequence[tuple[dict[str, Any], str]] = (
    ({"photo": PHOTO}, "unreadable.photo"),
    ({"photo": PHOTO, "caption": "my new kitchen"}, "unreadable.photo"),
    ({"photo": PHOTO, "has_media_spoiler": True, "media_group_id": "a"}, "unreadable.photo"),
    ({"voice": FILE}, "unreadable.voice"),
    ({"audio": FILE}, "unreadable.voice"),
    ({"video": FILE}, "unreadable.video"),
    ({"video_note": FILE}, "unreadable.video"),
    ({"document": FILE}, "unreadable.document"),
    ({"location": PLACE}, "unreadable.location"),
    ({"venue": {"location": PLACE, "title": "Home"}, "location": PLACE}, "unreadable.location"),
    ({"contact": CARD}, "unreadable.contact"),
    ({"poll": QUESTION}, "unreadable.poll"),
    ({"hologram": {"file_id": "h"}}, "unreadable.other"),
)
SAYING_NOTHING: Sequence[dict[str, Any]] = (
    {"sticker": {**FILE, "emoji": "😀"}},
    {"animation": FILE, "document": FILE},
    {"dice": {"emoji": "🎲", "value": 3}},
)
DANGER = "im gonna kill myself tonight"
DANGEROUS: Sequence[dict[str, Any]] = (
    {"photo": PHOTO, "caption": DANGER},
    {"video": FILE, "caption": DANGER},
    {"document": FILE, "caption": DANGER},
    {"voice": FILE, "caption": DANGER},
    {"poll": {**QUESTION, "question": DANGER}},
    {"poll": {**QUESTION, "options": [{"text": "go out"}, {"text": DANGER}]}},
    {"hologram": {}, "caption": DANGER},
)


def text_of(library: Library, reply_id: str) -> str:
    """Return the fixed words that a reply begins with."""
    return library.replies[reply_id].partition("{{")[0].strip()


def private(chat_id: int) -> dict[str, Any]:
    """Return a private chat as Telegram describes it."""
    return {"id": chat_id, "type": "private"}


def test_what_cannot_be_read_is_answered_honestly_and_left_for_a_person(
    talking: World, library: Library
) -> None:
    chats = range(9_600, 9_600 + len(KINDS))

    talking.telegram.push(
        *(
            talking.telegram.message(chat, **sent)
            for chat, (sent, _) in zip(chats, KINDS, strict=True)
        )
    )

    wrong = []
    for chat, (sent, reply_id) in zip(chats, KINDS, strict=True):
        reply = talking.telegram.wait_for(chat, seconds=30)[0]
        if text_of(library, reply_id) not in reply.text or "Help now" not in reply.labels:
            wrong.append((sent, reply.text))
    assert wrong == []
    assert [(flag.level, flag.categories) for flag in talking.flags()] == [
        ("concern", ["help_word"])
    ] * len(KINDS)
    for chat, sent in zip(range(9_700, 9_703), SAYING_NOTHING, strict=True):
        talking.telegram.send(chat, **sent)
        assert talking.telegram.wait_for(chat)[0].text.startswith("I can't tell what you need")
    assert len(talking.flags()) == len(KINDS)
    assert "getFile" not in talking.telegram.state()["calls"]


def test_words_are_screened_whatever_carries_them(talking: World) -> None:
    chats = range(9_800, 9_800 + len(DANGEROUS))

    talking.telegram.push(
        *(
            talking.telegram.message(chat, **sent)
            for chat, sent in zip(chats, DANGEROUS, strict=True)
        )
    )
    talking.telegram.push(
        {"telepathy": {"chat": private(STRANGER), "from": {"id": STRANGER}, "text": DANGER}}
    )
    talking.telegram.send(BEN, sticker={**FILE, "emoji": "💊"})

    for chat in (*chats, STRANGER):
        assert "Call 999 now" in talking.telegram.wait_for(chat, seconds=30)[0].text
    assert "You asked for help" in talking.telegram.wait_for(BEN)[0].text
    assert sorted(flag.level for flag in talking.flags()) == ["immediate"] * (
        len(DANGEROUS) + 1
    ) + ["same_day"]
    assert "getFile" not in talking.telegram.state()["calls"]


def test_an_edit_can_raise_a_flag_and_never_lowers_one(talking: World) -> None:
    talking.join(AMARA)
    talking.telegram.send(AMARA, text="had a good day at college", message_id=5_000)
    talking.telegram.wait_for(AMARA)
    assert talking.flags() == []

    talking.telegram.edit(AMARA, 5_000, DANGER)
    card = talking.telegram.wait_for(AMARA)[0]
    talking.telegram.edit(AMARA, 5_000, "had a good day at college")
    talking.wait_until_handled()
    after = talking.telegram.ask(AMARA, "MENU")

    assert "Call 999 now" in card.text
    assert "Somewhere to live" in after.labels
    [flag] = talking.flags()
    assert (flag.level, flag.closed_at) == ("immediate", None)
    with talking.session() as session:
        first, *edits = session.scalars(
            select(Message)
            .where(Message.telegram_message_id == 5_000, Message.direction == "in")
            .order_by(Message.id)
        )
    assert [one.text for one in (first, *edits)] == [
        "had a good day at college",
        DANGER,
        "had a good day at college",
    ]
    assert [one.edit_of_id for one in edits] == [first.id] * 2
    assert len(talking.telegram.sent(AMARA)) == 5  # notice, OK, the first reply, the card, the menu


def test_a_caption_edited_into_danger_is_heard_and_both_wordings_are_kept(talking: World) -> None:
    talking.telegram.send(AMARA, photo=PHOTO, caption="my new kitchen", message_id=5_000)
    talking.telegram.wait_for(AMARA)

    update = talking.telegram.message(
        AMARA, photo=PHOTO, caption=DANGER, message_id=5_000, edit_date=1_795_000_000
    )
    talking.telegram.push({"edited_message": update["message"]})

    assert "Call 999 now" in talking.telegram.wait_for(AMARA)[0].text
    with talking.session() as session:
        first, edit = session.scalars(
            select(Message)
            .where(Message.telegram_message_id == 5_000, Message.direction == "in")
            .order_by(Message.id)
        )
    assert (first.text, edit.text) == ("my new kitchen", DANGER)
    assert edit.edit_of_id == first.id


def test_a_live_location_is_answered_once_and_not_at_every_step(talking: World) -> None:
    talking.telegram.send(AMARA, location={**PLACE, "live_period": 900}, message_id=5_000)
    talking.telegram.wait_for(AMARA)

    for step in range(3):
        moved = talking.telegram.message(
            AMARA,
            location={**PLACE, "latitude": 53.1 + step / 100},
            message_id=5_000,
            edit_date=1_795_000_000 + step,
        )
        talking.telegram.push({"edited_message": moved["message"]})
    talking.wait_until_handled()
    talking.telegram.ask(AMARA, "MENU")

    assert len(talking.telegram.sent(AMARA)) == 2


def test_a_contacts_number_and_a_place_are_not_kept(talking: World) -> None:
    talking.telegram.send(AMARA, contact=CARD)
    talking.telegram.send(AMARA, location=PLACE)
    talking.telegram.wait_for(AMARA, 2)
    talking.wait_until_handled()

    with talking.session() as session:
        kept = "".join(
            [
                *(one.raw or "" for one in session.scalars(select(Update))),
                *(
                    one.text or ""
                    for one in session.scalars(select(Message))
                    if one.direction == "in"
                ),
            ]
        )

    assert "7700900123" not in kept
    assert "Shaz" not in kept
    assert "53.098712" not in kept


def test_a_voice_note_after_danger_is_for_the_same_day(talking: World) -> None:
    talking.join(AMARA)
    talking.telegram.ask(AMARA, "kms lol my bus is late")
    assert [flag.level for flag in talking.flags()] == ["concern"]

    talking.telegram.send(AMARA, voice=FILE)
    reply = talking.telegram.wait_for(AMARA)[0]

    assert reply.text.startswith("I cannot listen to voice notes")
    assert [flag.level for flag in talking.flags()] == ["same_day"]
    shown = talking.kith("flags", "open", talking.flags()[0].reference, "--by", "wren@example.org")
    assert "(voice, not read by software)" in shown


def test_a_group_is_left_and_nothing_said_there_is_kept(talking: World) -> None:
    group, channel, other = -100_500, -100_600, -100_700
    wren = {"id": 1, "is_bot": False, "first_name": "W"}
    talking.telegram.push(
        {
            "my_chat_member": {
                "chat": {"id": group, "type": "supergroup"},
                "from": wren,
                "date": 1_795_000_000,
                "old_chat_member": {"status": "left"},
                "new_chat_member": {"status": "member"},
            }
        },
        {
            "message": {
                "date": 1_795_000_000,
                "chat": {"id": group, "type": "supergroup"},
                "from": wren,
                "text": "ZQX-SECRET im gonna kill myself tonight",
            }
        },
        {
            "channel_post": {
                "date": 1_795_000_000,
                "message_id": 4,
                "chat": {"id": channel, "type": "channel"},
                "text": "ZQX-SECRET in a channel",
            }
        },
        {
            "message": {
                "date": 1_795_000_000,
                "chat": {"id": other, "type": "group"},
                "migrate_to_chat_id": group,
                "sender_chat": {"id": other},
                "from": wren,
            }
        },
    )
    talking.wait_until_handled()
    for _ in range(2):
        talking.telegram.ask(AMARA, "MENU")  # what was due before has gone out by then

    assert set(talking.telegram.state()["left"]) == {group, channel, other}
    assert [talking.telegram.sent(chat) for chat in (group, channel, other)] == [[], [], []]
    assert talking.flags() == []
    with talking.session() as session:
        assert not any("ZQX" in (one.raw or "") for one in session.scalars(select(Update)))
        assert not any("ZQX" in (one.text or "") for one in session.scalars(select(Message)))
    assert "ZQX" not in talking.log.read_text()


def test_a_reaction_and_what_nobody_sent_are_passed_over_and_the_rest_goes_on(
    talking: World,
) -> None:
    talking.join(AMARA)
    before = len(talking.telegram.sent(AMARA))
    talking.telegram.push(
        {
            "message_reaction": {
                "chat": private(AMARA),
                "message_id": 1,
                "user": {"id": AMARA},
                "date": 1_795_000_000,
                "old_reaction": [],
                "new_reaction": [{"type": "emoji", "emoji": "👍"}],
            }
        },
        {"inline_query": {"id": "1", "from": {"id": AMARA}, "query": "rent", "offset": ""}},
        {"mystery": {"of": "the future"}},
        {"mystery": 7},
        {
            "my_chat_member": {
                "chat": private(BEN),
                "from": {"id": BEN},
                "date": 1_795_000_000,
                "old_chat_member": {"status": "member"},
                "new_chat_member": {"status": "kicked"},
            }
        },
        {"message": {"chat": {"id": "not a number"}, "text": 7}},
    )

    menu = talking.telegram.ask(AMARA, "MENU")

    assert "Somewhere to live" in menu.labels
    talking.wait_until_handled()
    assert len(talking.telegram.sent(AMARA)) == before + 1
    assert talking.telegram.sent(BEN) == []
    assert talking.flags() == []
