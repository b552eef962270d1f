"""What every answer carries."""

import re

import pytest
from flask import Flask, session
from flask.testing import FlaskClient

PAGES = ("/empty", "/fail/404", "/fail/bug", "/fail/database", "/sign-in")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_kept_nowhere_and_runs_only_our_scripts(visitor: FlaskClient, path: str) -> None:
    answer = visitor.get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert policy.startswith("default-src 'none'; ")
    assert "frame-ancestors 'none'" in policy
    assert "require-trusted-types-for 'script'; trusted-types htmx" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("path", PAGES)
def test_every_script_of_a_page_bears_the_nonce_of_its_policy(visitor: FlaskClient, path: str) -> None:
    answer = visitor.get(path)
    [nonce] = re.findall(r"'nonce-([^']+)'", answer.headers["Content-Security-Policy"])
    scripts = re.findall(r"<script[^>]*>", answer.text)
    assert len(scripts) == 5
    assert all(f'nonce="{nonce}"' in script for script in scripts)


def test_each_answer_has_a_nonce_of_its_own(visitor: FlaskClient) -> None:
    assert len({visitor.get("/empty").headers["Content-Security-Policy"] for _ in range(3)}) == 3


def test_a_request_id_is_made_here_and_not_taken_from_outside(visitor: FlaskClient) -> None:
    given = {visitor.get("/empty", headers={"X-Request-Id": "forged"}).headers["X-Request-Id"] for _ in range(3)}
    assert len(given) == 3
    assert all(re.fullmatch("[0-9A-Za-z]{16}", request_id) for request_id in given)


@pytest.mark.parametrize("path", ["/empty", "/static/app.css", "/api/fail/404", "/no-such-page"])
def test_nothing_is_sniffed_or_framed(visitor: FlaskClient, path: str) -> None:
    with visitor.get(path) as answer:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_https_is_insisted_on_only_where_people_come_by_it(gallery: Flask) -> None:
    assert "Strict-Transport-Security" not in gallery.test_client().get("/empty").headers
    gallery.config["PREFERRED_URL_SCHEME"] = "https"
    assert gallery.test_client().get("/empty").headers["Strict-Transport-Security"] == "max-age=31536000"


def test_the_api_sets_no_cookie_and_reads_none(gallery: Flask) -> None:

    def remember() -> str:
        session["who"] = "ada"
        return "in"

    gallery.add_url_rule("/api/peek", "peek", lambda: {"seen": session.get("who")})
    gallery.add_url_rule("/in", "in", remember)
    browser = gallery.test_client()
    assert "Set-Cookie" in browser.get("/in").headers
    answer = browser.get("/api/peek")
    assert answer.json == {"seen": None}
    assert "Set-Cookie" not in answer.headers


def test_a_static_file_that_is_asked_for_by_its_content_is_kept_for_good(visitor: FlaskClient) -> None:
    [address] = re.findall(r'href="(/static/app\.css\?v=[0-9a-f]{12})"', visitor.get("/empty").text)
    with visitor.get(address) as answer:
        assert "immutable" in answer.headers["Cache-Control"]
    with visitor.get("/static/app.css") as answer:
        assert "immutable" not in answer.headers["Cache-Control"]
