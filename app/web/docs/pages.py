"""The pages of the guide: Markdown files of docs/guide, read once, in the order in which a newcomer wants them."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

FOLDER = Path(__file__).parents[3] / "docs"
PICTURES = FOLDER / "pictures"
NAMES = ("start", "tokens", "approvals", "restrictions", "emergency", "verify", "administer")
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")


@dataclass(frozen=True)
class GuidePage:
    """One page: the last part of its address, its first heading, and the rest as HTML."""

    name: str
    title: str
    body: Markup


@cache
def pages() -> tuple[GuidePage, ...]:
    """Every page of the guide, in order."""
    return tuple(_page(name) for name in NAMES)


def page(name: str) -> GuidePage | None:
    """The page of this name."""
    return next((each for each in pages() if each.name == name), None)


def _page(name: str) -> GuidePage:
    heading, _, text = (FOLDER / "guide" / f"{name}.md").read_text("utf-8").partition("\n")
    tokens = _MARKDOWN.parse(text)
    for token in tokens:
        _adapt(token.children or ())
    # Our own files, and raw HTML in them is shown as text.
    body = Markup(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))  # noqa: S704
    return GuidePage(name, heading.removeprefix("# "), body)


def _adapt(tokens: Sequence[Token]) -> None:
    """Links lead to the pages of the product, where in the repository they lead to files."""
    for token in tokens:
        for attribute in ("href", "src"):
            value = token.attrs.get(attribute)
            if isinstance(value, str):
                token.attrs[attribute] = _address(value)
        if token.type == "image":
            width, height = _size(str(token.attrs["src"]))
            # Its place is kept before it comes, so that nothing moves.
            token.attrs |= {"loading": "lazy", "width": width, "height": height}


def _size(address: str) -> tuple[int, int]:
    """Width and height of a picture in pixels, from where every PNG has them."""
    width, height = struct.unpack(">II", (PICTURES / Path(address).name).read_bytes()[16:24])
    return width, height


def _address(link: str) -> str:
    path, mark, place = link.partition("#")
    if path.startswith("../pictures/"):
        return path.replace("../pictures/", "/docs/pictures/", 1)
    if path.endswith(".md") and "/" not in path:
        return f"/docs/{path.removesuffix('.md')}{mark}{place}"
    return link
