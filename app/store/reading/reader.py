"""What every way of reading offers."""

from collections.abc import Hashable, Sequence
from typing import Any, Protocol

from app.store.reading.changes import Changes, Point


class Unavailable(Exception):
    """The database does not say, or not in time."""


class Reader(Protocol):
    """Reads for verification, from whatever thread."""

    def generation(self) -> Hashable:
        """The generation as of now, or later than the call began: another after each change, in whichever history of
        the database. Raises Unavailable."""

    def changes(self, since: Point | None) -> Changes:
        """What has changed since this point, as of now or later than the call began. Raises Unavailable."""

    def rows(self, digests: Sequence[str]) -> Sequence[Any]:
        """The rows of `FACTS` for keys with any of these digests, of one moment, as the driver has them.
        Raises Unavailable."""

    def found(self, rows: Sequence[Any]) -> Sequence[Any]:
        """The same rows with names, and values as the tables' types have them."""

    def close(self) -> None:
        """Let all connections go."""
