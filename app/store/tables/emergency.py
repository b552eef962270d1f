"""Emergency access: its windows, and how much each let through."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.emergency import End, Window
from app.store.database import Base
from app.store.types import UtcDateTime, Word


class EmergencyWindowRow(Base):
    """One activation. One that ended by the clock gets its `ended_at` only when the next one begins."""

    __tablename__ = "emergency_window"
    verified = True
    of_token = "token_id"
    __table_args__ = (
        # One window per token at a time, whatever the code does.
        Index(
            "uq_emergency_window_open_token",
            "token_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_emergency_window_token", "token_id", "starts_at"),
        Index("ix_emergency_window_ends", "ends_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    token_id: Mapped[str] = mapped_column(ForeignKey("token.id"))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    activated_by: Mapped[str] = mapped_column(ForeignKey("user.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[str | None] = mapped_column(ForeignKey("user.id"))
    ended_how: Mapped[End | None] = mapped_column(Word(End))

    @property
    def window(self) -> Window:
        """What rules ask about."""
        return Window(self.starts_at, self.ends_at, self.ended_at)


class EmergencyUseRow(Base):
    """How many verifications passed only because of a window. Written behind, as all usage is."""

    __tablename__ = "emergency_use"
    unaudited = True

    window_id: Mapped[int] = mapped_column(ForeignKey("emergency_window.id"), primary_key=True)
    token_id: Mapped[str] = mapped_column(String(40), index=True)
    count: Mapped[int] = mapped_column(BigInteger)
