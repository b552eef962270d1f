"""Files about as long as one idea, functions that fit a screen."""

import ast

from tests.architecture.conftest import Plant
from tests.architecture.house import House

FILE_LINES = 250
FUNCTION_LINES = 50


def too_long(house: House) -> list[str]:
    found = []
    for module in [*house.modules, *house.tests]:
        lines = module.source.count("\n")
        if lines > FILE_LINES:
            found.append(f"{module.path} has {lines} lines: split it by idea")
        found += [
            module.at(node, f"{node.name} has {length} lines: name its parts")
            for node in ast.walk(module.tree)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and (length := (node.end_lineno or 0) - node.lineno + 1) > FUNCTION_LINES
        ]
    return found


def test_no_file_and_no_function_is_too_long(house: House) -> None:
    assert too_long(house) == []


def test_a_long_file_and_a_long_function_are_found(plant: Plant) -> None:
    planted = plant(
        {
            "app/long.py": "x = 1\n" * (FILE_LINES + 1),
            "tests/test_long.py": "def f():\n" + "    x = 1\n" * FUNCTION_LINES,
            "app/fits.py": "def f():\n"
            + "    x = 1\n" * (FUNCTION_LINES - 1)
            + "y = 1\n" * (FILE_LINES - FUNCTION_LINES),
        }
    )
    assert [line.split()[0] for line in too_long(planted)] == ["app/long.py", "tests/test_long.py:1:"]
