"""Each rule runs over Postern, and over an example planted to be found: a rule that finds nothing proves nothing."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.architecture.house import ROOT, House

Plant = Callable[[Mapping[str, str]], House]


@pytest.fixture(scope="session")
def house() -> House:
    """Postern."""
    return House(ROOT)


@pytest.fixture
def plant(tmp_path: Path) -> Plant:
    """A function that builds a house of the given files."""

    def build(files: Mapping[str, str]) -> House:
        for name, source in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(source)
        return House(tmp_path)

    return build
