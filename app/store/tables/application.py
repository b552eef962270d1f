"""Applications and their members."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.scopes import AnswersFor
from app.store.database import Base
from app.store.types import AnswersForValue, UtcDateTime


class ApplicationRow(Base):
    """A client program that needs credentials. Never deleted."""

    __tablename__ = "application"
    verified = True

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    name_folded: Mapped[str] = mapped_column(String(400), unique=True)
    description: Mapped[str] = mapped_column(Text, default="")
    owner_id: Mapped[str] = mapped_column(ForeignKey("user.id"), index=True)
    enabled: Mapped[bool] = mapped_column(default=True)
    disabled_by_administrator: Mapped[bool] = mapped_column(default=False)
    answers_for: Mapped[AnswersFor] = mapped_column(AnswersForValue, default=AnswersFor())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_by: Mapped[str] = mapped_column(ForeignKey("user.id"))
    example: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column()
    __mapper_args__ = {"version_id_col": version}


class ApplicationMember(Base):
    """A person who works on an application without owning it."""

    __tablename__ = "application_member"

    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("user.id"), primary_key=True, index=True)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
