"""The audit log and the head of its chain."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.store.database import Base
from app.store.types import UtcDateTime

# SQLite makes only an INTEGER primary key its row id.
Sequence = BigInteger().with_variant(Integer, "sqlite")


class AuditEventRow(Base):
    """One change. The database refuses UPDATE and DELETE."""

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_token", "token_id", "sequence"),
        Index("ix_audit_event_application", "application_id", "sequence"),
        # Pages of the log, the newest first: each way to narrow it down is one of these.
        Index("ix_audit_event_at", "at", "sequence"),
        Index("ix_audit_event_actor", "actor_id", "at", "sequence"),
        Index("ix_audit_event_actor_name", "actor_name", "at", "sequence"),
        Index("ix_audit_event_action", "action", "at", "sequence"),
        Index("ix_audit_event_application_at", "application_id", "at", "sequence"),
        Index("ix_audit_event_token_at", "token_id", "at", "sequence"),
        # Somebody, or an application, is in many events, and one action too; both together may be in none.
        Index("ix_audit_event_actor_action", "actor_id", "action", "at", "sequence"),
        Index("ix_audit_event_actor_name_action", "actor_name", "action", "at", "sequence"),
        Index("ix_audit_event_application_action", "application_id", "action", "at", "sequence"),
    )
    unaudited = True

    sequence: Mapped[int] = mapped_column(Sequence, primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(String(40), unique=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    action: Mapped[str] = mapped_column(String(60))
    actor_id: Mapped[str | None] = mapped_column(String(40))
    actor_name: Mapped[str] = mapped_column(String(100))
    subject_kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[str] = mapped_column(String(200))
    subject_name: Mapped[str] = mapped_column(String(200))
    application_id: Mapped[str | None] = mapped_column(String(40))
    token_id: Mapped[str | None] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(Text, default="")
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    address: Mapped[str | None] = mapped_column(String(45))
    user_agent: Mapped[str | None] = mapped_column(String(300))
    request_id: Mapped[str | None] = mapped_column(String(40))
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class ChainHead(Base):
    """Where the chain ends: one row. `seal` is made under the chain's secret, so that a cut tail shows."""

    __tablename__ = "chain_head"
    unaudited = True

    id: Mapped[int] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(Sequence)
    hash: Mapped[str] = mapped_column(String(64))
    seal: Mapped[str] = mapped_column(String(64))
