"""Approval requests, for the person who asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVarTuple

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session

from app.domain import governance, text
from app.domain.approval import RequestKind, RequestStatus
from app.domain.governance import Governed
from app.domain.identifiers import Kind, is_id
from app.domain.people import Person
from app.domain.risk import Risk
from app.domain.sorting import Sort
from app.store.queries import request_risk, sorting, undecided, visible
from app.store.queries.governance_request import GovernanceRequest
from app.store.queries.request_rows import views
from app.store.queries.request_view import RequestView
from app.store.queries.sorting import Column
from app.store.queries.token_request import TokenRequest
from app.store.tables import ApplicationRow, ApprovalRequestRow, TokenRow, UserRow

__all__ = [
    "LAST_OVER",
    "OLDEST",
    "First",
    "GovernanceRequest",
    "Page",
    "RequestView",
    "TokenRequest",
    "Wanted",
    "asked_since",
    "decided",
    "find",
    "first_waiting",
    "governed",
    "of_token",
    "over",
    "pending_count",
    "waiting",
]

# Whoever reads more at once than this reads none of it well; and each is read whole.
PAGE = 30
Ts = TypeVarTuple("Ts")
OLDEST, LAST_OVER = Sort("asked"), Sort("over", descending=True)


@dataclass(frozen=True)
class Page:
    """Some requests; `after` begins the page behind them, None where there is none."""

    views: Sequence[RequestView]
    after: str | None


@dataclass(frozen=True)
class First:
    """The first few of the requests that wait, the oldest first; `count` is how many there are, up to a limit."""

    views: Sequence[RequestView]
    count: int


@dataclass(frozen=True)
class Wanted:
    """What narrows the list: to one's own, to one kind, to one risk, to a part of the name of a token, an application
    or a rule, to a part of a requester's name."""

    mine: bool = False
    kind: RequestKind | None = None
    risk: Risk | None = None
    about: str = ""
    requester: str = ""

    @property
    def is_askable(self) -> bool:
        """Whether a database can be asked for it: some choke on what is not printed."""
        return (self.about + self.requester).isprintable()


def find(session: Session, person: Person, request_id: str, now: datetime) -> RequestView | None:
    """The request, if the person may see its application."""
    if not is_id(Kind.REQUEST, request_id):
        return None
    found = views(session, person, ApprovalRequestRow.id == request_id, now)
    return found[0] if found else None


def first_waiting(session: Session, person: Person, now: datetime, few: int, most: int) -> tuple[First, First]:
    """Of the requests that wait and that the person may see: those of others, and the person's own. Only `few` of each
    are read whole, and no more than `most` are counted."""
    own = ApprovalRequestRow.requester_id == person.id
    place = func.row_number().over(partition_by=own, order_by=(ApprovalRequestRow.created_at, ApprovalRequestRow.id))
    ranked = (
        select(ApprovalRequestRow.id, own.label("own"), place.label("place"))
        .outerjoin(ApplicationRow, ApplicationRow.id == ApprovalRequestRow.application_id)
        .where(visible.to(person), undecided.at(now))
        .subquery()
    )
    statement = select(ranked.c.id, ranked.c.own).where(ranked.c.place <= most).order_by(ranked.c.place)
    ids: dict[bool, list[str]] = {False: [], True: []}
    for request_id, is_own in session.execute(statement):
        ids[bool(is_own)].append(request_id)
    shown = {False: ids[False][:few], True: ids[True][:few]}
    wanted = [*shown[False], *shown[True]]
    found = views(session, person, ApprovalRequestRow.id.in_(wanted), now) if wanted else []
    others, mine = ([view for view in found if view.id in shown[is_own]] for is_own in (False, True))
    return First(others, len(ids[False])), First(mine, len(ids[True]))


def waiting(
    session: Session, person: Person, wanted: Wanted, now: datetime, *, sort: Sort = OLDEST, after: str = ""
) -> Page:
    """A page of the requests that wait and fit: `after` is what the page before ended with."""
    return _page(session, person, and_(undecided.at(now), *_conditions(wanted, person)), now, sort, after)


def decided(
    session: Session, person: Person, wanted: Wanted, now: datetime, *, sort: Sort = LAST_OVER, after: str = ""
) -> Page:
    """A page of the requests that fit and do not wait any more: `after` is what the page before ended with."""
    return _page(session, person, and_(~undecided.at(now), *_conditions(wanted, person)), now, sort, after)


def asked_since(
    session: Session, person: Person, wanted: Wanted, now: datetime, since: datetime, shown: Sequence[str]
) -> int:
    """How many requests fit, wait, and were made at that instant or later, besides those that are shown already."""
    row = ApprovalRequestRow
    come = and_(undecided.at(now), row.created_at >= since, row.id.not_in(_ids(shown)), *_conditions(wanted, person))
    return session.scalars(_joined(select(func.count()).select_from(row)).where(visible.to(person), come)).one()


