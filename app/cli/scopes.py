"""`flask scopes import FILE`: load a scope catalogue."""

import tomllib
from pathlib import Path

import click

from app.cli import groups
from app.domain import catalogue
from app.domain.catalogue import Entry
from app.domain.errors import Invalid, Refusal
from app.services.host import CONSOLE
from app.services.scopes.load import Asker, Imported, NobodyAsks, import_catalogue

LARGEST_FILE = 1024 * 1024


@groups.scopes.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "email", help="Who asks for what loosens the catalogue: an administrator's email.")
@click.option("--reason", default="", help="Why it is asked for. Approvers and auditors read this.")
def import_file(file: Path, email: str | None, reason: str) -> None:
    """Load the scopes of FILE (TOML): additions and tightenings at once, the rest as requests to another person."""
    asker = Asker(email, reason or f"Loaded on the host from {file.name}") if email is not None else None
    try:
        imported = import_catalogue(_entries(file), CONSOLE, groups.now(), asker)
    except NobodyAsks as refusal:
        raise click.ClickException(f"{refusal.sentence} flask scopes import {file} --as EMAIL") from None
    except Invalid as invalid:
        lines = [f"  {where}: {sentence}" for where, sentence in invalid.fields.items()]
        raise click.ClickException("\n".join([f"{file} was not imported.", *lines])) from None
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from None
    _report(imported)


def _entries(file: Path) -> tuple[Entry, ...]:
    if file.stat().st_size > LARGEST_FILE:
        raise click.ClickException(f"{file} is too large for a scope catalogue.")
    try:
        document = tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise click.ClickException(f"{file} is not TOML: {error}") from None
    return catalogue.read(document)


def _report(imported: Imported) -> None:
    click.echo(f"{len(imported.added)} added, {len(imported.changed)} changed, {len(imported.unchanged)} as before.")
    for word, names in (("added", imported.added), ("changed", imported.changed)):
        for name in names:
            click.echo(f"  {word} {name}")
    if imported.asked:
        click.echo("These loosen the catalogue, so they wait for another person under /approvals:")
        for name in imported.asked:
            click.echo(f"  asked {name}")
    if imported.for_review:
        click.echo("The risk of these live tokens may have risen. Review them:")
        for holder in imported.for_review:
            click.echo(f"  {holder.application_name}: {holder.token_name} ({holder.token_id})")
