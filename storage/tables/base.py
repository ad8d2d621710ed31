"""What every table shares: naming, times, and short references people can read out."""

import secrets
from datetime import datetime
from typing import Annotated

from sqlalchemy import BigInteger, DateTime, Identity, MetaData
from sqlalchemy.orm import DeclarativeBase, mapped_column

#: No vowels, no look-alikes: a reference can be read out over the phone and spells nothing.
REFERENCE_LETTERS = "23456789BCDFGHJKMNPQRTVWXZ"

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The metadata all tables hang on."""

    metadata = MetaData(naming_convention=NAMES)


BigId = Annotated[int, mapped_column(BigInteger, Identity(), primary_key=True)]
Moment = Annotated[datetime, mapped_column(DateTime(timezone=True))]


def new_reference(letter: str) -> str:
    """Return a reference such as `F-7K3M9Q`: the letter says of what."""
    return f"{letter}-" + "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(6))
