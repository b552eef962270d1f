"""When a key could be accepted, and when it had to be."""

from dataclasses import dataclass, field
from time import monotonic

from tests.freshness.asking import Told

FOREVER = float("inf")


@dataclass
class History:
    """What a change does begins at the earliest when it is called, and is done at the latest when it returns: between
    the two either answer is right."""

    may: list[list[float]] = field(default_factory=lambda: [[0.0, FOREVER]])
    must: list[list[float]] = field(default_factory=lambda: [[0.0, FOREVER]])

    def stops(self) -> None:
        """A change is called from whose answer on the key is refused."""
        self.must[-1][1] = monotonic()

    def stopped(self, late: float) -> None:
        """It is answered; or, `late` seconds later at the latest, it shows by itself."""
        self.may[-1][1] = monotonic() + late

    def starts(self) -> None:
        """A change is called from whose answer on the key is accepted."""
        self.may.append([monotonic(), FOREVER])

    def started(self, late: float) -> None:
        """It is answered; or it shows `late` seconds later at the latest."""
        self.must.append([monotonic() + late, FOREVER])

    def fault(self, told: Told) -> str | None:
        """What is wrong with an answer, if anything."""
        if told.code == "VALID" and not any(told.asked <= end and begin <= told.answered for begin, end in self.may):
            return f"accepted {told} though it could only be in {self.may}"
        if told.code not in {"VALID", None} and any(
            begin < told.asked and told.answered < end for begin, end in self.must
        ):
            return f"refused {told} though it was good in {self.must}"
        return None
