"""The catalogue as a page."""

from flask import Flask
from flask.testing import FlaskClient

from app.clock import FixedClock
from app.domain.risk import Risk
from tests import factories
from tests.cast import Cast
from tests.web.tokens.conftest import Visit, visit

__all__ = ["visit"]


def test_everybody_reads_it_by_resource(visit: Visit, cast: Cast) -> None:
    page = visit(cast.sam).get("/scopes").text

    places = [page.index(text) for text in ("<strong>invoice", "invoice:read", "invoice:write", "<strong>payout")]
    assert places == sorted(places)
    assert "GET /api/invoices/*" in page
    assert "May payout:create." in page
    assert page.count(">token:verify<") == 1


def test_what_a_catalogue_says_is_text(app: Flask, visit: Visit, cast: Cast, clock: FixedClock) -> None:
    with app.app_context():
        factories.make_scope("shop:read", Risk.LOW, clock(), "GET /api/<b>")

    assert "GET /api/&lt;b&gt;" in visit(cast.sam).get("/scopes").text


def test_strangers_are_sent_to_sign_in(client: FlaskClient, cast: Cast) -> None:
    assert client.get("/scopes").status_code == 303