def over(session: Session, person: Person, request_ids: Sequence[str], now: datetime) -> Sequence[RequestView]:
    """Those of these requests that the person may see and that do not wait any more."""
    known = _ids(request_ids)
    if not known:
        return []
    return views(session, person, and_(ApprovalRequestRow.id.in_(known), ~undecided.at(now)), now)


def of_token(
    session: Session, person: Person, token_id: str, now: datetime, *, only_waiting: bool = False
) -> RequestView | None:
    """The newest request about the token, or only one that waits."""
    about = ApprovalRequestRow.token_id == token_id
    found = views(session, person, and_(about, undecided.at(now)) if only_waiting else about, now, newest=True, most=1)
    return found[0] if found else None


def governed(session: Session, things: Sequence[Governed], now: datetime) -> Mapping[Governed, str]:
    """Of these rules, those about which a request waits, each with the request's id."""
    texts = {str(thing): thing for thing in things}
    statement = select(ApprovalRequestRow.governed, ApprovalRequestRow.id).where(
        ApprovalRequestRow.governed.in_(texts), undecided.at(now)
    )
    return {texts[name]: request_id for name, request_id in session.execute(statement) if name}


def pending_count(session: Session, person: Person, now: datetime) -> int:
    """How many requests this person could decide now: the badge in the navigation."""
    if not person.role.is_administrator:
        return 0
    statement = select(func.count()).where(undecided.at(now), ApprovalRequestRow.requester_id != person.id)
    return session.scalars(statement).one()


def _ids(typed: Sequence[str]) -> list[str]:
    """Of what a page says that it shows, what can be the id of a request."""
    return [each for each in typed[:PAGE] if is_id(Kind.REQUEST, each)]


def _page(
    session: Session, person: Person, condition: ColumnElement[bool], now: datetime, sort: Sort, after: str
) -> Page:
    row = ApprovalRequestRow
    statement = _joined(select(row.id)).where(visible.to(person), condition)
    found = sorting.cut(session, statement, _columns(now), sort, row.id, size=PAGE, after=after)
    places = {request_id: place for place, (request_id,) in enumerate(found.rows)}
    shown = views(session, person, row.id.in_(places), now) if places else []
    return Page(sorted(shown, key=lambda view: places[view.id]), found.after)


def _joined(statement: Select[*Ts]) -> Select[*Ts]:
    """With what the list is narrowed and sorted by."""
    return (
        statement.outerjoin(TokenRow, TokenRow.id == ApprovalRequestRow.token_id)
        .outerjoin(ApplicationRow, ApplicationRow.id == ApprovalRequestRow.application_id)
        .join(UserRow, UserRow.id == ApprovalRequestRow.requester_id)
    )


def _columns(now: datetime) -> dict[str, Column]:
    row = ApprovalRequestRow
    lapsed = and_(row.status == RequestStatus.PENDING, row.expires_at <= now)
    ranks = {status: rank for rank, status in enumerate(RequestStatus)}
    # As its title says it.
    entries = {str(entry): entry.title.lower() for entry in map(governance.entry, Risk)}
    rule = case(entries, value=row.governed, else_=request_risk.governed_scope())
    return {
        "what": sorting.text(func.coalesce(TokenRow.name_folded, rule)),
        "outcome": sorting.number(case((lapsed, ranks[RequestStatus.EXPIRED]), else_=case(ranks, value=row.status))),
        "risk": sorting.number(request_risk.level()),
        "requester": sorting.text(func.lower(UserRow.name)),
        "asked": sorting.instant(row.created_at, without=None),
        "over": sorting.instant(row.decided_at, without=row.expires_at),
    }


def _conditions(wanted: Wanted, person: Person) -> list[ColumnElement[bool]]:
    conditions = list[ColumnElement[bool]]()
    if wanted.mine:
        conditions.append(ApprovalRequestRow.requester_id == person.id)
    if wanted.kind is not None:
        conditions.append(ApprovalRequestRow.kind == wanted.kind)
    if wanted.risk is not None:
        conditions.append(request_risk.level() == int(wanted.risk))
    about, requester = text.folded(wanted.about), wanted.requester.strip()
    if about:
        folded = (TokenRow.name_folded, ApplicationRow.name_folded, ApprovalRequestRow.governed)
        conditions.append(or_(*(column.contains(about, autoescape=True) for column in folded)))
    if requester:
        named = select(UserRow.id).where(UserRow.name.icontains(requester, autoescape=True))
        conditions.append(ApprovalRequestRow.requester_id.in_(named))
    return conditions
