"""What needs this person now, by kind: what it is, of which application, and by when."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from app.domain import approval, attention
from app.domain.risk import Risk
from app.domain.roles import Deed, may
from app.store.database import db
from app.store.queries import approvals
from app.store.queries import attention as queries
from app.store.queries.approvals import RequestView
from app.web.access import current_person, now
from app.web.filters import plural

# Of each kind; more are one press away, up to this many.
SHOWN, MOST = 5, 100


@dataclass(frozen=True)
class Line:
    """One thing that needs somebody. `word` leads to the instant `at`: "lapses" in 7 days."""

    name: str
    href: str
    says: str
    application: str
    word: str = ""
    at: datetime | None = None
    risk: Risk | None = None
    grave: bool = False


@dataclass(frozen=True)
class Need:
    """Everything of one kind that needs somebody. `more` leads to what is not shown."""

    key: str
    title: str
    lines: Sequence[Line]
    count: int
    more: str | None


def of(shown: str) -> Sequence[Need]:
    """What needs the person, what cannot wait first; of the kind `shown` all, of the others the first few."""
    session, person, at = db.session(), current_person(), now()
    waiting = approvals.pending(session, person, at)
    refused = queries.refused(session, person, at)
    requests = url_for("approvals.listing")
    found = (
        ("emergency", "Emergency access is open", _emergencies(queries.emergencies(session, person, at, MOST)), None),
        ("decide", "Waiting for you", [_to_decide(view) for view in waiting if _may_decide(view)], requests),
        ("rose", "Refused more than usual", _rose(refused), None),
        ("retired", "Old keys still in use", _retired(refused), None),
        ("ending", "Ending within 30 days", _ending(queries.ending(session, person, at, MOST)), None),
        ("asked", "Your requests", [_asked(view) for view in waiting if view.requester_id == person.id], requests),
        ("unused", "Not used for 90 days", _unused(queries.unused(session, person, at, MOST)), None),
    )
    return [_need(key, title, lines, elsewhere, shown) for key, title, lines, elsewhere in found if lines]


def _need(key: str, title: str, lines: Sequence[Line], elsewhere: str | None, shown: str) -> Need:
    most = MOST if key == shown and elsewhere is None else SHOWN
    here = url_for("home.page", show=key, _anchor=key)
    return Need(key, title, lines[:most], len(lines), (elsewhere or here) if len(lines) > most else None)


def _may_decide(view: RequestView) -> bool:
    person = current_person()
    return may(Deed.DECIDE_REQUEST, person.role) and approval.may_decide(view.requester_id, person.id)


def _to_decide(view: RequestView) -> Line:
    return _request(view, f"asked for by {view.requester}")


def _asked(view: RequestView) -> Line:
    return _request(view, "waits for another person")


def _request(view: RequestView, says: str) -> Line:
    href = url_for("approvals.request_page", request_id=view.id)
    return Line(view.title, href, says, view.place, "lapses", view.expires_at, view.gravest_risk)


def _emergencies(found: Iterable[queries.Open]) -> Sequence[Line]:
    return [_line(one, "is not held to its addresses and hours", "ends", one.ends_at, grave=True) for one in found]


def _rose(found: Iterable[queries.Refused]) -> Sequence[Line]:
    return [_line(one, _compared(one)) for one in found if attention.rose(one.lately, one.before)]


def _compared(one: queries.Refused) -> str:
    a_day = one.before // attention.BEFORE.days
    return f"was refused {plural(one.lately, 'time')} in the last 24 hours, {a_day:,} a day before"


def _retired(found: Iterable[queries.Refused]) -> Sequence[Line]:
    return [
        _line(one, f"was tried {plural(one.retired_key, 'time')} in 7 days with a key that was rotated away")
        for one in found
        if one.retired_key
    ]


def _ending(found: Iterable[queries.Ending]) -> Sequence[Line]:
    caller = "stops, and with it every verification of its service"
    return [
        _line(one, caller if one.is_caller else "stops working", "ends", one.expires_at, grave=one.is_caller)
        for one in found
    ]


def _unused(found: Iterable[queries.Unused]) -> Sequence[Line]:
    return [
        _line(one, "is not used any more", "last used", one.used_at)
        if one.used_at
        else _line(one, "was never used", "works since", one.effective_at)
        for one in found
    ]


def _line(
    of: queries.Open | queries.Refused | queries.Ending | queries.Unused,
    says: str,
    word: str = "",
    at: datetime | None = None,
    *,
    grave: bool = False,
) -> Line:
    href = url_for("tokens.overview", token_id=of.token_id)
    return Line(of.token_name, href, says, of.application_name, word, at, grave=grave)
