"""What was posted by somebody whose session had ended: kept through the sign-in, then offered to be sent again, so
that a reason of ten lines outlives a lunch break (TRAPS L11).

It comes from a post that carried its form token, so it is what the person typed, not what another site made up."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import request

from app.web import resend
from app.web.sign_in import destination

ACTION, PREFIX = "kept_action", "kept:"
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Kept:
    """A post to be sent again: where to, and its fields."""

    action: str
    fields: Pairs

    def hidden(self) -> Iterator[tuple[str, str]]:
        """The fields by which a sign-in form carries it along."""
        yield ACTION, self.action
        yield from ((PREFIX + name, value) for name, value in self.fields)


def this_post() -> Kept:
    """The request at hand, which came too late."""
    return Kept(request.full_path.rstrip("?"), fields(besides=frozenset()))


def carried_along() -> Kept | None:
    """What the sign-in form at hand carries along, if anything."""
    if ACTION not in request.form:
        return None
    pairs = request.form.items(multi=True)
    carried = tuple((name.removeprefix(PREFIX), value) for name, value in pairs if name.startswith(PREFIX))
    return Kept(destination.safe(request.form[ACTION], method="POST"), carried)


def fields(*, besides: frozenset[str]) -> Pairs:
    """The fields of the post at hand without the form token and without passwords, which no page repeats."""
    return tuple((name, value) for name, value in resend.typed() if name not in besides)
