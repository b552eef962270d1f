"""Change history in sentences: SPEC 11."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from app.domain.events import Action, Event, Subject
from app.domain.history import sentence

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LATER = "2026-11-24T12:00:00+00:00"
Change = Mapping[str, object]


def change(field: str, before: object, after: object) -> Change:
    return {"field": field, "before": before, "after": after}


def event(action: Action, *changes: Change) -> Event:
    nobody: dict[str, Any] = dict.fromkeys(("actor_id", "address", "user_agent", "request_id"))
    subject = Subject("token", "tok_1", "Nightly report")
    return Event(1, "evt_1", AT, action, actor_name="Linus", subject=subject, reason="", changes=changes, **nobody)


ISSUED = (change("scopes", None, ["invoice:read", "invoice:write"]), change("status", None, "active"))
ASKED = (change("scopes", None, ["payout:create"]), change("status", None, "pending"))
ROTATED = (change("key", "pst_…aaaa", "pst_…bbbb"),)


@pytest.mark.parametrize(
    ("action", "changes", "told"),
    [
        (
            Action.TOKEN_ISSUED,
            (*ISSUED, change("expires_at", None, LATER)),
            "Issued with invoice:read and invoice:write; expires 24 Nov 2026 12:00 UTC",
        ),
        (Action.TOKEN_ISSUED, ISSUED, "Issued with invoice:read and invoice:write; no expiration"),
        (
            Action.TOKEN_ISSUED,
            (change("scopes", None, [f"a:{n}" for n in "bcdef"]),),
            "Issued with 5 scopes; no expiration",
        ),
        (
            Action.TOKEN_ISSUED,
            (*ASKED, change("expiry_preset", None, "1 month")),
            "Asked for this token, with payout:create; expires 1 month after approval",
        ),
        (
            Action.TOKEN_ROTATED,
            (*ROTATED, change("old key stops", None, AT.isoformat())),
            "Key rotated; pst_…aaaa stopped at once",
        ),
        (
            Action.TOKEN_ROTATED,
            (*ROTATED, change("old key stops", None, LATER)),
            "Key rotated; pst_…aaaa verifies until 24 Nov 2026 12:00 UTC",
        ),
        (
            Action.TOKEN_ROTATED,
            (*ROTATED, change("retiring key stops", LATER, AT.isoformat()), change("old key stops", None, LATER)),
            "Key rotated; pst_…aaaa verifies until 24 Nov 2026 12:00 UTC, and the key before it stopped",
        ),
        (
            Action.TOKEN_OLD_KEY_FINISHED,
            (change("old key stops", LATER, AT.isoformat()),),
            "Old key stopped, earlier than 24 Nov 2026 12:00 UTC",
        ),
        (Action.TOKEN_DISABLED, (change("status", "active", "disabled"),), "Disabled"),
        (
            Action.TOKEN_DISABLED,
            (change("approval request", "pending", "void"), change("emergency access ends", LATER, AT.isoformat())),
            "Disabled; the request that waited is void; emergency access ended with it",
        ),
        (
            Action.TOKEN_EMERGENCY_ACTIVATED,
            (change("duration", None, "2 hours"), change("emergency access ends", None, LATER)),
            "Emergency access activated for 2 hours, until 24 Nov 2026 12:00 UTC",
        ),
        (
            Action.TOKEN_EMERGENCY_DEACTIVATED,
            (change("duration", "2 hours", "35 minutes"),),
            "Emergency access deactivated after 35 minutes of 2 hours",
        ),
        (
            Action.TOKEN_EMERGENCY_ENDED,
            (change("activated by", "Ada", None), change("duration", "2 hours", "35 minutes")),
            "Emergency access ended after 35 minutes of 2 hours: Ada may not use it any more",
        ),
        (
            Action.TOKEN_DISABLED,
            (change("approval request", "pending", "void"),),
            "Disabled; the request that waited is void",
        ),
        (
            Action.TOKEN_REVOKED,
            (change("approval request", "pending", "cancelled"),),
            "Revoked; the request for it is cancelled",
        ),
        (Action.TOKEN_ENABLED, (), "Enabled"),
        (
            Action.TOKEN_CHANGE_ASKED,
            (change("approval request", None, "req_1"), change("asked status", "disabled", "active")),
            "Asked for a change: enabled again",
        ),
        (
            Action.TOKEN_CHANGE_ASKED,
            (change("asked scopes", ["a:b"], ["a:b", "c:d"]), change("asked expires_at", LATER, "1 month")),
            "Asked for a change: added c:d; expires 1 month after approval",
        ),
        (
            Action.TOKEN_UPDATED,
            (change("scopes", ["a:b", "c:d"], ["c:d"]), change("expires_at", None, LATER)),
            "Removed a:b; expires 24 Nov 2026 12:00 UTC",
        ),
        (
            Action.TOKEN_UPDATED,
            (change("expires_at", LATER, None), change("approval request", "pending", "void")),
            "No expiration any more; the request that waited is void",
        ),
        (
            Action.APPROVAL_APPROVED,
            (change("token scopes", ["a:b"], ["c:d"]), change("status", "pending", "approved")),
            "Approved; added c:d; removed a:b",
        ),
        (
            Action.APPROVAL_APPROVED,
            (change("token status", "pending", "active"), change("token expires_at", None, LATER)),
            "Approved; expires 24 Nov 2026 12:00 UTC",
        ),
        (Action.APPROVAL_APPROVED, (change("token status", "pending", "active"),), "Approved; no expiration"),
        (Action.APPROVAL_APPROVED, (change("token status", "disabled", "active"),), "Approved; enabled again"),
        (Action.APPROVAL_REJECTED, (), "Rejected"),
        (Action.APPROVAL_CANCELLED, (), "Request cancelled"),
        (
            Action.TOKEN_UPDATED,
            (change("name", "Old", "New"), change("description", "", "Long")),
            "Name changed from “Old” to “New”; description changed",
        ),
        (Action.TOKEN_RETIRED_KEY_USED, (), "A key that was rotated away was used"),
    ],
)
def test_what_was_done_is_told_in_one_sentence(action: Action, changes: tuple[Change, ...], told: str) -> None:
    assert sentence(event(action, *changes)) == told


@pytest.mark.parametrize("action", Action)
def test_every_action_has_a_sentence_even_when_nothing_more_is_known(action: Action) -> None:
    told = sentence(event(action))
    assert told[0] == told[0].upper()
    assert not told.endswith(".")
