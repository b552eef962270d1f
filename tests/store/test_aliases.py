"""Aliases that all threads share: each statement is about the alias, however many are written at once."""

import sys
import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from app.store.aliases import shared_alias
from app.store.tables import ApplicationRow, UserRow

THREADS, ROUNDS = 8, 60
SECONDS_UNTIL_ANOTHER_THREAD = 1e-6


@pytest.fixture(autouse=True)
def _threads_that_interrupt_each_other() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(SECONDS_UNTIL_ANOTHER_THREAD)
    yield
    sys.setswitchinterval(before)


def written_at_once(owner: type[UserRow]) -> set[str]:
    """The first statements with this alias, each by a thread of its own."""
    written, together = list[str](), threading.Barrier(THREADS)

    def write() -> None:
        together.wait()
        whole = select(owner, owner.name).join(ApplicationRow, owner.id == ApplicationRow.owner_id)
        written.append(str(whole))

    threads = [threading.Thread(target=write) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(written) == THREADS
    return set(written)


def test_first_statements_of_many_threads_at_once_read_the_alias_and_not_the_table_beside_it() -> None:
    for _ in range(ROUNDS):
        (statement,) = written_at_once(shared_alias(UserRow, name="owner"))
        assert 'FROM "user" AS owner JOIN application' in statement
        assert statement.count('"user"') == 1
