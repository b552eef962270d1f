"""The program as text, which the architecture tests read: Postern itself, or an example planted for a rule to find."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
COMMENT = re.compile(r"{#.*?#}", re.DOTALL)


@dataclass(frozen=True)
class Module:
    """One Python file."""

    name: str
    path: str
    source: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.source)

    @cached_property
    def imports(self) -> list[str]:
        """Everything imported anywhere in the file, as dotted names: `from a import b` is `a.b`."""
        found: list[str] = []
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found += [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{self.path}:{node.lineno} imports by a relative name"
                found += [f"{node.module}.{alias.name}" for alias in node.names]
        return found

    def at(self, node: ast.expr | ast.stmt, complaint: str) -> str:
        """A finding, with where it is."""
        return f"{self.path}:{node.lineno}: {complaint}"


@dataclass(frozen=True)
class House:
    """A tree of files like Postern's."""

    root: Path

    @cached_property
    def modules(self) -> list[Module]:
        """The program's own Python files, tests and migrations not among them."""
        return [self._module(path) for path in [*sorted(self.root.glob("app/**/*.py")), *self.root.glob("wsgi.py")]]

    @cached_property
    def tests(self) -> list[Module]:
        return [self._module(path) for path in sorted(self.root.glob("tests/**/*.py"))]

    @cached_property
    def templates(self) -> dict[str, str]:
        """Source without its comments, by name as `render_template` takes it."""
        folder = self.root / "app" / "templates"
        return {
            str(path.relative_to(folder)): COMMENT.sub(
                lambda comment: "\n" * comment.group().count("\n"), path.read_text()
            )
            for path in sorted(folder.glob("**/*.*"))
        }

    def _module(self, path: Path) -> Module:
        inside = path.relative_to(self.root)
        parts = inside.parent.parts if inside.stem == "__init__" else inside.with_suffix("").parts
        return Module(".".join(parts), str(inside), path.read_text())


def calls(module: Module) -> Iterator[ast.Call]:
    """Every call in a module."""
    return (node for node in ast.walk(module.tree) if isinstance(node, ast.Call))
