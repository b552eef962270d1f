"""Usage, written behind: counts and the last refusals. Nothing here is needed to decide."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Date, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.store.database import Base
from app.store.types import UtcDateTime


class KeyUsageRow(Base):
    """When and from where a key was last accepted."""

    __tablename__ = "key_usage"
    unaudited = True

    key_id: Mapped[str] = mapped_column(ForeignKey("key.id"), primary_key=True)
    token_id: Mapped[str] = mapped_column(ForeignKey("token.id"), index=True)
    used_at: Mapped[datetime] = mapped_column(UtcDateTime)
    address: Mapped[str | None] = mapped_column(String(45))
    # The token of the verifying service that asked.
    caller_token_id: Mapped[str | None] = mapped_column(String(40))


class ScopeUsageRow(Base):
    """In which hour a token was last asked for one scope, and had it. An empty name: by method and path alone."""

    __tablename__ = "scope_usage"
    unaudited = True

    token_id: Mapped[str] = mapped_column(ForeignKey("token.id"), primary_key=True)
    scope_name: Mapped[str] = mapped_column(String(200), primary_key=True)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)


class UsageHourRow(Base):
    """How often one token got one answer in one hour."""

    __tablename__ = "usage_hour"
    unaudited = True

    token_id: Mapped[str] = mapped_column(ForeignKey("token.id"), primary_key=True)
    hour: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger)


class RefusalRow(Base):
    """One of the last 100 refusals of a token."""

    __tablename__ = "refusal"
    __table_args__ = (Index("ix_refusal_token_at", "token_id", "at"),)
    unaudited = True

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    token_id: Mapped[str] = mapped_column(ForeignKey("token.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    request_id: Mapped[str] = mapped_column(String(40), index=True)
    # The verifying service's token, and the address it named.
    caller_token_id: Mapped[str | None] = mapped_column(String(40))
    address: Mapped[str | None] = mapped_column(String(45))
    code: Mapped[str] = mapped_column(String(40))


class UsagePlaceRow(Base):
    """How often a token was accepted from one address on one day (UTC). `address` can also be one of the two words of
    `domain.usage`: nothing was said of where, or one of the addresses that are not kept one by one."""

    __tablename__ = "usage_place"
    unaudited = True

    token_id: Mapped[str] = mapped_column(ForeignKey("token.id"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    address: Mapped[str] = mapped_column(String(45), primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger)


class UsageDropRow(Base):
    """How many verifications were not counted in one hour, because the writer could not keep up."""

    __tablename__ = "usage_drop"
    unaudited = True

    hour: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    count: Mapped[int] = mapped_column(BigInteger)
