"""Tokens to be stopped together, by what they have in common or picked by hand, for the person who asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from app.domain import instants, lifecycle, text, token_selection
from app.domain.errors import Faults, Unfit
from app.domain.incidents import MOST
from app.domain.lifecycle import Status
from app.domain.people import Person
from app.domain.risk import Risk
from app.domain.token_selection import TokenSelection
from app.store.queries import live, named, token_risk, visible
from app.store.tables import ApplicationRow, KeyUsageRow, ScopeRow, TokenRow, TokenScope, UserRow


@dataclass(frozen=True)
class ChosenToken:
    """A token that would be, or was, stopped. `used_at` and `address` are of its last use."""

    id: str
    name: str
    status: Status
    risk: Risk
    application_name: str
    created_by: str
    created_at: datetime
    used_at: datetime | None
    address: str | None


@dataclass(frozen=True)
class Match:
    """The newest of the tokens that fit, at most as many as are stopped in one go, and how many fit."""

    lines: Sequence[ChosenToken]
    count: int


def selection(session: Session, typed: Mapping[str, str]) -> TokenSelection:
    """What the fields mean, things named by id or by name. Raises Invalid."""
    faults, found = Faults(), dict[str, Any]()
    with faults.at("application"):
        found["application_id"] = named.application(session, typed.get("application", ""))
    with faults.at("scope"):
        found["scope"] = _scope(session, typed.get("scope", "").strip())
    with faults.at("risk"):
        found["risk"] = token_selection.risk(typed.get("risk", ""))
    with faults.at("creator"):
        found["creator_id"] = named.person(session, typed.get("creator", ""))
    with faults.at("since"):
        found["since"] = instants.since(typed.get("since", ""))
    with faults.at("until"):
        found["until"] = instants.until(typed.get("until", ""))
    with faults.at("address"):
        found["address"] = token_selection.address(typed.get("address", ""))
    faults.refuse_if_any()
    return TokenSelection(**found)


def matching(session: Session, person: Person, wanted: TokenSelection, now: datetime) -> Match:
    """The live tokens that fit."""
    fits = (visible.to(person), live.at(now), *_conditions(wanted))
    joined = select(TokenRow.id).join(ApplicationRow, ApplicationRow.id == TokenRow.application_id)
    ids = joined.where(*fits).order_by(TokenRow.created_at.desc(), TokenRow.id).limit(MOST)
    lines = under(session, TokenRow.id.in_(ids), now)
    if len(lines) < MOST:
        return Match(lines, len(lines))
    count = select(func.count(TokenRow.id)).join(ApplicationRow, ApplicationRow.id == TokenRow.application_id)
    return Match(lines, session.scalars(count.where(*fits)).one())


def of_application(
    session: Session, person: Person, application_id: str, token_ids: Sequence[str], now: datetime
) -> Sequence[ChosenToken]:
    """Those of these tokens that are of the application, if the person may see it."""
    seen = select(ApplicationRow.id).where(ApplicationRow.id == application_id, visible.to(person))
    return under(session, TokenRow.id.in_(token_ids) & TokenRow.application_id.in_(seen), now)


def under(session: Session, condition: ColumnElement[bool], now: datetime) -> Sequence[ChosenToken]:
    """The tokens under a condition on their rows, the newest first. The caller has seen to what the person may see."""
    rows = session.execute(_selected().where(condition)).all()
    return [
        ChosenToken(
            id=token.id,
            name=token.name,
            status=lifecycle.status(token.facts, now),
            risk=Risk(level),
            application_name=application,
            created_by=creator,
            created_at=token.created_at,
            used_at=used_at,
            address=address,
        )
        for token, application, creator, level, used_at, address in rows
    ]


def _selected() -> Select[*tuple[Any, ...]]:
    last = select(KeyUsageRow).where(KeyUsageRow.token_id == TokenRow.id).order_by(KeyUsageRow.used_at.desc()).limit(1)
    used_at, address = (last.with_only_columns(column) for column in (KeyUsageRow.used_at, KeyUsageRow.address))
    return (
        select(
            TokenRow,
            ApplicationRow.name,
            UserRow.name,
            token_risk.level(),
            used_at.correlate(TokenRow).scalar_subquery(),
            address.correlate(TokenRow).scalar_subquery(),
        )
        .join(ApplicationRow, ApplicationRow.id == TokenRow.application_id)
        .join(UserRow, UserRow.id == TokenRow.created_by)
        .order_by(TokenRow.created_at.desc(), TokenRow.id)
    )


def _conditions(wanted: TokenSelection) -> Sequence[ColumnElement[bool]]:
    conditions = []
    if wanted.application_id is not None:
        conditions.append(TokenRow.application_id == wanted.application_id)
    if wanted.creator_id is not None:
        conditions.append(TokenRow.created_by == wanted.creator_id)
    if wanted.scope is not None:
        conditions.append(TokenRow.id.in_(select(TokenScope.token_id).where(TokenScope.scope_name == wanted.scope)))
    if wanted.risk is not None:
        conditions.append(token_risk.level() == int(wanted.risk))
    if wanted.since is not None:
        conditions.append(TokenRow.created_at >= wanted.since)
    if wanted.until is not None:
        conditions.append(TokenRow.created_at < wanted.until)
    if wanted.address is not None:
        conditions.append(TokenRow.id.in_(select(KeyUsageRow.token_id).where(KeyUsageRow.address == wanted.address)))
    return conditions


def _scope(session: Session, typed: str) -> str | None:
    if not typed:
        return None
    found = session.scalar(select(ScopeRow.name).where(ScopeRow.name == text.name(typed)))
    if found is None:
        raise Unfit("No scope of the catalogue has this name.")
    return found
