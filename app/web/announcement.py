"""Whether a change is stored that not every node knows of yet: every page of a node says so until it is (SPEC 16). Who
made the change is told by whichever process their browser comes to next."""

from flask import Flask, current_app, request, session
from werkzeug.wrappers import Response

from app.quota.generation import ANNOUNCER, Announcer
from app.web.headers import is_api
from app.web.htmx import announce, wants_fragment

KEPT = "unannounced"
STORED = "Stored, not yet announced to every node."


def init_app(app: Flask) -> None:
    """Give every page the word on it."""
    app.context_processor(_on_page)
    app.after_request(_tell_who_changed)


def _on_page() -> dict[str, object]:
    # A fragment has no frame to say it in, and leaves it to the next page.
    told = not wants_fragment() and session.pop(KEPT, False)
    return {"unannounced": told or _is_behind()}


def _tell_who_changed(response: Response) -> Response:
    if request.method != "POST" or response.status_code >= 400 or is_api(request.path) or not _is_behind():
        return response
    if response.status_code == 200 and wants_fragment():
        return announce(response, STORED)  # type: ignore[arg-type]  # Flask answers with its own responses
    session[KEPT] = True
    return response


def _is_behind() -> bool:
    announcer: Announcer | None = current_app.extensions.get(ANNOUNCER)
    return announcer is not None and announcer.is_behind
