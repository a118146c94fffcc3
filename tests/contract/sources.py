"""The repository's own files, as the tests about its shape read them."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
NOT_OURS = {".git", ".venv", "instance", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache"}
PYTHON = ("app", "bench", "config.py", "migrations", "tests", "tools", "wsgi.py")
BINARY = {".png", ".pdf", ".ttf", ".sqlite", ".ico", ".woff2"}


@cache
def tracked() -> tuple[Path, ...]:
    """Every file of the repository: what git knows, or what lies there where there is no git."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
        names = [name for name in listed.split("\0") if name]
        found = [ROOT / name for name in names]
    except (OSError, subprocess.CalledProcessError):
        found = list(ROOT.rglob("*"))
    return tuple(sorted(path for path in found if path.is_file() and not NOT_OURS & set(path.parts)))


def python_files(*tops: str) -> list[Path]:
    """The Python files under some of the top folders."""
    tops = tops or PYTHON
    return [path for path in tracked() if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in tops]


def texts() -> Iterator[tuple[Path, str]]:
    """Every file that is text."""
    for path in tracked():
        if path.suffix not in BINARY:
            yield path, path.read_text(encoding="utf-8")


@cache
def tree_of(path: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def short(path: Path) -> str:
    """The path as a reader of a failure wants it."""
    return str(path.relative_to(ROOT))
