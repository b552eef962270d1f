"""What the index of a SQLite file's log tells of commits: decision 7."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.store.reading.sqlite import SqliteReader
from app.store.reading.wal_index import WalIndex, index_of
from app.store.snapshots import FACTS

ADD = "INSERT INTO number VALUES (1)"
FORMAT = (3_007_000).to_bytes(4, sys.byteorder)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "numbers.db"


@pytest.fixture
def writer(database: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("PRAGMA journal_mode = wal")
    connection.execute("CREATE TABLE number (value)")
    yield connection
    connection.close()


@pytest.fixture
def index(database: Path, writer: sqlite3.Connection) -> WalIndex:
    found = index_of(str(database))
    assert found is not None
    return found


def test_every_commit_changes_the_mark_and_a_read_does_not(index: WalIndex, writer: sqlite3.Connection) -> None:
    seen = [index.mark()]
    for _ in range(5):
        writer.execute("SELECT * FROM number").fetchall()
        assert index.mark() == seen[-1]
        writer.execute(ADD)
        seen.append(index.mark())
    assert len(set(seen)) == 6
    assert None not in seen


def test_the_commit_of_another_process_changes_it(index: WalIndex, database: Path) -> None:
    before = index.mark()
    add = f"import sqlite3; c = sqlite3.connect({str(database)!r}); c.execute({ADD!r}); c.commit(); c.close()"
    subprocess.run([sys.executable, "-c", add], check=True)
    assert index.mark() not in {before, None}


def test_a_commit_changes_it_after_the_log_was_begun_anew(index: WalIndex, writer: sqlite3.Connection) -> None:
    writer.execute(ADD)
    writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    seen = index.mark()
    writer.execute(ADD)
    assert index.mark() != seen


def test_what_is_taken_back_is_no_commit(index: WalIndex, writer: sqlite3.Connection) -> None:
    seen = index.mark()
    writer.execute("BEGIN IMMEDIATE")
    writer.execute(ADD)
    assert index.mark() == seen
    writer.execute("ROLLBACK")
    assert index.mark() == seen


def test_a_header_that_is_half_written_says_nothing() -> None:
    old, new = FORMAT + bytes(44), FORMAT + bytes(43) + b"1"
    assert WalIndex(memoryview(old + old)).mark() == old
    assert WalIndex(memoryview(old + new)).mark() is None


def test_there_is_none_of_a_file_without_a_log_or_of_a_format_that_nobody_knows(tmp_path: Path) -> None:
    assert index_of(str(tmp_path / "nothing.db")) is None
    for name, content in (("short.db", b""), ("other.db", b"\1" * 96)):
        (tmp_path / f"{name}-shm").write_bytes(content)
        assert index_of(str(tmp_path / name)) is None


def test_a_file_in_the_place_of_another_has_an_index_of_its_own(
    index: WalIndex, database: Path, writer: sqlite3.Connection
) -> None:
    writer.close()
    database.unlink()
    again = sqlite3.connect(database, isolation_level=None)
    again.execute("PRAGMA journal_mode = wal")
    again.execute("CREATE TABLE number (value)")
    new = index_of(str(database))
    assert new is not None
    seen = new.mark()
    again.execute(ADD)
    assert new.mark() != seen
    again.close()


@pytest.mark.parametrize("has_index", [True, False])
def test_the_reader_sees_each_change_with_an_index_and_without(
    database: Path, writer: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch, *, has_index: bool
) -> None:
    if not has_index:
        monkeypatch.setattr("app.store.reading.sqlite.index_of", lambda _: None)
    writer.execute("CREATE TABLE generation (value)")
    writer.execute("CREATE TABLE chain_head (hash)")
    writer.execute("INSERT INTO generation VALUES (0)")
    writer.execute("INSERT INTO chain_head VALUES ('hash')")
    reader = SqliteReader(f"sqlite:///{database}", FACTS)

    for number in range(1, 4):
        writer.execute("UPDATE generation SET value = ?", (number,))
        assert [reader.generation(), reader.generation()] == [(number, "hash")] * 2
    reader.close()
