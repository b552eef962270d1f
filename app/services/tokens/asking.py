"""Ask another person for a change of a token, inside a verb's transaction."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.approval import RequestKind
from app.domain.changes import FieldChange
from app.domain.events import Action
from app.domain.people import Actor, Person
from app.domain.risk import Risk
from app.services import requests
from app.services.recording import recording
from app.store.tables import TokenRow


def ask(
    session: Session,
    token: TokenRow,
    requester: Person,
    changes: Sequence[FieldChange],
    risk_before: Risk,
    reason: str,
    actor: Actor,
    now: datetime,
) -> str:
    """Open a request for the changes; the token stays as it is. Returns the request's id."""
    request = requests.open_request(
        session, RequestKind.CHANGE, token, requester.id, reason, now, changes=changes, risk_before=risk_before
    )
    with recording(session, Action.TOKEN_CHANGE_ASKED, token, actor, now, reason=reason) as record:
        record.note("approval request", None, request.id)
        for change in changes:
            record.note(f"asked {change.field}", change.before, change.after)
    return request.id
