"""The dashboard: pages and fragments for people. Each area is a folder with its views and forms."""

from importlib import import_module

from flask import Blueprint, Flask
from flask_login import LoginManager
from flask_wtf import CSRFProtect

from app.web import access, announcement, errors, headers, navigation, node_clock, shell, typed_keys
from app.web.emergency import banner

AREAS = (
    "sign_in",
    "welcome",
    "account",
    "home",
    "search",
    "emergency",
    "applications",
    "scopes",
    "tokens",
    "approvals",
    "audit",
    "incident",
    "people",
    "settings",
    "docs",
)
csrf = CSRFProtect()


def init_app(app: Flask, login: LoginManager) -> None:
    """Register the dashboard's areas and everything that surrounds a page."""
    csrf.init_app(app)
    headers.init_app(app)
    typed_keys.init_app(app)
    errors.init_app(app)
    shell.init_app(app)
    navigation.init_app(app)
    banner.init_app(app)
    announcement.init_app(app)
    node_clock.init_app(app)
    for area in AREAS:
        blueprint: Blueprint = import_module(f"app.web.{area}.views").blueprint
        app.register_blueprint(blueprint)
    access.init_app(app, login)
