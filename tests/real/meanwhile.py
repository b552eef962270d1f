"""What others do while something is looked at."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

Act = Callable[[threading.Event], None]


@contextmanager
def meanwhile(acts: Sequence[Act]) -> Iterator[None]:
    """All of them go on in threads of their own while the block runs; each ends once its event is set."""
    over = threading.Event()
    threads = [threading.Thread(target=act, args=(over,)) for act in acts]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()
