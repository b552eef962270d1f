"""Commands on the host."""

from click import Group
from flask import Flask

from app.cli import audit, backup, example, groups, init, people, policy, scopes, serve

# Importing a module adds its commands to their group.
MODULES = (audit, example, init, people, policy, scopes, serve)
GROUPS: tuple[Group, ...] = (groups.postern, groups.people, groups.example, groups.scopes, groups.policy, groups.audit)


def init_app(app: Flask) -> None:
    """Give the app its commands."""
    for group in GROUPS:
        app.cli.add_command(group)
    backup.init_app(app)
