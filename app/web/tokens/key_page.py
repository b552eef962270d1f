"""The one page that shows a key: the answer to the post that made the key, and to nothing else."""

from collections.abc import Mapping
from datetime import datetime

from flask import Response, current_app, make_response, render_template
from sqlalchemy.exc import SQLAlchemyError

from app.store.database import db
from app.store.queries import tokens
from app.web.access import current_person, now


def shown_once(
    token_id: str, key: str, request_id: str | None = None, *, old_key_stops_at: datetime | None = None
) -> Response:
    """The page with the key: for a new token, or after a rotation, where the old key stops at `old_key_stops_at`."""
    public_url = current_app.config["PUBLIC_URL"]
    facts = {
        "title": "Your key",
        "token_id": token_id,
        "key": key,
        "curl": f"curl -H 'Authorization: Bearer {key}' {public_url}/api/v1/self",
        "env_line": f"POSTERN_TOKEN={key}",
        "request_id": request_id,
        "old_key_stops_at": old_key_stops_at,
        "now": now(),
    }
    response = make_response(_page(token_id, facts))
    response.headers["Cache-Control"] = "no-store"
    return response


def _page(token_id: str, facts: Mapping[str, object]) -> str:
    try:
        token = tokens.find(db.session(), current_person(), token_id, now())
        return render_template("tokens/key.html", layout="base.html", token=token, **facts)
    except SQLAlchemyError:
        # The key is made and stored: a database that fails only now must not take the one look at it away.
        current_app.logger.warning("database unavailable while showing a new key")
        template = current_app.jinja_env.get_template("tokens/key.html")
        return template.render(layout="plain.html", token=None, **facts)
