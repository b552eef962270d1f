"""A large installation: many applications, their people, tokens in every state, a past."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select

from app.cli.example import acts
from app.cli.example.acts import Wish
from app.domain import expiry
from app.domain.events import Subject
from app.domain.identifiers import Kind, new_id
from app.domain.people import Actor, Person
from app.domain.roles import Role
from app.services.tokens.switch import disable_token, revoke_token
from app.store.database import db
from app.store.tables import (
    ApplicationMember,
    ApplicationRow,
    TokenRow,
    UserRow,
)
from bench import bulk, copies, events, past
from bench.installation import Installation

DAY = timedelta(days=1)
OWNED, WORKED_ON, MEMBERS = 50, 100, 5
BUSY_EVENTS = 50
WHY = "The invoices of the day are read by this one."


@dataclass(frozen=True)
class Size:
    """How large. The first application has as many live tokens as one can have."""

    applications: int = 200
    tokens: int = 10_000
    events: int = 1_000_000
    people: int = 300
    live_in_first: int = 200


def fill(place: Installation, size: Size, now: datetime) -> None:
    """Fill the installation. Afterwards `flask audit verify` finds nothing."""
    with place.app.app_context():
        _fill(place, size, now)


def _fill(place: Installation, size: Size, now: datetime) -> None:
    models = _models(place, now)
    with bulk.filling(db.engine) as connection:
        people = _people(connection, place, size.people, now)
        applications = _applications(connection, place, people, size.applications, now)
        _tokens(connection, models, applications, size)
        past.fill(connection, now)
        events.append(connection, place.settings.chain_secret, size.events, people, _subjects(connection), now)


def _models(place: Installation, now: datetime) -> Sequence[tuple[str, int]]:
    """Tokens by the real verbs, one in each state, and how many in twenty are to be like it."""
    linus, grace = place.member, place.administrator
    billing = acts.create(linus, "Models", "What the others are copies of.", now)
    low, medium, high = (
        ("invoice:read", "product:read"),
        ("customer:read", "invoice:read", "invoice:write"),
        ("payout:create",),
    )

    def issue(
        name: str, scopes: tuple[str, ...], expires: str, at: datetime = now, ends: datetime | None = None
    ) -> str:
        issued = acts.issue(linus, billing, Wish(name, scopes, expires, reason=WHY, ends=ends), at)
        if scopes is medium:
            acts.approve(grace, issued, "", at)
        return issued.token_id

    disabled, revoked = issue("disabled", low, expiry.YEAR), issue("revoked", medium, expiry.YEAR)
    disable_token(disabled, WHY, Actor(grace.id, grace.name), now)
    revoke_token(revoked, WHY, Actor(grace.id, grace.name), now)
    return (
        (issue("reader", low, expiry.YEAR), 9),
        (issue("writer", medium, expiry.QUARTER), 4),
        (issue("waiting", high, expiry.HALF_YEAR), 1),
        (issue("ending", low, expiry.CUSTOM, ends=now + 6 * DAY), 1),
        (issue("endless", low, expiry.NEVER), 1),
        (issue("expired", low, expiry.WEEK, at=now - 60 * DAY), 2),
        (disabled, 1),
        (revoked, 1),
    )


def _people(connection: Connection, place: Installation, count: int, now: datetime) -> Sequence[Person]:
    others = [
        Person(new_id(Kind.USER), f"Person {number}", f"person{number}@example.com", Role.MEMBER)
        for number in range(count)
    ]
    rows = [
        {
            "id": one.id,
            "name": one.name,
            "email": one.email,
            "email_folded": one.email,
            "role": one.role,
            "created_at": now - 200 * DAY,
            "version": 1,
        }
        for one in others
    ]
    connection.execute(insert(UserRow), rows)
    return [place.member, place.administrator, place.superuser, *others]


def _applications(
    connection: Connection, place: Installation, people: Sequence[Person], count: int, now: datetime
) -> Sequence[str]:
    """Linus owns as many as one person can, and works on as many others."""
    ids, rows, members = [], list[dict[str, object]](), list[dict[str, object]]()
    for number in range(count):
        owner = place.member if number < OWNED - 1 else people[3 + number % (len(people) - 3)]
        named = f"application {number:03}"
        ids.append(new_id(Kind.APPLICATION))
        created = {"created_at": now - 200 * DAY, "created_by": owner.id, "version": 1}
        rows.append({"id": ids[-1], "name": named, "name_folded": named, "owner_id": owner.id, **created})
        working = {people[3 + (number * 7 + step) % (len(people) - 3)].id for step in range(MEMBERS)} - {owner.id}
        if OWNED <= number < WORKED_ON:
            working.add(place.member.id)
        members += [{"application_id": ids[-1], "user_id": one, "added_at": now - 100 * DAY} for one in working]
    connection.execute(insert(ApplicationRow), rows)
    connection.execute(insert(ApplicationMember), members)
    return ids


def _tokens(connection: Connection, models: Sequence[tuple[str, int]], applications: Sequence[str], size: Size) -> None:
    first, *others = applications
    # The first model is one that lives.
    copies.make(connection, models[0][0], copies.fillers(first, size.live_in_first, "live"))
    share, total = (size.tokens - size.live_in_first) / len(others), sum(weight for _, weight in models)
    for model, weight in models:
        count = math.ceil(share * weight / total)
        made = (copy for place in others for copy in copies.fillers(place, count, f"{model[4:12]} {place[4:12]}"))
        copies.make(connection, model, made)


def _subjects(connection: Connection) -> Sequence[Subject]:
    """What events are about: everything, and a few things over and over."""
    tokens = [
        Subject("token", row.id, row.name, row.application_id, row.id)
        for row in connection.execute(select(TokenRow.id, TokenRow.name, TokenRow.application_id).order_by(TokenRow.id))
    ]
    applications = [
        Subject("application", row.id, row.name, row.id)
        for row in connection.execute(select(ApplicationRow.id, ApplicationRow.name))
    ]
    people = [Subject("user", row.id, row.name) for row in connection.execute(select(UserRow.id, UserRow.name))]
    busy = tokens[:: max(1, len(tokens) // past.BUSY)]
    return [*tokens, *applications, *people, *(busy * BUSY_EVENTS)]
