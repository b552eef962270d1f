"""What the database holds, read by plain SQL: none of the program's code has a say in what is seen."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from tests.histories.cast import CATALOGUE
from tests.histories.facts import LIVE, PERMITS, Content, Entry
from tests.histories.limits import COLUMNS, way_of
from tests.histories.world import Stands, World

LINES = {text: name for name, (text, _) in PERMITS.items()}
JSON_COLUMNS = {"ip_whitelist", "access_rules"}


@dataclass
class Stored:
    """One connection. Tokens and requests are named by their ids."""

    connection: sqlite3.Connection

    def __post_init__(self) -> None:
        self.connection.row_factory = sqlite3.Row

    def world(self, tokens: Sequence[str], requests: Sequence[str], now: datetime) -> World:
        """What is so at this instant."""
        asked = {row["id"]: row for row in self._rows("SELECT id, status, expires_at FROM approval_request")}
        return World(
            self._tokens(tokens, now),
            [_waits(asked[one], now) for one in requests],
            frozenset(row["risk"] for row in self._rows("SELECT risk FROM policy WHERE approval")),
            self._catalogue(),
        )

    def standing(self) -> Mapping[str, tuple[str, bool, bool]]:
        """Of everybody, by name: role, whether they are active, whether they are members."""
        members = 'SELECT user_id FROM application_member WHERE user_id = "user".id'
        rows = self._rows(f'SELECT name, role, active, EXISTS ({members}) AS member FROM "user"')
        return {row["name"]: (row["role"], bool(row["active"]), bool(row["member"])) for row in rows}

    def last_change(self) -> tuple[int, str | None]:
        """The number of the last event that changed anything, and its token. That somebody was refused to decide their
        own request is in the log too."""
        said = "SELECT sequence, token_id FROM audit_event WHERE action != 'approval.self_refused'"
        [row] = self._rows(f"{said} ORDER BY sequence DESC LIMIT 1")
        return row["sequence"], row["token_id"]

    def new(self, table: str, known: Sequence[str]) -> Sequence[str]:
        """The ids that the table has and that are not known yet, by age."""
        rows = self._rows(f"SELECT id FROM {table} ORDER BY rowid")  # the names are ours
        return [row["id"] for row in rows if row["id"] not in known]

    def version(self, table: str, key: object) -> str:
        """What the form about this row brings along."""
        column = {"token": "id", "scope": "name", "policy": "risk"}[table]
        [row] = self._rows(f"SELECT version FROM {table} WHERE {column} = ?", key)
        return str(row["version"])

    def key_id(self, token_id: str) -> str:
        """The key that the token's page shows as the current one."""
        [row] = self._rows('SELECT id FROM "key" WHERE token_id = ? AND stops_at IS NULL', token_id)
        return str(row["id"])

    def _tokens(self, ids: Sequence[str], now: datetime) -> Sequence[Stands]:
        held: dict[str, set[str]] = {token_id: set() for token_id in ids}
        for row in self._rows("SELECT token_id, scope_name FROM token_scope"):
            held[row["token_id"]].add(row["scope_name"])
        windows = self._rows("SELECT token_id, ends_at FROM emergency_window WHERE ended_at IS NULL")
        until = {row["token_id"]: _instant(row["ends_at"]) for row in windows}
        rows = {row["id"]: row for row in self._rows("SELECT * FROM token")}
        return [
            Stands(_stands(rows[one], now), _content(rows[one], held[one]), _unless_over(until.get(one), now))
            for one in ids
        ]

    def _catalogue(self) -> Mapping[str, Entry]:
        rows = self._rows("SELECT name, risk, permissions, retired FROM scope")
        return {
            row["name"]: Entry(row["risk"], LINES["\n".join(json.loads(row["permissions"]))], bool(row["retired"]))
            for row in rows
            if row["name"] in CATALOGUE
        }

    def _rows(self, statement: str, *values: object) -> Sequence[sqlite3.Row]:
        return self.connection.execute(statement, values).fetchall()


def _content(row: sqlite3.Row, scopes: set[str]) -> Content:
    kept = {field: row[column] for field, column in COLUMNS.items()}
    ways = {
        field: way_of(field, json.loads(value) if value and COLUMNS[field] in JSON_COLUMNS else value)
        for field, value in kept.items()
    }
    return Content(frozenset(scopes), _instant(row["expires_at"]), **ways)


def _stands(row: sqlite3.Row, now: datetime) -> str:
    lapses, ends = _instant(row["lapses_at"]), _instant(row["expires_at"])
    if row["status"] == "pending" and lapses is not None and now >= lapses:
        return "rejected"
    return "expired" if ends is not None and now >= ends and row["status"] in LIVE else str(row["status"])


def _waits(row: sqlite3.Row, now: datetime) -> str:
    lapses = _instant(row["expires_at"])
    return "expired" if row["status"] == "pending" and lapses is not None and now >= lapses else str(row["status"])


def _unless_over(until: datetime | None, now: datetime) -> datetime | None:
    return until if until is not None and now < until else None


def _instant(kept: str | None) -> datetime | None:
    return datetime.fromisoformat(kept).replace(tzinfo=UTC) if kept else None
