"""What the documents point to is there."""

import re
import subprocess

from tests.docs.documents import README, ROOT, documents

LINK = re.compile(r"\]\((?!https?:)([^)#]+)")
PATH = re.compile(r"`((?:app|docs|migrations|tests|tools)/[\w./-]+)`")


def test_every_link_leads_somewhere() -> None:
    links = [(page, link) for page in documents() for link in LINK.findall(page.read_text())]
    assert links
    assert [(page.name, link) for page, link in links if not (page.parent / link).exists()] == []


def test_every_path_that_is_named_exists() -> None:
    named = [(page, path) for page in documents() for path in PATH.findall(page.read_text())]
    assert len(named) > 30
    assert [(page.name, path) for page, path in named if not (ROOT / path).exists()] == []


def test_each_decision_has_its_three_parts_and_fits_a_page() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert pages
    for number, page in enumerate(pages, start=1):
        text = page.read_text()
        assert page.name.startswith(f"{number:04}-")
        assert text.startswith(f"# {number}. ")
        assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "What we gave up"]
        assert text.count("\n") < 60


def test_every_make_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"(?:^|`)make (\w+)", README.read_text(), re.MULTILINE))
    assert targets >= {"run", "test", "check"}
    for target in targets:
        subprocess.run(["make", "-n", target], cwd=ROOT, check=True, capture_output=True)


def test_every_setting_is_listed_and_no_other() -> None:
    read = set(re.findall(r'(?:read|environ\.get)\("([A-Z_]+)"', (ROOT / "app" / "config.py").read_text()))
    rows = [line for line in README.read_text().splitlines() if line.startswith("| `")]
    listed = {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row.split("|")[1])}
    assert listed == read
