"""One approval request as its page shows it: what is there now, and what would be there afterwards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain import approval, edits
from app.domain.approval import RequestKind, RequestStatus
from app.domain.expiry import Expiry
from app.domain.restrictions import Plain
from app.domain.risk import Risk, highest
from app.domain.scopes import Scope


@dataclass(frozen=True)
class RequestView:
    """A request with the token as it is now; `resulting_…` is the token if it is approved. `people` can obtain the
    key; `fingerprint` stands for all that is shown. `requester_account_by` and `requester_link_by` are the people who
    made the requester's account, or the link by which their password was last set. `asked_scopes` is None where the
    request leaves the scopes as they are."""

    id: str
    kind: RequestKind
    status: RequestStatus
    reason: str
    changes: Sequence[Mapping[str, Any]]
    created_at: datetime
    expires_at: datetime
    requester_id: str
    requester: str
    requester_account_by: str | None
    requester_link_by: str | None
    decided_by: str | None
    decided_at: datetime | None
    comment: str
    application_id: str
    application_name: str
    application_enabled: bool
    application_owner_id: str
    token_id: str
    token_name: str
    token_description: str
    expiry: Expiry
    restrictions: Mapping[str, Plain]
    scopes: Sequence[Scope]
    asked_scopes: Sequence[Scope] | None
    people: Sequence[str]
    people_ids: Sequence[str]
    risk_before: Risk | None

    @property
    def resulting_name(self) -> str:
        """The token's name if it is approved."""
        return str(self._after(edits.NAME, self.token_name))

    @property
    def resulting_description(self) -> str:
        """The token's description if it is approved."""
        return str(self._after(edits.DESCRIPTION, self.token_description))

    @property
    def resulting_scopes(self) -> Sequence[Scope]:
        """The token's scopes if it is approved."""
        return self.scopes if self.asked_scopes is None else self.asked_scopes

    @property
    def resulting_restrictions(self) -> Mapping[str, Plain]:
        """The token's restrictions if it is approved, as they are kept."""
        return {field: self._after(field, present) for field, present in self.restrictions.items()}

    @property
    def end(self) -> str | None:
        """When the token ends now, as a change keeps it: see `edits.expires_value`."""
        if self.kind is RequestKind.ISSUE:
            return edits.expires_value(self.expiry)
        return self.expiry.fixed.isoformat() if self.expiry.fixed else None

    @property
    def resulting_end(self) -> str | None:
        """When the token would end if it is approved, as a change keeps it."""
        after = self._after(edits.EXPIRES_AT, self.end)
        return None if after is None else str(after)

    @property
    def risk(self) -> Risk:
        """The risk if it is approved."""
        return highest(scope.risk for scope in self.resulting_scopes)

    @property
    def gravest_risk(self) -> Risk:
        """The higher of the risks now and if it is approved: what it takes to decide goes by this one."""
        return highest([*(scope.risk for scope in self.scopes), self.risk])

    @property
    def fingerprint(self) -> str:
        """Stands for everything that the decider is shown."""
        return approval.fingerprint(self.content)

    @property
    def content(self) -> Mapping[str, object]:
        """What the decider decides on, as JSON values."""
        return {
            "request": self.id,
            "kind": self.kind.value,
            "reason": self.reason,
            "changes": list(self.changes),
            "requester": [self.requester_id, self.requester],
            "application": [self.application_id, self.application_name, self.application_enabled],
            "token": [self.token_id, self.token_name, self.token_description],
            "expiry": [self.expiry.preset, self.expiry.fixed.isoformat() if self.expiry.fixed else None],
            "restrictions": dict(self.restrictions),
            "scopes": _content(self.scopes),
            "resulting scopes": _content(self.resulting_scopes),
            "people": [list(self.people_ids), list(self.people)],
            "requester's account": [self.requester_account_by, self.requester_link_by],
        }

    def _after(self, field: str, present: Any) -> Any:
        return next((change["after"] for change in self.changes if change["field"] == field), present)


def _content(scopes: Sequence[Scope]) -> list[object]:
    return [[one.name, one.risk.word, one.description, list(one.permissions), one.retired] for one in scopes]
