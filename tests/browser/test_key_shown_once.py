"""A key is on one page of one browser, once: refresh, Back and whatever is kept never hold it."""

from collections.abc import Callable
from pathlib import Path

from flask import Flask
from playwright.sync_api import Error, Page, expect
from sqlalchemy import select

from app.store.database import db
from tests.browser.conftest import SignIn
from tests.browser.test_issue_and_verify import KEY, create_application, done, issue
from tests.real.postern import PosternServer

STORAGE = """async () => JSON.stringify([
  {...localStorage}, {...sessionStorage}, document.cookie, history.state, await indexedDB.databases(),
  await Promise.all((await caches.keys()).map(async name => (await (await caches.open(name)).keys()).map(r => r.url))),
])"""


def test_refreshed_the_page_with_the_key_is_the_tokens_page(sign_in: SignIn) -> None:
    page = sign_in("Nora")
    create_application(page)
    key = issue(page, "nightly", "invoice:read")
    page.reload()
    expect(page.get_by_role("navigation", name="Token")).to_be_visible()
    assert key not in page.content()
    page.get_by_role("link", name="Credentials").click()
    expect(page.get_by_role("row").filter(has_text="nightly")).to_have_count(1)


def seen(step: Callable[[], object], page: Page) -> str:
    """What the page holds after a step through the history; nothing where the browser would have to post again."""
    try:
        step()
    except Error as refusal:
        if "ERR_CACHE_MISS" not in refusal.message:
            raise
        return ""
    return page.content()


def test_back_from_a_later_page_shows_no_key(sign_in: SignIn) -> None:
    page = sign_in("Nora")
    create_application(page)
    key = issue(page, "nightly", "invoice:read")
    page.goto("/applications")
    assert key not in seen(page.go_back, page)


def test_back_to_the_form_and_forward_again_shows_no_key(sign_in: SignIn) -> None:
    page = sign_in("Nora")
    create_application(page)
    key = issue(page, "nightly", "invoice:read")
    form = seen(page.go_back, page)
    assert 'name="form_id"' in form
    assert key not in form
    assert key not in seen(page.go_forward, page)


def test_a_page_that_the_browser_keeps_alive_is_wiped_as_it_is_left(sign_in: SignIn) -> None:
    page = sign_in("Nora")
    create_application(page)
    key = issue(page, "nightly", "invoice:read")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")
    assert key not in page.content()


def test_nothing_that_is_kept_anywhere_holds_a_key(
    sign_in: SignIn, server: PosternServer, home: Path, app: Flask
) -> None:
    page = sign_in("Nora")
    create_application(page)
    keys = [issue(page, "nightly", "invoice:read")]
    assert not [key for key in keys if key in page.evaluate(STORAGE)], "kept while it is shown"
    done(page)
    page.get_by_role("button", name="Rotate key").click()
    page.get_by_role("dialog").get_by_role("button", name="Rotate key").click()
    keys.append(page.locator(KEY).inner_text())
    done(page)
    with app.app_context():
        rows = [str(row) for table in db.metadata.sorted_tables for row in db.session.execute(select(table))]
    kept = [page.evaluate(STORAGE), str(page.context.storage_state()), server.output, page.content(), *rows]
    kept += [file.read_bytes().decode("latin-1") for file in home.rglob("*") if file.is_file()]
    assert len(set(keys)) == 2
    assert not [key for key in keys for text in kept if key in text]
