"""The banner: which emergency access is open, and for how long, on the pages of those whom it concerns (SPEC 10)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import cast

from flask import Flask, g, request
from flask_login import current_user

from app.domain.emergency import in_words
from app.domain.identifiers import Kind, is_id
from app.store.database import db
from app.store.queries import emergency
from app.store.queries.emergency import OpenWindow
from app.web.access import current_person, now
from app.web.htmx import wants_fragment

# More at once than anybody reads; the rest is counted.
SHOWN = 3


@dataclass(frozen=True)
class Line:
    """One open window. `left` is what remains of it, as said and in whole seconds."""

    window: OpenWindow
    left: str
    seconds: int


@dataclass(frozen=True)
class Banner:
    """What is open, for the page of one token (None: of none). `seen` tells one state from another."""

    token_id: str | None
    lines: Sequence[Line]
    more: int
    seen: str


def init_app(app: Flask) -> None:
    """Give every page its banner."""
    app.context_processor(_on_page)


def open_windows() -> Sequence[OpenWindow]:
    """What is open and the person may see: asked for once, whatever of a page shows it."""
    if "open_windows" not in g:
        g.open_windows = emergency.open_now(db.session(), current_person(), now())
    return cast(Sequence[OpenWindow], g.open_windows)


def of(token_id: str | None) -> Banner | None:
    """What the person at a page of this token is told: administrators of everything, others of that token; None where
    nothing ever concerns them there."""
    hears_all = current_person().role.is_administrator
    if token_id is None and not hears_all:
        return None
    found = [window for window in open_windows() if hears_all or window.token_id == token_id]
    # What the page is about comes first.
    ordered = sorted(found, key=lambda window: window.token_id != token_id)
    lines = [_line(window, now()) for window in ordered[:SHOWN]]
    return Banner(token_id, lines, len(found) - len(lines), ",".join(str(window.id) for window in found))


def _line(window: OpenWindow, at: datetime) -> Line:
    left = window.ends_at - at
    return Line(window, in_words(left), ceil(left.total_seconds()))


def _on_page() -> dict[str, object]:
    # A fragment has no banner: nothing is asked of the database for one that is not shown.
    if wants_fragment() or not current_user.is_authenticated:
        return {}
    token_id = (request.view_args or {}).get("token_id", "")
    # The page that says there is no such token has a banner as well, and an address can hold anything.
    return {"emergency_banner": of(token_id if is_id(Kind.TOKEN, token_id) else None)}
