"""The one page that shows a key: the answer to the post that made the key, and to nothing else."""

from datetime import datetime

from flask import Response, current_app, make_response, render_template

from app.domain.errors import NotFound
from app.store.database import db
from app.store.queries import tokens
from app.web.access import current_person, now


def shown_once(
    token_id: str, key: str, request_id: str | None = None, *, old_key_stops_at: datetime | None = None
) -> Response:
    """The page with the key: for a new token, or after a rotation, where the old key stops at `old_key_stops_at`."""
    token = tokens.find(db.session(), current_person(), token_id, now())
    if token is None:
        raise NotFound
    public_url = current_app.config["PUBLIC_URL"]
    page = render_template(
        "tokens/key.html",
        title=f"Key of {token.name}",
        token=token,
        key=key,
        curl=f"curl -H 'Authorization: Bearer {key}' {public_url}/api/v1/self",
        env_line=f"POSTERN_TOKEN={key}",
        request_id=request_id,
        old_key_stops_at=old_key_stops_at,
        now=now(),
    )
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    return response
