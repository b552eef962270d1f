"""Exporting the log: exactly the rows that were asked for, as text, and itself an event (SPEC 11, TRAPS E1, E3, E7)."""

import csv
import io
import json
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.domain import audit_lines, csv_cells
from app.store.queries import audit
from tests import people
from tests.cast import Cast
from tests.web.audit.conftest import Desk, Issue, Sit

NASTY = [
    "commas, \"quotes\" and 'apostrophes'",
    '=HYPERLINK("http://example.com")',
    "'=1+1",
    "＝1+1 full width",
    "+1 -1 @SUM(A1)",
    "- a list\n- with lines\n\n",
    "emoji 🦊",
    "right to left: שלום",
    "x" * 2_000,
]


def read(text: str) -> list[dict[str, str]]:
    """What a program that reads CSV makes of it."""
    records = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    return [{name: csv_cells.plain(cell) for name, cell in record.items()} for record in records]


@pytest.mark.parametrize("form", ["csv", "json"])
@pytest.mark.parametrize("who", ["linus", "margaret", "sam"])
def test_members_export_nothing_and_nothing_is_recorded(app: Flask, cast: Cast, sit: Sit, who: str, form: str) -> None:
    answer = sit(getattr(cast, who)).export(form)
    assert answer.status_code == 403
    assert people.events(app, "audit.exported") == []


def test_nobody_exports_nothing(app: Flask, client: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    assert client.post("/audit/export", data={"format": "csv"}).status_code == 401


def test_it_is_a_post_with_a_form_token(app: Flask, grace: Desk) -> None:
    assert grace.client.get("/audit/export").status_code == 405
    assert grace.client.post("/audit/export", data={"format": "csv"}).status_code == 400
    assert people.events(app, "audit.exported") == []


def test_a_csv_reader_sees_the_rows_of_the_page(
    app: Flask, grace: Desk, issue: Issue, disable: Callable[[str, str], None]
) -> None:
    for reason in NASTY:
        disable(issue(" ".join(reason[:100].split())), reason)
    page = grace.open("/audit?action=token.disabled")

    answer = grace.export("csv", action="token.disabled")

    rows = read(answer.text)
    assert answer.content_type.startswith("text/csv")
    assert [int(row["sequence"]) for row in rows] == grace.shown("/audit?action=token.disabled")
    assert [row["reason"] for row in reversed(rows)] == [reason.strip() for reason in NASTY]
    assert {row["who"] for row in rows} == {"Margaret"}
    for row in rows:
        for column in ("id", "action", "address", "user_agent", "request_id"):
            assert row[column] in page
        assert row["what"] == "Disabled the token"
        assert row["changes"] == "status: active → disabled"


def test_it_has_a_head_and_ends_with_a_line_break(grace: Desk) -> None:
    data = grace.export("csv").data
    assert data.startswith(",".join(audit_lines.COLUMNS).encode() + b"\r\n")
    assert data.endswith(b"\r\n")


def test_no_cell_begins_like_a_formula(grace: Desk, issue: Issue, disable: Callable[[str, str], None]) -> None:
    for reason in NASTY:
        disable(issue(" ".join(reason[:100].split())), reason)
    for record in csv.reader(io.StringIO(grace.export("csv").text, newline="")):
        for cell in record:
            assert not cell.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))


def test_json_lines_are_the_rows_as_they_are_kept(app: Flask, grace: Desk, issue: Issue) -> None:
    issue("=1+1 \u00e9")
    before = people.events(app)

    answer = grace.export("json")

    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert [line["sequence"] for line in lines] == [row.sequence for row in reversed(before)]
    for line, row in zip(lines, reversed(before), strict=True):
        for name in ("id", "action", "actor_id", "subject_name", "reason", "changes", "previous_hash", "hash"):
            assert line[name] == getattr(row, name)


@pytest.mark.parametrize("form", ["csv", "json"])
def test_it_says_where_the_log_was_cut_and_is_in_the_log_behind_it(
    app: Flask, cast: Cast, grace: Desk, form: str
) -> None:
    last = people.events(app)[-1]

    answer = grace.export(form, actor="the test", since="2026-11-23", application="")

    assert answer.headers["X-Audit-Cut"] == str(last.sequence)
    assert answer.headers["X-Audit-Head"] == last.hash
    assert f"-{last.sequence}." in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    [event] = people.events(app, "audit.exported")
    assert event.actor_id == cast.grace
    assert event.sequence == last.sequence + 1
    assert {change["field"]: change["after"] for change in event.changes} == {
        "format": form,
        "up to event": last.sequence,
        "actor_name": "the test",
        "since": "2026-11-23T00:00:00+00:00",
    }


def test_what_is_written_while_it_streams_is_not_in_it(
    app: Flask, grace: Desk, issue: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "BATCH", 2)
    there = [row.sequence for row in people.events(app)]
    answer = grace.export("json")
    parts = [next(answer.iter_encoded())]
    issue()
    text = b"".join([*parts, *answer.iter_encoded()]).decode()
    assert [json.loads(line)["sequence"] for line in text.splitlines()] == there[::-1]


def test_a_log_of_many_batches_is_whole(app: Flask, grace: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "BATCH", 3)
    there = [row.sequence for row in people.events(app)]
    assert [int(row["sequence"]) for row in read(grace.export("csv").text)] == there[::-1]


@pytest.mark.parametrize("fields", [{"form": "xml"}, {"form": ""}, {"since": "yesterday"}, {"actor": "\x00"}])
def test_what_cannot_be_exported_is_said_and_not_recorded(app: Flask, grace: Desk, fields: dict[str, str]) -> None:
    answer = grace.export(**fields)
    assert answer.status_code == 422
    assert people.events(app, "audit.exported") == []
