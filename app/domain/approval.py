"""Approval: what needs a second person, who that may be, and what exactly they decided on (SPEC 7)."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.errors import Conflict, NotAllowed
from app.domain.governance import DEEDS, Realm
from app.domain.instants import instant
from app.domain.risk import Risk
from app.domain.roles import Deed

LIFETIME = timedelta(days=7)
Content = Mapping[str, object]


class RequestKind(StrEnum):
    """What is asked for."""

    ISSUE = "issue"
    CHANGE = "change"
    GOVERNANCE = "governance"


_OF_TOKENS = {RequestKind.ISSUE: Deed.ISSUE_TOKEN, RequestKind.CHANGE: Deed.EDIT_TOKEN}


class RequestStatus(StrEnum):
    """Where a request stands. `expired` is computed at each look."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    VOID = "void"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Policy:
    """For which risks a second person is asked."""

    risks: frozenset[Risk] = frozenset({Risk.MEDIUM, Risk.HIGH})

    def asks_at(self, risk: Risk) -> bool:
        """Whether something of this risk needs approval."""
        return risk in self.risks


def asked_deed(kind: RequestKind, realm: Realm | None) -> Deed:
    """The deed that a person has to be allowed, when they ask and still when somebody else decides. `realm` is of what
    is governed, None of a token."""
    return _OF_TOKENS[kind] if realm is None else DEEDS[realm]


def status(stored: RequestStatus, expires_at: datetime, now: datetime) -> RequestStatus:
    """Where a request stands at this instant: a pending one lapses by the clock alone."""
    if stored is RequestStatus.PENDING and now >= expires_at:
        return RequestStatus.EXPIRED
    return stored


def fingerprint(content: Content) -> str:
    """A digest of everything that was shown to the decider. `content` holds JSON values only."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def may_decide(requester_id: str, person_id: str | None) -> bool:
    """Whether this person is not the one who asked. Their role is another question: see roles."""
    return person_id is not None and person_id != requester_id


def require_other_person(requester_id: str, person_id: str | None) -> None:
    """Raise NotAllowed where somebody would decide their own request, whatever their role."""
    if not may_decide(requester_id, person_id):
        raise NotAllowed("Nobody decides their own request. Another administrator has to.", code="own_request")


def require_pending(current: RequestStatus, decided_by: str | None, decided_at: datetime | None) -> None:
    """Raise Conflict, naming who decided and when, where a request is not pending any more."""
    if current is RequestStatus.PENDING:
        return
    if current is RequestStatus.EXPIRED:
        raise Conflict("This request has lapsed after 7 days without a decision.", code="request_expired")
    who = f" by {decided_by}" if decided_by else ""
    when = f" on {instant(decided_at)}" if decided_at else ""
    raise Conflict(f"This request is already {current.value}{who}{when}.", code=f"request_{current.value}")


def comment_required(approving: bool, risk: Risk) -> bool:
    """Rejecting takes a comment that the requester sees; approving High takes one too."""
    return not approving or risk is Risk.HIGH


def password_required(kind: RequestKind, risk: Risk) -> bool:
    """Approving High, and whatever is about policy or catalogue, asks the decider for their password once more, if it
    was not typed lately (SPEC 2)."""
    return risk is Risk.HIGH or kind is RequestKind.GOVERNANCE
