"""An export, opened by a CSV reader, has the rows that are on the screen: on all pages together, however the log is
narrowed down (SPEC 11)."""

import html
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from html.parser import HTMLParser
from urllib.parse import urlencode

import pytest
from flask import Flask

from app.clock import FixedClock
from app.store.queries import audit
from tests import factories
from tests.cast import Cast
from tests.web.audit.conftest import Desk, Issue, Sit
from tests.web.audit.test_export import NASTY, read
from tests.web.audit.test_paging import _short_pages

__all__ = ["_short_pages"]
Row = Mapping[str, str]
# Which piece of a row each text on the screen is: by its column, its element and that one's class.
PIECES = {
    ("Who", "div", ""): "who",
    ("What", "p", "sentence"): "sentence",
    ("What", "p", "reason"): "reason",
    ("What", "li", ""): "changes",
    ("What", "code", ""): "codes",
    ("From", "p", ""): "from",
    ("From", "code", ""): "from",
}


class Screen(HTMLParser):
    """The events on a page, each as the texts of its pieces; several of one kind are lines."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows, self._column, self._pieces = list[dict[str, list[str]]](), "", list[tuple[str, str]]()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if given.get("id", "").startswith("event-"):
            self.rows.append({"sequence": [given["id"].removeprefix("event-")]})
        if tag == "td":
            self._column = given.get("data-label", "")
        piece = PIECES.get((self._column, tag, given.get("class", "")))
        if piece and self.rows:
            self.rows[-1].setdefault(piece, []).append("")
            self._pieces.append((tag, piece))
        elif tag == "time" and self._column == "When":
            self.rows[-1]["at"] = [given["title"]]

    def handle_endtag(self, tag: str) -> None:
        if self._pieces and self._pieces[-1][0] == tag:
            self._pieces.pop()

    def handle_data(self, data: str) -> None:
        if self._pieces:
            self.rows[-1][self._pieces[-1][1]][-1] += data


def on_screen(desk: Desk, path: str) -> Iterator[dict[str, list[str]]]:
    """The events of a page and of all older ones."""
    pages = 0
    while path:
        page, pages = desk.open(path), pages + 1
        yield from Screen(page).rows
        older = re.search(r'href="([^"]+)"[^>]*>Older<', page)
        path = html.unescape(older.group(1)) if older else ""


def as_shown(row: Row) -> dict[str, list[str]]:
    """How a row of the file looks on the screen."""
    shown = {
        "sequence": [row["sequence"]],
        "at": [f"{datetime.fromisoformat(row['at']):%-d %b %Y %H:%M} UTC"],
        "who": [row["who"]],
        "sentence": [f"{row['what']}: {row['subject']}"],
        "codes": [row["action"], row["id"]],
        "from": [row["address"] or "–", *filter(None, [row["user_agent"]])],
    }
    if row["request_id"]:
        shown["from"] += ["request ", row["request_id"]]
    if row["reason"]:
        shown["reason"] = [f"“{row['reason']}”"]
    if row["changes"]:
        shown["changes"] = row["changes"].split("\n")
    return shown


@pytest.fixture
def filters(
    cast: Cast, issue: Issue, disable: Callable[[str, str], None], clock: FixedClock, app: Flask
) -> list[dict[str, str]]:
    """A log in which each of these finds something, and not all."""
    tokens = []
    for reason in NASTY:
        clock.advance(timedelta(hours=5))
        tokens.append(issue(" ".join(reason[:100].split())))
        disable(tokens[-1], reason)
    with app.app_context():
        other = factories.make_application("+49 other", cast.linus, clock())
    issue("elsewhere", application=other)
    return [
        {},
        {"action": "token.disabled"},
        {"actor": cast.linus},
        {"actor": "margaret@example.com"},
        {"actor": "the test"},
        {"application": "+49 other"},
        {"application": cast.billing, "action": "token.issued"},
        {"token": tokens[1]},
        {"since": "2026-11-24", "until": "2026-11-24"},
        {"actor": "Margaret", "action": "token.disabled", "application": cast.billing, "since": "2026-11-24 01:00"},
    ]


@pytest.mark.parametrize("who", ["grace", "ada"])
def test_it_does_for_each_filter(
    cast: Cast, sit: Sit, filters: list[dict[str, str]], monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    monkeypatch.setattr(audit, "BATCH", 3)
    desk, counts = sit(getattr(cast, who)), set[int]()
    for chosen in filters:
        shown = list(on_screen(desk, f"/audit?{urlencode(chosen)}"))
        rows = read(desk.export("csv", **chosen).text)
        assert [as_shown(row) for row in rows] == shown, chosen
        counts.add(len(rows))
    assert min(counts) > 0
    assert max(counts) > 20
    assert len(counts) > 3
