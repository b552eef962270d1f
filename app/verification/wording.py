"""A decision in the words of SPEC 12; the order of the members is the one printed there."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from app.domain.decision import Count, Decision
from app.domain.question import Snapshot
from app.domain.rates import Rate
from app.domain.scopes import AnswersFor
from app.verification.answer import encoded

EVERYTHING = AnswersFor(everything=True)
# The members that no two answers have alike.
AT_THE_END = ("rate_limit", "request_id")
_ROUNDED_UP = timedelta(microseconds=999_999)


def as_json(
    decision: Decision, request_id: str, now: datetime, *, told: AnswersFor = EVERYTHING, explain: bool = False
) -> Mapping[str, object]:
    """The decision, with the scopes that the asker is `told` about."""
    document: dict[str, object] = {"valid": decision.valid, "code": decision.code.value}
    if not decision.valid:
        document["message"] = decision.message
        wait = decision.retry_after(now)
        if wait is not None:
            document["retry_after"] = wait
    if decision.snapshot is not None:
        document |= _whose(decision.snapshot)
        if decision.valid:
            document |= _granted(decision, decision.snapshot, told)
    if explain:
        document["checks"] = _checks(decision)
    document["request_id"] = request_id
    return document


def begun(decision: Decision, request_id: str, now: datetime, told: AnswersFor) -> bytes | None:
    """What `as_json` says of the decision without its checks, as it is sent, but for its end: the same as long as the
    decision holds. None where it says how long to wait, which is less each time."""
    if decision.retry_at is not None:
        return None
    whole = as_json(decision, request_id, now, told=told)
    return encoded({name: value for name, value in whole.items() if name not in AT_THE_END})[:-1]


def ended(beginning: bytes, decision: Decision, count: Count | None, request_id: str) -> bytes:
    """The whole answer that has this beginning."""
    end: dict[str, object] = {"request_id": request_id}
    if decision.valid:
        end = {"rate_limit": _rate_limit(decision.rate, count), "request_id": request_id}
    return beginning + b"," + encoded(end)[1:]


def _whose(snapshot: Snapshot) -> dict[str, object]:
    application = {"id": snapshot.application_id, "name": snapshot.application_name}
    return {"token_id": snapshot.token_id, "application": application}


def _granted(decision: Decision, snapshot: Snapshot, told: AnswersFor) -> dict[str, object]:
    return {
        "scopes": [scope.name for scope in snapshot.told_to(told)],
        "risk": snapshot.risk.word,
        "key": decision.key.value if decision.key else None,
        "key_stops_at": _instant(snapshot.key_stops_at),
        "expires_at": _instant(snapshot.facts.expires_at),
        "emergency_access": decision.emergency_access,
        "rate_limit": _rate_limit(snapshot.restrictions.rate, decision.count),
    }


def _rate_limit(rate: Rate | None, count: Count | None) -> dict[str, object] | None:
    if rate is None or count is None:
        return None
    return {
        "limit": rate.amount,
        "window_seconds": rate.seconds,
        "remaining": count.remaining,
        # Rounded up: whoever waits until then does not come too early.
        "reset_at": _instant(count.next_at + _ROUNDED_UP),
    }


def _checks(decision: Decision) -> list[dict[str, object]]:
    return [
        {
            "check": result.check,
            "outcome": result.finding.outcome.value,
            "code": result.finding.code.value if result.finding.code else None,
            "message": result.finding.message,
        }
        for result in decision.results
    ]


def _instant(value: datetime | None) -> datetime | None:
    """Whole seconds, rounded down: nothing lasts longer than it says. Written as RFC 3339 has it, in UTC."""
    return None if value is None else value.astimezone(UTC).replace(microsecond=0)
