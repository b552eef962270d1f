"""A request in words: what is asked for, what it shows, and how that differs from what was shown before."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from app.domain import edits, restrictions
from app.domain.approval import RequestKind, comment_required
from app.domain.expiry import PRESETS
from app.domain.scopes import Scope
from app.store.queries.approvals import RequestView
from app.web import filters

Row = tuple[str, str, str]
ENABLE = ("status", "disabled", "active")
LABELS = {edits.EXPIRES_AT: "Expires at"} | {field: one.label for field, one in restrictions.FIELDS.items()}


def asks(view: RequestView) -> str:
    """What the requester asks for, to stand behind their name."""
    if view.kind is RequestKind.ISSUE:
        return "asks for this new token"
    if [_values(change) for change in view.changes] == [ENABLE]:
        return "asks to enable this token again"
    return "asks to change this token"


def comment_help(view: RequestView) -> str:
    """For which of the two decisions a comment is needed."""
    needed = "to approve, and to reject" if comment_required(True, view.gravest_risk) else "to reject"
    return f"Needed {needed}. The requester reads it, and so does the audit log."


def end(value: str | None) -> str:
    """When a token ends, as a change keeps it, in words."""
    if value is None:
        return "No expiration"
    return f"{value} after approval" if value in PRESETS else filters.instant(datetime.fromisoformat(value))


def comparison(changes: Sequence[Mapping[str, object]]) -> list[Row]:
    """The rows of a before and after table."""
    return [(_label(one), _text(one, "before"), _text(one, "after")) for one in changes]


def moves(changes: Sequence[Mapping[str, object]]) -> list[str]:
    """What would change, a line for each field; of scopes only those that come or go."""
    return [_move(change) for change in changes]


def whole(view: RequestView) -> list[Row]:
    """All of the token that can be edited: as it is, and as it would be."""
    return [
        ("Name", view.token_name, view.resulting_name),
        ("Description", view.token_description, view.resulting_description),
        ("Scopes", _names(view.scopes), _names(view.resulting_scopes)),
        ("Expires at", end(view.end), end(view.resulting_end)),
        *_restrictions(view),
        *comparison([change for change in view.changes if change["field"] == edits.STATUS]),
    ]


def _restrictions(view: RequestView) -> list[Row]:
    """Those that are set, now or afterwards."""
    after = view.resulting_restrictions
    return [
        (LABELS[field], restrictions.described(field, before), restrictions.described(field, after[field]))
        for field, before in view.restrictions.items()
        if before or after[field]
    ]


def marked(view: RequestView) -> list[tuple[Scope, str]]:
    """The scopes that the token would hold and those that it would lose, each with what happens to it."""
    held, result = ({scope.name for scope in scopes} for scopes in (view.scopes, view.resulting_scopes))
    coming = [(scope, "" if scope.name in held else "Added") for scope in view.resulting_scopes]
    return coming + [(scope, "Removed") for scope in view.scopes if scope.name not in result]


def facts(view: RequestView) -> dict[str, str]:
    """Everything a decider is shown, by label, as text."""
    shown = {
        "Requester": view.requester,
        "Reason": view.reason,
        "Application": view.application_name,
        "Application is": "enabled" if view.application_enabled else "disabled",
        "Name": view.token_name,
        "Description": view.token_description,
        "Expires at": end(view.end),
        **{label: before for label, before, _ in _restrictions(view)},
        "Can obtain the key": ", ".join(view.people),
    }
    shown |= {f"{name}, before and after": f"{old} → {new}" for name, old, new in comparison(view.changes)}
    for scope, mark in marked(view):
        permits = "; ".join(scope.permissions) or "no path"
        told = f"{scope.risk.label} risk. {scope.description} Permits {permits}."
        shown[f"Scope {scope.name}"] = " ".join(filter(None, [mark, told, "Retired." if scope.retired else ""]))
    return shown


def packed(view: RequestView) -> str:
    """What is shown, for the form to bring back with the decision."""
    return json.dumps(facts(view), ensure_ascii=False)


def differences(packed_text: str, view: RequestView) -> list[Row]:
    """What was shown then and is not so now. The text comes back from a browser: what cannot be read shows nothing."""
    then, now = _unpacked(packed_text), facts(view)
    labels = [*then, *(label for label in now if label not in then)] if then else []
    return [(one, then.get(one, ""), now.get(one, "")) for one in labels if then.get(one) != now.get(one)]


def _unpacked(text: str) -> dict[str, str]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {_clean(label): _clean(value) for label, value in found.items() if isinstance(value, str)}


def _clean(text: str) -> str:
    # JSON can name half a character, which no answer can carry.
    return text.encode("utf-8", "replace").decode("utf-8")


def _values(change: Mapping[str, object]) -> tuple[object, object, object]:
    return change["field"], change["before"], change["after"]


def _label(change: Mapping[str, object]) -> str:
    field = str(change["field"])
    return LABELS.get(field, field.capitalize())


def _text(change: Mapping[str, Any], side: str) -> str:
    value = change[side]
    if change["field"] == edits.EXPIRES_AT:
        return end(None if value is None else str(value))
    if change["field"] in restrictions.FIELDS:
        return restrictions.described(str(change["field"]), value)
    if isinstance(value, list):
        return "\n".join(str(one) for one in value)
    return "" if value is None else str(value)


def _move(change: Mapping[str, object]) -> str:
    before, after = change["before"], change["after"]
    if isinstance(before, list) and isinstance(after, list):
        added = [f"added {name}" for name in after if name not in before]
        return f"{_label(change)}: {', '.join(added + [f'removed {name}' for name in before if name not in after])}"
    if change["field"] == edits.DESCRIPTION:
        return "Description changed"
    return f"{_label(change)}: {_text(change, 'before')} → {_text(change, 'after')}"


def _names(scopes: Sequence[Scope]) -> str:
    return "\n".join(scope.name for scope in scopes)
