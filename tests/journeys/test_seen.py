"""Journey 12 of the staff pages: a young person asks who has seen what they wrote."""

from sqlalchemy import select

from storage.tables import Person
from tests.journeys.conftest import AMARA, STRANGER, World

WREN, LEE = "wren@example.org", "lee@example.org"


def test_somebody_asks_who_has_seen_this(talking: World) -> None:
    talking.join(AMARA)
    talking.telegram.ask(AMARA, "im gonna kill myself tonight")
    talking.wait_until_handled()
    assert "No person has opened your messages" in talking.telegram.ask(AMARA, "/seen").text
    [flag] = talking.flags()
    talking.kith("flags", "open", flag.reference, "--by", WREN)
    talking.kith("flags", "open", flag.reference, "--by", LEE)
    with talking.session() as session:
        person_id = session.scalars(select(Person.id)).one()
    talking.kith("person", "export", str(person_id), "--by", WREN)

    said = talking.telegram.ask(AMARA, "who has seen this?").text

    assert "Wren Hart, your adviser: " in said
    assert "all we keep about you" in said
    assert "A manager: messages of yours" in said
    assert "Lee" not in said
    assert flag.reference not in said
    assert "each linked to the one before it" in talking.kith("db", "check")


def test_a_strangers_question_who_sees_this_offers_who_has(talking: World) -> None:
    talking.telegram.ask(STRANGER, "/start", 2)

    answer = talking.telegram.ask(STRANGER, "who sees this")

    assert "Who has seen this?" in answer.labels
