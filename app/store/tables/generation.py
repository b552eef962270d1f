"""The number that tells whether anything that verification reads has changed."""

from sqlalchemy import BigInteger, Integer
from sqlalchemy.orm import Mapped, mapped_column

from app.store.database import Base


class GenerationRow(Base):
    """One row. Raised in the transaction of each change to a table that is marked `verified`."""

    __tablename__ = "generation"
    unaudited = True

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"))
