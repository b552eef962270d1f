"""Who may edit a token, in which status, and what becomes of two who do it at once. SPEC 2 and 6."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from app.domain.lifecycle import Status
from tests.cast import Cast
from tests.web.tokens.conftest import REASON, House, Issue, Visit, Visitor
from tests.web.tokens.edits import FRAGMENT, address, low, medium, opened, save
from tests.web.tokens.test_overview import counted

__all__ = ["low", "medium"]
PARTS = ["details", "scopes", "expiry", "ip-whitelist", "rate-limit", "time-restriction", "access-rules"]


def offered(page: str) -> int:
    return page.count(">Edit</a>")


@pytest.mark.parametrize("who", ["margaret", "grace", "ada"])
def test_teammates_and_administrators_edit(visit: Visit, medium: str, house: House, cast: Cast, who: str) -> None:
    person = visit(getattr(cast, who))
    assert offered(person.get(f"/tokens/{medium}").text) == 3
    assert save(person, medium, "details", name="Theirs").status_code == 303
    assert house.token(medium).name == "Theirs"


@pytest.mark.parametrize("part", PARTS)
def test_for_a_stranger_there_is_nothing(visit: Visit, medium: str, house: House, cast: Cast, part: str) -> None:
    sam, before = visit(cast.sam), house.token(medium)
    sent = {"version": str(before.version), "name": "Mine", "scopes": cast.low, "expires": "1 week", "reason": REASON}
    for answer in (
        sam.get(address(medium, part)),
        sam.get(f"{address(medium, part)}/outlook"),
        sam.post(address(medium, part), **sent),
    ):
        assert answer.status_code == 404
        assert "Writer" not in answer.text
    assert house.token(medium) == before


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("htmx", [True, False])
def test_a_pending_token_is_409_and_offers_no_edit(
    linus: Visitor, issue: Issue, house: House, cast: Cast, part: str, htmx: bool
) -> None:
    token_id = issue(scopes=(cast.high,), reason=REASON).token_id
    before, headers = house.token(token_id), FRAGMENT if htmx else {}
    assert offered(linus.get(f"/tokens/{token_id}").text) == 0
    assert linus.client.get(address(token_id, part), headers=headers).status_code == 409
    sent = {"version": str(before.version), "name": "Other", "csrf_token": linus.form_token, "reason": REASON}
    answer = linus.client.post(address(token_id, part), data=sent, headers=headers)
    assert answer.status_code == 409
    assert "This token is pending: you cannot edit it now." in answer.text
    assert house.token(token_id) == before


def test_a_final_token_is_409_and_offers_no_edit(linus: Visitor, medium: str, house: House) -> None:
    sent = opened(linus, medium, "details")
    linus.post(f"/tokens/{medium}/revoke")
    assert offered(linus.get(f"/tokens/{medium}").text) == 0
    answer = linus.post(address(medium, "details"), **sent, name="Other")
    assert answer.status_code == 409
    assert "This token is revoked" in answer.text
    assert house.token(medium).name == "Writer"


def test_a_disabled_token_can_be_edited_and_what_waits_is_no_request_to_enable_it(
    linus: Visitor, medium: str, house: House, cast: Cast
) -> None:
    linus.post(f"/tokens/{medium}/disable")
    assert save(linus, medium, "scopes", scopes=[cast.low, cast.high]).status_code == 303
    page = linus.get(f"/tokens/{medium}").text
    assert house.token(medium).status is Status.DISABLED
    assert "A change waits for approval" in page
    assert "to enable it again" not in page


def test_sent_twice_it_changes_once_and_the_second_is_told(linus: Visitor, medium: str, house: House) -> None:
    sent = {**opened(linus, medium, "details"), "name": "Once", "description": ""}
    answers = [linus.post(address(medium, "details"), **sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 409]


def test_of_two_at_once_one_wins_and_the_other_is_told(visit: Visit, medium: str, house: House, cast: Cast) -> None:
    people = [visit(person) for person in (cast.linus, cast.margaret)]
    forms = [{**opened(person, medium, "details"), "name": f"Of {n}"} for n, person in enumerate(people)]
    with ThreadPoolExecutor(2) as pool:
        sent = [
            pool.submit(person.post, address(medium, "details"), **form)
            for person, form in zip(people, forms, strict=True)
        ]
    codes = [each.result().status_code for each in sent]
    assert sorted(codes) == [303, 409]
    assert house.token(medium).name == f"Of {codes.index(303)}"


@pytest.mark.parametrize("path", ["", "/edit/scopes", "/acl", "/acl?scopes=a:b", "/security", "/edit/time-restriction"])
def test_it_takes_at_most_twelve_queries(visit: Visit, app: Flask, medium: str, cast: Cast, path: str) -> None:
    person = visit(cast.ada)
    save(person, medium, "scopes", scopes=[cast.high])
    with counted(app) as asked:
        person.get(f"/tokens/{medium}{path}")
    assert 5 < len(asked) <= 12, "\n".join(asked)
