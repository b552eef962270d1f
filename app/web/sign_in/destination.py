"""Where a person goes after signing in: only ever to a page of Postern (TRAPS M19)."""

from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from flask import current_app, url_for
from werkzeug.exceptions import HTTPException

from app.web.access import requirement_of

HOME = "/"


def safe(asked: str | None, method: str = "GET") -> str:
    """The address of the page that was asked for, written anew by our own routes; the home page for anything that is
    not a page of a signed-in person, or does not take the method."""
    try:
        parts = urlsplit(asked or HOME)
    except ValueError:
        return HOME
    if parts.scheme or parts.netloc or not parts.path.startswith("/"):
        return HOME
    try:
        endpoint, arguments = current_app.url_map.bind("postern").match(unquote(parts.path), method)
    except HTTPException:
        return HOME
    requirement = requirement_of(current_app.view_functions[endpoint])
    if requirement is None or not requirement.signed_in:
        return HOME
    path = url_for(endpoint, **arguments)
    query = urlencode(parse_qsl(parts.query, keep_blank_values=True))
    return f"{path}?{query}" if query else path
