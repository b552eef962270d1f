"""The guide, as people read it in the product."""

import re
import struct

import pytest
from flask.testing import FlaskClient

from app.web.docs.pages import NAMES, PICTURES
from tests.cast import Cast
from tests.web.tokens.conftest import Visit, visit

__all__ = ["visit"]
sqlite_only = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@sqlite_only
def test_it_begins_with_the_first_page(visit: Visit, cast: Cast) -> None:
    assert visit(cast.sam).get("/docs").headers["Location"] == "/docs/start"


@sqlite_only
@pytest.mark.parametrize("name", NAMES)
def test_every_page_is_shown_and_its_links_lead_somewhere(visit: Visit, cast: Cast, name: str) -> None:
    sam = visit(cast.sam)
    page = sam.get(f"/docs/{name}").text

    assert page.count("<h1>") == 1
    for link in re.findall(r'(?:href|src)="(/docs/[^"#]+)', page):
        with sam.get(link) as answer:
            assert answer.status_code == 200


@sqlite_only
def test_tables_and_code_are_marked_up(visit: Visit, cast: Cast) -> None:
    page = visit(cast.sam).get("/docs/verify").text

    assert "<td>the address that your service saw</td>" in page
    assert '<code class="language-sh">curl -s' in page


@sqlite_only
def test_there_is_no_page_of_another_name(visit: Visit, cast: Cast) -> None:
    sam = visit(cast.sam)
    assert [sam.get(f"/docs/{name}").status_code for name in ("nothing", "..", "pictures/../../README.md")] == [404] * 3


@sqlite_only
def test_strangers_are_sent_to_sign_in(client: FlaskClient, cast: Cast) -> None:
    assert client.get("/docs/start").status_code == 303


def test_every_picture_is_shown_somewhere() -> None:
    guide = PICTURES.parent / "guide"
    texts = "".join(path.read_text() for path in (*guide.glob("*.md"), PICTURES.parents[1] / "README.md"))
    assert [path.name for path in PICTURES.glob("*.png") if path.name not in texts] == []


@sqlite_only
def test_a_pictures_place_is_kept_before_it_comes(visit: Visit, cast: Cast) -> None:
    guide = visit(cast.sam).get("/docs/start").text
    found = re.findall(r'<img src="/docs/pictures/([\w-]+\.png)"[^>]* width="(\d+)" height="(\d+)"', guide)
    assert len(found) == guide.count("<img ") > 0
    for name, width, height in found:
        assert (int(width), int(height)) == struct.unpack(">II", (PICTURES / name).read_bytes()[16:24])
