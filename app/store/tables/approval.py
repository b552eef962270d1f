"""Approval requests."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.approval import RequestKind, RequestStatus
from app.domain.risk import Risk
from app.store.database import Base
from app.store.types import RiskLevel, UtcDateTime, Word


class ApprovalRequestRow(Base):
    """What a person asked for. Immutable but for its outcome."""

    __tablename__ = "approval_request"
    __table_args__ = (
        # One request about a thing at a time: a second pending one is refused by the database itself.
        Index(
            "uq_approval_request_pending_token",
            "token_id",
            unique=True,
            sqlite_where=text("status = 'pending'"),
            postgresql_where=text("status = 'pending'"),
        ),
        Index(
            "uq_approval_request_pending_governed",
            "governed",
            unique=True,
            sqlite_where=text("status = 'pending'"),
            postgresql_where=text("status = 'pending'"),
        ),
        # Pages of the list, by age.
        Index("ix_approval_request_age", "created_at", "id"),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    kind: Mapped[RequestKind] = mapped_column(Word(RequestKind))
    application_id: Mapped[str | None] = mapped_column(ForeignKey("application.id"), index=True)
    token_id: Mapped[str | None] = mapped_column(ForeignKey("token.id"), index=True)
    # What it is about where it is no token: see governance.Governed.
    governed: Mapped[str | None] = mapped_column(String(220), index=True)
    requester_id: Mapped[str] = mapped_column(ForeignKey("user.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    # Field, before, after: nothing of an issue, which is the token itself.
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    risk_before: Mapped[Risk | None] = mapped_column(RiskLevel)
    # Never `expired`: see approval.status.
    status: Mapped[RequestStatus] = mapped_column(Word(RequestStatus), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    comment: Mapped[str] = mapped_column(Text, default="")
    # What was approved, whole, as it was once it took effect: each field as changes keep it.
    agreed: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}
