"""The frame around every page: navigation, tabs, static files by content, and the parts that make the shell."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from flask import Flask, current_app, url_for

from app.web import compression, filters, htmx


@dataclass(frozen=True)
class NavItem:
    """One line of the main navigation. `badge` counts what waits there; zero is not shown."""

    label: str
    href: str
    badge: int = 0
    current: bool = False


@dataclass(frozen=True)
class Tab:
    """One tab of a page: a link that can be opened, reloaded and shared."""

    label: str
    href: str
    current: bool = False


def init_app(app: Flask) -> None:
    """Give templates what base.html and the components need.

    `navigation` (NavItems) and `person` (`name`, `role`) come from a context processor that is registered later.
    """
    htmx.init_app(app)
    filters.init_app(app)
    compression.init_app(app)
    app.jinja_env.globals["asset"] = asset
    app.context_processor(_nobody)


def asset(filename: str) -> str:
    """The address of a static file with a mark of its content, so that browsers may keep it for good."""
    marks: dict[str, str] = current_app.extensions.setdefault("postern_assets", {})
    if filename not in marks:
        content = Path(current_app.static_folder or "", filename).read_bytes()
        marks[filename] = sha256(content).hexdigest()[:12]
    return url_for("static", filename=filename, v=marks[filename])


def _nobody() -> dict[str, object]:
    # Pages before sign-in have none of it; later context processors and views put the real ones in their place.
    navigation: Sequence[NavItem] = ()
    return {"navigation": navigation, "person": None, "emergency_banner": None}
