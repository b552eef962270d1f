"""Changes as a table of before and after, and as lines."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from app.domain import edits
from app.store.queries.approvals import RequestView
from app.web.approvals import fields

Row = tuple[str, str, str]
Change = Mapping[str, Any]


class Move(NamedTuple):
    """What would change, as a line. `is_ours` says that no word of it was typed by anybody, so that an instant in it is
    one."""

    text: str
    is_ours: bool


def comparison(changes: Sequence[Change]) -> list[Row]:
    """The rows of a before and after table."""
    return [
        (fields.label(one["field"]), fields.text(one["field"], one["before"]), fields.text(one["field"], one["after"]))
        for one in changes
    ]


def since_approved(view: RequestView) -> list[Row]:
    """What is in force and is not what was approved last: as that was, and as it would be."""
    content = view.approved.content if view.approved else None
    present, after = view.in_force, view.resulting
    told = [
        (field, *(fields.text(field, one[field]) for one in (content, present, after)))
        for field in present
        if content is not None and field in content
    ]
    return [(fields.label(field), was, would_be) for field, was, now, would_be in told if was != now]


def moves(changes: Sequence[Change]) -> list[Move]:
    """What would change, a line for each field; of lists only what comes or goes."""
    return [Move(_move(change), change["field"] == edits.EXPIRES_AT) for change in changes]


def _move(change: Change) -> str:
    before, after, label = change["before"], change["after"], fields.label(change["field"])
    if isinstance(before, list) and isinstance(after, list):
        added = [f"added {name}" for name in after if name not in before]
        return f"{label}: {', '.join(added + [f'removed {name}' for name in before if name not in after])}"
    if change["field"] == edits.DESCRIPTION:
        return "Description changed"
    return f"{label}: {fields.text(change['field'], before)} → {fields.text(change['field'], after)}"
