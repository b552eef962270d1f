"""The fields that a request changes, by name and by what they hold, as people read them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from app.domain import edits, restrictions
from app.domain.expiry import PRESETS
from app.domain.governance import APPROVAL
from app.domain.instants import instant
from app.domain.risk import Risk

LABELS: Mapping[str, str] = (
    {edits.EXPIRES_AT: "Expires at", APPROVAL: "A second person is asked", "permissions": "Permits"}
    | {"retired": "Given out"}
    | {field: one.label for field, one in restrictions.FIELDS.items()}
)


def label(field: str) -> str:
    """What the field is called on pages."""
    return LABELS.get(field, field.capitalize())


def text(field: str, value: Any) -> str:
    """What the field holds, as one text; of a list, a line for each."""
    if field in restrictions.FIELDS:
        return restrictions.described(field, value)
    if field in _TOLD:
        return _TOLD[field](value)
    if isinstance(value, list):
        return "\n".join(str(one) for one in value)
    return "" if value is None else str(value)


def end(value: str | None) -> str:
    """When a token ends, as a change keeps it, in words."""
    if value is None:
        return "No expiration"
    return f"{value} after approval" if value in PRESETS else instant(datetime.fromisoformat(value))


_TOLD: Mapping[str, Callable[[Any], str]] = {
    edits.EXPIRES_AT: end,
    APPROVAL: lambda asks: "Yes" if asks else "No",
    "risk": lambda word: Risk.of(word).label,
    "retired": lambda retired: "No: retired" if retired else "Yes",
}
