"""Applications, for the person who asks."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, Select, Text, and_, cast, func, select
from sqlalchemy.orm import Session

from app.domain import text
from app.domain.events import Action, Event
from app.domain.identifiers import Kind, is_id
from app.domain.lifecycle import Status
from app.domain.people import Person
from app.domain.roles import Relation
from app.domain.scopes import AnswersFor
from app.domain.sorting import Sort
from app.store.queries import history, live, sorting, visible
from app.store.tables import ApplicationMember, ApplicationRow, AuditEventRow, TokenRow, UserRow

PAGE = 100
BY_NAME = Sort("name")
RECENT = 10
MOST_CHANGES = 20
# The verbs that change the application's own row, and so its version, each by one.
CHANGING = (
    Action.APPLICATION_UPDATED,
    Action.APPLICATION_DISABLED,
    Action.APPLICATION_ENABLED,
    Action.APPLICATION_ANSWERS_FOR_SET,
)


@dataclass(frozen=True)
class ApplicationLine:
    """An application in a list. `relation` is what the person who asks is to it."""

    id: str
    name: str
    description: str
    owner: str
    enabled: bool
    relation: Relation
    live_tokens: int


@dataclass(frozen=True)
class Listing:
    """A page of applications; `after` begins the next one, None where there is none."""

    lines: Sequence[ApplicationLine]
    after: str | None


@dataclass(frozen=True)
class VerifyingService:
    """An application that asks about tokens, and the resources whose scopes it may be told about."""

    id: str
    name: str
    answers_for: AnswersFor


@dataclass(frozen=True)
class ApplicationView:
    """An application whole, and what the person who asks is to it."""

    id: str
    name: str
    description: str
    owner_id: str
    owner: str
    owner_active: bool
    enabled: bool
    disabled_by_administrator: bool
    answers_for: AnswersFor
    created_at: datetime
    relation: Relation
    version: int


def listed(
    session: Session,
    person: Person,
    now: datetime,
    *,
    search: str = "",
    sort: Sort = BY_NAME,
    after: str = "",
    own: bool = False,
) -> Listing:
    """The applications that the person may see (`own`: only those they own or work on) whose name holds `search`."""
    wanted = text.folded(search)
    if not wanted.isprintable():
        return Listing((), None)
    tokens = select(func.count()).where(TokenRow.application_id == ApplicationRow.id, live.at(now)).scalar_subquery()
    statement = _seen_by(person).add_columns(tokens)
    if wanted:
        statement = statement.where(ApplicationRow.name_folded.contains(wanted, autoescape=True))
    if own:
        statement = statement.where(visible.worked_on_by(person))
    columns = {
        "name": sorting.text(ApplicationRow.name_folded),
        "owner": sorting.text(func.lower(UserRow.name)),
        "tokens": sorting.number(tokens),
        "status": sorting.number(cast(ApplicationRow.enabled, Integer)),
    }
    found = sorting.cut(session, statement, columns, sort, ApplicationRow.id, size=PAGE, after=after)
    lines = [
        ApplicationLine(
            row.id, row.name, row.description, owner.name, row.enabled, _relation(row, person, member), count
        )
        for row, owner, member, count in found.rows
    ]
    return Listing(lines, found.after)


def find(session: Session, person: Person, application_id: str) -> ApplicationView | None:
    """The application, if the person may see it."""
    if not is_id(Kind.APPLICATION, application_id):
        return None
    found = session.execute(_seen_by(person).where(ApplicationRow.id == application_id)).one_or_none()
    if found is None:
        return None
    return view(*found, person)


def view(row: ApplicationRow, owner: UserRow, member: str | None, person: Person) -> ApplicationView:
    """The application for the person who asks; `member` is their id where they are a member of it."""
    return ApplicationView(
        id=row.id,
        name=row.name,
        description=row.description,
        owner_id=owner.id,
        owner=owner.name,
        owner_active=owner.active,
        enabled=row.enabled,
        disabled_by_administrator=row.disabled_by_administrator,
        answers_for=row.answers_for,
        created_at=row.created_at,
        relation=_relation(row, person, member),
        version=row.version,
    )


def answering(session: Session, person: Person) -> Sequence[VerifyingService]:
    """The applications that the person may see and that, as verifying services, may be told about something: by name,
    the first 100."""
    statement = (
        select(ApplicationRow.id, ApplicationRow.name, ApplicationRow.answers_for)
        # As text: PostgreSQL does not compare JSON.
        .where(visible.to(person), cast(ApplicationRow.answers_for, Text) != "[]")
        .order_by(ApplicationRow.name_folded)
        .limit(PAGE)
    )
    return [VerifyingService(*row) for row in session.execute(statement)]


def holding(session: Session, person: Person, token_ids: Collection[str]) -> Mapping[str, VerifyingService]:
    """The applications that hold these tokens, by the token's id; only those that the person may see."""
    statement = (
        select(TokenRow.id, ApplicationRow.id, ApplicationRow.name, ApplicationRow.answers_for)
        .join(ApplicationRow, ApplicationRow.id == TokenRow.application_id)
        .where(TokenRow.id.in_(token_ids), visible.to(person))
    )
    found = session.execute(statement)
    return {token_id: VerifyingService(app_id, name, answers_for) for token_id, app_id, name, answers_for in found}


def token_counts(session: Session, application_id: str, now: datetime) -> Mapping[Status, int]:
    """How many tokens of the application have which status now. The caller has found it for the person who asks."""
    status = live.status(now)
    statement = select(status, func.count()).where(TokenRow.application_id == application_id).group_by(status)
    counts = {Status(word): count for word, count in session.execute(statement)}
    return {each: counts[each] for each in Status if each in counts}


def recent(session: Session, application_id: str) -> Sequence[tuple[Event, str | None]]:
    """The last events of the application and its tokens, the newest first, each with the name of its token. The caller
    has found it for the person who asks."""
    statement = (
        select(AuditEventRow, TokenRow.name)
        .outerjoin(TokenRow, TokenRow.id == AuditEventRow.token_id)
        .where(AuditEventRow.application_id == application_id)
        .order_by(AuditEventRow.sequence.desc())
        .limit(RECENT)
    )
    return [(history.event(row), name) for row, name in session.execute(statement)]


def changes_since(session: Session, application_id: str, versions: int) -> tuple[Event, ...]:
    """The last changes of the application itself, as many as it is `versions` newer, the newest first."""
    statement = (
        select(AuditEventRow)
        .where(AuditEventRow.application_id == application_id, AuditEventRow.action.in_(CHANGING))
        .order_by(AuditEventRow.sequence.desc())
        .limit(min(max(versions, 1), MOST_CHANGES))
    )
    return tuple(history.event(row) for row in session.scalars(statement))


def _seen_by(person: Person) -> Select[ApplicationRow, UserRow, str | None]:
    mine = and_(ApplicationMember.application_id == ApplicationRow.id, ApplicationMember.user_id == person.id)
    return (
        select(ApplicationRow, UserRow, ApplicationMember.user_id)
        .join(UserRow, UserRow.id == ApplicationRow.owner_id)
        .outerjoin(ApplicationMember, mine)
        .where(visible.to(person))
    )


def _relation(row: ApplicationRow, person: Person, member: str | None) -> Relation:
    if row.owner_id == person.id:
        return Relation.OWNER
    return Relation.MEMBER if member else Relation.STRANGER
