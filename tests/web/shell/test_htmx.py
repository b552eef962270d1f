"""Page or fragment, by who asks."""

import json

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from app.web.htmx import announce, hx, page_or_fragment, see_other, trigger

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"HX-Request-Type": "partial"},
        {"HX-Request": "true", "HX-Request-Type": "full"},
        {**PARTIAL, "HX-Boosted": "true"},
        {**PARTIAL, "HX-History-Restore-Request": "true"},
    ],
)
def test_who_wants_a_whole_page_gets_one(visitor: FlaskClient, headers: dict[str, str]) -> None:
    assert "<!doctype html>" in visitor.get("/token/acl", headers=headers).text


def test_a_swap_gets_the_fragment_with_its_title_and_all_headers(visitor: FlaskClient) -> None:
    answer = visitor.get("/token/acl", headers=PARTIAL)
    assert "<!doctype" not in answer.text
    assert answer.text.lstrip().startswith("<title>billing-worker acl · Postern</title>")
    assert '<div id="tabbed">' in answer.text
    assert "Content-Security-Policy" in answer.headers


def test_caches_are_told_what_the_answer_depends_on(visitor: FlaskClient) -> None:
    assert {"HX-Request", "HX-Request-Type"} <= set(visitor.get("/token/acl").vary)


def test_a_title_is_escaped_in_a_fragment(gallery: Flask) -> None:
    with gallery.test_request_context(headers=PARTIAL):
        answer = page_or_fragment("gallery_empty.html", "gallery_empty.html", title="</title><script>")
    assert answer.get_data(as_text=True).startswith("<title>&lt;/title&gt;&lt;script&gt; · Postern</title>")


def test_a_plain_post_is_sent_on_with_303_and_htmx_by_its_own_header(gallery: Flask) -> None:
    with gallery.test_request_context():
        plain = see_other("/tokens/tok_1")
    assert (plain.status_code, plain.location) == (303, "/tokens/tok_1")
    with gallery.test_request_context(headers=PARTIAL):
        swapped = see_other("/tokens/tok_1")
    assert (swapped.status_code, swapped.headers["HX-Redirect"]) == (204, "/tokens/tok_1")


def test_events_add_up_and_stay_ascii() -> None:
    answer = announce(trigger(Response(), "history-changed"), "Gespeichert für später")
    header = answer.headers["HX-Trigger"]
    assert header.isascii()
    assert json.loads(header) == {
        "history-changed": {"target": "body", "value": ""},
        "postern:announce": {"target": "body", "value": "Gespeichert für später"},
    }


def test_attributes_carry_the_nonce_and_are_escaped(gallery: Flask) -> None:
    with gallery.test_request_context():
        written = str(hx(post='/x?a="b"', push_url=True, status_422="target:#form", trigger=None))
    assert written.startswith('hx-nonce="')
    assert written.endswith('hx-post="/x?a=&#34;b&#34;" hx-push-url="true" hx-status:422="target:#form"')
