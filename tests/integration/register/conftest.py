"""A register loaded from the committed files."""

import pytest
from sqlalchemy.orm import Session

from tests.integration.register.loading import FILES, take


@pytest.fixture
def register(session: Session) -> Session:
    """The session, with everything that a new installation starts from."""
    for name in FILES:
        take(session, name)
    return session
