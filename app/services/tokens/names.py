"""Names of tokens: each is one live token's in its application."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain import text
from app.domain.errors import Unfit
from app.store.queries import live
from app.store.tables import TokenRow


def require_free_name(session: Session, application_id: str, name: str, now: datetime, *, but: str = "") -> None:
    """Raise Unfit where another live token of the application has this name; `but` is the token that may keep it."""
    statement = select(TokenRow.id).where(
        TokenRow.application_id == application_id,
        TokenRow.name_folded == text.folded(name),
        TokenRow.id != but,
        live.at(now),
    )
    if session.scalars(statement).first() is not None:
        raise Unfit("Another token of this application has this name. Choose a different one.")
