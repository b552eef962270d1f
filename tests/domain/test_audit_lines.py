"""An event as people read it: SPEC 11."""

from datetime import UTC, datetime

import pytest

from app.domain import audit_lines
from app.domain.events import Action, Event, Subject


def event(*changes: dict[str, object], actor: str = "Linus") -> Event:
    subject = Subject("token", "tok_x", "Nightly", "app_x", "tok_x")
    at = datetime(2026, 11, 23, 12, 0, 0, 5, tzinfo=UTC)
    return Event(7, "evt_x", at, Action.TOKEN_UPDATED, "usr_x", actor, subject, "why", changes, None, None, None)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("active", "disabled", ["x: active → disabled"]),
        (None, "active", ["x: – → active"]),
        ("active", None, ["x: active → –"]),
        (True, False, ["x: yes → no"]),
        (["a:b"], ["a:b", "c:d"], ["x: a:b → a:b, c:d"]),
        ([], ["a:b"], ["x: – → a:b"]),
        (0, 1, ["x: 0 → 1"]),
        (None, 0, ["x: – → 0"]),
        (None, {"a": 1}, ['x: – → {"a": 1}']),
        (None, "", []),
    ],
)
def test_a_change_is_a_line(before: object, after: object, told: list[str]) -> None:
    assert audit_lines.changes(event({"field": "x", "before": before, "after": after})) == told


@pytest.mark.parametrize(
    ("field", "after", "told"),
    [
        ("expires_at", "2026-12-03T03:08:36.501661+00:00", "expires at: – → 2026-12-03 03:08:36 UTC"),
        ("asked expires_at", "2026-12-03T03:08:36+00:00", "asked expires at: – → 2026-12-03 03:08:36 UTC"),
        ("ip_whitelist", ["10.0.0.0/8"], "IP whitelist: – → 10.0.0.0/8"),
        (
            "description",
            "zip_codes until 2026-12-03T03:08:36+00:00",
            "description: – → zip_codes until 2026-12-03T03:08:36+00:00",
        ),
        (
            "approval request req_9aBcdefghijklmnopqrstu",
            "void",
            "approval request req_9aBcdefghijklmnopqrstu: – → void",
        ),
    ],
)
def test_fields_and_instants_are_told_as_people_write_them(field: str, after: object, told: str) -> None:
    assert audit_lines.changes(event({"field": field, "before": None, "after": after})) == [told]


def test_what_nobody_did_the_program_did() -> None:
    assert audit_lines.who(event(actor="")) == "Postern"


def test_there_is_a_cell_for_each_column() -> None:
    cells = dict(zip(audit_lines.COLUMNS, audit_lines.cells(event(), "0f"), strict=True))
    assert cells["at"] == "2026-11-23T12:00:00.000005+00:00"
    assert (cells["what"], cells["subject"], cells["hash"]) == ("Changed the token", "Nightly", "0f")
