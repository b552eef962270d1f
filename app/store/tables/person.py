"""People, their sessions, one-time links, and failed sign-ins."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.people import Person
from app.domain.roles import Role
from app.store.database import Base
from app.store.types import UtcDateTime, Word


class UserRow(Base):
    """A person. Deactivated, never deleted."""

    __tablename__ = "user"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    email_folded: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    role: Mapped[Role] = mapped_column(Word(Role))
    active: Mapped[bool] = mapped_column(default=True)
    # None until the person has set a password by their one-time link.
    password_hash: Mapped[str | None] = mapped_column(String(200))
    password_set_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Who made the account, and who made the link the password was last set by: approvals flag both.
    created_by: Mapped[str | None] = mapped_column(String(40))
    password_link_by: Mapped[str | None] = mapped_column(String(40))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    example: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}

    @property
    def person(self) -> Person:
        """As rules and queries see this person."""
        return Person(self.id, self.name, self.email, self.role, self.active)


class UserSessionRow(Base):
    """One signed-in browser. The id is the digest of what the cookie holds."""

    __tablename__ = "user_session"
    unaudited = True

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("user.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # When the password was last typed: some deeds ask for it again.
    password_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    address: Mapped[str | None] = mapped_column(String(45))
    user_agent: Mapped[str | None] = mapped_column(String(300))


class OneTimeLinkRow(Base):
    """A link by which a person sets a password. The id is the digest of the secret in the link."""

    __tablename__ = "one_time_link"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("user.id"), index=True)
    made_by: Mapped[str | None] = mapped_column(String(40))
    made_by_name: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SignInFailureRow(Base):
    """Failed sign-ins of one account (empty: unknown) from one address in one minute, until they are an event."""

    __tablename__ = "sign_in_failure"
    unaudited = True

    account_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    address: Mapped[str] = mapped_column(String(45), primary_key=True)
    minute: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    count: Mapped[int] = mapped_column()
    user_agent: Mapped[str | None] = mapped_column(Text)
