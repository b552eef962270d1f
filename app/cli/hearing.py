"""So that a server hears at once that it should stop."""

import multiprocessing
import os
import signal
import threading

HARMLESS = signal.SIGURG


def hear_every_signal() -> None:
    """Wake the main thread for every signal from now on; to be called by it, in each process. Python runs handlers in
    the main thread only, and that sleeps on where the system interrupted another thread in its place: every second stop
    of a worker with a few threads would otherwise have to wait for its being killed."""
    signal.signal(HARMLESS, lambda number, frame: None)
    pipe, wakeup = os.pipe()
    os.set_blocking(wakeup, False)
    # Written to by whichever thread was interrupted.
    signal.set_wakeup_fd(wakeup, warn_on_full_buffer=False)
    threading.Thread(target=_wake_main_thread, args=(pipe,), name="hearing", daemon=True).start()


def stop_with_parent() -> None:
    """Stop this worker when the process that started it is gone: nobody could stop it any more, and a new server would
    find the port taken."""
    threading.Thread(target=_outlive_parent_by_nothing, name="parent", daemon=True).start()


def _wake_main_thread(pipe: int) -> None:
    sleeper = threading.main_thread().ident
    while number := os.read(pipe, 1):
        if number[0] != HARMLESS and sleeper is not None:
            signal.pthread_kill(sleeper, HARMLESS)


def _outlive_parent_by_nothing() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
