"""Take the pictures of the README and the guide: `make screenshots`.

A real Postern with its example, a real Chromium. By day (05:00 to 23:00 UTC): at night the example's worker is outside
its hours.
"""

import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.conftest import SECRETS
from tests.real.browser import browser
from tests.real.postern import PosternServer, postern_server

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


def take_all() -> None:
    """Write every picture anew."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, browser() as chromium:
        environ = {"POSTERN_HOME": folder, **SECRETS}
        with postern_server(environ, Path(folder)) as server:
            _take(chromium, server)


def _take(chromium: Browser, server: PosternServer) -> None:
    with _signed_in(chromium, server, "linus") as page:
        _shoot(page, "home", lambda: page.goto("/"))
        _shoot(page, "token", lambda: _open_token(page, "invoice-worker"))
        token = page.url
        _shoot(page, "acl", lambda: page.goto(f"{token}/acl"))
        _shoot(page, "security", lambda: page.goto(f"{token}/security"))
        _shoot(page, "issue", lambda: _issue(page))
        _shoot(page, "key", lambda: page.get_by_role("button", name="Issue token").click())
    with _signed_in(chromium, server, "grace") as page:
        _shoot(page, "request", lambda: _open_request(page))
        _shoot(page, "audit", lambda: page.goto("/audit"))
    with _signed_in(chromium, server, "grace", PHONE) as page:
        _shoot(page, "request-phone", lambda: _open_request(page))


@contextmanager
def _signed_in(
    chromium: Browser, server: PosternServer, name: str, size: dict[str, int] | None = None
) -> Iterator[Page]:
    password = re.search(rf"{name}@example.com (\S+)", server.output)
    assert password, "the example's passwords are printed at the first start"
    width, height = (size or WIDE)["width"], (size or WIDE)["height"]
    with chromium.new_context(base_url=server.url, viewport={"width": width, "height": height}) as context:
        page = context.new_page()
        page.goto("/login")
        page.get_by_label("Email").fill(f"{name}@example.com")
        page.get_by_label("Password").fill(password[1])
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/")
        yield page


def _shoot(page: Page, name: str, go: Callable[[], object]) -> None:
    go()
    page.wait_for_load_state("networkidle")
    page.screenshot(path=PICTURES / f"{name}.png", animations="disabled")


def _open_token(page: Page, name: str) -> None:
    page.goto("/applications")
    page.get_by_role("link", name="Billing", exact=True).click()
    page.get_by_role("link", name="Credentials").click()
    page.get_by_role("link", name=name).click()


def _open_request(page: Page) -> None:
    page.goto("/approvals")
    page.get_by_role("link", name="supplier-payouts").first.click()


def _issue(page: Page) -> None:
    page.goto("/applications")
    page.get_by_role("link", name="Billing", exact=True).click()
    page.get_by_role("link", name="Credentials").click()
    page.get_by_role("link", name="Issue token").click()
    page.get_by_label("Name", exact=True).fill("ledger-sync")
    page.get_by_label("invoice:read").check()


if __name__ == "__main__":
    take_all()
