"""Failed sign-ins that no later one has turned into an event are in the audit log when the server has stopped."""

from datetime import timedelta

from flask import Flask

from app.clock import Clock
from app.store.database import transaction
from app.store.tables import SignInFailureRow
from tests import people
from tests.cast import Cast
from tests.real.postern import PosternServer


def test_stopping_writes_the_failures_of_past_minutes(
    app: Flask, cast: Cast, server: PosternServer, clock: Clock
) -> None:
    minute = (clock() - timedelta(minutes=2)).replace(second=0, microsecond=0)
    with app.app_context(), transaction() as session:
        session.add(SignInFailureRow(account_id=cast.linus, address="192.0.2.7", minute=minute, count=3))

    server.stop()

    [event] = people.events(app, "user.sign_in_failed")
    assert (event.subject_id, event.address) == (cast.linus, "192.0.2.7")
