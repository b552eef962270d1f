"""The checks of a verification, in the order of SPEC 12, which is the order of `CHECKS`. The rate comes behind them: it
is counted, not looked at."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain import access_rules, lifecycle, rotation
from app.domain.lifecycle import Status
from app.domain.question import Question, Snapshot
from app.domain.rotation import KeyState


class Code(StrEnum):
    """The one word of a decision."""

    VALID = "VALID"
    UNKNOWN_TOKEN = "UNKNOWN_TOKEN"
    ROTATED = "ROTATED"
    PENDING_APPROVAL = "PENDING_APPROVAL"
    REJECTED = "REJECTED"
    REVOKED = "REVOKED"
    DISABLED = "DISABLED"
    EXPIRED = "EXPIRED"
    APPLICATION_DISABLED = "APPLICATION_DISABLED"
    INSUFFICIENT_SCOPE = "INSUFFICIENT_SCOPE"
    REQUEST_REQUIRED = "REQUEST_REQUIRED"
    ACCESS_DENIED = "ACCESS_DENIED"
    IP_REQUIRED = "IP_REQUIRED"
    IP_NOT_ALLOWED = "IP_NOT_ALLOWED"
    OUTSIDE_HOURS = "OUTSIDE_HOURS"
    RATE_LIMITED = "RATE_LIMITED"


class Outcome(StrEnum):
    """How one check ended."""

    PASS = "pass"
    FAIL = "fail"
    LIFTED = "lifted"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Finding:
    """What one check found."""

    outcome: Outcome
    code: Code | None = None
    message: str = ""


PASS = Finding(Outcome.PASS)
SKIPPED = Finding(Outcome.SKIPPED)
UNKNOWN = Finding(Outcome.FAIL, Code.UNKNOWN_TOKEN, "This is not a token that you can ask about.")
REQUEST_REQUIRED = Finding(
    Outcome.FAIL, Code.REQUEST_REQUIRED, "The token has access rules: say which method and path are asked for."
)
IP_REQUIRED = Finding(
    Outcome.FAIL, Code.IP_REQUIRED, "The token is bound to addresses: send the client's address as client_ip."
)
IP_NOT_ALLOWED = Finding(
    Outcome.FAIL, Code.IP_NOT_ALLOWED, "The token may not be used from this address. Ask the people of its application."
)
OUTSIDE_HOURS = Finding(
    Outcome.FAIL, Code.OUTSIDE_HOURS, "The token does not work at this hour. Ask again when its hours begin."
)
_STATUS = {
    Status.PENDING: (Code.PENDING_APPROVAL, "The token waits for approval. It works once somebody has approved it."),
    Status.REJECTED: (Code.REJECTED, "The request for this token was not approved. Issue a new token."),
    Status.REVOKED: (Code.REVOKED, "The token was revoked. Issue a new token."),
    Status.DISABLED: (Code.DISABLED, "The token is switched off. Ask the people of its application."),
    Status.EXPIRED: (Code.EXPIRED, "The token has expired. Issue a new token."),
}


def _generation(snapshot: Snapshot, question: Question, now: datetime) -> Finding:
    if rotation.key_state(snapshot.key_stops_at, now) is KeyState.RETIRED:
        return Finding(Outcome.FAIL, Code.ROTATED, "The key was replaced by a newer one. Use the token's current key.")
    return PASS


def _status(snapshot: Snapshot, question: Question, now: datetime) -> Finding:
    current = lifecycle.status(snapshot.facts, now)
    if current is Status.ACTIVE:
        return PASS
    code, message = _STATUS[current]
    return Finding(Outcome.FAIL, code, message)


def _application(snapshot: Snapshot, question: Question, now: datetime) -> Finding:
    if snapshot.application_enabled:
        return PASS
    return Finding(Outcome.FAIL, Code.APPLICATION_DISABLED, "The token's application is switched off.")


def _scopes(snapshot: Snapshot, question: Question, now: datetime) -> Finding:
    missing = sorted(question.scopes - {scope.name for scope in snapshot.told_to(question.answers_for)})
    if not missing:
        return PASS
    return Finding(Outcome.FAIL, Code.INSUFFICIENT_SCOPE, f"The token lacks {', '.join(missing)}.")


def _permissions(snapshot: Snapshot, question: Question, now: datetime) -> Finding:
    rules = snapshot.restrictions.access_rules
    if question.method is None or question.path is None:
        return REQUEST_REQUIRED if rules else SKIPPED
    segments = access_rules.segments_of(question.path)
    permitted = (
        permission.matches(question.method, segments)
        for scope in snapshot.told_to(question.answers_for)
        for permission in scope.permissions
    )
    if not any(permitted):
        return Finding(Outcome.FAIL, Code.ACCESS_DENIED, "No scope of the token permits this method and path.")
    if rules and not any(rule.matches(question.method, segments) for rule in rules):
        return Finding(Outcome.FAIL, Code.ACCESS_DENIED, "No access rule of the token matches this method and path.")
    return PASS


def _address(snapshot: Snapshot, question: Question, now: datetime) -> Finding:
    whitelist = snapshot.restrictions.whitelist
    if whitelist is None:
        return SKIPPED
    if question.client_ip is not None and whitelist.admits(question.client_ip):
        return PASS
    return IP_REQUIRED if question.client_ip is None else IP_NOT_ALLOWED


def _time(snapshot: Snapshot, question: Question, now: datetime) -> Finding:
    hours = snapshot.restrictions.hours
    if hours is None:
        return SKIPPED
    return PASS if hours.admits(now) else OUTSIDE_HOURS


Check = Callable[[Snapshot, Question, datetime], Finding]
KEY = "key"
CHECKS: tuple[tuple[str, Check], ...] = (
    ("generation", _generation),
    ("status", _status),
    ("application", _application),
    ("scopes", _scopes),
    ("permissions", _permissions),
    ("address", _address),
    ("time", _time),
)
