"""Which kind of request is about what: one line for each."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from app.domain.approval import RequestKind
from app.domain.governance import Governed, Realm
from app.services.matters.governance import Policy, Scope
from app.services.matters.matter import Matter
from app.services.matters.token import Change, Issue
from app.store.tables import ApprovalRequestRow

MATTERS: Mapping[tuple[RequestKind, Realm | None], type[Matter]] = {
    (RequestKind.ISSUE, None): Issue,
    (RequestKind.CHANGE, None): Change,
    (RequestKind.GOVERNANCE, Realm.POLICY): Policy,
    (RequestKind.GOVERNANCE, Realm.SCOPE): Scope,
}


def of(session: Session, request: ApprovalRequestRow) -> Matter:
    """What the request is about."""
    realm = Governed.of(request.governed).realm if request.governed else None
    return MATTERS[request.kind, realm](session, request)
