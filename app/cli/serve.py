"""`flask postern serve`: what `make run` does (SPEC 15). What speaks against serving is one line with the remedy."""

import gc
import os
import signal
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import click
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from app import home
from app.cli import example, listening, log_lines
from app.cli.groups import now, postern
from app.cli.hearing import hear_every_signal, stop_with_parent
from app.cli.leaving import SOON, LastAnswers, LeavingServer
from app.config import Settings
from app.quota import redis_kind
from app.store import schema
from app.store.database import db
from app.store.queries import example as examples

ROOT = Path(__file__).parents[2]
# The server counts open connections, idle ones too; what comes beyond waits in the kernel's queue.
MOST_CONNECTIONS = 1024
HEADERS_WITHIN_MS = 30_000
STOP_WITHIN_SECONDS = 5
# New objects until the collector looks for garbage among them.
ALLOCATIONS_A_COLLECTION = 20_000
SWITCH_SECONDS = 0.001
RUN_BY_FLASK = "FLASK_RUN_FROM_CLI"
POSTERN = "wsgi:app"


@postern.command("serve")
def serve() -> None:
    """Bring the database up to date and serve, until Ctrl-C or SIGTERM."""
    settings = home.load(os.environ)
    with listening.only_server(settings.home) as alone:
        _refuse(_fault_of_place(settings, alone=alone))
        _refuse(redis_kind.fault(settings.redis_url) if settings.redis_url else None)
        _refuse(_prepare_database(settings))
        if settings.is_embedded and listening.is_loopback(settings.host) and examples.is_wanted(db.session()):
            click.echo("\n".join(example.fill(now(), settings.public_url)))
        # Workers are forks of this process and must not share its connections.
        db.session.remove()
        db.engine.dispose()
        hear_every_signal()
        web_server(settings).serve(target_loader=load_in_worker)


def _refuse(fault: str | None) -> None:
    if fault is not None:
        raise click.ClickException(fault)


def _fault_of_place(settings: Settings, *, alone: bool) -> str | None:
    if settings.redis_url is None and not alone:
        return (
            f"Another Postern serves from {settings.home}, and both would count in memory. Stop it, or set REDIS_URL."
        )
    if not listening.can_bind(settings.host, settings.port):
        return f"Port {settings.port} on {settings.host} is taken. Choose another: PORT={settings.port + 1} make run"
    return None


def _prepare_database(settings: Settings) -> str | None:
    """Migrate where that is this process's business; then why this database cannot be served from, if so."""
    if settings.is_embedded and not schema.is_ahead():
        schema.migrate()
    fault = schema.fault()
    if fault is None and not listening.is_loopback(settings.host) and examples.has_active_people(db.session()):
        return "The example's people can sign in with printed passwords: flask example remove, or serve on 127.0.0.1."
    return fault


def web_server(settings: Settings, target: str = POSTERN) -> LeavingServer:
    """The server, told how to serve; `target` is what it loads: `module:name`."""
    server = LeavingServer(
        target,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEADERS_WITHIN_MS),
        websockets=False,
        workers=settings.workers,
        blocking_threads=settings.threads,
        backlog=MOST_CONNECTIONS,
        backpressure=MOST_CONNECTIONS,
        workers_kill_timeout=STOP_WITHIN_SECONDS,
        # A worker that was killed is replaced; one that cannot even start ends the server.
        respawn_failed_workers=settings.workers > 1,
        log_level=LogLevels.warning,
        log_dictconfig=log_lines.CONFIG,
        log_access=False,
    )
    server.on_startup(lambda: listening.when_answering(settings.host, settings.port, lambda: _say_where(settings)))
    return server


def load_in_worker(target: str) -> Callable[..., object]:
    """The WSGI app of this name, in the process that will serve it."""
    hear_every_signal()
    stop_with_parent()
    # The worker is no command, though its parent was one.
    os.environ.pop(RUN_BY_FLASK, None)
    sys.path.insert(0, str(ROOT))
    module, _, name = target.partition(":")
    app = LastAnswers(getattr(import_module(module), name))
    signal.signal(SOON, app.begin)
    _make_way_for_requests()
    return app


def _make_way_for_requests() -> None:
    """Have nothing hold up a short request for long: what is loaded by now stays loaded, so the collector need not look
    through it again and again, and a thread that computes lets another go on after a fifth of the usual time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(ALLOCATIONS_A_COLLECTION)
    sys.setswitchinterval(SWITCH_SECONDS)


def _say_where(settings: Settings) -> None:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    sys.stdout.write(f"Postern is at http://{host}:{settings.port}\n")
    sys.stdout.flush()
