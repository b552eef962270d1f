"""The Approvals list: what one person sees of it, and how it is narrowed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from app.domain.approval import RequestKind
from app.domain.risk import Risk
from app.store.database import db
from app.store.queries import approvals
from app.store.queries.approvals import Page, RequestView, Wanted
from app.web.access import current_person, now
from app.web.approvals import choices, rows
from app.web.approvals.choices import Choices
from app.web.approvals.forms import FilterForm
from app.web.shell import Tab

SHOWS = {"all": "All", "pending": "Pending", "decided": "Decided", "mine": "Mine"}
HERE = "approvals.listing"
NOTHING = Page((), None)
MOST_SAID = 3


@dataclass(frozen=True)
class Line:
    """One request in the list, and what the person may do about it."""

    view: RequestView
    choices: Choices
    moves: Sequence[str]


@dataclass(frozen=True)
class Listing:
    """Requests that wait and requests that are over; links to the next pages of each, and back to the first."""

    show: str
    form: FilterForm
    typed: Mapping[str, Any]
    waiting: Sequence[Line]
    over: Sequence[Line]
    next_waiting: str | None
    first: str | None
    older: str | None

    @property
    def tabs(self) -> list[Tab]:
        """The ways to narrow the list, each an address; what else narrows it stays."""
        return [Tab(label, url_for(HERE, show=each, **self.typed), each == self.show) for each, label in SHOWS.items()]


def line(view: RequestView) -> Line:
    """The request as the person who asks sees it in the list."""
    return Line(view, choices.of(view, current_person()), rows.moves(view.changes))


def listed() -> Listing:
    """What the list holds, by the address: one of SHOWS, narrowed by the form, from behind the request `after` of those
    that wait or `before` of those that are over."""
    session, person = db.session(), current_person()
    show = request.args.get("show", "all")
    show = show if show in SHOWS else "all"
    form = FilterForm(request.args)
    typed: dict[str, Any] = {name: value for name, value in form.data.items() if value}
    after, before = request.args.get("after", ""), request.args.get("before", "")
    wanted, waiting, over = _wanted(form, show), NOTHING, NOTHING
    # A page behind the first is of one of the two, and shows nothing of the other.
    if wanted.is_askable and show != "decided" and not before:
        waiting = approvals.waiting(session, person, wanted, now(), after)
    if wanted.is_askable and show != "pending" and not after:
        over = approvals.decided(session, person, wanted, now(), before)
    here: dict[str, Any] = {"show": show, **typed}
    return Listing(
        show,
        form,
        typed,
        _lines(waiting.views),
        _lines(over.views),
        url_for(HERE, **here, after=waiting.after) if waiting.after else None,
        url_for(HERE, **here) if after or before else None,
        url_for(HERE, **{**here, "show": _over(show)}, before=over.after) if over.after else None,
    )


def told_over(shown: Sequence[str]) -> Sequence[Line]:
    """Of the requests that a page shows as waiting, by id, those that wait no more."""
    return _lines(approvals.over(db.session(), current_person(), shown, now()))


def said(lines: Sequence[Line]) -> str:
    """What became of them, to be read out."""
    if len(lines) > MOST_SAID:
        return f"{len(lines)} requests of this list were decided."
    return " ".join(map(_said, lines))


def _said(line: Line) -> str:
    by = f" by {line.view.decided_by}" if line.view.decided_by else ""
    return f"{line.view.title}: {line.view.status.value}{by}."


def _over(show: str) -> str:
    return "decided" if show == "all" else show


def _wanted(form: FilterForm, show: str) -> Wanted:
    kinds = {kind.value: kind for kind in RequestKind}
    risks = {risk.word: risk for risk in Risk}
    about, requester = form.about.data or "", form.requester.data or ""
    return Wanted(show == "mine", kinds.get(form.kind.data), risks.get(form.risk.data), about, requester)


def _lines(views: Iterable[RequestView]) -> list[Line]:
    return [line(view) for view in views]
