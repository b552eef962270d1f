"""What has changed since something was read, and what that leaves of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from app.store import freshness
from app.store.freshness import Freshness
from app.store.reading.reader import Changes, Reader


@dataclass
class Database(Reader):
    """What changed in which generation, as the tables have it."""

    value: int = 1
    everything: int = 0
    tokens: dict[str, int] = field(default_factory=dict)
    asked: int = 0

    def change(self, *tokens: str) -> int:
        """Change these tokens, or everything where none is named; the generation since."""
        self.value += 1
        self.tokens |= dict.fromkeys(tokens, self.value)
        if not tokens:
            self.everything = self.value
        return self.value

    def changes(self, since: int) -> Changes:
        self.asked += 1
        return Changes(self.value, self.everything, [name for name, value in self.tokens.items() if value > since])

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
    before = known.moment(database.value)
    after = known.moment(database.change("a", "b"))

    assert after > before
    assert [known.lasts(token, before) for token in ("a", "b", "c")] == [False, False, True]
    assert [known.lasts(token, after) for token in ("a", "b", "c")] == [True] * 3


def test_a_change_of_what_tokens_share_ends_all_that_was_read(database: Database, known: Freshness) -> None:
    moments = [known.moment(database.value), known.moment(database.change("a"))]
    now = known.moment(database.change())

    assert not any(known.lasts(token, since) for token in ("a", "b") for since in moments)
    assert known.lasts("a", now)


def test_several_changes_are_learnt_at_once(database: Database, known: Freshness) -> None:
    before = known.moment(database.value)
    for token in ("a", "b"):
        database.change(token)
    known.moment(database.change("a"))

    assert [known.lasts(token, before) for token in ("a", "b", "c")] == [False, False, True]
    assert database.asked == 2


def test_nothing_is_asked_twice_of_one_generation(database: Database, known: Freshness) -> None:
    assert len({known.moment(database.value) for _ in range(3)}) == 1
    assert database.asked == 1


def test_another_proof_of_the_same_generation_ends_nothing(database: Database, known: Freshness) -> None:
    """As where one change is announced twice."""
    before = known.moment("first", server=1)

    assert known.moment("second", server=1) == before
    assert known.lasts("a", before)


def test_what_was_read_on_the_word_of_another_server_is_not_used_again(known: Freshness) -> None:
    moments = [known.moment("same", server) for server in (1, 2, None, 2)]

    assert moments == sorted(set(moments))
    assert [known.lasts("a", since) for since in moments] == [False, False, False, True]


def test_a_generation_that_went_back_is_another_database(database: Database, known: Freshness) -> None:
    database.value = 9
    moments = [known.moment(database.value)]
    database.value = 5
    moments.append(known.moment(database.value))
    moments += [known.moment(database.change(token)) for token in "bcdef"]

    assert [known.lasts("a", since) for since in moments] == [False, *[True] * 6]
    assert [known.lasts("f", since) for since in moments] == [*[False] * 6, True]


def test_more_tokens_than_are_noted_count_as_everything(
    database: Database, known: Freshness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(freshness, "MOST_NOTED", 3)
    before = known.moment(database.value)
    known.moment(database.change("a", "b"))
    between = known.moment(database.change("c"))
    assert known.lasts("d", before)

    now = known.moment(database.change("d"))

    assert not any(known.lasts(token, since) for token in "abcde" for since in (before, between))
    assert known.lasts("d", now)


def test_what_the_database_cannot_say_is_learnt_later(
    database: Database, known: Freshness, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = known.moment(database.value)
    value = database.change("a")
    with monkeypatch.context() as away:
        away.setattr(database, "changes", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            known.moment(value)
    assert known.lasts("a", before), "nobody was given a moment at which it is another"

    known.moment(value)
    assert not known.lasts("a", before)


def test_whoever_asks_while_much_is_forgotten_is_not_told_that_it_lasts(
    database: Database, known: Freshness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The token's change is forgotten between the two looks that `lasts` takes."""
    before = known.moment(database.value)
    known.moment(database.change("a"))

    class Forgetful(dict[str, int]):
        def get(self, key: str, default: Any = None) -> Any:
            known.moment(database.change())
            return super().get(key, default)

    monkeypatch.setattr(known, "_tokens", Forgetful(known._tokens))

    assert not known.lasts("a", before)
