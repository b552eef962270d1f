"""What templates owe to htmx and to the form token check; `tests/architecture/test_templates.py` has the rest."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

TEMPLATES = Path(__file__).parents[3] / "app" / "templates"
FORBIDDEN = {
    "a script without an address": r"<script(?![^>]*\ssrc=)",
    "a hand-written hx attribute, which lacks the nonce": r"[\s\"']hx-(?!nonce)[a-z:-]+\s*=",
    "an inherited nonce, which would let anything through": r"hx-nonce:",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_template_holds(what: str) -> None:
    offenders = [
        str(path.relative_to(TEMPLATES))
        for path in sorted(TEMPLATES.rglob("*.html"))
        if re.search(FORBIDDEN[what], re.sub(r"{#.*?#}", "", path.read_text(), flags=re.DOTALL), re.IGNORECASE)
    ]
    assert not offenders, f"{what} in {offenders}"


def test_every_post_form_carries_a_form_token() -> None:
    for path in TEMPLATES.rglob("*.html"):
        for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", path.read_text(), re.DOTALL | re.IGNORECASE):
            assert "csrf_token" in form, f"a form without token in {path.relative_to(TEMPLATES)}"


def test_a_page_is_not_painted_before_its_end_is_there(visitor: FlaskClient) -> None:
    page = visitor.get("/token").text
    (end,) = re.findall(r'<link rel="expect" href="#([a-z]+)" blocking="render">', page)

    assert page.index("<link rel") < page.index("</head>")
    assert re.fullmatch(rf'<div id="{end}"[^>]*></div>\s*</body>\s*</html>\s*', page[page.index(f'id="{end}"') - 5 :])
