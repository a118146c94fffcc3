"""What a writer of letters is given, and what it gives back. Each kind of letter has one (``letters``)."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from app.models import OutboxMessage, User


class Links(Protocol):
    """How addresses of pages are made, from PUBLIC_URL."""

    def sign_in(self, token: str) -> str:
        """The address of the page that signs in with this token."""
        ...

    def page(self, path: str) -> str:
        """The address of a page of the service, from its path: ``/responses/…``."""
        ...


Writer = Callable[[Session, OutboxMessage, User, Links, datetime], tuple[str, str] | None]
"""Says a letter, its subject and its text; None if it is no longer wanted, which is done with then."""
