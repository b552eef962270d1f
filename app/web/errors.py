"""Every failure becomes an answer that fits who asked: a page, a notice swapped into one, or a problem document."""

import json
from collections.abc import Mapping

from flask import Flask, Response, current_app, make_response, render_template, request
from flask_wtf.csrf import CSRFError, generate_csrf
from sqlalchemy import exc
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from app.domain.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal, TooMany
from app.store.trouble import Trouble, trouble
from app.web import resend
from app.web.access import is_in_background
from app.web.error_pages import (
    DATABASE_BUSY,
    DATABASE_FAILING,
    DATABASE_FULL,
    DATABASE_READ_ONLY,
    EXPIRED_FORM,
    ErrorPage,
    page_for,
)
from app.web.headers import is_api, request_id
from app.web.htmx import trigger, wants_fragment

STATUS: dict[type[Refusal], int] = {NotAllowed: 403, NotFound: 404, Conflict: 409, Invalid: 422, TooMany: 429}
# A read-only PostgreSQL, as in a failover, says InternalError.
DATABASE_ERRORS = (exc.OperationalError, exc.InterfaceError, exc.InternalError, exc.TimeoutError)
OF_DATABASE = {
    Trouble.FULL: DATABASE_FULL,
    Trouble.FAILING: DATABASE_FAILING,
    Trouble.READ_ONLY: DATABASE_READ_ONLY,
    Trouble.BUSY: DATABASE_BUSY,
}
# Where a page speaks of pages and forms.
FOR_PROGRAMS = {404: "There is nothing at this address.", 405: "This address does not take this method: see Allow."}
# What may be over at the next look.
PASSING = {429, 500, 503}
PROBLEM_TYPE = "application/problem+json"


def init_app(app: Flask) -> None:
    """Answer for every exception that leaves a view."""
    app.register_error_handler(Refusal, _refusal)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(CSRFError, _expired_form)
    for error in DATABASE_ERRORS:
        app.register_error_handler(error, _database_error)


def status_of(refusal: Refusal) -> int:
    """The HTTP status of a refusal: that of its kind, 400 where the kind has none."""
    return next((STATUS[kind] for kind in type(refusal).__mro__ if kind in STATUS), 400)


def _refusal(refusal: Refusal) -> Response:
    headers = {"Retry-After": str(refusal.retry_after)} if isinstance(refusal, TooMany) else {}
    status = status_of(refusal)
    return _answer(status, page_for(status, refusal.code), refusal.sentence, code=refusal.code, headers=headers)


def _http_error(error: HTTPException) -> Response | AnyResponse | HTTPException:
    if error.response is not None or error.code is None or error.code < 400:
        return error
    page = page_for(error.code)
    said = error.description if error.description != type(error).description else None
    kept = {name: value for name, value in error.get_headers() if name not in {"Content-Type", "Content-Length"}}
    return _answer(error.code, page, said or page.happened, headers=kept)


def _expired_form(error: CSRFError) -> Response:
    # What was typed stays in an htmx page, so its forms only need a fresh token; a plain page offers to send it again.
    response = _answer(400, EXPIRED_FORM, EXPIRED_FORM.happened)
    return trigger(response, "postern:csrf", generate_csrf()) if wants_fragment() else response


def _database_error(error: Exception) -> Response:
    found = trouble(error)
    current_app.logger.error("the database is %s: %s", found, type(error).__name__)
    page = OF_DATABASE.get(found) or page_for(503)
    return _answer(503, page, page.happened, headers={"Retry-After": "5"})


def _answer(
    status: int, page: ErrorPage, happened: str, *, code: str | None = None, headers: Mapping[str, str] | None = None
) -> Response:
    code = code or page.code
    if is_api(request.path):
        response = _problem(status, page.title, FOR_PROGRAMS.get(status, happened), code)
    elif is_in_background():
        # Nobody did anything that could have failed: the page goes on showing what it knows.
        response = make_response("", 204)
    elif wants_fragment():
        response = _notice(status, page, happened)
    else:
        response = make_response(_page(status, page, happened), status)
    response.headers.update(dict(headers or {}))
    return response


def _problem(status: int, title: str, detail: str, code: str) -> Response:
    """A problem document (RFC 9457) with `code` and `request_id` as extension members."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    body |= {"code": code, "request_id": request_id()}
    return Response(json.dumps(body, ensure_ascii=False), status, content_type=PROBLEM_TYPE)


def _notice(status: int, page: ErrorPage, happened: str) -> Response:
    """The failure above the page, whatever was to be swapped: the form and what was typed in it stay."""
    notice = current_app.jinja_env.get_template("errors/_notice.html")
    response = make_response(notice.render(page=page, happened=happened, request_id=request_id()), status)
    response.headers["HX-Retarget"] = "#flash"
    response.headers["HX-Reswap"] = "innerHTML show:top"
    response.headers["HX-Push-Url"] = "false"
    return response


def _page(status: int, page: ErrorPage, happened: str) -> str:
    asked_for_change = request.method not in {"GET", "HEAD"}
    facts = {"page": page, "happened": happened, "request_id": request_id(), "typed": resend.typed()}
    facts["kept"] = page.kept if asked_for_change else ""
    facts["can_reopen"] = not asked_for_change and status in PASSING
    facts["can_resend"] = (status == 503 or page is EXPIRED_FORM) and resend.is_safe()
    if status < 500:
        try:
            return render_template("errors/page.html", layout="base.html", **facts)
        except DATABASE_ERRORS:
            current_app.logger.warning("database unavailable while showing an error page")
    # Not render_template: the context processors of a working page ask the database.
    return current_app.jinja_env.get_template("errors/page.html").render(layout="plain.html", **facts)
