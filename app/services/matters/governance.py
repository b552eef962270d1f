"""Requests about the rules themselves: an entry of the approval policy, a scope of the catalogue."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain import catalogue, governance
from app.domain.errors import Conflict
from app.domain.governance import Governed
from app.domain.risk import Risk
from app.services import governing
from app.services.matters.matter import Matter
from app.services.recording import Record
from app.services.scopes import content
from app.store.tables import ApprovalRequestRow, PolicyRow, ScopeRow


class Policy(Matter):
    """An entry of the policy that asks less."""

    row: PolicyRow

    def __init__(self, session: Session, request: ApprovalRequestRow) -> None:
        super().__init__(session, request)
        self.row = session.get_one(PolicyRow, Risk.of(_name(request)))

    def require_possible(self, now: datetime) -> None:
        """Raise Conflict where the entry is not what it was."""
        _require_unchanged(self.content(), self)

    def take_effect(self, record: Record, now: datetime) -> None:
        """Set the entry."""
        for change in self.changes:
            self.row.approval = bool(change.after)

    def content(self) -> Mapping[str, object]:
        """Whether it asks."""
        return {governance.APPROVAL: self.row.approval}


class Scope(Matter):
    """A scope that is looser than it is."""

    row: ScopeRow

    def __init__(self, session: Session, request: ApprovalRequestRow) -> None:
        super().__init__(session, request)
        self.row = session.get_one(ScopeRow, _name(request))

    def require_possible(self, now: datetime) -> None:
        """Raise Conflict where the scope is not what it was."""
        _require_unchanged(self.content(), self)

    def take_effect(self, record: Record, now: datetime) -> None:
        """Write the scope as it was asked for."""
        content.write(self.row, catalogue.with_fields(self.row.scope, {one.field: one.after for one in self.changes}))

    def content(self) -> Mapping[str, object]:
        """All that the catalogue says of it."""
        return catalogue.fields(self.row.scope)


def _name(request: ApprovalRequestRow) -> str:
    return Governed.of(request.governed or "").name


def _require_unchanged(present: Mapping[str, object], matter: Matter) -> None:
    if not governing.still_hold(present, matter.changes):
        raise Conflict("This was changed after it was asked for. Reject the request.", code="request_void")
