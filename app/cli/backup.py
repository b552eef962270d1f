"""`flask backup FILE`: a copy of the database while Postern serves. No secret is in it: those that keys and the audit
log rest on are never in the database (docs/operating.md)."""

import os
from pathlib import Path

import click
from flask import Flask
from flask.cli import with_appcontext

from app.store import backup as database


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def backup(file: Path) -> None:
    """Write a copy of the database to FILE, which must not exist yet."""
    try:
        # Made by us, so that nobody else can read it for a moment either.
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}") from None
    try:
        database.copy_to(file)
    except database.NoBackup as reason:
        file.unlink()
        raise click.ClickException(str(reason)) from None
    except BaseException:
        file.unlink()
        raise
    click.echo(f"{file}: {file.stat().st_size:,} bytes. Keep the secrets elsewhere: they are not in it.")


def init_app(app: Flask) -> None:
    """Give the app its command."""
    app.cli.add_command(backup)
