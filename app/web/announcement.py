"""Whether a change is stored that not every node knows of yet: every page says so until it is (SPEC 16)."""

from flask import Flask, current_app

from app.quota.generation import ANNOUNCER, Announcer


def init_app(app: Flask) -> None:
    """Give every page the word on it."""
    app.context_processor(_on_page)


def _on_page() -> dict[str, object]:
    announcer: Announcer | None = current_app.extensions.get(ANNOUNCER)
    return {"unannounced": announcer is not None and announcer.is_behind}
