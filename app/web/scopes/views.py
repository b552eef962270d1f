"""The catalogue as a page: every scope with its risk and what it permits."""

from itertools import groupby

from flask import Blueprint, render_template

from app.domain.roles import Deed, may
from app.store.database import db
from app.store.queries import scopes
from app.web.access import current_person, signed_in

blueprint = Blueprint("scopes", __name__, url_prefix="/scopes")


@blueprint.get("")
@signed_in
def listing() -> str:
    """The scopes, grouped by resource."""
    found = sorted(scopes.catalogue(db.session()).values(), key=lambda scope: (scope.resource, scope.risk, scope.name))
    return render_template(
        "scopes/listing.html",
        resources=[(name, list(scopes)) for name, scopes in groupby(found, key=lambda scope: scope.resource)],
        may_edit=may(Deed.EDIT_CATALOGUE, current_person().role),
    )
