"""Journey 7: danger. Help at once, one flag, staff told, and nothing that depends on all of it working."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import create_engine, make_url, select, text

from content.library import Library
from safeguarding.levels import Level
from storage.tables import Alert, Chat, Flag, Message, Update
from tests.journeys.conftest import AMARA, BEN, STRANGER, World
from tests.journeys.letters import letters

NOWHERE = "http://127.0.0.1:9"
#: What is plainly said, and the card that must answer it, or a more urgent one (safety.md 3.3).
CARDS = {
    "im gonna kill myself 2nite": "suicide.immediate.self.any",
    "my mates gonna kill himself tonight": "suicide.immediate.other.any",
    "i wanna die": "suicide.same_day.self.any",
    "cut again last nite": "self_harm.same_day.self.any",
    "i took 20 paracetamol": "medical_emergency.immediate.self.any",
    "my mate wont wake up and his lips are blue": "medical_emergency.immediate.other.any",
    "he raped me": "abuse_sexual_violence.same_day.self.any",
    "he strangled me last night": "domestic_abuse.immediate.self.any",
    "hes got my nudes and says hell post them": "sexual_exploitation.same_day.self.any",
    "they make me go country and sell for them": "criminal_exploitation.same_day.self.any",
    "my hostel chucked me out today": "homeless.same_day.self.any",
    "no food till friday and no leccy": "destitution.same_day.self.any",
    "ive run off and im not going back": "missing.same_day.self.any",
    "they put a chip in me and the tv is talking about me": "psychosis.same_day.self.any",
    "got a shank and im going to his now": "harm_to_others.immediate.self.any",
    "cant cope with the baby im gonna shake him": "child_at_risk.immediate.self.any",
    "condom split i need the morning after pill": "pregnancy_sexual_health.same_day.self.any",
    "using every day and cant stop, im scared": "substances.same_day.self.any",
    "i make myself sick after i eat every day": "eating.same_day.self.any",
    "im scared they will deport me": "immigration_fear.same_day.self.any",
    "i get spat at for wearing my hijab every day": "hate_bullying.same_day.self.any",
    "my PA asked me for nudes": "allegation_about_staff.same_day.self.any",
    "SOS": "help_word.same_day.self.any",
}


def born(years_ago: int) -> str:
    """Return the birthday of somebody who had it about a month ago."""
    today = date.today() - timedelta(days=31)  # noqa: DTZ011 (a birthday has no zone)
    return f"{today.year - years_ago}-{today.month:02}-{min(today.day, 28):02}"


def opening(library: Library, card: str) -> str:
    """Return the fixed words that a card begins with."""
    return library.safety[f"safety.{card}"].text.partition("{{")[0].strip()


@contextmanager
def database_gone(world: World) -> Iterator[None]:
    """Take the database away as a dead server would, and bring it back."""
    url = make_url(world.database.url)
    engine = create_engine(
        url.set(drivername="postgresql+psycopg", database="postgres"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.execute(text(f'alter database "{url.database}" allow_connections false'))
        connection.execute(
            text("select pg_terminate_backend(pid) from pg_stat_activity where datname = :name"),
            {"name": url.database},
        )
        try:
            yield
        finally:
            connection.execute(text(f'alter database "{url.database}" allow_connections true'))
    engine.dispose()
    world.database.close()  # its connections are dead too; the next use makes new ones


def test_each_danger_gets_its_own_card_and_flag(talking: World, library: Library) -> None:
    chats = {said: 8_000 + number for number, said in enumerate(CARDS)}

    talking.telegram.push(
        *(talking.telegram.message(chat, text=said) for said, chat in chats.items())
    )
    cards = {said: talking.telegram.wait_for(chat, seconds=60)[0] for said, chat in chats.items()}

    with talking.session() as session:
        flagged = session.execute(select(Chat.telegram_id, Flag).join(Flag)).all()
    flags = {int(telegram_id): flag for telegram_id, flag in flagged}
    assert len(flagged) == len(flags) == len(CARDS)
    wrong = []
    for said, expected in CARDS.items():
        category, level, who, _ = expected.split(".")
        flag = flags[chats[said]]
        found = (main(flag), "other" if flag.third_party else "self")
        # More urgent than it need be is for screening's own tests; less urgent is a wrong flag.
        urgent_enough = Level(flag.level).at_least(Level(level))
        card = opening(library, f"{category}.{flag.level}.{who}.any")
        if found != (category, who) or not urgent_enough or card not in cards[said].text:
            wrong.append((said, found, flag.level, cards[said].text))
    assert wrong == []


def main(flag: Flag) -> str:
    """Return what a flag is about: staff before anything else, as for the card."""
    about_staff = "allegation_about_staff"
    return about_staff if about_staff in flag.categories else flag.categories[0]


def test_the_card_fits_the_age_and_offers_three_choices(talking: World) -> None:
    talking.join(AMARA, born=born(17))
    talking.join(BEN, name="Ben", born=born(19))

    child, adult = (
        talking.telegram.ask(chat, "im gonna kill myself tonight") for chat in (AMARA, BEN)
    )

    assert "Childline" in child.text
    assert "Samaritans" not in child.text
    assert "Samaritans" in adult.text
    assert "Childline" not in adult.text
    for card in (child, adult):
        assert card.text.index("999") < card.text.index("Saved for Wren Hart")
        assert card.labels == ["Help now", "I'm safe, want to talk", "You got that wrong"]
    static = talking.telegram.press(AMARA, "Help now")
    assert "Call 999 now" in static.text
    homeless_child, homeless_adult = (
        talking.telegram.ask(chat, "got kicked out and nowhere to sleep tonight")
        for chat in (AMARA, BEN)
    )
    assert "You are under 18" in homeless_child.text
    assert "I am a care leaver" in homeless_adult.text


def test_one_episode_is_one_flag_whose_level_only_rises(talking: World) -> None:
    talking.join(AMARA)
    levels = []

    for said in (
        "kms lol my bus is late",
        "i wanna die",
        "im gonna kill myself tonight",
        "kms lol my bus is late",
        "im fine now honestly",
        "RESUME",
    ):
        talking.telegram.ask(AMARA, said)
        levels += [flag.level for flag in talking.flags()]

    assert levels == ["concern", "same_day", *["immediate"] * 4]
    told = letters(talking, 5)
    assert sorted(one.to for one in told) == ["lee@example.org"] * 2 + ["wren@example.org"] * 3
    [flag] = talking.flags()
    for letter in told:
        assert flag.reference in letter.subject + letter.text
        for personal in ("Amara", "kill", "die", "bus", "suicide", str(AMARA), "2008"):
            assert personal not in letter.subject + letter.text
    assert "NOT YET" in talking.kith("flags")
    shown = talking.kith("flags", "open", flag.reference, "--by", "lee@example.org")
    assert "Amara" in shown
    assert "them: im gonna kill myself tonight" in shown
    talking.kith(
        "flags", "close", flag.reference, "--by", "lee@example.org", "--outcome", "seen", ok=False
    )
    talking.kith(
        "flags",
        "close",
        flag.reference,
        "--by",
        "wren@example.org",
        "--outcome",
        "seen at home, safe",
    )
    talking.telegram.ask(AMARA, "im gonna kill myself tonight")
    assert len(talking.flags()) == 2


def test_a_refused_letter_is_sent_again_until_it_is_accepted(talking: World) -> None:
    talking.join(AMARA)
    talking.mail.refuse(3)

    card = talking.telegram.ask(AMARA, "im gonna kill myself tonight")

    assert "999" in card.text
    for hours in (1, 2, 3):
        talking.kith("tick", "--at", (datetime.now(UTC) + timedelta(hours=hours)).isoformat())
    assert sorted(one.to for one in letters(talking, 2)) == ["lee@example.org", "wren@example.org"]
    with talking.session() as session:
        alerts = list(session.scalars(select(Alert)))
    assert all(one.accepted_at is not None and one.channel == "email" for one in alerts)
    assert sum(one.tries for one in alerts) == 5
    assert len(talking.mail.messages) == 2


def test_you_got_that_wrong_changes_the_tone_and_leaves_the_flag(talking: World) -> None:
    talking.join(AMARA)
    talking.telegram.ask(AMARA, "i wanna die")

    softer = talking.telegram.press(AMARA, "You got that wrong")
    answer = talking.telegram.ask(AMARA, "can i stay at my foster mums after 18")

    assert "putting me right" in softer.text
    assert "A person will still take a look" in softer.text
    assert "until you are 21" in answer.text
    [flag] = talking.flags()
    assert flag.closed_at is None
    assert flag.level == "same_day"
    assert "They say we got it wrong." in talking.kith(
        "flags", "open", flag.reference, "--by", "wren@example.org"
    )


def test_an_allegation_reaches_a_manager_and_never_the_one_it_is_about(talking: World) -> None:
    talking.join(AMARA)
    talking.telegram.ask(AMARA, "i wanna die")
    letters(talking, 2)

    card = talking.telegram.ask(AMARA, "my PA asked 4 nudes")

    assert "This will not go to that person" in card.text
    assert "a manager, not that person" in card.text
    assert "Wren" not in card.text
    told = letters(talking, 3)
    assert [one.to for one in told[2:]] == ["lee@example.org"]
    about_wren = next(flag for flag in talking.flags() if flag.about_staff)
    other = next(flag for flag in talking.flags() if not flag.about_staff)
    assert "allegation_about_staff" in about_wren.categories
    for command in (
        ("flags", "open", about_wren.reference, "--by", "wren@example.org"),
        (
            "flags",
            "close",
            about_wren.reference,
            "--by",
            "wren@example.org",
            "--outcome",
            "nothing in it",
        ),
        ("reply", about_wren.reference, "what did you say", "--by", "wren@example.org"),
    ):
        refused = talking.kith(*command, ok=False)
        assert "There is no" in refused
        assert "nudes" not in refused
    assert "nudes" in talking.kith("flags", "open", about_wren.reference, "--by", "lee@example.org")
    read_by_wren = talking.kith("flags", "open", other.reference, "--by", "wren@example.org")
    assert "i wanna die" in read_by_wren
    assert "nudes" not in read_by_wren


def test_danger_is_heard_in_any_state(talking: World) -> None:
    states = {
        "asked for an age": (("/start", 2),),
        "asked for a council": (("/start", 2), ("17", 1)),
        "asked whether to delete": (("DELETE", 1),),
        "asked for more words": (("HUMAN", 1),),
        "stopped": (("STOP", 1),),
        "paused": (("PAUSE", 1),),
        "not understood": (("flibber grommet", 1),),
    }
    chats = {state: 8_100 + number for number, state in enumerate(states)}
    for state, said in states.items():
        for words, replies in said:
            talking.telegram.ask(chats[state], words, replies)
    before = len(talking.flags())

    quiet = [
        state
        for state, chat in chats.items()
        if "Call 999 now" not in talking.telegram.ask(chat, "im gonna kill myself tonight").text
    ]
    talking.telegram.tap_data(STRANGER, "im gonna kill myself tonight", 1)
    forged = talking.telegram.wait_for(STRANGER)[0]

    assert quiet == []
    assert "Call 999 now" in forged.text
    assert before == 0
    assert [flag.level for flag in talking.flags()] == ["immediate"] * (len(states) + 1)


def test_help_is_answered_from_memory_and_nothing_is_lost_when_all_else_is_down(
    world: World, library: Library
) -> None:
    world.kith("staff", "add", "lee@example.org", "--role", "manager")
    world.start_bot(KITH_NLU_URL=NOWHERE)
    world.telegram.ask(AMARA, "/menu")
    static, fault = library.replies["static.help_now"], library.replies["static.fault"]

    with database_gone(world):
        first = world.telegram.ask(AMARA, "HELP")
        second = world.telegram.press(AMARA, "Help now")
        third = world.telegram.ask(AMARA, "im gonna kill myself tonight")
        fourth = world.telegram.ask(AMARA, "can i stay at my foster mums after 18")
        world.telegram.say(AMARA, "hello?")
        fifth = world.telegram.ask(BEN, "sos")
        confirmed = world.telegram.state()["waiting"]

    assert [one.text for one in (first, second, third, fifth)] == [static] * 4
    assert fourth.text == fault
    assert len(confirmed) == 6
    replies = world.telegram.wait_for(AMARA, 5, seconds=40)
    world.telegram.wait_for(BEN)
    world.wait_until_handled()
    assert any("You asked for help" in one.text for one in replies)
    assert any("You matter" in one.text for one in replies)
    assert fault not in [one.text for one in replies]
    assert sorted(flag.level for flag in world.flags()) == ["immediate", "same_day"]
    with world.session() as session:
        kept = [
            one.text
            for one in session.scalars(
                select(Message)
                .where(Message.direction == "in", Message.kind == "text")
                .order_by(Message.id)
            )
        ]
        left = session.scalars(select(Update).where(Update.handled_at.is_(None))).all()
    assert sorted(one for one in kept if one) == sorted(
        [
            "/menu",
            "HELP",
            "im gonna kill myself tonight",
            "can i stay at my foster mums after 18",
            "hello?",
            "sos",
        ]
    )
    assert left == []
    letters(world, 3)
