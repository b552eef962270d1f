"""Requests about a token: to let a new one in, or to change one."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain import edits, lifecycle
from app.domain.approval import RequestStatus
from app.domain.errors import Conflict
from app.domain.lifecycle import Status, Verb
from app.domain.people import Person
from app.domain.roles import may_enable
from app.services import requests
from app.services.matters.matter import Matter
from app.services.recording import Record
from app.services.tokens import content
from app.store.tables import ApplicationRow, ApprovalRequestRow, TokenRow


class OfToken(Matter):
    """What both kinds have in common: an end that must not have passed."""

    row: TokenRow

    def __init__(self, session: Session, request: ApprovalRequestRow) -> None:
        super().__init__(session, request)
        self.row = session.get_one(TokenRow, request.token_id)
        self.application = session.get_one(ApplicationRow, self.row.application_id)

    def require_possible(self, now: datetime) -> None:
        """Raise Conflict where the end has passed that the token has or would have."""
        if self._status(now) is Status.EXPIRED or self._ends_in_the_past(now):
            raise Conflict("The expiry that was asked for has passed. Reject the request.", code="expiry_passed")

    def content(self) -> Mapping[str, object]:
        """All that can be edited of the token, and its risk."""
        return content.whole(self.session, self.row)

    def _status(self, now: datetime) -> Status:
        return lifecycle.status(self.row.facts, now)

    def _ends_in_the_past(self, now: datetime) -> bool:
        ends = [
            edits.expires_at(one.after, now)
            for one in self.changes
            if one.field == edits.EXPIRES_AT and isinstance(one.after, str)
        ]
        return any(end is not None and end <= now for end in ends)


class Issue(OfToken):
    """A new token, which was born pending."""

    def take_effect(self, record: Record, now: datetime) -> None:
        """Let the token in; an end that was chosen as a span counts from now."""
        self.row.expires_at = self.row.expiry.counted_from(now)
        self.row.status, self.row.effective_at, self.row.lapses_at = Status.ACTIVE, now, None
        content.agree(self.session, self.row)

    def refused(self, how: RequestStatus) -> None:
        """Make the token final: it never took effect."""
        requests.reject_token(self.row, how)


class Change(OfToken):
    """Another content of a token that is there."""

    def may_be_asked_by(self, requester: Person) -> bool:
        """What an administrator disabled, only an administrator asks to enable."""
        enables = any(change.field == edits.STATUS for change in self.changes)
        return not enables or may_enable(self.row.disabled_by_administrator, requester.role)

    def require_possible(self, now: datetime) -> None:
        """Raise Conflict also where the token ended, or is not what it was when this was asked for."""
        super().require_possible(now)
        lifecycle.require(Verb.EDIT, self._status(now))
        if not content.still_hold(self.session, self.row, self.changes):
            raise Conflict("The token was changed after this was asked for. Reject the request.", code="request_void")

    def take_effect(self, record: Record, now: datetime) -> None:
        """Change the token as it was asked for."""
        content.change(self.session, self.row, self.changes, record, now, prefix="token ")
        content.agree(self.session, self.row)
