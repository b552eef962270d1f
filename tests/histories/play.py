"""A history, played on the real program and on the model at once."""

import copy
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import Flask

from app.clock import FixedClock
from app.domain.identifiers import random_text
from tests.histories.facts import End, Person
from tests.histories.judge import Asked, Judge, Moment
from tests.histories.model import Model
from tests.histories.stage import REASON, Stage
from tests.histories.steps import RISKS, Step

ASKS_AT = {2, 3}


def people() -> dict[str, Person]:
    """Who is there when a history begins."""
    return {
        "linus": Person("member", owns=True),
        "margaret": Person("member", works_here=True),
        "sam": Person("member"),
        "barbara": Person("administrator", works_here=True),
        "grace": Person("administrator"),
        "ada": Person("superuser"),
        "iris": Person("superuser", works_here=True),
    }


@dataclass
class Play:
    """`happened` counts what came of the steps, so that a test can see that its histories are about something."""

    app: Flask
    clock: FixedClock
    model: Model = field(default_factory=lambda: Model(people(), dict(RISKS), set(ASKS_AT)))
    judge: Judge = field(default_factory=Judge)
    happened: Counter[str] = field(default_factory=Counter)
    # What each person saw when they last looked: the version or fingerprint, and what the model held.
    seen: dict[tuple[str, str, int], tuple[str, object]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.stage = Stage(self.app, self.clock)
        crew = self.model.people
        [owner] = [name for name, one in crew.items() if one.owns]
        members = [name for name, one in crew.items() if one.works_here]
        self.stage.begin({name: one.role for name, one in crew.items()}, owner, members)

    def whole(self, history: Sequence[Step]) -> None:
        """Play every step; raise AssertionError at the first that comes out differently, or that lets a token do more
        than somebody let it."""
        for step in history:
            self.step(step)
        self._ask_as_a_program()

    def step(self, step: Step) -> None:
        if self._has_no_object(step):
            return
        before, facts = self.stage.observed(), copy.deepcopy(self.model.people)
        expected, actual, decided = self._act(step)
        self.model.lapse(self.clock())
        tokens, requests = self.stage.observed()
        moment = Moment(step.who, facts, dict(self.model.risks), frozenset(self.model.asks_at), self.clock(), decided)
        complaints = self.judge.complaints(before[0], tokens, moment)
        assert not complaints, f"{step}: {'; '.join(complaints)}"
        assert actual == expected, f"{step}: {'something' if actual else 'nothing'} happened"
        now = self.clock()
        assert tokens == [(one.stands(now), one.content) for one in self.model.tokens], str(step)
        assert requests == [one.status for one in self.model.requests], str(step)
        self.happened[step.kind] += expected

    def _has_no_object(self, step: Step) -> bool:
        about_token = step.kind in {"edit_scopes", "edit_end", "disable", "enable", "revoke", "rotate", "rename"}
        about_request = step.kind in {"approve", "reject", "cancel"}
        return (about_token and not self.model.tokens) or (about_request and not self.model.requests)

    def _act(self, step: Step) -> tuple[bool, bool, int | None]:
        """Take the step in the model and in the program: whether anything should happen, whether it did, and which
        request was decided."""
        if step.kind == "wait":
            self.clock.advance(step.wait)
            return True, True, None
        if step.kind == "look":
            self._look(step)
            return True, True, None
        if step.kind == "issue":
            return *self._issue(step), None
        if step.kind in {"approve", "reject", "cancel"}:
            number = step.number % len(self.model.requests)
            return *self._decide(step, number), number
        if step.kind in {"change_role", "deactivate", "admit", "remove"}:
            return *self._about_people(step), None
        return *self._about_token(step, step.number % len(self.model.tokens)), None

    # Tokens.

    def _issue(self, step: Step) -> tuple[bool, bool]:
        end, now, asked = _end(step.end, self.clock()), self.clock(), len(self.model.requests)
        expected = self.model.issue(step.who, step.scopes, end, now)
        number = len(self.model.tokens) - 1
        self._tell_judge(asked, Asked(number, step.who, step.scopes, (end,), switches_on=True))
        fields = {"form_id": random_text(22), "name": f"Token {random_text(8)}", "scopes": sorted(step.scopes)}
        path = f"/applications/{self.stage.application}/credentials/new"
        return expected, self.stage.post(step.who, path, reason=REASON, **fields, **_typed(step.end, now))

    def _about_token(self, step: Step, number: int) -> tuple[bool, bool]:
        now, path = self.clock(), f"/tokens/{self.stage.tokens[number]}/{step.kind}"
        match step.kind:
            case "disable":
                expected = self.model.disable(step.who, number, now)
            case "revoke":
                expected = self.model.revoke(step.who, number, now)
            case "enable":
                asked = len(self.model.requests)
                expected = self.model.enable(step.who, number, now)
                self._tell_judge(asked, Asked(number, step.who, switches_on=True))
            case "rotate":
                key_id = self.stage.key_id(number)
                expected = self.model.rotate(step.who, number, now)
                return expected, self.stage.post(step.who, path, key_id=key_id, overlap="immediately")
            case _:
                return self._edit(step, number)
        return expected, self.stage.post(step.who, path, reason=REASON)

    def _edit(self, step: Step, number: int) -> tuple[bool, bool]:
        now, model, asked = self.clock(), self.model, len(self.model.requests)
        shown = model.tokens[number].content
        version, stale = self._as_seen(step, "token", number, self.stage.version(number), shown)
        typed: dict[str, object]
        match step.kind:
            case "edit_scopes":
                part, typed = "scopes", {"scopes": sorted(step.scopes)}
                expected = model.edit_scopes(step.who, number, step.scopes, stale, now)
                self._tell_judge(asked, Asked(number, step.who, scopes=step.scopes))
            case "edit_end":
                part, typed, end = "expiry", {**_typed(step.end, now)}, _end(step.end, now)
                expected = model.edit_end(step.who, number, end, stale, now)
                self._tell_judge(asked, Asked(number, step.who, end=(end,)))
            case _:
                part, typed = "details", {"name": f"Token {random_text(8)}", "description": ""}
                expected = model.rename(step.who, number, stale, now)
        path = f"/tokens/{self.stage.tokens[number]}/edit/{part}"
        return expected, self.stage.post(step.who, path, version=version, seen="", reason=REASON, **typed)

    def _tell_judge(self, before: int, asked: Asked) -> None:
        """What was asked for, where there is a request more than before."""
        if len(self.model.requests) > before:
            self.judge.asked[before] = asked

    # Requests.

    def _decide(self, step: Step, number: int) -> tuple[bool, bool]:
        path, now = f"/approvals/{self.stage.requests[number]}/{step.kind}", self.clock()
        if step.kind == "cancel":
            return self.model.cancel(step.who, number, now), self.stage.post(step.who, path)
        shown = self.stage.fingerprint(number)
        fingerprint, stale = self._as_seen(step, "request", number, shown, self._shown(number))
        verb = self.model.approve if step.kind == "approve" else self.model.reject
        expected = verb(step.who, number, stale, now)
        return expected, self.stage.post(step.who, path, fingerprint=fingerprint, comment=REASON)

    def _shown(self, number: int) -> object:
        """What the page of a request must show: what is asked, of which token, and who can obtain the key."""
        request = self.model.requests[number]
        content = self.model.tokens[request.token].content
        scopes = content.scopes | (request.scopes[1] if request.scopes else frozenset())
        team = {name for name, one in self.model.people.items() if self.model.works(name)}
        return content, frozenset(team), frozenset((scope, self.model.risks[scope]) for scope in scopes)

    # What was seen.

    def _look(self, step: Step) -> None:
        """Open the pages of a token and of a request, and leave them open."""
        if self.model.tokens:
            number = step.number % len(self.model.tokens)
            held = self.model.tokens[number].content
            self.seen[step.who, "token", number] = (self.stage.version(number), held)
        if self.model.requests:
            number = step.number % len(self.model.requests)
            self.seen[step.who, "request", number] = (self.stage.fingerprint(number), self._shown(number))

    def _as_seen(self, step: Step, what: str, number: int, present: str, shown: object) -> tuple[str, bool]:
        """What the person sends along, and whether it is out of date."""
        if not step.stale or (step.who, what, number) not in self.seen:
            return present, False
        then, shown_then = self.seen[step.who, what, number]
        assert then != present or shown_then == shown, f"{step}: what was shown changed, and its mark did not"
        return then, then != present

    # People.

    def _about_people(self, step: Step) -> tuple[bool, bool]:
        whom, model = self.stage.ids[step.whom], self.model
        here = f"/applications/{self.stage.application}/members"
        match step.kind:
            case "change_role":
                expected = model.change_role(step.who, step.whom, step.role, self.clock())
                actual = self.stage.post(step.who, f"/users/{whom}/role", role=step.role)
            case "deactivate":
                expected = model.deactivate(step.who, step.whom, self.clock())
                actual = self.stage.post(step.who, f"/users/{whom}/deactivate")
            case "admit":
                expected = model.admit(step.who, step.whom)
                actual = self.stage.post(step.who, here, email=self.stage.email(step.whom))
            case _:
                expected = model.remove(step.who, step.whom, self.clock())
                actual = self.stage.post(step.who, f"{here}/{whom}/remove")
        self.stage.forget_sign_ins()
        theirs = {name: (one.role, one.active, one.works_here) for name, one in model.people.items()}
        assert self.stage.standing() == theirs, str(step)
        return expected, actual

    def _ask_as_a_program(self) -> None:
        """In the end, what a program hears that shows each key."""
        for number, token in enumerate(self.model.tokens):
            if self.stage.tokens[number] not in self.stage.keys:
                continue
            heard = self.stage.says(number)
            assert heard["valid"] is (token.stands(self.clock()) == "active"), f"#{number}: {heard}"
            assert not heard["valid"] or set(heard["scopes"]) == token.content.scopes


def _end(end: str | int, now: datetime) -> End:
    if isinstance(end, int):
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight + timedelta(days=end + 1)
    return timedelta(weeks=1) if end == "1 week" else None


def _typed(end: str | int, now: datetime) -> dict[str, str]:
    """The same in a form: a custom date counts to its end."""
    if isinstance(end, int):
        return {"expires": "custom", "expires_on": (now + timedelta(days=end)).date().isoformat()}
    return {"expires": end, "expires_on": ""}
