"""What Lighthouse would measure of five main pages, measured without it: weight, stillness, good practice, access."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Page

from app.domain.roles import Role
from tests import people
from tests.browser.lives.conftest import Town
from tests.browser.lives.looks import Life, Look
from tests.web.shell.test_pages_in_a_browser import AXE, DESK, PHONE, RULES, VIOLATIONS

HEAVIEST_LOAD = 100_000
# The page, two style sheets, five scripts.
FILES = 8
# Elsewhere than in UTC, so that instants are rewritten; three frames, so that what would move has moved.
ZONE = "Asia/Kolkata"
SHIFTS = """() => new Promise(resolve => {
  const shifts = []
  new PerformanceObserver(list => shifts.push(...list.getEntries())).observe({type: 'layout-shift', buffered: true})
  const frames = left => left ? requestAnimationFrame(() => frames(left - 1)) : resolve(
    shifts.map(shift => shift.value + ' by ' + shift.sources.map(source => source.node?.outerHTML ?? '?')))
  frames(3)
})"""
# Each names what is wrong; an empty list is Lighthouse's full score of the checks that do not ask the server's setup.
PRACTICES = """() => [
  [document.compatMode !== 'CSS1Compat', 'quirks mode'],
  [document.characterSet !== 'UTF-8', 'another character set'],
  [!document.documentElement.lang, 'no language'],
  [!document.title, 'no title'],
  [/user-scalable|maximum-scale/.test(document.querySelector('meta[name=viewport]')?.content ?? 'user-scalable'),
   'no viewport, or one that cannot be zoomed'],
  [[...document.images].some(image => !image.complete || !image.naturalWidth || !image.hasAttribute('width')),
   'an image that is broken or has no size'],
  [[...document.querySelectorAll('a[target=_blank]')].some(link => !link.relList.contains('noopener')),
   'a window that can reach back'],
  [performance.getEntriesByType('resource').some(each => new URL(each.name).origin !== location.origin),
   'something from elsewhere'],
].filter(([wrong]) => wrong).map(([, what]) => what)"""


@pytest.fixture(scope="module")
def paths(town: Town) -> dict[str, str]:
    """The five pages, of an application with tokens and requests."""
    owner = town.settle("lena", Role.ADMINISTRATOR)
    application = town.application("Lighthouse", owner)
    for number in range(6):
        town.token(application, f"lamp {number}", "invoice:read", owner, rate="100/hour")
    waiting = town.token(town.cast.billing, "lighthouse payouts", "payout:create", town.cast.linus, approved=False)
    token = town.token(application, "beacon", "invoice:write", owner, rate="100/hour")
    credentials = f"/applications/{application}/credentials"
    return {
        "home": "/",
        "credentials": credentials,
        "token": f"/tokens/{token.token_id}",
        "issue": f"{credentials}/new",
        "request": f"/approvals/{waiting.request_id}",
    }


@contextmanager
def watched(page: Page) -> Iterator[tuple[list[str], list[float]]]:
    """What the browser's own inspector complains of, and what comes over the wire, with nothing kept from before."""
    inspector = page.context.new_cdp_session(page)
    complaints: list[str] = []
    received: list[float] = []

    def note(kind: str) -> Callable[[dict[str, Any]], None]:
        return lambda event: complaints.append(f"{kind}: {event.get('issue') or event.get('entry')}")

    inspector.on("Audits.issueAdded", note("issue"))
    inspector.on("Log.entryAdded", note("log"))
    inspector.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    for domain in ("Audits", "Log", "Network"):
        inspector.send(f"{domain}.enable")
    inspector.send("Network.setCacheDisabled", {"cacheDisabled": True})
    yield complaints, received
    inspector.detach()


def test_five_main_pages_measure_up(paths: dict[str, str], opens: Callable[..., Page]) -> None:
    look = Look("far away", "light", DESK)
    life = Life(opens(**look.context, timezone_id=ZONE), look)
    life.sign_in("lena", people.PASSWORD)
    for name, path in paths.items():
        with watched(life.page) as (complaints, received):
            for screen in (DESK, PHONE):
                received.clear()
                life.page.set_viewport_size(screen)  # type: ignore[arg-type]  # has both sizes
                life.page.goto(path, wait_until="load")
                assert life.page.evaluate(SHIFTS) == [], f"{name} moves at {screen['width']}"
                life.page.wait_for_load_state("networkidle")
            assert len(received) >= FILES, f"{name}: the page and its files are not all counted"
            assert sum(received) < HEAVIEST_LOAD, f"{name} weighs {sum(received):,.0f}"
            assert life.page.evaluate(PRACTICES) == [], name
            assert complaints == [], name
        life.page.evaluate(AXE)
        assert life.page.evaluate(VIOLATIONS, RULES) == [], name
