"""People as those who manage them see them: who they are, what is theirs, and which live keys they were shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, ScalarSelect, Select, case, cast, func, or_, select
from sqlalchemy.orm import Session

from app.domain.identifiers import Kind, is_id
from app.domain.people import Person
from app.domain.roles import Role
from app.domain.sorting import Sort
from app.store.queries import live, sorting
from app.store.queries.sorting import Column
from app.store.tables import ApplicationRow, KeyRow, TokenRow, UserRow, UserSessionRow

PAGE = 100
BY_EMAIL = Sort("email")
MOST_KEYS = 100


@dataclass(frozen=True)
class PersonLine:
    """A person in the list, and on their own page. `has_password` is False until they used their one-time link."""

    person: Person
    has_password: bool
    added_at: datetime
    last_signed_in: datetime | None
    owned: int


@dataclass(frozen=True)
class Listing:
    """A page of people; `after` begins the next one, None where there is none."""

    lines: Sequence[PersonLine]
    after: str | None


@dataclass(frozen=True)
class Owned:
    """An application that is somebody's, with how many live tokens it has."""

    id: str
    name: str
    live_tokens: int


@dataclass(frozen=True)
class ShownKey:
    """A live key that a person was shown."""

    token_id: str
    token_name: str
    application_name: str
    hint: str


@dataclass(frozen=True)
class ShownKeys:
    """The first of the live keys that a person was shown; `more` counts those behind them."""

    first: Sequence[ShownKey]
    more: int


def listed(session: Session, *, search: str = "", sort: Sort = BY_EMAIL, after: str = "") -> Listing:
    """People whose name or email holds `search`."""
    wanted = search.strip()
    if not wanted.isprintable():
        return Listing((), None)
    statement = _people()
    if wanted:
        # SQLite folds the case of plain letters only: a name with others is found as it is written.
        in_name = (UserRow.name.icontains(wanted, autoescape=True), UserRow.name.contains(wanted, autoescape=True))
        in_email = UserRow.email_folded.contains(wanted.casefold(), autoescape=True)
        statement = statement.where(or_(*in_name, in_email))
    found = sorting.cut(session, statement, _columns(), sort, UserRow.id, size=PAGE, after=after)
    return Listing([_line(*row) for row in found.rows], found.after)


def find(session: Session, person_id: str) -> PersonLine | None:
    """The person with this id."""
    if not is_id(Kind.USER, person_id):
        return None
    row = session.execute(_people().where(UserRow.id == person_id)).one_or_none()
    return _line(*row) if row is not None else None


def owned(session: Session, person_id: str, now: datetime) -> Sequence[Owned]:
    """The applications that are this person's, by name."""
    tokens = select(func.count()).where(TokenRow.application_id == ApplicationRow.id, live.at(now)).scalar_subquery()
    statement = (
        select(ApplicationRow.id, ApplicationRow.name, tokens)
        .where(ApplicationRow.owner_id == person_id)
        .order_by(ApplicationRow.name_folded)
    )
    return [Owned(*row) for row in session.execute(statement)]


def keys_shown_to(session: Session, person_id: str, now: datetime) -> ShownKeys:
    """The live keys of live tokens, of any application, that this person was shown: the first 100, by application."""
    statement = (
        select(TokenRow.id, TokenRow.name, ApplicationRow.name, KeyRow.hint, func.count().over())
        .join(KeyRow, KeyRow.token_id == TokenRow.id)
        .join(ApplicationRow, ApplicationRow.id == TokenRow.application_id)
        .where(KeyRow.shown_to == person_id, live.at(now))
        .where(or_(KeyRow.stops_at.is_(None), KeyRow.stops_at > now))
        .order_by(ApplicationRow.name_folded, TokenRow.name, KeyRow.created_at)
        .limit(MOST_KEYS)
    )
    rows = session.execute(statement).all()
    return ShownKeys([ShownKey(*row[:-1]) for row in rows], rows[0][-1] - len(rows) if rows else 0)


def _columns() -> dict[str, Column]:
    ranks = {role: rank for rank, role in enumerate(Role)}
    return {
        "name": sorting.text(func.lower(UserRow.name)),
        "email": sorting.text(UserRow.email_folded),
        "role": sorting.number(case(ranks, value=UserRow.role)),
        "status": sorting.number(cast(UserRow.active, Integer)),
        "signed-in": sorting.instant(_signed_in(), without=sorting.NEVER_YET),
        "owns": sorting.number(_owned()),
    }


def _people() -> Select[UserRow, datetime | None, int]:
    return select(UserRow, _signed_in(), _owned())


def _signed_in() -> ScalarSelect[datetime]:
    return select(func.max(UserSessionRow.created_at)).where(UserSessionRow.user_id == UserRow.id).scalar_subquery()


def _owned() -> ScalarSelect[int]:
    return select(func.count()).where(ApplicationRow.owner_id == UserRow.id).scalar_subquery()


def _line(row: UserRow, signed_in: datetime | None, owned: int) -> PersonLine:
    return PersonLine(row.person, row.password_hash is not None, row.created_at, signed_in, owned)
