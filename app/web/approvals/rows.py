"""Changes as a table of before and after, and as lines."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain import edits
from app.web.approvals import fields

Row = tuple[str, str, str]
Change = Mapping[str, Any]


def comparison(changes: Sequence[Change]) -> list[Row]:
    """The rows of a before and after table."""
    return [
        (fields.label(one["field"]), fields.text(one["field"], one["before"]), fields.text(one["field"], one["after"]))
        for one in changes
    ]


def moves(changes: Sequence[Change]) -> list[str]:
    """What would change, a line for each field; of lists only what comes or goes."""
    return [_move(change) for change in changes]


def _move(change: Change) -> str:
    before, after, label = change["before"], change["after"], fields.label(change["field"])
    if isinstance(before, list) and isinstance(after, list):
        added = [f"added {name}" for name in after if name not in before]
        return f"{label}: {', '.join(added + [f'removed {name}' for name in before if name not in after])}"
    if change["field"] == edits.DESCRIPTION:
        return "Description changed"
    return f"{label}: {fields.text(change['field'], before)} → {fields.text(change['field'], after)}"
