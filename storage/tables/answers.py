"""What was asked and how it went, for the gap report, without who asked."""

from datetime import date

from sqlalchemy import Date, Integer, String
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from storage.encryption import Sealed
from storage.tables.base import Base, BigId


class Question(Base):
    """A question nobody could answer, or an answer somebody voted on.

    Holds a month, not a moment, and no chat: it cannot be joined back to a person.
    """

    __tablename__ = "questions"

    id: Mapped[BigId]
    month: Mapped[date] = mapped_column(Date, index=True)
    council: Mapped[str | None] = mapped_column(String(40))
    outcome: Mapped[str] = mapped_column(String(20))
    article: Mapped[str | None] = mapped_column(String(60))
    offered: Mapped[list[str]] = mapped_column(ARRAY(String(60)))
    words: Mapped[str | None] = mapped_column(Sealed("questions.words"))


class Shown(Base):
    """How often an article was shown in a month, for a council's young people.

    A count and nothing else: no chat, no name, no word.
    """

    __tablename__ = "answers_shown"

    month: Mapped[date] = mapped_column(Date, primary_key=True)
    council: Mapped[str] = mapped_column(String(40), primary_key=True)
    article: Mapped[str] = mapped_column(String(60), primary_key=True)
    times: Mapped[int] = mapped_column(Integer)
