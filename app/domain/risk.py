"""Risk: the highest among a token's scopes. Computed here, never posted."""

from collections.abc import Iterable
from enum import IntEnum


class Risk(IntEnum):
    """How much a scope can do. Ordered, so that the highest is `max`."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3

    @property
    def word(self) -> str:
        """As stored and as the API says it."""
        return self.name.lower()

    @property
    def label(self) -> str:
        """As people read it."""
        return self.name.capitalize()

    @classmethod
    def of(cls, word: str) -> "Risk":
        """The risk that a stored word names. Raises KeyError for any other text."""
        return cls[word.upper()] if word == word.lower() else cls[word]


def highest(risks: Iterable[Risk]) -> Risk:
    """The risk of a token whose scopes have these risks; Low where there is none."""
    return max(risks, default=Risk.LOW)


def reason_required(risk: Risk) -> bool:
    """Whether issuing at this risk needs a reason."""
    return risk >= Risk.MEDIUM
