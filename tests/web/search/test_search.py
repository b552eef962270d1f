"""The search box of every page, for everybody who may see something and who may not. SPEC 2, 5, 13 and 14."""

import html
import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event

from app.clock import FixedClock
from app.domain import keys
from app.domain.checks import Code
from app.domain.identifiers import Kind, new_id
from app.store.database import db, transaction
from app.store.queries import search
from app.store.tables import RefusalRow
from tests import factories
from tests.cast import Cast
from tests.web.tokens.conftest import House, Issue, Visit, Visitor, house, issue, linus, visit

__all__ = ["house", "issue", "linus", "visit"]
WHO_MAY = pytest.mark.parametrize("who", ["linus", "margaret", "grace", "ada"])
EVERYWHERE = ("/", "/applications", "/approvals", "/scopes", "/account", "/docs/start", "/nowhere")


@pytest.fixture
def token(issue: Issue) -> str:
    return issue(name="Nightly report").token_id


@pytest.fixture
def refusal(token: str, house: House) -> str:
    """The request id of a refusal of the token, an hour ago."""
    row = RefusalRow(token_id=token, at=house.clock(), code=Code.EXPIRED.value, address="203.0.113.7")
    row.request_id = "Zx81aQ0PcLm4VbTe"
    with house.app.app_context(), transaction() as session:
        session.add(row)
    house.clock.advance(timedelta(hours=1))
    return row.request_id


def led_to(visitor: Visitor, typed: str) -> str:
    answer = visitor.post("/search", q=typed)
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def shown(visitor: Visitor, typed: str) -> str:
    """The list that is led to."""
    answer = visitor.get(led_to(visitor, typed))
    assert answer.status_code == 200
    return html.unescape(answer.text)


def test_the_box_is_on_every_page(linus: Visitor) -> None:
    for path in EVERYWHERE:
        assert linus.get(path).text.count('<form class="finder" method="post" action="/search"') == 1, path


@WHO_MAY
def test_one_hit_is_gone_to(visit: Visit, cast: Cast, token: str, house: House, who: str) -> None:
    visitor, hint = visit(getattr(cast, who)), house.token(token).current_key.hint
    application, its_page = f"/applications/{cast.billing}", f"/tokens/{token}"

    assert led_to(visitor, "billing") == led_to(visitor, cast.billing) == application
    for typed in ("NIGHTLY", "Nightly report", token, hint, hint[-4:], f" {hint.replace('…', '...')} "):
        assert led_to(visitor, typed) == its_page, typed
    assert visitor.get("/search?q=nightly").location == its_page


def test_a_stranger_finds_nothing_of_it(visit: Visit, cast: Cast, token: str, house: House, refusal: str) -> None:
    sam = visit(cast.sam)

    for typed in ("billing", cast.billing, "nightly", token, house.token(token).current_key.hint, refusal):
        page = shown(sam, typed)
        assert "Nothing that you may see fits" in page, typed
        assert "/tokens/tok_" not in page
        assert "/applications/app_" not in page


@WHO_MAY
def test_the_request_id_of_a_refusal_opens_try_a_request_filled_in(
    visit: Visit, cast: Cast, token: str, refusal: str, who: str
) -> None:
    visitor = visit(getattr(cast, who))

    address = led_to(visitor, refusal)
    page = visitor.get(address.partition("#")[0]).text

    assert address.startswith(f"/tokens/{token}/acl?")
    assert address.endswith("#try")
    assert 'value="203.0.113.7"' in page
    assert "23 Nov 2026 12:00 UTC" in page.split('id="tried"')[1]
    assert f"Request {refusal} was refused as EXPIRED 1 hour ago" in page


def test_several_hits_are_listed_in_groups_what_is_called_like_it_first(
    app: Flask, linus: Visitor, cast: Cast, issue: Issue, token: str, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        for name in ("A nightly shop", "Nightly", "Nightly 2"):
            factories.make_application(name, cast.linus, clock())

    page = shown(linus, "nightly")
    monkeypatch.setattr(search, "MOST", 2)
    cut = shown(linus, "nightly")

    assert re.findall(r'href="/applications/app_\w+">([^<]+)', page) == ["Nightly", "A nightly shop", "Nightly 2"]
    assert re.findall(r'href="/tokens/tok_\w+">([^<]+)', page) == ["Nightly report"]
    assert "Show all" not in page
    assert re.findall(r'href="/applications/app_\w+">([^<]+)', cut) == ["Nightly", "A nightly shop"]
    assert 'href="/applications?q=nightly"' in cut


def test_an_old_key_leads_to_its_token_and_says_that_it_is_old(
    linus: Visitor, token: str, house: House, issue: Issue
) -> None:
    old = house.token(token).current_key.hint
    house.rotate(token, "immediately")
    house.clock.advance(timedelta(minutes=1))
    assert led_to(linus, old) == f"/tokens/{token}"

    issue(name=old[-4:])
    page = shown(linus, old[-4:])
    assert "an old key, stopped" in page


@pytest.mark.parametrize("by", ["post", "get"])
def test_a_whole_key_is_found_by_its_hint_and_stands_nowhere(
    linus: Visitor, issue: Issue, caplog: pytest.LogCaptureFixture, by: str
) -> None:
    issued = issue(name="Leaked")

    answer = linus.post("/search", q=issued.key) if by == "post" else linus.get(f"/search?q={issued.key}")
    page = linus.get(answer.location).text

    assert answer.location == f"/tokens/{issued.token_id}"
    assert "That was a whole key." in page
    for text in (answer.text, str(answer.headers), page, caplog.text):
        assert issued.key not in text


def test_a_key_of_nobody_and_a_piece_of_one_are_not_repeated(linus: Visitor) -> None:
    key = keys.make()

    address = led_to(linus, key)
    refused = linus.post("/search", q=key[:-1])

    assert key[4:-4] not in address
    assert keys.hint(key) in html.unescape(linus.get(address).text)
    assert (refused.status_code, key[8:-8] in refused.text) == (422, False)


@pytest.mark.parametrize(
    "database_url", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)
def test_what_nothing_can_be_called_is_said(linus: Visitor, token: str, database_url: str) -> None:
    assert led_to(linus, " ") == "/search"
    for typed in ("x" * 10_000, "a\x00b", "a\x1bb"):
        assert linus.post("/search", q=typed).status_code == 422
        assert linus.client.get("/search", query_string={"q": typed}).status_code == 422
    for typed in ("%", "_", "\\", "'", "/", "no such thing", "<b>", new_id(Kind.TOKEN), "\u00a0", "ﷺ"):
        answer = linus.client.get("/search", query_string={"q": typed})
        assert answer.status_code in {200, 422}, typed
        assert "/tokens/tok_" not in answer.text
        assert "<b>" not in answer.text


def test_whoever_is_not_signed_in_is_asked_to(app: Flask) -> None:
    assert app.test_client().get("/search?q=billing").location.startswith("/login")


def test_it_takes_at_most_twelve_queries(app: Flask, visit: Visit, cast: Cast, token: str, refusal: str) -> None:
    grace, asked = visit(cast.grace), list[str]()
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *arguments: asked.append(arguments[2]))

    for typed in ("i", refusal, token, "zzzz"):
        asked.clear()
        grace.get(f"/search?q={typed}")
        assert 0 < len([statement for statement in asked if statement.startswith("SELECT")]) <= 12, typed
