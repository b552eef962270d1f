"""The one SELECT of the hot path: all that is known of a key, read in one statement and so at one moment."""

from collections.abc import Callable, Hashable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, and_, bindparam, or_, select

from app.domain import keys, restrictions
from app.domain.access_rules import AccessRule, parse
from app.domain.keys import KeySecret
from app.domain.lifecycle import Facts
from app.domain.question import GrantedScope, Snapshot
from app.store.cache import Cache, Entry
from app.store.freshness import Freshness
from app.store.reading.postgresql import PostgresqlReader
from app.store.reading.reader import Reader
from app.store.reading.review import Review
from app.store.reading.sqlite import SqliteReader
from app.store.tables import ApplicationRow, EmergencyWindowRow, KeyRow, ScopeRow, TokenRow, TokenScope

Found = Row[*tuple[Any, ...]]
# Nothing here may depend on the time: what was read is used again as long as no row has changed.
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
_permission = lru_cache(maxsize=10_000)(parse)


def open_reader(url: str, secrets: int) -> Reader:
    """The reader of this database, for keys that may have been made under so many secrets."""
    by_digest = FACTS.where(or_(*(KeyRow.digest == bindparam(f"digest_{place}") for place in range(secrets))))
    return SqliteReader(url, by_digest) if url.startswith("sqlite") else PostgresqlReader(url, by_digest)


class Snapshots:
    """What is stored, found by keys. What was read before is used again where it proves to be what is stored now.

    `shared` says that nodes tell one another of changes by a generation of their own. One that could not be told of
    shows all the same: the database's own generation is looked at every few seconds."""

    def __init__(self, reader: Reader, secrets: tuple[KeySecret, ...], *, shared: bool = False) -> None:
        self._reader = reader
        self._secrets = secrets
        self._cache = Cache()
        self._freshness = Freshness(reader)
        self._review = Review(reader) if shared else None

    def look(self) -> "Look":
        """A look at what is stored now, for one question that has arrived: proven by the database itself."""
        return Look(self, None, self._reader.generation)

    def look_at(self, server: int, generation: Hashable) -> "Look":
        """A look at what is stored as of the generation that this server told, for whoever proves that it is the one of
        now."""
        return Look(self, server, lambda: generation)

    def of(self, key: str) -> Snapshot | None:
        """What is known of this key now. Raises Unavailable."""
        return self.look().of(key)

    def close(self) -> None:
        """Let the database go."""
        self._reader.close()

    def moment(self, server: int | None, generation: Hashable) -> int:
        """The moment of this generation. Raises Unavailable."""
        return self._freshness.moment(server, (generation, self._review.number()) if self._review else generation)

    def lasts(self, since: int, seen: Snapshot | None) -> bool:
        """Whether what was read at this moment is right at those that were asked for since. Any change may issue a key
        that nobody had."""
        return seen is not None and self._freshness.lasts(seen.token_id, since)

    def at(self, moment: int, key: str) -> Snapshot | None:
        """What is known of a well-formed key, as of this moment or later. Raises Unavailable."""
        digest = keys.digest(key, self._secrets[0])
        entry = self._cache.find(digest)
        if entry is None or not (entry.moment == moment or self.lasts(entry.moment, entry.snapshot)):
            # The moment was known before this: what changes meanwhile makes the entry useless, never wrong.
            rows = self._reader.rows([keys.digest(key, secret) for secret in self._secrets])
            entry = Entry(moment, snapshot(self._reader.found(rows)) if rows else None)
            self._cache.keep(digest, entry)
        return entry.snapshot


class Look:
    """One question's look at what is stored. `generation` is asked for once, when the first key is looked up; it is the
    one that a `server` told, or the database's own where that is None."""

    def __init__(self, snapshots: Snapshots, server: int | None, generation: Callable[[], Hashable]) -> None:
        self._snapshots = snapshots
        self._ask = generation
        self._server = server
        self._moment: int | None = None

    @property
    def used(self) -> bool:
        """Whether anything was looked at."""
        return self._moment is not None

    def of(self, key: str) -> Snapshot | None:
        """What is known of this key; None for one that nobody has, or that is none (which costs no look at anything).
        Raises Unavailable where the database cannot say."""
        if not keys.is_well_formed(key):
            return None
        return self._snapshots.at(self.moment(), key)

    def moment(self) -> int:
        """When this looks, to be kept with all that is worked out from it. Raises Unavailable."""
        if self._moment is None:
            self._moment = self._snapshots.moment(self._server, self._ask())
        return self._moment

    def lasts(self, since: int, *seen: Snapshot | None) -> bool:
        """Whether what was seen of these keys before this look's moment, which was asked for, is what it sees, too."""
        return all(self._snapshots.lasts(since, one) for one in seen)


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
