"""Sorted lists page by page, on both databases: what has no value, case, and rows that are alike. SPEC 14."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest

from app.clock import FixedClock
from app.domain.identifiers import Kind, new_id, random_text
from app.domain.lifecycle import Status
from app.domain.people import Person
from app.domain.risk import Risk
from app.domain.roles import Role
from app.domain.sorting import Sort
from app.services.tokens.issue import IssueForm, issue_token
from app.services.tokens.switch import disable_token, revoke_token
from app.store.database import db, transaction
from app.store.queries import applications, catalogue_pages, standing, token_pages, tokens
from app.store.queries.token_pages import TokenLine, Wanted
from app.store.tables import KeyUsageRow
from tests import factories
from tests.cast import Cast
from tests.factories import actor

pytestmark = pytest.mark.usefixtures("app_context")
ADA = Person("", "Ada", "", Role.SUPERUSER)
Page = Callable[[Sort, str], tuple[Sequence[str], str | None]]


@pytest.fixture(autouse=True)
def _short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (applications, standing, token_pages, catalogue_pages):
        monkeypatch.setattr(module, "PAGE", 2)


def walked(page: Page, sort: Sort) -> list[str]:
    """Every row of every page, in the order of the pages; none of these but the last is shorter than the others."""
    seen, after = list[str](), ""
    while True:
        ids, onward = page(sort, after)
        seen += ids
        if onward is None:
            return seen
        assert len(ids) == 2
        after = onward


@pytest.fixture
def issued(cast: Cast, clock: FixedClock) -> dict[str, str]:
    """Tokens by name: with and without an end, used and never, of every risk, some of them made at one instant."""
    linus, ids = actor(cast.linus, "Linus"), dict[str, str]()
    for name, scopes, expires in (
        ("beta", (cast.low,), "never"),
        ("Alpha", (cast.low, cast.medium), "1 week"),
        ("ALPHA two", (cast.high,), "1 month"),
        ("éclair", (cast.low,), "1 week"),
        ("delta", (cast.low,), "1 month"),
        ("gamma", (cast.medium,), "never"),
    ):
        clock.advance(timedelta(minutes=0 if name == "gamma" else 1))
        reason = "" if scopes == (cast.low,) else "It is needed every night"
        form = IssueForm(cast.billing, random_text(22), name, "", scopes, expires, "", reason)
        ids[name] = issue_token(form, linus, clock()).token_id
    disable_token(ids["beta"], "", linus, clock())
    revoke_token(ids["gamma"], "", linus, clock())
    with transaction() as session:
        for name, ago in (("beta", 5), ("éclair", 1)):
            key = tokens.live_keys(session, ids[name], clock())[0]
            used = KeyUsageRow(key_id=key.id, token_id=ids[name], used_at=clock() - timedelta(days=ago))
            session.add(used)
    return ids


def test_every_token_is_on_one_page_in_order(issued: dict[str, str], cast: Cast, clock: FixedClock) -> None:
    used_at = {issued["beta"]: -5, issued["éclair"]: -1}
    keys: dict[str, Callable[[TokenLine], object]] = {
        "name": lambda line: line.name.casefold(),
        "status": lambda line: list(Status).index(line.status),
        "risk": lambda line: line.risk,
        # What never ends stands behind all ends, what was never used before all uses.
        "expires": lambda line: (line.expires_at is None, line.expires_at and line.expires_at.timestamp()),
        "used": lambda line: used_at.get(line.id, -99),
        "issued": lambda line: line.created_at,
    }
    everything = dict[str, TokenLine]()

    def page(sort: Sort, after: str) -> tuple[Sequence[str], str | None]:
        found = token_pages.page(db.session(), ADA, cast.billing, clock(), sort=sort, after=after)
        everything.update({line.id: line for line in found.lines})
        return [line.id for line in found.lines], found.after

    for by, key in keys.items():
        for down in (False, True):
            shown = walked(page, Sort(by, down))
            wanted = sorted(everything.values(), key=lambda line, key=key: (key(line), line.id), reverse=down)
            assert shown == [line.id for line in wanted], (by, down)
            assert sorted(shown) == sorted(issued.values())


def test_every_application_is_on_one_page_in_order(cast: Cast, clock: FixedClock) -> None:
    for number, name in enumerate(("shop", "Archive", "archive two", "Zebra")):
        factories.make_application(name, (cast.sam, cast.linus)[number % 2], clock())

    def page(sort: Sort, after: str) -> tuple[Sequence[str], str | None]:
        found = applications.listed(db.session(), ADA, clock(), sort=sort, after=after)
        return [line.name for line in found.lines], found.after

    for by in ("name", "owner", "tokens", "status"):
        up, down = walked(page, Sort(by)), walked(page, Sort(by, descending=True))
        assert up == down[::-1], by
        assert sorted(up) == ["Archive", "Billing", "Zebra", "archive two", "shop"], by
    assert walked(page, Sort("name")) == ["Archive", "archive two", "Billing", "shop", "Zebra"]
    assert walked(page, Sort("owner"))[-2:] in (["shop", "archive two"], ["archive two", "shop"])


def test_every_person_is_on_one_page_in_order(cast: Cast, clock: FixedClock) -> None:
    factories.make_person("aaron", Role.MEMBER, clock(), active=False)

    def page(sort: Sort, after: str) -> tuple[Sequence[str], str | None]:
        found = standing.listed(db.session(), sort=sort, after=after)
        return [line.person.name for line in found.lines], found.after

    for by in ("name", "email", "role", "status", "signed-in", "owns"):
        up, down = walked(page, Sort(by)), walked(page, Sort(by, descending=True))
        assert up == down[::-1], by
        assert len(up) == len(set(up)) == 7, by
    assert walked(page, Sort("name"))[:3] == ["aaron", "Ada", "Barbara"]
    assert walked(page, Sort("role"))[-1] == "Ada"
    assert walked(page, Sort("status"))[0] == "aaron"
    assert walked(page, Sort("owns", descending=True))[0] == "Linus"


def test_a_row_that_moved_or_is_gone_moves_no_page(issued: dict[str, str], cast: Cast, clock: FixedClock) -> None:
    newest = Sort("used", descending=True)
    first = token_pages.page(db.session(), ADA, cast.billing, clock(), sort=newest)
    assert [line.name for line in first.lines] == ["éclair", "beta"]
    second = token_pages.page(db.session(), ADA, cast.billing, clock(), sort=newest, after=str(first.after))
    with transaction() as session:
        session.query(KeyUsageRow).filter_by(token_id=issued["beta"]).update({"used_at": clock()})

    again = token_pages.page(db.session(), ADA, cast.billing, clock(), sort=newest, after=str(first.after))

    assert [line.id for line in again.lines] == [line.id for line in second.lines]


def test_what_is_no_place_is_no_failure(cast: Cast, clock: FixedClock) -> None:
    instants = ("2026-11-23~x", "9999-12-31T23:59:59-14:00~x", "0001-01-01T00:00:00+14:00~x")
    for after in ("x", "~", "~~", "x~y", "\x00~tok", "1" * 300 + "~x", "1~\x00", "１~x", "é~x", *instants):
        for by in ("name", "risk", "expires"):
            token_pages.page(db.session(), ADA, cast.billing, clock(), sort=Sort(by), after=after)


def test_it_is_narrowed(issued: dict[str, str], cast: Cast, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(token_pages, "PAGE", 9)
    for wanted, found in (
        (Wanted("ALPHA"), {"Alpha", "ALPHA two"}),
        (Wanted("ÉCL"), {"éclair"}),
        (Wanted("%"), set()),
        (Wanted("_"), set()),
        (Wanted("\x00"), set()),
        (Wanted(risk=Risk.MEDIUM), {"Alpha", "gamma"}),
        (Wanted(statuses={Status.DISABLED}), {"beta"}),
        (Wanted(statuses={Status.PENDING}), {"Alpha", "ALPHA two"}),
        (Wanted(statuses=frozenset()), set()),
        (Wanted("a", {Status.REVOKED}), {"gamma"}),
    ):
        page = token_pages.page(db.session(), ADA, cast.billing, clock(), wanted)
        assert {line.name for line in page.lines} == found, wanted


def test_a_key_is_found_by_its_hint_however_it_is_typed(issued: dict[str, str], cast: Cast, clock: FixedClock) -> None:
    hint = tokens.live_keys(db.session(), issued["beta"], clock())[0].hint
    for typed in (hint, hint.replace("…", "..."), f"…{hint[-4:]}", hint[-4:], f" {hint} "):
        page = token_pages.page(db.session(), ADA, cast.billing, clock(), Wanted(typed))
        assert [line.name for line in page.lines] == ["beta"], typed


def test_whoever_may_not_see_the_application_finds_none(issued: dict[str, str], cast: Cast, clock: FixedClock) -> None:
    sam = Person(cast.sam, "Sam", "", Role.MEMBER)
    assert token_pages.page(db.session(), sam, cast.billing, clock()).lines == []
    assert token_pages.page(db.session(), ADA, new_id(Kind.APPLICATION), clock()).lines == []
