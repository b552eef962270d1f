"""Rules of applications: who may come in, and what one answers for (SPEC 2 and 3)."""

from collections.abc import Collection, Iterable
from enum import StrEnum

from app.domain.errors import NotAllowed, Unfit
from app.domain.roles import Relation
from app.domain.scopes import AnswersFor

MOST_OWNED = 50


class Extent(StrEnum):
    """How much an application answers for, as a form asks."""

    NOTHING = "none"
    SOME = "some"
    EVERYTHING = "all"


def require_not_self(newcomer_id: str, actor_id: str, relation: Relation) -> None:
    """Raise NotAllowed where somebody from outside would let themselves in: administrators manage applications without
    ever coming to see their keys."""
    if newcomer_id == actor_id and relation is Relation.STRANGER:
        raise NotAllowed(
            "Nobody adds themselves to an application. Its owner, or another administrator, does.",
            code="own_addition",
        )


def answers_for(extent: str, resources: Iterable[str], known: Collection[str]) -> AnswersFor:
    """What a form names: nothing, some of the `known` resources, or everything. Raises Unfit."""
    match extent:
        case Extent.NOTHING:
            return AnswersFor()
        case Extent.EVERYTHING:
            return AnswersFor(everything=True)
        case Extent.SOME:
            return AnswersFor(_chosen(frozenset(resources), known))
    raise Unfit("Choose what this application answers for.")


def extent_of(value: AnswersFor) -> Extent:
    """The choice that a form shows for a value."""
    if value.everything:
        return Extent.EVERYTHING
    return Extent.SOME if value.resources else Extent.NOTHING


def described(value: AnswersFor) -> str:
    """A value in words, to stand behind "answers for"."""
    if value.everything:
        return "every resource"
    return ", ".join(sorted(value.resources)) or "no resource"


def _chosen(wanted: frozenset[str], known: Collection[str]) -> frozenset[str]:
    if not wanted:
        raise Unfit("Choose at least one resource, or “Nothing”.")
    if not wanted <= set(known):
        raise Unfit("One of these resources is not in the catalogue. Choose again from the list.")
    return wanted
