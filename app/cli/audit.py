"""`flask audit verify`: whether the log is as it was written."""

import click

from app.cli import groups
from app.store import audit_chain, schema
from app.store.database import db


@groups.audit.command("verify")
@click.pass_context
def verify(context: click.Context) -> None:
    """Read the audit log from its start and name the first event that was altered, removed, inserted or reordered."""
    fault = schema.fault()
    verdict = audit_chain.check(db.session())
    if fault is None and verdict.fault is None:
        click.echo(f"The audit log is whole: {verdict.sequence:,} events, the last with hash {verdict.hash}.")
        return
    if fault is not None:
        click.echo(fault)
    if verdict.fault is not None:
        found = verdict.fault
        click.echo(
            f"The audit log was tampered with: event {found.sequence} ({found.event_id or 'no id'}): {found.sentence}."
        )
    context.exit(1)
