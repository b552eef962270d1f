"""What is typed into the box on every page, and how it is taken. SPEC 5 and 14."""

import pytest

from app.domain import keys
from app.domain.errors import Unfit
from app.domain.search import MOST, Sought, read

KEY = keys.make()
HINT = keys.hint(KEY)
TOKEN, APPLICATION = f"tok_{'a1' * 11}", f"app_{'Z9' * 11}"


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        (TOKEN, Sought(TOKEN, token_id=TOKEN)),
        (f"  {APPLICATION}\n", Sought(APPLICATION, application_id=APPLICATION)),
        ("pst_…x9Kf", Sought("pst_…x9Kf", hint="pst_…x9Kf")),
        ("pst_...x9Kf", Sought("pst_...x9Kf", hint="pst_…x9Kf")),
        ("Shop", Sought("Shop", folded="shop", hint="pst_…Shop", request_id="Shop")),
        ("Nightly  RUN", Sought("Nightly  RUN", folded="nightly run", request_id="Nightly  RUN")),
        ("Zx81aQ0PcLm4VbTe", Sought("Zx81aQ0PcLm4VbTe", folded="zx81aq0pclm4vbte", request_id="Zx81aQ0PcLm4VbTe")),
        ("tok_short", Sought("tok_short", folded="tok_short", request_id="tok_short")),
        ("nightlybackupofinvoicestothewarehouse", None),
        ("x" * MOST, None),
    ],
)
def test_it_is_taken_for_what_it_looks_like(typed: str, taken: Sought | None) -> None:
    assert read(typed) == (taken or Sought(typed, folded=typed, request_id=typed if len(typed) <= 40 else None))


@pytest.mark.parametrize("around", ["{}", " {}\n", "Bearer {}", "KEY={}", "{}\u200b", "x" * 9_000 + " {}"])
def test_of_a_whole_key_only_its_hint_is_left(around: str) -> None:
    assert read(around.format(KEY)) == Sought(HINT, hint=HINT, was_key=True)


@pytest.mark.parametrize(
    "part",
    [KEY[:-1], KEY[1:], KEY[4:], KEY[:20], f"id={KEY[10:40]}"],
    # Each process that runs tests makes another key, and all have to name their tests alike.
    ids=["without its end", "without its beginning", "without its prefix", "beginning", "middle"],
)
def test_a_piece_of_a_key_is_refused_and_not_repeated(part: str) -> None:
    with pytest.raises(Unfit) as refused:
        read(part)
    assert part[-10:] not in str(refused.value)


@pytest.mark.parametrize("typed", ["", "  ", "\t\n", "x" * (MOST + 1), "a\x00b", "a\x1bb", "a\u200bb", "a\u202eb"])
def test_what_nothing_can_be_called_is_refused(typed: str) -> None:
    with pytest.raises(Unfit):
        read(typed)
