"""What was read before is used only where it proves to be what is stored now."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, cast

import pytest
from flask import Flask

from app.clock import FixedClock
from app.domain import keys
from app.domain.keys import KeySecret
from app.domain.question import Snapshot
from app.services.tokens.switch import disable_token, enable_token
from app.store.cache import Cache, Entry
from app.store.reading import review
from app.store.reading.changes import Changes, Point
from app.store.reading.reader import Reader, Unavailable
from app.store.snapshots import Snapshots
from app.verification.verifier import Verifier
from tests.verification.conftest import (
    MakeService,
    Office,
    Service,
    make_service,
    office,
    service,
    statements,
    verifier,
)

__all__ = ["MakeService", "make_service", "office", "service", "statements", "verifier"]
SECRETS = (KeySecret("1", b"x" * 32),)


def test_what_did_not_change_is_not_read_again(
    service: Service, office: Office, statements: list[Sequence[str]], verifier: Verifier, clock: FixedClock
) -> None:
    issued = office.issue()
    assert [service.code(issued.key) for _ in range(3)] == ["VALID"] * 3
    # Usage is written to the same database: the file moves, the generation does not.
    verifier.usage.flush()
    clock.advance(timedelta(seconds=1))
    assert service.code(issued.key) == "VALID"

    assert len(statements) == 2, "the caller's key and the token's, once each"


def test_what_changed_is_seen_by_the_next_question(service: Service, office: Office) -> None:
    issued = office.issue()
    for _ in range(5):
        assert service.code(issued.key) == "VALID"
        office.do(disable_token, issued.token_id, "")
        assert service.code(issued.key) == "DISABLED"
        office.do(enable_token, issued.token_id, "It is needed again")


def test_a_change_of_another_token_has_nothing_read_again(
    service: Service, office: Office, statements: list[Sequence[str]]
) -> None:
    issued, other = office.issue(), office.issue()
    assert service.code(issued.key) == "VALID"
    read = len(statements)

    office.do(disable_token, other.token_id, "")
    assert service.code(issued.key) == "VALID"
    assert len(statements) == read

    office.do(disable_token, issued.token_id, "")
    assert service.code(issued.key) == "DISABLED"
    assert len(statements) == read + 1


def test_a_change_by_another_process_is_seen_as_well(
    service: Service, office: Office, another_app: Any, clock: FixedClock, cast: Any
) -> None:
    from tests.factories import actor  # noqa: PLC0415

    issued = office.issue()
    assert service.code(issued.key) == "VALID"
    other: Flask = another_app()
    with other.app_context():
        disable_token(issued.token_id, "", actor(cast.linus), clock())

    assert service.code(issued.key) == "DISABLED"


def test_time_passes_for_what_is_kept(service: Service, office: Office, clock: FixedClock) -> None:
    issued = office.issue(expires="1 week")
    assert service.code(issued.key) == "VALID"

    clock.advance(timedelta(days=8))

    assert service.code(issued.key) == "EXPIRED"


def test_an_unknown_key_is_known_once_it_is_issued() -> None:
    key, reader = keys.make(), Planted()
    snapshots = Snapshots(reader, SECRETS)
    assert snapshots.of(key) is None
    assert snapshots.of(key) is None
    assert reader.read == 1

    reader.number += 1

    assert snapshots.of(key) is None
    assert reader.read == 2


class Planted(Reader):
    """A database without rows, of which tests say what happens when."""

    def __init__(self) -> None:
        self.number = 1
        self.read = 0
        self.meanwhile: Any = None

    def generation(self) -> int:
        return self.number

    def changes(self, since: Point | None) -> Changes:
        return Changes(Point(self.number, 1, ""), [])

    def rows(self, digests: Sequence[str]) -> Sequence[Any]:
        self.read += 1
        if self.meanwhile is not None:
            self.meanwhile()
        return []

    def found(self, rows: Sequence[Any]) -> Sequence[Any]:
        return rows

    def close(self) -> None: ...


def test_what_changes_while_it_is_read_is_read_again() -> None:
    key, reader = keys.make(), Planted()
    snapshots = Snapshots(reader, SECRETS)

    def change() -> None:
        reader.number += 1
        reader.meanwhile = None

    reader.meanwhile = change
    snapshots.of(key)

    snapshots.of(key)
    assert reader.read == 2, "what was read before the change is not taken for what is there after it"
    snapshots.of(key)
    assert reader.read == 2


def test_one_question_is_proven_once_and_a_malformed_key_needs_none(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, proofs = Planted(), [1]  # taking a second one fails
    monkeypatch.setattr(reader, "generation", proofs.pop)
    look = Snapshots(reader, SECRETS).look()

    look.of("malformed")
    assert proofs == [1]
    look.of(keys.make())
    look.of(keys.make())
    assert proofs == []


def test_what_nobody_was_told_of_shows_within_five_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    key, reader, instant = keys.make(), Planted(), [0.0]
    monkeypatch.setattr(review, "monotonic", lambda: instant[0])
    snapshots = Snapshots(reader, SECRETS, shared=True)
    snapshots.look_at(1, "7").of(key)

    reader.number += 1  # and the node that did it was killed before it raised the shared generation
    snapshots.look_at(1, "7").of(key)
    assert reader.read == 1
    instant[0] += review.EVERY_SECONDS
    snapshots.look_at(1, "7").of(key)
    snapshots.look_at(1, "7").of(key)

    assert reader.read == 2
    assert review.EVERY_SECONDS + review.AGAIN_AFTER_SECONDS <= 5


def test_a_database_that_is_away_takes_no_proof_away(monkeypatch: pytest.MonkeyPatch) -> None:
    key, reader = keys.make(), Planted()
    snapshots = Snapshots(reader, SECRETS, shared=True)
    snapshots.look_at(1, "7").of(key)

    def gone() -> int:
        raise Unavailable

    monkeypatch.setattr(reader, "generation", gone)
    monkeypatch.setattr(review, "EVERY_SECONDS", 0.0)
    snapshots.look_at(1, "7").of(key)

    assert reader.read == 1


def test_where_there_is_no_proof_and_no_database_there_is_no_answer() -> None:
    reader = Planted()

    def gone() -> None:
        raise Unavailable

    reader.meanwhile = gone
    with pytest.raises(Unavailable):
        Snapshots(reader, SECRETS).look().of(keys.make())


def test_what_is_kept_is_bounded_and_made_up_keys_push_out_no_real_ones() -> None:
    cache, some = Cache(most_known=2, most_unknown=3), cast(Snapshot, object())
    for number in range(4):
        cache.keep(f"known {number}", Entry(1, some))
    for number in range(9):
        cache.keep(f"unknown {number}", Entry(1, None))

    assert [number for number in range(4) if cache.find(f"known {number}")] == [2, 3]
    assert [number for number in range(9) if cache.find(f"unknown {number}")] == [6, 7, 8]
