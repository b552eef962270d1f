"""Steps of a history, as data: meaningful in whatever order, and however many are left out."""

from dataclasses import dataclass
from datetime import timedelta

# What each kind of step goes by, beside who takes it.
USES = {
    "issue": "scopes end limit way",
    "edit_scopes": "number scopes stale",
    "edit_end": "number end stale",
    "edit_limit": "number limit way stale",
    "rename": "number stale",
    "disable": "number",
    "enable": "number",
    "revoke": "number",
    "rotate": "number",
    "activate": "number hours",
    "deactivate_emergency": "number",
    "call": "number",
    "approve": "number waiting stale",
    "reject": "number waiting stale",
    "cancel": "number waiting",
    "look": "number waiting",
    "set_policy": "level asks stale",
    "set_policy_on_host": "level asks",
    "edit_scope": "scope level permits stale",
    "retire": "scope stale",
    "offer": "scope stale",
    "change_role": "whom role",
    "deactivate": "whom",
    "admit": "whom",
    "remove": "whom",
    "wait": "wait",
}


@dataclass(frozen=True)
class Step:
    """What somebody tries. `number` is of a token or of a request, taken modulo how many there are; `waiting`: of
    the requests that wait, where some do. `stale` sends what the person saw when they last looked, not what is there
    now. `level` is a risk. An issue has one limit at most."""

    kind: str
    who: str
    number: int = -1
    waiting: bool = False
    stale: bool = False
    scopes: frozenset[str] = frozenset()
    end: str | int = "never"
    limit: str = ""
    way: str = ""
    hours: int = 1
    level: int = 1
    asks: bool = True
    scope: str = ""
    permits: str = "its own"
    whom: str = ""
    role: str = ""
    wait: timedelta = timedelta()

    def __str__(self) -> str:
        told = []
        for name in USES[self.kind].split():
            value = getattr(self, name)
            told.append(f"{name}={sorted(value) if isinstance(value, frozenset) else value}")
        return f"{self.who} {self.kind} {' '.join(told)}"
