"""Governance: the rules about rules, which are the approval policy and the scope catalogue (SPEC 4 and 7).

What relaxes one of them waits for a second person, whatever the policy says; what tightens it holds at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from app.domain.changes import FieldChange
from app.domain.risk import Risk
from app.domain.roles import Deed
from app.domain.scopes import is_name

APPROVAL = "approval"
# Fields that only say a thing differently.
SAYINGS = frozenset({"category", "description"})


class Realm(StrEnum):
    """What is governed."""

    POLICY = "policy"
    SCOPE = "scope"


# The deed that changing it is.
DEEDS = {Realm.POLICY: Deed.SET_POLICY, Realm.SCOPE: Deed.EDIT_CATALOGUE}


@dataclass(frozen=True)
class Governed:
    """One entry of the policy, named by its risk (`medium`), or one scope by name. As text: `scope:invoice:read`."""

    realm: Realm
    name: str

    def __str__(self) -> str:
        return f"{self.realm.value}:{self.name}"

    @classmethod
    def of(cls, text: str) -> "Governed":
        """The thing that a stored text names. Raises ValueError for any other text."""
        realm, _, name = text.partition(":")
        return cls(Realm(realm), name)

    @property
    def title(self) -> str:
        """As people read it."""
        return self.name if self.realm is Realm.SCOPE else f"Approval at {Risk.of(self.name).label} risk"

    @property
    def deed(self) -> Deed:
        """What a person has to be allowed who changes it."""
        return DEEDS[self.realm]


def entry(level: Risk) -> Governed:
    """The entry of the policy about this risk."""
    return Governed(Realm.POLICY, level.word)


def scope(name: str) -> Governed:
    """The scope of this name. Raises ValueError where nothing can be called so."""
    if not is_name(name):
        raise ValueError(name)
    return Governed(Realm.SCOPE, name)


def relaxes(asked_before: bool, asks_after: bool) -> bool:
    """Whether an entry of the policy would let pass what it stops now."""
    return asked_before and not asks_after


def reason_required(changes: Iterable[FieldChange]) -> bool:
    """Whether the change takes a reason: all but what is only said differently do."""
    return any(one.field not in SAYINGS for one in changes)
