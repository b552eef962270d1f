"""The one thing that must never be: something can do more than somebody let it do.

It watches what is stored before and after each step, and believes nothing of what the program says about itself, nor
anything of what the model expects: for every token, every entry of the policy and every scope that came to let more
in, it asks who let it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.histories.facts import HALF_AN_HOUR, MEMBER, PERMITS, Entry, Person, is_looser
from tests.histories.state import About
from tests.histories.world import Stands, World

IN_USE = {"active", "disabled"}
# Whoever sits at the machine itself, and asks nobody.
HOST = "the host"


@dataclass(frozen=True)
class Asked:
    """What a request is about, and the fields as they were asked for: of a token also its status."""

    about: About
    asker: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Moment:
    """Who acted, who everybody was before that, and when. `decided` is the request, where this was a decision."""

    who: str
    people: Mapping[str, Person]
    now: datetime
    decided: int | None = None


@dataclass
class Judge:
    """Keeps what was asked for, and who disabled what."""

    asked: dict[int, Asked] = field(default_factory=dict)
    disabled: dict[int, tuple[str, datetime]] = field(default_factory=dict)

    def complaints(self, before: World, after: World, moment: Moment) -> list[str]:
        """Of everything that came to let more in, and nobody who could let it did."""
        return [*self._of_tokens(before, after, moment), *self._of_rules(before, after, moment)]

    def _of_tokens(self, before: World, after: World, moment: Moment) -> Iterator[str]:
        old = [*before.tokens, *[None] * (len(after.tokens) - len(before.tokens))]
        for number, (was, stands) in enumerate(zip(old, after.tokens, strict=True)):
            if _does_more(was, stands) and not self._was_let(number, was, stands, before, moment):
                yield f"token #{number} came from {was} to {stands}, and nobody let it"
            if stands.status == "disabled" and was is not None and was.status == "active":
                self.disabled[number] = (moment.who, moment.now)

    def _of_rules(self, before: World, after: World, moment: Moment) -> Iterator[str]:
        for level in before.asks_at - after.asks_at:
            asked = self._approved(("policy", level), moment)
            if moment.who != HOST and (asked is None or asked.values != {"approval": False}):
                yield f"the policy does not ask at {level} any more, and nobody let it"
        for name, entry in after.catalogue.items():
            was, asked = before.catalogue[name], self._approved(("scope", name), moment)
            let = asked is not None and Entry(**{**vars(was), **asked.values}) == entry
            if _permits_more(was, entry, _is_held(name, before)) and not let:
                yield f"{name} came from {was} to {entry}, and nobody let it"

    def _was_let(self, number: int, was: Stands | None, stands: Stands, before: World, moment: Moment) -> bool:
        contents = [stands.content] if was is None else [was.content, stands.content]
        risks = {max(before.catalogue[scope].risk for scope in one.scopes) for one in contents}
        if not risks & before.asks_at:
            return True
        return self._was_approved(number, was, stands, moment) or self._is_undone(number, was, stands, moment)

    def _was_approved(self, number: int, was: Stands | None, stands: Stands, moment: Moment) -> bool:
        asked = self._approved(number, moment)
        if asked is None or was is None:
            return False
        values = dict(asked.values)
        status = values.pop("status", was.status)
        return (stands.status, stands.content) == (status, was.content.with_(values, moment.now))

    def _approved(self, about: About, moment: Moment) -> Asked | None:
        """What was asked for about this, where somebody else who may has decided on it just now."""
        asked = self.asked.get(moment.decided) if moment.decided is not None else None
        if asked is None or asked.about != about or asked.asker == moment.who:
            return None
        decider, asker = moment.people[moment.who], moment.people[asked.asker]
        return asked if decider.active and decider.role != MEMBER and asker.active else None

    def _is_undone(self, number: int, was: Stands | None, stands: Stands, moment: Moment) -> bool:
        who, when = self.disabled.get(number, ("", moment.now))
        same = was is not None and was.content == stands.content
        return same and who == moment.who and moment.now - when <= HALF_AN_HOUR


def _does_more(was: Stands | None, stands: Stands) -> bool:
    if stands.status not in IN_USE:
        return False
    if was is None or was.status not in IN_USE or (was.status == "disabled" and stands.status == "active"):
        return stands.status == "active"
    before, after = vars(was.content), vars(stands.content)
    return any(is_looser(name, before[name], after[name]) for name in after)


def _permits_more(was: Entry, entry: Entry, held: bool) -> bool:
    more = held and not PERMITS[entry.permits][1] <= PERMITS[was.permits][1]
    return entry.risk < was.risk or (was.retired and not entry.retired) or more


def _is_held(name: str, world: World) -> bool:
    return any(name in one.content.scopes and one.status in {"pending", *IN_USE} for one in world.tokens)
