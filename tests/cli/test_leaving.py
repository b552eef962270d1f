"""A server that stops takes no new connections, and none away from who has one already."""

import subprocess
import sys

# In a process of its own: what is tested is about every socket of the process.
KNOCKING = """
import socket
from app.cli.leaving import let_nobody_in

with socket.create_server(("127.0.0.1", 0)) as server:
    name = server.getsockname()
    early, late = socket.create_connection(name), socket.socket()
    let_nobody_in()
    late.settimeout(0.3)
    try:
        late.connect(name)
    except TimeoutError:
        print("nobody else gets in")
    early.sendall(b"who was there before is heard")
    print(server.accept()[0].recv(99).decode())
"""


def test_who_waits_to_be_accepted_is_and_nobody_else() -> None:
    ended = subprocess.run([sys.executable, "-c", KNOCKING], capture_output=True, text=True, check=False)

    assert ended.stdout.splitlines() == ["nobody else gets in", "who was there before is heard"], ended.stderr


def test_where_it_is_not_allowed_nothing_happens() -> None:
    script = f"import app.cli.leaving as leaving\nleaving._ATTACH_FILTER = 0x7fff\n{KNOCKING}"

    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)

    assert ended.stdout.splitlines() == ["who was there before is heard"], ended.stderr
