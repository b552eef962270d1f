"""The list of people."""

import html
import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event

from app.clock import FixedClock
from app.domain.roles import Role
from app.store.database import db, transaction
from app.store.queries import standing
from app.store.tables import UserRow
from tests import factories, people
from tests.cast import Cast
from tests.web.people.conftest import OTHERS, Visit, Visitor

EVERYBODY = ["Ada", "Barbara", "Grace", "Linus", "Margaret", "Sam"]


def names(page: str) -> list[str]:
    return [name for name in EVERYBODY if re.search(rf'href="/users/usr_\w+">{name}</a>', page)]


def test_it_lists_everybody_with_what_they_are_and_own(ada: Visitor) -> None:
    page = ada.get("/users").text

    assert names(page) == EVERYBODY
    assert "linus@example.com" in page
    assert "Superuser" in page
    assert page.count("1 application<") == 1


def test_superusers_are_led_there(ada: Visitor) -> None:
    page = ada.get("/").text
    assert 'href="/users"' in page
    assert 'aria-current="page"' in ada.get("/users").text.partition('href="/users"')[2][:60]


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_sees_it_or_is_led_there(visit: Visit, cast: Cast, who: str) -> None:
    visitor = visit(getattr(cast, who))

    assert visitor.get("/users").status_code == 403
    assert 'href="/users"' not in visitor.get("/").text


def test_whoever_is_not_signed_in_is_asked_to(app: Flask) -> None:
    assert app.test_client().get("/users").location.startswith("/login")


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("lin", ["Linus"]),
        ("LINUS@", ["Linus"]),
        (" ar ", ["Barbara", "Margaret"]),
        ("%", []),
        ("_", []),
        ("nobody", []),
        ("a%00b", []),
        ("example.com", EVERYBODY),
    ],
)
def test_it_is_searched_by_name_and_email(ada: Visitor, search: str, found: list[str]) -> None:
    answer = ada.get(f"/users?q={search.replace('%', '%25') if search == '%' else search}")

    assert answer.status_code == 200
    assert names(answer.text) == found


def test_a_search_by_htmx_gets_the_list_alone(ada: Visitor) -> None:
    part = ada.get("/users?q=lin", HX_Request="true", HX_Request_Type="partial").text

    assert "<html" not in part
    assert "Add a person" not in part
    assert names(part) == ["Linus"]


def test_it_says_when_somebody_last_signed_in(visit: Visit, ada: Visitor, cast: Cast, clock: FixedClock) -> None:
    clock.advance(timedelta(minutes=1))
    visit(cast.linus)

    page = ada.get("/users?q=linus").text
    assert clock().isoformat()[:16] in page
    assert "Never" not in page
    assert "Never" in ada.get("/users?q=sam").text


def test_who_is_deactivated_is_listed_as_such(app: Flask, ada: Visitor, cast: Cast, clock: FixedClock) -> None:
    assert "Deactivated" not in ada.get("/users").text
    people.deactivate(app, cast.sam, clock())
    assert ">Deactivated<" in ada.get("/users?q=sam").text


def test_a_long_list_goes_on_on_the_next_page(
    app: Flask, ada: Visitor, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing, "PAGE", 4)

    first = ada.get("/users").text
    onward = re.search(r'href="(/users\?after=linus[^"]+)"', first)
    assert onward
    second = ada.get(html.unescape(onward[1])).text

    assert (names(first), names(second)) == (EVERYBODY[:4], EVERYBODY[4:])
    assert "Next page" not in second


@pytest.mark.parametrize("sort", ["-name", "-email"])
def test_it_is_sorted_by_the_heads_of_its_columns(ada: Visitor, sort: str) -> None:
    page = ada.get(f"/users?sort={sort}").text

    assert re.findall(r'href="/users/usr_\w+">(\w+)</a>', page) == EVERYBODY[::-1]
    assert f'aria-sort="descending"><a id="sort-{sort[1:]}" href="/users?sort={sort[1:]}"' in page


def test_names_are_text(app: Flask, ada: Visitor, clock: FixedClock) -> None:
    with app.app_context():
        row = factories.make_person("Mallory", Role.MEMBER, clock())
        with transaction() as session:
            user = session.get_one(UserRow, row)
            user.name = "<b>Mallory</b>"
            factories.change(session, user, clock())

    for page in ("/users", f"/users/{row}"):
        text = ada.get(page).text
        assert "<b>Mallory" not in text
        assert "&lt;b&gt;Mallory" in text


def test_it_takes_at_most_twelve_queries(app: Flask, ada: Visitor, cast: Cast) -> None:
    for path in ("/users", f"/users/{cast.linus}"):
        asked: list[str] = []

        def note(_conn: object, _cursor: object, statement: str, *_: object, asked: list[str] = asked) -> None:
            asked.append(statement)

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        assert ada.get(path).status_code == 200
        event.remove(engine, "before_cursor_execute", note)
        assert 0 < len([one for one in asked if one.lstrip().upper().startswith("SELECT")]) <= 12
