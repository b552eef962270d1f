"""What a change changed: field, before, after."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class FieldChange:
    """One field of one thing. Values are JSON values, instants as ISO 8601 texts."""

    field: str
    before: object
    after: object

    def as_json(self) -> dict[str, object]:
        """As the audit event keeps it."""
        return {"field": self.field, "before": self.before, "after": self.after}


def between(before: Mapping[str, object], after: Mapping[str, object]) -> tuple[FieldChange, ...]:
    """The fields that differ, in the order of `after`."""
    return tuple(
        FieldChange(field, before.get(field), value) for field, value in after.items() if before.get(field) != value
    )
