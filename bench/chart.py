"""The chart of the README, drawn from the results: each row as a bar against its goal, as SVG that reads in light and
dark."""

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from bench.results import Result

PICTURE = Path(__file__).parents[1] / "docs" / "pictures" / "bench.svg"
WIDTH, ROW, TOP, LABELS, BAR = 960, 30, 64, 470, 340
# How far the axis goes, in times of the goal. What goes beyond ends in an open bar.
MOST = 2.0
STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .head { font-weight: 600; font-size: 16px } .quiet { fill: #59636e }
  .reached { fill: #1a7f5a } .missed { fill: #c2410c }
  .goal { stroke: #1f2328; stroke-width: 1.5 } .track { fill: #eaeef2 }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc } .quiet { fill: #9198a1 }
    .reached { fill: #3fb68b } .missed { fill: #f0883e } .goal { stroke: #f0f6fc } .track { fill: #262c36 }
  }
"""


def draw(results: Sequence[Result], path: Path = PICTURE) -> None:
    """Write the picture."""
    path.write_text("\n".join(_lines(results)) + "\n")


def _lines(results: Sequence[Result]) -> Iterator[str]:
    height = TOP + ROW * len(results) + 20
    reached = sum(one.reached for one in results)
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
        f' role="img" aria-label="{reached} of {len(results)} goals reached">'
    )
    yield f"<style>{STYLE}</style>"
    yield f'<text class="head" x="0" y="20">{reached} of {len(results)} goals reached</text>'
    yield '<text class="quiet" x="0" y="42">Each bar is a measured value; the upright line is the goal.</text>'
    for place, one in enumerate(results):
        yield from _row(one, TOP + ROW * place)
    yield "</svg>"


def _row(one: Result, top: int) -> Iterator[str]:
    middle, goal = top + ROW / 2, LABELS + BAR / MOST
    share = min(one.value / one.goal, MOST) if one.goal else min(one.value, MOST)
    kind, bar = "reached" if one.reached else "missed", f'x="{LABELS}" y="{top + 7}" height="{ROW - 14}" rx="3"'
    said = f'{one.value:.4g}<tspan class="quiet"> / {one.goal:.4g}</tspan>'
    yield f'<text x="0" y="{middle + 5}">{escape(_short(one.name))}</text>'
    yield f'<rect class="track" {bar} width="{BAR}"/>'
    yield f'<rect class="{kind}" {bar} width="{share * BAR / MOST:.1f}"/>'
    yield f'<line class="goal" x1="{goal}" x2="{goal}" y1="{top + 3}" y2="{top + ROW - 3}"/>'
    yield f'<text x="{LABELS + BAR + 12}" y="{middle + 5}">{said}</text>'


def _short(name: str) -> str:
    return name if len(name) <= 66 else f"{name[:65]}…"
