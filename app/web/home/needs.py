"""What needs this person now, by kind: what it is, of which application, and by when."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from app.domain import attention
from app.domain.risk import Risk
from app.domain.roles import Deed, may
from app.store.database import db
from app.store.queries import approvals
from app.store.queries import attention as queries
from app.store.queries.approvals import First, RequestView
from app.store.queries.emergency import OpenWindow
from app.web.access import current_person, now
from app.web.emergency import banner
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
    refused = queries.refused(session, person, at)
    others, own = approvals.first_waiting(session, person, at, SHOWN, MOST)
    decides = may(Deed.DECIDE_REQUEST, person.role)
    found = (
        _need("emergency", "Emergency access is open", _emergencies(banner.open_windows()), shown),
        _requests("decide", "Waiting for you", others, _to_decide) if decides else None,
        _need("rose", "Refused more than usual", _rose(refused), shown),
        _need("retired", "Old keys still in use", _retired(refused), shown),
        _need("ending", "Ending within 30 days", _ending(queries.ending(session, person, at, MOST)), shown),
        _requests("asked", "Your requests", own, _asked),
        _need("unused", "Not used for 90 days", _unused(queries.unused(session, person, at, MOST)), shown),
    )
    return [need for need in found if need is not None and need.lines]


def _need(key: str, title: str, lines: Sequence[Line], shown: str) -> Need:
    most = MOST if key == shown else SHOWN
    here = url_for("home.page", show=key, _anchor=key)
    return Need(key, title, lines[:most], len(lines), here if len(lines) > most else None)


def _requests(key: str, title: str, waiting: First, line: Callable[[RequestView], Line]) -> Need:
    more = url_for("approvals.listing") if waiting.count > len(waiting.views) else None
    return Need(key, title, [line(view) for view in waiting.views], waiting.count, more)


def _to_decide(view: RequestView) -> Line:
    return _request(view, f"asked for by {view.requester}")


def _asked(view: RequestView) -> Line:
    return _request(view, "waits for another person")


def _request(view: RequestView, says: str) -> Line:
    href = url_for("approvals.request_page", request_id=view.id)
    return Line(view.title, href, says, view.place, "lapses", view.expires_at, view.gravest_risk)


def _emergencies(found: Iterable[OpenWindow]) -> Sequence[Line]:
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
    of: OpenWindow | queries.Refused | queries.Ending | queries.Unused,
    says: str,
    word: str = "",
    at: datetime | None = None,
    *,
    grave: bool = False,
) -> Line:
    href = url_for("tokens.overview", token_id=of.token_id)
    return Line(of.token_name, href, says, of.application_name, word, at, grave=grave)
