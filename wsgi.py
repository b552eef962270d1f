"""What a WSGI server loads: `wsgi:app`. Usage is written while it runs, and once more at its end."""

import atexit
import os
from multiprocessing.util import Finalize

from app import create_app
from app.clock import CLOCK
from app.services.failures import try_to_write_past_failures
from app.store import patience, schema
from app.store.database import db
from app.verification.views import DOOR

FROM_COMMAND_LINE = "FLASK_RUN_FROM_CLI"
app = create_app()


def begin() -> None:
    """Refuse to serve from a database that is not the one this code was written for; start writing usage."""
    with app.app_context():
        fault = schema.fault()
        if fault is not None:
            raise SystemExit(fault)
        schema.adopt_secrets()
        # Commands take the time that they need; pages do not.
        patience.limit(db.engine)
    verifier = app.extensions[DOOR].verifier
    verifier.start()
    try:
        verifier.measures.share()
    except OSError as error:
        app.logger.warning("each worker counts for itself in /metrics: %s", error.strerror)
    # A worker that was forked ends without `atexit`, any other without finalizers; closing twice does no harm.
    Finalize(None, end, exitpriority=10)
    atexit.register(end)


def end() -> None:
    """Write what waits to be written: usage, rate counters, and the failed sign-ins that are no events yet."""
    app.extensions[DOOR].verifier.stop()
    with app.app_context():
        try_to_write_past_failures(app.extensions[CLOCK]())


if FROM_COMMAND_LINE not in os.environ:
    begin()
