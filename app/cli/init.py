"""`flask postern init` and `flask postern migrate`: from nothing to an installation that somebody can sign in to."""

import click

from app.cli.groups import now, postern
from app.domain.risk import Risk
from app.services.installation import initialise
from app.store import schema
from app.store.database import db
from app.store.queries import people

APPROVAL = {
    "medium-and-high": (Risk.MEDIUM, Risk.HIGH),
    "high": (Risk.HIGH,),
    "all": tuple(Risk),
    "none": (),
}


@postern.command("migrate")
def migrate() -> None:
    """Bring the database to the newest schema."""
    schema.migrate()
    click.echo("The database has the newest schema.")


@postern.command("init")
@click.option("--email", prompt="Email of the first superuser")
@click.option("--name", prompt="Their name")
@click.option(
    "--approval",
    type=click.Choice(list(APPROVAL)),
    default="medium-and-high",
    prompt="Tokens of which risk does a second person approve?",
    show_default=True,
)
def init(email: str, name: str, approval: str) -> None:
    """Add the first superuser, print their password once, and set the approval policy."""
    if _is_empty():
        schema.migrate()
    made = initialise(email, name, APPROVAL[approval], now())
    click.echo(f"superuser {email.strip()} {made.password}")
    click.echo("This password is not shown again. Sign in and change it under /account.")
    if APPROVAL[approval]:
        click.echo("Nobody approves their own requests: flask people add EMAIL --name NAME --role administrator")


def _is_empty() -> bool:
    # An installation that is in use is not migrated by somebody who mistook the command.
    return not db.inspect(db.engine).has_table("user") or not people.exist(db.session())
