"""What came out, row by row, beside what was to be reached (SPEC 17)."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
RESULTS, DRIVES = FOLDER / "results.json", FOLDER / "drives.json"


@dataclass(frozen=True)
class Result:
    """One row. `goal` is the least or the most that `value` may be; the name says which."""

    name: str
    value: float
    goal: float
    reached: bool

    def __str__(self) -> str:
        return f"{'reached' if self.reached else 'MISSED '}  {self.value:10.3f}  {self.goal:10.3f}  {self.name}"


def at_least(name: str, value: float, goal: float) -> Result:
    """A row that wants much."""
    return Result(f"{name} (at least)", round(value, 3), goal, value >= goal)


def at_most(name: str, value: float, goal: float) -> Result:
    """A row that wants little."""
    return Result(f"{name} (at most)", round(value, 3), goal, value <= goal)


def write(results: Sequence[Result], path: Path = RESULTS) -> None:
    """Keep the rows as a list of JSON objects."""
    path.write_text(json.dumps([asdict(one) for one in results], indent=2, ensure_ascii=False) + "\n")


def read(path: Path = RESULTS) -> Sequence[Result]:
    """The rows that were kept."""
    return [Result(**one) for one in json.loads(path.read_text())]
