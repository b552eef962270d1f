"""Which scopes can go because nobody asks for them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.events import Action, Event, Subject
from app.domain.scope_use import UNASKED_AFTER, held_since, unasked
from app.domain.usage import BY_PATH

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LONG_AGO, LATELY = NOW - UNASKED_AFTER - timedelta(seconds=1), NOW - UNASKED_AFTER


def changed(at: datetime, before: Sequence[str], after: Sequence[str], field: str = "scopes") -> Event:
    change = {"field": field, "before": list(before), "after": list(after)}
    subject = Subject("token", "tok_1", "Nightly report")
    return Event(1, "evt_1", at, Action.TOKEN_UPDATED, None, "", subject, "", (change,), None, None, None)


@pytest.mark.parametrize(
    ("held", "asked", "found"),
    [
        (LONG_AGO, {}, ["a:read"]),
        (LATELY, {}, []),
        (LONG_AGO, {"a:read": LONG_AGO}, ["a:read"]),
        (LONG_AGO, {"a:read": LATELY}, []),
        (LONG_AGO, {"b:read": LATELY}, ["a:read"]),
        (LONG_AGO, {BY_PATH: LATELY}, []),
        (LONG_AGO, {BY_PATH: LONG_AGO}, ["a:read"]),
    ],
)
def test_a_scope_is_unasked_after_90_days_without_a_question(
    held: datetime, asked: dict[str, datetime], found: list[str]
) -> None:
    assert list(unasked({"a:read": held}, asked, NOW)) == found


@pytest.mark.parametrize("field", ["scopes", "token scopes"])
def test_a_scope_is_held_since_it_was_added_and_else_since_the_token_took_effect(field: str) -> None:
    events = [
        changed(LATELY, ["a:read", "b:read"], ["b:read", "c:read"], field),
        changed(LONG_AGO, ["a:read"], ["a:read", "b:read"], field),
    ]
    start = LONG_AGO - timedelta(days=1)

    since = held_since(["b:read", "c:read", "d:read"], start, events, whole=True)

    assert since == {"b:read": LONG_AGO, "c:read": LATELY, "d:read": start}


def test_of_a_history_that_is_cut_only_what_is_known_counts() -> None:
    events = [changed(LATELY, [], [])]

    assert held_since(["a:read"], LONG_AGO, events, whole=False) == {"a:read": LATELY}
    assert held_since(["a:read"], NOW, events, whole=False) == {"a:read": NOW}


def test_a_token_that_never_took_effect_holds_nothing_that_could_be_asked_for() -> None:
    assert held_since(["a:read"], None, [], whole=True) == {}
