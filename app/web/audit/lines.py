"""Events as the log's tables show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for

from app.domain import audit_lines
from app.domain.events import Event, Subject
from app.store.queries.audit import Page

# Kinds of subjects that have a page, and the name of the id in its address.
PAGES = {
    "application": ("applications.overview", "application_id"),
    "token": ("tokens.overview", "token_id"),
    "request": ("approvals.request_page", "request_id"),
    "scope": ("scopes.page", "name"),
}


@dataclass(frozen=True)
class Line:
    """One event as people read it; `href` is the page of what it is about."""

    event: Event
    who: str
    what: str
    changes: Sequence[str]
    href: str | None


def lines(page: Page) -> list[Line]:
    """The page's events, in their order."""
    return [
        Line(each, audit_lines.who(each), audit_lines.what(each), audit_lines.changes(each), _href(each.subject))
        for each in page.events
    ]


def _href(subject: Subject) -> str | None:
    if subject.kind not in PAGES:
        return None
    endpoint, name = PAGES[subject.kind]
    values: dict[str, Any] = {name: subject.id}
    return url_for(endpoint, **values)
