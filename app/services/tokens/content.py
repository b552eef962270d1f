"""What can be edited of a token, field by field: read as a change keeps it, and changed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app.domain import edits, restrictions, risk, text
from app.domain.changes import FieldChange
from app.domain.lifecycle import Status
from app.services.recording import Record
from app.services.tokens import switch
from app.store.queries import scopes
from app.store.tables import TokenRow, TokenScope


def value(session: Session, token: TokenRow, field: str) -> object:
    """What the field holds now, as a change keeps it. Raises KeyError for what cannot be edited."""
    match field:
        case edits.NAME:
            return token.name
        case edits.DESCRIPTION:
            return token.description
        case edits.SCOPES:
            return [scope.name for scope in scopes.held_by(session, token.id)]
        case edits.EXPIRES_AT:
            return token.expires_at.isoformat() if token.expires_at else None
        case edits.STATUS:
            return token.status.value
    if field not in restrictions.FIELDS:
        raise KeyError(field)
    return getattr(token, field)


def whole(session: Session, token: TokenRow) -> Mapping[str, object]:
    """All that can be edited but for the status, as changes keep it, and the risk that it has today."""
    held = scopes.held_by(session, token.id)
    found = {field: value(session, token, field) for field in edits.CONTENT}
    return found | {edits.RISK: risk.highest(scope.risk for scope in held).word}


def still_hold(session: Session, token: TokenRow, changes: Iterable[FieldChange]) -> bool:
    """Whether every field still holds what it held when the changes were asked for."""
    return all(value(session, token, one.field) == one.before for one in changes)


def change(
    session: Session,
    token: TokenRow,
    changes: Sequence[FieldChange],
    record: Record,
    now: datetime,
    *,
    prefix: str = "",
) -> None:
    """Make the changes to the token inside a verb's transaction; `prefix` marks what is noted in an event that is not
    about the token itself."""
    for one in changes:
        match one.field, one.after:
            case edits.NAME, str(name):
                token.name, token.name_folded = name, text.folded(name)
            case edits.DESCRIPTION, str(description):
                token.description = description
            case edits.SCOPES, list(names):
                _hold(session, token, names)
                record.note(f"{prefix}{edits.SCOPES}", one.before, names)
            case edits.EXPIRES_AT, (str() | None) as end:
                token.expires_at = edits.expires_at(end, now)
            case edits.STATUS, Status.ACTIVE.value:
                switch.enable(token)
            case field, (str() | list() | None) as plain if field in restrictions.FIELDS:
                setattr(token, field, plain)
            case _:
                raise KeyError(one.field)
    # A new version even where only other tables changed: whoever looked before has to look again.
    flag_modified(token, "name")


def agree(session: Session, token: TokenRow) -> None:
    """Note that somebody let the token have the scopes that it holds, at their risk of today."""
    token.agreed_risk = risk.highest(scope.risk for scope in scopes.held_by(session, token.id))


def _hold(session: Session, token: TokenRow, names: Sequence[str]) -> None:
    taken = select(TokenScope).where(TokenScope.token_id == token.id, TokenScope.scope_name.not_in(names))
    # One by one: of what a statement removes nobody knows whose it was.
    for row in session.scalars(taken):
        session.delete(row)
    session.flush()
    held = {scope.name for scope in scopes.held_by(session, token.id)}
    session.add_all(TokenScope(token_id=token.id, scope_name=name) for name in names if name not in held)
    session.flush()
    agreed = token.agreed_risk
    agree(session, token)
    if held >= set(names) and agreed is not None and token.agreed_risk is not None:
        # To take something away is not to agree to what rose meanwhile.
        token.agreed_risk = min(agreed, token.agreed_risk)
