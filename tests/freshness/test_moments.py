"""What has changed since something was read, and what that leaves of it."""

import random
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import sleep
from typing import Any

import pytest

from app.store import freshness
from app.store.freshness import Freshness
from app.store.reading import changes
from app.store.reading.changes import Changes, Point
from app.store.reading.reader import Reader


@dataclass
class Database(Reader):
    """What changed in which generation, as the tables have it. Each change is an event."""

    value: int = 1
    noted: int = 1
    everything: int = 0
    tokens: dict[str, int] = field(default_factory=dict)
    events: list[str] = field(default_factory=lambda: ["the first"])
    asked: int = 0

    def change(self, *tokens: str) -> int:
        """Change these tokens, or everything where none is named; the generation since."""
        self.value += 1
        self.noted = self.value
        self.tokens |= dict.fromkeys(tokens, self.value)
        if not tokens:
            self.everything = self.value
        self.events.append(f"{random.random()}")
        return self.value

    def changes(self, since: Point | None) -> Changes:
        self.asked += 1
        after, then = (since.generation, self.events[since.sequence - 1 :][:1]) if since else (0, [])
        found = [name for name, value in self.tokens.items() if value > after]
        here = (self.value, self.noted, self.everything, len(self.events), self.events[-1], then[0] if then else None)
        return changes.found([(*here, name) for name in found or [None]], since)  # type: ignore[list-item]

    def generation(self) -> int:
        return self.value

    def rows(self, digests: Sequence[str]) -> Sequence[Any]:
        raise NotImplementedError

    def found(self, rows: Sequence[Any]) -> Sequence[Any]:
        raise NotImplementedError

    def close(self) -> None: ...


@pytest.fixture
def database() -> Database:
    return Database()


@pytest.fixture
def known(database: Database) -> Freshness:
    return Freshness(database)


def test_a_change_ends_what_was_read_of_its_own_token_alone(database: Database, known: Freshness) -> None:
    before = known.moment(None, database.value)
    after = known.moment(None, database.change("a", "b"))

    assert after > before
    assert [known.lasts(token, before) for token in ("a", "b", "c")] == [False, False, True]
    assert [known.lasts(token, after) for token in ("a", "b", "c")] == [True] * 3


def test_a_change_of_what_tokens_share_ends_all_that_was_read(database: Database, known: Freshness) -> None:
    moments = [known.moment(None, database.value), known.moment(None, database.change("a"))]
    now = known.moment(None, database.change())

    assert not any(known.lasts(token, since) for token in ("a", "b") for since in moments)
    assert known.lasts("a", now)


def test_several_changes_are_learnt_at_once(database: Database, known: Freshness) -> None:
    before = known.moment(None, database.value)
    for token in ("a", "b"):
        database.change(token)
    known.moment(None, database.change("a"))

    assert [known.lasts(token, before) for token in ("a", "b", "c")] == [False, False, True]
    assert database.asked == 2


def test_nothing_is_asked_twice_of_one_generation(database: Database, known: Freshness) -> None:
    assert len({known.moment(None, database.value) for _ in range(3)}) == 1
    assert database.asked == 1


def test_another_proof_of_the_same_generation_ends_nothing(database: Database, known: Freshness) -> None:
    """As where one change is announced twice."""
    before = known.moment(1, "first")

    assert known.moment(1, "second") == before
    assert known.lasts("a", before)


def test_what_was_read_on_the_word_of_another_server_is_not_used_again(known: Freshness) -> None:
    moments = [known.moment(server, "same") for server in (1, 2, 3)]

    assert moments == sorted(set(moments))
    assert [known.lasts("a", since) for since in moments] == [False, False, True]


def test_the_word_of_the_database_itself_ends_nothing_and_is_kept_beside_the_server_s(
    database: Database, known: Freshness
) -> None:
    moments = [known.moment(server, "same") for server in (1, None, 1, None, 1)]

    assert len(set(moments)) == 1
    assert database.asked == 2
    known.moment(None, database.change("a"))
    assert not known.lasts("a", moments[0])
    assert known.lasts("b", moments[0])


