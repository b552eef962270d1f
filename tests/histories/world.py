"""What is so at one instant: of every token, request and rule. The program has one, and the model has one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tests.histories.facts import Content, Entry
from tests.histories.model import Model


@dataclass(frozen=True)
class Stands:
    """A token. `open_until` is the end of emergency access, where it is open."""

    status: str
    content: Content
    open_until: datetime | None


@dataclass(frozen=True)
class World:
    """Tokens and requests in the order in which they came; requests by status. `asks_at` is the policy."""

    tokens: Sequence[Stands]
    requests: Sequence[str]
    asks_at: frozenset[int]
    catalogue: Mapping[str, Entry]


def expected(model: Model, now: datetime) -> World:
    """The world as the model has it."""
    return World(
        [Stands(one.stands(now), one.content, one.open_until(now)) for one in model.tokens],
        [one.status for one in model.requests],
        frozenset(model.asks_at),
        dict(model.catalogue),
    )
