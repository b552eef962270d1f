"""What restrictions do to a decision, and what emergency access lifts: exhaustive tables."""

import dataclasses
import itertools
from datetime import UTC, datetime, timedelta

import pytest

from app.domain import networks, restrictions
from app.domain.checks import Code, Outcome
from app.domain.decision import Count, Decision, counted, decide
from app.domain.lifecycle import Facts, Status
from app.domain.question import Question, Snapshot
from app.domain.rates import Rate
from app.domain.restrictions import Plain
from tests.domain.test_decision import LIVE, NOW

HERE, ELSEWHERE = networks.address("10.0.0.7"), networks.address("192.0.2.1")
OPEN, CLOSED = "Mon 09:00-17:00", "Tue 09:00-17:00"
SECOND = timedelta(seconds=1)
DENIED = Code.ACCESS_DENIED


def narrowed(**kept: Plain) -> Snapshot:
    return dataclasses.replace(LIVE, restrictions=restrictions.of(kept))


def outcome(decision: Decision, check: str) -> Outcome:
    return next(result.finding.outcome for result in decision.results if result.check == check)


@pytest.mark.parametrize(
    ("kept", "question", "code"),
    [
        ({"ip_whitelist": ["10.0.0.0/8"]}, Question(client_ip=HERE), Code.VALID),
        ({"ip_whitelist": ["10.0.0.0/8"]}, Question(client_ip=ELSEWHERE), Code.IP_NOT_ALLOWED),
        ({"ip_whitelist": ["10.0.0.0/8"]}, Question(), Code.IP_REQUIRED),
        ({"time_restriction": OPEN}, Question(), Code.VALID),
        ({"time_restriction": CLOSED}, Question(), Code.OUTSIDE_HOURS),
        ({"access_rules": ["GET /api/invoices/42"]}, Question(), Code.REQUEST_REQUIRED),
        ({"access_rules": ["GET /api/invoices/42"]}, Question(method="GET", path="/api/invoices/42"), Code.VALID),
        ({"access_rules": ["GET /api/invoices/42"]}, Question(method="HEAD", path="/api/invoices/42"), Code.VALID),
        (
            {"access_rules": ["GET /api/invoices/42"]},
            Question(method="GET", path="/api/invoices/4"),
            Code.ACCESS_DENIED,
        ),
        # An access rule narrows what scopes permit, and permits nothing by itself.
        ({"access_rules": ["* /**"]}, Question(method="GET", path="/api/secrets"), DENIED),
        (
            {"access_rules": ["GET /a"], "ip_whitelist": ["10.0.0.0/8"], "time_restriction": CLOSED},
            Question(),
            Code.REQUEST_REQUIRED,
        ),
        ({"ip_whitelist": ["10.0.0.0/8"], "time_restriction": CLOSED}, Question(), Code.IP_REQUIRED),
    ],
)
def test_each_restriction_has_its_code_and_its_place(kept: dict[str, Plain], question: Question, code: Code) -> None:
    assert decide(narrowed(**kept), question, NOW).code is code


@pytest.mark.parametrize("path", ["/api//invoices", "/api/%2e%2e/x", "/a;b", "/a%2fb", "/a/./b", "/a\\b", "/a%00"])
def test_a_path_that_can_be_read_in_two_ways_matches_no_access_rule(path: str) -> None:
    everything = restrictions.of({"access_rules": ["* /**"]})
    assert not any(rule.matches("GET", None) for rule in everything.access_rules)
    assert decide(narrowed(access_rules=["* /**"]), Question(method="GET", path=path), NOW).code is Code.ACCESS_DENIED


