"""Postern: service tokens, and the answer to one question about them."""

import os
from collections.abc import Callable
from typing import Any

from flask import Flask
from flask_login import LoginManager

from app import cli, home, web
from app.clock import CLOCK, Clock, system_clock
from app.config import Settings, SettingsError
from app.operations import views as operations
from app.operations.readiness import Readiness
from app.operations.views import Room
from app.quota import uses
from app.quota.attempts import Attempts
from app.quota.generation import ANNOUNCER, Announcer
from app.quota.redis_clock import REDIS_CLOCK, RedisClock
from app.services.late_use import record_late_use
from app.services.tokens.self_revoke import revoke_by_key
from app.store import database, schema, secrets
from app.store.snapshots import Snapshots, open_reader
from app.verification import views as doors
from app.verification.lane import Lane
from app.verification.measures import Measures
from app.verification.usage import UsageWriter
from app.verification.verifier import Verifier
from app.web import access
from app.web.headers import of_every_api_answer
from app.web.settings.views import ENVIRONMENT
from app.web.sign_in import browser
from app.web.sign_in.question import who_is_there

# Room for a long form; verify has a far smaller limit of its own.
LARGEST_BODY = 1024 * 1024


class Postern(Flask):
    """The app."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Every function as it is: none of ours is a coroutine, and to ask each of them at each request costs a tenth
        of it."""
        return func


def create_app(settings: Settings | None = None, clock: Clock | None = None) -> Flask:
    """Put the house together. Without arguments, from the environment and by the machine's clock."""
    settings = settings or _from_environment()
    app = Postern(__name__)
    # A doubled slash is no address: redirecting from one would answer programs with a page.
    app.url_map.merge_slashes = False
    app.config.update(_flask_settings(settings))
    clock = clock or system_clock
    app.extensions[CLOCK] = clock
    app.extensions[access.TRUSTED_PROXIES] = settings.trusted_proxies
    app.extensions[browser.ATTEMPTS] = Attempts(settings.session_secret, settings.redis_url)
    app.extensions[ENVIRONMENT] = settings.told()
    secrets.init_app(app, secrets.Secrets(settings.key_secrets, settings.chain_secret))
    database.init_app(app, settings.database_url)
    schema.init_app(app)
    login = LoginManager()
    login.user_loader(browser.load)
    login.unauthorized_handler(who_is_there)
    web.init_app(app, login)
    web.csrf.exempt(doors.blueprint)
    verifier = _verifier(app, settings, clock)
    doors.init_app(app, verifier, settings.trusted_proxies)
    operations.init_app(app, _operations(app, settings, verifier.measures))
    cli.init_app(app)
    _open_lane(app, settings)
    access.check_every_route(app)
    return app


def _from_environment() -> Settings:
    """The settings of this process; it ends, saying what to set, where they cannot be used."""
    try:
        return home.load(os.environ)
    except SettingsError as faults:
        raise SystemExit(str(faults)) from None


def _verifier(app: Flask, settings: Settings, clock: Clock) -> Verifier:
    reader = open_reader(settings.database_url, len(settings.key_secrets))
    snapshots = Snapshots(reader, settings.key_secrets, shared=settings.redis_url is not None)
    if settings.redis_url is not None:
        announcer = app.extensions[ANNOUNCER] = Announcer(settings.redis_url)
        app.extensions[database.ANNOUNCE] = announcer
    counters = uses.uses(settings.redis_url, clock, settings.home / "rate-counters.json")
    app.extensions[uses.USES] = counters
    measures = Measures(settings.home / "measures")
    return Verifier(snapshots, UsageWriter(app.app_context, record_late_use), counters, revoke_by_key, measures)


def _open_lane(app: Flask, settings: Settings) -> None:
    headers = of_every_api_answer(settings.is_https)
    lane = Lane(app.wsgi_app, app.extensions[doors.DOOR], app.extensions[CLOCK], headers)
    app.wsgi_app = lane  # type: ignore[method-assign]  # how Flask says that middleware is put in front


def _operations(app: Flask, settings: Settings, measures: Measures) -> Room:
    redis_clock = RedisClock(settings.redis_url) if settings.redis_url else None
    if redis_clock is not None:
        app.extensions[REDIS_CLOCK] = redis_clock
    return Room(Readiness(redis_clock, app.extensions[CLOCK]), measures, settings.metrics_token)


def _flask_settings(settings: Settings) -> dict[str, object]:
    return {
        "SECRET_KEY": settings.session_secret,
        "PUBLIC_URL": settings.public_url,
        "HOST": settings.host,
        "PREFERRED_URL_SCHEME": "https" if settings.is_https else "http",
        # The prefix makes browsers refuse the cookie from a neighbouring host name or over plain HTTP.
        "SESSION_COOKIE_NAME": "__Host-postern_session" if settings.is_https else "postern_session",
        "SESSION_COOKIE_SECURE": settings.is_https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        # A form lives as long as the session: a page left open for an hour loses no text.
        "WTF_CSRF_TIME_LIMIT": None,
        "MAX_CONTENT_LENGTH": LARGEST_BODY,
        "MAX_FORM_MEMORY_SIZE": LARGEST_BODY,
    }
