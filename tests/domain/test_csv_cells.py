"""Cells of a spreadsheet are text and come back as they were: RFC 4180, CWE-1236, TRAPS E3."""

import csv
import io

import pytest

from app.domain import csv_cells

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", "＋1", "－1", "＠SUM", "'=1", "''"]
PLAIN = [
    "",
    "1",
    "a=b",
    "a'b",
    "2026-11-23",
    "a,b",
    'say "x"',
    "two\nlines",
    "carriage\rreturn",
    "שלום 🦊",
    "x" * 32_768,
]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_marked_as_text(text: str) -> None:
    assert csv_cells.safe(text) == f"'{text}"


@pytest.mark.parametrize("text", PLAIN)
def test_everything_else_stays_as_it_is(text: str) -> None:
    assert csv_cells.safe(text) == text


@pytest.mark.parametrize("text", [*FORMULAS, *PLAIN])
def test_a_reader_gets_back_what_was_written(text: str) -> None:
    [record] = csv.reader(io.StringIO(csv_cells.line(["first", text, "last"]), newline=""), strict=True)
    assert [csv_cells.plain(cell) for cell in record] == ["first", text, "last"]


def test_a_record_is_quoted_where_it_must_be_and_ends_with_both_line_breaks() -> None:
    assert csv_cells.line(["a", "b,c", 'd"e', "f\ng", ""]) == 'a,"b,c","d""e","f\ng",\r\n'
