"""The shape that keeps the code readable: small modules and functions, plain names, reasons given."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.sources import PYTHON, ROOT, python_files, short, texts, tree_of

MOST_LINES = 400
MOST_LINES_OF_A_FUNCTION = 40
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "manager", "common", "misc"}
TOP = {
    ".ci",
    ".gitignore",
    "CHANGELOG.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "app",
    "bench",
    "config.py",
    "deploy",
    "docs",
    "migrations",
    "pyproject.toml",
    "questionnaires",
    "requirements-test.txt",
    "requirements.txt",
    "tests",
    "tools",
    "wsgi.py",
}
UNFINISHED = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|HA" r"CK)\b")
SUPPRESSION = re.compile(r"#\s*(?:noqa|type:\s*ignore|nosec|pragma:)")
NAMED_WITH_A_REASON = re.compile(
    r"#\s*(?:noqa: [A-Z]+\d+(?:, ?[A-Z]+\d+)*|type: ignore\[[\w, -]+\]|nosec B\d+|pragma: no \w+)"
    r"\s*(?:-|#)\s*\S+"
)


def test_modules_stay_small() -> None:
    long = {short(path): lines for path in python_files() if (lines := _lines(path)) > MOST_LINES}
    assert long == {}


def _lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_functions_stay_small() -> None:
    long = {
        f"{short(path)}:{function.lineno} {function.name}": _length(function)
        for path in python_files("app", "bench", "config.py", "tests", "tools", "wsgi.py")
        for function in _functions(path)
        if _length(function) > MOST_LINES_OF_A_FUNCTION
    }
    assert long == {}


def _functions(path: Path) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(tree_of(path)) if isinstance(node, ast.FunctionDef))


def _length(function: ast.FunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def test_the_top_of_the_tree_is_what_was_agreed() -> None:
    top = {path.relative_to(ROOT).parts[0] for path, _text in texts()}
    assert top <= TOP, f"unexpected: {sorted(top - TOP)}"


def test_no_name_says_nothing() -> None:
    empty = [short(path) for path in python_files() if EMPTY_NAMES & {*path.with_suffix("").parts[-3:]}]
    assert empty == []


def test_nothing_is_left_for_later() -> None:
    left = [short(path) for path in python_files() if UNFINISHED.search(path.read_text(encoding="utf-8"))]
    assert left == []


@pytest.mark.parametrize("top", PYTHON)
def test_a_suppression_names_its_rule_and_its_reason(top: str) -> None:
    bare = [
        f"{short(path)}:{token.start[0]} {token.string}"
        for path in python_files(top)
        for token in _comments(path)
        if SUPPRESSION.search(token.string) and not NAMED_WITH_A_REASON.search(token.string)
    ]
    assert bare == []


def _comments(path: Path) -> Iterator[tokenize.TokenInfo]:
    text = path.read_text(encoding="utf-8")
    return (
        each for each in tokenize.generate_tokens(io.StringIO(text).readline) if each.type == tokenize.COMMENT
    )


def test_no_comment_holds_code() -> None:
    code = re.compile(
        r"^#\s*(?:def |class |import |from \w+ import |return\b|if .*:$|for .*:$|\w+ = |\w+\(.*\)$)"
    )
    held = [
        f"{short(path)}:{token.start[0]} {token.string}"
        for path in python_files("app", "bench", "config.py", "tools", "wsgi.py")
        for token in _comments(path)
        if code.match(token.string)
    ]
    assert held == []
