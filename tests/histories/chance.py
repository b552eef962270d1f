"""Histories by chance. Each is about something: what it is about happens more often in it, and so meets itself. And now
and then a few steps come together that nobody would take one after the other by mere chance."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random

from tests.histories.cast import ADA, BARBARA, CATALOGUE, GRACE, IRIS, LINUS, MARGARET, NAMES
from tests.histories.facts import PERMITS
from tests.histories.limits import LIMITS
from tests.histories.motifs import MOTIFS
from tests.histories.steps import USES, Step

ROLES = ("member", "administrator", "superuser")
# A preset, days until the end of a custom date, or never.
ENDS: tuple[str | int, ...] = ("1 week", "never", "never", 2, 9, 20, 60)
WAITS = (
    *(timedelta(minutes=minutes) for minutes in (5, 29, 31, 59)),
    *(timedelta(hours=hours) for hours in (1, 8, 24)),
    *(timedelta(days=days) for days in (6, 7, 8)),
)
TEAM, DECIDERS, RULERS = (LINUS, MARGARET, BARBARA, IRIS), (BARBARA, GRACE, ADA, IRIS), (ADA, IRIS)
# Who can do what when a history begins; whom nobody stands for, anybody can.
ABLE: Mapping[str, Sequence[str]] = {
    **dict.fromkeys(("issue", "edit_scopes", "edit_end", "edit_limit", "rename"), TEAM),
    **dict.fromkeys(("disable", "enable", "revoke", "rotate"), TEAM),
    **dict.fromkeys(("approve", "reject", "edit_scope", "retire", "offer"), DECIDERS),
    **dict.fromkeys(("change_role", "deactivate", "set_policy", "activate", "deactivate_emergency"), RULERS),
    **dict.fromkeys(("admit", "remove"), (LINUS, ADA, GRACE)),
}
# How often what is tried.
WEIGHTS: Mapping[str, float] = {
    "issue": 5,
    "edit_scopes": 10,
    "edit_end": 6,
    "edit_limit": 9,
    "rename": 1,
    "disable": 5,
    "enable": 6,
    "revoke": 1,
    "rotate": 1,
    "activate": 2,
    "deactivate_emergency": 0.7,
    "call": 2,
    "approve": 20,
    "reject": 2.5,
    "cancel": 2,
    "look": 3,
    "set_policy": 2.5,
    "set_policy_on_host": 0.5,
    "edit_scope": 4,
    "retire": 0.5,
    "offer": 0.5,
    "change_role": 1.5,
    "deactivate": 0.5,
    "admit": 1.5,
    "remove": 1,
    "wait": 5,
}
# What a history can be about, and how much more often that happens in it.
THEMES: Sequence[Mapping[str, float]] = (
    {},
    {"set_policy": 5, "set_policy_on_host": 2, "issue": 1.5},
    {"edit_scope": 4, "retire": 4, "offer": 6, "edit_scopes": 1.5},
    {"edit_limit": 3, "activate": 6, "deactivate_emergency": 4, "call": 3},
    {"disable": 3, "enable": 3, "rename": 5},
    {"change_role": 4, "deactivate": 2, "admit": 4, "remove": 4},
    {"wait": 3, "edit_end": 2},
)
LENGTH = 36


def history(seed: int, length: int = LENGTH) -> Sequence[Step]:
    """The history of this seed."""
    chance = Random(seed)
    theme = chance.choice(THEMES)
    weights = {kind: weight * theme.get(kind, 1) for kind, weight in WEIGHTS.items()}
    kinds, odds = list(weights), list(weights.values())
    steps = [replace(_step(chance, "issue"), who=LINUS)]
    while len(steps) < length:
        steps += _motif(chance) if chance.random() < 0.2 else [_step(chance, *chance.choices(kinds, odds))]
    return steps[:length]


def _motif(chance: Random) -> Sequence[Step]:
    scope, found = chance.choice(sorted(CATALOGUE)), []
    for kind, fixed in chance.choice(MOTIFS):
        step = _step(chance, kind)
        shared = {"scope": scope, "scopes": step.scopes | {scope}, "number": -1, "waiting": True, **fixed}
        found.append(replace(step, **{name: shared[name] for name in USES[kind].split() if name in shared}))
    return found


def _step(chance: Random, kind: str) -> Step:
    # Mostly somebody who may; anybody tries anything now and then.
    able = chance.random() < 0.85
    limit = chance.choice(sorted(LIMITS))
    drawn = Step(
        kind,
        chance.choice(ABLE.get(kind, NAMES) if able else NAMES),
        # Mostly what came last.
        number=-1 - int(chance.expovariate(0.9)),
        waiting=chance.random() < 0.85,
        stale=chance.random() < 0.3,
        scopes=frozenset(chance.sample(sorted(CATALOGUE), chance.choice((1, 1, 2, 2, 3)))),
        end=chance.choice(ENDS),
        limit=limit if kind != "issue" or chance.random() < 0.5 else "",
        way=chance.choice(sorted(LIMITS[limit])),
        hours=chance.choice((1, 1, 2, 4, 8)),
        level=chance.choice((1, 2, 2, 3, 3)),
        asks=chance.random() < 0.4,
        scope=chance.choice(sorted(CATALOGUE)),
        permits=chance.choice(sorted(PERMITS)),
        whom=chance.choice(NAMES),
        role=chance.choice(ROLES),
        wait=chance.choice(WAITS),
    )
    return _only_what_is_used(drawn)


def _only_what_is_used(step: Step) -> Step:
    used = {name: getattr(step, name) for name in USES[step.kind].split()}
    return Step(step.kind, step.who, **used)
