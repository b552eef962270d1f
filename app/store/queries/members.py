"""The people of an application, and what they have seen there. The caller has found it for the person who asks."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.people import Person
from app.domain.roles import Relation
from app.store.queries import live
from app.store.tables import ApplicationMember, ApplicationRow, KeyRow, TokenRow, UserRow


@dataclass(frozen=True)
class Colleague:
    """A person of an application: its owner, or a member since `added_at`."""

    person: Person
    relation: Relation
    added_at: datetime | None = None


@dataclass(frozen=True)
class SeenKey:
    """A live key that somebody was shown."""

    token_id: str
    token_name: str
    hint: str


def application_people(session: Session, application_id: str) -> Sequence[Colleague]:
    """Who can obtain keys of the application: its owner, then its members by name."""
    owner = select(UserRow).join(ApplicationRow, ApplicationRow.owner_id == UserRow.id)
    members = (
        select(UserRow, ApplicationMember.added_at)
        .join(ApplicationMember, ApplicationMember.user_id == UserRow.id)
        .where(ApplicationMember.application_id == application_id)
        .order_by(UserRow.name, UserRow.id)
    )
    return [
        Colleague(session.scalars(owner.where(ApplicationRow.id == application_id)).one().person, Relation.OWNER),
        *(Colleague(row.person, Relation.MEMBER, added_at) for row, added_at in session.execute(members)),
    ]


def keys_seen(session: Session, application_id: str, now: datetime) -> Mapping[str, Sequence[SeenKey]]:
    """The live keys of the application's live tokens by the id of the person who was shown them."""
    statement = (
        select(KeyRow.shown_to, TokenRow.id, TokenRow.name, KeyRow.hint)
        .join(TokenRow, TokenRow.id == KeyRow.token_id)
        .where(TokenRow.application_id == application_id, live.at(now))
        .where(or_(KeyRow.stops_at.is_(None), KeyRow.stops_at > now))
        .order_by(TokenRow.name, KeyRow.created_at)
    )
    seen = defaultdict[str, list[SeenKey]](list)
    for person_id, token_id, token_name, hint in session.execute(statement):
        seen[person_id].append(SeenKey(token_id, token_name, hint))
    return seen
