"""The Approvals list: what one person sees of it, and how it is narrowed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import url_for

from app.domain.approval import RequestStatus
from app.store.database import db
from app.store.queries import approvals
from app.store.queries.approvals import RequestView
from app.web.access import current_person, now
from app.web.approvals import choices, rows
from app.web.approvals.choices import Choices
from app.web.shell import Tab

SHOWS = {"all": "All", "pending": "Pending", "decided": "Decided", "mine": "Mine"}
HERE = "approvals.listing"


@dataclass(frozen=True)
class Line:
    """One request in the list, and what the person may do about it."""

    view: RequestView
    choices: Choices
    moves: Sequence[str]


@dataclass(frozen=True)
class Listing:
    """Requests that wait and requests that are over; links to newer and older ones of these."""

    waiting: Sequence[Line]
    over: Sequence[Line]
    newer: str | None = None
    older: str | None = None


def tabs(show: str) -> list[Tab]:
    """The ways to narrow the list, each an address."""
    return [Tab(label, url_for(HERE, show=each), each == show) for each, label in SHOWS.items()]


def line(view: RequestView) -> Line:
    """The request as the person who asks sees it in the list."""
    return Line(view, choices.of(view, current_person()), rows.moves(view.changes))


def listed(show: str, before: str) -> Listing:
    """What the list holds, narrowed to one of SHOWS; those that are over from behind the request `before`."""
    session, person = db.session(), current_person()
    if show == "mine":
        asked = approvals.asked(session, person, now())
        waits = [view for view in asked if view.status is RequestStatus.PENDING]
        return Listing(_lines(waits), _lines(view for view in asked if view not in waits))
    waiting = approvals.pending(session, person, now()) if show != "decided" else ()
    if show == "pending":
        return Listing(_lines(waiting), ())
    page = approvals.decided(session, person, now(), before)
    newer = url_for(HERE, show="decided") if before else None
    older = url_for(HERE, show="decided", before=page.before) if page.before else None
    return Listing(_lines(waiting), _lines(page.views), newer, older)


def _lines(views: Iterable[RequestView]) -> list[Line]:
    return [line(view) for view in views]
