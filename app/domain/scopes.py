"""Scopes: `resource:action`, entries of a catalogue, and which of them a verifying service may be told about."""

import re
from collections.abc import Container, Iterable
from dataclasses import dataclass

from app.domain.errors import Unfit
from app.domain.risk import Risk

TOKEN_VERIFY = "token:verify"
MOST_PER_TOKEN = 50
MOST_ASKED = 20
_NAME = re.compile(r"[a-z][a-z0-9_]*:[a-z][a-z0-9_]*", re.ASCII)
_RESOURCE = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)


@dataclass(frozen=True)
class Scope:
    """One entry of the catalogue. `permissions` are `METHOD /path/pattern` texts."""

    name: str
    risk: Risk
    category: str = ""
    description: str = ""
    permissions: tuple[str, ...] = ()
    retired: bool = False

    @property
    def resource(self) -> str:
        """The part before the colon."""
        return self.name.partition(":")[0]

    @property
    def action(self) -> str:
        """The part after the colon."""
        return self.name.partition(":")[2]


@dataclass(frozen=True)
class AnswersFor:
    """The resources whose scopes a verifying service may be told about: none, a list, or all."""

    resources: frozenset[str] = frozenset()
    everything: bool = False

    def covers(self, scope_name: str) -> bool:
        """Whether the verifying service may be told about this scope."""
        return self.everything or scope_name.partition(":")[0] in self.resources


def is_name(text: str) -> bool:
    """Whether `text` is a scope's name. There are no wildcards."""
    return _NAME.fullmatch(text) is not None


def is_resource(text: str) -> bool:
    """Whether `text` can be the resource of a scope."""
    return _RESOURCE.fullmatch(text) is not None


def chosen(names: Iterable[str], catalogue: dict[str, Scope], kept: Container[str] = ()) -> tuple[Scope, ...]:
    """The scopes that a form names, in order of name, each once. Raises Unfit for none, too many, unknown, and for
    retired ones but those that are `kept` by a holder."""
    wanted = sorted(set(names))
    if not wanted:
        raise Unfit("Choose at least one scope. A token without scopes could do nothing.")
    if len(wanted) > MOST_PER_TOKEN:
        raise Unfit(f"Choose at most {MOST_PER_TOKEN} scopes; these are {len(wanted):,}.")
    for name in wanted:
        if not is_name(name) or name not in catalogue:
            raise Unfit("One of the scopes is not in the catalogue. Choose again from the list.")
        if catalogue[name].retired and name not in kept:
            raise Unfit(f"The scope {name} is retired and not given out any more. Remove it.")
    return tuple(catalogue[name] for name in wanted)
