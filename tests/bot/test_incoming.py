"""Every kind of thing Telegram can send is read, and nothing it could ever send breaks the reading."""

import random
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.handling import words_to_screen
from bot.incoming import CARRIED, UNSCREENED, Incoming, Kind, read

CHAT = {"id": 7001, "type": "private"}


def message(**carried: Any) -> dict[str, Any]:
    """Return an update with a private message."""
    return {
        "update_id": 1,
        "message": {"message_id": 5, "date": 1_795_514_400, "chat": CHAT, **carried},
    }


def test_words_are_text() -> None:
    assert read(message(text="hello")) == Incoming(
        Kind.TEXT, 7001, "hello", 5, sent_at=datetime(2026, 11, 24, 10, tzinfo=UTC)
    )


@pytest.mark.parametrize(
    ("carried", "kind"),
    [
        ({"photo": [{"file_id": "x"}]}, Kind.PHOTO),
        ({"voice": {"file_id": "x"}}, Kind.VOICE),
        ({"audio": {"file_id": "x"}}, Kind.VOICE),
        ({"video": {"file_id": "x"}}, Kind.VIDEO),
        ({"video_note": {"file_id": "x"}}, Kind.VIDEO),
        ({"document": {"file_id": "x"}}, Kind.DOCUMENT),
        ({"sticker": {"emoji": "😀"}}, Kind.STICKER),
        ({"animation": {}, "document": {}}, Kind.STICKER),
        ({"dice": {"value": 3}}, Kind.STICKER),
        ({"location": {"latitude": 1, "longitude": 2}}, Kind.LOCATION),
        ({"venue": {"title": "x"}, "location": {}}, Kind.LOCATION),
        ({"contact": {"phone_number": "1"}}, Kind.CONTACT),
        ({"poll": {"question": "x", "options": []}}, Kind.POLL),
        ({"story": {}}, Kind.OTHER),
        ({"something_telegram_invents_next_year": {}}, Kind.OTHER),
        ({"text": 5}, Kind.OTHER),
        ({}, Kind.OTHER),
    ],
)
def test_every_kind_is_known(carried: dict[str, Any], kind: Kind) -> None:
    found = read(message(**carried))

    assert found is not None
    assert (found.kind, found.chat_id, found.message_id) == (kind, 7001, 5)


def test_only_stickers_can_be_passed_over_of_what_a_message_carries() -> None:
    assert set(CARRIED.values()) - UNSCREENED == {Kind.STICKER}


@pytest.mark.parametrize("kind", ["photo", "video", "voice", "document"])
def test_a_caption_is_read_whatever_it_is_under(kind: str) -> None:
    found = read(message(**{kind: {}, "caption": "i want to die"}))

    assert found is not None
    assert found.unread
    assert words_to_screen(found) == "i want to die"


def test_the_words_of_a_poll_and_the_emoji_of_a_sticker_are_read() -> None:
    poll = read(
        message(
            poll={"question": "should i", "options": [{"text": "kill myself"}, {"text": "live"}, 5]}
        )
    )
    sticker = read(message(sticker={"emoji": "🆘"}))

    assert poll is not None
    assert poll.text == "should i\nkill myself\nlive"
    assert sticker is not None
    assert sticker.text == "🆘"


def test_an_edit_is_an_edit() -> None:
    raw = {
        "update_id": 1,
        "edited_message": {
            "message_id": 5,
            "chat": CHAT,
            "text": "changed",
            "date": 1,
            "edit_date": 1_795_514_400,
        },
    }

    assert read(raw) == Incoming(
        Kind.EDIT,
        7001,
        "changed",
        5,
        sent_at=datetime(2026, 11, 24, 10, tzinfo=UTC),
        edited=True,
    )


def test_an_edited_caption_is_read_too() -> None:
    found = read(
        {
            "update_id": 1,
            "edited_message": {
                "message_id": 5,
                "chat": CHAT,
                "photo": [],
                "caption": "i want to die",
            },
        }
    )

    assert found is not None
    assert (found.kind, found.text) == (Kind.PHOTO, "i want to die")


def test_a_button_belongs_to_its_chat_and_message() -> None:
    raw = {
        "callback_query": {
            "id": "9",
            "from": {"id": 7001},
            "data": "v1.x",
            "message": {"message_id": 5, "chat": CHAT, "text": "ours"},
        }
    }

    assert read(raw) == Incoming(Kind.BUTTON, 7001, "", 5, button="v1.x", callback_id="9")


def test_a_button_whose_message_telegram_no_longer_has_is_answered_all_the_same() -> None:
    found = read({"callback_query": {"id": "9", "from": {"id": 7001}}})

    assert found == Incoming(Kind.BUTTON, 7001, button="", callback_id="9")


def test_a_forged_button_is_screened_and_ours_is_not() -> None:
    def screened(data: str) -> str:
        return words_to_screen(Incoming(Kind.BUTTON, 7001, button=data))

    assert screened("i want to die") == "i want to die"
    assert screened("v1.kms") == ""
    assert screened("help_now") == ""


