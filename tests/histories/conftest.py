"""What a history is played on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.histories.ground import Ground, laid
from tests.histories.stage import Stage
from tests.histories.team import Team


@pytest.fixture(scope="session")
def ground(sqlite_templates: dict[bool, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    with laid(sqlite_templates[False], tmp_path_factory.mktemp("ground")) as ground:
        yield ground


@pytest.fixture
def stage(ground: Ground) -> Stage:
    return Stage(ground)


@pytest.fixture
def team(stage: Stage) -> Team:
    return Team(stage)
