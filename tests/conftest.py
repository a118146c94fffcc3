"""Fixtures for all tests."""

from tests.databases import copy_of_template, database, engine, postgresql_server, session
from tests.serving import prepared
from tests.storing import store

__all__ = ["copy_of_template", "database", "engine", "postgresql_server", "prepared", "session", "store"]
