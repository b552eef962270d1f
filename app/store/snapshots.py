"""The one SELECT of the hot path: all that is known of a key, read in one statement and so at one moment."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sqlalchemy import Engine, Row, and_, bindparam, create_engine, event, select
from sqlalchemy.exc import DBAPIError

from app.domain import keys, restrictions
from app.domain.access_rules import AccessRule, parse
from app.domain.keys import KeySecret
from app.domain.lifecycle import Facts
from app.domain.question import GrantedScope, Snapshot
from app.store.tables import ApplicationRow, EmergencyWindowRow, KeyRow, ScopeRow, TokenRow, TokenScope

PATIENCE_SECONDS = 1
Found = Row[*tuple[Any, ...]]
_MILLISECONDS = PATIENCE_SECONDS * 1000
FACTS = (
    select(
        KeyRow.id.label("key_id"),
        KeyRow.stops_at,
        TokenRow.id.label("token_id"),
        TokenRow.status,
        TokenRow.expires_at,
        TokenRow.lapses_at,
        *(getattr(TokenRow, field) for field in restrictions.FIELDS),
        ApplicationRow.id.label("application_id"),
        ApplicationRow.name.label("application_name"),
        ApplicationRow.enabled,
        ApplicationRow.answers_for,
        ScopeRow.name.label("scope"),
        ScopeRow.risk,
        ScopeRow.permissions,
        EmergencyWindowRow.id.label("emergency_id"),
        EmergencyWindowRow.ends_at.label("emergency_until"),
    )
    .join_from(KeyRow, TokenRow, TokenRow.id == KeyRow.token_id)
    .join(ApplicationRow, ApplicationRow.id == TokenRow.application_id)
    # At most one row: see the unique index.
    .outerjoin(
        EmergencyWindowRow,
        and_(EmergencyWindowRow.token_id == TokenRow.id, EmergencyWindowRow.ended_at.is_(None)),
    )
    .outerjoin(TokenScope, TokenScope.token_id == TokenRow.id)
    .outerjoin(ScopeRow, ScopeRow.name == TokenScope.scope_name)
)
_BY_DIGEST = FACTS.where(KeyRow.digest.in_(bindparam("digests", expanding=True)))
_permission = lru_cache(maxsize=10_000)(parse)


def open_reader(url: str) -> Engine:
    """Connections of the verifier's own: they only read, see each commit at once, and wait no longer than a second, so
    that neither a slow page nor a held lock can pile verifications up."""
    if not url.startswith("sqlite"):
        settings = {
            "statement_timeout": str(_MILLISECONDS),
            "default_transaction_read_only": "on",
            "timezone": "utc",
        }
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        arguments = {"options": options, "connect_timeout": PATIENCE_SECONDS, "tcp_user_timeout": _MILLISECONDS}
        return _engine(url, arguments)
    engine = _engine(url, {"timeout": PATIENCE_SECONDS})
    event.listen(engine, "connect", lambda connection, record: connection.execute("PRAGMA query_only = 1"))
    return engine


def _engine(url: str, arguments: dict[str, Any]) -> Engine:
    return create_engine(
        url,
        isolation_level="AUTOCOMMIT",
        pool_timeout=PATIENCE_SECONDS,
        connect_args=arguments,
        # Digests are no keys, but nothing in a log needs them either.
        hide_parameters=True,
    )


@dataclass(frozen=True)
class Snapshots:
    """What is stored, found by keys."""

    engine: Engine
    secrets: tuple[KeySecret, ...] = field(repr=False)

    def of(self, key: str) -> Snapshot | None:
        """What is known of this key; None for one that nobody has, or that is none (which costs no query). Raises
        SQLAlchemyError where the database cannot say."""
        if not keys.is_well_formed(key):
            return None
        digests = [keys.digest(key, secret) for secret in self.secrets]
        try:
            rows = self._read(digests)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            # The database was restarted since the last question; the pool has noticed and connects anew.
            rows = self._read(digests)
        return snapshot(rows) if rows else None

    def _read(self, digests: Sequence[str]) -> Sequence[Found]:
        with self.engine.connect() as connection:
            return connection.execute(_BY_DIGEST, {"digests": digests}).all()


def snapshot(rows: Sequence[Found]) -> Snapshot:
    """What the rows of `FACTS` for one key say: one row for each scope of its token."""
    first = rows[0]
    scopes = (GrantedScope(row.scope, row.risk, _permissions(row.permissions)) for row in rows if row.scope is not None)
    return Snapshot(
        key_id=first.key_id,
        key_stops_at=first.stops_at,
        token_id=first.token_id,
        facts=Facts(first.status, first.expires_at, first.lapses_at),
        application_id=first.application_id,
        application_name=first.application_name,
        application_enabled=first.enabled,
        answers_for=first.answers_for,
        # By Python and not by the database: two of them would put `_` in two places.
        scopes=tuple(sorted(scopes, key=lambda scope: scope.name)),
        restrictions=restrictions.of({field: getattr(first, field) for field in restrictions.FIELDS}),
        emergency_id=first.emergency_id,
        emergency_until=first.emergency_until,
    )


def _permissions(texts: Sequence[str]) -> tuple[AccessRule, ...]:
    return tuple(_permission(text) for text in texts)
