"""The servers of the comparison, each with an installation of its own, all running at once."""

import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from app.clock import system_clock
from bench import calls, hot
from bench.fleet import Fleet
from bench.hot import Hot
from bench.installation import installation
from bench.load import ask_each_once, drive
from bench.rounds import Contender
from tests.real.postern import SERVE, PosternServer, postern_server

CODES = {"malformed": "UNKNOWN_TOKEN", "unknown": "UNKNOWN_TOKEN", "revoked": "REVOKED"}
BARE, VALID, FLASK, MANY, MILLION, FLEET = "bare", "valid", "through Flask", "20,000 hot", "1,000,000 stored", "fleet"
SERVING = (sys.executable, "-m", "bench.serving")


@dataclass(frozen=True)
class Amounts:
    """How many tokens are asked about, usually and in the row of many, and how many there are in the row of a
    million."""

    hot: int = 1_000
    many: int = 20_000
    million: int = 1_000_000


@dataclass
class Servers:
    """Starts them in a folder, one after the other; `stack` ends them."""

    folder: Path
    stack: ExitStack
    running: dict[str, Contender] = field(default_factory=dict)

    def bare(self, known: Hot) -> None:
        """The bare view, asked the same."""
        home = self.folder / "bare"
        home.mkdir(mode=0o700)
        server = self._started({"POSTERN_HOME": str(home)}, home, (*SERVING, "bench.bare:app"))
        self._add(BARE, server, calls.bare(known.caller, known.keys))

    def embedded(self, amounts: Amounts) -> Hot:
        """Postern on SQLite with all its answers, by the lane and without it; the keys it knows."""
        home = self.folder / "embedded"
        with installation(home) as place:
            known, environ = hot.fill(place, amounts.hot, 0, system_clock()), place.environ
        beside = shutil.copytree(home, self.folder / "flask")
        server = self._started(environ, home)
        self._add(VALID, server, calls.verify(known.caller, known.keys, "VALID", restricted=True))
        for kind, code in CODES.items():
            self._add(kind, server, calls.verify(known.caller, getattr(known, kind), code))
        without = self._started({**environ, "POSTERN_HOME": str(beside)}, beside, (*SERVING, "bench.flask_only:app"))
        self._add(FLASK, without, self.running[VALID].call)
        return known

    def larger(self, name: str, asked: int, stored: int) -> None:
        """Postern on SQLite with `stored` tokens, asked about `asked` of them."""
        self._filled(name, asked, stored - asked)

    def fleet(self, fleet: Fleet, amounts: Amounts) -> None:
        """One node on PostgreSQL and Redis."""
        self._filled(FLEET, amounts.hot, 0, fleet)

    def _filled(self, name: str, asked: int, others: int, fleet: Fleet | None = None) -> None:
        home = self.folder / name.replace(" ", "-")
        addresses = (fleet.database_url, fleet.redis_url) if fleet else ()
        with installation(home, *addresses) as place:
            known, environ = hot.fill(place, asked, others, system_clock()), place.environ
        call = calls.verify(known.caller, known.keys, "VALID", restricted=True)
        self._add(name, self._started(environ, home), call, fleet.pids if fleet else ())
        require_restrictions(self.running[name].port, known)

    def _started(self, environ: Mapping[str, str], home: Path, command: tuple[str, ...] = SERVE) -> PosternServer:
        return self.stack.enter_context(postern_server(environ, home, command))

    def _add(self, name: str, server: PosternServer, call: calls.Call, also: tuple[int, ...] = ()) -> None:
        ask_each_once(server.port, call)
        self.running[name] = Contender(server.port, server.pid, call, also)


def require_restrictions(port: int, known: Hot) -> None:
    """Ask about every token from an address that it is not kept to. Raises WrongAnswer where one is accepted: what
    restricts nothing costs nothing, and would be measured for nothing."""
    call = calls.verify(known.caller, known.keys[:1000], "IP_NOT_ALLOWED", address=calls.STRANGER)
    drive(port, call, 4, 0.5, ())


@contextmanager
def contenders(folder: Path, amounts: Amounts, fleet: Fleet | None) -> Iterator[Mapping[str, Contender]]:
    """All of them, answering."""
    with ExitStack() as stack:
        servers = Servers(folder, stack)
        known = servers.embedded(amounts)
        require_restrictions(servers.running[VALID].port, known)
        servers.bare(known)
        servers.larger(MANY, amounts.many, amounts.many)
        servers.larger(MILLION, amounts.hot, amounts.million)
        if fleet is not None:
            servers.fleet(fleet, amounts)
        yield servers.running
