"""How an address says by what a list is sorted. SPEC 14."""

import pytest

from app.domain.sorting import Sort, read

NEWEST = Sort("issued", descending=True)


@pytest.mark.parametrize(
    ("raw", "meant"),
    [
        ("name", Sort("name")),
        ("-name", Sort("name", descending=True)),
        ("issued", Sort("issued")),
        *((raw, NEWEST) for raw in ("", "-", "--name", "Name", "name ", "password_hash", "name,issued", "\x00")),
    ],
)
def test_only_columns_of_the_list_are_sorted_by(raw: str, meant: Sort) -> None:
    assert read(raw, {"name", "issued"}, NEWEST) == meant


def test_what_is_read_is_written_alike_and_turns_round() -> None:
    assert (NEWEST.word, NEWEST.turned.word, NEWEST.turned.turned) == ("-issued", "issued", NEWEST)
