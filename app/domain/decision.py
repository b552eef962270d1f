"""The one decision Postern exists for: may this token do this, now, from here?

`decide` is given everything: what was asked (`Question`), what is known of the key (`Snapshot`, None for an unknown
one) and the time. The order of `CHECKS` is the order of SPEC 12; the first failure decides."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from app.domain import access_rules, emergency, lifecycle, risk, rotation
from app.domain.access_rules import AccessRule
from app.domain.lifecycle import Status
from app.domain.networks import Address
from app.domain.rotation import KeyState
from app.domain.scopes import AnswersFor


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


class Outcome(StrEnum):
    """How one check ended."""

    PASS = "pass"
    FAIL = "fail"
    LIFTED = "lifted"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class GrantedScope:
    """A scope that a token holds, with what it permits."""

    name: str
    risk: risk.Risk
    permissions: tuple[AccessRule, ...] = ()


@dataclass(frozen=True)
class Snapshot:
    """What is stored of one key and its token, read together."""

    key_id: str
    key_stops_at: datetime | None
    token_id: str
    facts: lifecycle.Facts
    application_id: str
    application_name: str
    application_enabled: bool
    answers_for: AnswersFor
    scopes: tuple[GrantedScope, ...]
    # The emergency window that nobody has ended, which may be over by the clock.
    emergency_id: int | None = None
    emergency_until: datetime | None = None

    @property
    def risk(self) -> risk.Risk:
        """The highest risk among the token's scopes."""
        return risk.highest(scope.risk for scope in self.scopes)

    def told_to(self, answers_for: AnswersFor) -> tuple[GrantedScope, ...]:
        """The scopes that a verifying service which answers for these resources may be told about."""
        return tuple(scope for scope in self.scopes if answers_for.covers(scope.name))


@dataclass(frozen=True)
class Question:
    """What a verifying service asks. `answers_for` is what that service may be told about."""

    scopes: frozenset[str] = frozenset()
    method: str | None = None
    path: str | None = None
    client_ip: Address | None = None
    cost: int = 1
    answers_for: AnswersFor = AnswersFor(everything=True)


@dataclass(frozen=True)
class Finding:
    """What one check found."""

    outcome: Outcome
    code: Code | None = None
    message: str = ""


@dataclass(frozen=True)
class CheckResult:
    """A finding with the name of its check."""

    check: str
    finding: Finding


@dataclass(frozen=True)
class Decision:
    """The answer: one code and the checks behind it, in order. `emergency_access`: it was given in an open window."""

    code: Code
    message: str
    snapshot: Snapshot | None
    key: KeyState | None
    results: tuple[CheckResult, ...]
    emergency_access: bool = False

    @property
    def valid(self) -> bool:
        """Whether the token may do it."""
        return self.code is Code.VALID

    @property
    def passed_by(self) -> int | None:
        """The emergency window without which the token could not do it; None where it did without, or cannot."""
        lifted = any(result.finding.outcome is Outcome.LIFTED for result in self.results)
        return self.snapshot.emergency_id if lifted and self.valid and self.snapshot else None


PASS = Finding(Outcome.PASS)
SKIPPED = Finding(Outcome.SKIPPED)
UNKNOWN = Finding(Outcome.FAIL, Code.UNKNOWN_TOKEN, "This is not a token that you can ask about.")
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
    if question.method is None or question.path is None:
        return SKIPPED
    segments = access_rules.segments_of(question.path)
    for scope in snapshot.told_to(question.answers_for):
        if any(permission.matches(question.method, segments) for permission in scope.permissions):
            return PASS
    return Finding(Outcome.FAIL, Code.ACCESS_DENIED, "No scope of the token permits this method and path.")


Check = Callable[[Snapshot, Question, datetime], Finding]
KEY = "key"
CHECKS: tuple[tuple[str, Check], ...] = (
    ("generation", _generation),
    ("status", _status),
    ("application", _application),
    ("scopes", _scopes),
    ("permissions", _permissions),
)


def decide(snapshot: Snapshot | None, question: Question, now: datetime) -> Decision:
    """Answer the question. A token of which the asker may be told nothing is as unknown as one that is not there."""
    if snapshot is None or not snapshot.told_to(question.answers_for):
        skipped = tuple(CheckResult(name, SKIPPED) for name, _ in CHECKS)
        return Decision(Code.UNKNOWN_TOKEN, UNKNOWN.message, None, None, (CheckResult(KEY, UNKNOWN), *skipped))
    is_open = emergency.is_on(snapshot.emergency_until, now)
    found = ((name, check(snapshot, question, now)) for name, check in CHECKS)
    results = tuple(CheckResult(name, _lifted(finding) if is_open else finding) for name, finding in found)
    failed = next((result.finding for result in results if result.finding.outcome is Outcome.FAIL), None)
    code, message = (failed.code or Code.UNKNOWN_TOKEN, failed.message) if failed else (Code.VALID, "")
    key = rotation.key_state(snapshot.key_stops_at, now)
    return Decision(code, message, snapshot, key, (CheckResult(KEY, PASS), *results), is_open)


def _lifted(finding: Finding) -> Finding:
    """What is left of a finding while emergency access is open."""
    if finding.outcome is Outcome.FAIL and finding.code in emergency.LIFTED:
        return replace(finding, outcome=Outcome.LIFTED)
    return finding
