"""The example: filled in on a first start, removed before anything is meant in earnest."""

import json
from datetime import datetime

import click
from flask import current_app

from app.cli import listening
from app.cli.example import story
from app.cli.example.story import Told
from app.cli.groups import example as group
from app.cli.groups import now
from app.domain.errors import Conflict, Refusal
from app.services.example.remove import remove, remove_interrupted
from app.store.database import db
from app.store.queries import example, people


def fill(now: datetime, public_url: str) -> list[str]:
    """Fill in the example and return the lines to print: the only place where its passwords and keys ever stand.
    Raises Conflict where there are people already."""
    if example.was_interrupted(db.session()):
        remove_interrupted(now)
    if people.exist(db.session()):
        raise Conflict("There are people here already: the example is for an empty database.")
    return _lines(story.tell(now), public_url)


@group.command("fill")
def fill_by_hand() -> None:
    """Fill in the example, in a database without people, and print its passwords and keys once."""
    host = current_app.config["HOST"]
    if not listening.is_loopback(host):
        raise click.ClickException(
            f"HOST={host} lets others reach this server, and the example's passwords are printed. Set HOST=127.0.0.1."
        )
    try:
        lines = fill(now(), current_app.config["PUBLIC_URL"])
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from refusal
    click.echo("\n".join(lines))


@group.command("remove")
def remove_by_hand() -> None:
    """Remove the example's people, applications, tokens and usage. The audit log stays."""
    try:
        gone = remove(now())
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from refusal
    click.echo(f"Removed {gone.people} people, {gone.applications} applications and {gone.tokens} tokens.")
    if gone.deactivated:
        click.echo(f"Deactivated, because something else still names them: {', '.join(gone.deactivated)}.")


def _lines(told: Told, public_url: str) -> list[str]:
    asked = json.dumps({"token": told.key, "scopes": ["invoice:read"]}, separators=(",", ":"))
    accounts = [f"{one.person.role.value} {one.person.email} {one.password}" for one in told.accounts]
    curl = (
        f"curl -s -H 'Authorization: Bearer {told.caller_key}' -H 'Content-Type: application/json'"
        f" -d '{asked}' {public_url}/api/v1/verify"
    )
    then = (
        "That line asks whether a token may read invoices. Sign in as linus@example.com, press Disable at "
        f"{public_url}/tokens/{told.token_id} and run it again."
    )
    return [*accounts, curl, then]
