"""Cells that every spreadsheet shows as the text they are: RFC 4180, and no formula (CWE-1236)."""

import csv
import io
from collections.abc import Sequence

# What spreadsheets take for the start of a formula, in either width; white space before it does not help.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001  # look-alikes meant
MARK = "'"


def line(cells: Sequence[str]) -> str:
    """One record, its line break included; each cell is quoted where RFC 4180 asks for it."""
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\r\n").writerow([safe(cell) for cell in cells])
    return written.getvalue()


def safe(text: str) -> str:
    """The text, with an apostrophe before it where it would be taken for a formula, or begins with one itself."""
    starts = (text, text.lstrip())
    return MARK + text if any(each.startswith((*FORMULA_STARTS, MARK)) for each in starts) else text


def plain(cell: str) -> str:
    """What `safe` was given: for those who read such a file by program."""
    return cell.removeprefix(MARK)
