"""The one thing that must never be: a token that can do more than somebody let it do.

It watches what is stored before and after each step, and believes nothing of what the program says about itself: for
every token that came to do more, it asks who let it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tests.histories.facts import HALF_AN_HOUR, MEMBER, Content, End, Person, Scopes, end_of

Stands = tuple[str, Content]
IN_USE = {"active", "disabled"}


@dataclass(frozen=True)
class Asked:
    """What a request is about, as it was asked for: the scopes, where they are to change; the end likewise, in a tuple
    since None is an end; and whether the token is to be switched on."""

    token: int
    asker: str
    scopes: Scopes | None = None
    end: tuple[End] | None = None
    switches_on: bool = False


@dataclass(frozen=True)
class Moment:
    """What is known when something came to do more. `policy` and `risks` are those of the moment."""

    who: str
    people: Mapping[str, Person]
    risks: Mapping[str, int]
    asks_at: frozenset[int]
    now: datetime
    # The request that was decided by this step, if it was a decision.
    decided: int | None = None


@dataclass
class Judge:
    """Keeps what was asked for, and who disabled what."""

    asked: dict[int, Asked] = field(default_factory=dict)
    disabled: dict[int, tuple[str, datetime]] = field(default_factory=dict)

    def complaints(self, before: Sequence[Stands], after: Sequence[Stands], moment: Moment) -> list[str]:
        """Of every token that came to do more, and nobody who could let it did."""
        old = [*before, *[None] * (len(after) - len(before))]
        found = []
        for number, (was, stands) in enumerate(zip(old, after, strict=True)):
            if _does_more(was, stands) and not self._was_let(number, was, stands, moment):
                found.append(f"token #{number} came from {was} to {stands}, and nobody let it")
            if stands[0] == "disabled" and was is not None and was[0] == "active":
                self.disabled[number] = (moment.who, moment.now)
        return found

    def _was_let(self, number: int, was: Stands | None, stands: Stands, moment: Moment) -> bool:
        scopes = [stands[1].scopes] if was is None else [was[1].scopes, stands[1].scopes]
        grave = {max(moment.risks[scope] for scope in held) for held in scopes}
        if not grave & moment.asks_at:
            return True
        return self._was_approved(number, was, stands, moment) or self._is_undone(number, was, stands, moment)

    def _was_approved(self, number: int, was: Stands | None, stands: Stands, moment: Moment) -> bool:
        asked = self.asked.get(moment.decided) if moment.decided is not None else None
        if asked is None or was is None or asked.token != number or asked.asker == moment.who:
            return False
        decider, (status, content) = moment.people[moment.who], was
        entitled = decider.active and decider.role != MEMBER and moment.people[asked.asker].active
        scopes = content.scopes if asked.scopes is None else asked.scopes
        ends = content.ends if asked.end is None else end_of(asked.end[0], moment.now)
        return entitled and stands == ("active" if asked.switches_on else status, Content(scopes, ends))

    def _is_undone(self, number: int, was: Stands | None, stands: Stands, moment: Moment) -> bool:
        who, when = self.disabled.get(number, ("", moment.now))
        same = was is not None and was[1] == stands[1]
        return same and who == moment.who and moment.now - when <= HALF_AN_HOUR


def _does_more(was: Stands | None, stands: Stands) -> bool:
    status, content = stands
    if status not in IN_USE:
        return False
    if was is None or was[0] not in IN_USE or (was[0] == "disabled" and status == "active"):
        return status == "active"
    before = was[1]
    later = before.ends is not None and (content.ends is None or content.ends > before.ends)
    return later or not content.scopes <= before.scopes
