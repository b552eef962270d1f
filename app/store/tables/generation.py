"""The number that tells whether anything that verification reads has changed."""

from sqlalchemy import BigInteger, Integer
from sqlalchemy.orm import Mapped, mapped_column

from app.store.database import Base


class GenerationRow(Base):
    """One row. `value` is raised in the transaction of each change to a table that is marked `verified`, and noted with
    the tokens that the change is about (`TokenRow.changed_in`), or as `everything` where it may be about any. `noted`
    is the last one of which this is so: an older version of Postern, in an upgrade, raises the value alone."""

    __tablename__ = "generation"
    unaudited = True

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"))
    noted: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"))
    everything: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"))
