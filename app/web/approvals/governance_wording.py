"""A request about the policy or the catalogue in words."""

from collections.abc import Mapping

from flask import url_for

from app.domain.governance import Realm
from app.domain.roles import may
from app.store.queries.approvals import GovernanceRequest
from app.web.access import current_person
from app.web.approvals import fields
from app.web.approvals.rows import Row

ASKS = {Realm.POLICY: "asks to relax the approval policy", Realm.SCOPE: "asks to loosen this scope"}
MEANS = {
    Realm.POLICY: "If approved, whatever is of this risk takes effect at once on the word of one person.",
    Realm.SCOPE: "If approved, it holds at once for every token that has this scope.",
}


def asks(view: GovernanceRequest) -> str:
    """What the requester asks for, to stand behind their name."""
    return ASKS[view.governed.realm]


def whole(view: GovernanceRequest) -> list[Row]:
    """The rule whole: as it is, and as it would be."""
    after = view.resulting
    return [
        (fields.label(field), fields.text(field, value), fields.text(field, after[field]))
        for field, value in view.present.items()
    ]


def facts(view: GovernanceRequest) -> dict[str, str]:
    """Everything a decider is shown of the rule, by label, as text."""
    return {label: before for label, before, _ in whole(view)}


def content(view: GovernanceRequest) -> Mapping[str, object]:
    """What its template needs besides: what approving means, and the page of the rule for who may see it."""
    return {"means": MEANS[view.governed.realm], "href": _href(view)}


def _href(view: GovernanceRequest) -> str | None:
    if view.governed.realm is Realm.SCOPE:
        return url_for("scopes.page", name=view.governed.name)
    return url_for("settings.page") if may(view.governed.deed, current_person().role) else None
