"""What one person may do about one request, and in words why not."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain import approval
from app.domain.approval import RequestStatus
from app.domain.governance import Realm
from app.domain.people import Person
from app.domain.roles import Deed, Relation, may
from app.store.queries.approvals import GovernanceRequest, RequestView
from app.store.queries.asked import Asked


@dataclass(frozen=True)
class Choices:
    """What to offer. `waits_for` says whose turn it is where it is not this person's; empty where it is."""

    decide: bool
    cancel: bool
    waits_for: str = ""


NOTHING = Choices(decide=False, cancel=False)


def of(view: RequestView | Asked, person: Person, deciders: Sequence[str] = ()) -> Choices:
    """What the person may do about the request. `deciders` are the names of those who could decide it."""
    if view.status is not RequestStatus.PENDING:
        return NOTHING
    own = not approval.may_decide(view.requester_id, person.id)
    decides = may(Deed.DECIDE_REQUEST, person.role)
    owner = Relation.OWNER if view.application_owner_id == person.id else Relation.STRANGER
    cancels = own or may(Deed.CANCEL_REQUEST, person.role, owner)
    if decides and not own:
        return Choices(decide=True, cancel=cancels)
    rule = "You asked for this, and nobody decides their own request." if own else "Administrators decide requests."
    host = isinstance(view, GovernanceRequest) and view.governed.realm is Realm.POLICY
    return Choices(decide=False, cancel=cancels, waits_for=f"{rule} {_turn(deciders, host=host)}")


def _turn(deciders: Sequence[str], *, host: bool) -> str:
    if not deciders and host:
        return (
            "There is nobody else who could: add another administrator, or set the policy on the host with "
            "flask policy set, which is the way of an installation with one person."
        )
    if not deciders:
        return (
            "There is nobody else who could: it waits until a superuser makes somebody else an administrator, "
            "and lapses after 7 days."
        )
    if len(deciders) > 3:
        return f"It waits for one of {len(deciders)} administrators."
    return f"It waits for {' or '.join(deciders)}."
