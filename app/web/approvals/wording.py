"""A request in words: what is asked for, what it shows, and how that differs from what was shown before."""

import json
from collections.abc import Mapping, Sequence

from app.domain.approval import RequestKind, comment_required
from app.domain.expiry import Expiry
from app.store.queries.approvals import RequestView
from app.web import filters

Row = tuple[str, str, str]
ENABLE = ("status", "disabled", "active")


def asks(view: RequestView) -> str:
    """What the requester asks for, to stand behind their name."""
    if view.kind is RequestKind.ISSUE:
        return "asks for this new token"
    if [_values(change) for change in view.changes] == [ENABLE]:
        return "asks to enable this token again"
    return "asks to change this token"


def comment_help(view: RequestView) -> str:
    """For which of the two decisions a comment is needed."""
    needed = "to approve, and to reject" if comment_required(True, view.risk) else "to reject"
    return f"Needed {needed}. The requester reads it, and so does the audit log."


def expiry(choice: Expiry) -> str:
    """When the resulting token ends."""
    if choice.fixed is not None:
        return filters.instant(choice.fixed)
    return f"{choice.preset} after approval" if choice.preset else "No expiration"


def comparison(changes: Sequence[Mapping[str, object]]) -> list[Row]:
    """The rows of a before and after table."""
    return [(str(change["field"]).capitalize(), _text(change["before"]), _text(change["after"])) for change in changes]


def facts(view: RequestView) -> dict[str, str]:
    """Everything a decider is shown, by label, as text."""
    shown = {
        "Requester": view.requester,
        "Reason": view.reason,
        "Application": view.application_name,
        "Application is": "enabled" if view.application_enabled else "disabled",
        "Name": view.token_name,
        "Description": view.token_description,
        "Expires at": expiry(view.expiry),
        "Can obtain the key": ", ".join(view.people),
    }
    shown |= {f"{name}, before and after": f"{old} → {new}" for name, old, new in comparison(view.changes)}
    for scope in view.scopes:
        permits = "; ".join(scope.permissions) or "no path"
        shown[f"Scope {scope.name}"] = f"{scope.risk.label} risk. {scope.description} Permits {permits}."
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


def _text(value: object) -> str:
    if isinstance(value, list):
        return "\n".join(str(one) for one in value)
    return "" if value is None else str(value)
