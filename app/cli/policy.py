"""`flask policy`: the approval policy, read and set on the host."""

import click

from app.cli import groups
from app.domain.risk import Risk
from app.services.policy import set_policy_on_host
from app.store.database import db
from app.store.queries import policy

WORDS = {"ask": True, "do-not-ask": False}


@groups.policy.command("show")
def show() -> None:
    """Say at which risks a second person is asked."""
    asks = policy.current(db.session())
    for level in Risk:
        click.echo(f"{level.word} {'ask' if asks.asks_at(level) else 'do-not-ask'}")


@groups.policy.command("set")
@click.argument("risk", type=click.Choice([level.word for level in Risk]))
@click.argument("approval", type=click.Choice(list(WORDS)))
@click.option("--reason", prompt="Why", help="10 to 2,000 characters. Auditors read this.")
def set_(risk: str, approval: str, reason: str) -> None:
    """Set whether a second person is asked at RISK. It holds at once, and the audit log says that it was done here.

    The way of an installation with one person: in the browser, asking less waits for another one."""
    changed = set_policy_on_host(Risk.of(risk), WORDS[approval], reason, groups.now())
    told = "a second person is asked" if WORDS[approval] else "nobody else is asked"
    click.echo(f"At {risk} risk {told}{' from now on' if changed else ', as before'}.")
