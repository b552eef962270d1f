"""What a person typed into a form that failed, so that it can be shown and sent once more."""

from urllib.parse import urlsplit

from flask import request
from werkzeug.exceptions import HTTPException

FORM_TOKEN = "csrf_token"


def typed() -> list[tuple[str, str]]:
    """The fields of the failed post as they were sent, without passwords and the form token."""
    if request.method != "POST":
        return []
    try:
        fields = list(request.form.items(multi=True))
    except HTTPException:
        return []  # The body itself was refused: there is nothing to show.
    return [(name, value) for name, value in fields if name != FORM_TOKEN and not _is_password(name)]


def is_safe() -> bool:
    """Whether one button may send it again: all of it is there, and it came from one of our own pages.

    Anyone can make a browser post a form here. Offering that with a fresh token would ask a person to finish a forgery.
    """
    return bool(typed()) and _came_from_us() and not any(_is_password(name) for name in request.form)


def _came_from_us() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return urlsplit(request.headers.get("Origin", "")).netloc == request.host


def _is_password(name: str) -> bool:
    return "password" in name.lower()
