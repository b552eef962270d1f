"""Verifications while 32 people write: `python -m bench.busy [MINUTES]`.

Quiet and busy stretches take turns in one run, on SQLite, in one process. It fails where a change is refused because
the database is locked, or where the median of the busy p99s is more than twice that of the quiet ones."""

import re
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from app.cli.example import acts
from app.cli.example.acts import Wish
from app.clock import system_clock
from app.domain import expiry
from app.domain.people import Person
from app.domain.roles import Role
from bench import calls, hot
from bench.calls import SCOPE
from bench.installation import Installation, installation
from bench.load import Drive, drive
from tests.factories import make_person, sign_in
from tests.real.meanwhile import meanwhile
from tests.real.postern import PosternServer, postern_server

PEOPLE, CONNECTIONS, TOKENS = 32, 64, 1_000
STRETCH_SECONDS = 15.0
# Between two changes of one person, who reads the page that came.
PAUSE_SECONDS = 5.0
MOST_SLOWER = 2.0
NO_ANSWER = 0
_FORM_TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')


@dataclass
class Writer:
    """Somebody who switches a token of their own off and on, by the forms of its page."""

    port: int
    token_id: str
    cookies: dict[str, str]
    begins_after: float
    verb: str = "disable"
    statuses: Counter[int] = field(default_factory=Counter)

    def write_until(self, over: threading.Event) -> None:
        """Change it, and go on when it pleases."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        found = _FORM_TOKEN.search(self._page(connection))
        # Nobody presses at the same moment as all others.
        over.wait(self.begins_after)
        while found and not over.wait(PAUSE_SECONDS):
            typed = urlencode({"csrf_token": found[1], "reason": "It is tried out under load"})
            try:
                status, _ = self._send(connection, "POST", f"/tokens/{self.token_id}/{self.verb}", typed)
            except (OSError, HTTPException):
                connection.close()
                status = NO_ANSWER
            self.statuses[status] += 1
            self.verb = "enable" if self.verb == "disable" else "disable"
            self._page(connection)
        connection.close()

    def _page(self, connection: HTTPConnection) -> str:
        return self._send(connection, "GET", f"/tokens/{self.token_id}", None)[1]

    def _send(self, connection: HTTPConnection, method: str, path: str, body: str | None) -> tuple[int, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        for set_cookie in response.headers.get_all("Set-Cookie", []):
            name, _, value = set_cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return response.status, response.read().decode()


def main(minutes: float) -> int:
    """Measure for so long; 0 where everything is as it should be."""
    with tempfile.TemporaryDirectory(prefix="postern-busy-") as folder, installation(Path(folder, "home")) as place:
        tokens = hot.fill(place, TOKENS, 0, system_clock())
        with postern_server(place.environ, Path(folder)) as server:
            call = calls.verify(tokens.caller, tokens.keys, "VALID")
            writers = _writers(place, server, system_clock())
            quiet, busy = list[Drive](), list[Drive]()
            for _ in range(max(1, round(minutes * 60 / STRETCH_SECONDS / 2))):
                quiet.append(drive(server.port, call, CONNECTIONS, STRETCH_SECONDS, (server.pid,)))
                with meanwhile([writer.write_until for writer in writers]):
                    busy.append(drive(server.port, call, CONNECTIONS, STRETCH_SECONDS, (server.pid,)))
            return _told(quiet, busy, writers, server.output)


def _writers(place: Installation, server: PosternServer, now: datetime) -> Sequence[Writer]:
    writers = []
    for number in range(PEOPLE):
        with place.app.app_context():
            name = f"Writer {number}"
            person = Person(make_person(name.replace(" ", ""), Role.MEMBER, now), name, "", Role.MEMBER)
            application = acts.create(person, name, "Writes.", now)
            issued = acts.issue(person, application, Wish("theirs", (SCOPE,), expiry.YEAR, reason=hot.WHY), now)
        client = place.app.test_client()
        with place.app.app_context():
            sign_in(client, person.id, now)
        kept = client.get_cookie("postern_session")
        cookies = {kept.key: kept.value} if kept else {}
        writers.append(Writer(server.port, issued.token_id, cookies, PAUSE_SECONDS * number / PEOPLE))
    return writers


def _told(quiet: Sequence[Drive], busy: Sequence[Drive], writers: Sequence[Writer], output: str) -> int:
    statuses: Counter[int] = sum((writer.statuses for writer in writers), Counter())
    slower = median(one.p99 for one in busy) / median(one.p99 for one in quiet)
    locked = output.count("locked") + statuses[503]
    for name, drives in (("quiet", quiet), ("busy", busy)):
        each = [f"{one.p99:.1f}" for one in drives]
        sys.stdout.write(
            f"{name}: {sum(one.answers for one in drives):,} answers, {median(one.rate for one in drives):.0f}/s,"
            f" p50 {median(one.p50 for one in drives):.1f} ms, p99 {median(one.p99 for one in drives):.1f} ms {each}\n"
        )
    sys.stdout.write(f"changes by status: {dict(statuses)}; locked: {locked}; p99 busy is {slower:.2f} x quiet\n")
    return int(locked > 0 or set(statuses) != {303} or slower > MOST_SLOWER)


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 5.0))
