"""Steps of a history, as data: chosen by chance, and meaningful in whatever order and however many are left out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random

LINUS, MARGARET, SAM, BARBARA, GRACE, ADA, IRIS = NAMES = (
    "linus",
    "margaret",
    "sam",
    "barbara",
    "grace",
    "ada",
    "iris",
)
ROLES = ("member", "administrator", "superuser")
RISKS = {"ledger:read": 1, "ledger:list": 1, "ledger:write": 2, "ledger:pay": 3}
# A preset, days until the end of a custom date, or never.
ENDS: tuple[str | int, ...] = ("1 week", "never", 2, 9, 20)
TEAM, DECIDERS, RULERS = (LINUS, MARGARET, BARBARA, IRIS), (BARBARA, GRACE, ADA, IRIS), (ADA, IRIS)
# Who can do what when a history begins.
ABLE = {
    **dict.fromkeys(("issue", "edit_scopes", "edit_end", "disable", "enable", "revoke", "rotate", "rename"), TEAM),
    **dict.fromkeys(("approve", "reject"), DECIDERS),
    **dict.fromkeys(("change_role", "deactivate"), RULERS),
    **dict.fromkeys(("admit", "remove"), (LINUS, ADA, GRACE)),
}
WAITS = (timedelta(minutes=5), timedelta(minutes=29), timedelta(minutes=31), timedelta(days=1), timedelta(days=6))
# How often what is tried.
WEIGHTS = {
    "issue": 5,
    "edit_scopes": 14,
    "edit_end": 10,
    "disable": 6,
    "enable": 8,
    "revoke": 1,
    "rotate": 1,
    "rename": 1,
    "look": 7,
    "approve": 20,
    "reject": 3,
    "cancel": 2,
    "wait": 4,
    "change_role": 2,
    "deactivate": 0.5,
    "admit": 2,
    "remove": 1,
}


@dataclass(frozen=True)
class Step:
    """What somebody tries. `number` is of a token or of a request, taken modulo how many there are; `stale` sends what
    the person saw when they last looked, not what is there now."""

    kind: str
    who: str
    number: int = 0
    whom: str = ""
    role: str = ""
    scopes: frozenset[str] = frozenset()
    end: str | int = "never"
    stale: bool = False
    wait: timedelta = timedelta()

    def __str__(self) -> str:
        told = {
            "issue": f"{sorted(self.scopes)} {self.end}",
            "edit_scopes": f"#{self.number} {sorted(self.scopes)}",
            "edit_end": f"#{self.number} {self.end}",
            "wait": str(self.wait),
            "change_role": f"{self.whom} {self.role}",
        }.get(self.kind, self.whom or f"#{self.number}")
        return f"{self.who} {self.kind} {told}{' as seen before' if self.stale else ''}"


def history(seed: int, length: int) -> Sequence[Step]:
    """The history of this seed."""
    chance = Random(seed)
    first = replace(_step(chance), kind="issue", who=LINUS)
    return [first, *(_step(chance) for _ in range(length - 1))]


def _step(chance: Random) -> Step:
    [kind] = chance.choices(list(WEIGHTS), list(WEIGHTS.values()))
    # Mostly somebody who may; anybody tries anything now and then.
    able = chance.random() < 0.8
    return Step(
        kind,
        chance.choice(ABLE.get(kind, NAMES) if able else NAMES),
        # Mostly what came last.
        number=-1 - int(chance.expovariate(0.9)),
        whom=chance.choice(NAMES),
        role=chance.choice(ROLES),
        scopes=frozenset(chance.sample(sorted(RISKS), chance.choice((1, 1, 2, 2, 3)))),
        end=chance.choice(ENDS),
        stale=chance.random() < 0.2,
        wait=chance.choice(WAITS),
    )
