"""Service tokens and the scopes they hold."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.expiry import Expiry
from app.domain.lifecycle import Facts, Status
from app.domain.restrictions import FIELDS, Plain
from app.domain.risk import Risk
from app.store.database import Base
from app.store.types import RiskLevel, UtcDateTime, Word


class TokenRow(Base):
    """The credential record. Its id never changes; its key is another row."""

    __tablename__ = "token"
    verified = True
    of_token = "id"
    __table_args__ = (
        # A form sent twice issues one token.
        UniqueConstraint("created_by", "form_id", name="uq_token_form"),
        Index("ix_token_application_name", "application_id", "name_folded"),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    name_folded: Mapped[str] = mapped_column(String(400))
    description: Mapped[str] = mapped_column(Text, default="")
    # Never `expired`: see lifecycle.status.
    status: Mapped[Status] = mapped_column(Word(Status))
    # rejected, cancelled: how a request for this token ended without it taking effect.
    refused_how: Mapped[str | None] = mapped_column(String(20))
    lapses_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expiry_preset: Mapped[str | None] = mapped_column(String(20))
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    effective_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # As domain/restrictions.py keeps them. SQL null and not JSON's, so that both databases find what is set.
    ip_whitelist: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    rate_limit: Mapped[str | None] = mapped_column(String(20))
    time_restriction: Mapped[str | None] = mapped_column(String(60))
    access_rules: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    # At which risk somebody last let it have its scopes; a scope that was raised since makes it one to review.
    agreed_risk: Mapped[Risk | None] = mapped_column(RiskLevel)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[str] = mapped_column(ForeignKey("user.id"))
    form_id: Mapped[str] = mapped_column(String(40))
    disabled_by: Mapped[str | None] = mapped_column(String(40))
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    disabled_by_administrator: Mapped[bool] = mapped_column(default=False)
    example: Mapped[bool] = mapped_column(default=False)
    # The last generation that changed something that verification reads of this token alone.
    changed_in: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), default=0, index=True)
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}

    @property
    def facts(self) -> Facts:
        """What the status is computed from."""
        return Facts(self.status, self.expires_at, self.lapses_at)

    @property
    def restrictions(self) -> Mapping[str, Plain]:
        """What is kept of its restrictions, by field."""
        return {field: getattr(self, field) for field in FIELDS}

    @property
    def expiry(self) -> Expiry:
        """The chosen end: while the token is pending, a preset has no instant yet."""
        return Expiry(self.expiry_preset, self.expires_at)


class TokenScope(Base):
    """A scope that a token holds."""

    __tablename__ = "token_scope"
    verified = True
    of_token = "token_id"

    token_id: Mapped[str] = mapped_column(ForeignKey("token.id"), primary_key=True)
    scope_name: Mapped[str] = mapped_column(ForeignKey("scope.name"), primary_key=True, index=True)
