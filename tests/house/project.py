"""The project's own files, read as text and as syntax trees, for the tests of the house."""

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"

# Folders that tools make and git ignores; see .gitignore.
MADE_BY_TOOLS = {"__pycache__", "build", "dist", "out", "kwartier-demo"}
KEPT_DOT_FOLDERS = {".ci", ".github"}


def files() -> Iterator[Path]:
    """Every file of the project that people write, with its absolute path."""
    return _files_below(ROOT)


def _files_below(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            made = path.name in MADE_BY_TOOLS or path.name.endswith(".egg-info")
            hidden = path.name.startswith(".") and path.name not in KEPT_DOT_FOLDERS
            if not made and not hidden:
                yield from _files_below(path)
        elif (
            path.is_file() and path.suffix != ".pyc" and path.name != ".git"
        ):  # where a worktree's history is
            yield path


@cache
def modules() -> dict[str, ast.Module]:
    """The syntax tree of every module of the package, by dotted name; a package goes by its own name."""
    trees = {}
    for path in sorted(SOURCE.rglob("*.py")):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        trees[name] = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
    return trees


@cache
def pyproject() -> dict[str, Any]:
    """The content of pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def pins(lock_name: str) -> dict[str, str]:
    """The version that a lock file pins, by package name."""
    lines = (ROOT / lock_name).read_text(encoding="utf-8").splitlines()
    pinned = (line.split()[0] for line in lines if line and not line.startswith((" ", "#")))
    return dict(pin.split("==", 1) for pin in pinned)
