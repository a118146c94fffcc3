"""What a writer of letters is given, and what it gives back. Each kind of letter has one (``letters``)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
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


class Unwanted(StrEnum):
    """Why a letter is not sent after all; kept in its row (``dropped_why``)."""

    NOT_WANTED = "not_wanted"
    NOBODY = "nobody"
    DEACTIVATED = "deactivated"
    ADDRESS_FAILS = "address_fails"
    FINISHED = "finished"
    WITHDRAWN = "withdrawn"
    NOT_APPOINTED = "not_appointed"
    PAUSED = "paused"
    OPTED_OUT = "opted_out"


@dataclass(frozen=True)
class Letter:
    """A letter with headers of its own, such as ``List-Unsubscribe``; unpacked it is subject and text."""

    subject: str
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def __iter__(self) -> Iterator[str]:
        yield self.subject
        yield self.text


Written = tuple[str, str] | Letter
"""Subject and text, or a letter that carries headers too."""

Writer = Callable[[Session, OutboxMessage, User, Links, datetime], Written | Unwanted | None]
"""Says a letter, or why it is no longer wanted, which is done with then; None is *not wanted*."""
