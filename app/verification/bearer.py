"""The key in the Authorization header (RFC 6750): who asks, and whether they may."""

from datetime import datetime
from functools import lru_cache

from app.domain.checks import Code
from app.domain.decision import Decision, decide
from app.domain.networks import Address
from app.domain.question import Question, Snapshot
from app.domain.scopes import TOKEN_VERIFY
from app.store.snapshots import Look
from app.verification.answer import Call
from app.verification.problems import Problem

SCHEME = "bearer"
CALLER = "CALLER_"
# What every call asks its caller's own key for.
ASKED = frozenset({TOKEN_VERIFY})
REALM = 'Bearer realm="postern"'
# These say nothing for the key itself; whatever else fails, the key is good but may not do this.
NOT_ACCEPTED = frozenset(
    {
        Code.UNKNOWN_TOKEN,
        Code.ROTATED,
        Code.PENDING_APPROVAL,
        Code.REJECTED,
        Code.REVOKED,
        Code.DISABLED,
        Code.EXPIRED,
        Code.APPLICATION_DISABLED,
    }
)


def presented_key(authorization: str | None) -> str | None:
    """What stands behind `Bearer`; None where there is no such header."""
    scheme, _, key = (authorization or "").partition(" ")
    return key.lstrip(" ") if scheme.lower() == SCHEME else None


def holder(call: Call, look: Look) -> Snapshot:
    """What is known of the key that the call presents. Raises Problem for an unknown one."""
    key = presented_key(call.authorization)
    snapshot = look.of(key) if key is not None else None
    if snapshot is None:
        raise _unknown(is_missing=key is None)
    return snapshot


def judge(snapshot: Snapshot, call: Call) -> Decision:
    """Whether the holder of this key may ask about tokens from where the call comes: the same decision as any other."""
    return decide(snapshot, _asked_from(call.peer), call.now)


@lru_cache(maxsize=4_096)
def _asked_from(peer: Address | None) -> Question:
    return Question(ASKED, client_ip=peer)


def refusal(decision: Decision, now: datetime) -> Problem:
    """How a caller that may not ask is told."""
    if decision.code in NOT_ACCEPTED:
        return _not_accepted(decision.code, decision.message, f'{REALM}, error="invalid_token"')
    wait = decision.retry_after(now)
    status = 429 if decision.code is Code.RATE_LIMITED else 403
    headers = {} if wait is None else {"Retry-After": str(wait)}
    return Problem(status, CALLER + decision.code.value, f"Your own key: {decision.message}", headers)


def _unknown(*, is_missing: bool) -> Problem:
    if is_missing:
        return _not_accepted(Code.UNKNOWN_TOKEN, "Send a key as Authorization: Bearer pst_…", REALM)
    return _not_accepted(Code.UNKNOWN_TOKEN, "This key is not known here.", f'{REALM}, error="invalid_token"')


def _not_accepted(code: Code, detail: str, challenge: str) -> Problem:
    return Problem(401, CALLER + code.value, f"Your own key: {detail}", {"WWW-Authenticate": challenge})
