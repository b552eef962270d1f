"""Finding out why a request was refused, in the browser: the answer comes in place, and its address can be shared."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SignIn
from tests.browser.test_edit import region
from tests.browser.test_issue_and_verify import create_application, done, faults, issue

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.console_errors("status of 422")
def test_a_request_is_tried_in_place_and_the_answer_can_be_linked(sign_in: SignIn) -> None:
    page = sign_in("Nora")
    create_application(page)
    issue(page, "nightly", "invoice:read")
    done(page)
    page.evaluate("window.stays = true")
    page.get_by_role("link", name="ACL", exact=True).click()
    trying = region(page, "Try a request")
    trying.get_by_label("Scopes").fill("nonsense")
    trying.get_by_role("button", name="Try request").click()
    expect(trying.get_by_text("1 field needs another look")).to_be_visible()
    expect(trying.get_by_label("Scopes")).to_have_value("nonsense")
    trying.get_by_label("Scopes").fill("payout:create")
    trying.get_by_role("button", name="Try request").click()
    expect(trying.get_by_role("status")).to_contain_text("INSUFFICIENT_SCOPE: refused")
    expect(trying.get_by_role("row").filter(has_text="Decided")).to_contain_text(
        "Add payout:create to the token's scopes."
    )
    assert page.evaluate("window.stays"), "the page was loaded anew"
    page.reload()
    expect(region(page, "Try a request").get_by_role("status")).to_contain_text("INSUFFICIENT_SCOPE: refused")
    assert faults(page, shows=page.get_by_text("Decided", exact=True)) == []