@pytest.mark.parametrize("events", [0, 1, 2, 3, 9])
def test_another_history_of_the_database_ends_everything(database: Database, known: Freshness, events: int) -> None:
    """A replica that takes over and lacks the last changes, or a backup in its place."""
    for token in "abc":
        database.change(token)
    before = known.moment(None, database.value)
    other = Database(events=database.events[:2])
    for number in range(events):
        other.change(f"other {number}")
    vars(database).update(vars(other))

    known.moment(None, f"heard after {events} changes")

    assert not known.lasts("a", before)


def test_a_generation_that_was_raised_without_a_note_ends_everything(database: Database, known: Freshness) -> None:
    """As an older version of Postern does while it is replaced, or somebody by hand."""
    before = known.moment(None, database.value)
    database.value += 1
    between = known.moment(None, database.value)

    assert not known.lasts("a", before)
    assert known.lasts("a", between)


def test_more_tokens_than_are_noted_count_as_everything(
    database: Database, known: Freshness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freshness, "MOST", 3)
    before = known.moment(None, database.value)
    known.moment(None, database.change("a", "b"))
    between = known.moment(None, database.change("c"))
    assert known.lasts("d", before)

    now = known.moment(None, database.change("d"))

    assert not any(known.lasts(token, since) for token in "abcde" for since in (before, between))
    assert known.lasts("d", now)


def test_what_the_database_cannot_say_is_learnt_later(
    database: Database, known: Freshness, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = known.moment(None, database.value)
    value = database.change("a")
    with monkeypatch.context() as away:
        away.setattr(database, "changes", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            known.moment(None, value)
    assert known.lasts("a", before), "nobody was given a moment at which it is another"

    known.moment(None, value)
    assert not known.lasts("a", before)


def test_whoever_asks_while_much_is_forgotten_is_not_told_that_it_lasts(
    database: Database, known: Freshness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The token's change is forgotten between the two looks that `lasts` takes."""
    before = known.moment(None, database.value)
    known.moment(None, database.change("a"))

    class Forgetful(dict[str, int]):
        def get(self, key: str, default: Any = None) -> Any:
            known.moment(None, database.change())
            return super().get(key, default)

    monkeypatch.setattr(known, "_tokens", Forgetful(known._tokens))

    assert not known.lasts("a", before)


def test_more_tokens_than_are_told_apart_are_everything(
    database: Database, known: Freshness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "MOST", 3)
    before = known.moment(None, database.value)

    known.moment(None, database.change(*"abcd"))

    assert not known.lasts("e", before)


def test_no_thread_takes_what_was_changed_before_it_asked_for_fresh(database: Database, known: Freshness) -> None:
    """Many threads and one who changes things. What each of them reads is the generation in which it was read."""
    over, faults = threading.Event(), list[str]()
    names, one_at_a_time = [f"token {number}" for number in range(6)], threading.Lock()
    kept: dict[str, tuple[int, int]] = {}

    def change() -> None:
        for _ in range(2_000):
            sleep(0.0001)
            with one_at_a_time:
                database.change(*([] if random.random() < 0.05 else random.sample(names, 2)))
        over.set()

    def ask() -> None:
        while not over.is_set():
            name = random.choice(names)
            with one_at_a_time:
                proof, changed = database.value, max(database.tokens.get(name, 0), database.everything)
            moment = known.moment(None, proof)
            since, read = kept.get(name, (-1, -1))
            if since != moment and not known.lasts(name, since):
                read = database.value
                kept[name] = (moment, read)
            if read < changed:
                faults.append(f"{name}, read in {read}, was changed in {changed}")

    threads = [threading.Thread(target=act) for act in (change, *[ask] * 6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert database.asked > 100
