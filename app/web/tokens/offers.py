"""What a token's page offers to one person: the verb table, their rights, and what already waits."""

from dataclasses import dataclass

from app.domain import lifecycle
from app.domain.approval import RequestStatus
from app.domain.lifecycle import Verb
from app.domain.people import Person
from app.domain.roles import Deed, Relation, may, may_enable
from app.store.queries.asked import Asked
from app.store.queries.tokens import TokenView
from app.web.approvals import choices


@dataclass(frozen=True)
class Offers:
    """Which buttons the page has."""

    rotate: bool
    disable: bool
    enable: bool
    revoke: bool
    edit: bool
    issue_similar: bool
    cancel: bool


def of(token: TokenView, relation: Relation, person: Person, waiting: Asked | None) -> Offers:
    """What this person may do to this token now. `waiting` is the token's pending request."""

    def offered(deed: Deed, verb: Verb) -> bool:
        return may(deed, person.role, relation) and lifecycle.permits(verb, token.status)

    return Offers(
        rotate=offered(Deed.ROTATE_KEY, Verb.ROTATE),
        disable=offered(Deed.DISABLE_TOKEN, Verb.DISABLE),
        enable=offered(Deed.ENABLE_TOKEN, Verb.ENABLE)
        and waiting is None
        and may_enable(token.disabled_by_administrator, person.role),
        revoke=offered(Deed.REVOKE_TOKEN, Verb.REVOKE),
        edit=offered(Deed.EDIT_TOKEN, Verb.EDIT),
        issue_similar=may(Deed.ISSUE_TOKEN, person.role, relation),
        cancel=waiting is not None and choices.of(waiting, person).cancel,
    )


def pending(request: Asked | None) -> Asked | None:
    """The request, if it still waits."""
    return request if request is not None and request.status is RequestStatus.PENDING else None