@pytest.mark.parametrize(
    ("text", "screened"),
    [
        ("/help", ""),
        ("/start abc", "abc"),
        ("/help me he has a knife", "me he has a knife"),
        ("help", "help"),
        ("/menu@kith_bot", ""),
    ],
)
def test_a_command_is_not_screened_but_what_follows_it_is(text: str, screened: str) -> None:
    assert words_to_screen(Incoming(Kind.TEXT, 7001, text)) == screened


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("kicked", Kind.BLOCKED),
        ("left", Kind.BLOCKED),
        ("member", Kind.UNBLOCKED),
        (None, Kind.UNBLOCKED),
    ],
)
def test_blocking_is_noticed(status: str | None, kind: Kind) -> None:
    found = read({"my_chat_member": {"chat": CHAT, "new_chat_member": {"status": status}}})

    assert found is not None
    assert found.kind is kind


def test_a_reaction_is_its_emoji() -> None:
    found = read(
        {
            "message_reaction": {
                "chat": CHAT,
                "message_id": 5,
                "new_reaction": [{"type": "emoji", "emoji": "😢"}, 7],
            }
        }
    )

    assert found is not None
    assert (found.kind, found.text, found.message_id) == (Kind.REACTION, "😢", 5)


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel", "something new", None])
@pytest.mark.parametrize(
    "key", ["message", "edited_message", "channel_post", "message_reaction", "my_chat_member"]
)
def test_nothing_said_in_a_group_is_read(kind: str | None, key: str) -> None:
    found = read(
        {
            key: {
                "chat": {"id": -5, "type": kind},
                "message_id": 1,
                "text": "private words",
                "caption": "more",
            }
        }
    )

    assert found is not None
    assert (found.kind, found.text, found.button) == (Kind.GROUP, "", None)


def test_a_button_pressed_in_a_group_is_a_groups() -> None:
    found = read(
        {
            "callback_query": {
                "id": "9",
                "from": {"id": 7001},
                "data": "x",
                "message": {"chat": {"id": -5, "type": "group"}},
            }
        }
    )

    assert found is not None
    assert found.kind is Kind.GROUP


def test_a_kind_of_update_nobody_knows_yet_is_something_we_cannot_read() -> None:
    found = read({"update_id": 1, "hologram": {"chat": CHAT, "text": "i want to die"}})

    assert found is not None
    assert (found.kind, found.unread, found.text) == (Kind.OTHER, True, "i want to die")


@pytest.mark.parametrize(
    "raw",
    [
        {},
        {"update_id": 1},
        {"message": None},
        {"message": {}},
        {"message": {"chat": None}},
        {"message": {"chat": {"id": "7001"}}},
        {"message": {"text": "no chat"}},
        {"callback_query": {"message": {}, "from": {}}},
        {"poll_answer": {"user": {"id": 5}}},
        {"inline_query": {"from": {"id": 5}, "query": "x"}},
    ],
)
def test_what_comes_from_no_chat_is_nobodys(raw: dict[str, Any]) -> None:
    assert read(raw) is None


KEYS = [
    "update_id",
    "message",
    "edited_message",
    "callback_query",
    "my_chat_member",
    "message_reaction",
    "channel_post",
    "business_message",
    "chat",
    "id",
    "type",
    "text",
    "caption",
    "photo",
    "voice",
    "sticker",
    "emoji",
    "poll",
    "question",
    "options",
    "from",
    "data",
    "message_id",
    "date",
    "edit_date",
    "new_chat_member",
    "status",
    "new_reaction",
    "entities",
    "location",
    "contact",
    "dice",
    "story",
]
LEAVES: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    7001,
    2**80,
    -(2**70),
    1e308,
    float("nan"),
    "",
    "private",
    "hello",
    "\ud83d",
    "\x00",
    [],
    {},
)


def rubbish(chance: random.Random, depth: int = 4) -> Any:
    """Return anything that JSON can hold, with Telegram's own names in it."""
    pick = chance.random()
    if depth == 0 or pick < 0.3:
        return chance.choice(LEAVES)
    if pick < 0.4:
        return [rubbish(chance, depth - 1) for _ in range(chance.randrange(4))]
    return {key: rubbish(chance, depth - 1) for key in chance.sample(KEYS, chance.randrange(1, 7))}


@pytest.mark.parametrize("seed", range(20))
def test_rubbish_is_read_without_a_stumble(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 (not a secret)

    for _ in range(500):
        top = chance.choice(KEYS[:9])
        found = read({top: rubbish(chance), "chat": rubbish(chance, 1)})

        if found is not None:
            assert isinstance(found.chat_id, int)
            assert isinstance(found.text, str)
            assert isinstance(found.kind, Kind)
            assert isinstance(words_to_screen(found), str)


def test_a_number_too_big_for_the_database_does_not_come_in() -> None:
    # Kept as it is, it fails in every transaction, and the chat is never answered again.
    found = read(
        message(text="i want to die")
        | {"message": {"message_id": 2**80, "chat": CHAT, "text": "i want to die"}}
    )

    assert found is not None
    assert found.text == "i want to die"
    assert (found.message_id or 0) < 2**63
