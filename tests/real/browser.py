"""Pages in a real browser, whose console must stay clean."""

import contextlib
import os
import re
from collections.abc import Callable, Iterator
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page, WebError, expect, sync_playwright

from tests.real import chromium

# Chromium refuses its sandbox as root; the rest keeps it from calling home, which a closed network answers slowly.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE_MS = 10_000


@contextlib.contextmanager
def browser() -> Iterator[Browser]:
    """A running Chromium. Raises UnavailableError where there is none."""
    found = chromium.find()
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=found.binary, args=ARGUMENTS, env={**os.environ, **found.environment}
        )
        yield started
        started.close()


@contextlib.contextmanager
def pages(started: Browser, base_url: str, expected: tuple[str, ...]) -> Iterator[Callable[..., Page]]:
    """A function that opens a page with cookies of its own, as another person would; options are those of a context.

    At the end every console error and uncaught exception of every page must match one of the `expected` patterns.
    """
    complaints: list[str] = []

    def note_message(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(f"{message.text} ({message.location.get('url', '')})")

    def note_exception(error: WebError) -> None:
        complaints.append(str(error.error))

    with contextlib.ExitStack() as contexts:

        def open_page(**options: Any) -> Page:
            allowed = ["clipboard-read", "clipboard-write"]
            context = started.new_context(base_url=base_url, permissions=allowed, **options)
            contexts.callback(context.close)
            context.set_default_timeout(PATIENCE_MS)
            context.on("console", note_message)
            context.on("weberror", note_exception)
            return context.new_page()

        yield open_page
    unexpected = [line for line in complaints if not any(re.search(pattern, line) for pattern in expected)]
    assert not unexpected, "the browser's console has errors:\n" + "\n".join(unexpected)
