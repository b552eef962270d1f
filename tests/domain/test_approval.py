"""Requests: who decides, on what, until when: SPEC 7."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain import approval
from app.domain.approval import Policy, RequestStatus
from app.domain.errors import Conflict, NotAllowed
from app.domain.risk import Risk

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def test_the_policy_asks_from_medium_on_unless_told_otherwise() -> None:
    assert [Policy().asks_at(risk) for risk in Risk] == [False, True, True]


@pytest.mark.parametrize(
    ("stored", "age", "status"),
    [
        (RequestStatus.PENDING, timedelta(0), RequestStatus.PENDING),
        (RequestStatus.PENDING, timedelta(days=7) - timedelta(microseconds=1), RequestStatus.PENDING),
        (RequestStatus.PENDING, timedelta(days=7), RequestStatus.EXPIRED),
        (RequestStatus.APPROVED, timedelta(days=8), RequestStatus.APPROVED),
    ],
)
def test_a_request_lapses_by_the_clock(stored: RequestStatus, age: timedelta, status: RequestStatus) -> None:
    assert approval.status(stored, NOW + approval.LIFETIME, NOW + age) is status


def test_nobody_decides_their_own_request() -> None:
    approval.require_other_person("usr_a", "usr_b")
    for person in ("usr_a", None):
        with pytest.raises(NotAllowed):
            approval.require_other_person("usr_a", person)


@pytest.mark.parametrize("status", [one for one in RequestStatus if one is not RequestStatus.PENDING])
def test_only_a_pending_request_is_decided(status: RequestStatus) -> None:
    with pytest.raises(Conflict):
        approval.require_pending(status, "Grace", NOW)


@pytest.mark.parametrize(
    ("approving", "risk", "required"),
    [(True, Risk.LOW, False), (True, Risk.MEDIUM, False), (True, Risk.HIGH, True), (False, Risk.LOW, True)],
)
def test_rejecting_and_approving_high_take_a_comment(approving: bool, risk: Risk, required: bool) -> None:
    assert approval.comment_required(approving, risk) is required


def test_the_fingerprint_stands_for_every_part_of_the_content() -> None:
    content = {"scopes": ["a:b"], "reason": "é", "expiry": None}

    assert approval.fingerprint(content) == approval.fingerprint(dict(reversed(content.items())))
    for field in content:
        assert approval.fingerprint(content) != approval.fingerprint({**content, field: "other"})
