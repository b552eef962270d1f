"""Statuses and the verb table: SPEC 6."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain import lifecycle
from app.domain.errors import Conflict
from app.domain.lifecycle import Facts, Status, Verb

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PAST, FUTURE = NOW - timedelta(seconds=1), NOW + timedelta(seconds=1)


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        (Facts(Status.ACTIVE), Status.ACTIVE),
        (Facts(Status.ACTIVE, expires_at=FUTURE), Status.ACTIVE),
        (Facts(Status.ACTIVE, expires_at=NOW), Status.EXPIRED),
        (Facts(Status.DISABLED, expires_at=PAST), Status.EXPIRED),
        (Facts(Status.DISABLED), Status.DISABLED),
        (Facts(Status.REVOKED, expires_at=PAST), Status.REVOKED),
        (Facts(Status.REJECTED, expires_at=PAST), Status.REJECTED),
        (Facts(Status.PENDING, lapses_at=FUTURE), Status.PENDING),
        (Facts(Status.PENDING, lapses_at=NOW), Status.REJECTED),
        (Facts(Status.PENDING, expires_at=PAST, lapses_at=FUTURE), Status.EXPIRED),
        (Facts(Status.PENDING, expires_at=PAST, lapses_at=PAST), Status.REJECTED),
    ],
)
def test_the_status_is_computed_from_facts(facts: Facts, status: Status) -> None:
    assert lifecycle.status(facts, NOW) is status


# The table of SPEC 6, row by row: pending, active, disabled, expired, rejected, revoked.
TABLE = {
    Verb.DESCRIBE: "-++---",
    Verb.EDIT: "-++---",
    Verb.ROTATE: "-++---",
    Verb.DISABLE: "-+----",
    Verb.ENABLE: "--+---",
    Verb.REVOKE: "++++--",
    Verb.ACTIVATE_EMERGENCY: "-+----",
}


@pytest.mark.parametrize("verb", Verb)
def test_the_verb_table_is_the_one_of_the_contract(verb: Verb) -> None:
    order = [Status.PENDING, Status.ACTIVE, Status.DISABLED, Status.EXPIRED, Status.REJECTED, Status.REVOKED]

    assert "".join("+" if lifecycle.permits(verb, status) else "-" for status in order) == TABLE[verb]


def test_a_verb_in_the_wrong_status_says_the_status() -> None:
    with pytest.raises(Conflict, match="revoked"):
        lifecycle.require(Verb.ROTATE, Status.REVOKED)


@pytest.mark.parametrize(
    ("who", "after", "undo"),
    [("usr_a", 0, True), ("usr_a", 30, True), ("usr_a", 31, False), ("usr_b", 1, False), (None, 1, False)],
)
def test_an_undo_is_ones_own_and_within_thirty_minutes(who: str | None, after: int, undo: bool) -> None:
    assert lifecycle.is_undo("usr_a", NOW, who, NOW + timedelta(minutes=after)) is undo


def test_a_token_that_nobody_disabled_has_no_undo() -> None:
    assert not lifecycle.is_undo(None, None, None, NOW)
