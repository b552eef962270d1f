"""Linus and Margaret, who would like more than Grace lets them have, at the newest token of their application."""

from dataclasses import dataclass
from typing import Any

from app.clock import FixedClock
from tests.histories.stage import REASON, Stage


@dataclass
class Team:
    """Each verb says whether anything happened. Who acts is named, but for Linus who asks and Grace who decides."""

    stage: Stage

    def issue(self, *scopes: str, expires: str = "1 week") -> None:
        path = f"/applications/{self.stage.ground.application}/credentials/new"
        name = f"Nightly {len(self.stage.tokens)}"
        form = {"form_id": f"{len(self.stage.tokens):022}", "name": name, "scopes": [*scopes], "expires": expires}
        assert self.stage.post("linus", path, **form, reason=REASON)

    def edit(self, part: str, who: str = "linus", **typed: object) -> bool:
        version = self.stage.version("token", self.stage.tokens[-1])
        return self.stage.post(who, f"{self.path}/edit/{part}", version=version, reason=REASON, **typed)

    def press(self, verb: str, who: str = "linus") -> bool:
        return self.stage.post(who, f"{self.path}/{verb}", reason=REASON)

    def set_risk(self, scope: str, risk: str, who: str) -> bool:
        version = self.stage.version("scope", scope)
        typed = {"risk": risk, "category": "Test", "description": f"May {scope}.", "permissions": "GET /own"}
        return self.stage.post(who, f"/scopes/{scope}", version=version, reason=REASON, **typed)

    def set_policy(self, risk: str, approval: str, who: str) -> bool:
        version = self.stage.version("policy", {"low": 1, "medium": 2, "high": 3}[risk])
        return self.stage.post(who, f"/settings/policy/{risk}", version=version, approval=approval, reason=REASON)

    def approve(self, number: int = -1, who: str = "grace", shown: str | None = None) -> bool:
        """Approve the request as it is now, or as it was `shown`."""
        number %= len(self.stage.requests)
        path = f"/approvals/{self.stage.requests[number]}/approve"
        return self.stage.post(who, path, fingerprint=shown or self.shown(number), comment=REASON)

    def shown(self, number: int) -> str:
        """The mark of what a decider is shown now."""
        return self.stage.fingerprint(number)

    @property
    def clock(self) -> FixedClock:
        return self.stage.clock

    @property
    def path(self) -> str:
        return f"/tokens/{self.stage.tokens[-1]}"

    @property
    def requests(self) -> list[str]:
        return list(self.stage.world().requests)

    @property
    def status(self) -> str:
        return self.stage.world().tokens[-1].status

    @property
    def scopes(self) -> set[str]:
        return set(self.stage.world().tokens[-1].content.scopes)

    @property
    def says(self) -> dict[str, Any]:
        """What a program hears that shows the key."""
        return self.stage.says(len(self.stage.tokens) - 1)

    def page(self, who: str) -> str:
        """The newest request, as this person reads it."""
        return self.stage.get(who, f"/approvals/{self.stage.requests[-1]}")
