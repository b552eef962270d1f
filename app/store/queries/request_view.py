"""One approval request as its page shows it, whatever it is about: see `token_request` and `governance_request`."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain import approval
from app.domain.approval import RequestKind, RequestStatus
from app.domain.risk import Risk


@dataclass(frozen=True)
class Approved:
    """What a second person last let be so, and when: each field as changes keep it. `content` is None where that was
    not kept yet."""

    content: Mapping[str, object] | None
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class RequestView(ABC):
    """A request with what it is about as that is now. `fingerprint` stands for all that is shown.
    `requester_account_by` and `requester_link_by` are the people who made the requester's account, or the link by which
    their password was last set. `application_owner_id` is None where it is about no application. `approved` is what was
    approved last of the same thing, while the request waits."""

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
    risk_before: Risk | None
    application_owner_id: str | None = None
    approved: Approved | None = None

    @property
    @abstractmethod
    def title(self) -> str:
        """What it is about, by name."""

    @property
    @abstractmethod
    def place(self) -> str:
        """Where that is: an application, the catalogue, the policy."""

    @property
    @abstractmethod
    def risk(self) -> Risk:
        """The risk if it is approved."""

    @property
    @abstractmethod
    def gravest_risk(self) -> Risk:
        """The higher of the risks now and if it is approved: what it takes to decide goes by this one."""

    @property
    @abstractmethod
    def in_force(self) -> Mapping[str, object]:
        """What it would change and what it would not, field by field, as changes keep them: as it is now."""

    @property
    @abstractmethod
    def resulting(self) -> Mapping[str, object]:
        """The same if it is approved."""

    @property
    @abstractmethod
    def about(self) -> Mapping[str, object]:
        """All that is shown of what it is about, as JSON values."""

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
            "requester's account": [self.requester_account_by, self.requester_link_by],
            "approved last": self._approved_last,
            **self.about,
        }

    @property
    def _approved_last(self) -> Sequence[object] | None:
        if self.approved is None:
            return None
        return [self.approved.content, self.approved.by, self.approved.at.isoformat()]

    def after(self, field: str, present: Any) -> Any:
        """What the field holds if it is approved, `present` where that stays."""
        return next((change["after"] for change in self.changes if change["field"] == field), present)
