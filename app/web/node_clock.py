"""Whether this node's clock is wrong: every page says so until it is set right (SPEC 16)."""

from flask import Flask, current_app, request

from app.clock import CLOCK
from app.quota.redis_clock import REDIS_CLOCK, RedisClock
from app.web.htmx import wants_fragment


def init_app(app: Flask) -> None:
    """Give every page the word on it."""
    app.context_processor(_on_page)


def _on_page() -> dict[str, object]:
    redis_clock: RedisClock | None = current_app.extensions.get(REDIS_CLOCK)
    # A fragment has no frame to say it in.
    if redis_clock is None or request.endpoint is None or wants_fragment():
        return {"clock_is_wrong_by": None}
    return {"clock_is_wrong_by": redis_clock.too_far_apart(current_app.extensions[CLOCK])}
