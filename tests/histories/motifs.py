"""A few steps each that meet by mere chance too seldom, and that matter together."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from tests.histories.cast import LINUS, MARGARET

TIGHTER = {"level": 3, "permits": "nothing"}
NARROW_AND_WIDE = (
    ("addresses", "office", "ours"),
    ("rate", "10/day", "100/hour"),
    ("hours", "weekdays", "all week"),
    ("asks", "reports", "anything"),
)
# Kinds of steps, and what is not left to chance in them. They are about one scope, and what came last.
MOTIFS: Sequence[Sequence[tuple[str, Mapping[str, Any]]]] = (
    [("edit_scopes", {}), ("edit_scope", TIGHTER), ("approve", {"stale": True})],
    [("issue", {}), ("edit_scope", TIGHTER), ("approve", {"stale": True})],
    [("edit_limit", {}), ("rename", {}), ("approve", {"stale": True})],
    [("edit_end", {"end": "never"}), ("edit_limit", {}), ("approve", {"stale": True})],
    [("edit_scopes", {}), ("admit", {}), ("approve", {"stale": True})],
    [("edit_scope", {"level": 1}), ("edit_scope", TIGHTER), ("approve", {})],
    [
        ("set_policy", {"asks": False}),
        ("approve", {}),
        ("issue", {}),
        ("set_policy", {"asks": True}),
        ("edit_limit", {}),
    ],
    [("issue", {}), ("wait", {"wait": timedelta(days=7)}), ("approve", {})],
    [("disable", {}), ("wait", {"wait": timedelta(minutes=31)}), ("enable", {}), ("approve", {})],
    [("activate", {}), ("edit_limit", {}), ("call", {})],
    [("activate", {}), ("deactivate_emergency", {})],
    [("retire", {}), ("offer", {}), ("approve", {})],
    [("edit_scopes", {}), ("disable", {}), ("enable", {}), ("approve", {})],
    *(
        [("issue", {"limit": limit, "way": narrow}), ("approve", {}), ("edit_limit", {"limit": limit, "way": wide})]
        for limit, narrow, wide in NARROW_AND_WIDE
    ),
    [("issue", {}), ("change_role", {"whom": LINUS}), ("remove", {"whom": MARGARET}), ("approve", {})],
)