STATUSES = {
    "active": (Facts(Status.ACTIVE), None),
    "pending": (Facts(Status.PENDING, lapses_at=NOW + SECOND), Code.PENDING_APPROVAL),
    "disabled": (Facts(Status.DISABLED), Code.DISABLED),
    "expired": (Facts(Status.ACTIVE, expires_at=NOW), Code.EXPIRED),
    "rejected": (Facts(Status.REJECTED), Code.REJECTED),
    "revoked": (Facts(Status.REVOKED), Code.REVOKED),
}
RESTRICTED: dict[str, tuple[dict[str, Plain], Question, Code | None, bool]] = {
    "nothing": ({}, Question(), None, True),
    "scopes": ({}, Question(frozenset({"a:b"})), Code.INSUFFICIENT_SCOPE, False),
    "permission": ({}, Question(method="GET", path="/x"), Code.ACCESS_DENIED, False),
    "access rules": ({"access_rules": ["GET /a"]}, Question(), Code.REQUEST_REQUIRED, False),
    "no address": ({"ip_whitelist": ["10.0.0.0/8"]}, Question(), Code.IP_REQUIRED, True),
    "address": ({"ip_whitelist": ["10.0.0.0/8"]}, Question(client_ip=ELSEWHERE), Code.IP_NOT_ALLOWED, True),
    "hours": ({"time_restriction": CLOSED}, Question(), Code.OUTSIDE_HOURS, True),
    "both": ({"ip_whitelist": ["10.0.0.0/8"], "time_restriction": CLOSED}, Question(), Code.IP_REQUIRED, True),
}
WINDOWS = {
    "none": (None, False),
    "open": (NOW + SECOND, True),
    "over": (NOW, False),
    "long over": (NOW - SECOND, False),
}


@pytest.mark.parametrize(("status", "restricted", "window"), list(itertools.product(STATUSES, RESTRICTED, WINDOWS)))
def test_emergency_access_lifts_address_and_time_and_nothing_else(status: str, restricted: str, window: str) -> None:
    facts, status_code = STATUSES[status]
    kept, question, code, liftable = RESTRICTED[restricted]
    until, is_open = WINDOWS[window]
    snapshot = dataclasses.replace(narrowed(**kept), facts=facts, emergency_id=7, emergency_until=until)

    decision = decide(snapshot, question, NOW)

    lifts = is_open and liftable
    assert decision.code is (status_code or (Code.VALID if code is None or lifts else code))
    assert decision.emergency_access is is_open
    assert decision.passed_by == (7 if decision.valid and code is not None else None)


@pytest.mark.parametrize("until", [None, NOW + SECOND])
def test_the_rate_holds_in_an_emergency_too(until: datetime | None) -> None:
    snapshot = dataclasses.replace(narrowed(rate_limit="5/minute"), emergency_until=until)
    decision = decide(snapshot, Question(), NOW)
    rate = decision.rate
    assert rate == Rate(5, "minute")

    refused = counted(decision, rate, 1, Count(False, 0, NOW + SECOND, NOW + SECOND))

    assert (refused.code, refused.rate, refused.retry_after(NOW)) == (Code.RATE_LIMITED, None, 1)
    assert outcome(refused, "rate") is Outcome.FAIL


def test_a_rate_is_counted_only_where_all_else_passes() -> None:
    snapshot = narrowed(rate_limit="5/minute", time_restriction=CLOSED)

    assert decide(snapshot, Question(), NOW).rate is None
    assert decide(narrowed(), Question(), NOW).rate is None


def test_a_counted_decision_tells_what_is_left() -> None:
    decision = decide(narrowed(rate_limit="5/minute"), Question(), NOW)
    count = Count(True, 4, NOW, NOW)

    done = counted(decision, Rate(5, "minute"), 1, count)

    assert (done.valid, done.count, outcome(done, "rate")) == (True, count, Outcome.PASS)


def test_more_than_the_rate_ever_allows_is_said_so() -> None:
    decision = decide(narrowed(rate_limit="5/minute"), Question(cost=6), NOW)

    assert "lower cost" in counted(decision, Rate(5, "minute"), 6, Count(False, 5, NOW, NOW)).message


@pytest.mark.parametrize(
    ("now", "seconds"),
    [
        (datetime(2026, 11, 23, 12, 0, tzinfo=UTC), 21 * 3600),
        (datetime(2026, 11, 24, 8, 59, 59, 1, tzinfo=UTC), 1),
        (datetime(2026, 11, 24, 8, 59, 58, 999_999, tzinfo=UTC), 2),
    ],
)
def test_outside_of_the_hours_it_says_when_they_open(now: datetime, seconds: int) -> None:
    assert decide(narrowed(time_restriction=CLOSED), Question(), now).retry_after(now) == seconds


def test_what_time_does_not_change_has_no_retry_after() -> None:
    assert decide(narrowed(ip_whitelist=["10.0.0.0/8"]), Question(), NOW).retry_after(NOW) is None
