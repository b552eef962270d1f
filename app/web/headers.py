"""What every answer carries: a request id, and headers that leave a browser no room for what pages do not need."""

import secrets
from collections.abc import Mapping

from flask import Flask, Request, Response, current_app, g, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

from app.domain.identifiers import quick_text

API_PATHS = ("/api/", "/oauth2/")
REQUEST_ID_LENGTH = 16

# `htmx` names the one Trusted Types policy, made by hx-csp, which lets through only what carries this page's nonce.
PAGE_POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types htmx"
)
BARE_POLICY = "default-src 'none'; frame-ancestors 'none'"
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    # Not no-referrer: over HTTPS the form token check needs to see where a post comes from.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
ONE_YEAR = 365 * 24 * 60 * 60
HTTPS_ONLY = f"max-age={ONE_YEAR}"


class PagesOnlySessions(SecureCookieSessionInterface):
    """Signed cookie sessions for pages; the API reads no cookie and sets none."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of a page's visitor; for the API none, so that writing to it is an error."""
        return None if is_api(request.path) else super().open_session(app, request)


def init_app(app: Flask) -> None:
    """Give every request an id and every answer its headers. Call it before anything else that hooks into requests."""
    app.session_interface = PagesOnlySessions()
    app.before_request(_number_request)
    app.after_request(_add_headers)
    app.jinja_env.globals["csp_nonce"] = csp_nonce


def of_every_api_answer(is_https: bool) -> Mapping[str, str]:
    """What `_add_headers` gives each answer of the API but for its request id: for those that do not pass Flask."""
    headers = {**EVERYWHERE, "Content-Security-Policy": BARE_POLICY}
    return headers | {"Strict-Transport-Security": HTTPS_ONLY} if is_https else headers


def is_api(path: str) -> bool:
    """Whether programs ask at this path, not people: no cookie, no page, problem documents."""
    # Misspelt addresses of the API too: a program that slips has no use for a page either.
    return f"/{path.strip('/').lower()}/".startswith(API_PATHS)


def request_id() -> str:
    """This request's id, made here and never taken from outside: it ends up in the audit log."""
    if "request_id" not in g:
        g.request_id = quick_text(REQUEST_ID_LENGTH)
    return str(g.request_id)


def csp_nonce() -> str:
    """The nonce of this answer, the same wherever the page asks for it."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def _number_request() -> None:
    request_id()


def _add_headers(response: Response) -> Response:
    is_page = response.mimetype == "text/html"
    if is_page:
        response.headers["Cache-Control"] = "no-store"
    elif request.endpoint == "static" and "v" in request.args:
        response.headers["Cache-Control"] = f"public, max-age={ONE_YEAR}, immutable"
    policy = PAGE_POLICY.format(nonce=csp_nonce()) if is_page else BARE_POLICY
    ours = {**EVERYWHERE, "X-Request-Id": request_id(), "Content-Security-Policy": policy}
    # Only where the public address is HTTPS: on a plain localhost the header would shut people out.
    if current_app.config.get("PREFERRED_URL_SCHEME") == "https":
        ours["Strict-Transport-Security"] = HTTPS_ONLY
    # Added together: setting them one by one looks through all of them each time, which every answer would pay for.
    given = {name.lower() for name, _ in response.headers}
    response.headers.extend([(name, value) for name, value in ours.items() if name.lower() not in given])
    return response
