"""What the machinery keeps about itself: signs of life, and secrets under the keys."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from storage.encryption import Sealed
from storage.tables.base import Base, Moment


class Heartbeat(Base):
    """When a part last did its work. Health is an age, never a flag that says "running"."""

    __tablename__ = "heartbeats"

    part: Mapped[str] = mapped_column(String(30), primary_key=True)
    beat_at: Mapped[Moment]


class Secret(Base):
    """A secret made here and kept under the keyring, such as the key of the blind indexes."""

    __tablename__ = "secrets"

    name: Mapped[str] = mapped_column(String(30), primary_key=True)
    value: Mapped[str] = mapped_column(Sealed("secrets.value"))
