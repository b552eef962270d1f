"""`flask people`: adding people, and helping back in who lost their password."""

import click
from flask import current_app

from app.cli.groups import now, people
from app.domain.emails import account_name
from app.domain.roles import Role
from app.services import host, links
from app.services.people import add_person
from app.store.database import db
from app.store.queries.people import account_named


@people.command("add")
@click.argument("email")
@click.option("--name", prompt="Their name")
@click.option("--role", type=click.Choice([role.value for role in Role]), default=Role.MEMBER.value, show_default=True)
def add(email: str, name: str, role: str) -> None:
    """Add a person and print the one-time link by which they set their password."""
    added = add_person(email, name, role, host.CONSOLE, now())
    _print_link(added.link_secret)


@people.command("reset")
@click.argument("email")
def reset(email: str) -> None:
    """Print a one-time link by which the person sets a new password. The old one works until then."""
    account = account_named(db.session(), account_name(email), None)
    if account is None:
        raise click.ClickException(f"Nobody here has the email {email}.")
    _print_link(links.make_link(account.person.id, host.CONSOLE, now()))


def _print_link(secret: str) -> None:
    click.echo(links.address(current_app.config["PUBLIC_URL"], secret))
    click.echo("It works once, for 24 hours. Whoever opens it first sets the password: send it to nobody else.")
