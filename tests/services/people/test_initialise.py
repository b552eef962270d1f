from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask

from app.clock import FixedClock
from app.domain.errors import Conflict
from app.domain.risk import Risk
from app.services import passwords
from app.services.installation import initialise
from tests import people


def test_of_two_at_once_one_is_the_first_superuser(
    app: Flask, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Both have seen an empty installation by the time they hash.
    both = Barrier(2)
    monkeypatch.setattr(passwords, "hashed", lambda password: f"hash {both.wait(10)}")

    def first(name: str) -> bool:
        with app.app_context():
            try:
                initialise(f"{name}@example.com", name, [Risk.HIGH], clock())
            except Conflict:
                return False
            return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(first, ["Ada", "Mallory"])) == [False, True]
    assert len(people.events(app)) == 1
