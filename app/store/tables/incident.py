"""Incidents: many tokens stopped at once, and which."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.incidents import Stop
from app.store.database import Base
from app.store.types import UtcDateTime, Word


class IncidentRow(Base):
    """What was done to several tokens in one go. `application_id` is None where they were chosen among all."""

    __tablename__ = "incident"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    stop: Mapped[Stop] = mapped_column(Word(Stop))
    # As text: the example's people can go, and what they did stays.
    actor_id: Mapped[str] = mapped_column(String(40))
    actor_name: Mapped[str] = mapped_column(String(100))
    application_id: Mapped[str | None] = mapped_column(ForeignKey("application.id"), index=True)
    reason: Mapped[str] = mapped_column(Text, default="")
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class IncidentToken(Base):
    """A token that was stopped in an incident."""

    __tablename__ = "incident_token"

    incident_id: Mapped[str] = mapped_column(ForeignKey("incident.id"), primary_key=True)
    token_id: Mapped[str] = mapped_column(ForeignKey("token.id"), primary_key=True, index=True)
