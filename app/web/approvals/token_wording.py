"""A request about a token in words."""

from collections.abc import Mapping, Sequence

from app.domain import edits, restrictions
from app.domain.approval import RequestKind
from app.domain.scopes import Scope
from app.store.queries.approvals import TokenRequest
from app.web.access import now
from app.web.approvals import fields
from app.web.approvals.rows import Row, comparison

ENABLE = ("status", "disabled", "active")


def asks(view: TokenRequest) -> str:
    """What the requester asks for, to stand behind their name."""
    if view.kind is RequestKind.ISSUE:
        return f"asks for this new token in {view.application_name}"
    if [(one["field"], one["before"], one["after"]) for one in view.changes] == [ENABLE]:
        return f"asks to enable this token again in {view.application_name}"
    return f"asks to change this token in {view.application_name}"


def whole(view: TokenRequest) -> list[Row]:
    """All of the token that can be edited: as it is, and as it would be."""
    return [
        ("Name", view.token_name, view.resulting_name),
        ("Description", view.token_description, view.resulting_description),
        ("Scopes", _names(view.scopes), _names(view.resulting_scopes)),
        ("Expires at", fields.end(view.end), fields.end(view.resulting_end)),
        *_restrictions(view),
        *comparison([change for change in view.changes if change["field"] == edits.STATUS]),
    ]


def marked(view: TokenRequest) -> list[tuple[Scope, str]]:
    """The scopes that the token would hold and those that it would lose, each with what happens to it."""
    held, result = ({scope.name for scope in scopes} for scopes in (view.scopes, view.resulting_scopes))
    coming = [(scope, "" if scope.name in held else "Added") for scope in view.resulting_scopes]
    return coming + [(scope, "Removed") for scope in view.scopes if scope.name not in result]


def facts(view: TokenRequest) -> dict[str, str]:
    """Everything a decider is shown of the token, by label, as text."""
    shown = {
        "Application": view.application_name,
        "Application is": "enabled" if view.application_enabled else "disabled",
        "Name": view.token_name,
        "Description": view.token_description,
        "Expires at": fields.end(view.end),
        **{label: before for label, before, _ in _restrictions(view)},
        "Can obtain the key": ", ".join(view.people),
    }
    for scope, mark in marked(view):
        permits = "; ".join(scope.permissions) or "no path"
        told = f"{scope.risk.label} risk. {scope.description} Permits {permits}."
        shown[f"Scope {scope.name}"] = " ".join(filter(None, [mark, told, "Retired." if scope.retired else ""]))
    return shown


def content(view: TokenRequest) -> Mapping[str, object]:
    """What its template needs besides."""
    return {
        "scopes": marked(view),
        "expires": fields.end(view.resulting_end),
        "ends": edits.expires_at(view.resulting_end, now()),
        "restrictions": [(label, after) for label, _, after in _restrictions(view) if after],
        "application_disabled": not view.application_enabled,
    }


def _names(scopes: Sequence[Scope]) -> str:
    return "\n".join(scope.name for scope in scopes)


def _restrictions(view: TokenRequest) -> list[Row]:
    """Those that are set, now or afterwards."""
    after = view.resulting_restrictions
    return [
        (fields.label(field), restrictions.described(field, before), restrictions.described(field, after[field]))
        for field, before in view.restrictions.items()
        if before or after[field]
    ]
