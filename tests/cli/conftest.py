import pytest

from tests import people


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    people.hash_quickly(monkeypatch)
