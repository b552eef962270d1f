"""Sentences about applications: SPEC 11."""

from datetime import UTC, datetime
from typing import Any

import pytest

from app.domain.application_history import sentence
from app.domain.events import Action, Event, Subject


def happened(action: Action, *changes: tuple[str, Any, Any]) -> Event:
    told = tuple({"field": field, "before": before, "after": after} for field, before, after in changes)
    at = datetime(2026, 11, 23, tzinfo=UTC)
    return Event(
        1, "evt", at, action, "usr", "Linus", Subject("application", "app", "Billing"), "", told, None, None, None
    )


@pytest.mark.parametrize(
    ("event", "told"),
    [
        (happened(Action.APPLICATION_CREATED), "Application created"),
        (happened(Action.APPLICATION_DISABLED), "Application disabled"),
        (happened(Action.APPLICATION_ENABLED), "Application enabled"),
        (happened(Action.APPLICATION_UPDATED, ("name", "A", "B")), "Renamed from “A” to “B”"),
        (happened(Action.APPLICATION_UPDATED, ("description", "", "x" * 2000)), "Description changed"),
        (
            happened(Action.APPLICATION_UPDATED, ("owner_id", "usr_1", "usr_2"), ("owner", "Linus", "Sam")),
            "Handed over from Linus to Sam",
        ),
        (
            happened(Action.APPLICATION_UPDATED, ("name", "A", "B"), ("description", "", "C")),
            "Renamed from “A” to “B”; description changed",
        ),
        (happened(Action.APPLICATION_UPDATED), "Application changed"),
        (happened(Action.MEMBER_ADDED, ("member", None, "Sam")), "Sam added as a member"),
        (happened(Action.MEMBER_REMOVED, ("member", "Sam", None)), "Sam removed"),
        (happened(Action.APPLICATION_ANSWERS_FOR_SET, ("answers_for", [], "all")), "Answers for every resource"),
        (
            happened(Action.APPLICATION_ANSWERS_FOR_SET, ("answers_for", "all", ["payout", "invoice"])),
            "Answers for invoice, payout",
        ),
        (happened(Action.APPLICATION_ANSWERS_FOR_SET, ("answers_for", "all", [])), "Answers for no resource"),
    ],
)
def test_each_change_has_its_sentence(event: Event, told: str) -> None:
    assert sentence(event) == told


@pytest.mark.parametrize("action", list(Action))
def test_no_event_is_without_words(action: Action) -> None:
    assert sentence(happened(action))
    assert sentence(happened(action), "Nightly").startswith("Nightly: ")


def test_of_a_token_its_name_comes_first() -> None:
    assert sentence(happened(Action.TOKEN_REVOKED), "Nightly") == "Nightly: revoked"
