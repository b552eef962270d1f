"""Posting as a browser does: open the page, take its form token, send the form."""

import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

_TIME = re.compile(r"</?time[^>]*>")
# Its form token is good for every form, and it costs little.
CHEAP_PAGE = "/applications/new"
TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')


def token_on(client: FlaskClient, page: str = CHEAP_PAGE) -> str:
    """The form token of a page, for a person who is signed in of any."""
    found = TOKEN.search(client.get(page).text)
    assert found, f"no form on {page}"
    return found.group(1)


def as_read(page: str) -> str:
    """The page without the elements that its instants stand in."""
    return _TIME.sub("", page)


def submit(
    client: FlaskClient, page: str, action: str | None = None, *, peer: str = "127.0.0.1", **fields: str
) -> TestResponse:
    """Send the form of `page` (to `action`, where that is another address) from this peer."""
    fields["csrf_token"] = token_on(client, page)
    return client.post(action or page, data=fields, environ_base={"REMOTE_ADDR": peer})


def sign_in(
    client: FlaskClient, email: str, password: str, *, peer: str = "127.0.0.1", next_page: str | None = None
) -> TestResponse:
    """Send the sign-in form."""
    page = "/login" if next_page is None else f"/login?next={next_page}"
    return submit(client, page, peer=peer, email=email, password=password)


def is_signed_in(client: FlaskClient) -> bool:
    """Whether Postern takes this browser for somebody."""
    return client.get("/account").status_code == 200
