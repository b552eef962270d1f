"""What a form for a part of a token says while it is filled in: the choices there are, and what saving would mean."""

from dataclasses import replace
from datetime import datetime

from app.domain.approval import Policy
from app.domain.preview import Accepted
from app.store.database import db
from app.store.queries import policy, scopes, usage
from app.store.queries.tokens import TokenView
from app.web.tokens import editing, outlook
from app.web.tokens.editing import Editing
from app.web.tokens.forms import EditExpiryForm, EditScopesForm
from app.web.tokens.restriction_forms import EditRestrictionForm


def completed(plain: Editing, token: TokenView, now: datetime) -> Editing:
    """The part with what its form shows beside what was typed."""
    match plain.form:
        case EditScopesForm() as form:
            return _scopes(plain, form, token, now)
        case EditExpiryForm() as form:
            expires, day = form.expires.data or "", form.expires_on.data or ""
            return replace(plain, outlook=editing.of_expiry(token, expires, day, _policy, now))
        case EditRestrictionForm() as form:

            def accepted() -> Accepted:
                return usage.accepted(db.session(), token.id, now)

            return replace(plain, outlook=editing.of_restriction(token, form.restriction, _policy, accepted, now))
    return plain


def _scopes(plain: Editing, form: EditScopesForm, token: TokenView, now: datetime) -> Editing:
    catalogue, picked = scopes.catalogue(db.session()), tuple(form.scopes.data or ())
    held = [scope.name for scope in token.scopes]
    would = editing.of_scopes(token, picked, catalogue, _policy, now)
    return replace(plain, outlook=would, groups=outlook.by_resource(catalogue, kept=held), picked=picked)


def _policy() -> Policy:
    return policy.current(db.session())
