"""Tighter or looser, and what that takes: SPEC 7."""

from datetime import UTC, datetime

import pytest

from app.domain import edits
from app.domain.approval import Policy
from app.domain.changes import FieldChange
from app.domain.edits import Direction
from app.domain.risk import Risk

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SOON, LATER = "2026-12-01T00:00:00+00:00", "2027-12-01T00:00:00+00:00"


@pytest.mark.parametrize(
    ("field", "before", "after", "direction"),
    [
        ("name", "a", "b", Direction.NEUTRAL),
        ("description", "a", "", Direction.NEUTRAL),
        ("scopes", ["a:b", "c:d"], ["a:b"], Direction.TIGHTER),
        ("scopes", ["a:b"], ["a:b", "c:d"], Direction.LOOSER),
        ("scopes", ["a:b"], ["c:d"], Direction.LOOSER),
        ("expires_at", LATER, SOON, Direction.TIGHTER),
        ("expires_at", None, LATER, Direction.TIGHTER),
        ("expires_at", SOON, LATER, Direction.LOOSER),
        ("expires_at", SOON, None, Direction.LOOSER),
        ("expires_at", SOON, "1 week", Direction.TIGHTER),
        ("expires_at", SOON, "1 month", Direction.LOOSER),
        ("expires_at", None, "1 year", Direction.TIGHTER),
        ("status", "disabled", "active", Direction.LOOSER),
    ],
)
def test_every_field_has_its_direction(field: str, before: object, after: object, direction: Direction) -> None:
    assert edits.direction([FieldChange(field, before, after)], NOW) is direction


def test_of_a_mixed_edit_the_loosest_part_decides() -> None:
    mixed = [FieldChange("scopes", ["a:b", "c:d"], ["a:b"]), FieldChange("expires_at", SOON, None)]

    assert edits.direction(mixed, NOW) is Direction.LOOSER
    assert edits.direction([*mixed[:1], FieldChange("name", "a", "b")], NOW) is Direction.TIGHTER
    assert edits.direction([], NOW) is Direction.NEUTRAL


def test_a_field_without_a_rule_is_an_error_and_not_let_through() -> None:
    with pytest.raises(KeyError):
        edits.direction([FieldChange("shoe_size", None, 42)], NOW)


@pytest.mark.parametrize(
    ("direction", "before", "after", "needed"),
    [
        (Direction.LOOSER, Risk.LOW, Risk.LOW, False),
        (Direction.LOOSER, Risk.LOW, Risk.MEDIUM, True),
        (Direction.LOOSER, Risk.HIGH, Risk.LOW, True),
        (Direction.TIGHTER, Risk.HIGH, Risk.HIGH, False),
        (Direction.NEUTRAL, Risk.HIGH, Risk.HIGH, False),
    ],
)
def test_a_loosening_waits_where_the_policy_asks_before_or_after(
    direction: Direction, before: Risk, after: Risk, needed: bool
) -> None:
    assert edits.approval_needed(direction, before, after, Policy()) is needed


def test_names_take_no_reason_and_everything_else_does() -> None:
    assert not edits.reason_required([FieldChange("name", "a", "b"), FieldChange("description", "", "x")])
    assert edits.reason_required([FieldChange("name", "a", "b"), FieldChange("scopes", ["a:b"], [])])


@pytest.mark.parametrize("value", [None, SOON, "1 week"])
def test_an_end_is_kept_as_what_it_meant(value: str | None) -> None:
    expected = {None: None, SOON: datetime(2026, 12, 1, tzinfo=UTC), "1 week": datetime(2026, 11, 30, 12, tzinfo=UTC)}

    assert edits.expires_at(value, NOW) == expected[value]
