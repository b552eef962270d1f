"""Paging through the log by cursor (SPEC 11)."""

import html
import re
from datetime import timedelta

import pytest
from flask import Flask

from app.clock import FixedClock
from app.store.queries import audit
from tests import people
from tests.web.audit.conftest import Desk, Issue, sequences


@pytest.fixture(autouse=True)
def _short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "PAGE", 4)


def walk(desk: Desk, page: str, label: str) -> list[list[int]]:
    """The events of a page and of all that `label` leads to."""
    seen = [sequences(page)]
    while link := re.search(rf'href="([^"]+)"[^>]*>{label}<', page):
        page = desk.open(html.unescape(link.group(1)))
        seen.append(sequences(page))
    return seen


def test_older_leads_through_the_whole_log_and_newer_back(
    app: Flask, grace: Desk, issue: Issue, clock: FixedClock
) -> None:
    for number in range(6):
        # Some at one instant, one at an earlier one than the event before it: the order tells them apart all the same.
        clock.advance(timedelta(minutes=(0, 1, -1)[number % 3]))
        issue(f"number {number}")
    rows = sorted(people.events(app), key=lambda row: (row.at, row.sequence), reverse=True)
    everything = [row.sequence for row in rows]

    there = walk(grace, grace.open(), "Older")

    assert [sequence for page in there for sequence in page] == everything
    assert len(there) == -(-len(everything) // 4)
    back = walk(grace, grace.open(f"/audit?before={there[-2][-1]}"), "Newer")
    assert back[-1] == there[0]
    assert back == there[::-1]


def test_the_oldest_first_is_the_same_log_from_its_other_end(grace: Desk, issue: Issue) -> None:
    for number in range(6):
        issue(f"number {number}")
    newest = [each for page in walk(grace, grace.open(), "Older") for each in page]

    there = walk(grace, grace.open("/audit?sort=at"), "Newer")
    back = walk(grace, grace.open(f"/audit?sort=at&after={there[-2][-1]}"), "Older")
    narrowed = walk(grace, grace.open("/audit?sort=at&action=token.issued"), "Newer")

    assert [each for page in there for each in page] == newest[::-1]
    assert back == there[::-1]
    assert [len(page) for page in narrowed] == [4, 2]
    assert 'aria-sort="ascending"><a id="sort-when" href="/audit?sort=-at"' in grace.open("/audit?sort=at")
    assert grace.shown("/audit?sort=at&action=token.revoked") == []


def test_the_filters_stay(grace: Desk, issue: Issue) -> None:
    for number in range(6):
        issue(f"number {number}")
    pages = walk(grace, grace.open("/audit?action=token.issued&actor=Linus"), "Older")
    assert [len(page) for page in pages] == [4, 2]


def test_what_is_written_meanwhile_moves_no_page(grace: Desk, issue: Issue) -> None:
    first = grace.shown()
    second = grace.shown(f"/audit?before={first[-1]}")
    issue()
    assert grace.shown(f"/audit?before={first[-1]}") == second


def test_newer_than_the_newest_is_the_first_page(grace: Desk) -> None:
    first = grace.shown()
    assert grace.shown(f"/audit?after={first[0]}") == first
