"""Statements as they are counted, made up for tests, and kept in a database where one is given."""

import random
import uuid
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from content.scenarios import load_scenarios
from content.themes import load_themes
from participation.counting import AGES, NOT_KNOWN, TONES, Told
from people.hours import LONDON
from storage import statements
from storage.tables import Statement, StatementTheme
from storage.tables.base import new_reference
from storage.tables.statements import StatementState, ThemeSource
from tests.cast import COUNCIL

AREAS = {one.id: one.area for one in load_themes().values()}
KINDS = ("problem", "good_news", "where_i_live")


def some(number: int, seed: int, people: int = 60) -> list[Told]:
    """Return statements of as many people, spread unevenly as in life."""
    drawn = random.Random(seed)  # noqa: S311 (made-up people, not a secret)
    themes = list(AREAS)[:12]
    return [
        Told(
            voice=str(uuid.UUID(int=seed * 1000 + drawn.randrange(people))),
            new_voice=drawn.random() < 0.3,
            age=drawn.choice([*AGES[:3], "18_20", None]),
            scenario=drawn.choice(KINDS),
            origin=drawn.choice(["own", "own", "easy", "with_worker"]),
            tone=drawn.choice(TONES),
            feelings=(drawn.choice(["great", "ok", "awful"]),),
            themes=tuple(drawn.sample(themes, drawn.choice([1, 1, 2]))),
        )
        for _ in range(number)
    ]


def keep(session: Session, told: Iterable[Told], on: date, council: str = COUNCIL) -> None:
    """Keep statements as if they had been sent on a day."""
    sent_at = datetime.combine(on, time(12), LONDON)
    for one in told:
        scenario = load_scenarios()[one.scenario]
        statements.keep_copy(session, scenario.digest, scenario.body, sent_at)
        kept = _statement(one, scenario.digest, scenario.version, sent_at, council)
        session.add(kept)
        session.flush()
        session.add_all(
            StatementTheme(
                statement_id=kept.id,
                theme=theme,
                source=ThemeSource.MACHINE,
                confidence=0.9,
                at=sent_at,
            )
            for theme in one.themes
        )
    session.flush()


def _statement(one: Told, digest: str, version: int, sent_at: datetime, council: str) -> Statement:
    return Statement(
        reference=new_reference("S"),
        council=council,
        age_band=None if one.age == NOT_KNOWN else one.age,
        scenario=one.scenario,
        scenario_version=version,
        copy_digest=digest,
        origin=one.origin,
        easy=one.origin == "easy",
        state=StatementState.OPENED,
        stage="read_back",
        feelings=list(one.feelings),
        tone=one.tone,
        voice=uuid.UUID(one.voice),
        new_voice=one.new_voice,
        began_at=sent_at - timedelta(minutes=9),
        touched_at=sent_at,
        sent_at=sent_at,
    )
