"""The one decision Postern exists for: may this token do this, now, from here?

`decide` is given everything: what was asked (`Question`), what is known of the key (`Snapshot`, None for an unknown
one) and the time. The order of `CHECKS` is the order of SPEC 12; the first failure decides."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from app.domain import emergency, rotation
from app.domain.checks import CHECKS, KEY, PASS, SKIPPED, UNKNOWN, Code, Finding, Outcome
from app.domain.question import Question, Snapshot
from app.domain.rates import Rate
from app.domain.rotation import KeyState

# Counted last, and only where all else passes: what is refused uses up nothing.
RATE = "rate"
# Of one token, so many questions are kept with their answers.
MOST_KEPT = 12
END_OF_TIME = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class CheckResult:
    """A finding with the name of its check."""

    check: str
    finding: Finding


class Count(NamedTuple):
    """What the counters say of a token with a rate limit: whether the use that was asked for fits, how many more fit
    now, that use taken away already, when the next one fits, and when the one that was asked for does."""

    fits: bool
    remaining: int
    next_at: datetime
    fits_at: datetime


@dataclass(frozen=True)
class Decision:
    """The answer: one code and the checks behind it, in order. `emergency_access`: it was given in an open window.
    `retry_at`: when the same question may be accepted, where time alone can change the answer. `count` is None until
    the rate is counted."""

    code: Code
    message: str
    snapshot: Snapshot | None
    key: KeyState | None
    results: tuple[CheckResult, ...]
    emergency_access: bool = False
    retry_at: datetime | None = None
    count: Count | None = None

    @property
    def valid(self) -> bool:
        """Whether the token may do it."""
        return self.code is Code.VALID

    @property
    def passed_by(self) -> int | None:
        """The emergency window without which the token could not do it; None where it did without, or cannot."""
        if self.snapshot is None or not self.emergency_access or not self.valid:
            return None
        lifted = any(result.finding.outcome is Outcome.LIFTED for result in self.results)
        return self.snapshot.emergency_id if lifted else None

    def retry_after(self, now: datetime) -> int | None:
        """The whole seconds, at least 1, until time alone may have changed the answer; None where it does not."""
        if self.retry_at is None:
            return None
        return max(1, -((now - self.retry_at) // timedelta(seconds=1)))

    @property
    def rate(self) -> Rate | None:
        """The rate that is still to be counted before this is the answer; None where it is the answer already."""
        return self.snapshot.restrictions.rate if self.valid and self.snapshot and self.count is None else None


def decide(snapshot: Snapshot | None, question: Question, now: datetime) -> Decision:
    """Answer the question, but for the rate: where the decision has a `rate`, `counted` completes it. A token of which
    the asker may be told nothing is as unknown as one that is not there.

    A service asks the same of a token again and again, and the answer is the same until time changes something in it:
    as long as that, it is kept with the snapshot."""
    if snapshot is None:
        return NOBODYS
    kept = snapshot.memo.get(question)
    if kept is not None and kept[0] <= now < kept[1]:
        decided: Decision = kept[2]
        return decided
    decided = _decide(snapshot, question, now)
    if len(snapshot.memo) >= MOST_KEPT:
        snapshot.memo.clear()
    snapshot.memo[question] = (now, holds_until(snapshot, now), decided)
    return decided


def _decide(snapshot: Snapshot, question: Question, now: datetime) -> Decision:
    if not snapshot.told_to(question.answers_for):
        return NOBODYS
    is_open = emergency.is_on(snapshot.emergency_until, now)
    found = ((name, check(snapshot, question, now)) for name, check in CHECKS)
    results = tuple(CheckResult(name, _lifted(finding) if is_open else finding) for name, finding in found)
    failed = next((result.finding for result in results if result.finding.outcome is Outcome.FAIL), None)
    code, message = (failed.code or Code.UNKNOWN_TOKEN, failed.message) if failed else (Code.VALID, "")
    return Decision(
        code,
        message,
        snapshot,
        rotation.key_state(snapshot.key_stops_at, now),
        (CheckResult(KEY, PASS), *results, CheckResult(RATE, SKIPPED)),
        is_open,
        retry_at=_opens(snapshot, now) if code is Code.OUTSIDE_HOURS else None,
    )


_RATE_PASSED = CheckResult(RATE, PASS)
NOBODYS = Decision(
    Code.UNKNOWN_TOKEN,
    UNKNOWN.message,
    None,
    None,
    (CheckResult(KEY, UNKNOWN), *(CheckResult(name, SKIPPED) for name in (*(name for name, _ in CHECKS), RATE))),
)


def counted(decision: Decision, rate: Rate, cost: int, count: Count) -> Decision:
    """The decision once its rate was counted."""
    results = decision.results[:-1]
    if count.fits:
        return Decision(
            decision.code,
            decision.message,
            decision.snapshot,
            decision.key,
            (*results, _RATE_PASSED),
            decision.emergency_access,
            decision.retry_at,
            count,
        )
    more = "This asks for more at once than the rate limit ever allows. Ask with a lower cost."
    message = more if cost > rate.amount else "The rate limit is used up. Ask again after retry_after seconds."
    return replace(
        decision,
        code=Code.RATE_LIMITED,
        message=message,
        results=(*results, CheckResult(RATE, Finding(Outcome.FAIL, Code.RATE_LIMITED, message))),
        retry_at=count.fits_at,
        count=count,
    )


def holds_until(snapshot: Snapshot, now: datetime) -> datetime:
    """The first instant from which a decision of now may be another one, though nothing was changed."""
    ends = (snapshot.key_stops_at, snapshot.facts.expires_at, snapshot.facts.lapses_at, snapshot.emergency_until)
    hours = snapshot.restrictions.hours
    turns = END_OF_TIME if hours is None else hours.turns(now)
    return min([turns, *(end for end in ends if end is not None and end > now)])


def _opens(snapshot: Snapshot, now: datetime) -> datetime | None:
    hours = snapshot.restrictions.hours
    return hours.opens(now) if hours else None


def _lifted(finding: Finding) -> Finding:
    """What is left of a finding while emergency access is open."""
    if finding.outcome is Outcome.FAIL and finding.code in emergency.LIFTED:
        return replace(finding, outcome=Outcome.LIFTED)
    return finding
