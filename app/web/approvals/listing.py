"""The Approvals list: what one person sees of it, and how it is narrowed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from app.domain import instants
from app.domain.approval import RequestKind
from app.domain.errors import Unfit
from app.domain.risk import Risk
from app.store.database import db
from app.store.queries import approvals
from app.store.queries.approvals import LAST_OVER, OLDEST, Page, RequestView, Wanted
from app.web import sorting
from app.web.access import current_person, now
from app.web.approvals import choices, rows
from app.web.approvals.choices import Choices
from app.web.approvals.forms import FilterForm
from app.web.filters import iso, plural
from app.web.shell import Tab
from app.web.sorting import Order

SHOWS = {"all": "All", "pending": "Pending", "decided": "Decided", "mine": "Mine"}
HERE = "approvals.listing"
NOTHING = Page((), None)
MOST_SAID = 3
# Each column, and the word by which the list is sorted at the first press.
WAITING = (
    ("What", "what"),
    ("Risk", "-risk"),
    ("Requester", "requester"),
    ("Reason", None),
    ("Asked", "asked"),
    ("Lapses", None),
)
OVER = (
    ("What", "what"),
    ("Outcome", "outcome"),
    ("Risk", "-risk"),
    ("Requester", "requester"),
    ("Decided", "-over"),
    ("Comment", None),
)


@dataclass(frozen=True)
class Line:
    """One request in the list, and what the person may do about it."""

    view: RequestView
    choices: Choices
    moves: Sequence[rows.Move]


@dataclass(frozen=True)
class Part:
    """One of the two tables: a page of it, how it is sorted, and the address of its next page."""

    lines: Sequence[Line]
    order: Order
    next: str | None


@dataclass(frozen=True)
class Listing:
    """Requests that wait and requests that are over, and a link back to the first page. `sort` is how they are sorted,
    as the address says it: a word that one of the tables does not know is the other's. `since` is when it was read, for
    the first page."""

    show: str
    form: FilterForm
    typed: Mapping[str, Any]
    sort: str | None
    waiting: Part
    over: Part
    first: str | None
    since: str | None

    @property
    def tabs(self) -> list[Tab]:
        """The ways to narrow the list, each an address; what else narrows it stays, and how it is sorted."""
        kept = {**self.typed, "sort": self.sort}
        return [Tab(label, url_for(HERE, show=each, **kept), each == self.show) for each, label in SHOWS.items()]


def line(view: RequestView) -> Line:
    """The request as the person who asks sees it in the list."""
    return Line(view, choices.of(view, current_person()), rows.moves(view.changes))


def listed() -> Listing:
    """What the list holds, by the address: one of SHOWS, narrowed by the form, sorted, from behind the place `after` of
    those that wait or `before` of those that are over."""
    session, person = db.session(), current_person()
    show, form = _asked()
    typed: dict[str, Any] = {name: value for name, value in form.data.items() if value}
    kept = {"show": show, **typed}
    waiting_order = sorting.asked(WAITING, OLDEST, HERE, kept, name="waiting")
    over_order = sorting.asked(OVER, LAST_OVER, HERE, kept, name="over", place="before")
    sort = waiting_order.word or over_order.word
    after, before = request.args.get("after", ""), request.args.get("before", "")
    wanted, waiting, over = _wanted(form, show), NOTHING, NOTHING
    # A page behind the first is of one of the two, and shows nothing of the other.
    if wanted.is_askable and show != "decided" and not before:
        waiting = approvals.waiting(session, person, wanted, now(), sort=waiting_order.sort, after=after)
    if wanted.is_askable and show != "pending" and not after:
        over = approvals.decided(session, person, wanted, now(), sort=over_order.sort, after=before)
    return Listing(
        show,
        form,
        typed,
        sort,
        Part(_lines(waiting.views), waiting_order, waiting_order.behind(waiting.after)),
        Part(_lines(over.views), over_order, over_order.behind(over.after, show=_over(show))),
        url_for(HERE, **kept, sort=sort) if after or before else None,
        None if after or before else iso(now()),
    )


def come_since(shown: Sequence[str]) -> int:
    """How many requests have come `since` then, fit the address and wait, besides those that are shown."""
    show, form = _asked()
    wanted = _wanted(form, show)
    try:
        since = instants.since(request.args.get("since", ""))
    except Unfit:
        return 0
    if since is None or not wanted.is_askable:
        return 0
    return approvals.asked_since(db.session(), current_person(), wanted, now(), since, shown)


def here() -> str:
    """The first page of the list that the address narrows and sorts."""
    show, form = _asked()
    kept: dict[str, Any] = {**form.data, "sort": request.args.get("sort")}
    return url_for(HERE, show=show, **{name: value for name, value in kept.items() if value})


def told_over(shown: Sequence[str]) -> Sequence[Line]:
    """Of the requests that a page shows as waiting, by id, those that wait no more."""
    return _lines(approvals.over(db.session(), current_person(), shown, now()))


def said(lines: Sequence[Line], come: int) -> str:
    """What became of them, and how many have come, to be read out."""
    many = [f"{len(lines)} requests of this list were decided."]
    decided = many if len(lines) > MOST_SAID else [_said(line) for line in lines]
    return " ".join([*decided, f"{plural(come, 'new request')}."] if come else decided)


def _said(line: Line) -> str:
    by = f" by {line.view.decided_by}" if line.view.decided_by else ""
    return f"{line.view.title}: {line.view.status.value}{by}."


def _asked() -> tuple[str, FilterForm]:
    """Which requests the address shows, and how it narrows them."""
    show = request.args.get("show", "all")
    return show if show in SHOWS else "all", FilterForm(request.args)


def _over(show: str) -> str:
    return "decided" if show == "all" else show


def _wanted(form: FilterForm, show: str) -> Wanted:
    kinds = {kind.value: kind for kind in RequestKind}
    risks = {risk.word: risk for risk in Risk}
    about, requester = form.about.data or "", form.requester.data or ""
    return Wanted(show == "mine", kinds.get(form.kind.data), risks.get(form.risk.data), about, requester)


def _lines(views: Iterable[RequestView]) -> list[Line]:
    return [line(view) for view in views]
