"""Every failure answers what happened, what was kept and what to do, in the form that fits who asked."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.shell.gallery import FAILURES

KEY = "pst_" + "A" * 49
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}
STATUSES = {"refused": 403, "conflict": 409, "invalid": 422, "too-many": 429, "database": 503, "bug": 500}
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def without_token(gallery: Flask) -> FlaskClient:
    """A visitor whose posts need no form token."""
    gallery.config["WTF_CSRF_ENABLED"] = False
    return gallery.test_client()


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 413, 422, 429, 500, 503])
def test_each_status_has_a_page_with_the_request_id(visitor: FlaskClient, status: int) -> None:
    answer = visitor.get(f"/fail/{status}")
    assert answer.status_code == status
    assert answer.mimetype == "text/html"
    assert answer.headers["X-Request-Id"] in answer.text
    assert re.search("<h1>[^<]{10,}</h1>", answer.text)


@pytest.mark.parametrize(("name", "again"), [("too-many", True), ("database", True), ("bug", True), ("refused", False)])
def test_a_page_that_may_come_at_the_next_look_offers_one(without_token: FlaskClient, name: str, again: bool) -> None:
    assert ('href="">Try again' in without_token.get(f"/fail/{name}").text) is again
    assert "Try again</a>" not in without_token.post(f"/fail/{name}").text


@pytest.mark.parametrize(("name", "status"), STATUSES.items())
def test_a_failure_of_a_page_is_a_page(without_token: FlaskClient, name: str, status: int) -> None:
    answer = without_token.post(f"/fail/{name}")
    assert (answer.status_code, answer.mimetype) == (status, "text/html")


@pytest.mark.parametrize(("name", "status"), STATUSES.items())
def test_a_failure_of_the_api_is_a_problem_document(visitor: FlaskClient, name: str, status: int) -> None:
    answer = visitor.get(f"/api/fail/{name}")
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    body = answer.get_json(force=True)
    assert body["status"] == status
    assert body["request_id"] == answer.headers["X-Request-Id"]
    assert set(body) == {"type", "title", "status", "detail", "code", "request_id"}


@pytest.mark.parametrize("path", ["/api/no/such", "/oauth2/no-such", "/api", "/API/v1/verify"])
def test_an_unknown_address_of_the_api_is_a_problem_document(visitor: FlaskClient, path: str) -> None:
    assert visitor.get(path).get_json(force=True)["code"] == "not_found"


def test_a_wrong_method_names_the_right_ones(visitor: FlaskClient) -> None:
    answer = visitor.delete("/api/fail/bug")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
    assert "page" not in answer.get_json(force=True)["detail"]


def test_a_refusal_says_its_own_sentence_and_code(visitor: FlaskClient) -> None:
    assert "You may not rotate this token&#39;s key." in visitor.get("/fail/refused").text
    body = visitor.get("/api/fail/refused").get_json(force=True)
    assert (body["code"], body["detail"]) == ("not_allowed", "You may not rotate this token's key.")


def test_too_many_attempts_say_when_to_come_back(visitor: FlaskClient) -> None:
    assert visitor.get("/fail/too-many").headers["Retry-After"] == "30"


def test_a_bug_tells_nothing_of_itself(visitor: FlaskClient) -> None:
    assert "ZeroDivisionError" not in visitor.get("/fail/bug").text
    assert "a bug with" not in visitor.get("/api/fail/bug").text


@pytest.mark.parametrize("name", ["bug", "database"])
def test_a_failing_database_is_not_asked_for_the_navigation(gallery: Flask, name: str) -> None:
    def asks_the_database() -> dict[str, object]:
        raise AssertionError("asked")

    gallery.context_processor(asks_the_database)
    assert "Main" not in gallery.test_client().get(f"/fail/{name}").text


def test_a_database_that_goes_while_an_error_page_is_made_still_gives_a_page(gallery: Flask) -> None:
    def asks_the_database() -> dict[str, object]:
        raise FAILURES["database"]

    gallery.context_processor(asks_the_database)
    answer = gallery.test_client().get("/fail/404")
    assert (answer.status_code, "There is nothing here" in answer.text) == (404, True)


@pytest.mark.parametrize("name", STATUSES)
def test_htmx_gets_a_notice_above_the_page_so_that_the_form_stays(without_token: FlaskClient, name: str) -> None:
    answer = without_token.post(f"/fail/{name}", headers=PARTIAL)
    assert answer.status_code == STATUSES[name]
    assert answer.headers["HX-Retarget"] == "#flash"
    assert answer.headers["HX-Push-Url"] == "false"
    assert 'role="alert"' in answer.text
    assert "<!doctype" not in answer.text


def test_an_expired_form_can_be_sent_again_with_what_was_typed(visitor: FlaskClient) -> None:
    answer = visitor.post("/go", data={"name": "billing <b>", "csrf_token": "old"}, headers=SAME_ORIGIN)
    assert answer.status_code == 400
    assert "Send again" in answer.text
    assert '<input type="hidden" name="name" value="billing &lt;b&gt;">' in answer.text
    [token] = re.findall(r'<form method="post">\s*<input type="hidden" name="csrf_token" value="([^"]+)">', answer.text)
    assert visitor.post("/go", data={"name": "billing <b>", "csrf_token": token}).status_code == 303


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}])
def test_a_form_from_elsewhere_is_never_offered_again(visitor: FlaskClient, headers: dict[str, str]) -> None:
    answer = visitor.post("/go", data={"name": "forged"}, headers=headers)
    assert (answer.status_code, "Send again" in answer.text) == (400, False)


def test_a_password_is_not_written_back(visitor: FlaskClient) -> None:
    data = {"email": "ada@example.com", "new_password": "five words are a lot"}
    answer = visitor.post("/go", data=data, headers=SAME_ORIGIN)
    assert "five words" not in answer.text
    assert "Send again" not in answer.text


def test_a_key_is_not_written_back(visitor: FlaskClient) -> None:
    assert KEY not in visitor.post("/go", data={"note": f"it is {KEY}"}, headers=SAME_ORIGIN).text


def test_an_expired_form_of_htmx_is_renewed_in_place(visitor: FlaskClient) -> None:
    answer = visitor.post("/go", headers=PARTIAL)
    assert answer.status_code == 400
    assert "postern:csrf" in answer.headers["HX-Trigger"]


def test_too_large_a_body_is_refused_with_a_page(without_token: FlaskClient) -> None:
    answer = without_token.post("/form", data={"name": "x" * 200_000})
    assert (answer.status_code, "too much at once" in answer.text) == (413, True)
