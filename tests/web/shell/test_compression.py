"""Static files are sent compressed; pages, which hold secrets beside what others choose, never are."""

import gzip
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app.web import shell

STATIC = Path(shell.__file__).parents[1] / "static"
GZIP = {"Accept-Encoding": "gzip, br"}


@pytest.mark.parametrize("name", ["app.css", "postern.js", "icon.svg", "vendor/basecoat-1.0.2.min.css"])
@pytest.mark.parametrize("time", ["first", "second"])
def test_a_static_file_is_compressed_for_whoever_takes_it(visitor: FlaskClient, name: str, time: str) -> None:
    if time == "second":
        visitor.get(f"/static/{name}", headers=GZIP).close()
    answer = visitor.get(f"/static/{name}?v=mark", headers=GZIP)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.vary.as_set() >= {"accept-encoding"}
    assert answer.content_length == len(answer.data)
    assert gzip.decompress(answer.data) == (STATIC / name).read_bytes()
    assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("accepted", [None, "identity", "br", "gzip;q=0"])
def test_whoever_does_not_take_it_gets_the_file_itself(visitor: FlaskClient, accepted: str | None) -> None:
    with visitor.get("/static/app.css", headers={"Accept-Encoding": accepted} if accepted else {}) as answer:
        assert "Content-Encoding" not in answer.headers
        assert answer.vary.as_set() >= {"accept-encoding"}
        assert answer.data == (STATIC / "app.css").read_bytes()


@pytest.mark.parametrize("path", ["/form", "/key", "/fail/404", "/token"])
def test_no_page_is_compressed(visitor: FlaskClient, path: str) -> None:
    assert "Content-Encoding" not in visitor.get(path, headers=GZIP).headers


def test_a_browser_that_has_it_is_told_so(visitor: FlaskClient) -> None:
    answer = visitor.get("/static/app.css", headers=GZIP)
    assert answer.headers["ETag"].startswith("W/")
    with visitor.get("/static/app.css", headers={**GZIP, "If-None-Match": answer.headers["ETag"]}) as again:
        assert (again.status_code, again.data) == (304, b"")


def test_a_head_says_what_a_get_would(visitor: FlaskClient) -> None:
    length = visitor.get("/static/app.css", headers=GZIP).content_length
    answer = visitor.head("/static/app.css", headers=GZIP)
    assert (answer.headers["Content-Encoding"], answer.content_length, answer.data) == ("gzip", length, b"")


def test_a_file_that_is_not_there_is_a_page(visitor: FlaskClient) -> None:
    answer = visitor.get("/static/none.css", headers=GZIP)
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    assert "Content-Encoding" not in answer.headers
