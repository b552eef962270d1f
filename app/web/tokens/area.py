"""Where the area's pages are hung up, and what holds for all their addresses."""

from typing import Any

from flask import Blueprint

from app.domain.errors import NotFound
from app.domain.identifiers import Kind, is_id

KINDS = {"application_id": Kind.APPLICATION, "token_id": Kind.TOKEN}

blueprint = Blueprint("tokens", __name__)


@blueprint.url_value_preprocessor
def require_ids(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Answer 404 for what cannot be an id, before a database is asked that might choke on it."""
    for name, kind in KINDS.items():
        if values and name in values and not is_id(kind, values[name]):
            raise NotFound
