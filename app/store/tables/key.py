"""Keys, as keyed digests."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.store.database import Base
from app.store.types import UtcDateTime


class KeyRow(Base):
    """One generation of a token's key. `stops_at` is None for the current one."""

    __tablename__ = "key"
    verified = True
    of_token = "token_id"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    token_id: Mapped[str] = mapped_column(ForeignKey("token.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    secret_id: Mapped[str] = mapped_column(String(20), index=True)
    hint: Mapped[str] = mapped_column(String(20), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # The key stood in the answer to this person's request and nowhere else.
    shown_to: Mapped[str] = mapped_column(ForeignKey("user.id"), index=True)
    stops_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Set once the first use after stops_at is an audit event.
    late_use_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
