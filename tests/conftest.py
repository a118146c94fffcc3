"""Fixtures for all tests, and the order in which they run."""

from pathlib import Path

import pytest

from tests.compiling import compiled_once
from tests.databases import (
    copied_file,
    copied_on_server,
    copy_of_template,
    database,
    engine,
    postgresql_server,
    session,
)
from tests.serving import prepared
from tests.storing import store

__all__ = [
    "compiled_once",
    "copied_file",
    "copied_on_server",
    "copy_of_template",
    "database",
    "engine",
    "postgresql_server",
    "prepared",
    "session",
    "store",
]

LONGEST_FIRST = ("resilience", "browser")
"""The folders of the longest tests: begun last, one of them would keep a single process busy at the end."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest first, and leave everything else in the order that it has, drawn by lot or not."""
    here = Path(__file__).parent
    ranks = {name: rank for rank, name in enumerate(LONGEST_FIRST)}

    def rank(item: pytest.Item) -> int:
        return ranks.get(item.path.relative_to(here).parts[0], len(ranks))

    items.sort(key=rank)
