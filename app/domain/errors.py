"""Named refusals: each has a code for programs and a sentence for people that says what to do."""

from collections.abc import Iterator
from contextlib import contextmanager


class Refusal(Exception):
    """What was asked is not done, and nothing was changed."""

    code = "refused"

    def __init__(self, sentence: str, *, code: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        if code is not None:
            self.code = code


class NotFound(Refusal):
    """There is no such thing, or this person may not know of it: the two are told apart nowhere."""

    code = "not_found"

    def __init__(self, sentence: str = "There is nothing here that you may see.") -> None:
        super().__init__(sentence)


class NotAllowed(Refusal):
    """The person may see the thing but not do this to it."""

    code = "not_allowed"


class Conflict(Refusal):
    """Somebody else was first, or what was shown is no longer so."""

    code = "conflict"


class TooMany(Refusal):
    """Too many attempts. `retry_after` is in whole seconds."""

    code = "too_many"

    def __init__(self, sentence: str, *, retry_after: int) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


class Unfit(ValueError):
    """One value does not fit its rule; the message is a sentence for the person who typed it."""


class Invalid(Refusal):
    """An input is refused whole. `fields` maps each field's name to a sentence."""

    code = "invalid"

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = fields


class Faults:
    """Collects what is wrong with an input, field by field, so that a person hears of everything at once."""

    def __init__(self) -> None:
        self.fields: dict[str, str] = {}

    @contextmanager
    def at(self, field: str) -> Iterator[None]:
        """Note an `Unfit` raised inside as the fault of `field`; the first one of a field stays."""
        try:
            yield
        except Unfit as unfit:
            self.fields.setdefault(field, str(unfit))

    def refuse_if_any(self) -> None:
        """Raise `Invalid` with all that was noted, if anything was."""
        if self.fields:
            raise Invalid(self.fields)
