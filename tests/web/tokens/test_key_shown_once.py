"""A key exists in one answer: SPEC 5, "The key"."""

import base64
import re
import zlib
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from app.domain.keys import PATTERN
from app.store.database import db
from tests.cast import Cast
from tests.web.tokens.conftest import REASON, House, Issue, Visitor, fields, key_in, token_of


@pytest.fixture
def form(cast: Cast) -> str:
    return f"/applications/{cast.billing}/credentials/new"


def test_no_page_afterwards_holds_it(linus: Visitor, form: str, house: House, cast: Cast) -> None:
    waiting = linus.post(form, **fields("Payouts", scopes=[cast.high], reason=REASON))
    ids = [token_of(waiting), token_of(linus.post(form, **fields()))]
    pages = [form, *(f"/tokens/{token_id}" for token_id in ids), *(f"{form}?like={token_id}" for token_id in ids)]
    pages += ["/", "/approvals", f"/approvals/{house.request(ids[0]).id}", f"/applications/{cast.billing}/credentials"]
    for page in pages:
        answer = linus.get(page)
        assert answer.status_code == 200, page
        assert not re.search(PATTERN, answer.text), page


def test_no_cookie_and_no_header_holds_it(linus: Visitor, form: str) -> None:
    answer = linus.post(form, **fields())
    key = key_in(answer)
    assert key not in str(answer.headers)
    for cookie in answer.headers.getlist("Set-Cookie"):
        assert key not in _unpacked(cookie.partition("=")[2])


def test_no_event_and_no_row_holds_it(linus: Visitor, form: str, house: House, home: Path) -> None:
    key = key_in(linus.post(form, **fields()))
    with house.app.app_context():
        rows = [
            (table.name, str(row)) for table in db.metadata.sorted_tables for row in db.session.execute(select(table))
        ]
    assert len(rows) > 20
    assert not [name for name, row in rows if key in row]
    for file in home.iterdir():
        assert key.encode() not in file.read_bytes()


def test_no_log_line_holds_it(linus: Visitor, form: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG"):
        key = key_in(linus.post(form, **fields()))
    assert key not in caplog.text


@pytest.mark.parametrize("verb", ["rotate", "finish", "disable", "enable", "revoke"])
def test_nothing_is_done_by_looking(linus: Visitor, issue: Issue, verb: str) -> None:
    assert linus.get(f"/tokens/{issue().token_id}/{verb}").status_code == 405


def test_the_page_keeps_itself_out_of_every_memory(linus: Visitor, form: str) -> None:
    answer = linus.post(form, **fields())
    assert answer.headers["Cache-Control"] == "no-store"
    assert "It is shown this once." in answer.text
    assert answer.text.count("data-secret") == 3
    assert "content='extensions:\"hx-csp\", includeIndicatorCSS:false, history:reload'" in answer.text
    assert "<input" not in answer.text.split('id="reveal"')[1].split("<footer")[0]


def _unpacked(cookie: str) -> str:
    """The text of a signed cookie, inflated where it is compressed."""
    packed = cookie.partition(";")[0]
    body = packed.lstrip(".").partition(".")[0]
    raw = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
    return (zlib.decompress(raw) if packed.startswith(".") else raw).decode()


def test_a_database_that_fails_after_the_commit_does_not_take_it_away(
    linus: Visitor, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> None:
        raise OperationalError("SELECT", {}, Exception("gone"))

    monkeypatch.setattr("app.web.tokens.key_page.tokens.find", gone)

    answer = linus.post(form, **fields())

    assert answer.status_code == 200
    assert key_in(answer)
    assert "no-store" in answer.headers["Cache-Control"]
