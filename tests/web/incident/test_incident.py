"""The incident view: found by what they have in common, looked at, stopped, taken back. SPEC 14."""

import re
from datetime import timedelta

import pytest

from app.clock import FixedClock
from app.store.database import transaction
from app.store.tables import KeyUsageRow
from tests.cast import Cast
from tests.web.tokens.conftest import REASON, House, Issue, Visit, Visitor, house, issue, visit
from tests.web.tokens.test_overview import counted

__all__ = ["house", "issue", "visit"]


@pytest.fixture
def ada(visit: Visit, cast: Cast) -> Visitor:
    return visit(cast.ada)


@pytest.fixture
def shop(house: House, cast: Cast) -> str:
    return house.application_of(cast.grace)


@pytest.fixture
def tokens(issue: Issue, house: House, cast: Cast, clock: FixedClock, shop: str) -> dict[str, str]:
    """An old one of Billing that was used, a new High one that waits, and one of another application."""
    old = issue(name="Old", expires="1 year").token_id
    key_id = house.token(old).current_key.id
    with house.app.app_context(), transaction() as session:
        session.add(KeyUsageRow(key_id=key_id, token_id=old, used_at=clock(), address="203.0.113.7"))
    clock.advance(timedelta(days=3))
    high = issue(name="High", by=cast.margaret, scopes=(cast.low, cast.high), reason=REASON).token_id
    foreign = issue(name="Foreign", by=cast.grace, application_id=shop).token_id
    return {"Old": old, "High": high, "Foreign": foreign}


def shown(visitor: Visitor, query: str) -> list[str]:
    visitor.sign_in_again()
    page = visitor.get(f"/incident?{query}")
    assert page.status_code == 200
    return sorted(re.findall(r'<a href="/tokens/tok_\w+">([^<]+)</a>', page.text))


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("application=billing", ["High", "Old"]),
        ("application=Another", ["Foreign"]),
        ("scope=invoice:read", ["Foreign", "High", "Old"]),
        ("scope=payout:create", ["High"]),
        ("risk=high", ["High"]),
        ("risk=low", ["Foreign", "Old"]),
        ("risk=medium", []),
        ("creator=Margaret@example.com", ["High"]),
        ("since=2026-11-25", ["Foreign", "High"]),
        ("until=2026-11-23", ["Old"]),
        ("address=203.0.113.7", ["Old"]),
        ("address=::ffff:203.0.113.7", ["Old"]),
        ("application=Billing&risk=low", ["Old"]),
        ("", []),
    ],
)
def test_tokens_are_found_by_what_they_have_in_common(
    ada: Visitor, tokens: dict[str, str], query: str, names: list[str]
) -> None:
    assert shown(ada, query) == names


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("application=nope", "No application has this name."),
        ("scope=nope", "No scope of the catalogue has this name."),
        ("risk=huge", "Choose a risk from the list."),
        ("creator=nobody@example.com", "Nobody here has this email."),
        ("since=2026-13-01", "Nothing was looked up."),
        ("address=somewhere", "Nothing was looked up."),
    ],
)
def test_what_cannot_be_found_by_is_said_at_its_field(ada: Visitor, query: str, sentence: str) -> None:
    page = ada.get(f"/incident?{query}")

    assert page.status_code == 422
    assert sentence in page.text


def test_what_is_shown_is_stopped_and_nothing_else(
    ada: Visitor, tokens: dict[str, str], issue: Issue, house: House
) -> None:
    ada.sign_in_again()
    page = ada.get("/incident?application=Billing").text
    named = re.search(r'name="stop" value="revoke">\s*<input type="hidden" name="token" value="([^"]+)"', page)
    assert named
    dialog = page.split('<dialog class="dialog" id="revoke"')[1].split("</dialog>")[0]
    assert re.findall(r'<li>(\w+) <span class="muted">Billing</span>', dialog) == ["High", "Old"]
    late = issue(name="Late").token_id

    answer = ada.post("/incident", stop="revoke", token=named.group(1), reason=REASON)

    assert answer.status_code == 303
    told = ada.get(answer.location).text
    assert "Revoked 2 tokens" in told
    assert REASON in told
    assert [house.token(tokens[name]).status.value for name in ("Old", "High", "Foreign")] == [
        "revoked",
        "revoked",
        "active",
    ]
    assert house.token(late).status.value == "active"
    assert "Revoked 2 tokens" in ada.get("/incident").text


def test_a_reason_that_does_not_fit_opens_the_dialog_again_with_it(ada: Visitor, tokens: dict[str, str]) -> None:
    ada.sign_in_again()
    answer = ada.post("/incident", stop="disable", token=tokens["Old"], reason="x" * 2001, application="Billing")

    assert answer.status_code == 422
    dialog = answer.text.split('<dialog class="dialog" id="disable"')[1].split("</dialog>")[0]
    assert "open data-modal" in dialog
    assert "x" * 2001 in dialog


def test_somebody_was_first(ada: Visitor, tokens: dict[str, str]) -> None:
    ada.sign_in_again()
    ada.post(f"/tokens/{tokens['Old']}/revoke")

    answer = ada.post("/incident", stop="revoke", token=tokens["Old"], application="Billing")

    assert answer.status_code == 409
    assert "somebody was first" in answer.text


@pytest.mark.parametrize("who", ["linus", "grace", "sam"])
def test_only_superusers_stop_tokens_everywhere(visit: Visit, cast: Cast, issue: Issue, house: House, who: str) -> None:
    token_id, visitor = issue().token_id, visit(getattr(cast, who))

    assert visitor.get("/incident").status_code == 403
    assert visitor.post("/incident", stop="disable", token=token_id).status_code == 403
    assert house.token(token_id).status.value == "active"
    assert 'href="/incident"' not in visitor.get("/").text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_it_takes_few_queries_for_any_number_of_tokens(ada: Visitor, issue: Issue, house: House) -> None:
    for number in range(12):
        issue(name=f"Token {number}")

    with counted(house.app) as asked:
        ada.get("/incident?application=Billing&scope=invoice:read")

    assert 3 < len(asked) <= 12, "\n".join(asked)
